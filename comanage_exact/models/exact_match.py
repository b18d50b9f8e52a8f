from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sync import customer_messages, customers, messages

WAITING = ("open", "later")


class ExactMatch(models.Model):
    """A question: which Exact Online customer is this contact, if any?

    Only the invoices of this customer wait for the answer.
    """

    _name = "exact.match"
    _description = "Exact Online Customer Match"
    _rec_name = "partner_id"
    _order = "id desc"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        [
            ("open", "Awaiting decision"),
            ("later", "Later"),
            ("linked", "Linked"),
            ("create", "Create in Exact"),
        ],
        required=True,
        readonly=True,
        default="open",
        string="Status",
    )
    recheck_round = fields.Integer(
        readonly=True, help="The round of checks in which it was looked at last."
    )
    candidate_ids = fields.One2many(
        "exact.match.candidate", "match_id", "Exact Online Customers", readonly=True
    )
    street = fields.Char(related="partner_id.street")
    zip = fields.Char(related="partner_id.zip")
    city = fields.Char(related="partner_id.city")
    country_id = fields.Many2one(related="partner_id.country_id")
    email = fields.Char(string="E-mail", related="partner_id.email")
    vat = fields.Char(related="partner_id.vat")
    company_registry = fields.Char(related="partner_id.company_registry")
    difference_html = fields.Html(
        "Differences from Exact Online",
        compute="_compute_difference_html",
        compute_sudo=True,
        help="Where the Exact Online customer differs from this contact.",
    )
    waiting_count = fields.Integer("Invoices Waiting", compute="_compute_waiting_count")

    _partner_unique = models.Constraint(
        "UNIQUE(company_id, partner_id)",
        "Each customer can be matched only once per company.",
    )

    @api.depends("partner_id", "state")
    def _compute_waiting_count(self):
        groups = self.env["exact.outbox"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", ("pending", "held", "failed")),
            ],
            ["partner_id", "company_id"],
            ["__count"],
        )
        counts = Counter()
        for partner, company, count in groups:
            for parent in company.parent_ids:
                counts[partner.id, parent.id] += count
        for match in self:
            key = match.partner_id.id, match.company_id.id
            match.waiting_count = counts[key]

    @api.depends_context("lang")
    @api.depends("state", "partner_id.exact_differing")
    def _compute_difference_html(self):
        for match in self:
            partner = match.partner_id.with_company(match.company_id)
            match.difference_html = partner.exact_difference_html

    # === ACTIONS === #

    def action_create(self):
        """Create these customers in Exact Online, although others are like them."""
        self._check_user()
        self._decide("create")
        return self[:1]._go_on(customer_messages.CREATED_NEXT)

    def action_send_differences(self):
        """Have the next invoice bring what differs to Exact Online."""
        self._check_user()
        for match in self:
            partner = match.partner_id.with_company(match.company_id)
            partner.action_exact_send_differences()
        return self._open_next()

    def action_keep_differences(self):
        """Leave what differs as it is in Exact Online."""
        self._check_user()
        for match in self:
            partner = match.partner_id.with_company(match.company_id)
            partner.action_exact_keep_differences()
        return self._open_next()

    def action_later(self):
        """Postpone the decision; the invoices continue to wait."""
        self._check_user()
        self.sudo().filtered(lambda match: match.state == "open").state = "later"

    def _go_on(self, text, **values):
        """Return the action that says what follows from a decision, and goes on.

        What differs is decided first, then the next customer.
        """
        following = self._open_next()
        if self.difference_html:
            following = self._open(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": customer_messages.decided_text(self, text, **values),
                "next": following,
            },
        }

    def _open_next(self):
        """Return the action that opens the next question, or the list without one."""
        own = [("company_id", "in", self.env.companies.ids), ("state", "=", "open")]
        return self._open(self.search([*own, ("id", "not in", self.ids)], limit=1))

    @api.model
    def _open(self, match):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "comanage_exact.exact_match_action"
        )
        if match:
            form = (False, "form")
            action.update(res_id=match.id, view_mode="form", views=[form])
        return {**action, "target": "main" if not match else "current"}

    def _check_user(self):
        self.env.user._exact_check_role("user")
        self.check_access("read")

    def _decide(self, state):
        """Write a decision, and release the invoices that waited for it."""
        for match in self.sudo():
            if match.state not in WAITING:
                raise UserError(
                    self.env._(
                        "A decision has already been recorded for %(customer)s. "
                        "Reload the page to view it.",
                        customer=match.partner_id.display_name,
                    )
                )
            match.state = state
        self.env["exact.outbox"].sudo()._trigger_recheck()

    # === BUSINESS === #

    @api.model
    def _ask(self, partner, accounts):
        """Ask which of these accounts a customer is; without any there is no question.

        :return: the match; empty if there are no accounts.
        """
        match = self.search(self._get_own(partner))
        if not accounts:
            match.unlink()
            return self.browse()
        if not match:
            match = self.create(
                {"company_id": self.env.company.id, "partner_id": partner.id}
            )
        if match.state not in WAITING:
            match.state = "open"
        if match.candidate_ids.account_id.ids != accounts.ids:
            lines = [
                fields.Command.create({"account_id": account.id})
                for account in accounts
            ]
            match.candidate_ids = [fields.Command.clear(), *lines]
        return match

    @api.model
    def _close(self, partner):
        """End the question about a customer whose account is known now.

        A decision is good for once: should the account vanish, the next search asks
        again.
        """
        own = self._get_own(partner)
        self.search([*own, ("state", "!=", "linked")]).state = "linked"

    @api.model
    def _find_waiting(self):
        return self.search([("state", "in", WAITING)])

    @api.model
    def _find_open(self, partner):
        """Return the open question about a customer that Exact does not know yet."""
        partner = partner.sudo()
        if partner.exact_guid:
            return self.browse()
        return self.sudo().search([*self._get_own(partner), ("state", "in", WAITING)])

    @api.model
    def _is_confirmed_new(self, partner):
        """Tell whether someone decided that Exact Online does not have the customer."""
        own = self._get_own(partner)
        return bool(self.search_count([*own, ("state", "=", "create")], limit=1))

    @api.model
    def _get_own(self, partner):
        return [
            ("company_id", "=", self.env.company.id),
            ("partner_id", "=", partner.id),
        ]


