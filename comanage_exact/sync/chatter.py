"""Notes on the invoice itself: what became of its booking, and who decided."""

from markupsafe import Markup

from odoo.tools.translate import LazyTranslate

from . import messages

_lt = LazyTranslate(__name__)

BOOKED = _lt("Booked in Exact Online as entry %(number)s.")
BOOKED_FOR = _lt("Booked in Exact Online as entry %(number)s. Sent by %(user)s.")
HELD = _lt("Booking in Exact Online put on hold.")
HELD_BECAUSE = _lt("Booking in Exact Online put on hold. Reason: %(reason)s")
RELEASED = _lt("Released for booking in Exact Online.")
ASKED = _lt("%(user)s asks you to fix this for Exact Online")
FIX = _lt("Open the booking and click Fix")
ACTIVITY_TYPE = "comanage_exact.mail_activity_type_exact"
BOOKINGS = "comanage_exact.exact_outbox_action"


def note_booked(outbox):
    """Note on an invoice as which entry it is booked, and who clicked the button."""
    is_asked = outbox.is_awaited and outbox.user_id
    body = messages.say(
        outbox.env,
        BOOKED_FOR if is_asked else BOOKED,
        number=outbox.exact_number,
        user=outbox.user_id.name,
    )
    outbox.move_id._message_log(body=body)


def note_held(moves, reason):
    """Note on invoices that the user of the environment holds them.

    :param str reason: may be empty.
    """
    _note(moves, HELD_BECAUSE if reason else HELD, reason=reason)


def note_released(moves):
    _note(moves, RELEASED)


def ask(move, user, problem):
    """Give a user an activity on an invoice that another one may not fix.

    :param account.move move: as superuser.
    :param str problem: what has to be fixed.
    """
    env = move.with_context(lang=user.lang).env
    link = Markup("<p><a href='/odoo/action-%s/%s'>%s</a></p>") % (
        BOOKINGS,
        move.exact_outbox_id.id,
        messages.say(env, FIX),
    )
    move.activity_schedule(
        ACTIVITY_TYPE,
        user_id=user.id,
        summary=messages.say(env, ASKED, user=move.env.user.name),
        note=Markup("<p>%s</p>") % problem + link,
    )


def _note(moves, text, **values):
    if moves:
        body = messages.say(moves.env, text, **values)
        moves._message_log_batch(dict.fromkeys(moves.ids, body))
