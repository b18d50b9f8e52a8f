"""The life of a booking: what may follow on what, and when it is tried again.

(none) ------> pending        invoice sent, or Send to Exact
pending -----> pending        scheduled for another moment
pending <----> held           Hold, Release
pending -----> sending        claimed; committed before any call
pending -----> failed         a check fails; nothing left Odoo
sending -----> sent           Exact Online answered with the ID of the entry
sending -----> pending        surely not received: refused connection, 401, 429
                              or no time left for a call: tried again, for ever
sending -----> failed         refused, or another entry has our number
sending -----> unconfirmed    the answer was lost, or the worker died
sending -----> misplaced      Exact Online booked it in another division
misplaced ---> unconfirmed    a manager moved or deleted that entry: looked up
unconfirmed -> sent           the look-up finds it
unconfirmed -> pending        the look-up finds none
unconfirmed -> unconfirmed    the look-up fails
unconfirmed -> failed         the look-up finds another entry with our number
failed ------> pending        Retry, or its cause was fixed
waiting -----> cancelled      reset to draft, cancel
cancelled ---> pending        sent again, or confirmed again after it was sent
not sent ----> sent           a person links an entry that exists in Exact Online
sent --------> pending        its entry is proved gone: booked again, or another linked
sent --------> withdrawing    a manager has its entry deleted; committed before any call
withdrawing -> withdrawing    taken by a worker; an answer was lost: looked up again
withdrawing -> cancelled      its entry is proved gone
withdrawing -> pending        the same, to be booked again at once
withdrawing -> sent           changed over there, or Exact Online refuses to delete it
"""

from datetime import timedelta

TRANSITIONS: dict[str, set[str]] = {
    "pending": {"pending", "held", "sending", "failed", "cancelled", "sent"},
    "held": {"pending", "cancelled", "sent"},
    "sending": {"sent", "pending", "failed", "unconfirmed", "misplaced"},
    "unconfirmed": {"sent", "pending", "failed", "unconfirmed"},
    # Never back to pending without a look: Exact has the entry, in the wrong place.
    "misplaced": {"unconfirmed"},
    "failed": {"pending", "cancelled", "sent"},
    "cancelled": {"pending", "sent"},
    "sent": {"pending", "withdrawing"},
    "withdrawing": {"withdrawing", "cancelled", "pending", "sent"},
}
DUE = ("pending", "unconfirmed", "withdrawing")
IN_EXACT_MAYBE = ("sending", "unconfirmed")
NOT_BOOKED_YET = ("pending", "held", "sending", "unconfirmed", "misplaced", "failed")
# Calls go out for these, or an answer to them is awaited.
UNDER_WAY = (*IN_EXACT_MAYBE, "misplaced", "withdrawing")

# An aborted request may still be finishing in Exact Online.
LOOK_UP_AFTER = timedelta(minutes=2)
# Who misses an invoice in Exact for longer than this may enter it there manually.
TYPED_AFTER = timedelta(days=1)
# A claim older than this belongs to a worker that died.
LEASE = timedelta(minutes=15)
# To the next attempt after so many in a row that failed for a passing reason. The last
# one holds from then on: what passes never becomes final.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))


def retry_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    return RETRY_AFTER[min(max(failures, 1), len(RETRY_AFTER)) - 1]


def is_stuck(failures: int) -> bool:
    """Tell whether it failed so often that somebody has to know."""
    return failures > len(RETRY_AFTER)
