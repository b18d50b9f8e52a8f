from odoo import models


class ExactCostCenter(models.Model):
    _name = "exact.cost.center"
    _inherit = ["exact.code.list"]
    _description = "Cost centre of Exact Online"

    _exact_resource = "hrm/Costcenters"
    _exact_properties = {"code": "Code", "name": "Description", "exact_guid": "ID"}

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A cost centre is listed once per company."
    )
