"""Letting a booking wait after an error that passes without anyone."""

from odoo import fields

from ..booking import life_cycle
from ..exact_api.exceptions import (
    ExactCustomerInDoubt,
    ExactErrorLimit,
    ExactRateLimited,
)
from . import messages, waiting_messages


class Waiting:
    """Writes when a booking is tried again, and says so.

    :param exact.outbox outbox: a single one, locked by this worker.
    """

    def __init__(self, outbox):
        self.outbox = outbox

    def look_up_later(self, err):
        """Leave it to a look-up whether Exact has the entry."""
        outbox = self.outbox
        if isinstance(err, (ExactErrorLimit, ExactRateLimited)):
            # Its moment is known, and it is no failure of Exact Online.
            earliest = fields.Datetime.now() + life_cycle.LOOK_UP_AFTER
            until = max(err.retry_at, earliest)
            text = waiting_messages.answer_lost_text(outbox, until)
            outbox._mark_unconfirmed(text, until=until)
        else:
            until = outbox._get_next_look_up()
            text = waiting_messages.answer_lost_text(outbox, until)
            outbox._look_up_later(until, text)

    def send_later(self, err):
        """Leave what surely did not arrive for another moment.

        | Error                | Next                     |
        |----------------------|--------------------------|
        | ExactErrorLimit      | the moment that it names |
        | ExactCustomerInDoubt | the moment that it names |
        | ExactRateLimited     | the moment that it names |
        | all others           | a little later each time |
        """
        outbox = self.outbox
        if isinstance(err, ExactErrorLimit):
            limit = {"count": err.count, "resource": err.resource}
            text = messages.booking_text(outbox, messages.ERROR_LIMIT, **limit)
            outbox._postpone(err.retry_at, "refused", text)
        elif isinstance(err, ExactCustomerInDoubt):
            customer = outbox.partner_id.display_name
            text = messages.booking_text(
                outbox, messages.CUSTOMER_UNCONFIRMED, customer=customer
            )
            outbox._postpone(err.retry_at, "unconfirmed", text)
        elif isinstance(err, ExactRateLimited):
            text = waiting_messages.limit_text(outbox, err.retry_at)
            outbox._postpone(err.retry_at, "unreachable", text)
        else:
            until = outbox._get_next_retry()
            text = waiting_messages.unreachable_text(outbox, until)
            outbox._retry_later(until, "unreachable", text)
