from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..sync import chatter


class ExactAsk(models.TransientModel):
    """Asks somebody to fix what its user may not change."""

    _name = "exact.ask"
    _description = "Ask for a Fix for Exact Online"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    problem = fields.Text(readonly=True)
    able_ids = fields.Many2many("res.users", string="Who May Fix It", readonly=True)
    user_id = fields.Many2one("res.users", "Ask", domain="[('id', 'in', able_ids)]")

    @api.model
    def _make(self, move, fix):
        """Return the question about an invoice.

        :param Fix fix: of its booking.
        """
        able = fix.find_able()
        return self.create(
            {
                "move_id": move.id,
                "problem": move.exact_outbox_id.error or move.exact_strip_text,
                "able_ids": able.ids,
                "user_id": able[:1].id,
            }
        )

    def write(self, vals):
        if not self.env.su and vals.keys() - {"user_id"}:
            raise AccessError(
                self.env._(
                    "Only the user who is asked can be changed. To ask about another "
                    "invoice, click Fix on it."
                )
            )
        return super().write(vals)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a Fix"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_ask(self):
        """Give the chosen user an activity on the invoice."""
        self.ensure_one()
        self.check_access("write")
        self.env.user._exact_check_role("user")
        self.move_id.check_access("read")
        wizard_sudo = self.sudo()
        if wizard_sudo.user_id not in wizard_sudo.able_ids:
            raise UserError(
                self.env._(
                    "Choose who shall fix %(name)s.", name=self.move_id.display_name
                )
            )
        chatter.ask(wizard_sudo.move_id, wizard_sudo.user_id, wizard_sudo.problem)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(user)s was asked.", user=wizard_sudo.user_id.name
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
