from urllib.parse import unquote_plus

from odoo.tests import tagged

from ..exact_api.resources import entries_between
from .common import ENTRIES_URL, error_body, exact_date
from .common_period import PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodComparison(PeriodCommon):
    """Odoo's ledger of a month against Exact's, by accounting date and period."""

    def tell_period(self, row, period, year=2026, **told):
        return {**row, "ReportingYear": year, "ReportingPeriod": period, **told}

    def labels(self, comparison):
        """Return {period: (base in Odoo, base in Exact)} of the totals."""
        sums = comparison.total_ids.filtered("is_sum")
        return {one.period: (one.odoo_base, one.exact_base) for one in sums}

    def test_moved_invoice_belongs_to_the_month_of_its_accounting_date(self):
        row = self.tell_period(self.book(self.make_moved()), 3)
        comparison = self.compare(row)
        self.assertEqual(comparison.line_ids.mapped("kind"), ["equal"])
        self.assertEqual(comparison.line_ids.period, "2026-03")
        self.assertEqual(self.labels(comparison), {"2026-03": (100, 100)})

    def test_moved_invoice_is_not_in_the_month_of_its_document(self):
        row = self.tell_period(self.book(self.make_moved()), 3)
        february = self.make_comparison(date_from="2026-02-01", date_to="2026-02-28")
        comparison = self.compare(row, comparison=february)
        self.assertFalse(comparison.line_ids)
        self.assertFalse(comparison.total_ids)

    def test_period_changed_in_exact_is_found(self):
        row = self.tell_period(self.book(self.make_moved()), 2)
        comparison = self.compare(row)
        line = comparison.line_ids
        self.assertEqual(line.kind, "different")
        self.assertEqual(
            line.message,
            "Financial period: in Exact Online the entry is in period 2026-02 instead "
            "of 2026-03.",
        )
        self.assertEqual(
            self.labels(comparison), {"2026-03": (100, 0), "2026-02": (0, 100)}
        )

    def test_entry_of_another_period_is_looked_up_by_its_id(self):
        row = self.book(self.make_invoice())
        moved = self.tell_period(row, 6, EntryDate=exact_date("2026-06-30"))
        kind, message = self.compare_one(looked_up=[moved])
        self.assertEqual(kind, "different")
        self.assertIn("in period 2026-06 instead of 2026-03", message)

    def test_entry_of_another_year_is_different(self):
        row = self.book(self.make_invoice())
        kind, message = self.compare_one(self.tell_period(row, 3, year=2025))
        self.assertEqual(kind, "different")
        self.assertIn("in period 2025-03 instead of 2026-03", message)

    def test_entry_typed_in_exact_is_judged_by_its_period(self):
        invoice = self.make_invoice()
        by_hand = self.tell_period(
            self.book_by_hand(invoice), 3, YourRef="PO 7", EntryNumber=7
        )
        by_hand.update(AmountFC=7, EntryDate=exact_date("2026-04-02"))
        lines = self.compare(by_hand).line_ids
        self.assertEqual(set(lines.mapped("kind")), {"not_sent", "missing_odoo"})
        # Of the month by its day alone.
        by_hand.update(ReportingPeriod=4, EntryDate=exact_date("2026-03-02"))
        lines = self.compare(by_hand).line_ids
        self.assertEqual(lines.mapped("kind"), ["not_sent"])

    def test_part_of_a_month_is_not_the_whole_period(self):
        by_hand = self.tell_period(self.book_by_hand(self.make_invoice()), 3)
        by_hand.update(YourRef="PO 7", EntryNumber=7, AmountFC=7)
        first_days = {"date_from": "2026-03-01", "date_to": "2026-03-09"}
        comparison = self.compare(
            by_hand, comparison=self.make_comparison(**first_days)
        )
        self.assertFalse(comparison.line_ids)

    def test_entries_are_read_by_day_and_by_period(self):
        self.make_years(2025, 2026, first=7)
        self.make_invoice()
        self.compare(
            comparison=self.make_comparison(
                date_from="2026-06-01", date_to="2026-07-31"
            )
        )
        url = unquote_plus(self.calls[0].request.url)
        self.assertIn("EntryDate ge datetime'2026-06-01'", url)
        self.assertIn(
            "(ReportingYear eq 2025 and ReportingPeriod ge 12 and ReportingPeriod le "
            "12) or (ReportingYear eq 2026 and ReportingPeriod ge 1 and "
            "ReportingPeriod le 1)",
            url,
        )
        self.assertNotIn("Journal eq", url)

    def test_without_periods_the_day_decides(self):
        self.make_years()
        row = self.book(self.make_invoice())
        comparison = self.compare(row)
        self.assertEqual(comparison.line_ids.mapped("kind"), ["equal"])
        self.assertNotIn("ReportingYear eq", unquote_plus(self.calls[0].request.url))

    def test_ten_years_of_periods_make_no_long_address(self):
        spans = [(year, 1, 13) for year in range(2016, 2027)]
        text = entries_between("2016-01-01", "2026-12-31", ["70", "700"], spans)
        self.assertLess(len(text), 1500)

    def test_chosen_period_stays_visible(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.exact() as mock:
            text = "Periode is afgesloten: 2026 - 3"
            mock.post(ENTRIES_URL, status=500, json=error_body(text))
            self.push()
        invoice.action_exact_book_in_open_period()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        outbox = invoice.sudo().exact_outbox_id
        row = self.tell(outbox.request, EntryID=outbox.exact_guid)
        row = self.tell_period(row, 4)
        kind, message = self.compare_one(row)
        self.assertEqual(kind, "different")
        self.assertEqual(
            message,
            f"{invoice.name} belongs to 2026-03 in Odoo, but someone chose to book it "
            "in financial period 2026-04 in Exact Online.",
        )
        april = self.make_comparison(date_from="2026-04-01", date_to="2026-04-30")
        line = self.compare(row, comparison=april).line_ids
        self.assertEqual(line.move_id, invoice)
