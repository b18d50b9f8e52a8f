from odoo import models


class ExactRequeueMixin(models.AbstractModel):
    """Invoices that must not be left behind although nobody sends them (again)."""

    _name = "exact.requeue.mixin"
    _description = "Invoices Queued Without Being Sent"

    def _exact_requeue(self):
        """Queue again what a reset took out of the queue, or what was withdrawn.

        It was meant for Exact before, and nobody sends it to the customer twice to have
        it booked.
        """
        for company, moves in self._exact_group_automatic():
            for move in moves:
                outbox = move.exact_outbox_id
                if outbox.state != "cancelled" or not outbox.origin:
                    continue
                was_held = outbox.was_held
                move.with_user(self.env.user)._exact_queue_later(company, outbox.origin)
                if was_held:
                    outbox._hold()

    def _exact_queue_reversals(self):
        """Queue credit notes that nobody sends, where their original is on its way."""
        for company, moves in self._exact_group_automatic():
            due = moves.filtered(
                lambda move: (
                    move.exact_state in (False, "cancelled")
                    and move.reversed_entry_id.exact_state not in (False, "cancelled")
                )
            )
            due.with_user(self.env.user)._exact_queue_later(company, "reversed")

    def _exact_group_automatic(self):
        """Return (company that has the settings, invoices booked without a click).

        All as superuser.
        """
        groups = self.sudo().grouped(lambda move: move.company_id.exact_owner_id)
        return [
            (
                company,
                moves.filtered(
                    lambda move: (
                        move._exact_is_bookable() and not move._exact_is_manual_only()
                    )
                ),
            )
            for company, moves in groups.items()
            if company.exact_trigger != "manual" and company._exact_is_used()
        ]
