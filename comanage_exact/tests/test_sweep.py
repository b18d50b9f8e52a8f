from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.exact_outbox import ExactOutbox
from ..sync.alerts import Alerts
from ..sync.sweep import Sweep
from .common import ExactCommon

LOGGER = "odoo.addons.comanage_exact.sync.isolation"
TWO_DAYS_LATER = "2026-03-12 09:00:01"


@tagged("post_install", "-at_install")
class TestSweep(ExactCommon):
    """What the hooks missed is found at night, and nothing else."""

    def setUp(self):
        super().setUp()
        self.company.sudo().exact_trigger = "posted"
        self.env.flush_all()
        # What a transaction calls now is the time of its beginning.
        self.env.cr.execute(
            "UPDATE exact_connection SET create_date = '2026-03-01';"
            "UPDATE res_company SET exact_automatic_since = '2026-03-01';"
            "UPDATE account_journal SET exact_automatic_since = '2026-03-01'"
        )
        self.env.invalidate_all()

    @mute_logger(LOGGER)
    def forget(self, **values):
        """Return an invoice that a bug kept out of the queue."""
        with patch.object(ExactOutbox, "_schedule", side_effect=ZeroDivisionError):
            invoice = self.make_invoice(**values)
        self.assertFalse(invoice.exact_state)
        return invoice

    def sweep(self, moment=TWO_DAYS_LATER):
        self.env.flush_all()
        with (
            freeze_time(moment),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            Sweep(self.env(cr=cr)).run()
        self.env.invalidate_all()

    def mail(self, invoice, partner):
        invoice.message_post(
            body="Your invoice", message_type="comment", partner_ids=partner.ids
        )

    # === FOUND === #

    def test_invoice_whose_hook_failed_is_queued(self):
        invoice = self.forget()
        self.sweep("2026-03-10 10:00:00")
        self.assertFalse(invoice.exact_state, "It may be on its way right now")
        self.sweep()
        self.assertEqual(invoice.exact_state, "pending")
        row = invoice.sudo().exact_outbox_id
        self.assertEqual(row.origin, "posted")
        self.assertTrue(row.must_look_up, "Somebody may have entered it")
        self.assertIn("nightly check", invoice.message_ids[0].body)

    def test_reset_invoice_whose_hook_failed_is_queued(self):
        invoice = self.make_invoice()
        invoice.button_draft()
        with (
            patch.object(ExactOutbox, "_schedule", side_effect=ZeroDivisionError),
            mute_logger(LOGGER),
        ):
            invoice.action_post()
        self.assertEqual(invoice.exact_state, "cancelled")
        self.sweep()
        self.assertEqual(invoice.exact_state, "pending")

    def test_invoice_that_was_mailed_is_queued(self):
        self.set_trigger("sent")
        mailed, downloaded, discussed = (self.make_invoice() for _index in range(3))
        self.mail(mailed, self.customer)
        downloaded.sudo().is_move_sent = True
        self.mail(discussed, self.accountant.partner_id)
        self.sweep()
        states = (mailed + downloaded + discussed).mapped("exact_state")
        self.assertEqual(states, ["pending", False, False])

    def test_credit_note_is_found_too(self):
        refund = self.forget(move_type="out_refund")
        self.sweep()
        self.assertEqual(refund.exact_state, "pending")

    # === LEFT ALONE === #

    def set_trigger(self, trigger):
        """As if it had always been that one."""
        self.env.cr.execute("UPDATE res_company SET exact_trigger = %s", [trigger])
        self.env.invalidate_all()

    def test_what_is_not_to_be_booked_stays(self):
        company, journal = (
            self.company.sudo(),
            self.company_data["default_journal_sale"],
        )
        partner = self.customer.sudo().with_company(self.company)
        since = "2026-03-01 00:00:00"
        for record, values in (
            (company, {"exact_trigger": "manual"}),
            (company, {"exact_start_date": "2026-03-11"}),
            (journal.sudo(), {"exact_manual_only": True}),
            (partner, {"exact_manual_only": True}),
        ):
            invoice = self.forget()
            old = {name: record[name] for name in values}
            record.write(values)
            if "exact_automatic_since" in record._fields:
                record.exact_automatic_since = since
            self.env.flush_all()
            with self.subTest(values=values):
                self.sweep()
                self.assertFalse(invoice.exact_state)
            record.write(old)
            invoice.sudo().button_cancel()

    def test_what_was_there_before_it_was_booked_automatically_stays(self):
        """Somebody may have booked it by hand."""
        changes = (
            (self.company.sudo(), {"exact_trigger": "manual"}),
            (self.company.sudo(), {"exact_trigger": "posted"}),
            (self.company.sudo(), {"exact_start_date": "2025-01-01"}),
            (
                self.company_data["default_journal_sale"].sudo(),
                {"exact_trigger": "posted"},
            ),
        )
        for record, values in changes:
            invoice = self.forget()
            with freeze_time("2100-01-01"):
                record.write(values)
                self.env.flush_all()
            with self.subTest(values=values):
                self.sweep()
                self.assertFalse(invoice.exact_state)
            record.exact_automatic_since = "2026-03-01 00:00:00"
            invoice.sudo().button_cancel()

    def test_invoice_older_than_the_connection_stays(self):
        invoice = self.forget()
        self.company.sudo().exact_connection_id.connected_at = "2100-01-01"
        self.sweep()
        self.assertFalse(invoice.exact_state)

    def test_withdrawn_invoice_stays(self):
        invoice = self.make_invoice()
        row = invoice.sudo().exact_outbox_id
        row.write({"state": "cancelled", "is_withdrawn": True})
        self.sweep()
        self.assertEqual(row.state, "cancelled")

    # === TOLD === #

    def test_what_cannot_be_queued_is_told(self):
        invoice = self.forget()
        fine = self.forget()
        original = ExactOutbox._schedule

        def schedule(outbox, *args, **kwargs):
            if outbox.move_id == invoice:
                raise ZeroDivisionError
            return original(outbox, *args, **kwargs)

        with (
            patch.object(ExactOutbox, "_schedule", schedule),
            self.assertLogs(LOGGER, "ERROR"),
        ):
            self.sweep()
        self.assertEqual(fine.exact_state, "pending")
        alert = self.find_alert()
        self.assertIn(invoice.name, alert.note)
        self.assertEqual(alert.summary, "Invoices not scheduled for Exact Online")
        self.sweep()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertFalse(self.find_alert())

    def find_alert(self):
        Alerts(self.env(su=True)).sync()
        activities = self.env["mail.activity"].sudo()
        return activities.search(
            [("exact_cause", "!=", False), ("summary", "like", "not scheduled")]
        )

    def test_idle_database_costs_one_query(self):
        self.env.flush_all()
        sweep = Sweep(self.env)
        with self.assertQueryCount(1):
            self.assertFalse(sweep._find())
