from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What a person fills in.
CHOICES = {"reason", "is_rebooked"}


class ExactWithdraw(models.TransientModel):
    """Asks why the entry of an invoice is to be deleted, and whether it shall be."""

    _name = "exact.withdraw"
    _description = "Withdraw from Exact Online"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    number = fields.Char("Entry Number", readonly=True)
    is_rebookable = fields.Boolean(string="Is Confirmed", readonly=True)
    reason = fields.Char(help="Noted in the chatter of the invoice.")
    is_rebooked = fields.Boolean(
        "Book Again Afterwards",
        help="Book the invoice again as it is now, with the same number, as soon as "
        "Exact Online has deleted the entry.",
    )

    @api.model
    def _make(self, move):
        """Return the question about an invoice."""
        outbox = move.exact_outbox_id
        is_confirmed = move._exact_is_bookable()
        return self.create(
            {
                "move_id": move.id,
                "number": outbox.exact_number,
                "is_rebookable": is_confirmed,
                # What was changed is withdrawn for the sake of what it is now.
                "is_rebooked": is_confirmed and outbox.finding == "changed",
            }
        )

    def write(self, vals):
        if not self.env.su and vals.keys() - CHOICES:
            raise AccessError(
                self.env._(
                    "Only the reason and whether to book again can be changed. To "
                    "withdraw another invoice, click Withdraw from Exact on it."
                )
            )
        return super().write(vals)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw from Exact"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_withdraw(self):
        """Have the entry deleted in Exact."""
        self.ensure_one()
        self.check_access("write")
        self.env.user._exact_check_role("accountant")
        self.move_id.check_access("write")
        if not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "Enter why entry %(number)s is withdrawn from Exact Online.",
                    number=self.number,
                )
            )
        move = self.move_id.sudo()
        move._exact_withdraw(self.reason.strip(), is_rebooked=self.is_rebooked)
        return {"type": "ir.actions.act_window_close"}
