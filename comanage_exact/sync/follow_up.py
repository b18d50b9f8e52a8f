"""Committing the result of one booking, and what follows from it for others."""

from psycopg2.errors import SerializationFailure

from odoo import fields

from ..booking.life_cycle import DUE
from . import messages
from .recheck import retry_same_cause
from .screens import refresh_screens

# After these nothing more happens without a person.
FINAL = ("sent", "failed")
ATTEMPTS = 3


def commit_result(outbox, client):
    """Commit the result of a booking with its calls, and only then what follows.

    :param ExactClient client: that recorded the calls.
    """
    follow_up = FollowUp(outbox)
    is_needed = follow_up.is_needed()
    # Only the worker that has the booking writes its history.
    outbox.env["exact.call"].sudo()._store(outbox, client.observer.pop_calls())
    refresh_screens(outbox)
    outbox.env["ir.cron"]._commit_progress(1)
    if is_needed:
        follow_up.run()


class FollowUp:
    """What a result means for other invoices and for the user who clicked the button.

    Workers may meet here. That never undoes the result, which is committed.
    """

    def __init__(self, outbox):
        self.outbox = outbox
        self.env = outbox.env

    def is_needed(self):
        if self.outbox.is_awaited:
            return True
        return self.outbox.state == "sent" and bool(
            self.outbox.cause or self.outbox.move_id.reversal_move_ids
        )

    def run(self):
        for _attempt in range(ATTEMPTS):
            try:
                if self.outbox.state == "sent":
                    self._release_credit_notes()
                    retry_same_cause(self.outbox)
                self._notify_user()
                self.env["ir.cron"]._commit_progress()
                return
            except SerializationFailure:
                self.env.cr.rollback()

    def _release_credit_notes(self):
        """Book the credit notes now that waited for this invoice."""
        waiting = self.outbox.move_id.reversal_move_ids.exact_outbox_id.filtered(
            lambda outbox: (
                outbox.state in ("pending", "failed")
                and outbox.error_kind == "original"
            )
        )
        if waiting:
            now = fields.Datetime.now()
            waiting._transition(
                "pending", scheduled_at=now, error=False, error_kind=False
            )
            self.outbox._trigger_push(now)

    def _notify_user(self):
        """Notify the user who clicked the button, once all that they sent is done."""
        outbox = self.outbox
        if not (outbox.is_awaited and outbox.state in FINAL):
            return
        awaited = [("is_awaited", "=", True), ("user_id", "=", outbox.user_id.id)]
        unfinished = [
            *awaited,
            ("state", "in", DUE),
            ("scheduled_at", "<=", fields.Datetime.now()),
        ]
        if outbox.search_count(unfinished, limit=1):
            return
        finished = outbox.search([*awaited, ("state", "in", FINAL)])
        failed = finished.filtered(lambda outbox: outbox.state == "failed")
        outbox.user_id._bus_send(
            "simple_notification",
            {
                "type": _notification_type(failed),
                "title": messages.say(self.env, messages.TITLE),
                "message": messages.results_text(self.env, finished - failed, failed),
                "sticky": bool(failed),
            },
        )
        finished.is_awaited = False


def _notification_type(failed):
    """Return how a result looks: a customer to be matched is no failure."""
    if not failed:
        return "success"
    is_question = set(failed.mapped("status")) == {"customer"}
    return "warning" if is_question else "danger"
