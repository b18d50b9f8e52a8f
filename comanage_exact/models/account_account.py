from odoo import fields, models


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account"]

    exact_gl_account_id = fields.Many2one(
        "exact.gl.account",
        string="G/L Account of Exact",
        company_dependent=True,
        copy=False,
        domain="[('company_id', '=', current_company_id), ('is_bookable', '=', True)]",
        help="Left empty, the G/L account of the company's settings is used.",
    )
