from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    exact_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Online Journal",
        check_company=True,
        copy=False,
        help="Leave empty to use the sales journal from the company's settings.",
    )
    exact_credit_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Online Journal for Credit Notes",
        check_company=True,
        copy=False,
        help="Leave empty to use the invoice journal, or the credit note journal "
        "from the company's settings.",
    )
    exact_manual_only = fields.Boolean(
        "Manual Booking Only",
        copy=False,
        help="Invoices in this journal are booked in Exact Online only when you "
        "click Send to Exact.",
    )

    def write(self, vals):
        # EXTENDS 'account': what failed without a journal may be booked now.
        result = super().write(vals)
        if {"exact_journal_id", "exact_credit_journal_id"} & vals.keys():
            self.env["exact.outbox"]._trigger_recheck_of_problems()
        return result
