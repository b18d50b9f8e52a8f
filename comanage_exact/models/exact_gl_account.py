from odoo import fields, models

from ..const import GL_TYPES_REFUSED


class ExactGLAccount(models.Model):
    _name = "exact.gl.account"
    _inherit = ["exact.code.list"]
    _description = "G/L account of Exact Online"

    _exact_resource = "bulk/Financial/GLAccounts"
    # Pages of 1,000 instead of 60, for charts are long. A list without a filter is
    # refused, for the resource has a sync twin.
    _exact_options = {"filter": "IsBlocked eq false"}
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "exact_guid": "ID",
        "account_type": "Type",
    }

    account_type = fields.Integer("Type in Exact", readonly=True)
    is_bookable = fields.Boolean(
        readonly=True,
        help="Entry lines take this account; Exact refuses receivables, VAT and bank.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A G/L account is listed once per company."
    )

    def _prepare_values(self, row):
        # EXTENDS exact.code.list
        values = super()._prepare_values(row)
        values["is_bookable"] = values["account_type"] not in GL_TYPES_REFUSED
        return values

    def _prepare_request_part(self):
        # EXTENDS exact.code.list
        return {"SalesEntryLines": [{"GLAccount": self.exact_guid}]}
