from odoo import api, fields, models


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account"]

    exact_gl_account_id = fields.Many2one(
        "exact.gl.account",
        string="G/L Account of Exact",
        company_dependent=True,
        check_company=True,
        copy=False,
        domain="[('company_id', '=', current_company_id), ('is_bookable', '=', True)]",
        help="Left empty, the G/L account of the company's settings is used.",
    )

    exact_was_mapped = fields.Boolean(
        company_dependent=True,
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="It had a mapping once, so that leaving it empty is somebody's choice.",
    )

    @api.onchange("exact_gl_account_id")
    def _onchange_exact_gl_account_id(self):
        return self.env["exact.outbox"]._tell_changes(
            self.env.company,
            [
                (
                    [("invoice_line_ids.account_id", "in", self._origin.ids)],
                    self._origin.exact_gl_account_id,
                    self.exact_gl_account_id,
                )
            ],
        )

    def write(self, vals):
        # EXTENDS 'account': what failed for want of this mapping may go now.
        result = super().write(vals)
        if "exact_gl_account_id" in vals:
            self.env["exact.outbox"]._trigger_care_of_checks()
        return result

    @api.model
    def _exact_map(self, company):
        """Give income accounts without a G/L account the one with an equal code.

        Codes differ by company, as the mapping does. What somebody left empty on
        purpose stays empty.
        """
        by_code = {
            row.code: row
            for row in self.env["exact.gl.account"].search(
                [("company_id", "=", company.id), ("is_bookable", "=", True)]
            )
        }
        accounts = self.with_company(company).search(
            [
                *self._check_company_domain(company),
                ("account_type", "in", ("income", "income_other")),
                ("exact_was_mapped", "=", False),
            ]
        )
        for account in accounts.filtered(lambda account: account.code in by_code):
            if not account.exact_gl_account_id:
                account.exact_gl_account_id = by_code[account.code]
        accounts.filtered("exact_gl_account_id").exact_was_mapped = True
