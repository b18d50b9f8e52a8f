"""What happens next to a booking that waits, and when: no action is needed.

One that has waited too long names who can look into it.
"""

from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

from ..booking import life_cycle
from .messages import booking_text, say

_lt = LazyTranslate(__name__)

UNREACHABLE = _lt(
    "%(name)s waits because Exact Online is unavailable. Odoo will retry at %(until)s, "
    "or as soon as Exact Online answers again. No action is needed."
)
LIMIT_REACHED = _lt(
    "%(name)s waits because the Exact Online API limit has been reached. Odoo will "
    "resume automatically at %(until)s. No action is needed."
)
ANSWER_LOST = _lt(
    "The response from Exact Online for %(name)s was lost. At %(until)s, Odoo checks "
    "whether the invoice arrived before it retries. No action is needed."
)
NOT_ARRIVED = _lt(
    "The response from Exact Online for %(name)s was lost, and Exact Online does not "
    "have the invoice. Odoo will send it again at %(until)s. No action is needed."
)
STUCK = _lt(
    "%(name)s is not booked after %(count)s attempts because Exact Online was "
    "unavailable or its response was lost. Odoo retries every four hours, next at "
    "%(until)s. If other invoices are booked meanwhile, book this one in Exact Online "
    "manually, then click “Already in Exact Online?” to link it."
)


def unreachable_text(outbox, until):
    """Return why a booking waits that surely did not arrive."""
    return _retry_text(outbox, UNREACHABLE, until)


def answer_lost_text(outbox, until):
    """Return why a booking waits for a look-up."""
    return _retry_text(outbox, ANSWER_LOST, until)


def not_arrived_text(outbox, until):
    """Return why a booking is sent again that a look-up did not find."""
    # This is no further failure.
    return _retry_text(outbox, NOT_ARRIVED, until, outbox.failures)


def limit_text(outbox, until):
    """Return why a booking waits for calls to be welcome again."""
    return booking_text(outbox, LIMIT_REACHED, until=_moment(outbox, until))


def _retry_text(outbox, text, until, failures=None):
    """Fill in when it is tried again; after too many failures say what else helps."""
    failures = outbox.failures + 1 if failures is None else failures
    if life_cycle.is_stuck(failures):
        text = STUCK
    return say(
        outbox.env,
        text,
        name=outbox.move_id.name,
        until=_moment(outbox, until),
        count=failures,
    )


def _moment(outbox, until):
    """Return a moment as the responsible user reads it."""
    return format_datetime(outbox.env, until, tz=outbox.user_id.tz, dt_format="short")
