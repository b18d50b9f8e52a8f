from odoo import api, fields, models


class ExactComparisonLine(models.Model):
    """An invoice, an entry or both, and how they differ."""

    _name = "exact.comparison.line"
    _description = "Invoice or entry in a comparison with Exact Online"
    _order = "entry_date, number, id"

    comparison_id = fields.Many2one(
        "exact.comparison", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="comparison_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("fetched", "Read"),
            ("equal", "Equal"),
            ("different", "Different"),
            ("missing_exact", "Gone from Exact"),
            ("not_sent", "Never sent"),
            ("missing_odoo", "Not in Odoo"),
            ("duplicate", "Booked twice"),
        ],
        string="Result",
        required=True,
        readonly=True,
        index=True,
    )
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, index=True, ondelete="cascade"
    )
    exact_guid = fields.Char("Exact ID", readonly=True)
    number = fields.Char("Entry Number", readonly=True)
    journal = fields.Char("Journal in Exact", readonly=True)
    entry_date = fields.Date("Date", readonly=True)
    reference = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    odoo_total = fields.Monetary("Odoo", readonly=True)
    exact_total = fields.Monetary("Exact", readonly=True)
    message = fields.Text(readonly=True)
    entry = fields.Json(readonly=True, help="As Exact told it, until it is compared.")

    @api.depends("reference", "number")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.reference or line.number

    # === ACTIONS === #

    def action_open(self):
        """Open the invoice of this line, or what is known of the entry."""
        self.ensure_one()
        self.check_access("read")
        record = self.move_id or self
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }


class ExactComparisonTotal(models.Model):
    """What both sides have per journal, month, currency and VAT code."""

    _name = "exact.comparison.total"
    _description = "Total of a comparison with Exact Online"
    _order = "journal, period, is_sum, currency_id, vat_code"

    comparison_id = fields.Many2one(
        "exact.comparison", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="comparison_id.company_id", store=True, index=True
    )
    journal = fields.Char("Journal in Exact", readonly=True)
    period = fields.Char("Month", readonly=True)
    vat_code = fields.Char("VAT code", readonly=True)
    is_sum = fields.Boolean(
        readonly=True, help="All VAT codes together, in the currency of the company."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    odoo_base = fields.Monetary("Base in Odoo", readonly=True)
    exact_base = fields.Monetary("Base in Exact", readonly=True)
    odoo_vat = fields.Monetary("VAT in Odoo", readonly=True)
    exact_vat = fields.Monetary("VAT in Exact", readonly=True)
    is_equal = fields.Boolean("Equal", readonly=True)
