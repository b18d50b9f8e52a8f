from unittest.mock import patch

import responses
from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..sync.code_lists import refresh_directory
from .common import ACCOUNTS_URL, API_URL, CUSTOMER_GUID, DIVISION, error_body
from .common_customers import (
    CUSTOMER_URL,
    DELETED_URL,
    MAIL,
    OTHER_GUID,
    PLACE,
    SYNC_URL,
    CustomersCommon,
)


@tagged("post_install", "-at_install")
class TestUpdating(CustomersCommon):
    def setUp(self):
        super().setUp()
        self.book(creates=True)

    def update(self, status=204, **values):
        self.partner.write(values)
        with self.exact() as mock:
            mock.put(CUSTOMER_URL, status=status)
            self.answer_entry(mock)
            self.send()
        return self.bodies("PUT")

    def test_unchanged_customer_is_not_sent_again(self):
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_only_what_changed_is_sent(self):
        self.assertEqual(self.update(street="Markt 5"), [{"AddressLine1": "Markt 5"}])

    def test_what_was_emptied_is_emptied(self):
        self.assertEqual(self.update(email=False), [{"Email": None}])

    def test_change_of_what_exact_does_not_get_is_not_sent(self):
        self.partner.comment = "Nice people"
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_a_change_is_sent_once(self):
        self.update(city="Gent")
        self.book()
        self.assertEqual(self.bodies("PUT"), [])

    def test_payment_condition_is_part_of_the_customer(self):
        condition = self.env["exact.payment.condition"].sudo()
        condition = condition.create(
            {"company_id": self.company.id, "code": "30", "name": "30 days"}
        )
        term = self.env.ref("account.account_payment_term_30days").sudo()
        term.exact_payment_condition_id = condition
        bodies = self.update(property_payment_term_id=term.id)
        self.assertEqual(bodies, [{"PaymentConditionSales": "30"}])

    def test_customer_whose_id_was_typed_is_not_overwritten(self):
        self.partner.write({"exact_fingerprint": False, "street": "Markt 5"})
        self.book()
        self.assertEqual(self.bodies("PUT"), [])
        self.assertEqual(self.update(city="Gent"), [{"City": "Gent"}])

    def test_lost_answer_to_a_change_is_sent_again(self):
        self.partner.city = "Gent"
        with self.exact() as mock:
            mock.put(CUSTOMER_URL, body=responses.ConnectionError())
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "pending")
        with self.exact() as mock:
            mock.put(CUSTOMER_URL, status=204)
            self.answer_entry(mock)
            self.push_at("2026-03-10 09:05:00")
        self.assertEqual(invoice.exact_state, "sent")


