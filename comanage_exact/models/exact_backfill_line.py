from odoo import fields, models


class ExactBackfillLine(models.TransientModel):
    _name = "exact.backfill.line"
    _description = "Invoice of the past that is in Exact Online already"

    backfill_id = fields.Many2one(
        "exact.backfill", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="backfill_id.company_id")
    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    number = fields.Char("Entry Number", readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    is_sure = fields.Boolean("Same Reference and Amounts", readonly=True)
    difference = fields.Text("Differs From the Invoice", readonly=True)
    entry = fields.Json(readonly=True)
