import requests

from odoo.tests import tagged

from .common import ACCOUNTS_URL, CUSTOMER_GUID
from .common_customers import OTHER_GUID, CustomersCommon

# 09:00 UTC of the tests, as Exact writes the local time of Amsterdam.
NOW = 1773133200000
HOUR = 3600 * 1000


@tagged("post_install", "-at_install")
class TestCreated(CustomersCommon):
    """The answer to a new customer is lost: which account is it, if any?"""

    def setUp(self):
        super().setUp()
        self.partner.write({"vat": False, "company_registry": False})
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, body=requests.ReadTimeout("lost"))
            self.invoice = self.send()
        self.body = self.bodies("POST")[0]

    def row(self, guid=CUSTOMER_GUID, created=NOW + HOUR + 1000, **values):
        return {
            "ID": guid,
            "Code": "100100",
            **self.body,
            "Country": "BE ",
            "Language": "EN        ",
            "Created": f"/Date({created})/",
            **values,
        }

    def look_up(self, *rows, creates=False, books=True):
        """Push two minutes later; return the accounts that were created then."""
        with self.exact() as mock:
            mock.get(ACCOUNTS_URL, json={"d": {"results": list(rows)}})
            if creates:
                mock.post(
                    ACCOUNTS_URL,
                    status=201,
                    json={"d": {"ID": CUSTOMER_GUID, "Code": "100100"}},
                )
            if books:
                self.answer_entry(mock)
            self.push_at("2026-03-10 09:05:00")
        return [body for body in self.bodies("POST") if "Name" in body]

    def test_what_has_all_that_was_sent_is_the_one(self):
        self.assertEqual(self.look_up(self.row()), [])
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)
        self.assertEqual(self.invoice.exact_state, "sent")

    def test_none_was_created(self):
        self.assertEqual(self.look_up(creates=True), [self.body])
        self.assertEqual(self.invoice.exact_state, "sent")

    def test_account_of_another_contact_is_not_the_one(self):
        other = self.partner.copy({"name": self.partner.name}).sudo()
        other.exact_guid = OTHER_GUID
        created = self.look_up(self.row(OTHER_GUID), creates=True)
        self.assertEqual(len(created), 1)
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)

    def test_account_that_is_older_than_the_request_is_not_the_one(self):
        row = self.row(OTHER_GUID, created=NOW - HOUR)
        self.assertEqual(len(self.look_up(row, creates=True)), 1)

    def assert_asked(self, *rows):
        self.assertEqual(self.look_up(*rows, books=False), [])
        self.assertEqual(self.invoice.exact_status, "customer")
        self.assertFalse(self.partner.exact_guid)
        return self.get_match()

    def test_one_with_less_than_was_sent_is_asked_about(self):
        match = self.assert_asked(self.row(Email=None))
        match.candidate_ids.action_link()
        self.assertEqual(self.partner.exact_guid, CUSTOMER_GUID)

    def test_two_that_are_equal_are_asked_about(self):
        match = self.assert_asked(self.row(), self.row(OTHER_GUID))
        self.assertEqual(len(match.candidate_ids), 2)

    def test_once_decided_to_be_new_it_is_created(self):
        self.assert_asked(self.row(Email=None)).action_create()
        cron = self.env.ref("comanage_exact.ir_cron_exact_care").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:10:00")
        self.assertEqual(self.invoice.exact_state, "sent")
