"""Which days a mail digest is about."""

from datetime import date, timedelta
from typing import NamedTuple

DAILY = "daily"
WEEKLY = "weekly"
_DAY = timedelta(days=1)


class Period(NamedTuple):
    """Whole days, both included."""

    first: date
    last: date

    @property
    def after(self) -> date:
        """The day on which it can be told."""
        return self.last + _DAY


def last_period(kind: str, today: date) -> Period:
    """Return the last day, or the last week from Monday to Sunday, that is over."""
    if kind == DAILY:
        return Period(today - _DAY, today - _DAY)
    monday = today - today.weekday() * _DAY
    return Period(monday - 7 * _DAY, monday - _DAY)
