from datetime import datetime

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from ..exact_api.exceptions import ExactError, ExactErrorLimit, ExactRateLimited
from ..exact_api.rate_limits import Budget, Limits
from ..sync.connection import open_client
from .common import API_URL, ExactCommon

ENTRIES = "salesentry/SalesEntries"
NINE = datetime(2026, 3, 10, 9)
ONE_PAST = "1773133260000"  # 09:01
MIDNIGHT = "1773187200000"


@tagged("post_install", "-at_install")
class TestBudget(BaseCase):
    """The count of calls, without Exact and without a database."""

    def setUp(self):
        super().setUp()
        self.budget = Budget()

    def spend(self, count, now=NINE, **options):
        for _index in range(count):
            self.budget.reserve(now, ENTRIES, **options)

    def correct(self, headers, status=200):
        return self.budget.correct(Limits.from_answer(headers, status))

    def assert_refused(self, retry_at, now=NINE, **options):
        with self.assertRaises(ExactRateLimited) as caught:
            self.spend(1, now, **options)
        self.assertEqual(caught.exception.retry_at, retry_at)

    def test_sixty_calls_fit_in_a_minute_and_no_more(self):
        self.spend(60)
        self.assert_refused(datetime(2026, 3, 10, 9, 1))
        self.spend(60, datetime(2026, 3, 10, 9, 1))

    def test_a_day_has_five_thousand(self):
        self.correct({"X-RateLimit-Minutely-Limit": "9999"})
        self.spend(5000)
        self.assert_refused(datetime(2026, 3, 11))
        self.spend(1, datetime(2026, 3, 11))

    def test_lists_leave_calls_to_the_invoices(self):
        self.spend(40, is_invoice=False)
        self.assert_refused(datetime(2026, 3, 10, 9, 1), is_invoice=False)
        self.spend(20)

    def test_headers_correct_the_count(self):
        self.spend(1)
        headers = {
            "X-RateLimit-Limit": "9000",
            "X-RateLimit-Remaining": "8000",
            "X-RateLimit-Reset": MIDNIGHT,
            "X-RateLimit-Minutely-Limit": "100",
            "X-RateLimit-Minutely-Remaining": "3",
            "X-RateLimit-Minutely-Reset": ONE_PAST,
        }
        self.assertTrue(self.correct(headers))
        self.assertEqual(self.budget.day.used, 1000)
        self.spend(3)
        self.assert_refused(datetime(2026, 3, 10, 9, 1))

    def test_headers_that_agree_need_no_write(self):
        self.spend(1)
        headers = {
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": "4999",
            "X-RateLimit-Minutely-Remaining": "59",
            "X-RateLimit-Minutely-Reset": ONE_PAST,
        }
        self.assertFalse(self.correct(headers))

    def test_missing_header_is_not_a_zero(self):
        self.spend(1)
        self.assertFalse(self.correct({}))
        self.assertFalse(self.correct({"X-RateLimit-Remaining": "?"}))
        self.spend(1)

    def test_429_tells_by_its_reset_which_window_is_used_up(self):
        self.correct({"X-RateLimit-Reset": MIDNIGHT}, 429)
        self.assert_refused(datetime(2026, 3, 11))

    def test_minute_of_exact_that_ends_later_is_waited_for(self):
        self.spend(1)
        reset = {"X-RateLimit-Minutely-Reset": "1773133265000"}
        self.correct({"X-RateLimit-Minutely-Remaining": "0", **reset})
        at_one = datetime(2026, 3, 10, 9, 1)
        self.assert_refused(datetime(2026, 3, 10, 9, 1, 5), at_one)

    def test_eight_refusals_block_one_resource_for_the_hour(self):
        for _index in range(8):
            self.spend(1)
            self.budget.count_error(NINE, ENTRIES)
        with self.assertRaises(ExactErrorLimit) as caught:
            self.spend(1)
        self.assertEqual(caught.exception.retry_at, datetime(2026, 3, 10, 10))
        self.budget.reserve(NINE, "crm/Accounts")
        self.spend(1, datetime(2026, 3, 10, 10))

    def test_stored_budget_is_the_same_budget(self):
        self.spend(2)
        self.budget.count_error(NINE, ENTRIES)
        self.assertEqual(Budget.load(self.budget.dump()), self.budget)
        self.assertEqual(Budget.load(None), Budget())
        self.assertEqual(Budget.load(Budget().dump()), Budget())


@tagged("post_install", "-at_install")
class TestBudgetOfConnection(ExactCommon):
    """The budget as the push and the lists meet it."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.connection = self.company.sudo().exact_connection_id

    def queue(self, count=1, **values):
        invoices = self.env["account.move"]
        for _index in range(count):
            invoices += self.make_invoice(**values)
        invoices.action_exact_send()
        return invoices

    def set_used(self, minute=0, day=0):
        budget = Budget()
        budget.reserve(NINE, "")
        budget.minute.used, budget.day.used = minute, day
        self.connection.budget = budget.dump()

    @property
    def fetch_cron(self):
        return self.env.ref("comanage_exact.ir_cron_exact_fetch").sudo()

    def fetch(self):
        with self.enter_registry_test_mode():
            self.fetch_cron.method_direct_trigger()

    def get_problem(self):
        self.company.invalidate_recordset()
        return self.company.exact_connection_problem

    def test_each_call_is_counted(self):
        self.queue(2)
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.connection.budget["minute"][1], 2)
        self.assertEqual(self.connection.budget["day"][1], 2)

    def test_61st_call_waits_for_the_next_minute_without_a_429(self):
        invoices = self.queue(3)
        self.set_used(minute=58)
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(len(self.calls), 2)
        self.assertEqual(invoices.mapped("exact_state"), ["sent", "sent", "pending"])
        self.assertFalse(invoices[2].exact_outbox_id.attempts)
        self.assertIn("9:01", self.get_problem())
        with self.exact() as mock, freeze_time("2026-03-10 09:01:00"):
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoices[2].exact_state, "sent")

    def test_used_up_day_waits_for_midnight_and_says_so(self):
        invoice = self.queue()
        self.set_used(day=5000)
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-11 00:00:00")
        self.assertIn("3/11/26", self.get_problem())

    def test_lists_wait_where_invoices_still_go(self):
        invoice = self.queue()
        self.set_used(minute=40)
        with self.exact():
            self.fetch()
        self.assertIn("API limit", self.get_problem())
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_lists_that_waited_are_fetched_later(self):
        self.set_used(minute=40)
        self.fetch()
        triggers = self.env["ir.cron.trigger"].sudo().search([])
        moments = triggers.filtered(lambda row: row.cron_id == self.fetch_cron)
        self.assertIn(datetime(2026, 3, 10, 9, 1), moments.mapped("call_at"))

    # === REFUSALS === #

    def test_lists_that_refuse_are_left_alone_too(self):
        with self.exact() as mock, self.enter_registry_test_mode():
            mock.get(f"{API_URL}/vat/VATCodes", status=403)
            for _index in range(9):
                try:
                    with open_client(self.connection) as client:
                        client.get("vat/VATCodes")
                except ExactError as err:
                    last = err
        self.assertEqual(len(self.calls), 8)
        self.assertIsInstance(last, ExactErrorLimit)
