from datetime import timedelta

from odoo import fields, models

NOT_BOOKED_YET = ("pending", "held", "sending", "unconfirmed", "failed")
# A booked original wakes its credit notes at once; this is for all other ends.
LOOK_AGAIN_AFTER = timedelta(minutes=15)


class ExactOutbox(models.Model):
    """Credit notes, which wait for the invoice that they credit."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    def _wait_for_original(self):
        """Postpone a credit note whose original is on its way to Exact, too.

        :return: whether it waits.
        """
        original = self.move_id.reversed_entry_id.exact_outbox_id
        if original.state not in NOT_BOOKED_YET:
            return False
        self._postpone(
            fields.Datetime.now() + LOOK_AGAIN_AFTER,
            "original",
            self.env._(
                "%(name)s waits for %(original)s, which it credits and which is not "
                "booked in Exact Online yet. Book or withdraw that one first.",
                name=self.move_id.name,
                original=original.move_id.name,
            ),
        )
        return True

    def _wake_credit_notes(self):
        """Let the credit notes go that waited for this invoice."""
        if self.state != "sent":
            return
        waiting = self.move_id.reversal_move_ids.exact_outbox_id.filtered(
            lambda outbox: outbox.state == "pending" and outbox.error_kind == "original"
        )
        if waiting:
            now = fields.Datetime.now()
            waiting._transition(
                "pending", scheduled_at=now, error=False, error_kind=False
            )
            self._trigger_push(now)
