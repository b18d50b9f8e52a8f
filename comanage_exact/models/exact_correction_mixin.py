from odoo import fields, models
from odoo.exceptions import UserError

from ..const import ACCOUNTANTS
from ..sync import decision_messages, messages
from ..sync.correction import Correction


class ExactCorrectionMixin(models.AbstractModel):
    """What people do about a booked invoice that is no longer right in Exact."""

    _name = "exact.correction.mixin"
    _description = "Corrections of Booked Invoices"

    # For all who see the button of Odoo that it hides.
    is_exact_reset_asked = fields.Boolean(
        string="Asks Before Reset",
        compute="_compute_is_exact_reset_asked",
        groups="base.group_user",
    )

    def _compute_is_exact_reset_asked(self):
        """Tell which invoices an accountant resets although Exact has them."""
        may_reset = self.env.user._exact_has_role("accountant")
        for move in self:
            move.is_exact_reset_asked = (
                may_reset and move.sudo().exact_outbox_id.state == "sent"
            )

    is_exact_decidable = fields.Boolean(
        string="Can Be Decided",
        compute="_compute_is_exact_decidable",
        groups=ACCOUNTANTS,
    )

    def _compute_is_exact_decidable(self):
        for move in self:
            move.is_exact_decidable = move.sudo().exact_outbox_id.is_decidable

    # === ACTIONS === #

    def action_exact_check(self):
        """Compare a booked invoice with its entry in Exact now."""
        outbox = self._exact_get_booked()
        is_equal, text = Correction(outbox).check()
        return self._exact_tell(text, is_good=is_equal)

    def action_exact_book_again(self):
        """Book an invoice again whose entry is gone from Exact, which is proved first.

        With the same number; nothing is queued while there is any doubt.
        """
        outbox = self._exact_get_booked()
        if outbox.finding != "deleted":
            raise UserError(
                self.env._(
                    "Entry %(number)s of %(name)s is not known to be deleted in Exact "
                    "Online. Click Check in Exact first.",
                    number=outbox.exact_number,
                    name=self.name,
                )
            )
        self._exact_check_linkable()
        self.company_id.sudo().exact_owner_id._exact_check_ready()
        is_queued, text = Correction(outbox).book_again(self.env.user)
        return self._exact_tell(text, is_good=is_queued)

    def action_exact_accept(self):
        """Leave the difference between invoice and entry as it is."""
        self.env.user._exact_check_role("accountant")
        outbox = self._exact_get_booked()
        if outbox.finding in (False, "equal"):
            return False
        outbox._accept_finding()
        return self._exact_tell(
            self.env._("%(name)s is left as it is.", name=self.name), is_good=True
        )

    def action_exact_withdraw(self):
        """Ask why the entry is to be deleted in Exact."""
        self.ensure_one()
        self.check_access("write")
        self.env.user._exact_check_role("accountant")
        self.sudo()._exact_check_withdrawable()
        return self.env["exact.withdraw"].sudo()._make(self.sudo())._open()

    def action_exact_decide(self):
        """Ask whether Exact Online has an invoice whose answer was lost."""
        self.ensure_one()
        self.check_access("write")
        self.env.user._exact_check_role("accountant")
        if not self.sudo().exact_outbox_id.is_decidable:
            text = decision_messages.NOTHING_TO_DECIDE
            raise UserError(messages.say(self.env, text, name=self.display_name))
        return self.env["exact.decision"].sudo()._make(self.sudo())._open()

    # === BUSINESS === #

    def _exact_get_booked(self):
        """Return the booking of this invoice, as superuser, if the user may act on it.

        :raise UserError: it is not booked.
        """
        self.ensure_one()
        self.check_access("write")
        self.env.user._exact_check_role("user")
        outbox = self.sudo().exact_outbox_id
        if outbox.state != "sent":
            raise UserError(
                self.env._(
                    "%(name)s is not booked in Exact Online. Reload the page to see "
                    "its current status.",
                    name=self.display_name,
                )
            )
        return outbox

    def _exact_check_withdrawable(self):
        """Refuse to delete what is not booked, not by us, or credited in Exact."""
        outbox = self._exact_get_booked()
        if not outbox.request or not outbox.exact_guid:
            raise UserError(
                self.env._(
                    "Entry %(number)s of %(name)s was entered in Exact Online manually "
                    "and linked, so Odoo does not delete it. Delete it in Exact "
                    "Online, then click Check in Exact.",
                    number=outbox.exact_number,
                    name=self.name,
                )
            )
        credits_ = self.reversal_move_ids.filtered(
            lambda move: move.exact_state not in (False, "cancelled")
        )
        if credits_:
            raise UserError(
                self.env._(
                    "%(name)s is credited by %(others)s in Exact Online, which would "
                    "be wrong without it. Withdraw or cancel %(others)s first.",
                    name=self.name,
                    others=", ".join(credits_.mapped("display_name")),
                )
            )

    def _exact_withdraw(self, reason, *, is_rebooked):
        """Have the entry deleted in Exact, and note who wanted it and why.

        :param bool is_rebooked: book the invoice again once the entry is gone.
        """
        self._exact_check_withdrawable()
        self.company_id.sudo().exact_owner_id._exact_check_ready()
        outbox = self.exact_outbox_id
        if not outbox.try_lock_for_update():
            raise UserError(
                self.env._(
                    "%(name)s is being processed. Try again in a moment.",
                    name=self.name,
                )
            )
        self._message_log(
            body=self.env._(
                "Withdrawal of entry %(number)s from Exact Online requested. Reason: "
                "%(reason)s",
                number=outbox.exact_number,
                reason=reason,
            )
        )
        outbox._start_withdrawal(reason, self.env.user, is_rebooked=is_rebooked)

    def _exact_tell(self, text, *, is_good):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_good else "warning",
                "message": text,
                "sticky": not is_good,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
