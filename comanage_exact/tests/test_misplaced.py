import json

import requests

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tests.common import new_test_user

from ..exact_api.oauth import Tokens
from ..mappers.sales_entry import SalesEntryMapper
from ..sync.alerts import Alerts
from .common import (
    ACCOUNTS_URL,
    API_URL,
    BASE_URL,
    CUSTOMER_GUID,
    DIVISION,
    ENTRIES_URL,
    ENTRY_GUID,
    TOKEN_URL,
    ExactCommon,
    exact_date,
)

ELSEWHERE = 999
SECOND = "66666666-6666-4666-8666-666666666666"


@tagged("post_install", "-at_install")
class TestMisplaced(ExactCommon):
    """Exact has answered, and booked, in another division than the one asked for."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.connection = self.company.sudo().exact_connection_id

    def queue(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        return invoice

    def misplace(self):
        """Book an invoice that lands in another division; return it."""
        invoice = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock, Division=ELSEWHERE)
            self.push()
        self.assertEqual(len(self.calls), 1)
        self.env.invalidate_all()
        return invoice

    def lose(self):
        """Send an invoice whose answer is lost; return it."""
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
            self.push()
        self.assertEqual(invoice.exact_state, "unconfirmed")
        return invoice

    def resume(self, record):
        manager = new_test_user(
            self.env(user=self.env.ref("base.user_root"), su=True),
            login="exact_resumer",
            groups="account.group_account_user,comanage_exact.group_exact_manager",
            company_id=self.company.id,
        )
        record = record.with_user(manager)
        with self.enter_registry_test_mode():
            self.press(record)
        self.env.invalidate_all()

    def press(self, record):
        """Click Resume Booking on an invoice, a booking or a company."""
        is_booking = record._name == "exact.outbox"
        return record.action_resume() if is_booking else record.action_exact_resume()

    def make_row(self, invoice, **values):
        return {
            "EntryID": ENTRY_GUID,
            "EntryNumber": SalesEntryMapper(invoice).entry_number,
            "EntryDate": exact_date("2026-03-10"),
            "Journal": "700",
            "YourRef": invoice.name,
            "Customer": CUSTOMER_GUID,
            "Currency": "EUR",
            "AmountFC": 121,
            "AmountDC": 121,
            "VATAmountDC": 21,
            **values,
        }

    def fetch(self, company):
        """Click Refresh Lists, which fails for this reason."""
        with (
            self.enter_registry_test_mode(),
            self.assertRaisesRegex(UserError, "answered from another division"),
        ):
            company.action_exact_fetch()

    # === THE ENTRY === #

    def test_entry_in_another_division_stops_the_connection_with_a_sentence(self):
        invoice = self.misplace()
        number = SalesEntryMapper(invoice).entry_number
        self.assertEqual(invoice.exact_state, "misplaced")
        for text in (invoice.exact_error, invoice.exact_stop_problem):
            self.assertIn(f"booked {invoice.name} as entry {number}", text)
            self.assertIn(f"in division {ELSEWHERE} instead of {DIVISION}", text)
            self.assertIn("Resume Booking", text)
        self.company.invalidate_recordset()
        self.assertTrue(self.company.is_exact_stopped)
        problem = self.company.exact_connection_problem
        self.assertIn(f"SalesEntries {number}", problem)

    def test_only_the_address_of_the_entry_may_tell(self):
        invoice = self.queue()
        uri = f"{BASE_URL}/api/v1/{ELSEWHERE}/salesentry/SalesEntries(guid'1')"
        with self.exact() as mock:
            self.answer_entry(mock, __metadata={"uri": uri})
            self.push()
        self.assertEqual(invoice.exact_state, "misplaced")

    def test_nothing_is_sent_again_by_itself_or_by_a_button(self):
        invoice, other = self.misplace(), self.queue()
        with self.exact():
            # No call is announced, and none is made.
            for moment in ("09:05", "10:00", "23:00"):
                self.push_at(f"2026-03-10 {moment}:00")
            invoice.action_exact_send()
            invoice.exact_outbox_id.action_retry()
            self.push()
        self.assertEqual(invoice.exact_state, "misplaced")
        self.assertEqual(other.exact_state, "pending")
        self.assertIn("Nothing is sent to Exact Online", other.exact_stop_problem)

    def test_invoice_cannot_be_reset_or_moved_away(self):
        invoice = self.misplace()
        with self.assertRaisesRegex(UserError, f"in division {ELSEWHERE}"):
            invoice.button_draft()
        with self.assertRaisesRegex(UserError, "are being sent"):
            self.company.sudo().exact_division_id = False

    def test_new_consent_does_not_resume(self):
        invoice = self.misplace()
        with self.enter_registry_test_mode():
            self.connection._disconnect()
            tokens = Tokens("a", "b", 600)
            self.connection._store_tokens(self.company, tokens)
        with self.exact():
            self.push_at("2026-03-10 09:05:00")
        self.assertEqual(invoice.exact_state, "misplaced")
        self.assertTrue(self.connection._is_stopped())

    def test_button_queues_and_says_that_bookings_are_stopped(self):
        self.misplace()
        answer = self.make_invoice().action_exact_send()
        self.assertIn("Nothing is sent", answer["params"]["message"])

    def test_alert_is_there_until_somebody_resumes(self):
        invoice = self.misplace()
        Alerts(self.env(su=True)).sync()
        activities = self.env["mail.activity"].sudo()
        alerts = activities.search([("exact_cause", "!=", False)])
        notes = " ".join(alerts.mapped("note"))
        self.assertIn("Nothing is sent to Exact Online", notes)
        self.assertIn(f"booked {invoice.name} as entry", notes)
        self.resume(invoice)
        Alerts(self.env(su=True)).sync()
        left = activities.search([("exact_cause", "!=", False)])
        self.assertFalse(left)

    # === RESUMING === #

    def test_only_a_manager_resumes(self):
        invoice = self.misplace()
        for record in (invoice, invoice.exact_outbox_id, self.company):
            with self.assertRaisesRegex(AccessError, "Only Exact Online managers"):
                self.press(record)

    def test_deleted_entry_is_looked_up_and_then_sent_again(self):
        invoice = self.misplace()
        self.resume(invoice)
        self.assertEqual(invoice.exact_state, "unconfirmed")
        with self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": []})
            self.answer_entry(mock)
            self.push()
        methods = [call.request.method for call in self.calls]
        self.assertEqual(methods[-1], "POST")
        self.assertEqual(methods.count("POST"), 1)
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(invoice.exact_stop_problem)

    def test_moved_entry_is_found_and_not_sent_again(self):
        invoice = self.misplace()
        self.resume(invoice.exact_outbox_id)
        with self.exact() as mock:
            self.answer_look_up(mock, self.make_row(invoice))
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_lost_answer_of_that_time_is_never_sent_again_by_itself(self):
        lost = self.lose()
        self.misplace()
        self.assertIn(f"may be in division {ELSEWHERE}", lost.exact_stop_problem)
        self.resume(self.company)
        with self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": []})
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:10:00")
        sent = [
            json.loads(call.request.body)["YourRef"]
            for call in self.calls
            if call.request.method == "POST"
        ]
        self.assertNotIn(lost.name, sent)
        self.assertEqual(lost.exact_state, "failed")
        self.assertIn(f"It may be in division {ELSEWHERE}", lost.exact_error)

    def test_lost_answer_after_resuming_is_as_any_other(self):
        self.misplace()
        self.resume(self.company)
        with self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": []})
            self.answer_entry(mock)
            self.push()
        self.connection.resumed_at = "2026-03-10 08:59:59"
        lost = self.lose()
        with self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": []})
            self.answer_entry(mock, EntryID=SECOND)
            self.push_at("2026-03-10 09:10:00")
        self.assertEqual(lost.exact_state, "sent")

    # === OTHER ANSWERS === #

    def test_look_up_that_reads_another_division_leaves_the_invoice_unconfirmed(self):
        lost = self.lose()
        with self.exact() as mock:
            self.answer_look_up(mock, self.make_row(lost, Division=ELSEWHERE))
            self.push_at("2026-03-10 09:02:00")
        self.env.invalidate_all()
        self.assertEqual(lost.exact_state, "unconfirmed")
        self.assertIn("click Resume Booking", lost.exact_error)
        self.assertTrue(self.connection._is_stopped())

    def test_customer_in_another_division_keeps_the_invoice_back(self):
        self.customer.sudo().with_company(self.company).exact_guid = False
        invoice = self.queue()
        row = {"ID": SECOND, "Code": "  7", "Division": ELSEWHERE}
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, status=201, json={"d": row})
            self.push()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertIn(f"division {ELSEWHERE}", invoice.exact_error)
        self.env.invalidate_all()
        customer = self.customer.sudo().with_company(self.company)
        self.assertFalse(customer.exact_guid)
        self.resume(invoice)
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:05:00")
        self.assertEqual(invoice.exact_state, "sent")

    def test_list_of_another_division_stops_and_stores_nothing(self):
        row = {"ID": "a", "Code": "999", "Division": ELSEWHERE}
        journals = self.env["exact.journal"].sudo()
        before = journals.search([]).mapped("code")
        administrator = new_test_user(
            self.env(user=self.env.ref("base.user_root"), su=True),
            login="exact_admin",
            groups="base.group_system,comanage_exact.group_exact_manager",
            company_id=self.company.id,
        )
        company = self.company.with_user(administrator)
        me = {"CurrentDivision": DIVISION}
        with self.exact() as mock:
            mock.get(f"{BASE_URL}/api/v1/current/Me", json={"d": [me]})
            divisions = [{"Code": DIVISION, "BlockingStatus": 0}]
            mock.get(f"{API_URL}/system/Divisions", json={"d": divisions})
            mock.get(f"{API_URL}/financial/Journals", json={"d": [row]})
            self.fetch(company)
        self.env.invalidate_all()
        self.assertEqual(journals.search([]).mapped("code"), before)
        self.assertTrue(self.connection._is_stopped())
        with self.exact():
            self.fetch(company)
        # The form of the company shows it.
        with Form(company) as form:
            self.assertTrue(form.is_exact_stopped)

    def test_tokens_stay_alive_while_nothing_is_sent(self):
        self.misplace()
        self.connection.issued_at = "2026-03-10 08:00:00"
        fetch = self.env.ref("comanage_exact.ir_cron_exact_fetch").sudo()
        tokens = {"access_token": "n", "refresh_token": "m", "expires_in": "600"}
        with self.exact() as mock:
            mock.post(TOKEN_URL, json=tokens)
            with self.enter_registry_test_mode():
                fetch.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.connection.refresh_token, "m")