class ExactMatchCandidate(models.Model):
    _name = "exact.match.candidate"
    _description = "Exact Online Customer Match Candidate"
    _rec_name = "account_id"
    # The strongest first.
    _order = "id"

    match_id = fields.Many2one(
        "exact.match",
        string="Customer Match",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="match_id.company_id", store=True, index=True)
    account_id = fields.Many2one(
        "exact.account", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Char(compute="_compute_reason", compute_sudo=True)
    doubt = fields.Char("Against", compute="_compute_reason", compute_sudo=True)
    code = fields.Char(related="account_id.code")
    name = fields.Char(related="account_id.name")
    vat_number = fields.Char(string="VAT Number", related="account_id.vat_number")
    registry = fields.Char(string="Chamber of Commerce", related="account_id.registry")
    email = fields.Char(related="account_id.email")
    street = fields.Char(related="account_id.street")
    postcode = fields.Char(related="account_id.postcode")
    city = fields.Char(related="account_id.city")
    status = fields.Selection(related="account_id.status")
    is_linkable = fields.Boolean(string="Can Be Linked", compute="_compute_is_linkable")

    @api.depends_context("lang")
    @api.depends("account_id", "match_id.partner_id")
    def _compute_reason(self):
        for candidate in self:
            company = candidate.company_id
            partner = candidate.match_id.partner_id.with_company(company)
            account = candidate.account_id
            candidate.reason = customer_messages.reasons_text(
                self.env, partner, account
            )
            candidate.doubt = customer_messages.doubts_text(self.env, partner, account)

    @api.depends("match_id.state", "account_id.is_blocked", "account_id.end_date")
    def _compute_is_linkable(self):
        """Tell where a button helps: still to decide, and open in Exact."""
        for candidate in self:
            candidate.is_linkable = (
                candidate.match_id.state in WAITING and candidate.account_id._is_live()
            )

    def action_link(self):
        """Book the customer on this account from now on; see `CustomerMatch.link`.

        One that is no customer in Exact Online yet becomes one with the next invoice.
        """
        self.ensure_one()
        match = self.match_id
        match._check_user()
        account = self.account_id.sudo()
        if not account._is_live():
            raise UserError(
                self.env._(
                    "%(account)s is %(state)s. Reactivate it in Exact Online, or "
                    "choose another customer or a new one for %(customer)s.",
                    account=account.display_name,
                    state=messages.account_state_text(self.env, account),
                    customer=match.partner_id.display_name,
                )
            )
        match._decide("linked")
        partner = match.partner_id.with_company(match.company_id)
        customers.CustomerMatch(partner).link(account)
        return match._go_on(customer_messages.LINKED, account=account.display_name)
