from odoo import api, fields, models


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term", "exact.mapped.mixin"]
    _check_company_auto = True

    _exact_mapping = "exact_payment_condition_id"

    exact_payment_condition_id = fields.Many2one(
        "exact.payment.condition",
        string="Exact Online Payment Condition",
        company_dependent=True,
        check_company=True,
        copy=False,
        # Customers read terms in the portal.
        groups="base.group_user",
        domain="[('company_id', '=', current_company_id)]",
        help="Leave empty to use the payment condition from the company's settings.",
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
                ("exact_was_mapped", "=", False),
            ]
        )

    def _exact_find_sure_rows(self, company):
        """Find the only condition of as many days for each plain term.

        Plain is: all of it, so many days after the date of the invoice.
        """
        # EXTENDS exact.mapped.mixin
        by_days = (
            self.env["exact.payment.condition"]
            .search([("company_id", "=", company.id), ("end_of_months", "=", 0)])
            .grouped("payment_days")
        )
        found = {term: by_days.get(term._exact_get_days()) for term in self}
        return {
            term: conditions
            for term, conditions in found.items()
            if conditions and len(conditions) == 1
        }

    def _exact_get_days(self):
        """Return the days from invoice to due date, None if it is not that simple."""
        self.ensure_one()
        line = self.line_ids
        if (
            len(line) != 1
            or line.value != "percent"
            or line.delay_type != "days_after"
            or self.early_discount
        ):
            return None
        return line.nb_days
