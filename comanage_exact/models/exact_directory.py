from odoo import api, fields, models


class ExactDirectory(models.Model):
    """How far the accounts of a division were read, and who is being created there.

    Written by `sync.directory`; the accounts are `exact.account`.
    """

    _name = "exact.directory"
    _description = "Exact Online Customer Directory"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    # Row versions are 64 bits wide, Odoo's integers are not.
    timestamp = fields.Char(readonly=True)
    highest = fields.Char(
        string="Highest Timestamp",
        readonly=True,
        help="Highest timestamp in the current read.",
    )
    next_url = fields.Char(
        string="Next Page URL",
        readonly=True,
        help="The page from which the current read continues.",
    )
    deleted_timestamp = fields.Char(string="Deletion Timestamp", readonly=True)
    deleted_highest = fields.Char(string="Highest Deletion Timestamp", readonly=True)
    deleted_next_url = fields.Char(string="Next Deletions Page URL", readonly=True)
    claims = fields.Json(
        string="Pending Customer Creations",
        readonly=True,
        help="The contacts being created in Exact Online, with their start times.",
    )
    moved_at = fields.Char(
        string="Moved On",
        readonly=True,
        help="When the division was moved. Timestamps from before a "
        "move are no longer valid.",
    )
    refreshed_at = fields.Datetime(string="Refreshed On", readonly=True)
    deleted_read_at = fields.Datetime(string="Deletions Read On", readonly=True)

    _company_unique = models.Constraint(
        "UNIQUE(company_id)",
        "A company can have only one Exact Online customer directory.",
    )

    @api.model
    def _find(self, company):
        return self.search([("company_id", "=", company.id)])

    @api.model
    def _forget(self, company):
        """Remove the directory of a company: another division has other accounts."""
        self._find(company).unlink()
        own = [("company_id", "=", company.id)]
        for model in ("exact.match", "exact.account"):
            self.env[model].search(own).unlink()
