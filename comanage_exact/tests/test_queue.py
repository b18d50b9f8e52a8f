from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..booking.life_cycle import TRANSITIONS
from .common import NOW, ExactCommon


@tagged("post_install", "-at_install")
class TestQueue(ExactCommon, CronMixinCase):
    """What puts an invoice into the queue and takes it out again; no call is made."""

    def send(self, invoices, *methods):
        """Send invoices as the wizard does; the PDF is not what is tested here."""
        send = self.env["account.move.send"]
        moves_data = {
            invoice.sudo(): {
                **send._get_default_sending_settings(invoice),
                "sending_methods": set(methods),
            }
            for invoice in invoices
        }
        send._hook_if_success(moves_data)

    # === SENT, POSTED, MANUAL === #

    def test_mail_to_the_customer_queues_for_an_hour_later(self):
        invoice = self.make_invoice()
        with self.capture_triggers("comanage_exact.ir_cron_exact_push") as triggers:
            self.send(invoice, "email")
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 10:00:00")
        self.assertEqual(
            triggers.records.mapped("call_at"), [invoice.exact_scheduled_at]
        )
        self.assertEqual(invoice.exact_outbox_id.user_id, self.accountant)

    def test_download_alone_is_not_sent(self):
        invoice = self.make_invoice()
        self.send(invoice, "manual")
        self.send(invoice)
        self.assertFalse(invoice.exact_state)

    def test_mail_to_nobody_is_not_sent(self):
        self.customer.sudo().email = False
        invoice = self.make_invoice()
        self.send(invoice, "email")
        self.assertFalse(invoice.exact_state)

    def test_sending_twice_does_not_start_the_hour_again(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        self.frozen.stop()
        self.addCleanup(self.frozen.start)
        self.send(invoice, "email")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 10:00:00")

    def test_trigger_posted(self):
        self.company.sudo().exact_trigger = "posted"
        invoice = self.make_invoice()
        self.assertEqual(invoice.exact_state, "pending")

    def test_trigger_manual_queues_nothing_by_itself(self):
        self.company.sudo().exact_trigger = "manual"
        invoice = self.make_invoice()
        self.send(invoice, "email")
        self.assertFalse(invoice.exact_state)

    def test_shop_of_a_company_that_books_manually(self):
        self.company.sudo().exact_trigger = "manual"
        office = self.company_data["default_journal_sale"].sudo()
        shop = office.copy({"code": "SHOP", "exact_trigger": "posted"})
        shop.default_account_id = office.default_account_id
        self.assertFalse(self.make_invoice().exact_state)
        sold = self.make_invoice(journal_id=shop.id)
        sold.button_draft()
        self.assertEqual(sold.exact_state, "cancelled")
        sold.action_post()
        self.assertEqual(sold.exact_state, "pending")
        refund = sold._reverse_moves([{"invoice_date": sold.invoice_date}])
        refund.action_post()
        self.assertEqual(refund.exact_state, "pending")

    def test_shop_books_what_it_confirms_and_the_office_what_it_sends(self):
        office = self.company_data["default_journal_sale"].sudo()
        shop = office.copy({"code": "SHOP", "exact_trigger": "posted"})
        shop.default_account_id = office.default_account_id
        sold = self.make_invoice(journal_id=shop.id)
        self.assertEqual(sold.exact_state, "pending")
        written = self.make_invoice()
        self.assertFalse(written.exact_state)
        self.send(written, "email")
        self.assertEqual(written.exact_state, "pending")
        # The other way round.
        self.company.sudo().exact_trigger = "posted"
        shop.exact_trigger = "sent"
        sold = self.make_invoice(journal_id=shop.id)
        self.assertFalse(sold.exact_state)
        self.assertEqual(self.make_invoice().exact_state, "pending")
        self.send(sold, "email")
        self.assertEqual(sold.exact_state, "pending")

    def test_vendor_bills_and_entries_never_go(self):
        self.company.sudo().exact_trigger = "posted"
        bill = self.make_invoice(move_type="in_invoice", tax=self.env["account.tax"])
        self.assertFalse(bill.exact_state)
        self.assertFalse(bill.is_exact_sendable)

    def test_older_than_the_start_date_goes_by_the_button_only(self):
        self.company.sudo().exact_start_date = "2026-03-11"
        invoice = self.make_invoice()
        self.send(invoice, "email")
        self.assertFalse(invoice.exact_state)
        invoice.action_exact_send()
        self.assertEqual(invoice.exact_state, "pending")

    def test_company_without_a_connection_queues_nothing_and_blocks_nothing(self):
        self.company.sudo().exact_connection_id.unlink()
        self.company.invalidate_recordset()
        invoice = self.make_invoice()
        self.send(invoice, "email")
        self.assertFalse(invoice.exact_state)
        self.assertEqual(invoice.state, "posted")

    def test_invoice_sent_while_the_connection_is_lost_waits(self):
        for state in ("expired", "disconnected"):
            self.company.sudo().exact_connection_id.state = state
            self.company.invalidate_recordset()
            invoice = self.make_invoice()
            self.send(invoice, "email")
            with self.subTest(state=state):
                self.assertEqual(invoice.exact_state, "pending")

    def test_copy_of_a_database_queues_for_the_case_that_it_was_renamed(self):
        self.company.sudo().exact_connection_id.database_uuid = "the original"
        self.company.invalidate_recordset()
        invoice = self.make_invoice()
        self.send(invoice, "email")
        self.assertEqual(invoice.exact_state, "pending")

    def test_peppol_alone_is_sent(self):
        # It says that it does not apply any more, once it was used.
        send = self.env["account.move.send"]
        invoice = self.make_invoice()
        self.assertTrue(send._exact_is_sent(invoice, {"sending_methods": {"peppol"}}))

    def test_unmapped_tax_never_blocks_posting_or_sending(self):
        self.tax_21.exact_vat_code_id = False
        self.company.sudo().exact_trigger = "posted"
        invoice = self.make_invoice()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.exact_state, "pending")

    # === BUTTONS === #

    def test_button_queues_for_now_and_says_so(self):
        invoices = self.make_invoice() + self.make_invoice()
        action = invoices.action_exact_send()
        self.assertEqual(set(invoices.mapped("exact_state")), {"pending"})
        self.assertEqual(str(invoices[0].exact_scheduled_at), NOW)
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("2 invoices will", action["params"]["message"])

    def test_button_names_what_it_leaves_out(self):
        draft, invoice = self.make_invoice(post=False), self.make_invoice()
        action = (invoice + draft).action_exact_send()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn(f"{invoice.name} will", action["params"]["message"])
        self.assertIn("Skipped: 1 draft.", action["params"]["message"])

    def test_button_sends_a_waiting_invoice_now(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        invoice.action_exact_send()
        self.assertEqual(str(invoice.exact_scheduled_at), NOW)

    def test_button_without_a_connection_says_who_can_help(self):
        self.company.sudo().exact_connection_id.state = "disconnected"
        self.company.invalidate_recordset()
        with self.assertRaisesRegex(
            UserError, "Ask an Exact Online manager to connect"
        ):
            self.make_invoice().action_exact_send()

    def test_button_is_refused_to_others(self):
        invoice = self.make_invoice()
        clerk = new_test_user(
            self.env(su=True), login="clerk", groups="base.group_user"
        )
        with self.assertRaises(AccessError):
            invoice.with_user(clerk).action_exact_send()

    def test_held_invoice_waits_for_the_button(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        invoice.action_exact_hold()
        self.assertEqual(invoice.exact_state, "held")
        self.send(invoice, "email")
        self.assertEqual(invoice.exact_state, "held")
        invoice.action_exact_send()
        self.assertEqual(invoice.exact_state, "pending")

    # === DRAFT, CANCEL, DELETE === #

    def test_draft_withdraws_and_confirming_again_queues_again(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        invoice.button_draft()
        self.assertEqual(invoice.exact_state, "cancelled")
        invoice.action_post()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 10:00:00")
        self.assertEqual(invoice.exact_outbox_id.user_id, self.accountant)
        self.send(invoice, "email")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 10:00:00")

    def test_what_failed_goes_again_once_it_is_corrected(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        invoice.sudo().exact_outbox_id.write({"state": "failed", "error": "No."})
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertFalse(invoice.exact_error)

    def test_hold_survives_reset_cancel_and_confirmation(self):
        for reset in ("button_draft", "button_cancel"):
            invoice = self.make_invoice()
            self.send(invoice, "email")
            invoice.action_exact_hold()
            getattr(invoice, reset)()
            if reset == "button_cancel":
                invoice.button_draft()
            self.assertEqual(invoice.exact_state, "cancelled")
            invoice.action_post()
            with self.subTest(reset):
                self.assertEqual(invoice.exact_state, "held")
                invoice.action_exact_release()
                self.assertEqual(invoice.exact_state, "pending")

    def test_never_sent_stays_where_it_is_when_confirmed_again(self):
        invoice = self.make_invoice()
        invoice.button_draft()
        invoice.action_post()
        self.assertFalse(invoice.exact_state)

    def test_what_is_booked_by_hand_only_waits_for_the_button_again(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.customer.sudo().exact_manual_only = True
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.exact_state, "cancelled")
        self.assertTrue(invoice.is_exact_sendable)

    # === CREDITED AT ONCE === #

    def reverse(self, invoice, **values):
        """Credit an invoice as “Reverse and Create Invoice” does; return both new."""
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, **values})
        )
        reversal.modify_moves()
        return invoice.reversal_move_ids, reversal.new_move_ids

    def test_credit_note_that_nobody_mails_follows_its_original(self):
        for state in ("pending", "held", "failed", "sent"):
            invoice = self.make_invoice()
            self.send(invoice, "email")
            invoice.sudo().exact_outbox_id.state = state
            credit_note, again = self.reverse(invoice)
            with self.subTest(state):
                self.assertEqual(credit_note.state, "posted")
                self.assertEqual(credit_note.exact_state, "pending")
                self.assertEqual(
                    str(credit_note.exact_scheduled_at), "2026-03-10 10:00:00"
                )
                self.assertFalse(again.exact_state)

    def test_credit_note_of_what_is_not_on_its_way_stays(self):
        invoice = self.make_invoice()
        self.assertFalse(self.reverse(invoice)[0].exact_state)
        cancelled = self.make_invoice()
        self.send(cancelled, "email")
        cancelled.sudo().exact_outbox_id.state = "cancelled"
        self.assertFalse(self.reverse(cancelled)[0].exact_state)

    def test_credit_note_waits_for_the_button_where_all_do(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        self.company.sudo().exact_trigger = "manual"
        self.assertFalse(self.reverse(invoice)[0].exact_state)

    def test_draft_credit_note_is_sent_to_the_customer_as_any_other(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        credit_note = invoice._reverse_moves([{"invoice_date": "2026-03-10"}])
        credit_note.action_post()
        self.assertFalse(credit_note.exact_state)

    def test_cancel_withdraws(self):
        invoice = self.make_invoice()
        self.send(invoice, "email")
        invoice.button_cancel()
        self.assertEqual(invoice.exact_state, "cancelled")

    def test_what_exact_may_have_cannot_be_changed(self):
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        for state in ("sending", "unconfirmed", "sent"):
            invoice = self.make_invoice().with_user(clerk)
            invoice.action_exact_send()
            invoice.sudo().exact_outbox_id.state = state
            with self.subTest(state=state):
                with self.assertRaisesRegex(UserError, invoice.name):
                    invoice.button_draft()
                with self.assertRaisesRegex(UserError, invoice.name):
                    invoice.button_cancel()
                with self.assertRaisesRegex(UserError, invoice.name):
                    invoice.with_context(force_delete=True).unlink()

    def test_copy_of_an_invoice_starts_anew(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.assertFalse(invoice.copy().exact_outbox_id)

    # === GATE === #

    def test_every_pair_of_states(self):
        self.make_invoice().action_exact_send()
        outbox = self.env["exact.outbox"].sudo().search([], limit=1, order="id desc")
        for old, allowed in TRANSITIONS.items():
            for new in TRANSITIONS:
                outbox.state = old
                with self.subTest(old=old, new=new):
                    if new in allowed:
                        outbox._transition(new)
                        self.assertEqual(outbox.state, new)
                    else:
                        with self.assertRaises(UserError):
                            outbox._transition(new)
                        self.assertEqual(outbox.state, old)

    def test_table_has_every_state(self):
        states = dict(self.env["exact.outbox"]._fields["state"].selection)
        self.assertEqual(set(TRANSITIONS), set(states))

    def test_lists_filter_and_group_by_state(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        moves = self.env["account.move"]
        self.assertIn(invoice, moves.search([("exact_state", "=", "pending")]))
        self.assertNotIn(invoice, moves.search([("exact_state", "=", "sent")]))
        groups = moves._read_group(
            [("id", "=", invoice.id)], ["exact_state"], ["__count"]
        )
        self.assertEqual(groups, [("pending", 1)])
