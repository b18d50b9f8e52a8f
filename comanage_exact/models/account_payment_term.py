from odoo import fields, models


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term"]

    exact_payment_condition_id = fields.Many2one(
        "exact.payment.condition",
        string="Payment Condition of Exact",
        company_dependent=True,
        copy=False,
        domain="[('company_id', '=', current_company_id)]",
        help="Left empty, the condition of the company's settings is used.",
    )
