"""Companies whose financial periods were fetched, and whose dates are locked."""

from calendar import monthrange
from datetime import date

from .common_comparison import ComparisonCommon


class PeriodCommon(ComparisonCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_years(2025, 2026)

    @classmethod
    def make_years(cls, *years, first=1):
        """Make the periods of Exact: months of years that begin in some month."""
        lists = cls.company.env["exact.period"].sudo()
        lists.search([("company_id", "=", cls.company.id)]).unlink()
        lists.create(
            [
                cls.prepare_period(year, index + 1, first + index)
                for year in years
                for index in range(12)
            ]
        )
        cls.company.invalidate_recordset()

    @classmethod
    def prepare_period(cls, year, number, month):
        """Return the values of a month; the 13th is January of the next year."""
        ahead, month = divmod(month - 1, 12)
        start = date(year + ahead, month + 1, 1)
        last = monthrange(start.year, start.month)[1]
        return {
            "company_id": cls.company.id,
            "code": f"{year}-{number:02}",
            "year": year,
            "number": number,
            "start_date": start,
            "end_date": start.replace(day=last),
        }

    @classmethod
    def find_period(cls, code):
        found = cls.company.sudo().exact_period_ids
        return found.filtered(lambda period: period.code == code)

    @classmethod
    def make_moved(cls, invoice_date="2026-02-20", lock="2026-02-28", **values):
        """Return an invoice that a lock date moved to the month of today, March."""
        cls.company.sudo().tax_lock_date = lock
        return cls.make_invoice(invoice_date=invoice_date, **values)
