"""Exact Online's financial years and periods, which need not be those of the calendar.

The accounting date of an invoice decides on its period. Exact does not tell which
periods are closed; that comes out as a refusal.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

# How far a year beyond the table is guessed from those in it.
YEARS_AROUND = 50
# A (first day, last day).
Days = tuple[date, date]


@dataclass(frozen=True, order=True)
class FinancialPeriod:
    """A period of Exact; both days are part of it."""

    year: int
    number: int
    start: date
    end: date

    @property
    def label(self) -> str:
        """The month, or the first and the last of several."""
        months = dict.fromkeys(f"{day:%Y-%m}" for day in (self.start, self.end))
        return " – ".join(months)

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end


def code(year: int, number: int) -> str:
    """Return how sentences name a period."""
    return f"{year}-{number:02}"


def find(periods: Iterable[FinancialPeriod], day: date) -> FinancialPeriod | None:
    """Return the period of a day.

    A closing period, such as the thirteenth, comes after the one that it overlaps.
    """
    return min((one for one in periods if one.contains(day)), default=None)


class FinancialCalendar:
    """The periods of a division.

    :param periods: of FinancialPeriod; none where the list was never fetched.
    """

    def __init__(self, periods: Iterable[FinancialPeriod] = ()) -> None:
        self.periods = sorted(periods)

    def find(self, day: date) -> FinancialPeriod | None:
        return find(self.periods, day)

    def get(self, year: int | None, number: int | None) -> FinancialPeriod | None:
        for period in self.periods:
            if (period.year, period.number) == (year, number):
                return period
        return None

    def year_of(self, day: date) -> int:
        """Return the financial year of a day.

        Beyond the table it is guessed from the same day of the nearest year in it;
        without a table it is the year of the calendar.
        """
        if not self.periods:
            return day.year
        for distance in range(YEARS_AROUND):
            for years in (distance, -distance):
                period = self.find(_move_years(day, years))
                if period:
                    return period.year - years
        return day.year

    def first_open(
        self, day: date, is_closed: Callable[[FinancialPeriod], bool]
    ) -> FinancialPeriod | None:
        """Return the first period of a day or after it that is not closed.

        Closing periods are for the accountant, never for invoices.
        """
        for period in sorted(self.periods, key=lambda one: one.start):
            is_ordinary = self.find(period.start) == period
            if period.end >= day and is_ordinary and not is_closed(period):
                return period
        return None

    def spans(self, first: date, last: date) -> list[tuple[int, int, int]]:
        """Return the periods that some days touch, as (year, first, last number)."""
        numbers: dict[int, list[int]] = {}
        for period in self.periods:
            if period.start <= last and period.end >= first:
                numbers.setdefault(period.year, []).append(period.number)
        return [(year, min(found), max(found)) for year, found in numbers.items()]

    def days(
        self, day: date | None, year: int | None, number: int | None
    ) -> Days | None:
        """Return when the ledger has an entry, as far as that is known.

        :param date day: EntryDate, which may lie outside the period.
        :param int year, number: of the period.
        """
        period = self.get(year, number)
        if period and not (day and period.contains(day)):
            return period.start, period.end
        return (day, day) if day else None

    def label(
        self, day: date | None, year: int | None = None, number: int | None = None
    ) -> str:
        """Return the name of the period by which totals are grouped, or of the month.

        :param int year, number: of the period; None for that of the day.
        """
        period = self.get(year, number) or (day and self.find(day))
        if period:
            return period.label
        return f"{day:%Y-%m}" if day else ""


def _move_years(day: date, years: int) -> date:
    year = min(max(day.year + years, date.min.year), date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        # 29 February.
        return day.replace(year=year, day=28)
