from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import new_test_user
from odoo.tools.translate import code_translations

from .common import ENTRIES_URL, error_body
from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestAlert(PushCase):
    """An activity for the responsible person: one for each cause."""

    def setUp(self):
        super().setUp()
        self.make_known()
        # Not late. A day before that of the database would be counted on from, by each
        # run, in steps of minutes.
        self.cron_push.sudo().nextcall = "2100-01-01 00:00:00"
        self.administrator = new_test_user(
            self.env(su=True),
            login="administrator",
            groups="base.group_system",
            company_id=self.company.id,
        )
        self.connection = self.company.sudo().exact_connection_id
        self.connection.user_id = self.administrator

    def care(self):
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        return self.alerts()

    def alerts(self):
        activities = self.env["mail.activity"].sudo()
        return activities.search([("exact_cause", "!=", False)], order="id")

    def refuse(self, count=1, text="Periode is afgesloten: 2026 - 3"):
        invoices = self.env["account.move"]
        for _index in range(count):
            invoices += self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=500, json=error_body(text))
            self.push()
        return invoices

    def test_failed_invoices_of_one_cause_make_one_activity(self):
        invoices = self.refuse(3)
        activity = self.care()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.res_model, "account.move")
        self.assertEqual(activity.res_id, invoices[0].id)
        self.assertEqual(activity.user_id, self.env.user)
        self.assertIn("Open the period in Exact Online", activity.note)
        self.assertIn("3 invoices are waiting for the same", activity.note)
        self.assertIn("exact_outbox_problem_action", activity.note)

    def test_failing_wakes_the_care_at_once(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        self.refuse()
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))

    def test_two_causes_make_two_and_a_second_run_no_more(self):
        self.refuse(2)
        self.refuse(1, "Ongeldig: Klant (Type)")
        first = self.care()
        self.assertEqual(len(first), 2)
        self.assertEqual(self.care(), first)

    def test_count_follows(self):
        self.refuse(2)
        activity = self.care()
        self.refuse(1)
        self.assertEqual(self.care(), activity)
        self.assertIn("3 invoices", activity.note)

    def test_activity_goes_when_the_cause_is_gone(self):
        invoice = self.refuse()
        self.assertTrue(self.care())
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(self.care())

    def test_done_by_a_person_it_comes_back_with_its_cause_alone(self):
        invoice = self.refuse()
        self.care().action_feedback()
        self.assertFalse(self.care())
        invoice.button_draft()
        self.care()
        invoice.action_post()
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_look_up(mock)
            text = "Periode is afgesloten: 2026 - 3"
            mock.post(ENTRIES_URL, status=500, json=error_body(text))
            self.push()
        self.assertTrue(self.care())

    def test_salesperson_or_manager_stands_in_for_who_is_gone(self):
        invoice = self.refuse()
        outbox = invoice.sudo().exact_outbox_id
        seller = new_test_user(
            self.env(su=True), login="seller", groups="base.group_user"
        )
        outbox.user_id = False
        invoice.sudo().invoice_user_id = seller
        self.assertEqual(self.care().user_id, seller)
        self.alerts().unlink()
        seller.active = False
        self.assertTrue(
            self.care().user_id.has_group("comanage_exact.group_exact_manager")
        )

    def test_unconfirmed_for_over_an_hour_asks_for_a_person(self):
        invoice = self.queue()
        outbox = invoice.sudo().exact_outbox_id
        outbox.write({"state": "unconfirmed", "claimed_at": "2026-03-10 08:00:00"})
        self.assertFalse(self.care())
        outbox.claimed_at = "2026-03-10 07:59:59"
        self.assertEqual(self.care().res_id, invoice.id)

    def test_expired_connection_asks_who_gave_consent(self):
        self.connection.state = "expired"
        activity = self.care()
        self.assertEqual(activity.user_id, self.administrator)
        self.assertEqual(activity.res_model, "exact.setup")
        setup = self.env["exact.setup"].sudo().browse(activity.res_id)
        self.assertEqual(setup.company_id, self.company)
        path = f"exact.setup/{setup.id}/action-comanage_exact.exact_setup_fix_action"
        self.assertIn(path, activity.note)
        self.assertIn("Click Connect to Exact Online", activity.note)
        self.connection.state = "connected"
        self.assertFalse(self.care())

    def test_alert_on_another_record_moves_to_the_set_up(self):
        self.connection.state = "expired"
        activity = self.care()
        partner = self.env["ir.model"].sudo()._get("res.partner")
        activity.write(
            {"res_model_id": partner.id, "res_id": self.company.partner_id.id}
        )
        moved = self.care()
        self.assertEqual((len(moved), moved.res_model), (1, "exact.setup"))

    def test_done_activity_of_the_connection_is_noted_on_the_set_up(self):
        self.connection.state = "expired"
        activity = self.care()
        setup = self.env["exact.setup"].sudo().browse(activity.res_id)
        activity.with_user(self.administrator).action_feedback(feedback="Done")
        self.assertIn("Done", setup.message_ids[0].body)

    def test_alert_about_the_connection_is_in_the_language_of_its_reader(self):
        self.env["res.lang"].sudo()._activate_lang("nl_NL")
        self.administrator.lang = "nl_NL"
        self.connection.state = "expired"
        self.cron_push.sudo().active = False
        texts = {
            "Exact Online: action required": "Exact Online heeft u nodig",
            "The Exact Online connection of %(company)s has expired and its "
            "invoices are waiting. Click Connect to Exact Online on the company.": (
                "De verbinding van %(company)s is verlopen."
            ),
        }
        key = ("comanage_exact", "nl_NL")
        with patch.dict(code_translations.python_translations, {key: texts}):
            late, expired = self.care().sorted("note", reverse=True)
        self.assertEqual(late.summary, "Exact Online heeft u nodig")
        self.assertEqual(expired.summary, "Exact Online heeft u nodig")
        self.assertIn("is verlopen", expired.note)

    def test_cron_that_is_off_or_late_asks_an_administrator(self):
        cron = self.cron_push.sudo()
        for values, text in (
            ({"active": False}, "is inactive"),
            ({"active": True, "nextcall": "2026-03-10 08:00:00"}, "half an hour late"),
        ):
            cron.write(values)
            with self.subTest(text=text):
                self.assertIn(text, self.care().note)
        cron.nextcall = "2026-03-10 09:05:00"
        self.assertFalse(self.care())
