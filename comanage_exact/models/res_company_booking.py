from odoo import fields, models

# Portal users and visitors can read companies too.
EMPLOYEES = "base.group_user"


class ResCompany(models.Model):
    """Where invoices are booked, unless a journal, account or term says otherwise."""

    _name = "res.company"
    _inherit = ["res.company"]

    exact_journal_id = fields.Many2one(
        "exact.journal",
        check_company=True,
        domain="[('company_id', '=', id)]",
        groups=EMPLOYEES,
    )
    exact_credit_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Journal for Credit Notes",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="Left empty, credit notes go to the journal of the invoices.",
        groups=EMPLOYEES,
    )
    exact_gl_account_id = fields.Many2one(
        "exact.gl.account",
        string="Exact G/L Account",
        check_company=True,
        domain="[('company_id', '=', id), ('is_bookable', '=', True)]",
        help="For lines whose own account has no G/L account of Exact.",
        groups=EMPLOYEES,
    )
    exact_payment_condition_id = fields.Many2one(
        "exact.payment.condition",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="Left empty, Exact takes the customer's own condition.",
        groups=EMPLOYEES,
    )
    exact_cost_center_id = fields.Many2one(
        "exact.cost.center",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="For lines on G/L accounts of Exact that take a cost centre.",
        groups=EMPLOYEES,
    )
    exact_cost_unit_id = fields.Many2one(
        "exact.cost.unit",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="For lines on G/L accounts of Exact that take a cost unit.",
        groups=EMPLOYEES,
    )
    exact_send_pdf = fields.Boolean(
        "Send PDF to Exact",
        default=True,
        help="The PDF that the customer got goes along as a document of the entry; it "
        "takes two more calls to Exact Online for each invoice.",
        groups=EMPLOYEES,
    )
    exact_no_vat_code_id = fields.Many2one(
        "exact.vat.code",
        string="Exact VAT Code for Lines without VAT",
        check_company=True,
        domain="[('company_id', '=', id), ('percentage', '=', 0)]",
        help="For what Odoo adds to an invoice without a tax: cash rounding, cash "
        "discounts, fixed amounts that are not part of the VAT base.",
        groups=EMPLOYEES,
    )
