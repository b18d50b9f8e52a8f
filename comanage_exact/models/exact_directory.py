from odoo import api, fields, models


class ExactDirectory(models.Model):
    """How far the accounts of a division were read, and who is being created there.

    Written by `sync.directory`; the accounts are `exact.account`.
    """

    _name = "exact.directory"
    _description = "Directory of the accounts in Exact Online"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    # Row versions are 64 bits wide, Odoo's integers are not.
    timestamp = fields.Char(readonly=True)
    highest = fields.Char(readonly=True, help="Of the reading under way.")
    next_url = fields.Char(readonly=True, help="Where the reading under way goes on.")
    deleted_timestamp = fields.Char(readonly=True)
    deleted_highest = fields.Char(readonly=True)
    deleted_next_url = fields.Char(readonly=True)
    claims = fields.Json(
        readonly=True, help="Since when which contacts are being created in Exact."
    )
    moved_at = fields.Char(
        readonly=True, help="When the division moved, which makes timestamps void."
    )
    refreshed_at = fields.Datetime(readonly=True)
    deleted_read_at = fields.Datetime(readonly=True)

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company has one directory of accounts."
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
