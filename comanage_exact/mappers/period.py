"""The financial periods of a company, as they were fetched from Exact Online."""

from functools import cached_property

from ..booking.period import FinancialCalendar, FinancialPeriod


class PeriodMapper:
    """Reads the financial periods of a company's division.

    :param res.company company: with the settings, as superuser.
    """

    def __init__(self, company):
        self.company = company

    @cached_property
    def _records(self):
        """{FinancialPeriod: exact.period}"""
        return {
            FinancialPeriod(
                record.year, record.number, record.start_date, record.end_date
            ): record
            for record in self.company.exact_period_ids
            if record.start_date and record.end_date
        }

    @cached_property
    def calendar(self):
        return FinancialCalendar(self._records)

    def find(self, day):
        """Return the exact.period of a day; empty if there is none."""
        return self._get_record(self.calendar.find(day))

    def first_open(self, day, journal, refused=()):
        """Return the exact.period of a day, or the first after it, that may be open.

        :param str journal: code of the one in Exact, which closes on its own.
        :param refused: (year, number) of what Exact has just refused.
        """

        def is_closed(period):
            where = (period.year, period.number)
            return where == refused or self._records[period]._is_closed(journal)

        return self._get_record(self.calendar.first_open(day, is_closed))

    def _get_record(self, period):
        return self._records.get(period, self.company.env["exact.period"])
