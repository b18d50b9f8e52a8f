from odoo import fields, models


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
