import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..booking import entry_number
from ..exact_api.const import SITES
from .res_company_number import FORMAT

_logger = logging.getLogger(__name__)

# Portal users and visitors can read companies too.
EMPLOYEES = "base.group_user"
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


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

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
    exact_client_id = fields.Char(
        "Exact Client ID", groups="base.group_system", copy=False
    )
    exact_client_secret = fields.Char(groups="base.group_system", copy=False)
    exact_redirect_uri = fields.Char(
        string="Redirect URI for Exact",
        compute="_compute_exact_redirect_uri",
        help="Register the app in Exact's App Center with exactly this address.",
        groups=EMPLOYEES,
    )
    exact_connection_id = fields.Many2one(
        "exact.connection",
        compute="_compute_exact_connection_id",
        compute_sudo=True,
        groups="base.group_system",
    )
    exact_connection_state = fields.Selection(
        [
            ("disconnected", "Not connected"),
            ("connected", "Connected"),
            ("expired", "Expired, connect again"),
            ("copied", "Copy of a database"),
        ],
        compute="_compute_exact_connection_state",
        compute_sudo=True,
        groups=EMPLOYEES,
    )
    exact_connection_problem = fields.Char(
        compute="_compute_exact_connection_state",
        compute_sudo=True,
        groups=EMPLOYEES,
    )
    exact_division_id = fields.Many2one(
        "exact.division",
        check_company=True,
        domain="[('company_id', '=', id)]",
        help="The administration in Exact Online that gets the invoices.",
        groups=EMPLOYEES,
    )
    exact_trigger = fields.Selection(
        [
            ("sent", "Sent to the customer"),
            ("posted", "Confirmed"),
            ("manual", "By the button only"),
        ],
        string="Book in Exact When",
        required=True,
        default="sent",
        groups=EMPLOYEES,
    )
    exact_delay = fields.Integer(
        "Exact Delay (minutes)",
        default=60,
        help="Time to correct an invoice before it is booked in Exact Online.",
        groups=EMPLOYEES,
    )
    exact_make_customer = fields.Boolean(
        "Make Customers in Exact of Others",
        help="A prospect or supplier in Exact with the same VAT number becomes a "
        "customer there. Otherwise somebody is asked first.",
        groups=EMPLOYEES,
    )
    exact_collective_rule_ids = fields.One2many(
        "exact.collective.rule",
        "company_id",
        string="Consumers in Exact",
        groups=EMPLOYEES,
    )
    exact_history_days = fields.Integer(
        "Exact History (days)",
        default=90,
        help="How long the calls to Exact Online made for each invoice are kept.",
        groups=EMPLOYEES,
    )
    exact_start_date = fields.Date(
        help="Invoices dated before this day are sent by the button only.",
        groups=EMPLOYEES,
    )
    exact_number_prefix = fields.Char(
        default="{yy}",
        help="Digits and the variables {journal}, {gl}, {yy} and {yyyy}, put before "
        "the running number of the invoice.",
        groups=EMPLOYEES,
    )
    exact_number_suffix = fields.Char(groups=EMPLOYEES)
    exact_credit_note_prefix = fields.Char(
        default="{yy}9",
        help="Takes the place of the prefix for credit notes that Odoo numbers apart, "
        "so that the first credit note does not get the number of the first invoice.",
        groups=EMPLOYEES,
    )

    _exact_delay_not_negative = models.Constraint(
        "CHECK(exact_delay >= 0)", "The delay for Exact Online cannot be negative."
    )
    _exact_history_days_positive = models.Constraint(
        "CHECK(exact_history_days > 0)",
        "The history for Exact Online is kept for one day at least.",
    )

    # === COMPUTES === #

    @api.depends("country_id")
    def _compute_exact_site(self):
        for company in self.filtered(lambda company: not company.exact_site):
            code = (company.country_id.code or "").lower().replace("gb", "uk")
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

    # === CONSTRAINTS === #

    @api.constrains(
        "exact_number_prefix", "exact_number_suffix", "exact_credit_note_prefix"
    )
    def _check_exact_number(self):
        for company in self:
            for pattern in (
                company.exact_number_prefix,
                company.exact_number_suffix,
                company.exact_credit_note_prefix,
            ):
                try:
                    entry_number.check_pattern(pattern)
                except ValueError as err:
                    raise ValidationError(
                        self.env._(
                            "“%(part)s” cannot stand in the entry numbers of "
                            "%(company)s in Exact. Use digits and {journal}, {gl}, "
                            "{yy}, {yyyy}.",
                            part=err,
                            company=company.name,
                        )
                    ) from err

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
                        "Division %(division)s already gets the invoices of %(twin)s. "
                        "Choose another division for %(company)s.",
                        division=company.exact_division_id.display_name,
                        twin=twin.name,
                        company=company.name,
                    )
                )

    @api.constrains(*CHOICES)
    def _check_exact_choices(self):
        """Refuse what the lists of another company's division hold."""
        self._check_company(CHOICES)

    # === CRUD === #

    def write(self, vals):
        # EXTENDS 'base': what was known of another division is worthless in this one.
        self.check_access("write")
        moving = self.browse()
        for name in {"exact_division_id", "exact_site"} & vals.keys():
            moving |= self._exact_check_move(name, vals[name])
        result = super().write(vals)
        if any(name.startswith("exact_") for name in vals):
            self.env["exact.outbox"]._trigger_care_of_checks()
        for company in moving:
            self.env["res.partner"]._exact_forget(company)
        # A new format is checked against the numbers in Exact, but not in this save.
        if vals.get("exact_division_id") or set(FORMAT) & vals.keys():
            self.env.ref("comanage_exact.ir_cron_exact_fetch")._trigger()
        return result

    def _exact_check_move(self, name, value):
        """Return the companies that leave their division or site, if they may.

        :raise UserError: an invoice may be in the old one, or tokens would go to
            another host.
        """
        moving = self.browse()
        for company in self.sudo().filtered(lambda c: c._exact_get_owner()[name]):
            old = company[name].id if name == "exact_division_id" else company[name]
            if old == value:
                continue
            moving |= company
            if company._exact_has_unsettled():
                raise UserError(
                    self.env._(
                        "Invoices of %(company)s are on their way to Exact Online. Try "
                        "again in a few minutes, when their bookings are confirmed.",
                        company=company.name,
                    )
                )
            if name == "exact_site" and company.exact_connection_state == "connected":
                raise UserError(
                    self.env._(
                        "%(company)s is connected to another site of Exact Online. "
                        "Disconnect it first, then choose the site.",
                        company=company.name,
                    )
                )
        return moving

    def _exact_has_unsettled(self):
        """Tell whether Exact may have an invoice that Odoo is not sure of."""
        unsettled = [
            ("company_id", "child_of", self.id),
            ("state", "in", ("sending", "unconfirmed")),
        ]
        return bool(self.env["exact.outbox"].sudo().search_count(unsettled, limit=1))

    # === BUSINESS === #

    def _exact_get_base_url(self):
        """Return scheme and host of Exact; a simulator's where one is set."""
        self.ensure_one()
        parameter = self.env["ir.config_parameter"].sudo()
        base_url = parameter.get_param("comanage_exact.base_url")
        return (base_url or SITES[self.exact_site]).rstrip("/")

    def _exact_is_ready(self):
        """Tell whether invoices of this company can be sent at all."""
        self.ensure_one()
        return self.exact_connection_state == "connected" and bool(
            self.exact_division_id
        )

    def _exact_is_used(self):
        """Tell whether invoices queue, if only to wait for a new connection."""
        self.ensure_one()
        connection = self.sudo().exact_connection_id
        return bool(
            self.exact_division_id
            and connection
            and self.exact_connection_state != "copied"
        )

    def _exact_get_ready_problems(self):
        """Return what an administrator has to do before anything can be sent."""
        if self._exact_is_ready():
            return []
        return [
            self.env._(
                "%(company)s is not connected to Exact Online. Ask an administrator to "
                "connect it in Settings ▸ Users & Companies ▸ Companies.",
                company=self.name,
            )
        ]

    def _exact_check_ready(self):
        for problem in self._exact_get_ready_problems():
            raise UserError(problem)
