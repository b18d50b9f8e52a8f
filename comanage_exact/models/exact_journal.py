from odoo import fields, models

from ..const import JOURNAL_TYPE_SALES


class ExactJournal(models.Model):
    _name = "exact.journal"
    _inherit = ["exact.code.list"]
    _description = "Journal of Exact Online"

    _exact_resource = "financial/Journals"
    _exact_options = {
        "filter": f"Type eq {JOURNAL_TYPE_SALES} and IsBlocked eq false",
    }
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "exact_guid": "ID",
        "currency_code": "Currency",
        "is_any_currency": "AllowVariableCurrency",
    }

    currency_code = fields.Char("Currency", readonly=True)
    is_any_currency = fields.Boolean("Takes other currencies", readonly=True)

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A journal is listed once per company."
    )

    def _prepare_request_part(self):
        # EXTENDS exact.code.list
        return {"Journal": self.code}
