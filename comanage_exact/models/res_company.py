import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import formatLang

from ..booking import matching
from ..booking.life_cycle import UNDER_WAY
from ..const import ADMINISTRATORS, CRON_FETCH, EMPLOYEES, MANAGERS, READERS
from ..exact_api.const import RETURN_ROUTE, SITES
from ..exact_api.exceptions import ExactError
from ..mappers.entry_number import NumberingMapper
from ..mappers.period import PeriodMapper
from ..sync import messages, onboarding, setup_messages
from ..sync.code_lists import NightlyFetch
from ..sync.number_preview import preview_text
from ..sync.readiness import LATEST, Readiness
from ..sync.resume import resume
from ..sync.scheduled_actions import wake
from .exact_number_mixin import FORMAT

_logger = logging.getLogger(__name__)

# Cents that a company may allow: more has another reason than rounding.
MAX_TOLERANCE = 10
# What is chosen among the rows of the company's own lists.
CHOICES = (
    "exact_division_id",
    "exact_journal_id",
    "exact_no_vat_code_id",
    "exact_credit_journal_id",
    "exact_gl_account_id",
    "exact_payment_condition_id",
    "exact_cost_center_id",
    "exact_cost_unit_id",
)
# What a manager of Exact changes on a company that others keep: none of several
# records, whose commands would be carried out as superuser too.
SETTINGS = (
    *CHOICES,
    *FORMAT,
    "exact_site",
    "exact_client_id",
    "exact_client_secret",
    "exact_division_number",
    "exact_mismatch_reason",
    "exact_trigger",
    "exact_delay",
    "exact_start_date",
    "exact_send_pdf",
    "exact_history_days",
    "exact_customer_number",
    "exact_convert_prospects",
    "exact_cost_center_plan_id",
    "exact_cost_unit_plan_id",
    "exact_rounding_tolerance",
)
# What decides on the number of an entry, beside its format.
NUMBERED_BY = ("exact_journal_id", "exact_credit_journal_id", "exact_gl_account_id")


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "res.company",
        "exact.number.mixin",
        "exact.login.mixin",
        "exact.health.mixin",
        "exact.settings.mixin",
        "exact.digest.mixin",
    ]

    _exact_settings = SETTINGS
    _exact_settings_role = "manager"
    _exact_number_fields = (*NUMBERED_BY, "exact_start_date")

    exact_site = fields.Selection(
        [
            ("nl", "Netherlands"),
            ("be", "Belgium"),
            ("de", "Germany"),
            ("fr", "France"),
            ("es", "Spain"),
            ("uk", "United Kingdom"),
            ("us", "International"),
        ],
        string="Exact Online Site",
        compute="_compute_exact_site",
        store=True,
        readonly=False,
        help="The country site where you log in to Exact Online and where the app "
        "is registered.",
        groups=EMPLOYEES,
    )
    exact_redirect_uri = fields.Char(
        string="Exact Online Redirect URI",
        compute="_compute_exact_redirect_uri",
        help="Register the app in the Exact Online App Center with exactly this "
        "address.",
        groups=EMPLOYEES,
    )
    exact_connection_id = fields.Many2one(
        "exact.connection",
        string="Exact Online Connection",
        compute="_compute_exact_connection_id",
        compute_sudo=True,
        groups=ADMINISTRATORS,
    )
    exact_connection_state = fields.Selection(
        [
            ("disconnected", "Not connected"),
            ("connected", "Connected"),
            ("expired", "Expired, connect again"),
            ("copied", "Database copy"),
        ],
        string="Exact Online Connection Status",
        compute="_compute_exact_connection_state",
        compute_sudo=True,
        groups=EMPLOYEES,
    )
    exact_connection_problem = fields.Char(
        string="Exact Online Connection Problem",
        compute="_compute_exact_connection_state",
        compute_sudo=True,
        groups=EMPLOYEES,
    )
    is_exact_stopped = fields.Boolean(
        string="Exact Online Stopped",
        compute="_compute_exact_connection_state",
        compute_sudo=True,
        groups=EMPLOYEES,
        help="Exact Online answered from another division.",
    )
    exact_division_id = fields.Many2one(
        "exact.division",
        string="Exact Online Division",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="The Exact Online division in which invoices are booked.",
        groups=EMPLOYEES,
    )
    exact_division_number = fields.Char(
        string="Exact Online Division Number",
        compute="_compute_exact_division_number",
        inverse="_inverse_exact_division_number",
        groups=MANAGERS,
        help="The number of the division, if Exact Online does not return the list of "
        "divisions. It is the number in the address of Exact Online pages, not the one "
        "shown in the list of companies.",
    )
    exact_trigger = fields.Selection(
        [
            ("sent", "Sent to the customer"),
            ("posted", "Confirmed"),
            ("manual", "Send to Exact is clicked"),
        ],
        string="Book in Exact Online When",
        required=True,
        default="sent",
        groups=EMPLOYEES,
    )
    exact_delay = fields.Integer(
        "Exact Online Delay (Minutes)",
        default=60,
        help="Time to correct an invoice before it is booked in Exact Online.",
        groups=EMPLOYEES,
    )
    exact_convert_prospects = fields.Boolean(
        "Convert Prospects and Suppliers to Customers",
        help="A prospect or supplier with the same VAT number is converted to a "
        "customer in Exact Online. Otherwise, someone must confirm the match "
        "first.",
        groups=EMPLOYEES,
    )
    exact_customer_number = fields.Selection(
        [("exact", "Assigned by Exact Online"), ("ref", "Reference of the contact")],
        string="Customer Number in Exact",
        required=True,
        default="exact",
        help="With the reference of the contact, new customers get it as their number "
        "where it consists of digits, and customers are found by it.",
        groups=EMPLOYEES,
    )
    exact_collective_rule_ids = fields.One2many(
        "exact.collective.rule",
        "company_id",
        string="Collective Customers for Consumers",
        groups=EMPLOYEES,
    )
    exact_history_days = fields.Integer(
        "Exact Online History (Days)",
        default=90,
        help="How long the API calls listed on each booking are kept.",
        groups=EMPLOYEES,
    )
    exact_start_date = fields.Date(
        string="Exact Online Start Date",
        help="Invoices dated before this day are sent only when you click Send to "
        "Exact. Without a start date, none is sent automatically.",
        groups=EMPLOYEES,
    )
    exact_number_prefix = fields.Char(
        default="{yy}",
        help="Digits and the variables {journal}, {gl}, {yy}, {yyyy} and {mm}, placed "
        "before the sequence number of the invoice. Year and month are those in its "
        "number, otherwise those of its accounting date. Leading zeros of the sequence "
        "number are dropped where the entry number would be too large.",
        groups=EMPLOYEES,
    )
    exact_number_suffix = fields.Char(groups=EMPLOYEES)
    exact_credit_note_prefix = fields.Char(
        default="{yy}9",
        help="Replaces the number prefix for credit notes with their own numbering "
        "in Odoo, so that the first credit note does not get the number of the "
        "first invoice.",
        groups=EMPLOYEES,
    )
    exact_debit_note_prefix = fields.Char(
        default="{yy}8",
        help="Replaces the number prefix for debit notes with their own numbering in "
        "Odoo.",
        groups=EMPLOYEES,
    )
    exact_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Online Journal",
        check_company=True,
        domain="[('company_id', '=', id)]",
        groups=EMPLOYEES,
    )
    exact_credit_journal_id = fields.Many2one(
        "exact.journal",
        string="Exact Online Journal for Credit Notes",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="Leave empty to use the invoice journal.",
        groups=EMPLOYEES,
    )
    exact_gl_account_id = fields.Many2one(
        "exact.gl.account",
        string="Exact Online G/L Account Where None Fits",
        check_company=True,
        domain="[('company_id', '=', id), ('is_bookable', '=', True)]",
        help="For income accounts that are not mapped to an Exact Online G/L account. "
        "Other accounts, such as those of down payments, need one of their own in the "
        "list G/L Accounts.",
        groups=EMPLOYEES,
    )
    exact_period_ids = fields.One2many(
        "exact.period",
        "company_id",
        string="Exact Online Financial Periods",
        readonly=True,
        groups=EMPLOYEES,
    )
    exact_payment_condition_id = fields.Many2one(
        "exact.payment.condition",
        string="Exact Online Payment Condition",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="Leave empty to use the payment condition of the Exact Online customer.",
        groups=EMPLOYEES,
    )
    exact_cost_center_id = fields.Many2one(
        "exact.cost.center",
        string="Exact Online Cost Centre",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="For lines without one on Exact Online G/L accounts that require a cost "
        "centre.",
        groups=EMPLOYEES,
    )
    exact_cost_center_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Analytic Plan of Exact Online Cost Centres",
        domain="[('parent_id', '=', False)]",
        help="Only accounts of this plan stand for cost centres. Leave empty to use "
        "all accounts that are mapped to one.",
        groups=EMPLOYEES,
    )
    exact_cost_unit_id = fields.Many2one(
        "exact.cost.unit",
        string="Exact Online Cost Unit",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="For lines without one on Exact Online G/L accounts that require a cost "
        "unit.",
        groups=EMPLOYEES,
    )
    exact_cost_unit_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Analytic Plan of Exact Online Cost Units",
        domain="[('parent_id', '=', False)]",
        help="Only accounts of this plan stand for cost units. Leave empty to use "
        "all accounts that are mapped to one.",
        groups=EMPLOYEES,
    )
    exact_rounding_tolerance = fields.Monetary(
        "Exact Online Allowed Rounding Difference",
        currency_field="currency_id",
        help="Invoices in other currencies are booked without asking if Exact Online "
        "converts no amount with a larger difference from Odoo. The difference is "
        "shown on the booking and listed in the comparison.",
        groups=EMPLOYEES,
    )
    exact_send_pdf = fields.Boolean(
        "Send PDF to Exact",
        default=True,
        help="Adds the PDF sent to the customer to the entry as a document. This "
        "requires two additional API calls per invoice.",
        groups=EMPLOYEES,
    )
    exact_no_vat_code_id = fields.Many2one(
        "exact.vat.code",
        string="Exact Online VAT Code for Untaxed Lines",
        check_company=True,
        domain="[('company_id', '=', id), ('percentage', '=', 0)]",
        help="For lines without tax, such as deposits, expenses paid for the customer "
        "or sales of small enterprises, and for amounts that Odoo adds to an invoice "
        "without tax: cash rounding, cash discounts, and fixed amounts that are not "
        "part of the VAT base.",
        groups=EMPLOYEES,
    )
    exact_number_preview = fields.Text(
        "Exact Online Number Preview",
        compute="_compute_exact_number_preview",
        compute_sudo=True,
        groups=MANAGERS,
    )
    exact_owner_id = fields.Many2one(
        "res.company",
        string="Exact Online Settings Company",
        compute="_compute_exact_owner_id",
        compute_sudo=True,
        recursive=True,
        store=True,
        index="btree_not_null",
        groups=EMPLOYEES,
        help="The company whose Exact Online division and settings this company uses.",
    )
    exact_check_ids = fields.One2many(
        "exact.check",
        "company_id",
        string="Exact Online Checks",
        readonly=True,
        groups=READERS,
    )
    exact_mismatch_reason = fields.Char(
        string="Reason for Exact Online Mismatch",
        help="Why the division has a different VAT number or currency. Required "
        "before invoices can be booked in such a division.",
        groups=EMPLOYEES,
    )
    is_exact_division_mismatch = fields.Boolean(
        string="Exact Online Division Mismatch",
        compute="_compute_is_exact_division_other",
        compute_sudo=True,
        groups=EMPLOYEES,
    )

    _exact_delay_not_negative = models.Constraint(
        "CHECK(exact_delay >= 0)", "The Exact Online delay cannot be negative."
    )
    _exact_history_days_positive = models.Constraint(
        "CHECK(exact_history_days > 0)",
        "The Exact Online history must be kept for at least one day.",
    )

    # === COMPUTES === #

    @api.depends("country_id")
    def _compute_exact_site(self):
        for company in self:
            code = (company.country_id.code or "").lower().replace("gb", "uk")
            is_bound = company.exact_division_id or company.exact_connection_id.login_id
            if not company.exact_site or (code in SITES and not is_bound):
                company.exact_site = code if code in SITES else "nl"

    def _compute_exact_redirect_uri(self):
        for company in self:
            company.exact_redirect_uri = company._exact_get_redirect_uri()

    def _compute_exact_connection_id(self):
        connections = self.env["exact.connection"].search(
            [("company_id", "in", self.ids)]
        )
        by_company = connections.grouped("company_id")
        for company in self:
            company.exact_connection_id = by_company.get(company._origin)

    @api.depends("exact_connection_id")
    def _compute_exact_connection_state(self):
        for company in self:
            connection = company.exact_connection_id
            company.exact_connection_state = connection._get_state()
            company.exact_connection_problem = connection._get_problem()
            company.is_exact_stopped = connection._is_stopped()

    @api.depends("exact_division_id")
    def _compute_exact_division_number(self):
        for company in self:
            company.exact_division_number = company.exact_division_id.code

    def _inverse_exact_division_number(self):
        """Choose the division with this number, known from a list or not."""
        for company in self:
            number = (company.exact_division_number or "").strip()
            if not number:
                continue
            if not (number.isascii() and number.isdigit()):
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is not a division number. Enter the digits that "
                        "Exact Online shows in the address of its pages.",
                        number=number,
                    )
                )
            divisions = company.sudo().env["exact.division"]
            division = divisions._get_or_create(company, str(int(number)))
            company.exact_division_id = division

    @api.depends("exact_division_id", "parent_id.exact_owner_id")
    def _compute_exact_owner_id(self):
        """Find the nearest company upwards that chose a division, itself included.

        With none anywhere a company is its own owner, and not ready.
        """
        for company in self:
            above = company.parent_id.exact_owner_id
            is_own = company.exact_division_id or not above.exact_division_id
            company.exact_owner_id = company if is_own else above

    @api.depends(
        "exact_division_id", "vat", "currency_id", "exact_division_id.vat_number"
    )
    def _compute_is_exact_division_other(self):
        for company in self:
            company.is_exact_division_mismatch = bool(
                company._exact_get_division_problem()
            )

    @api.depends(*FORMAT, *NUMBERED_BY)
    def _compute_exact_number_preview(self):
        for company in self:
            company.exact_number_preview = company._exact_get_number_preview()

    # === CONSTRAINTS === #

    @api.constrains("exact_rounding_tolerance")
    def _check_exact_rounding_tolerance(self):
        for company in self:
            currency = company.currency_id
            largest = MAX_TOLERANCE * currency.rounding
            if not 0 <= company.exact_rounding_tolerance <= largest:
                raise ValidationError(
                    self.env._(
                        "The allowed rounding difference of %(company)s must be "
                        "between zero and %(largest)s. Enter such an amount; larger "
                        "differences are accepted on the invoice.",
                        company=company.name,
                        largest=formatLang(self.env, largest, currency_obj=currency),
                    )
                )

    @api.constrains("exact_division_id", "exact_site")
    def _check_exact_division(self):
        for company in self.filtered("exact_division_id"):
            twin = self.sudo().search(
                [
                    ("id", "!=", company.id),
                    ("exact_division_id.code", "=", company.exact_division_id.code),
                    ("exact_site", "=", company.exact_site),
                ],
                limit=1,
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "Division %(division)s is already used for the invoices of "
                        "%(twin)s. Choose another division for %(company)s.",
                        division=company.exact_division_id.display_name,
                        twin=twin.name,
                        company=company.name,
                    )
                )

    @api.constrains("exact_owner_id")
    def _check_exact_owner(self):
        """Refuse what only a caller from outside can write: it is computed."""
        for company in self.sudo():
            if company.exact_owner_id not in company | company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%(company)s cannot book with the connection of %(owner)s, "
                        "because it is not one of its branches.",
                        company=company.name,
                        owner=company.exact_owner_id.name,
                    )
                )

    @api.constrains(*CHOICES)
    def _check_exact_choices(self):
        """Refuse what the lists of another company's division hold."""
        self._check_company(CHOICES)

    # === CRUD === #

    def write(self, vals):
        # EXTENDS 'base': what was known of another division is worthless in this one.
        companies = self._exact_for_settings(vals)
        companies.check_access("write")
        moving = self.browse()
        for name in {"exact_division_id", "exact_site"} & vals.keys():
            moving |= self._exact_check_move(name, vals[name])
        if "exact_client_id" in vals:
            self._exact_check_app(vals["exact_client_id"])
        unnumbered = self.browse()
        if vals.get("exact_journal_id") and not set(FORMAT) & vals.keys():
            unnumbered = self.filtered(lambda company: not company.exact_journal_id)
        result = super(ResCompany, companies).write(vals)
        for company in unnumbered:
            company._exact_use_proposed_format()
        if any(name.startswith("exact_") for name in vals):
            self.env["exact.outbox"]._trigger_recheck_of_problems()
        for company in moving:
            self.env["res.partner"]._exact_forget(company)
        # A new format is checked against the numbers in Exact, but not in this save.
        if vals.get("exact_division_id") or {*FORMAT, *NUMBERED_BY} & vals.keys():
            self.sudo().exact_check_ids.taken = False
            wake(self.env, CRON_FETCH)
        return result

    def _exact_check_move(self, name, value):
        """Return the companies that leave their division or site, if they may.

        :raise UserError: an invoice may be in the old one, or tokens would go to
            another host.
        """
        moving = self.browse()
        for company in self.sudo().filtered(lambda c: c.exact_owner_id[name]):
            old = company[name].id if name == "exact_division_id" else company[name]
            if old == value:
                continue
            moving |= company
            if company._exact_has_unconfirmed():
                raise UserError(
                    self.env._(
                        "Invoices of %(company)s are being sent to Exact Online. "
                        "Try again in a few minutes, when their bookings are "
                        "confirmed.",
                        company=company.name,
                    )
                )
            if name == "exact_site" and company.exact_connection_state == "connected":
                raise UserError(
                    self.env._(
                        "%(company)s is connected to another Exact Online site. "
                        "Disconnect it first, then choose the site.",
                        company=company.name,
                    )
                )
        return moving

    def _exact_has_unconfirmed(self):
        """Tell whether Exact may have an invoice that Odoo is not sure of."""
        unconfirmed = [
            ("company_id", "child_of", self.id),
            ("state", "in", UNDER_WAY),
        ]
        return bool(self.env["exact.outbox"].sudo().search_count(unconfirmed, limit=1))

    # === ACTIONS === #

    def action_exact_connect(self):
        """Lead to the page of Exact where the user allows the connection."""
        self.ensure_one()
        self._exact_check_role("manager")
        if not (self.exact_client_id and self.sudo().exact_app_secret):
            raise UserError(
                self.env._(
                    "Enter the client ID and client secret of %(company)s first. "
                    "The Exact Online App Center shows them where the app is "
                    "registered.",
                    company=self.name,
                )
            )
        url = onboarding.Consent(self).get_url()
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def action_exact_disconnect(self):
        """Wipe the tokens and keep what was chosen and mapped."""
        self.ensure_one()
        self._exact_check_role("manager")
        self.sudo().exact_connection_id._disconnect()
        self.invalidate_recordset()

    def action_exact_resume(self):
        """Let bookings go on after an answer from another division was checked."""
        self.ensure_one()
        self._exact_check_role("manager")
        resume(self.sudo().exact_owner_id)
        self.invalidate_recordset()

    def action_exact_fetch(self):
        """Fetch divisions and code lists now."""
        self.ensure_one()
        self._exact_check_role("accountant")
        try:
            onboarding.fetch_all(self)
        except ExactError as err:
            raise UserError(messages.explain_button(self, err)) from err
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The Exact Online lists are up to date."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_exact_check(self):
        """Fetch the lists again and judge every line of the readiness list."""
        self.ensure_one()
        self._exact_check_role("accountant")
        if self.exact_connection_state == "connected":
            try:
                onboarding.fetch_all(self)
            except ExactError as err:
                # The lines say what it means.
                _logger.info("Lists of company %s: %s", self.id, err)
        Readiness(self).run()

    def action_exact_setup(self):
        """Open the set-up screen at the step that is next."""
        self.ensure_one()
        return self.env["exact.setup"]._open(self)

    def action_exact_check_division(self):
        """Open the check of the division, which shows what it does otherwise."""
        self.ensure_one()
        self._exact_check_role("manager")
        return self.env["exact.division.check"]._open(self)

    def _exact_open_settings(self):
        """Return the action that opens the company on its Exact Online tab."""
        self.ensure_one()
        name = "comanage_exact.res_company_view_form_exact"
        if self.env.user._exact_has_role("manager") and not self.has_access("write"):
            name = "comanage_exact.res_company_view_form_settings"
        view = self.env.ref(name)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.company",
            "res_id": self.id,
            "views": [(view.id, "form")],
        }

    def _exact_check_role(self, role):
        """Refuse users without a role, and companies not open to them."""
        self.env.user._exact_check_role(role)
        self.check_access("read")

    # === CONNECTION === #

    def _exact_get_base_url(self):
        """Return scheme and host of Exact; a simulator's where one is set."""
        self.ensure_one()
        parameter = self.env["ir.config_parameter"].sudo()
        base_url = parameter.get_param("comanage_exact.base_url")
        return (base_url or SITES[self.exact_site]).rstrip("/")

    def _exact_get_redirect_uri(self):
        return self.get_base_url().rstrip("/") + RETURN_ROUTE

    def _exact_is_ready(self):
        """Tell whether invoices of this company can be sent at all."""
        self.ensure_one()
        return self.exact_connection_state == "connected" and bool(
            self.exact_division_id
        )

    def _exact_is_used(self):
        """Tell whether invoices queue, if only to wait for a new connection."""
        self.ensure_one()
        return bool(self.exact_division_id and self.sudo().exact_connection_id)

    def _exact_get_ready_problems(self):
        """Return what an administrator has to do before anything can be sent."""
        if self._exact_is_ready():
            return []
        return [messages.say(self.env, setup_messages.NOT_CONNECTED, company=self.name)]

    def _exact_check_ready(self):
        for problem in self._exact_get_ready_problems():
            raise UserError(problem)

    # === BRANCHES AND DIVISION === #

    def _exact_get_members(self):
        """Return the companies whose invoices go to the division of this one."""
        self.ensure_one()
        return self.sudo().search([("exact_owner_id", "=", self._origin.id)])

    def _exact_get_division_problem(self):
        """Return how the chosen division differs from the company, or False.

        What either side leaves empty is not compared.
        """
        self.ensure_one()
        division = self.exact_division_id
        if division.vat_number != self.vat and self._exact_has_other_vat_number():
            return self.env._(
                "Division %(division)s has VAT number %(theirs)s, but %(company)s "
                "has %(ours)s.",
                division=division.display_name,
                theirs=division.vat_number,
                company=self.name,
                ours=self.vat,
            )
        currency = self.currency_id.name
        if division.currency_code and division.currency_code != currency:
            return self.env._(
                "Division %(division)s uses currency %(theirs)s, but %(company)s "
                "uses %(ours)s.",
                division=division.display_name,
                theirs=division.currency_code,
                company=self.name,
                ours=currency,
            )
        return False

    def _exact_has_other_vat_number(self):
        """Tell whether the division has a VAT number that is not the company's."""
        theirs = self._exact_get_vat_key(self.exact_division_id.vat_number)
        ours = self._exact_get_vat_key(self.vat)
        return bool(theirs and ours and theirs != ours)

    def _exact_get_vat_key(self, number):
        """Return a VAT number of this company's, for comparing; '' if it is none."""
        return matching.vat_key(number, self.country_id.code or "")

    def _exact_find_period(self, day):
        """Return the exact.period of a day; empty if Exact has none."""
        self.ensure_one()
        return PeriodMapper(self.sudo()).find(day)

    # === ENTRY NUMBERS === #

    def _exact_get_numbering(self):
        # Without a journal no number can be told.
        return NumberingMapper(self) if self._origin and self.exact_journal_id else None

    def _exact_check_number_access(self):
        # OVERRIDES exact.number.mixin
        if not self.env.user._exact_has_role("manager"):
            text = setup_messages.NUMBERS_OF_MANAGER
            raise AccessError(messages.say(self.env, text, company=self.name))
        self.check_access("read")

    def _exact_get_number_preview(self):
        """Return how the last invoices would be numbered, while one types."""
        return preview_text(self, LATEST)

    def _exact_get_numbered_moves(self, limit):
        """Return the last invoices that may go to Exact, the newest first."""
        return NumberingMapper(self).find_moves(limit)

    # === CRON === #

    @api.model
    def _cron_exact_refresh_lists(self):
        NightlyFetch(self.env).run()
