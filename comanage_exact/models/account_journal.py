from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    exact_journal_id = fields.Many2one(
        "exact.journal",
        string="Journal of Exact",
        check_company=True,
        copy=False,
        help="Left empty, the sales journal of the company's settings is used.",
    )
    exact_credit_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Journal for Credit Notes",
        check_company=True,
        copy=False,
        help="Left empty, credit notes go to the journal of the invoices, or to that "
        "for credit notes of the company's settings.",
    )
    exact_is_off = fields.Boolean(
        "Not to Exact by Itself",
        copy=False,
        help="Invoices of this journal are booked in Exact Online by the button only.",
    )

    def write(self, vals):
        # EXTENDS 'account': what failed without a journal may be booked now.
        result = super().write(vals)
        if {"exact_journal_id", "exact_credit_journal_id"} & vals.keys():
            self.env["exact.outbox"]._trigger_recheck_of_problems()
        return result
