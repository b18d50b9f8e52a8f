from odoo import api, models

DEFAULTS = (
    "exact_journal_id",
    "exact_credit_journal_id",
    "exact_gl_account_id",
    "exact_payment_condition_id",
)


class ResCompany(models.Model):
    """What changing a default of the company means for invoices."""

    _name = "res.company"
    _inherit = ["res.company"]

    @api.onchange(*DEFAULTS)
    def _onchange_exact_defaults(self):
        return self._origin._exact_tell_changes(self)

    def _exact_tell_changes(self, form):
        """Tell what new defaults mean for the invoices that go by them.

        :param form: the company or the settings, with values not saved yet.
        :return: what an onchange returns.
        """
        outbox = self.env["exact.outbox"].with_company(self)
        return outbox._tell_changes(
            self,
            [
                (self._exact_get_domain_by_default(name), self[name], form[name])
                for name in DEFAULTS
            ],
        )

    def _exact_get_domain_by_default(self, name):
        """Return the domain of the invoices without a choice of their own."""
        has_own_journal = ("journal_id.exact_journal_id", "!=", False)
        if name == "exact_journal_id" and self.exact_credit_journal_id:
            return ["!", has_own_journal, ("move_type", "=", "out_invoice")]
        if name == "exact_journal_id":
            has_credit_journal = ("journal_id.exact_credit_journal_id", "!=", False)
            is_credit_note = ("move_type", "=", "out_refund")
            return ["!", has_own_journal, "!", "&", is_credit_note, has_credit_journal]
        if name == "exact_credit_journal_id":
            return [
                "!",
                has_own_journal,
                ("move_type", "=", "out_refund"),
                ("journal_id.exact_credit_journal_id", "=", False),
            ]
        if name == "exact_gl_account_id":
            lines = [
                ("display_type", "=", "product"),
                ("account_id.exact_gl_account_id", "=", False),
            ]
            return [("invoice_line_ids", "any", lines)]
        return [
            "|",
            ("invoice_payment_term_id", "=", False),
            ("invoice_payment_term_id.exact_payment_condition_id", "=", False),
        ]
