from odoo import api, fields, models


class ExactPeriod(models.Model):
    """A month or quarter of Exact's calendar.

    Exact does not tell whether it is closed; that comes out as a refusal.
    """

    _name = "exact.period"
    _inherit = ["exact.code.list"]
    _description = "Financial period of Exact Online"
    _order = "start_date"

    _exact_resource = "financial/FinancialPeriods"
    _exact_properties = {
        "exact_guid": "ID",
        "year": "FinYear",
        "number": "FinPeriod",
        "start_date": "StartDate",
        "end_date": "EndDate",
    }

    year = fields.Integer(readonly=True)
    number = fields.Integer(readonly=True)
    start_date = fields.Date(readonly=True)
    end_date = fields.Date(readonly=True)

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A financial period is listed once per company."
    )

    @api.model
    def _prepare_values(self, row):
        # EXTENDS exact.code.list: periods have a year and a number for a code.
        values = super()._prepare_values(row)
        values["code"] = f"{values['year']}-{values['number']:02}"
        return values
