from odoo import api, fields, models


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term"]
    _check_company_auto = True

    exact_payment_condition_id = fields.Many2one(
        "exact.payment.condition",
        string="Payment Condition of Exact",
        company_dependent=True,
        check_company=True,
        copy=False,
        # Customers read terms in the portal.
        groups="base.group_user",
        domain="[('company_id', '=', current_company_id)]",
        help="Left empty, the condition of the company's settings is used.",
    )

    exact_was_mapped = fields.Boolean(
        company_dependent=True,
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="It had a mapping once, so that leaving it empty is somebody's choice.",
    )

    @api.onchange("exact_payment_condition_id")
    def _onchange_exact_payment_condition_id(self):
        return self.env["exact.outbox"]._tell_changes(
            self.env.company,
            [
                (
                    [("invoice_payment_term_id", "in", self._origin.ids)],
                    self._origin.exact_payment_condition_id,
                    self.exact_payment_condition_id,
                )
            ],
        )

    def write(self, vals):
        # EXTENDS 'account': what failed for want of this mapping may go now.
        result = super().write(vals)
        if "exact_payment_condition_id" in vals:
            self.env["exact.outbox"]._trigger_care_of_checks()
        return result

    @api.model
    def _exact_map(self, company):
        """Give plain terms without a condition the only one of as many days.

        Plain is: all of it, so many days after the date of the invoice. What somebody
        left empty on purpose stays empty.
        """
        by_days = (
            self.env["exact.payment.condition"]
            .search([("company_id", "=", company.id), ("end_of_months", "=", 0)])
            .grouped("payment_days")
        )
        terms = self.with_company(company).search(
            [
                *self._check_company_domain(company),
                ("exact_was_mapped", "=", False),
            ]
        )
        for term in terms.filtered(lambda term: not term.exact_payment_condition_id):
            conditions = by_days.get(term._exact_get_days())
            if conditions and len(conditions) == 1:
                term.exact_payment_condition_id = conditions
        terms.filtered("exact_payment_condition_id").exact_was_mapped = True

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
