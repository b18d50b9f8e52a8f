"""Limits on calls and on client errors."""

from collections import defaultdict, deque

MINUTE = 60
DAY = 86_400
HOUR = 3_600
COUNTED_ERRORS = (400, 401, 403, 404)
# Window: (its seconds, what its headers begin with).
WINDOWS = {
    "minute": (MINUTE, "X-RateLimit-Minutely-"),
    "day": (DAY, "X-RateLimit-"),
    "contract": (DAY, "X-RateLimit-"),
}


class Limits:
    """Counts calls per app and division and in all, and errors per endpoint.

    All divisions are those of one contract.
    """

    def __init__(self, settings, clock):
        self._settings = settings
        self._clock = clock
        self._windows = {}
        self._errors = defaultdict(deque)
        self._blocked_until = {}
        self._blocks = defaultdict(int)

    # === CALLS === #

    def exhausted(self, client_id, division):
        """Return the used-up window, 'minute', 'day' or 'contract', or None."""
        for window in WINDOWS:
            limit = self._limit(window)
            used = self._window(client_id, division, window)[1]
            if limit is not None and used >= limit:
                return window
        return None

    def count(self, client_id, division):
        for window in WINDOWS:
            start, used = self._window(client_id, division, window)
            self._windows[_key(client_id, division, window)] = (start, used + 1)

    def headers(self, client_id, division, windows=("day", "minute")):
        """Return the rate headers; resets are milliseconds since 1970.

        A call that names no division has none.
        """
        found = {}
        for window in windows if division is not None else ():
            length, prefix = WINDOWS[window]
            limit = self._limit(window)
            start, used = self._window(client_id, division, window)
            found[f"{prefix}Limit"] = str(limit)
            found[f"{prefix}Remaining"] = str(max(limit - used, 0))
            found[f"{prefix}Reset"] = str((start + length) * 1000)
        return found

    def _limit(self, window):
        return getattr(self._settings, f"{window}_limit")

    def _window(self, client_id, division, window):
        length = WINDOWS[window][0]
        start = int(self._clock.now()) // length * length
        kept = self._windows.get(_key(client_id, division, window))
        return kept if kept and kept[0] == start else (start, 0)

    # === ERRORS === #

    def is_blocked(self, client_id, endpoint):
        for what in (client_id, (client_id, endpoint)):
            if self._blocked_until.get(what, 0) > self._clock.now():
                return True
        return False

    def note_answer(self, client_id, user, division, endpoint, status):
        """Count a client error; one more than allowed within an hour blocks."""
        if status not in COUNTED_ERRORS:
            return
        now = self._clock.now()
        moments = self._errors[client_id, user, division, endpoint]
        moments.append(now)
        while moments[0] <= now - HOUR:
            moments.popleft()
        if len(moments) <= self._settings.error_limit:
            return
        moments.clear()
        whole_app = self._settings.block_scope == "app"
        what = client_id if whole_app else (client_id, endpoint)
        length = self._settings.block_seconds * 2 ** self._blocks[what]
        self._blocks[what] += 1
        self._blocked_until[what] = now + length


def _key(client_id, division, window):
    """Return what a window is counted for: the contract has one for all calls."""
    return window if window == "contract" else (client_id, division, window)
