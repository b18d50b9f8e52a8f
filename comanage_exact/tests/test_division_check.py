import base64
import json

import responses

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..sync.division_check import DivisionCheck, StoredNotebook, make_choice
from .common import (
    API_URL,
    BASE_URL,
    CUSTOMER_GUID,
    ENTRIES_URL,
    ENTRY_GUID,
    ExactCommon,
    error_body,
    exact_date,
)


@tagged("post_install", "-at_install")
class TestDivisionCheck(ExactCommon):
    """The check of a division, as a manager uses it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env(su=True),
            login="exact_manager",
            groups="comanage_exact.group_exact_manager",
            company_id=cls.company.id,
        )
        own = {"company_id": cls.company.id}
        cls.account = (
            cls.env["exact.account"]
            .sudo()
            .create({**own, "exact_guid": CUSTOMER_GUID, "status": "C", "name": "Deco"})
        )
        cls.check = (
            cls.env["exact.division.check"]
            .sudo()
            .create(own)
            .with_user(cls.manager)
            .sudo(False)
        )

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())

    def play(self, mock, *, entry=None):
        """Play a division whose lists are empty, and where entries can be booked."""
        self.booked = []
        me = {"d": {"results": [{"CurrentDivision": 123456}]}}
        mock.get(f"{BASE_URL}/api/v1/current/Me", json=me)
        for path in (
            *("system/Divisions", "financial/Journals", "vat/VATCodes"),
            *("bulk/Financial/GLAccounts", "cashflow/PaymentConditions"),
            *("general/Currencies", "financial/FinancialPeriods", "hrm/Costcenters"),
            *("hrm/Costunits", "crm/Accounts", "sync/CRM/Accounts", "sync/Deleted"),
            *("documents/Documents", "documents/DocumentAttachments"),
        ):
            mock.get(f"{API_URL}/{path}", json={"d": {"results": []}})
        mock.add_callback(responses.GET, ENTRIES_URL, self.find)
        mock.add_callback(responses.POST, ENTRIES_URL, entry or self.book)
        guid = f"{ENTRIES_URL}(guid'{ENTRY_GUID}')"
        mock.put(guid, status=204)
        mock.add_callback(responses.DELETE, guid, self.remove)
        # What a test does not reach is no failure of it.
        mock.assert_all_requests_are_fired = False

    def find(self, request):
        rows = [] if "EntryDate" in request.url.split("filter=")[1] else self.booked
        return 200, {}, json.dumps({"d": {"results": rows}})

    def book(self, request):
        body = json.loads(request.body)
        if "Customer" not in body:
            return 500, {}, json.dumps(error_body("Verplicht: Relatie"))
        line = body["SalesEntryLines"][0]
        entry = {
            "EntryID": ENTRY_GUID,
            "EntryNumber": 26700001,
            "Journal": body["Journal"],
            "Customer": body["Customer"],
            "YourRef": body["YourRef"],
            "Description": body["Description"],
            "Currency": body["Currency"],
            "EntryDate": exact_date(body["EntryDate"]),
            "AmountFC": line["AmountFC"] + line["VATAmountFC"],
            "AmountDC": line["AmountFC"] + line["VATAmountFC"],
            "VATAmountDC": line["VATAmountFC"],
            "Division": 123456,
            "SalesEntryLines": {"results": [line]},
        }
        self.booked.append(entry)
        return 201, {}, json.dumps({"d": entry})

    def remove(self, request):
        self.booked.clear()
        return 204, {}, ""

    def make_test(self):
        action = self.check.action_test()
        return (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )

    def line(self, fact):
        self.env.invalidate_all()
        return self.check.line_ids.filtered(lambda line: line.fact == fact)

    # === READING === #

    def test_reading_shows_each_fact_and_books_nothing(self):
        with self.exact() as mock:
            self.play(mock)
            self.check.action_check()
        methods = {call.request.method for call in self.calls}
        self.assertEqual(methods, {"GET"})
        self.assertLessEqual(len(self.calls), 25)
        self.assertEqual(self.line("journals.answers").result, "ok")
        self.assertEqual(self.line("book.booked").result, "unknown")
        self.assertFalse(self.check.problem)
        self.assertIn("facts checked", self.check.summary)
        # A tick promises no more than was checked.
        self.assertEqual(self.line("vat_codes.fraction").result, "unknown")

    def test_problems_come_first(self):
        with self.exact() as mock:
            self.play(mock)
            mock.replace(
                responses.GET,
                f"{API_URL}/vat/VATCodes",
                status=403,
                json=error_body("Forbidden"),
            )
            self.check.action_check()
        self.assertEqual(self.check.problem_count, 1)
        first = self.check.line_ids[0]
        self.assertEqual(first.fact, "vat_codes.answers")
        self.assertIn(
            "vat/VATCodes could not be read: Forbidden (HTTP 403)", first.message
        )

    def test_hostile_answers_end_in_a_sentence(self):
        for body in ("", "<html>", "[]", '{"d": 5}', '{"d": {"results": [1, null]}}'):
            with self.subTest(body=body), self.exact() as mock:
                self.play(mock)
                for method, url in ((responses.GET, f"{API_URL}/vat/VATCodes"),):
                    mock.replace(method, url, body=body)
                self.check.action_check()
            line = self.line("vat_codes.answers")
            self.assertTrue(line.message.endswith("."))

    def test_a_company_that_is_not_connected_is_asked_to_connect(self):
        self.company.sudo().exact_connection_id.state = "disconnected"
        self.company.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "not connected"):
            self.check.action_check()

    def test_lost_calls_end_the_check_early(self):
        with self.exact() as mock:
            self.play(mock)
            mock.replace(
                responses.GET,
                f"{BASE_URL}/api/v1/current/Me",
                status=401,
            )
            self.check.action_check()
        self.assertEqual(len(self.calls), 1)
        self.env.invalidate_all()
        self.assertTrue(self.check.problem)

    # === BOOKING === #

    def test_test_entry_is_booked_compared_and_deleted(self):
        moves = self.env["account.move"].sudo().search_count([])
        with self.exact() as mock:
            self.play(mock)
            self.check.action_check()
            read = len(mock.calls)
            self.make_test().action_book()
            self.assertLessEqual(len(mock.calls), 25)
            self.assertEqual(len(mock.calls) - read, 6)
        self.assertEqual(self.booked, [])
        self.assertEqual(self.check.entry_state, "deleted")
        self.assertEqual(self.line("read_back.equal").result, "ok")
        self.assertEqual(self.line("refusal.status").result, "ok")
        self.assertEqual(self.env["account.move"].sudo().search_count([]), moves)

    def test_booking_reads_first_where_nothing_was_read(self):
        with self.exact() as mock:
            self.play(mock)
            self.make_test().action_book()
        self.assertLessEqual(len(self.calls), 25)
        self.assertEqual(self.line("journals.answers").result, "ok")
        self.assertEqual(self.line("delete.gone").result, "ok")

    def test_the_row_knows_of_the_entry_before_it_is_sent(self):
        seen = []

        def look(request):
            self.env.invalidate_all()
            check = self.check.sudo()
            seen.append((check.entry_state, check.entry_marker, check.entry_journal))
            return self.book(request)

        with self.exact() as mock:
            self.play(mock, entry=look)
            self.make_test().action_book()
        marker = json.loads(self.calls[-5].request.body)["YourRef"]
        self.assertEqual(seen, [("sending", marker, "700")] * 2)

    def test_entry_that_is_left_is_named_and_deleted_later(self):
        guid = f"{ENTRIES_URL}(guid'{ENTRY_GUID}')"
        with self.exact() as mock:
            self.play(mock)
            mock.replace(responses.DELETE, guid, status=403, json=error_body("Nee"))
            self.make_test().action_book()
        self.env.invalidate_all()
        self.assertTrue(self.check.is_entry_open)
        self.assertIn("26700001", self.check.entry_message)
        self.assertIn("journal 700", self.check.entry_message)
        with self.assertRaisesRegex(UserError, "26700001"):
            self.check.action_test()
        with self.exact() as mock:
            left = [*self.booked]
            self.play(mock)
            self.booked = left
            self.check.action_delete()
        self.env.invalidate_all()
        self.assertEqual(self.check.entry_state, "deleted")
        self.assertFalse(self.booked)

    def test_only_one_worker_books(self):
        test = self.make_test()
        self.check.sudo().entry_state = "sending"
        with self.assertRaises(UserError):
            test.action_book()
        notebook = StoredNotebook(self.check.sudo())
        with self.assertRaises(UserError):
            notebook.note_down(state="sending", marker="X")

    def test_entry_is_sent_as_the_choice_says(self):
        test = self.make_test()
        self.assertEqual(test.account_id, self.account)
        self.assertEqual(test.vat_code_id, self.vat_code_21)
        choice = make_choice(test.sudo())
        entry = choice.entry("X")
        self.assertEqual((str(entry.total), str(entry.vat_total)), ("1.21", "0.21"))

    def test_a_choice_that_is_not_complete_is_asked_for(self):
        test = self.make_test()
        test.account_id = False
        with self.assertRaisesRegex(UserError, "Choose a customer"):
            test.action_book()

    # === FILE AND ACCESS === #

    def test_file_has_no_names(self):
        with self.exact() as mock:
            self.play(mock)
            self.make_test().action_book()
        self.env.invalidate_all()
        text = base64.b64decode(self.check.report).decode()
        self.assertEqual(json.loads(text)["site"], "be")
        for secret in (
            *("123456", CUSTOMER_GUID, ENTRY_GUID, "access-", "ODOO-TEST"),
            *(self.company.name, self.company.sudo().exact_app_secret),
        ):
            self.assertNotIn(secret, text)
        self.assertEqual(self.check.action_download()["type"], "ir.actions.act_url")

    def test_only_managers_check(self):
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_user",
            company_id=self.company.id,
        )
        check = self.check.with_user(clerk)
        for method in ("action_check", "action_test", "action_delete"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(check, method)()
        with self.assertRaises(AccessError):
            check.read(["summary"])
        with self.assertRaises(AccessError):
            self.env["exact.division.check"].with_user(clerk)._open(self.company)
        with self.assertRaises(AccessError):
            self.check.read(["recording"])

    def test_there_is_one_check_a_company(self):
        checks = self.env["exact.division.check"].with_user(self.manager)
        action = checks._open(self.company.with_user(self.manager))
        self.assertEqual(action["res_id"], self.check.id)

    def test_branch_is_checked_by_the_company_that_has_the_connection(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        self.manager.company_ids = [Command.link(branch.id)]
        checks = self.env["exact.division.check"].with_user(self.manager)
        action = checks._open(branch.with_user(self.manager))
        self.assertEqual(action["res_id"], self.check.id)

    def test_deleting_without_a_test_entry_makes_no_call(self):
        with self.exact():
            DivisionCheck(self.check.sudo()).delete()
        self.assertEqual(self.calls, [])
