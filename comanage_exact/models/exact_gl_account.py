from odoo import api, fields, models

from ..booking.gl_mapping import TYPES_OF_INCOME
from ..exact_api import resources
from ..exact_api.const import GL_TYPES_REFUSED


class ExactGLAccount(models.Model):
    _name = "exact.gl.account"
    _inherit = "exact.code.list"
    _description = "Exact Online G/L Account"

    _exact_resource = resources.GL_ACCOUNTS
    # Pages of 1,000 instead of 60, for charts are long. A list without a filter is
    # refused, for the resource has a sync twin.
    _exact_options = {"filter": "IsBlocked eq false"}
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "exact_guid": "ID",
        "account_type": "Type",
        "use_cost_center": "UseCostcenter",
        "use_cost_unit": "UseCostunit",
    }

    account_type = fields.Integer("Exact Online Type", readonly=True)
    use_cost_center = fields.Integer(
        string="Cost Centre Use",
        readonly=True,
        help="0 optional, 1 mandatory, 2 not allowed.",
    )
    use_cost_unit = fields.Integer(
        string="Cost Unit Use",
        readonly=True,
        help="0 optional, 1 mandatory, 2 not allowed.",
    )
    is_bookable = fields.Boolean(
        "Bookable",
        readonly=True,
        help="Entry lines can use this G/L account. Exact Online rejects "
        "receivable, VAT and bank accounts.",
    )

    is_income = fields.Boolean("Income", compute="_compute_is_income", store=True)

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)",
        "Each G/L account can be listed only once per company.",
    )

    def _prepare_values(self, row):
        # EXTENDS exact.code.list
        values = super()._prepare_values(row)
        values["is_bookable"] = values["account_type"] not in GL_TYPES_REFUSED
        return values

    @api.depends("account_type")
    def _compute_is_income(self):
        for account in self:
            account.is_income = account.account_type in TYPES_OF_INCOME

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        # EXTENDS 'base': where a default for income is chosen, a chart that begins
        # with capital is no help.
        if order == self._order and self.env.context.get("exact_income_first"):
            order = f"is_income DESC, {order}"
        return super()._search(domain, offset, limit, order, **kwargs)
