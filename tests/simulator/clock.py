"""The simulator's clock: real time, moved or stopped by tests."""

import threading
import time
from datetime import date, datetime, timedelta, timezone
from functools import cache


class Clock:
    """Tell the time in seconds since 1970; can be advanced, set and frozen.

    :param source: callable with the seconds since 1970, e.g. for a test's own clock.
    """

    def __init__(self, source=time.time):
        self._source = source
        self._lock = threading.Lock()
        self._offset = 0.0
        self._frozen = None

    def now(self):
        with self._lock:
            return self._now()

    def _now(self):
        if self._frozen is not None:
            return self._frozen
        return self._source() + self._offset

    def moment(self):
        """Return now as a naive datetime in UTC."""
        return to_moment(self.now())

    def local(self):
        """Return now on the wall clocks of Exact's country, naive.

        Exact labels these as UTC, so they are no points in time.
        """
        return local_time(self.moment())

    def today(self):
        return self.local().date()

    def advance(self, seconds):
        with self._lock:
            if self._frozen is not None:
                self._frozen += seconds
            self._offset += seconds

    def set(self, moment):
        """Make it `moment` (naive is UTC); time goes on from there."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        with self._lock:
            self._offset += moment.timestamp() - self._now()
            if self._frozen is not None:
                self._frozen = moment.timestamp()

    def freeze(self, frozen=True):
        with self._lock:
            if frozen:
                self._frozen = self._now()
            elif self._frozen is not None:
                self._offset = self._frozen - self._source()
                self._frozen = None

    def reset(self):
        with self._lock:
            self._offset = 0.0
            self._frozen = None


def to_moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def local_time(moment):
    """Turn naive UTC into Central European time, by the rule of the EU."""
    start = _last_sunday(moment.year, 3)
    end = _last_sunday(moment.year, 10)
    summer = start <= moment < end
    return moment + timedelta(hours=2 if summer else 1)


@cache
def _last_sunday(year, month):
    last = date(year, month, 31)
    day = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime(day.year, day.month, day.day, 1)
