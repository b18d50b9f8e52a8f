from odoo import api, fields, models


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account", "exact.mapped.mixin"]

    _exact_mapping = "exact_gl_account_id"

    exact_gl_account_id = fields.Many2one(
        "exact.gl.account",
        string="Exact Online G/L Account",
        company_dependent=True,
        check_company=True,
        copy=False,
        domain="[('company_id', '=', current_company_id), ('is_bookable', '=', True)]",
        help="Leave empty to use the G/L account from the company's settings.",
    )
    exact_was_mapped = fields.Boolean(
        string="Was Mapped to Exact Online", company_dependent=True
    )

    @api.model
    def _exact_find_mappable(self, company):
        # EXTENDS exact.mapped.mixin
        return self.with_company(company).search(
            [
                *self._check_company_domain(company),
                ("account_type", "in", ("income", "income_other")),
                ("exact_was_mapped", "=", False),
            ]
        )

    def _exact_find_sure_rows(self, company):
        """Find the G/L accounts with equal codes; codes differ by company."""
        # EXTENDS exact.mapped.mixin
        by_code = {
            row.code: row
            for row in self.env["exact.gl.account"].search(
                [("company_id", "=", company.id), ("is_bookable", "=", True)]
            )
        }
        return {
            account: by_code[account.code]
            for account in self
            if account.code in by_code
        }
