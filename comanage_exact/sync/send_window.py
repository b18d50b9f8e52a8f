"""When an invoice is booked that somebody is about to send to the customer."""

from odoo.tools.translate import LazyTranslate

from . import messages
from .chatter import note_held
from .left_out import LeftOut

_lt = LazyTranslate(__name__)

RIGHT_AFTER = _lt("It will be booked in Exact Online right after it is sent.")
AFTER_MINUTES = _lt(
    "It will be booked in Exact Online %(minutes)s minutes after it is sent."
)
SCHEDULED = _lt("It will be booked in Exact Online on %(moment)s.")


class SendWindow:
    """Tells what sending an invoice means for its booking.

    :param account.move move: as superuser.
    :param sending_methods: of the wizard; a download alone books nothing.
    """

    def __init__(self, move, sending_methods):
        self.move = move
        self.env = move.env
        self.owner = move.company_id.exact_owner_id
        self.methods = set(sending_methods or ()) - {"manual"}

    @property
    def text(self):
        """When it will be booked; False where sending it changes nothing."""
        move = self.move
        if move.exact_outbox_id.state == "pending":
            moment = messages.shown_moment(self.env, move.exact_outbox_id.scheduled_at)
            return messages.say(self.env, SCHEDULED, moment=moment)
        if not self._is_queued_by_it:
            return False
        delay = self.owner.exact_delay
        text = AFTER_MINUTES if delay else RIGHT_AFTER
        return messages.say(self.env, text, minutes=delay)

    @property
    def _is_queued_by_it(self):
        move = self.move
        return (
            bool(self.methods)
            and self.owner._exact_is_used()
            and move._exact_is_bookable()
            and move._exact_get_trigger() == "sent"
            and move.exact_outbox_id.state in (False, "cancelled")
            and not LeftOut(self.owner).find(move)
        )

    def hold(self, user):
        """Have the invoice held, whether it is queued already or by being sent.

        :param res.users user: who ticked it.
        """
        outbox = self.move.exact_outbox_id
        if outbox.state != "pending":
            self.move.with_user(user)._exact_queue_later(self.owner, "sent")
            outbox = self.move.exact_outbox_id
        outbox._hold()
        note_held(self.move.with_user(user), "")
