from odoo import models

from ..sync import health_messages, messages, queue_messages
from ..sync.chatter import note_held, note_released
from ..sync.health import Health


class ExactHoldMixin(models.AbstractModel):
    """Holding and releasing invoices, and what the buttons answer."""

    _name = "exact.hold.mixin"
    _description = "Hold on Bookings"

    # === ACTIONS === #

    def action_exact_ask_hold(self):
        """Ask why an invoice is held; the reason may stay empty."""
        self.ensure_one()
        self._exact_check_hold()
        return self.env["exact.hold"].sudo().create({"move_id": self.id})._open()

    def action_exact_hold(self):
        """Hold scheduled invoices until they are released or sent with the button."""
        self._exact_check_hold()
        self._exact_hold()

    def action_exact_release(self):
        """Release invoices that were held, for the moment they had or now."""
        self._exact_check_hold()
        held = self.sudo().exact_outbox_id.filtered(lambda one: one.state == "held")
        held._release()
        note_released(held.move_id.with_user(self.env.user))

    # === BUSINESS === #

    def _exact_check_hold(self):
        self.check_access("write")
        self.env.user._exact_check_role("user")

    def _exact_hold(self, reason=""):
        """Hold scheduled invoices, and note who did and why.

        :param str reason: shown to whoever looks at the invoice; may be empty.
        """
        held = self.sudo().exact_outbox_id._hold()
        held.hold_reason = reason
        note_held(held.move_id.with_user(self.env.user), reason)

    def _exact_notify(self, queued, left):
        """Return the notification after the button: what is queued, what is not."""
        owners = queued.company_id.sudo().exact_owner_id
        problems = (
            Health(owner.with_env(self.env)).blocking_problem for owner in owners
        )
        still = " ".join(dict.fromkeys(filter(None, problems)))
        queued_text = queue_messages.queued_text(self.env, queued)
        if still:
            text = health_messages.QUEUED_ONLY
            queued_text = messages.say(self.env, text, count=len(queued))
        sentences = [
            queued_text,
            still if queued else "",
            queue_messages.skipped_text(self.env, left.sudo()),
        ]
        is_good = queued and not (left or still)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_good else "warning",
                "message": " ".join(filter(None, sentences)),
                "sticky": not is_good,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
