from odoo import api, fields, models


class ExactComparisonTotalMixin(models.AbstractModel):
    """Amounts of both sides in a comparison, side by side."""

    _name = "exact.comparison.total.mixin"
    _description = "Exact Online Comparison Amounts"

    comparison_id = fields.Many2one(
        "exact.comparison",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="comparison_id.company_id", store=True, index=True
    )
    journal = fields.Char("Exact Online Journal", readonly=True)
    period = fields.Char("Financial Period", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    odoo_base = fields.Monetary("Base in Odoo", readonly=True)
    exact_base = fields.Monetary("Base in Exact", readonly=True)
    difference_base = fields.Monetary(
        "Base Difference",
        compute="_compute_difference_base",
        help="How much more it is in Exact Online.",
    )
    is_equal = fields.Boolean("Matching", readonly=True)

    @api.depends("odoo_base", "exact_base")
    def _compute_difference_base(self):
        for total in self:
            total.difference_base = total.exact_base - total.odoo_base
