from odoo import api, fields, models


class AccountJournal(models.Model):
    _name = "account.journal"
    _inherit = ["account.journal"]

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

    @api.onchange("exact_journal_id")
    def _onchange_exact_journal_id(self):
        moves = [("journal_id", "in", self._origin.ids)]
        if self.exact_credit_journal_id:
            moves.append(("move_type", "=", "out_invoice"))
        return self.env["exact.outbox"]._tell_changes(
            self.company_id,
            [(moves, self._origin.exact_journal_id, self.exact_journal_id)],
        )

    @api.onchange("exact_credit_journal_id")
    def _onchange_exact_credit_journal_id(self):
        return self.env["exact.outbox"]._tell_changes(
            self.company_id,
            [
                (
                    [
                        ("journal_id", "in", self._origin.ids),
                        ("move_type", "=", "out_refund"),
                    ],
                    self._origin.exact_credit_journal_id,
                    self.exact_credit_journal_id,
                )
            ],
        )

    def write(self, vals):
        # EXTENDS 'account': what failed for want of this mapping may go now.
        result = super().write(vals)
        if {"exact_journal_id", "exact_credit_journal_id"} & vals.keys():
            self.env["exact.outbox"]._trigger_care_of_checks()
        return result
