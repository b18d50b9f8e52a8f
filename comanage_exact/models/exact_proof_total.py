from odoo import fields, models


class ExactProofTotal(models.Model):
    """What both sides have per journal, month, currency and VAT code."""

    _name = "exact.proof.total"
    _description = "Total of a comparison with Exact Online"
    _order = "journal, period, is_sum, currency_id, vat_code"

    proof_id = fields.Many2one(
        "exact.proof", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proof_id.company_id", store=True, index=True)
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
