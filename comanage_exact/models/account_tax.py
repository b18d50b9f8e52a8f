from odoo import api, fields, models


class AccountTax(models.Model):
    _name = "account.tax"
    _inherit = ["account.tax"]

    exact_vat_code_id = fields.Many2one(
        "exact.vat.code",
        string="VAT Code of Exact",
        check_company=True,
        copy=False,
        help="The VAT code with which Exact Online books lines with this tax.",
    )

    @api.model
    def _exact_map(self, company):
        """Give domestic sales taxes without a VAT code the one that is beyond doubt.

        Archived ones too: many a chart brings taxes that are switched on later.
        """
        codes = self.env["exact.vat.code"].search([("company_id", "=", company.id)])
        taxes = self.with_context(active_test=False).search(
            [
                # Not those of a parent company, which has codes of its own.
                ("company_id", "=", company.id),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("exact_vat_code_id", "=", False),
            ]
        )
        for tax in taxes.filtered("is_domestic"):
            code = codes._find_for_tax(tax)
            if code:
                tax.exact_vat_code_id = code
