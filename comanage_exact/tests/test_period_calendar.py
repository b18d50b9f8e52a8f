from calendar import monthrange
from datetime import date

from odoo.tests import BaseCase, tagged

from ..booking.comparison import Booking
from ..booking.comparison_totals import Totals
from ..booking.period import FinancialCalendar, FinancialPeriod, find


def months(year, first=1):
    """Return the twelve periods of a financial year that begins in some month."""
    periods = []
    for index in range(12):
        ahead, month = divmod(first - 1 + index, 12)
        start = date(year + ahead, month + 1, 1)
        last = monthrange(start.year, start.month)[1]
        periods.append(FinancialPeriod(year, index + 1, start, start.replace(day=last)))
    return periods


@tagged("post_install", "-at_install")
class TestPeriodCalendar(BaseCase):
    def setUp(self):
        super().setUp()
        self.broken = FinancialCalendar([*months(2025, 7), *months(2026, 7)])
        closing = FinancialPeriod(2026, 13, date(2026, 12, 31), date(2026, 12, 31))
        self.plain = FinancialCalendar([closing, *months(2026), *months(2027)])
        self.quarters = FinancialCalendar(
            [
                FinancialPeriod(2026, 1, date(2026, 1, 1), date(2026, 3, 31)),
                FinancialPeriod(2026, 2, date(2026, 4, 1), date(2026, 6, 30)),
            ]
        )

    # === FINDING === #

    def test_both_ends_belong_to_a_period(self):
        for day in (date(2026, 3, 1), date(2026, 3, 31)):
            found = find(months(2026), day)
            self.assertEqual((found.year, found.number), (2026, 3))
        self.assertIsNone(find(months(2026), date(2027, 1, 1)))

    def test_closing_period_gets_no_invoice(self):
        self.assertEqual(self.plain.find(date(2026, 12, 31)).number, 12)
        found = self.plain.first_open(
            date(2026, 12, 31), lambda period: period.number == 12
        )
        self.assertEqual((found.year, found.number), (2027, 1))

    def test_first_open_period_is_that_of_the_day_or_later(self):
        day = date(2026, 3, 21)
        self.assertEqual(self.plain.first_open(day, lambda one: False).number, 3)
        found = self.plain.first_open(day, lambda one: one.number in (1, 3, 4))
        self.assertEqual(found.number, 5)
        self.assertIsNone(self.plain.first_open(day, lambda one: True))
        self.assertIsNone(self.plain.first_open(date(2028, 1, 1), lambda one: False))

    def test_day_before_the_table_gets_its_first_period(self):
        found = self.plain.first_open(date(2025, 12, 10), lambda one: False)
        self.assertEqual((found.year, found.number), (2026, 1))

    # === YEARS === #

    def test_broken_year_is_that_of_exact(self):
        self.assertEqual(self.broken.year_of(date(2026, 6, 30)), 2025)
        self.assertEqual(self.broken.year_of(date(2026, 7, 1)), 2026)

    def test_broken_year_beyond_the_table_is_guessed(self):
        self.assertEqual(self.broken.year_of(date(2023, 3, 1)), 2022)
        self.assertEqual(self.broken.year_of(date(2024, 2, 29)), 2023)
        self.assertEqual(self.broken.year_of(date(2029, 12, 31)), 2029)

    def test_year_without_table_is_that_of_the_calendar(self):
        self.assertEqual(FinancialCalendar().year_of(date(2026, 3, 1)), 2026)

    def test_table_with_gaps_names_a_year_all_the_same(self):
        gap = FinancialCalendar(months(2026)[:2])
        self.assertEqual(gap.year_of(date(2026, 5, 1)), 2026)

    # === ENTRIES === #

    def test_spans_name_the_periods_that_some_days_touch(self):
        spans = self.broken.spans(date(2026, 5, 31), date(2026, 7, 1))
        self.assertEqual(spans, [(2025, 11, 12), (2026, 1, 1)])
        spans = self.plain.spans(date(2026, 12, 1), date(2026, 12, 31))
        self.assertEqual(spans, [(2026, 12, 13)])

    def test_day_within_its_period_is_when_the_ledger_has_it(self):
        day = date(2026, 3, 21)
        self.assertEqual(self.plain.days(day, 2026, 3), (day, day))
        self.assertEqual(
            self.plain.days(day, 2026, 4), (date(2026, 4, 1), date(2026, 4, 30))
        )
        self.assertEqual(self.plain.days(day, None, None), (day, day))
        self.assertEqual(self.plain.days(day, 1999, 1), (day, day))
        self.assertIsNone(self.plain.days(None, None, None))

    # === TOTALS === #

    def totals(self, calendar, *sides):
        totals = Totals("EUR", calendar)
        for side, values in sides:
            nothing = dict.fromkeys(
                ("key", "number", "reference", "customer", "total", "total_dc"), None
            )
            values = {"day": date(2026, 3, 30), "vat_dc": None, **values}
            totals.add(Booking(journal="70", currency="EUR", **nothing, **values), side)
        return {key[1] for key in totals.by_code}

    def test_totals_group_by_the_period_and_not_by_the_document(self):
        april = {"accounting_day": date(2026, 4, 5), "year": 2026, "period": 4}
        found = self.totals(self.plain, (0, april), (2, {"year": 2026, "period": 4}))
        self.assertEqual(found, {"2026-04"})

    def test_totals_of_quarters_name_both_months(self):
        may = {"accounting_day": date(2026, 5, 5), "year": 2026, "period": 2}
        found = self.totals(self.quarters, (0, may), (2, {"year": 2026, "period": 2}))
        self.assertEqual(found, {"2026-04 – 2026-06"})

    def test_totals_without_table_are_by_accounting_month(self):
        april = {"accounting_day": date(2026, 4, 5)}
        found = self.totals(FinancialCalendar(), (0, april))
        self.assertEqual(found, {"2026-04"})
