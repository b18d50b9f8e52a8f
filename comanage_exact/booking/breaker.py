"""When the calls of a connection pause that gets no answers, and for how long.

A booking waits longer after each failure of its own, see `life_cycle`. A connection is
tried again more often: all its bookings go once it answers, and each trial costs one
call that is wasted otherwise.
"""

from datetime import timedelta

# After so many failures in a row, each of a call that surely did not arrive.
UNAVAILABLE_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5))
# A single lost answer says little. So many in a row say that Exact Online is in
# trouble, and each one more would leave an invoice to be looked up.
LOST_LIMIT = 3
# The first one lets a look-up be the next call; and as each trial takes three calls, a
# look-up by two and a new attempt, they are fewer.
LOST_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15))


def pause_unavailable(failures: int) -> timedelta:
    """Return the pause after so many calls in a row that did not arrive."""
    return _step(UNAVAILABLE_PAUSES, failures)


def pause_lost(answers: int) -> timedelta | None:
    """Return the pause after so many lost answers in a row; None for none."""
    if answers < LOST_LIMIT:
        return None
    return _step(LOST_PAUSES, answers - LOST_LIMIT + 1)


def _step(pauses: tuple[timedelta, ...], number: int) -> timedelta:
    return pauses[min(max(number, 1), len(pauses)) - 1]
