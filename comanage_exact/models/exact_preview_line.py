from odoo import api, fields, models


class ExactPreviewLine(models.TransientModel):
    _name = "exact.preview.line"
    _description = "Line of a preview of a booking in Exact Online"

    preview_id = fields.Many2one(
        "exact.preview", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="preview_id.company_id")
    currency_id = fields.Many2one(related="preview_id.currency_id")
    kind = fields.Selection(
        [("debtor", "Debtor"), ("line", "Line"), ("vat", "VAT")],
        required=True,
        readonly=True,
        default="line",
    )
    gl_account = fields.Char("G/L Account", readonly=True)
    name = fields.Char("Description", readonly=True)
    vat_code = fields.Char("VAT Code", readonly=True)
    costs = fields.Char("Cost Centre / Unit", readonly=True)
    from_date = fields.Date("From", readonly=True)
    to_date = fields.Date("To", readonly=True)
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    is_missing = fields.Boolean(compute="_compute_is_missing")

    @api.depends("kind", "gl_account", "vat_code")
    def _compute_is_missing(self):
        for line in self:
            line.is_missing = line.kind == "line" and not (
                line.gl_account and line.vat_code
            )
