from odoo import models


class ExactCurrency(models.Model):
    _name = "exact.currency"
    _inherit = ["exact.code.list"]
    _description = "Currency of Exact Online"

    # Exact lists the active ones only.
    _exact_resource = "general/Currencies"
    _exact_properties = {"code": "Code", "name": "Description"}

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A currency is listed once per company."
    )
