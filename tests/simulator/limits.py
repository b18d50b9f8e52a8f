"""Limits on calls and on client errors."""

from collections import defaultdict, deque

MINUTE = 60
DAY = 86_400
HOUR = 3_600
COUNTED_ERRORS = (400, 401, 403, 404)


class Limits:
    """Counts calls per app and division, and errors per endpoint."""

    def __init__(self, settings, clock):
        self._settings = settings
        self._clock = clock
        self._windows = {}
        self._errors = defaultdict(deque)
        self._blocked_until = {}
        self._blocks = defaultdict(int)

    # === CALLS === #

    def exhausted(self, client_id, division):
        """Return the used-up window, 'minute' or 'day', or None."""
        minute, day = self._counts(client_id, division)
        if minute >= self._settings.minute_limit:
            return "minute"
        if day >= self._settings.day_limit:
            return "day"
        return None

    def count(self, client_id, division):
        for window in ("minute", "day"):
            start, used = self._window(client_id, division, window)
            self._windows[client_id, division, window] = (start, used + 1)

    def use_up(self, client_id, division, window):
        """Leave no call in a window, as if somebody else had made them."""
        start, _used = self._window(client_id, division, window)
        limit = getattr(self._settings, f"{window}_limit")
        self._windows[client_id, division, window] = (start, limit)

    def headers(self, client_id, division, windows=("day", "minute")):
        """Return the rate headers; resets are milliseconds since 1970."""
        found = {}
        for window in windows:
            prefix = "X-RateLimit-" + ("Minutely-" if window == "minute" else "")
            length = MINUTE if window == "minute" else DAY
            limit = getattr(self._settings, f"{window}_limit")
            start, used = self._window(client_id, division, window)
            found[f"{prefix}Limit"] = str(limit)
            found[f"{prefix}Remaining"] = str(max(limit - used, 0))
            found[f"{prefix}Reset"] = str((start + length) * 1000)
        return found

    def _counts(self, client_id, division):
        return tuple(
            self._window(client_id, division, window)[1] for window in ("minute", "day")
        )

    def _window(self, client_id, division, window):
        length = MINUTE if window == "minute" else DAY
        start = int(self._clock.now()) // length * length
        kept = self._windows.get((client_id, division, window))
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
