"""Notes on the invoice itself: what became of its booking, and who decided."""

from markupsafe import Markup

from odoo.tools.translate import LazyTranslate

from . import messages

_lt = LazyTranslate(__name__)

BOOKED = _lt("Booked in Exact Online as entry %(number)s.")
HELD = _lt("Booking in Exact Online put on hold.")
HELD_BECAUSE = _lt("Booking in Exact Online put on hold. Reason: %(reason)s")
RELEASED = _lt("Released for booking in Exact Online.")
ASKED = _lt("%(user)s asks you to fix this for Exact Online")
FIX = _lt("Fix")
ACTIVITY_TYPE = "comanage_exact.mail_activity_type_exact"
# By the model of what they fix.
FIX_ACTIONS = {
    "exact.outbox": "comanage_exact.exact_fix_action",
    "exact.setup": "comanage_exact.exact_setup_fix_action",
}


def note_booked(outbox):
    """Note on an invoice as which entry it is booked, in the name of who asked."""
    author = outbox.env.ref("base.partner_root")
    if outbox.is_awaited and outbox.user_id:
        author = outbox.user_id.partner_id
    body = messages.say(outbox.env, BOOKED, number=outbox.exact_number)
    # Nobody answers a note, and reading the address costs two queries an invoice.
    outbox.move_id._message_log(body=body, author_id=author.id, email_from=False)


def note_held(moves, reason):
    """Note on invoices that the user of the environment holds them.

    :param str reason: may be empty.
    """
    _note(moves, HELD_BECAUSE if reason else HELD, reason=reason)


def note_released(moves):
    _note(moves, RELEASED)


def fix_link(record):
    """Return the link that does what the Fix button of a booking or set-up does."""
    action = FIX_ACTIONS[record._name]
    place = (record._name, record.id, action, messages.say(record.env, FIX))
    return Markup("<p><a href='/odoo/%s/%s/action-%s'>%s</a></p>") % place


def ask(move, user, problem):
    """Give a user an activity on an invoice that another one may not fix.

    :param account.move move: as superuser.
    :param str problem: what has to be fixed.
    """
    env = move.with_context(lang=user.lang).env
    link = fix_link(move.exact_outbox_id.with_env(env))
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
