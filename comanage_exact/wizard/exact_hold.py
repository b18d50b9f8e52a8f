from odoo import fields, models
from odoo.exceptions import AccessError


class ExactHold(models.TransientModel):
    """Asks why an invoice is held."""

    _name = "exact.hold"
    _description = "Hold a Booking in Exact Online"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    reason = fields.Char(help="Shown on the invoice and noted in its chatter.")

    def write(self, vals):
        if not self.env.su and vals.keys() - {"reason"}:
            raise AccessError(
                self.env._(
                    "Only the reason can be changed. To hold another invoice, click "
                    "Hold on it."
                )
            )
        return super().write(vals)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold Booking"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_hold(self):
        """Hold the invoice until somebody releases it."""
        self.ensure_one()
        self.check_access("write")
        self.move_id._exact_check_hold()
        self.move_id._exact_hold((self.reason or "").strip())
        return {"type": "ir.actions.act_window_close"}
