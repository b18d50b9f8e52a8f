from odoo import api, fields, models
from odoo.exceptions import UserError

from ..booking.gl_mapping import NONE
from ..const import READERS
from ..mappers.gl_account import read_account, read_chart
from ..mappers.used_accounts import NEVER_BOOKED, UsedAccounts
from ..sync import gl_messages, messages


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account", "exact.proposed.mixin"]

    _exact_mapping = "exact_gl_account_id"
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
        # EXTENDS exact.mapped.mixin: entries read the choice of the company that has
        # the connection, so that of a branch would be without effect.
        company = self.env.company
        owner = company.sudo().exact_owner_id
        if self._exact_mapping in vals and owner != company:
            raise UserError(
                messages.say(
                    self.env,
                    gl_messages.OTHER_COMPANY,
                    company=company.name,
                    owner=owner.name,
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_exact_accept_proposal(self):
        """Fill the proposed G/L accounts; what was chosen already stays."""
        self.env.user._exact_check_role("accountant")
        self.check_access("read")
        empty = self.filtered(lambda account: not account.exact_gl_account_id)
        filled = empty.filtered("exact_proposed_gl_account_id")
        for account in filled:
            account.exact_gl_account_id = account.exact_proposed_gl_account_id
        left = empty - filled
        if not left:
            return self._exact_get_reload()
        return self._exact_get_reload(
            messages.say(
                self.env,
                gl_messages.NO_PROPOSAL,
                accounts=", ".join(left.mapped("display_name")),
            )
        )

    # === BUSINESS === #

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
