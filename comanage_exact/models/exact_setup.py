from odoo import api, fields, models
from odoo.exceptions import UserError

from ..booking import setup_steps
from ..booking.names import resemble
from ..exact_api.const import APP_CENTER, APP_CENTER_PAGES
from ..exact_api.exceptions import ExactError
from ..mappers.mapping_counts import count_accounts, count_taxes, count_terms
from ..sync import messages, onboarding, setup_messages
from ..sync.scheduled_actions import find_problem

STATES = [
    (setup_steps.DONE, "Done"),
    (setup_steps.NEXT, "Next"),
    (setup_steps.LATER, "Later"),
]
# The lines of the readiness list that a step has to settle.
CHECKS_OF_MAPPING = ("journal", "gl_account", "payment_condition", "taxes", "number")


class ExactSetup(models.Model):
    """The set-up screen of a company: five steps from the app to the first booking.

    What is chosen is stored on the company; a record of its own keeps the screen where
    it was while somebody is away, at the App Center or at the consent page.
    """

    _name = "exact.setup"
    _description = "Exact Online Set-Up"
    # What is wrong with a connection is an activity on the screen that fixes it.
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    shown_step = fields.Selection(
        [
            (setup_steps.APP, "1. App"),
            (setup_steps.CONNECTION, "2. Connection"),
            (setup_steps.DIVISION, "3. Division"),
            (setup_steps.MAPPING, "4. Accounts and VAT"),
            (setup_steps.TEST, "5. Test and Start"),
        ],
        string="Step",
        required=True,
        default=setup_steps.APP,
    )
    is_editable = fields.Boolean("Can Be Changed", compute="_compute_is_editable")
    app_step = fields.Selection(STATES, compute="_compute_steps")
    connection_step = fields.Selection(STATES, compute="_compute_steps")
    division_step = fields.Selection(STATES, compute="_compute_steps")
    mapping_step = fields.Selection(STATES, compute="_compute_steps")
    test_step = fields.Selection(STATES, compute="_compute_steps")

    # 1. App
    site = fields.Selection(related="company_id.exact_site", readonly=False)
    redirect_uri = fields.Char(related="company_id.exact_redirect_uri")
    client_id = fields.Char(related="company_id.exact_client_id", readonly=False)
    client_secret = fields.Char(
        related="company_id.exact_client_secret", readonly=False
    )
    app_center_url = fields.Char("App Center", compute="_compute_app")
    app_rights = fields.Text("Rights of the App", compute="_compute_app")
    is_redirect_insecure = fields.Boolean(
        "Address Without HTTPS", compute="_compute_app"
    )
    accountant_text = fields.Text("Text for Your Accountant", compute="_compute_app")

    # 2. Connection
    connection_state = fields.Selection(related="company_id.exact_connection_state")
    connection_problem = fields.Char(related="company_id.exact_connection_problem")
    login_note = fields.Text(related="company_id.exact_login_note")
    is_stopped = fields.Boolean(related="company_id.is_exact_stopped")

    # 3. Division
    division_id = fields.Many2one(
        related="company_id.exact_division_id",
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    division_number = fields.Char(
        related="company_id.exact_division_number", readonly=False
    )
    mismatch_reason = fields.Char(
        related="company_id.exact_mismatch_reason", readonly=False
    )
    division_problem = fields.Char(compute="_compute_division_problem")
    division_note = fields.Char(compute="_compute_division_problem")

    # 4. Accounts and VAT
    journal_id = fields.Many2one(
        related="company_id.exact_journal_id",
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    credit_journal_id = fields.Many2one(
        related="company_id.exact_credit_journal_id",
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    gl_account_id = fields.Many2one(
        related="company_id.exact_gl_account_id",
        readonly=False,
        domain="[('company_id', '=', company_id), ('is_bookable', '=', True)]",
    )
    payment_condition_id = fields.Many2one(
        related="company_id.exact_payment_condition_id",
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    no_vat_code_id = fields.Many2one(
        related="company_id.exact_no_vat_code_id",
        readonly=False,
        domain="[('company_id', '=', company_id), ('percentage', '=', 0)]",
    )
    number_warning = fields.Text(related="company_id.exact_number_warning")
    is_number_proposed = fields.Boolean(related="company_id.is_exact_number_proposed")
    tax_certain = fields.Integer("VAT: Chosen", compute="_compute_counts")
    tax_to_confirm = fields.Integer("VAT: To Confirm", compute="_compute_counts")
    tax_missing = fields.Integer("VAT: Missing", compute="_compute_counts")
    account_certain = fields.Integer("Accounts: Certain", compute="_compute_counts")
    account_to_confirm = fields.Integer(
        "Accounts: To Confirm", compute="_compute_counts"
    )
    account_missing = fields.Integer("Accounts: Missing", compute="_compute_counts")
    term_certain = fields.Integer("Payment Terms: Chosen", compute="_compute_counts")
    term_to_confirm = fields.Integer(
        "Payment Terms: To Confirm", compute="_compute_counts"
    )
    term_left = fields.Integer(
        "Payment Terms: Without Their Own Condition", compute="_compute_counts"
    )
    mapping_problem = fields.Text("Still Missing", compute="_compute_steps")

    # 5. Test and start
    last_move_id = fields.Many2one(
        "account.move", "Last Invoice", compute="_compute_last_move"
    )
    last_move_status = fields.Selection(
        selection=lambda self: (
            self.env["account.move"]
            ._fields["exact_status"]
            ._description_selection(self.env)
        ),
        string="Status of the Last Invoice",
        compute="_compute_last_move",
    )
    last_move_error = fields.Text(
        "Problem of the Last Invoice", compute="_compute_last_move"
    )
    is_last_move_sendable = fields.Boolean(
        "Last Invoice Can Be Booked", compute="_compute_last_move"
    )
    start_date = fields.Date(
        compute="_compute_start_date",
        store=True,
        readonly=False,
        help="Invoices dated before this day are sent only when you click Send to "
        "Exact.",
    )
    trigger = fields.Selection(related="company_id.exact_trigger", readonly=False)
    delay = fields.Integer(related="company_id.exact_delay", readonly=False)
    is_on = fields.Boolean("Switched On", compute="_compute_sending")
    sending_note = fields.Char("Automatic Sending", compute="_compute_sending")
    check_ids = fields.One2many(related="company_id.exact_check_ids")

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company can have only one set-up screen."
    )

    # === COMPUTES === #

    @api.depends_context("uid")
    def _compute_is_editable(self):
        self.is_editable = self.env.user._exact_has_role("manager")

    @api.depends("company_id")
    def _compute_display_name(self):
        for setup in self:
            setup.display_name = self.env._(
                "Set Up Exact Online: %(company)s", company=setup.company_id.name or ""
            )

    @api.depends(
        "client_id",
        "connection_state",
        "division_id",
        "mismatch_reason",
        "journal_id",
        "gl_account_id",
        "payment_condition_id",
        "trigger",
        "company_id.exact_start_date",
    )
    @api.depends_context("lang")
    def _compute_steps(self):
        for setup in self:
            company = setup.company_id.sudo()
            problems = setup._find_mapping_problems(company)
            states = setup_steps.judge(
                {
                    setup_steps.APP: bool(
                        company.exact_client_id and company.exact_app_secret
                    ),
                    setup_steps.CONNECTION: (
                        company.exact_connection_state == "connected"
                    ),
                    setup_steps.DIVISION: setup._has_division(company),
                    setup_steps.MAPPING: not problems,
                    setup_steps.TEST: setup_messages.sending_text(self.env, company)[0],
                }
            )
            setup.app_step = states[setup_steps.APP]
            setup.connection_step = states[setup_steps.CONNECTION]
            setup.division_step = states[setup_steps.DIVISION]
            setup.mapping_step = states[setup_steps.MAPPING]
            setup.test_step = states[setup_steps.TEST]
            setup.mapping_problem = "\n".join(problems)

    def _has_division(self, company):
        """Tell whether invoices may be booked in the division that is chosen."""
        problem = company._exact_get_division_problem()
        return company.exact_division_id.active and (
            not problem or bool(company.exact_mismatch_reason)
        )

    def _find_mapping_problems(self, company):
        """Return what keeps invoices from being booked, in sentences."""
        if not company.exact_division_id:
            return [self.env._("Choose the division first.")]
        checks = self.env["exact.check"].sudo().with_company(company)
        found = (checks._judge_now(company, code) for code in CHECKS_OF_MAPPING)
        return [message for state, message, _place in found if state == "error"]

    @api.depends("site")
    @api.depends_context("lang")
    def _compute_app(self):
        for setup in self:
            page = APP_CENTER_PAGES.get(setup.site)
            setup.app_center_url = page and APP_CENTER % page
            setup.app_rights = setup_messages.rights_text(self.env)
            setup.is_redirect_insecure = (setup.redirect_uri or "").startswith("http:")
            setup.accountant_text = setup_messages.say(
                self.env,
                setup_messages.ACCOUNTANT_TEXT,
                app_center=setup.app_center_url,
                redirect_uri=setup.redirect_uri,
                rights=setup.app_rights,
                company=setup.company_id.name,
            )

    @api.depends("division_id")
    @api.depends_context("lang")
    def _compute_division_problem(self):
        for setup in self:
            company, division = setup.company_id.sudo(), setup.division_id.sudo()
            setup.division_problem = company._exact_get_division_problem()
            setup.division_note = False
            if division.name and not resemble(division.name, company.name):
                setup.division_note = setup_messages.say(
                    self.env,
                    setup_messages.OTHER_NAME,
                    theirs=division.name,
                    ours=company.name,
                )

    @api.depends("division_id", "gl_account_id")
    def _compute_counts(self):
        for setup in self:
            company = setup.company_id.sudo()
            taxes, accounts = count_taxes(company), count_accounts(company)
            setup.tax_certain, setup.tax_to_confirm, setup.tax_missing = taxes
            setup.account_certain = accounts.certain
            setup.account_to_confirm = accounts.to_confirm
            setup.account_missing = accounts.missing
            terms = count_terms(company)
            setup.term_certain, setup.term_to_confirm, setup.term_left = terms

    @api.depends("company_id")
    def _compute_last_move(self):
        for setup in self:
            move = setup._find_last_move()
            setup.last_move_id = move
            setup.last_move_status = move.exact_status
            setup.last_move_error = move.exact_error
            setup.is_last_move_sendable = move.is_exact_sendable

    def _find_last_move(self):
        """Return the invoice with which a person tries it, as superuser."""
        return (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id._exact_get_members().ids),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("state", "=", "posted"),
                ],
                order="invoice_date desc, id desc",
                limit=1,
            )
        )

    @api.depends("company_id.exact_start_date")
    def _compute_start_date(self):
        for setup in self:
            chosen = setup.company_id.sudo().exact_start_date
            today = fields.Date.context_today(setup)
            setup.start_date = chosen or setup.start_date or today

    @api.depends(
        "connection_state",
        "division_id",
        "trigger",
        "delay",
        "company_id.exact_start_date",
    )
    @api.depends_context("lang")
    def _compute_sending(self):
        for setup in self:
            company = setup.company_id.sudo()
            sending = setup_messages.sending_text(self.env, company)
            setup.is_on, setup.sending_note = sending

    # === CRUD === #

    def write(self, vals):
        # What was typed as a secret is not in what the same request answers.
        result = super().write(vals)
        self.invalidate_recordset(["client_secret"])
        return result

    # === ACTIONS === #

    def action_fix(self):
        """Open the step that needs somebody: where the link of an activity leads."""
        self.ensure_one()
        self.check_access("read")
        return self._open(self.company_id, self._find_step_to_fix())

    def action_resume(self):
        """Let bookings go on after an answer from another division was checked."""
        self.ensure_one()
        self.check_access("read")
        return self.company_id.action_exact_resume()

    def action_next(self):
        """Go on to the first step that is not done, with the lists that it needs."""
        company = self._check_role("manager")
        connection = company.sudo().exact_connection_id
        if company._exact_is_ready() and not connection._has_lists():
            self._fetch(company)
        self.invalidate_recordset()
        self._show(self._find_next_step())

    def action_connect(self):
        """Lead to the page of Exact where the user allows the connection."""
        return self._check_role("manager").action_exact_connect()

    def action_disconnect(self):
        """Wipe the tokens and keep what was chosen and mapped."""
        self._check_role("manager").action_exact_disconnect()

    def action_fetch(self):
        """Fetch divisions and code lists now."""
        return self._check_role("accountant").action_exact_fetch()

    def action_check(self):
        """Judge every line of the readiness list, with fresh answers of Exact."""
        self._check_role("accountant").action_exact_check()

    def action_use_number_format(self):
        """Write the formats under which no number clashes."""
        return self._check_role("manager").action_exact_use_number_format()

    def action_taxes(self):
        """Open the sales taxes that have no VAT code."""
        return self._open_mapping("comanage_exact.account_tax_action")

    def action_accounts(self):
        """Open the accounts of invoices that have no G/L account."""
        return self._open_mapping("comanage_exact.account_account_action")

    def action_terms(self):
        """Open the payment terms and the conditions that they stand for."""
        return self._open_mapping("comanage_exact.account_payment_term_action")

    def action_settings(self):
        """Open all settings, on the company."""
        return self._check_role("accountant")._exact_open_settings()

    def action_preview(self):
        """Show what the last invoice would be in Exact Online."""
        self.check_access("read")
        return self._get_last_move().action_exact_preview()

    def action_book(self):
        """Book the last invoice now, as a test."""
        self.check_access("read")
        return self._get_last_move().action_exact_send()

    def action_open_move(self):
        """Open the invoice of the test."""
        self.check_access("read")
        move = self._get_last_move()
        move.check_access("read")
        return move._get_records_action()

    def action_switch_on(self):
        """Have invoices from the start date on booked without a click."""
        company = self._check_role("manager")
        labels = dict(self._fields["shown_step"]._description_selection(self.env))
        states = self._get_states()
        missing = [
            labels[step]
            for step in setup_steps.STEPS[:-1]
            if states[step] != setup_steps.DONE
        ]
        if missing:
            raise UserError(
                setup_messages.say(
                    self.env,
                    setup_messages.FINISH_FIRST,
                    company=company.name,
                    steps=", ".join(missing),
                )
            )
        company.exact_start_date = self.start_date

    def action_switch_off(self):
        """Have invoices booked only where somebody clicks Send to Exact."""
        self._check_role("manager").exact_start_date = False

    # === BUSINESS === #

    @api.model
    def _open(self, company, step=None):
        """Return the action that shows the set-up of a company.

        :param str step: to be shown; the next one by default.
        """
        self.check_access("read")
        company.check_access("read")
        setup = self._get_or_create(company)
        if setup.is_editable:
            # All others see all steps.
            setup._show(step or setup._find_next_step())
        return setup._get_action()

    @api.model
    def _get_or_create(self, company):
        """Return the set-up of a company, which may never have been opened."""
        setup = self.search([("company_id", "=", company.id)])
        return setup or self.sudo().create({"company_id": company.id}).sudo(self.env.su)

    @api.model
    def _open_current(self):
        """Return the action for the company that the user works in.

        A branch has the set-up of the company whose division it uses.
        """
        company = self.env.company
        owner = company.sudo().exact_owner_id.sudo(False)
        is_open = owner in self.env.user.company_ids
        return self._open(owner if is_open else company)

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Up Exact Online"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === HELPERS === #

    def _check_role(self, role):
        """Return the company, if the user may do with it what asks for a role."""
        self.ensure_one()
        self.check_access("read")
        self.company_id._exact_check_role(role)
        return self.company_id

    def _show(self, step):
        if self.shown_step != step:
            self.shown_step = step

    def _get_states(self):
        return {
            setup_steps.APP: self.app_step,
            setup_steps.CONNECTION: self.connection_step,
            setup_steps.DIVISION: self.division_step,
            setup_steps.MAPPING: self.mapping_step,
            setup_steps.TEST: self.test_step,
        }

    def _find_step_to_fix(self):
        """Return the step where what stands still is fixed; the next one if nothing."""
        if not self.company_id.sudo()._exact_is_ready():
            return self._find_next_step()
        if self.connection_problem:
            return setup_steps.CONNECTION
        return setup_steps.TEST if find_problem(self.sudo().env) else None

    def _find_next_step(self):
        return setup_steps.find_next(self._get_states())

    def _fetch(self, company):
        try:
            onboarding.fetch_all(company)
        except ExactError as err:
            raise UserError(messages.explain_button(company, err)) from err

    def _open_mapping(self, action):
        self._check_role("accountant")
        return self.env["ir.actions.act_window"]._for_xml_id(action)

    def _get_last_move(self):
        self.ensure_one()
        if not self.last_move_id:
            raise UserError(
                self.env._(
                    "%(company)s has no confirmed customer invoice yet. Confirm one "
                    "first.",
                    company=self.company_id.name,
                )
            )
        return self.last_move_id.sudo(False)
