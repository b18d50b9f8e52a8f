"""The one line on an invoice that tells where it stands in Exact Online."""

from functools import cached_property

from odoo import fields
from odoo.tools import format_date

from ..booking.life_cycle import IN_EXACT_MAYBE
from . import messages
from .left_out import LeftOut
from .strip_messages import (
    BOOKED,
    HELD,
    HELD_BECAUSE,
    LINKED,
    NOT_CONNECTED,
    NOT_QUEUED,
    NOT_VERIFIED,
    RIGHT_AWAY,
    SCHEDULED,
    SENDING,
)

# What has a strip of its own, with its ways out.
OWN_STRIP = ("failed", "customer", "deleted", "changed", "differs", "held")


class Strip:
    """Finds what matters most about an invoice, and says it.

    :param account.move move: a single one, as superuser, in the reader's language.
    """

    def __init__(self, move):
        self.move = move
        self.env = move.env
        self.outbox = move.exact_outbox_id
        self.owner = move.company_id.exact_owner_id

    @cached_property
    def kind(self):
        """What the strip is about: a key of `exact_strip`; False for none."""
        outbox, status = self.outbox, self.outbox.status
        if outbox.stop_problem:
            return "stopped"
        if status in OWN_STRIP:
            return status
        if outbox.state == "pending":
            return "waiting" if outbox.error or self._lacks_connection else "scheduled"
        if outbox.state in IN_EXACT_MAYBE:
            return "waiting" if outbox.error else "sending"
        if outbox.state == "withdrawing" or (outbox.state == "sent" and outbox.error):
            return "waiting"
        if outbox.state == "sent":
            return "rounding" if self._has_rounding else "booked"
        return "left_out" if self._reason else False

    @property
    def text(self):
        """The sentence of the strip, where no field of the booking has it."""
        if self.kind == "scheduled":
            return self._scheduled_text()
        if self.kind == "held":
            reason = self.outbox.hold_reason
            return self._say(HELD_BECAUSE if reason else HELD, reason=reason)
        if self.kind == "sending":
            return self._say(SENDING)
        if self.kind == "booked":
            return self._booked_text()
        if self.kind == "waiting":
            waits = self.outbox.error
            return waits or self._say(NOT_CONNECTED, company=self.owner.name)
        if self.kind == "left_out":
            return self._left_out_text()
        return False

    @property
    def _lacks_connection(self):
        return not self.owner._exact_is_ready()

    @property
    def _has_rounding(self):
        return bool(self.outbox.difference) and self.outbox.is_rounding_shown

    def _scheduled_text(self):
        due = self.outbox.scheduled_at
        connection = self.owner.exact_connection_id
        now = fields.Datetime.now()
        paused = connection.paused_until
        if paused and paused > max(now, due) and connection.problem:
            return messages.paused_until_text(self.env, connection.problem, paused)
        if due <= now:
            late = self.env["exact.outbox"]._get_push_problem()
            return late or self._say(RIGHT_AWAY)
        return self._say(SCHEDULED, moment=messages.shown_moment(self.env, due))

    def _booked_text(self):
        outbox = self.outbox
        day = format_date(self.env, outbox.synced_at)
        # What was linked was not sent.
        text = BOOKED if outbox.attempts else LINKED
        sentences = [self._say(text, number=outbox.exact_number, day=day)]
        if outbox.is_verification_due:
            sentences.append(self._say(NOT_VERIFIED))
        return " ".join(sentences)

    # === NOT QUEUED === #

    @cached_property
    def _reason(self):
        """Why the invoice is not queued: a key of NOT_QUEUED, or False."""
        move = self.move
        if not move._exact_is_bookable() or not self.owner._exact_is_used():
            return False
        if reason := LeftOut(self.owner).find(move):
            return reason
        if self.outbox:
            return "withdrawn" if self.outbox.is_withdrawn else "cancelled"
        trigger = move._exact_get_trigger()
        if trigger == "sent" and not move.is_move_sent:
            return "not_sent"
        return "manual" if trigger == "manual" else "late"

    def _left_out_text(self):
        move, start = self.move, self.owner.exact_start_date
        return self._say(
            NOT_QUEUED[self._reason],
            start=messages.shown(self.env, start) if start else "",
            company=self.owner.name,
            journal=move.journal_id.name,
            customer=move.commercial_partner_id.display_name,
        )

    def _say(self, text, **values):
        return messages.say(self.env, text, **values)
