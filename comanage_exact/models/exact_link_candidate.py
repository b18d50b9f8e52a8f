from odoo import fields, models


class ExactLinkCandidate(models.TransientModel):
    _name = "exact.link.candidate"
    _description = "Entry in Exact Online that an invoice may be"

    link_id = fields.Many2one(
        "exact.link", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="link_id.company_id")
    currency_id = fields.Many2one(related="link_id.move_id.currency_id")
    number = fields.Char("Entry Number", readonly=True)
    journal = fields.Char(readonly=True)
    entry_date = fields.Date("Date", readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    total = fields.Monetary(readonly=True)
    difference = fields.Text("Differs From the Invoice", readonly=True)
    entry = fields.Json(readonly=True)

    def action_link(self):
        """Take this entry for the booking of the invoice; nothing is sent."""
        self.ensure_one()
        self.check_access("read")
        self.link_id.move_id._exact_check_user()
        candidate = self.sudo()
        move = candidate.link_id.move_id
        move = move.with_user(self.env.user).sudo()
        move.with_company(move._exact_get_company())._exact_link_entry(candidate.entry)
        return {"type": "ir.actions.act_window_close"}
