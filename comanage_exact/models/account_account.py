from odoo import api, fields, models

from ..booking.gl_mapping import NONE
from ..const import READERS
from ..mappers.gl_account import read_account, read_chart
from ..mappers.used_accounts import NEVER_BOOKED, UsedAccounts
from ..sync import gl_messages, messages


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account", "exact.proposed.mixin"]

    _exact_mapping = "exact_gl_account_id"
    _exact_proposed = "exact_proposed_gl_account_id"
    _exact_settings = ("exact_gl_account_id",)

    exact_gl_account_id = fields.Many2one(
        "exact.gl.account",
        string="Exact Online G/L Account",
        company_dependent=True,
        check_company=True,
        copy=False,
        domain="[('company_id', '=', current_company_id), ('is_bookable', '=', True)]",
        help="The Exact Online G/L account used to book lines on this account. Income "
        "accounts without one use the G/L account from the company's settings.",
    )
    exact_was_mapped = fields.Boolean(
        string="Was Mapped to Exact Online", company_dependent=True
    )
    exact_proposed_gl_account_id = fields.Many2one(
        "exact.gl.account",
        string="Proposed G/L Account",
        compute="_compute_exact_proposal",
        compute_sudo=True,
        groups=READERS,
    )
    is_exact_used = fields.Boolean(
        string="Used on Customer Invoices",
        compute="_compute_is_exact_used",
        search="_search_is_exact_used",
        compute_sudo=True,
        groups=READERS,
    )

    # === COMPUTES === #

    @api.depends("code", "name", "account_type")
    @api.depends_context("company", "lang")
    def _compute_exact_proposal(self):
        # OVERRIDES exact.proposed.mixin
        owner = self.env.company.exact_owner_id
        # The chart is read once, however many accounts are shown.
        chart = read_chart(owner)
        for account in self.with_company(owner):
            proposal = chart.propose(read_account(account))
            account.exact_proposed_gl_account_id = proposal.key
            account.exact_proposal_confidence = (
                proposal.confidence if proposal.key else NONE
            )
            account.exact_proposal_reason = gl_messages.proposal_text(
                self.env, proposal, owner.exact_gl_account_id
            )

    @api.depends_context("company")
    def _compute_is_exact_used(self):
        used = UsedAccounts(self.env.company.exact_owner_id).find()
        for account in self:
            account.is_exact_used = account._origin in used

    def _search_is_exact_used(self, operator, value):
        if operator != "in":
            return NotImplemented
        owner = self.env.company.sudo().exact_owner_id
        return [("id", "in", UsedAccounts(owner).find().ids)]

    # === CRUD === #

    def write(self, vals):
        # EXTENDS exact.mapped.mixin
        if self._exact_mapping in vals:
            self._exact_check_company(gl_messages.OTHER_COMPANY)
        return super().write(vals)

    # === BUSINESS === #

    def _exact_get_no_proposal_text(self):
        # OVERRIDES exact.proposed.mixin
        names = ", ".join(self.mapped("display_name"))
        return messages.say(self.env, gl_messages.NO_PROPOSAL, accounts=names)

    @api.model
    def _exact_find_mappable(self, company):
        # EXTENDS exact.mapped.mixin
        accounts = super()._exact_find_mappable(company)
        return accounts.filtered(
            lambda account: account.account_type not in NEVER_BOOKED
        )

    def _exact_find_sure_rows(self, company):
        """Find the G/L accounts with the same code, type and meaning."""
        # EXTENDS exact.mapped.mixin
        chart = read_chart(company)
        found = {account: chart.find_sure(read_account(account)) for account in self}
        return {account: same.key for account, same in found.items() if same}
