from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..sync.decision import Decision

# What a person fills in.
CHOICES = {"is_there", "number"}


class ExactDecision(models.TransientModel):
    """Asks a manager whether Exact Online has an invoice whose answer was lost."""

    _name = "exact.decision"
    _description = "Decide About an Unconfirmed Booking"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    is_there = fields.Selection(
        [("yes", "It is in Exact Online"), ("no", "It is not in Exact Online")],
        string="Decision",
        help="What you found in Exact Online when you looked for the invoice.",
    )
    number = fields.Char("Entry Number", help="The entry number in Exact Online.")

    @api.model
    def _make(self, move):
        """Return the question about an invoice, with the number that was sent."""
        request = move.exact_outbox_id.request or {}
        number = move.exact_outbox_id.exact_number or request.get("EntryNumber")
        return self.create({"move_id": move.id, "number": number and str(number)})

    def write(self, vals):
        if not self.env.su and vals.keys() - CHOICES:
            raise AccessError(
                self.env._(
                    "Only the decision and the entry number can be changed. To decide "
                    "about another invoice, click Decide on it."
                )
            )
        return super().write(vals)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Is It in Exact Online?"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_decide(self):
        """Store what the manager found."""
        self.ensure_one()
        self.check_access("write")
        self.env.user._exact_check_role("accountant")
        self.move_id.check_access("write")
        decision = Decision(self.move_id.sudo().exact_outbox_id)
        if not self.is_there:
            raise UserError(
                self.env._(
                    "Choose whether %(name)s is in Exact Online.",
                    name=self.move_id.display_name,
                )
            )
        if self.is_there == "yes":
            decision.note_there(self.number)
        else:
            decision.note_not_there()
        return {"type": "ir.actions.act_window_close"}
