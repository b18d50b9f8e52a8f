from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

from ..models.exact_outbox import ExactOutbox
from ..sync.scheduled_actions import ACTIONS, find_missing
from .common import ExactCommon

LOGGER = "odoo.addons.comanage_exact.sync.isolation"


@tagged("post_install", "-at_install")
class TestHooks(ExactCommon):
    """Nothing of ours stops Odoo's own steps: not a bug, not a deleted action."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env(su=True),
            login="administrator",
            groups="base.group_system,account.group_account_manager",
            company_id=cls.company.id,
        )

    def delete_actions(self):
        for name in ACTIONS:
            self.env.ref(name).sudo().unlink()

    def send(self, invoice):
        send = self.env["account.move.send"]
        settings = send._get_default_sending_settings(invoice)
        data = {invoice.sudo(): {**settings, "sending_methods": {"email"}}}
        send._hook_if_success(data)

    def break_queueing(self, error):
        return patch.object(ExactOutbox, "_schedule", side_effect=error)

    # === BUGS === #

    def test_bug_stops_no_posting(self):
        self.company.sudo().exact_trigger = "posted"
        with self.break_queueing(ZeroDivisionError), self.assertLogs(LOGGER, "ERROR"):
            invoice = self.make_invoice()
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice.exact_state)

    def test_bug_stops_no_mail(self):
        invoice = self.make_invoice()
        for error, level in ((ZeroDivisionError, "ERROR"), (SerializationFailure, 20)):
            with (
                self.subTest(error=error),
                self.break_queueing(error),
                self.assertLogs(LOGGER, level),
            ):
                self.send(invoice)
            self.assertFalse(invoice.exact_state)

    def test_posting_is_repeated_by_odoo_where_another_worker_was_faster(self):
        self.company.sudo().exact_trigger = "posted"
        invoice = self.make_invoice(post=False)
        with (
            self.break_queueing(SerializationFailure),
            self.assertRaises(SerializationFailure),
        ):
            invoice.action_post()

    def test_bug_stops_no_credit_note(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.break_queueing(ZeroDivisionError), self.assertLogs(LOGGER, "ERROR"):
            refund = invoice._reverse_moves(cancel=True)
        self.assertEqual(refund.state, "posted")

    # === DELETED ACTIONS === #

    @mute_logger("odoo.addons.comanage_exact.sync.scheduled_actions")
    def test_deleted_actions_stop_nothing(self):
        self.delete_actions()
        self.company.sudo().exact_trigger = "posted"
        with self.assertNoLogs(LOGGER, "ERROR"):
            invoice = self.make_invoice()
            self.send(invoice)
        self.assertEqual(invoice.exact_state, "pending")
        invoice.action_exact_hold()
        invoice.action_exact_release()
        message = invoice.action_exact_send()["params"]["message"]
        self.assertIn("A scheduled action was deleted", message)
        invoice.sudo().exact_outbox_id._fail("check", "Tax has no code")
        self.tax_21.sudo().exact_vat_code_id = False
        self.company.sudo().exact_number_suffix = "1"
        invoice.button_draft()
        self.assertEqual(invoice.exact_state, "cancelled")

    @mute_logger("odoo.addons.comanage_exact.sync.scheduled_actions")
    def test_readiness_list_creates_deleted_actions_again(self):
        checks = self.env["exact.check"].sudo()
        own = [("company_id", "=", self.company.id), ("code", "=", "sending")]
        self.company.sudo().exact_start_date = "2026-01-01"
        self.delete_actions()
        checks._judge(self.company.sudo(), {}, None)
        line = checks.search(own)
        self.assertEqual(line.state, "error")
        self.assertIn("Book Scheduled Invoices", line.message)
        with self.assertRaises(AccessError):
            line.with_user(self.accountant).action_exact_fix()
        line.with_user(self.administrator).action_exact_fix()
        self.assertEqual(find_missing(self.env), [])
        line.invalidate_recordset()
        self.assertEqual(line.state, "ok", line.message)
        for name in ACTIONS:
            self.assertTrue(self.env.ref(name).sudo().active, name)

    def test_what_an_administrator_changed_of_an_action_stays(self):
        kept = self.env.ref(ACTIONS[0]).sudo()
        kept.interval_number = 7
        self.env.ref(ACTIONS[1]).sudo().unlink()
        checks = self.env["exact.check"].sudo()
        checks._judge(self.company.sudo(), {}, None)
        line = checks.search(
            [("company_id", "=", self.company.id), ("code", "=", "sending")]
        )
        self.assertIn("Send Pending PDFs", line.message)
        line.with_user(self.administrator).action_exact_fix()
        self.assertEqual(kept.interval_number, 7)
        self.assertFalse(find_missing(self.env))

    def test_readiness_list_names_an_inactive_action(self):
        self.env.ref(ACTIONS[3]).sudo().active = False
        state, message, location = self.env["exact.check"]._judge_sending(self.company)
        self.assertEqual((state, location), ("error", "sending"))
        self.assertIn("Recheck Failed Invoices", message)

    # === TRIGGERS === #

    def test_trigger_of_somebody_else_in_the_same_second_wakes_nobody_for_us(self):
        """The run that it starts removes it, and may begin before we commit."""
        cron = self.cron_push.sudo()
        now = fields.Datetime.now()
        own = [("cron_id", "=", cron.id), ("call_at", "=", now)]
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search(own).unlink()
        self.env.cr.execute(
            "INSERT INTO ir_cron_trigger (cron_id, call_at, create_date) VALUES"
            " (%s, %s, (now() AT TIME ZONE 'UTC') + interval '1 millisecond')",
            [cron.id, now],
        )
        self.env["exact.outbox"]._trigger_push(now)
        self.assertEqual(triggers.search_count(own), 2)
        self.env["exact.outbox"]._trigger_push(now)
        self.assertEqual(triggers.search_count(own), 2)

    def test_many_rows_make_one_trigger_for_each_moment(self):
        cron = self.cron_push.sudo()
        triggers = self.env["ir.cron.trigger"].sudo()
        invoices = self.env["account.move"]
        for _index in range(3):
            invoices += self.make_invoice()
        invoices.action_exact_send()
        rows = invoices.sudo().exact_outbox_id
        rows._transition("failed", error_kind="refused", cause="x")
        own = [("cron_id", "=", cron.id)]
        triggers.search(own).unlink()
        rows._retry_now()
        self.assertEqual(triggers.search_count(own), 1)
        rows._transition("failed")
        rows[0].scheduled_at = "2026-03-10 10:00:00"
        rows._retry_now()
        rows._trigger_push(rows[0].scheduled_at)
        self.assertEqual(triggers.search_count(own), 2)
