"""How many calls Exact still takes: by minute and day, and refusals by hour.

Exact counts per app and division: 60 calls a minute, 5,000 a day, and blocks the app
for an hour after more than 10 client errors of one resource. All apps and divisions of
one Exact contract share 20,000 calls a day. Addresses without a division, such as
`current/Me`, are free. Source: Exact's page "API limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from .const import (
    CALLS_KEPT_FOR_INVOICES,
    CALLS_PER_DAY,
    CALLS_PER_MINUTE,
    FREE_PREFIX,
    LEAST_WAIT,
    LONGEST_WAIT,
    MAX_CLIENT_ERRORS_PER_HOUR,
)
from .exceptions import ExactErrorLimit, ExactRateLimited

MINUTE, DAY = "minute", "day"
LAST_SECOND = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
HEADERS = {MINUTE: "X-RateLimit-Minutely", DAY: "X-RateLimit"}


@dataclass(frozen=True)
class WindowLimits:
    """What an answer says of one minute or day; None where it says nothing.

    :param datetime ends_at: naive UTC.
    """

    limit: int | None = None
    remaining: int | None = None
    ends_at: datetime | None = None

    def clamped(self, now: datetime) -> WindowLimits:
        """Return it with an end that can be meant, whatever the clocks say."""
        if not self.ends_at:
            return self
        ends_at = min(max(self.ends_at, now + LEAST_WAIT), now + LONGEST_WAIT)
        return replace(self, ends_at=ends_at)


@dataclass(frozen=True)
class Limits:
    """What an answer says of the calls that are left."""

    minute: WindowLimits = WindowLimits()
    day: WindowLimits = WindowLimits()

    @classmethod
    def from_answer(
        cls, headers: Mapping[str, str], status: int, now: datetime | None = None
    ) -> Limits:
        """Read the headers of an answer.

        A missing header says nothing, but for a 429: there only the headers of the
        window that is used up are sent.

        :param datetime now: naive UTC, by which odd moments are corrected.
        """
        windows = {
            name: _read_window(headers, prefix, status)
            for name, prefix in HEADERS.items()
        }
        if now:
            windows = {name: kept.clamped(now) for name, kept in windows.items()}
        return cls(**windows)

    @property
    def exhausted_until(self) -> datetime | None:
        """When the used-up window of calls opens again, naive UTC; None if open."""
        resets = [
            window.ends_at
            for window in (self.minute, self.day)
            if window.remaining == 0 and window.ends_at
        ]
        return max(resets, default=None)


def _read_window(headers: Mapping[str, str], prefix: str, status: int) -> WindowLimits:
    remaining = _number(headers.get(f"{prefix}-Remaining"))
    ends_at = _read_reset(headers.get(f"{prefix}-Reset"))
    if remaining is None and status == 429 and ends_at:
        remaining = 0
    return WindowLimits(_number(headers.get(f"{prefix}-Limit")), remaining, ends_at)


@dataclass
class Window:
    """The calls of one minute or day.

    :param datetime ends_at: naive UTC; None before the first call.
    """

    limit: int
    used: int = 0
    ends_at: datetime | None = None

    def restart(self, ends_at: datetime | None, used: int = 0) -> None:
        self.ends_at, self.used = ends_at, used


@dataclass
class Budget:
    """Our own count, corrected by what Exact says with each answer.

    :param dict errors: client errors of this hour by resource.
    """

    minute: Window = field(default_factory=lambda: Window(CALLS_PER_MINUTE))
    day: Window = field(default_factory=lambda: Window(CALLS_PER_DAY))
    hour_ends_at: datetime | None = None
    errors: dict[str, int] = field(default_factory=dict)

    # === COUNT === #

    def reserve(self, now: datetime, resource: str, *, is_invoice: bool = True) -> None:
        """Count a call that is about to be made; a free one costs nothing.

        :param datetime now: naive UTC.
        :param bool is_invoice: code lists leave some calls to the invoices.
        :raise ExactRateLimited: the minute or the day is used up.
        :raise ExactErrorLimit: this resource refused too often within the hour.
        """
        self._restart_windows(now)
        errors = self.errors.get(resource, 0)
        if errors >= MAX_CLIENT_ERRORS_PER_HOUR:
            raise ExactErrorLimit(self.hour_ends_at, resource, errors)
        if resource.startswith(FREE_PREFIX):
            return
        for name in (DAY, MINUTE):
            window = getattr(self, name)
            kept = 0 if is_invoice else CALLS_KEPT_FOR_INVOICES[name]
            if window.used >= window.limit - kept:
                raise ExactRateLimited(window.ends_at)
        self.minute.used += 1
        self.day.used += 1

    def correct(self, limits: Limits) -> bool:
        """Believe what an answer says of the calls that are left.

        :return: whether our own count was another one.
        """
        before = (*vars(self.minute).values(), *vars(self.day).values())
        for name in (MINUTE, DAY):
            window, stated = getattr(self, name), getattr(limits, name)
            if stated.limit:
                window.limit = stated.limit
            if stated.remaining is None:
                continue
            used = window.limit - stated.remaining
            if stated.ends_at and stated.ends_at != window.ends_at:
                window.restart(stated.ends_at, used)
            elif name == MINUTE:
                # Another worker's call may be on its way.
                window.used = max(window.used, used)
            else:
                window.used = used
        return before != (*vars(self.minute).values(), *vars(self.day).values())

    def count_error(self, now: datetime, resource: str) -> None:
        """Count an answer that Exact counts towards blocking the app."""
        self._restart_windows(now)
        self.errors[resource] = self.errors.get(resource, 0) + 1

    def find_blocked(self, now: datetime) -> list[str]:
        """Return the resources that get no more calls within this hour."""
        self._restart_windows(now)
        return sorted(
            resource
            for resource, count in self.errors.items()
            if count >= MAX_CLIENT_ERRORS_PER_HOUR
        )

    def _restart_windows(self, now: datetime) -> None:
        """Restart the windows that are over; resets fall on whole ones of UTC."""
        minute = now.replace(second=0, microsecond=0)
        hour = minute.replace(minute=0)
        if _is_over(self.minute.ends_at, now):
            self.minute.restart(minute + timedelta(minutes=1))
        if _is_over(self.day.ends_at, now):
            self.day.restart(hour.replace(hour=0) + timedelta(days=1))
        if _is_over(self.hour_ends_at, now):
            self.hour_ends_at, self.errors = hour + timedelta(hours=1), {}

    # === STORAGE === #

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> Budget:
        """Read what `dump` made; an empty one for anything false."""
        budget = cls()
        for name in (MINUTE, DAY):
            limit, used, ends_at = (stored or {}).get(name) or (None, 0, None)
            window = getattr(budget, name)
            window.limit = limit or window.limit
            window.restart(_read(ends_at), used)
        budget.hour_ends_at = _read((stored or {}).get("hour"))
        budget.errors = dict((stored or {}).get("errors") or {})
        return budget

    def dump(self) -> dict[str, Any]:
        """Return the budget as JSON can hold it."""
        return {
            MINUTE: [self.minute.limit, self.minute.used, _write(self.minute.ends_at)],
            DAY: [self.day.limit, self.day.used, _write(self.day.ends_at)],
            "hour": _write(self.hour_ends_at),
            "errors": self.errors,
        }


def _read_reset(value: str | None) -> datetime | None:
    """Return the moment of a reset header, epoch milliseconds, naive UTC; or None."""
    milliseconds = _number(value)
    if milliseconds is None:
        return None
    # Dates end with the year 9999.
    seconds = min(milliseconds / 1000, LAST_SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _number(value: str | None) -> int | None:
    is_number = value and value.isascii() and value.isdigit()
    return int(value[:18]) if is_number else None


def _is_over(ends_at: datetime | None, now: datetime) -> bool:
    return ends_at is None or ends_at <= now


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _write(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