@tagged("post_install", "-at_install")
class TestDirectory(CustomersCommon):
    def setUp(self):
        super().setUp()
        self.directory = self.env["exact.directory"].sudo()._find(self.company)
        self.directory.refreshed_at = False

    def answer_sync(self, mock, *rows, next_url=None):
        content = {"results": list(rows)}
        if next_url:
            content["__next"] = next_url
        mock.get(SYNC_URL, json={"d": content})

    def row(self, guid=CUSTOMER_GUID, timestamp="2001", **values):
        return {
            "ID": guid,
            "Name": "Deco Addict",
            "VATNumber": "BE0477472701",
            "Status": "C",
            "Country": "BE ",
            "Timestamp": timestamp,
            **PLACE,
            **MAIL,
            **values,
        }

    def read_at_night(self):
        """Read as in the night."""
        self.directory.write({"refreshed_at": False, "deleted_read_at": False})
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            company = self.company.sudo().with_env(self.env(cr=cr, su=True))
            refresh_directory(company)
        self.env.invalidate_all()

    def answer_night(self, mock, *rows, moved_at=None, gone=()):
        division = {
            "Code": DIVISION,
            "Description": "Test",
            "BlockingStatus": 0,
            "DivisionMoveDate": moved_at,
            "DivisionHRLinkUnlinkDate": None,
        }
        mock.get(f"{API_URL}/system/Divisions", json={"d": {"results": [division]}})
        self.answer_sync(mock, *rows)
        deleted = [
            {"EntityKey": guid, "EntityType": 2, "Timestamp": version}
            for guid, version in gone
        ]
        mock.get(DELETED_URL, json={"d": {"results": deleted}})

    def asked(self):
        """Return after which Timestamp each call asked."""
        urls = [call.request.url for call in self.calls]
        return [url.partition("Timestamp+gt+")[2] for url in urls if "gt+" in url]

    def test_it_is_read_before_the_first_creation_of_a_run(self):
        with self.exact() as mock:
            self.answer_sync(mock, self.row())
            self.answer_entry(mock)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(len(self.calls), 2)
        self.assertEqual(self.directory.timestamp, "2001")

    def test_it_is_read_once_for_several_new_customers(self):
        other = self.partner.copy(
            {"name": "Another", "email": "other@deco.example", "vat": False}
        )
        invoices = self.make_invoice() + self.make_invoice(partner_id=other.id)
        with self.exact() as mock:
            self.answer_sync(mock)
            self.answer_account(mock)
            self.answer_entry(mock)
            self.send(invoices)
        methods = [call.request.method for call in self.calls]
        self.assertEqual(methods.count("GET"), 1)

    def test_a_known_customer_costs_no_look_at_it(self):
        self.make_known()
        self.book()
        self.assertEqual(len(self.calls), 1)

    def test_reading_goes_on_after_the_last_timestamp(self):
        self.directory.timestamp = "2001"
        with self.exact() as mock:
            self.answer_sync(mock, self.row(timestamp="2005"))
            self.answer_entry(mock)
            self.send()
        self.assertIn("Timestamp+gt+2001L", self.calls[0].request.url)
        self.assertEqual(self.directory.timestamp, "2005")

    def test_an_interrupted_reading_goes_on_at_its_page(self):
        next_url = f"{SYNC_URL}?$skiptoken=2001L"
        with self.exact() as mock:
            self.answer_sync(mock, self.row(), next_url=next_url)
            mock.get(SYNC_URL, status=429)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(self.directory.next_url, next_url)
        self.directory.refreshed_at = False
        with self.exact() as mock:
            self.answer_sync(mock)
            self.answer_entry(mock)
            connection = self.company.sudo().exact_connection_id
            connection.paused_until = False
            invoice.sudo().exact_outbox_id.scheduled_at = "2026-03-10 08:00:00"
            self.push()
        self.assertIn("skiptoken", self.calls[0].request.url)
        self.assertEqual(self.directory.timestamp, "2001")
        self.assertFalse(self.directory.next_url)

    def test_reading_that_meets_another_worker_waits(self):
        accounts = type(self.env["exact.account"])
        worker = patch.object(accounts, "_store", side_effect=SerializationFailure)
        with self.exact() as mock, worker:
            self.answer_sync(mock, self.row())
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 09:00:10")

    def test_night_that_meets_another_worker_ends_in_order(self):
        accounts = type(self.env["exact.account"])
        for name in ("_store", "_remove"):
            worker = patch.object(accounts, name, side_effect=SerializationFailure)
            with self.subTest(name), self.exact() as mock, worker:
                mock.assert_all_requests_are_fired = False
                self.answer_night(mock, self.row())
                self.read_at_night()

    def test_a_division_that_moved_is_read_anew(self):
        self.directory.write({"timestamp": "2001", "deleted_timestamp": "2001"})
        account = self.add_account(OTHER_GUID)
        for moved_at in ("/Date(1735689600000)/", "/Date(1735776000000)/"):
            with self.subTest(moved_at=moved_at), self.exact() as mock:
                self.answer_night(mock, self.row(timestamp=9), moved_at=moved_at)
                self.read_at_night()
            self.assertEqual(self.asked(), ["1L", "1L"])
            self.assertEqual(self.directory.timestamp, "9")
        # Choices such as that for consumers stay, and IDs are the same as before.
        self.assertTrue(account.exists())

    def test_a_link_with_wages_renews_the_timestamps_too(self):
        division = self.company.sudo().exact_division_id
        division.hr_linked_at = "/Date(1735689600000)/"
        self.directory.timestamp = "2001"
        with self.exact() as mock:
            self.answer_sync(mock, self.row())
            self.answer_entry(mock)
            self.send()
        self.assertEqual(self.asked(), ["1L"])

    def test_a_division_that_stays_is_read_on(self):
        self.directory.write({"timestamp": "2001", "deleted_timestamp": "2003"})
        with self.exact() as mock:
            self.answer_night(mock, self.row(timestamp=2005), gone=[(OTHER_GUID, 2009)])
            self.read_at_night()
        self.assertEqual(self.asked(), ["2001L", "2003L"])
        self.assertEqual(self.directory.timestamp, "2005")
        self.assertEqual(self.directory.deleted_timestamp, "2009")

    def test_what_was_deleted_since_the_first_reading_is_not_missed(self):
        with self.exact() as mock:
            self.answer_sync(mock, self.row(timestamp=2001))
            self.answer_entry(mock)
            self.send()
        with self.exact() as mock:
            newer = self.row(OTHER_GUID, timestamp=2010, VATNumber="")
            self.answer_night(mock, newer, gone=[(CUSTOMER_GUID, 2005)])
            self.read_at_night()
        self.assertEqual(self.asked(), ["2001L", "2001L"])
        accounts = self.env["exact.account"].search([])
        self.assertEqual(accounts.mapped("exact_guid"), [OTHER_GUID])

    def test_an_interrupted_reading_of_the_deleted_goes_on_at_its_page(self):
        self.add_account()
        next_url = f"{DELETED_URL}?$skiptoken=2005L"
        gone = {"EntityKey": CUSTOMER_GUID, "EntityType": 2, "Timestamp": "2005"}
        with self.exact() as mock:
            self.answer_night(mock)
            mock.remove("GET", DELETED_URL)
            mock.get(DELETED_URL, json={"d": {"results": [gone], "__next": next_url}})
            mock.get(DELETED_URL, status=429)
            self.read_at_night()
        self.assertEqual(self.directory.deleted_next_url, next_url)
        self.assertFalse(self.env["exact.account"].search([]))
        self.company.sudo().exact_connection_id.paused_until = False
        with self.exact() as mock:
            self.answer_night(mock)
            self.read_at_night()
        self.assertIn("skiptoken", self.calls[-1].request.url)
        self.assertEqual(self.directory.deleted_timestamp, "2005")
        self.assertFalse(self.directory.deleted_next_url)

    def test_deleted_accounts_vanish_and_their_customers_are_looked_up_anew(self):
        self.make_known()
        self.add_account()
        self.directory.write({"timestamp": "2001", "deleted_read_at": False})
        with self.exact() as mock:
            self.answer_night(mock, gone=[(CUSTOMER_GUID, "2009")])
            self.read_at_night()
        self.assertFalse(self.partner.exact_guid)
        self.assertFalse(self.env["exact.account"].search([]))
        self.assertEqual(self.directory.deleted_timestamp, "2009")

    def test_another_division_has_another_directory(self):
        self.add_account()
        self.env["res.partner"]._exact_forget(self.company)
        self.assertFalse(self.env["exact.account"].search([]))

    def test_doubles_in_exact_are_shown(self):
        self.add_account(VATNumber="BE0477472701")
        double = self.add_account(OTHER_GUID, VATNumber="BE 0477.472.701")
        double.end_date = "2026-12-31"
        self.add_account("5" * 8 + OTHER_GUID[8:], VATNumber="BE0202239951")
        found = self.env["exact.account"].search([("is_duplicate", "=", True)])
        self.assertIn(double, found)
        self.assertEqual(len(found), 2)
        self.assertTrue(double.is_duplicate)


@tagged("post_install", "-at_install")
class TestPeppol(CustomersCommon):
    """How Exact writes the scheme of a Peppol ID is not published."""

    def setUp(self):
        super().setUp()
        self.partner.write({"peppol_eas": "0208", "peppol_endpoint": "0477472701"})

    def test_peppol_id_is_part_of_the_customer(self):
        self.book(creates=True)
        body = self.bodies("POST")[0]
        self.assertEqual(body["PeppolIdentifier"], "0477472701")
        self.assertEqual(body["PeppolIdentifierType"], 208)

    def test_refused_peppol_id_keeps_no_invoice_back(self):
        refusal = error_body("Ongeldig: PeppolIdentifierType [208]")
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, status=400, json=refusal)
            self.answer_account(mock)
            self.answer_entry(mock)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertNotIn("PeppolIdentifier", self.bodies("POST")[1])

    def test_another_refusal_stops_the_invoice(self):
        refusal = error_body("Verplicht: Relatiebeheerder")
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, status=400, json=refusal)
            invoice = self.send()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(len(self.calls), 1)
