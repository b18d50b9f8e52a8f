import re
from datetime import date
from urllib.parse import unquote_plus

import requests

from odoo.tests import tagged

from ..mappers.entry_number import NumberingMapper
from ..mappers.sales_entry import SalesEntryMapper
from ..sync.duplicates import DuplicateSearch
from ..sync.historical import HistoricalInvoices
from ..sync.readiness import Readiness
from .common import ENTRIES_URL
from .common_period import PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodNumbers(PeriodCommon):
    """Exact keeps a number unique within journal and its own financial year."""

    def setUp(self):
        super().setUp()
        # The year and the month of the number are no matter here.
        self.company.sudo().exact_number_prefix = "7"

    def make_two(self, first, second):
        """Return two invoices that get the same number."""
        journal = self.make_journal("MORE")
        journal.sudo().exact_number_prefix = False
        return self.make_invoice(invoice_date=first) + self.make_invoice(
            invoice_date=second, journal_id=journal.id
        )

    def filters(self):
        """Return the filters of the calls that were made."""
        urls = [unquote_plus(call.request.url) for call in self.calls]
        return " ".join(url for url in urls if "filter" in url)

    def test_two_book_years_of_one_calendar_year_do_not_clash(self):
        self.make_years(2025, 2026, first=7)
        moves = self.make_two("2026-02-10", "2026-09-10")
        numbers = {SalesEntryMapper(move).entry_number for move in moves}
        self.assertEqual(len(numbers), 1)
        self.assertFalse(NumberingMapper(self.company).findings)

    def test_one_book_year_of_two_calendar_years_clashes(self):
        self.make_years(2025, 2026, first=7)
        self.company.sudo().exact_start_date = "2025-07-01"
        moves = self.make_two("2025-09-10", "2026-02-10")
        (finding,) = NumberingMapper(self.company).findings
        self.assertEqual(
            {finding.document.name, finding.other.name}, set(moves.mapped("name"))
        )

    def test_year_of_the_accounting_date_counts(self):
        self.company.sudo().tax_lock_date = "2025-12-31"
        invoice = self.make_invoice(invoice_date="2025-12-20")
        self.assertEqual(SalesEntryMapper(invoice).financial_year, 2026)

    def test_years_without_periods_are_those_of_the_calendar(self):
        self.make_years()
        moves = self.make_two("2025-02-10", "2026-02-10")
        years = [SalesEntryMapper(move).financial_year for move in moves]
        self.assertEqual(years, [2025, 2026])

    def test_lost_answer_is_looked_up_in_the_year_of_exact(self):
        self.make_years(2025, 2026, first=7)
        invoice = self.make_invoice()
        self.lose(invoice)
        with self.exact() as mock:
            self.answer_look_up(mock)
            self.answer_look_up(mock)
            self.push_at("2026-03-10 09:05:00")
        self.assertIn("ReportingYear eq 2025", self.filters())
        self.assertNotIn("ReportingYear eq 2026", self.filters())

    def test_lost_answer_of_an_older_request_is_looked_up_likewise(self):
        invoice = self.make_invoice()
        self.lose(invoice)
        self.make_years(2025, 2026, first=7)
        outbox = invoice.sudo().exact_outbox_id
        request = {**outbox.request}
        del request["ReportingYear"], request["ReportingPeriod"]
        outbox.request = request
        with self.exact() as mock:
            self.answer_look_up(mock)
            self.answer_look_up(mock)
            self.push_at("2026-03-10 09:05:00")
        self.assertIn("ReportingYear eq 2025", self.filters())

    def test_historical_invoice_is_no_duplicate_of_another_year(self):
        self.make_years(2025, 2026, first=7)
        old, new = self.make_two("2026-06-30", "2026-07-02")
        row = self.book_by_hand(old, YourRef="", ReportingYear=2025)
        days, journals = (date(2026, 6, 30), date(2026, 7, 2)), old.journal_id.browse()
        search = DuplicateSearch(
            HistoricalInvoices(self.company.sudo(), *days, journals.sudo())
        )
        with self.enter_registry_test_mode(), self.exact() as mock:
            self.answer_look_up(mock, row)
            search.run()
        self.assertEqual(search.compared, [old.id, new.id])
        found = [(line["move_id"], line["number"]) for line in search.lines]
        self.assertEqual(found, [(old.id, "700001")])

    def lose(self, invoice):
        invoice.action_exact_send()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, body=requests.ReadTimeout())
            self.push()
        self.assertEqual(invoice.exact_state, "unconfirmed")

    def test_number_in_use_is_asked_in_the_year_of_exact(self):
        self.make_years(2025, 2026, first=7)
        self.make_two("2026-02-10", "2026-09-10")
        with self.enter_registry_test_mode(), self.exact() as mock:
            self.answer_look_up(mock)
            Readiness(self.company).find_taken_number()
        (filtered,) = re.findall(r"ReportingYear eq \d+", self.filters())
        self.assertEqual(filtered, "ReportingYear eq 2026")
