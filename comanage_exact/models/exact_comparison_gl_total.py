from odoo import fields, models


class ExactComparisonGLTotal(models.Model):
    """What both sides have per journal, period, currency and G/L account."""

    _name = "exact.comparison.gl.total"
    _inherit = "exact.comparison.total.mixin"
    _description = "Exact Online Comparison G/L Account Total"
    _order = "journal, period, is_foreign, gl_account, id"

    gl_account = fields.Char("G/L Account", readonly=True)
    is_foreign = fields.Boolean(
        "In Another Currency",
        readonly=True,
        help="These invoices are part of the line of their G/L account in company "
        "currency, too.",
    )
