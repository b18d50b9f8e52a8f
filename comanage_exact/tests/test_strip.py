from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..sync.screens import CHANNEL, REFRESH
from .common import ExactCommon


@tagged("post_install", "-at_install")
class TestStrip(ExactCommon):
    """An invoice tells where it stands in Exact, and why."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.settings = self.company.sudo()

    def look(self, invoice):
        invoice.invalidate_recordset()
        return invoice.exact_strip, invoice.exact_strip_text

    def queue(self, minutes=60, **values):
        invoice = self.make_invoice(**values)
        moment = fields.Datetime.now() + timedelta(minutes=minutes)
        invoice._exact_queue(moment, "sent")
        return invoice

    def test_scheduled_invoice_tells_its_moment(self):
        kind, text = self.look(self.queue())
        self.assertEqual(kind, "scheduled")
        self.assertRegex(text, r"^Will be booked in Exact Online on .*10:00")

    def test_due_invoice_goes_right_away(self):
        _kind, text = self.look(self.queue(minutes=0))
        self.assertEqual(text, "Will be booked in Exact Online right away.")

    def test_scheduled_invoice_without_connection_tells_why_it_waits(self):
        invoice = self.queue()
        self.settings.exact_connection_id.state = "expired"
        kind, text = self.look(invoice)
        self.assertEqual(kind, "waiting")
        self.assertIn(f"{self.company.name} is not connected", text)
        self.assertTrue(invoice.is_exact_fixable)

    def test_paused_connection_tells_when_it_resumes(self):
        invoice = self.queue(minutes=1)
        until = fields.Datetime.now() + timedelta(hours=2)
        self.settings.exact_connection_id.write(
            {"paused_until": until, "problem": "It is unavailable."}
        )
        _kind, text = self.look(invoice)
        self.assertRegex(text, r"^It is unavailable\. Resumes at .*11:00")

    def test_booked_invoice_tells_number_and_day_in_strip_and_chatter(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        kind, text = self.look(invoice)
        self.assertEqual(kind, "booked")
        number = invoice.exact_number
        self.assertEqual(text, f"Booked in Exact Online as {number} on 03/10/2026.")
        note = invoice.message_ids[0]
        self.assertIn(f"Booked in Exact Online as entry {number}.", note.body)
        self.assertEqual(note.author_id, self.env.user.partner_id)

    def test_screens_of_the_sender_hear_of_the_result(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        heard = []
        self.patch(
            self.registry["bus.bus"],
            "_sendone",
            lambda _bus, *message: heard.append(message),
        )
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        outbox = invoice.sudo().exact_outbox_id
        channels = {
            channel
            for channel, kind, message in heard
            if kind == REFRESH and message["outbox_ids"] == outbox.ids
        }
        self.assertEqual(channels, {(self.company, CHANNEL)})

    def test_failed_invoice_and_open_match_have_strips_of_their_own(self):
        self.tax_21.sudo().exact_vat_code_id = False
        invoice = self.queue(minutes=0)
        self.push()
        self.assertEqual(self.look(invoice)[0], "failed")

    # === HOLD === #

    def test_hold_with_a_reason_is_shown_and_noted(self):
        invoice = self.queue()
        action = invoice.action_exact_ask_hold()
        wizard = self.env["exact.hold"].browse(action["res_id"])
        wizard.reason = "No order number yet"
        wizard.action_hold()
        kind, text = self.look(invoice)
        self.assertEqual(kind, "held")
        self.assertIn("Reason: No order number yet", text)
        note = invoice.message_ids[0]
        self.assertIn("put on hold. Reason: No order number yet", note.body)
        self.assertEqual(note.author_id, self.env.user.partner_id)

    def test_released_invoice_forgets_the_reason(self):
        invoice = self.queue()
        invoice._exact_hold("Wait")
        invoice.action_exact_release()
        self.assertEqual(self.look(invoice)[0], "scheduled")
        self.assertIn("Released for booking", invoice.message_ids[0].body)
        self.assertFalse(invoice.sudo().exact_outbox_id.hold_reason)

    # === NOT SENT AUTOMATICALLY === #

    def check_left_out(self, invoice, words):
        kind, text = self.look(invoice)
        self.assertEqual(kind, "left_out")
        self.assertIn(words, text)

    def test_invoice_before_the_start_date(self):
        invoice = self.make_invoice(invoice_date="2025-12-31")
        self.check_left_out(invoice, "dated before 01/01/2026, the start date of")

    def test_invoice_of_a_manual_journal(self):
        invoice = self.make_invoice()
        invoice.journal_id.sudo().exact_manual_only = True
        name = invoice.journal_id.name
        self.check_left_out(invoice, f"journal {name} is set to Manual Booking Only")

    def test_invoice_of_a_manual_customer(self):
        self.customer.sudo().with_company(self.company).exact_manual_only = True
        words = "customer Deco Addict is set to Manual Booking Only"
        self.check_left_out(self.make_invoice(), words)

    def test_invoice_of_a_company_with_the_button_only(self):
        self.settings.exact_trigger = "manual"
        self.check_left_out(self.make_invoice(), "books invoices with the button only")

    def test_invoice_that_is_not_sent_to_the_customer_yet(self):
        self.settings.exact_trigger = "sent"
        self.check_left_out(self.make_invoice(), "after it is sent to the customer")

    def test_invoice_sent_before_booking_was_switched_on(self):
        self.settings.exact_trigger = "sent"
        invoice = self.make_invoice()
        invoice.is_move_sent = True
        self.check_left_out(invoice, "before automatic booking was switched on")

    def test_cancelled_booking(self):
        invoice = self.queue()
        invoice.sudo().exact_outbox_id._transition("cancelled")
        self.check_left_out(invoice, "its booking was cancelled")

    def test_drafts_and_bills_and_unused_companies_have_none(self):
        self.assertEqual(self.look(self.make_invoice(post=False)), (False, False))
        invoice = self.make_invoice()
        self.settings.exact_division_id = False
        self.assertEqual(self.look(invoice), (False, False))

    # === BUTTON === #

    def test_button_names_the_invoice_and_counts_what_it_skips(self):
        booked, drafts = self.make_invoice(), self.env["account.move"]
        booked.sudo()._exact_create_outboxes()
        booked.sudo().exact_outbox_id.state = "sent"
        for _index in range(3):
            drafts |= self.make_invoice(post=False)
        invoice = self.make_invoice()
        message = (invoice | booked | drafts).action_exact_send()["params"]["message"]
        self.assertEqual(
            message,
            f"{invoice.name} will be booked in Exact Online right away. Skipped: "
            "3 drafts, 1 already booked.",
        )

    # === SEND WINDOW === #

    def open_send_window(self, invoice, **values):
        return self.env["account.move.send.wizard"].create(
            {"move_id": invoice.id, "sending_methods": ["email"], **values}
        )

    def test_send_window_tells_when_it_will_be_booked(self):
        self.settings.write({"exact_trigger": "sent", "exact_delay": 60})
        wizard = self.open_send_window(self.make_invoice())
        text = "It will be booked in Exact Online 60 minutes after it is sent."
        self.assertEqual(wizard.exact_booking_text, text)
        wizard.sending_methods = ["manual"]
        self.assertFalse(wizard.exact_booking_text)

    def test_tick_in_the_send_window_holds_the_booking(self):
        self.settings.write({"exact_trigger": "sent", "exact_delay": 60})
        invoice = self.make_invoice()
        self.open_send_window(invoice, is_exact_held=True).action_send_and_print()
        self.assertEqual(invoice.exact_state, "held")
        other = self.make_invoice()
        self.open_send_window(other).action_send_and_print()
        self.assertEqual(other.exact_state, "pending")

    # === FIX === #

    def make_failed(self):
        self.tax_21.sudo().exact_vat_code_id = False
        invoice = self.queue(minutes=0)
        self.push()
        return invoice

    def test_manager_is_led_to_the_tax_by_the_sentence(self):
        invoice = self.make_failed()
        manager = self.make_user("manager", "account.group_account_manager")
        params = invoice.with_user(manager).action_exact_fix()["params"]
        self.assertIn("Tax 21% test has no", params["message"])
        action = params["next"]
        self.assertEqual(action["res_model"], "account.tax")
        self.assertEqual(action["domain"], [("id", "in", self.tax_21.ids)])
        self.tax_21.sudo().active = False
        taxes = self.env["account.tax"].with_context(**action["context"])
        self.assertTrue(taxes.search(action["domain"]))

    def test_who_may_not_fix_it_asks_a_manager(self):
        clerk = self.make_user("clerk", "account.group_account_invoice")
        invoice = self.make_failed().with_user(clerk)
        manager = self.make_user("manager", "account.group_account_manager")
        action = invoice.action_exact_fix()
        self.assertEqual(action["res_model"], "exact.ask")
        wizard = invoice.env["exact.ask"].browse(action["res_id"])
        self.assertIn("Tax 21% test has no", wizard.problem)
        wizard.user_id = manager
        wizard.action_ask()
        (activity,) = invoice.activity_ids.filtered(
            lambda activity: activity.user_id == manager
        )
        self.assertIn("Tax 21% test has no", activity.note)
        self.assertIn(clerk.name, activity.summary)

    def test_each_problem_leads_to_its_place(self):
        customer = self.customer.sudo().with_company(self.company)
        for record, name, value, model in (
            (self.settings, "exact_journal_id", False, "exact.setup"),
            (self.settings, "exact_gl_account_id", False, "account.account"),
            (customer, "exact_guid", "none", "res.partner"),
        ):
            with self.subTest(name=name), self.env.cr.savepoint() as savepoint:
                invoice = self.make_invoice()
                record[name] = value
                invoice._exact_queue(fields.Datetime.now(), "button")
                outbox = invoice.sudo().exact_outbox_id
                outbox._fail("check", "Something is missing.")
                root = self.env.ref("base.user_admin").sudo()
                root.company_ids |= self.settings
                action = invoice.with_user(root).action_exact_fix()["params"]["next"]
                self.assertEqual(action["res_model"], model)
                savepoint.rollback()

    def test_what_is_fixed_already_is_sent(self):
        invoice = self.make_failed()
        self.tax_21.sudo().exact_vat_code_id = self.vat_code_21
        invoice.action_exact_fix()
        self.assertEqual(invoice.exact_state, "pending")

    def test_same_problems_stand_together(self):
        invoice, other = self.make_failed(), self.make_failed()
        outboxes = (invoice | other).sudo().exact_outbox_id
        self.assertEqual(len(set(outboxes.mapped("problem_group"))), 1)
        self.assertTrue(outboxes[0].problem_group)
