"""What the button answers: what is queued, and what is skipped and why."""

from collections import Counter

from odoo.tools.translate import LazyTranslate

from ..booking.life_cycle import UNDER_WAY
from . import messages

_lt = LazyTranslate(__name__)

QUEUED_ONE = _lt("%(name)s will be booked in Exact Online right away.")
QUEUED_MANY = _lt("%(count)s invoices will be booked in Exact Online right away.")
NOTHING_QUEUED = _lt("No invoice will be booked in Exact Online.")
SKIPPED = _lt("Skipped: %(reasons)s.")
# For one and for several of a kind, in the order in which they are named.
REASONS = {
    "other": (_lt("1 not a customer invoice"), _lt("%(count)s not customer invoices")),
    "draft": (_lt("1 draft"), _lt("%(count)s drafts")),
    "cancel": (_lt("1 cancelled"), _lt("%(count)s cancelled")),
    "booked": (_lt("1 already booked"), _lt("%(count)s already booked")),
    "sending": (_lt("1 being sent"), _lt("%(count)s being sent")),
    "company": (
        _lt("1 of a company that is not connected"),
        _lt("%(count)s of companies that are not connected"),
    ),
}


def queued_text(env, moves):
    """Return which invoices are queued.

    :param account.move moves: may be empty.
    """
    if not moves:
        return messages.say(env, NOTHING_QUEUED)
    if len(moves) == 1:
        return messages.say(env, QUEUED_ONE, name=moves.name)
    return messages.say(env, QUEUED_MANY, count=len(moves))


def skipped_text(env, moves):
    """Return how many invoices are skipped for which reason; '' for none.

    :param account.move moves: as superuser.
    """
    found = Counter(map(_find_reason, moves))
    reasons = [
        messages.say(env, texts[found[reason] > 1], count=found[reason])
        for reason, texts in REASONS.items()
        if found[reason]
    ]
    return messages.say(env, SKIPPED, reasons=", ".join(reasons)) if reasons else ""


def _find_reason(move):
    if move.move_type not in ("out_invoice", "out_refund"):
        return "other"
    if move.state != "posted":
        return move.state
    state = move.exact_outbox_id.state
    if state in UNDER_WAY:
        return "sending"
    if state == "sent":
        return "booked"
    return "company" if move._exact_is_bookable() else "other"
