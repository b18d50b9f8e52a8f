from odoo import fields, models


class ExactPaymentCondition(models.Model):
    _name = "exact.payment.condition"
    _inherit = ["exact.code.list"]
    _description = "Payment condition of Exact Online"

    _exact_resource = "cashflow/PaymentConditions"
    _exact_properties = {
        "code": "Code",
        "name": "Description",
        "exact_guid": "ID",
        "payment_days": "PaymentDays",
        "end_of_months": "PaymentEndOfMonths",
    }

    payment_days = fields.Integer("Days", readonly=True)
    end_of_months = fields.Integer(
        "Ends of months", readonly=True, help="Counted before the days are added."
    )

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "A payment condition is listed once per company."
    )

    def _prepare_request_part(self):
        # EXTENDS exact.code.list
        return {"PaymentCondition": self.code}
