import importlib.util
from unittest.mock import patch

import requests
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.modules import module
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.exact_claim_mixin import ExactClaimMixin
from .common import DIVISION, ENTRIES_URL, ENTRY_GUID, error_body
from .common_companies import OTHER_URL, OtherCompany
from .test_link import LinkCommon

OTHER_GUID = "66666666-6666-4666-8666-666666666666"
KEY = f"be {DIVISION} 700 2026 2600001"


class NumberClaimCase(LinkCommon):
    def queue(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        return invoice

    def outbox(self, invoice):
        return invoice.sudo().exact_outbox_id

    def lose(self):
        """Send an invoice whose answer is lost; return it."""
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
            self.push()
        self.assertEqual(invoice.exact_state, "unconfirmed")
        return invoice

    def confirm(self, *rows):
        """Look a lost answer up, which finds these rows; return the filters."""
        with self.exact() as mock:
            self.answer_look_up(mock, *rows)
            self.push_at("2026-03-10 09:02:00")
        self.env.invalidate_all()
        asked = [call.request for call in self.calls if call.request.method == "GET"]
        return [request.params["$filter"] for request in asked]


@tagged("post_install", "-at_install")
class TestNumberClaim(NumberClaimCase):
    """No two invoices are sent with one number, and no two have one entry."""

    def test_number_is_claimed_until_exact_surely_lacks_the_entry(self):
        invoice = self.queue()
        self.assertFalse(self.outbox(invoice).claimed_number)
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=400, json=error_body("Verplicht: Dagboek"))
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertFalse(self.outbox(invoice).claimed_number)
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.outbox(invoice).claimed_number, KEY)

    def test_lost_answer_keeps_the_number_until_the_look_up(self):
        invoice = self.lose()
        self.assertEqual(self.outbox(invoice).claimed_number, KEY)
        with self.exact() as mock:
            self.answer_look_up(mock)
            mock.post(ENTRIES_URL, status=400, json=error_body("Verplicht: Dagboek"))
            self.push_at("2026-03-10 09:02:00")
            self.push_at("2026-03-10 09:20:00")
        self.env.invalidate_all()
        self.assertIn(invoice.exact_state, ("pending", "failed"))
        self.assertFalse(self.outbox(invoice).claimed_number)

    def test_entry_that_is_gone_gives_its_number_back(self):
        invoice = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.outbox(invoice)._forget_entry("pending")
        self.assertFalse(self.outbox(invoice).claimed_number)

    def test_database_refuses_a_second_invoice_with_an_entry(self):
        first, second = self.outbox(self.queue()), self.outbox(self.queue())
        first.exact_guid = ENTRY_GUID.replace("3", "a")
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            second.exact_guid = ENTRY_GUID.replace("3", "A")

    def test_two_people_who_link_one_entry_at_once(self):
        first, second = self.make_invoice(), self.make_invoice()
        self.find(first, self.row(first)).candidate_ids.action_link()
        link = self.find(second, self.row(second))
        # What the other one did is not to be seen yet.
        moves = type(self.env["account.move"])
        with (
            patch.object(moves, "_exact_check_free_entry", lambda *_args: None),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "777 was just linked to another"),
        ):
            link.candidate_ids.action_link()
        self.assertFalse(self.outbox(second).exact_guid)

    def test_number_claimed_by_another_worker_meanwhile_is_told(self):
        holder, invoice = self.outbox(self.make_held()), self.queue()
        holder.claimed_number = KEY.replace("2600001", "2600002")
        seen = []

        def find(booking, key):
            seen.append(key)
            # The first time it is not committed yet.
            return original(booking, key) if len(seen) > 1 else booking.browse()

        original = ExactClaimMixin._find_claim
        with (
            patch.object(type(self.env["exact.outbox"]), "_find_claim", find),
            mute_logger("odoo.sql_db"),
            self.exact(),
        ):
            self.push()
        self.assertEqual(len(seen), 2)
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn(holder.move_id.name, invoice.exact_error)

    def make_held(self):
        invoice = self.queue()
        invoice.action_exact_hold()
        return invoice

    def test_conflict_with_a_booked_invoice_never_advises_to_delete(self):
        first = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        second = self.lose()
        # Renamed since, or of another branch: same reference, other total.
        row = self.row(second, EntryNumber=2600002, AmountFC=500)
        self.confirm(row)
        self.assertEqual(second.exact_state, "failed")
        self.assertIn(first.name, second.exact_error)
        self.assertIn(self.company.name, second.exact_error)
        self.assertNotIn("elete", second.exact_error)

    # === MOVED TO ANOTHER JOURNAL === #

    def test_look_up_asks_for_the_reference_in_every_journal(self):
        invoice = self.lose()
        by_number, by_reference = self.confirm()
        self.assertIn("Journal eq '700'", by_number)
        self.assertEqual(by_reference, f"YourRef eq '{invoice.name}'")

    def test_entry_moved_to_another_journal_is_shown_and_not_booked_again(self):
        invoice = self.lose()
        self.confirm(self.row(invoice, Journal="710", EntryNumber=5))
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("journal 710", invoice.exact_error)
        self.assertIn("Already in Exact Online?", invoice.exact_error)
        self.assertIn("710", invoice.exact_conflict_html)
        row = self.row(invoice, Journal="710", EntryNumber=5)
        invoice.sudo()._exact_link_entry(row)
        self.assertEqual((invoice.exact_state, invoice.exact_number), ("sent", "5"))

    def test_old_entry_in_another_journal_is_no_obstacle(self):
        invoice = self.lose()
        old = "/Date(1583798400000)/"
        self.confirm(self.row(invoice, Journal="710", EntryDate=old))
        # It is sent again.
        self.assertEqual(self.calls[-1].request.method, "POST")

    # === UPDATE === #

    def test_update_leaves_an_entry_to_the_invoice_booked_first(self):
        first, second = self.queue(), self.queue()
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("DROP INDEX exact_outbox_entry_unique")
        cr.execute(
            "UPDATE exact_outbox SET state = 'sent', exact_guid = %s,"
            " exact_number = '7' WHERE id IN %s",
            [ENTRY_GUID, (self.outbox(first).id, self.outbox(second).id)],
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.upgrade_entries", "WARNING") as logs:
            self.migrate()
        self.env.invalidate_all()
        self.assertIn(second.name, logs.output[0])
        self.assertEqual(self.outbox(first).exact_guid, ENTRY_GUID)
        self.assertFalse(self.outbox(second).exact_guid)
        self.assertIn(first.name, self.outbox(second).difference)

    def migrate(self):
        root = module.get_module_path("comanage_exact")
        path = f"{root}/migrations/19.0.1.1.0/pre-unique_entries.py"
        spec = importlib.util.spec_from_file_location("odoo.upgrade_entries", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")


@tagged("post_install", "-at_install")
class TestSharedDivision(OtherCompany, NumberClaimCase):
    """Two companies of the database book in one division of Exact Online."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()
        cls.other.exact_division_id.code = str(DIVISION)

    def test_clash_between_companies_is_told_before_any_call(self):
        first = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        second = self.make_other_invoice()
        second.action_exact_send()
        with self.exact():
            self.push()
        self.assertFalse(self.calls)
        self.assertEqual(second.exact_state, "failed")
        for part in (first.name, self.company.name, "2600001"):
            self.assertIn(part, second.exact_error)
        self.assertNotIn("elete", second.exact_error)
        self.assertFalse(self.outbox(second).claimed_number)

    def test_other_division_has_numbers_of_its_own(self):
        self.other.exact_division_id.code = "222222"
        self.queue()
        self.make_other_invoice().action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.answer_entry(mock, OTHER_URL)
            self.push()
        self.assertEqual(len(self.calls), 2)
