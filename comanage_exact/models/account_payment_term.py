from odoo import fields, models

from ..mappers.payment import read_condition, read_term


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term", "exact.mapped.mixin"]
    _check_company_auto = True

    _exact_mapping = "exact_payment_condition_id"
    _exact_settings = ("exact_payment_condition_id",)

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

    def _exact_find_sure_rows(self, company):
        """Find the only condition that means the same, for each term."""
        # EXTENDS exact.mapped.mixin
        conditions = self.env["exact.payment.condition"].search(
            [("company_id", "=", company.id)]
        )
        plain = {one: read_condition(one) for one in conditions}
        found = {}
        for term in self:
            meaning = read_term(term)
            same = [
                condition
                for condition, other in plain.items()
                if meaning and other and meaning.is_same(other)
            ]
            if len(same) == 1:
                [found[term]] = same
        return found
