from odoo import fields, models


class ExactComparisonCostTotal(models.Model):
    """What both sides have per journal, period, currency and cost centre or unit."""

    _name = "exact.comparison.cost.total"
    _inherit = "exact.comparison.total.mixin"
    _description = "Exact Online Comparison Cost Centre Total"
    _order = "dimension, journal, period, currency_id, cost, id"

    dimension = fields.Selection(
        [("center", "Cost centre"), ("unit", "Cost unit")],
        default="center",
        readonly=True,
    )
    cost = fields.Char("Cost Centre or Unit", readonly=True)
