from odoo import models


class ExactCostUnit(models.Model):
    _name = "exact.cost.unit"
    _inherit = ["exact.code.list"]
    _description = "Cost unit of Exact Online"

    _exact_resource = "hrm/Costunits"
    _exact_properties = {"code": "Code", "name": "Description", "exact_guid": "ID"}

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A cost unit is listed once per company."
    )
