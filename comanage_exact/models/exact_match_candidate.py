from odoo import api, fields, models
from odoo.exceptions import UserError

from .exact_match import WAITING


class ExactMatchCandidate(models.Model):
    _name = "exact.match.candidate"
    _description = "Account in Exact Online that a customer may be"
    _rec_name = "account_id"

    match_id = fields.Many2one(
        "exact.match", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="match_id.company_id", store=True, index=True)
    account_id = fields.Many2one(
        "exact.account", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Char(compute="_compute_reason", compute_sudo=True)
    code = fields.Char(related="account_id.code")
    name = fields.Char(related="account_id.name")
    vat_number = fields.Char(related="account_id.vat_number")
    registry = fields.Char(related="account_id.registry")
    email = fields.Char(related="account_id.email")
    postcode = fields.Char(related="account_id.postcode")
    city = fields.Char(related="account_id.city")
    status = fields.Selection(related="account_id.status")
    is_linkable = fields.Boolean(compute="_compute_is_linkable")

    @api.depends_context("lang")
    @api.depends("account_id", "match_id.partner_id")
    def _compute_reason(self):
        for candidate in self:
            match = candidate.match_id.with_company(candidate.company_id)
            candidate.reason = match._say_reason(match.partner_id, candidate.account_id)

    @api.depends("match_id.state", "account_id.is_blocked", "account_id.end_date")
    def _compute_is_linkable(self):
        """Tell where a button helps: still to decide, and open in Exact."""
        for candidate in self:
            candidate.is_linkable = (
                candidate.match_id.state in WAITING and candidate.account_id._is_live()
            )

    def action_link(self):
        """Book the customer on this account from now on; see `_exact_link`.

        One that is no customer in Exact yet is made one with the next invoice.
        """
        self.ensure_one()
        match = self.match_id
        match._check_user()
        account = self.account_id.sudo()
        if not account._is_live():
            raise UserError(
                self.env._(
                    "%(account)s is %(state)s. Open it there again, or choose another "
                    "account or a new one for %(customer)s.",
                    account=account.display_name,
                    state=account._say_state(),
                    customer=match.partner_id.display_name,
                )
            )
        match._decide("linked")
        partner = match.partner_id.with_company(match.company_id)
        partner._exact_link(account.with_company(match.company_id))
