from odoo import api, fields, models


class ExactComparisonTotal(models.Model):
    """What both sides have per journal, period, currency and VAT code."""

    _name = "exact.comparison.total"
    _inherit = "exact.comparison.total.mixin"
    _description = "Exact Online Comparison Total"
    _order = "is_every_journal, journal, period, is_sum, is_foreign, vat_code, id"

    vat_code = fields.Char("VAT Code", readonly=True)
    vat_code_name = fields.Char("VAT Code Name", readonly=True)
    is_sum = fields.Boolean(
        string="Total Line",
        readonly=True,
        help="All VAT codes combined, in company currency.",
    )
    is_foreign = fields.Boolean(
        "In Another Currency",
        readonly=True,
        help="These invoices are part of the line of their VAT code in company "
        "currency, too.",
    )
    is_every_journal = fields.Boolean("All Journals", readonly=True)
    odoo_vat = fields.Monetary("VAT in Odoo", readonly=True)
    exact_vat = fields.Monetary("VAT in Exact", readonly=True)
    difference_vat = fields.Monetary(
        "VAT Difference",
        compute="_compute_difference_vat",
        help="How much more it is in Exact Online.",
    )
    rounding = fields.Monetary(
        "Accepted Rounding Difference",
        readonly=True,
        help="How much more base and VAT together are in Exact Online.",
    )

    @api.depends("odoo_vat", "exact_vat")
    def _compute_difference_vat(self):
        for total in self:
            total.difference_vat = total.exact_vat - total.odoo_vat
