from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import requests
from freezegun import freeze_time

from odoo.modules import module
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..sync.alerts import Alerts
from ..sync.health import Health, find_overdue
from .common_companies import OtherCompany
from .test_push import PushCase

SCRIPT = Path("migrations", "19.0.1.2.0", "post-health.py")
LATER = "2026-03-10 10:30:00"


class HealthCase(PushCase):
    def setUp(self):
        super().setUp()
        self.make_known()
        self.cron_push.sudo().nextcall = "2100-01-01 00:00:00"
        self.env["ir.cron.trigger"].sudo().search([]).unlink()
        self.connection = self.company.sudo().exact_connection_id

    def health(self):
        self.env.invalidate_all()
        return Health(self.company)

    def alerts(self, moment=LATER):
        """Have alerts synced at a moment, with actions that ran; return activities."""
        self.env["ir.cron.trigger"].sudo().search([]).unlink()
        with freeze_time(moment):
            Alerts(self.env(su=True)).sync()
        activities = self.env["mail.activity"].sudo()
        return activities.search([("exact_cause", "!=", False)], order="id")


@tagged("post_install", "-at_install")
class TestHealth(HealthCase):
    """One sentence about how the bookings of a company go, and the figures behind."""

    def test_figures(self):
        booked, refused, held = self.queue(), self.queue(), self.queue()
        rows = (refused + held).sudo().exact_outbox_id
        rows[0]._transition("failed", error_kind="customer")
        rows[1]._hold()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        waiting = self.queue()
        health = self.health()
        self.assertEqual(health.counts, {"customer": 1, "held": 1, "pending": 1})
        self.assertEqual(health.waiting_count, 1)
        self.assertEqual(health.customer_count, 1)
        self.assertEqual(health.attention_count, 0)
        self.assertEqual(health.last_success_at, booked.exact_synced_at)
        self.assertEqual(health.next_at, waiting.exact_scheduled_at)
        self.assertEqual(health.overdue_count, 0)
        self.assertEqual(health.calls_left_today, 4999)
        self.assertEqual(health.level, "warning")
        self.assertIn("customer to be matched", health.sentence)

    def test_good_health_is_said_too(self):
        self.assertEqual(
            self.health().sentence, "Connected. No invoice has been booked yet."
        )
        self.queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        health = self.health()
        self.assertEqual((health.level, len(health.texts())), ("success", 1))
        self.assertIn("Nothing is waiting", health.sentence)
        company = self.company.sudo()
        self.assertEqual(company.exact_health_text, health.sentence)
        self.assertEqual(company.exact_health_level, "success")

    def test_company_page_shows_it_to_an_administrator(self):
        user = new_test_user(
            self.env(su=True),
            login="administrator",
            groups="base.group_system",
            company_id=self.company.id,
        )
        company = self.company.with_user(user)
        view = self.env.ref("base.view_company_form")
        arch = company.get_view(view.id, "form")["arch"]
        for level in ("danger", "warning", "success"):
            self.assertIn(f"exact_health_{level}", arch)
        names = ["exact_health_text", "exact_health_level"]
        (shown,) = company.read(names)
        self.assertEqual(shown["exact_health_text"], self.health().sentence)

    def test_difference_is_counted_until_it_is_accepted(self):
        row = self.queue().sudo().exact_outbox_id
        row.write({"state": "sent", "finding": "deleted"})
        self.assertEqual(self.health().difference_count, 1)
        row.is_accepted = True
        self.assertEqual(self.health().difference_count, 0)

    def test_branch_has_the_health_of_its_company(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        self.queue()
        self.assertEqual(Health(branch).waiting_count, 1)

    # === WHY IT STANDS STILL === #

    def test_reason_of_what_is_overdue(self):
        """Each of these kept invoices waiting without a word."""
        login = self.connection.login_id
        cases = {
            "rejected the client ID": (login, {"is_rejected": True}),
            "has not been able to reach": (
                login,
                {"failing_since": "2026-03-10 09:00:00"},
            ),
            "has expired": (login, {"state": "expired"}),
            "copied or renamed": (login, {"database_uuid": "other"}),
            "has no Exact Online division": (
                self.company.sudo(),
                {"exact_division_id": False},
            ),
            "is not connected": (self.connection, {"state": "disconnected"}),
            "is inactive": (self.cron_push.sudo(), {"active": False}),
            "API limit": (
                self.connection,
                {"problem": "Its API limit.", "paused_until": "2026-03-10 23:59:59"},
            ),
            "has not tried": (self.connection, {}),
        }
        self.queue()
        for text, (record, values) in cases.items():
            old = {name: record[name] for name in values}
            record.write(values)
            with self.subTest(text=text), freeze_time(LATER):
                health = self.health()
                self.assertEqual(health.overdue_count, 1)
                self.assertEqual(str(health.overdue_since), "2026-03-10 09:00:00")
                self.assertEqual(health.level, "danger")
                self.assertRegex(health.sentence, "^1 invoice of .* has been overdue")
                self.assertIn(text, health.sentence)
            standing = self.alerts().filtered(lambda one: "overdue" in (one.note or ""))
            with self.subTest(text=text):
                self.assertEqual(len(standing), 1)
                self.assertIn(text, standing.note)
            record.write(old)

    def test_update_tells_since_when_bookings_of_before_wait(self):
        row = self.queue().sudo().exact_outbox_id
        row.due_since = False
        self.env.flush_all()
        path = Path(module.get_module_path("comanage_exact")) / SCRIPT
        spec = module.importlib.util.spec_from_file_location("health", path)
        script = module.importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.1.0")
        row.invalidate_recordset()
        self.assertEqual(row.due_since, row.scheduled_at)

    def test_waiting_for_an_hour_is_no_alarm(self):
        self.queue()
        with freeze_time("2026-03-10 10:00:00"):
            self.assertEqual(self.health().overdue_count, 0)
        self.assertFalse(self.alerts("2026-03-10 10:00:00"))
        self.assertTrue(self.alerts("2026-03-10 10:00:01"))

    def test_long_queue_that_moves_is_no_alarm(self):
        waiting, booked = self.queue(), self.queue()
        row = booked.sudo().exact_outbox_id
        row.write({"state": "sent", "synced_at": "2026-03-10 10:29:00"})
        self.assertFalse(self.alerts())
        self.assertFalse(find_overdue(self.env(su=True)))
        # One that is tried again and again is one, whatever becomes of others.
        row = waiting.sudo().exact_outbox_id
        row._wait(datetime(2026, 3, 10, 14), "unreachable", "It is down.")
        self.assertIn("It is down.", self.alerts().note)
        row._transition("pending", scheduled_at=datetime(2026, 3, 10, 10))
        self.assertTrue(self.alerts(), "Its next attempt does not make it younger")

    def test_lost_answer_alone_is_told_on_its_invoice(self):
        invoice = self.queue()
        row = invoice.sudo().exact_outbox_id
        row.write(
            {
                "state": "unconfirmed",
                "error_kind": "unconfirmed",
                "claimed_at": "2026-03-10 09:00:00",
                "error": "Its answer was lost.",
            }
        )
        alert = self.alerts()
        self.assertEqual((alert.res_model, alert.res_id), ("account.move", invoice.id))
        # Where more is wrong, that is told, and once.
        self.connection.login_id.state = "expired"
        alert = self.alerts()
        self.assertEqual(alert.res_model, "exact.setup")
        self.assertIn("1 invoice of", alert.note)

    def test_lost_answers_of_an_outage_are_told_of_the_company(self):
        row = self.queue().sudo().exact_outbox_id
        row.write({"state": "unconfirmed", "error_kind": "unconfirmed"})
        self.connection.write(
            {
                "failing_since": "2026-03-10 09:00:00",
                "paused_until": "2026-03-10 10:00:00",
                "problem": "Exact Online does not answer.",
            }
        )
        alert = self.alerts()
        self.assertEqual(alert.res_model, "exact.setup")
        self.assertIn("Exact Online does not answer", alert.note)

    def test_outage_is_one_alert_whatever_its_face(self):
        """503, then silence, then a token endpoint that is down."""
        for _index in range(3):
            self.queue()
        moment = datetime(2026, 3, 10, 9)
        seen = set()
        for answer in ("503", "timeout", "token"):
            for _index in range(8):
                moment += timedelta(minutes=15)
                self.connection.login_id.issued_at = (
                    "2026-03-10 08:00:00" if answer == "token" else moment
                )
                with freeze_time(moment), self.exact_down(answer):
                    self.push()
                seen |= set(self.alerts(moment).ids)
                self.assertLessEqual(len(self.alerts(moment)), 1, moment)
        self.assertEqual(len(seen), 1, "It is the same one, brought up to date")

    def exact_down(self, answer):
        mock = requests.Session
        error = requests.ReadTimeout("slow")
        if answer == "503":
            response = requests.Response()
            response.status_code = 503
            response._content = b"Maintenance"
            return patch.object(mock, "send", return_value=response)
        return patch.object(mock, "send", side_effect=error)

    def test_button_tells_what_is_wrong_instead_of_right_away(self):
        self.connection.write(
            {"problem": "The client secret is wrong.", "paused_until": LATER}
        )
        answer = self.make_invoice().action_exact_send()["params"]
        self.assertIn("The client secret is wrong", answer["message"])
        self.assertIn("1 invoice(s) are scheduled", answer["message"])
        self.assertNotIn("right away", answer["message"])
        self.assertEqual(answer["type"], "warning")
        self.connection._end_pause()
        answer = self.make_invoice().action_exact_send()["params"]
        self.assertIn("right away", answer["message"])

    # === OTHER CAUSES === #

    def test_held_original_of_waiting_credit_notes(self):
        original = self.queue()
        original.action_exact_hold()
        refunds = self.env["account.move"]
        for _index in range(2):
            refund = original._reverse_moves([{"invoice_date": "2026-03-10"}])
            refund.action_post()
            refund.action_exact_send()
            refunds += refund
        self.push()
        self.assertEqual(set(refunds.mapped("exact_error_kind")), {"original"})
        self.assertFalse(self.alerts("2026-03-10 09:30:00"))
        alert = self.alerts()
        self.assertEqual(alert.summary, "Credit notes waiting for Exact Online")
        self.assertIn("2 credit notes wait", alert.note)
        self.assertIn(original.name, alert.note)
        self.assertFalse(self.health().overdue_count, "It has an alert of its own")

    def test_pdfs_that_exact_does_not_take_are_one_alert(self):
        invoices = self.queue() + self.queue()
        rows = invoices.sudo().exact_outbox_id
        rows.state = "sent"
        documents = self.env["exact.document"].sudo()._get_or_create(rows)
        documents._refuse("The PDF of INV was rejected.")
        alert = self.alerts()
        self.assertEqual(alert.summary, "PDF not in Exact Online")
        self.assertIn("2 PDFs are not in Exact Online", alert.note)
        alert.action_feedback()
        self.assertFalse(self.alerts())
        row = self.queue().sudo().exact_outbox_id
        row.state = "sent"
        documents._get_or_create(row)._refuse("Another one.")
        self.assertTrue(self.alerts(), "A new one is new")

    def test_lists_that_cannot_be_refreshed_for_a_day(self):
        with self.enter_registry_test_mode():
            self.connection._note_list_problem("Exact refuses the lists.")
            self.connection._resume()
        self.assertIn("refuses the lists", self.company.exact_connection_problem)
        self.assertFalse(self.alerts())
        self.assertIn("refuses", self.alerts("2026-03-11 10:00:00").note)

    def test_push_that_works_all_the_time_is_not_late(self):
        cron = self.cron_push.sudo()
        cron.nextcall = "2026-03-10 08:00:00"
        self.assertIn("half an hour late", self.health().push_problem)
        progress = self.env["ir.cron.progress"].sudo().create({"cron_id": cron.id})
        self.env.cr.execute(
            "UPDATE ir_cron_progress SET create_date = '2026-03-10 08:45:00',"
            " write_date = '2026-03-10 08:45:00' WHERE id = %s",
            [progress.id],
        )
        self.assertFalse(self.health().push_problem)

    def test_push_that_does_not_come_when_it_is_called_is_late(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.create(
            {"cron_id": self.cron_push.id, "call_at": "2026-03-10 08:20:00"}
        )
        self.assertIn("half an hour late", self.health().push_problem)

    def test_deleted_action_is_one_alert(self):
        self.env.ref("comanage_exact.ir_cron_exact_document").sudo().unlink()
        alert = self.alerts("2026-03-10 09:00:00")
        self.assertIn("Send Pending PDFs", alert.note)
        self.cron_push.sudo().unlink()
        self.assertIn("no invoices are sent", self.alerts("2026-03-10 09:00:00").note)
        self.assertEqual(self.alerts("2026-03-10 09:00:00"), alert)


@tagged("post_install", "-at_install")
class TestHealthOfCompanies(OtherCompany, HealthCase):
    """Each company has a health of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()

    def test_one_alert_for_each_company(self):
        self.queue()
        self.queue()
        other = self.make_other_invoice()
        other.action_exact_send()
        self.connection.login_id.state = "expired"
        alerts = self.alerts()
        self.assertEqual(len(alerts), 2)
        ours, theirs = sorted(
            alerts.mapped("note"), key=lambda note: "Other BV" in note
        )
        self.assertIn("2 invoices of", ours)
        self.assertIn("has expired", ours)
        self.assertIn("1 invoice of Other BV", theirs)
        self.assertNotIn("has expired", theirs)

    def test_alert_reaches_who_connected(self):
        user = new_test_user(
            self.env(su=True),
            login="connector",
            groups="base.group_system",
            company_id=self.company.id,
        )
        self.connection.user_id = user
        self.queue()
        self.assertEqual(self.alerts().user_id, user)
