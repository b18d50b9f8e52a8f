from odoo import api, fields, models

from ..booking import setup_steps
from ..booking.gl_mapping import takes_default
from ..exact_api.exceptions import (
    ExactConsentLost,
    ExactRateLimited,
    ExactRejected,
)
from ..exact_api.resources import OPTIONAL_RIGHTS, RIGHTS
from ..mappers.cost_accounts import CostAccounts
from ..mappers.entry_lines import get_costs
from ..mappers.entry_number import NumberingMapper, read_taken
from ..mappers.payment import find_plain_condition
from ..mappers.sales_entry import SalesEntryMapper
from ..mappers.used_accounts import UsedAccounts
from ..sync import gl_messages, messages, number_messages, setup_messages
from ..sync.scheduled_actions import (
    find_missing,
    find_problem,
    restore_missing,
)

# In the order of setting up: the first line that is not green is the next step.
CHECKS = (
    "connection",
    "division",
    "rights",
    "journal",
    "gl_account",
    "payment_condition",
    "taxes",
    "costs",
    "currencies",
    "period",
    "number",
    "sending",
)
# What only Exact can tell; the others follow from settings and lists at any time.
ASKED = ("connection", "rights")
# The step of the set-up where a line is settled, if no other screen is named.
SETUP_STEPS = {
    "connection": setup_steps.CONNECTION,
    "division": setup_steps.DIVISION,
    "rights": setup_steps.TEST,
    "sending": setup_steps.TEST,
}
# The screen of each `fix_location` that is a list.
FIX_ACTIONS = {
    "taxes": "comanage_exact.account_tax_action",
    "costs": "comanage_exact.account_analytic_account_action",
    "gl_accounts": "comanage_exact.account_account_action",
    "sending": "base.ir_cron_act",
    "journals": "account.action_account_journal_form",
}


class ExactCheck(models.Model):
    """One line of what a company still needs before its invoices can go.

    Lines are written by the button and the nightly cron, never by a person. What Exact
    answered to `sync.readiness` is stored; what settings and lists say is judged
    whenever somebody looks, so that a line turns green with what it asked for.
    """

    _name = "exact.check"
    _description = "Exact Online Readiness Check"
    _order = "company_id, sequence"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Check", compute="_compute_name")
    state = fields.Selection(
        [("ok", "Ready"), ("warning", "Warning"), ("error", "Action required")],
        string="Status",
        compute="_compute_state",
        compute_sudo=True,
    )
    message = fields.Text("Details", compute="_compute_state", compute_sudo=True)
    answer = fields.Json(
        "Answer of Exact Online",
        readonly=True,
        help="State, message and place that the last answers led to.",
    )
    taken = fields.Json(
        "Entry Number in Use",
        readonly=True,
        help="The Exact Online entry that has the number of an invoice.",
    )
    fix_location = fields.Selection(
        [
            ("company", "Set-Up"),
            ("exact", "Exact Online"),
            ("journals", "Journals"),
            ("taxes", "Taxes"),
            ("gl_accounts", "G/L Accounts"),
            ("costs", "Cost Centres"),
            ("sending", "Scheduled Actions"),
        ],
        string="Fix",
        compute="_compute_state",
        compute_sudo=True,
        help="The screen that the Fix button opens.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "Each check can be listed only once per company."
    )

    # === COMPUTES === #

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_name(self):
        names = self._get_names()
        for check in self:
            check.name = names.get(check.code)

    @api.depends("company_id", "code", "answer", "taken")
    @api.depends_context("lang")
    def _compute_state(self):
        for check in self:
            company = check.company_id
            judges = self.with_company(company)
            found = judges._judge_now(company, check.code, check.answer)
            check.state, check.message, location = found
            check.fix_location = location if check.state != "ok" else False

    # === ACTIONS === #

    def action_exact_fix(self):
        """Open the place where this line is fixed."""
        self.ensure_one()
        self.check_access("read")
        self.company_id._exact_check_role("accountant")
        if self.fix_location == "exact":
            url = self.company_id._exact_get_base_url()
            return {"type": "ir.actions.act_url", "url": url, "target": "new"}
        if self.fix_location == "sending" and find_missing(self.env):
            return self._restore_actions()
        if self.fix_location in FIX_ACTIONS:
            return self.env["ir.actions.act_window"]._for_xml_id(
                FIX_ACTIONS[self.fix_location]
            )
        step = SETUP_STEPS.get(self.code, setup_steps.MAPPING)
        return self.env["exact.setup"]._open(self.company_id, step)

    def _restore_actions(self):
        """Create the scheduled actions again that somebody deleted."""
        self.company_id._exact_check_role("manager")
        restore_missing(self.env(su=True))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === RUN === #

    @api.model
    def _judge(self, company, failures, taken):
        """Judge all lines of one company, with what Exact Online answered.

        :param dict failures: of `Readiness.probe`.
        :param dict taken: of `Readiness.find_taken_number`.
        """
        lines = self.search([("company_id", "=", company.id)]).grouped("code")
        for sequence, code in enumerate(CHECKS):
            values = {
                "sequence": sequence,
                "answer": self._judge_answer(company, code, failures, lines),
                "taken": taken if code == "number" else False,
            }
            if code in lines:
                lines[code].write(values)
            else:
                self.create({**values, "company_id": company.id, "code": code})
        self.invalidate_model(["state", "message", "fix_location"])

    @api.model
    def _judge_answer(self, company, code, failures, lines):
        """Return what Exact's answers say of a line, as it is stored; False if none.

        :param dict lines: {code: line} with what Exact answered before.
        """
        if code not in ASKED or failures is None:
            return False
        waits = any(isinstance(err, ExactRateLimited) for err in failures.values())
        if waits and code in lines and lines[code].answer:
            # Exact was not asked: Odoo keeps its calls for the invoices.
            return lines[code].answer
        return list(getattr(self, f"_judge_{code}")(company, failures))

    @api.model
    def _judge_now(self, company, code, answer=None):
        """Judge a line by what holds at this moment.

        :param list answer: of `_judge_answer`.
        :return: state, message and where it is fixed, as all `_judge_*`.
        """
        if code not in ASKED:
            return getattr(self, f"_judge_{code}")(company)
        is_ready = company._exact_is_ready()
        judge = getattr(self, f"_judge_{code}")
        if is_ready and answer and answer[0] == "ok":
            # Said again, for what is stored is in the language of who had it checked.
            return judge(company, {})
        if code == "rights" and is_ready:
            return answer or ("warning", self._get_not_fetched_text(), "company")
        live = judge(company, None)
        # An answer counts only where nothing speaks against it by now.
        return answer if is_ready and answer and live[0] == "ok" else live

    @api.model
    def _get_names(self):
        return {
            "connection": self.env._("Connection"),
            "division": self.env._("Division"),
            "rights": self.env._("Rights"),
            "journal": self.env._("Sales Journal"),
            "gl_account": self.env._("G/L Account"),
            "payment_condition": self.env._("Payment Condition"),
            "taxes": self.env._("VAT Codes"),
            "costs": self.env._("Cost Centres"),
            "currencies": self.env._("Currencies"),
            "period": self.env._("Financial Period"),
            "number": self.env._("Entry Numbers"),
            "sending": self.env._("Automatic Sending"),
        }

    # === WITH EXACT === #

    @api.model
    def _judge_connection(self, company, failures):
        """Tell whether the company is connected and Exact answers.

        :param dict failures: of `Readiness.probe`.
        :return: state, message and where it is fixed, as all `_judge_*`.
        """
        state = company.exact_connection_state
        if state == "copied":
            message = self.env._(
                "This is a copy of a connected database, so nothing is sent. To "
                "test it, connect it to its own test division."
            )
            return "error", message, "company"
        errors = list((failures or {}).values())
        lost = [err for err in errors if isinstance(err, ExactConsentLost)]
        if state != "connected" or lost:
            message = self.env._(
                "%(company)s is not connected. Click Connect to Exact Online.",
                company=company.name,
            )
            return "error", message, "company"
        if company.exact_connection_id._is_stopped():
            return "error", messages.stopped_text(company.exact_connection_id), ""
        for err in errors:
            if not isinstance(err, ExactRejected):
                message = messages.explain_connection(company, err)
                return "warning", message, "company"
        return "ok", self.env._("%(company)s is connected.", company=company.name), ""

    @api.model
    def _judge_rights(self, company, failures):
        if failures is None:
            message = self.env._(
                "The rights are checked once %(company)s is connected and its division "
                "is chosen.",
                company=company.name,
            )
            return "error", message, "company"
        refused = {
            resource
            for resource, err in failures.items()
            if isinstance(err, ExactRejected)
        }
        missing = _name_rights(RIGHTS, refused)
        if missing:
            message = self.env._(
                "Exact Online denied access to: %(rights)s. Select these rights for "
                "the app in the Exact Online App Center, grant them to the Exact "
                "Online user and connect again.",
                rights=missing,
            )
            return "error", message, "exact"
        if refused:
            message = self.env._(
                "Invoices are booked without their PDF because Exact Online denied "
                "access to: %(rights)s. Select this right for the app in the Exact "
                "Online App Center and connect again, or turn off Send PDF.",
                rights=_name_rights(OPTIONAL_RIGHTS, refused),
            )
            return "warning", message, "exact"
        if failures:
            message = self.env._(
                "The rights could not be checked because Exact Online did not "
                "respond. Click Check Now later."
            )
            return "warning", message, "company"
        return "ok", self.env._("All required rights are granted."), ""

    # === BY SETTINGS AND FETCHED LISTS === #

    @api.model
    def _judge_division(self, company):
        division = company.exact_division_id
        if not division.active:
            message = self.env._(
                "Choose the division for the invoices of %(company)s. A division "
                "that is archived in Exact Online cannot be used.",
                company=company.name,
            )
            return "error", message, "company"
        problem = company._exact_get_division_problem()
        reason = company.exact_mismatch_reason
        if problem and reason:
            message = self.env._(
                "%(problem)s Booking is allowed because: %(reason)s",
                problem=problem,
                reason=reason,
            )
            return "warning", message, "company"
        if problem:
            message = self.env._(
                "%(problem)s Choose another division, or enter a reason for the "
                "mismatch.",
                problem=problem,
            )
            return "error", message, "company"
        message = self.env._(
            "Invoices are booked in %(division)s.", division=division.display_name
        )
        return "ok", message, ""

    @api.model
    def _judge_journal(self, company):
        """Want a sales journal that is not blocked: others are not in the list."""
        journals = self._find_sales_journals(company)
        chosen = company.exact_journal_id | company.exact_credit_journal_id
        archived = chosen.filtered(lambda journal: not journal.active)
        mapped = journals.exact_journal_id | journals.exact_credit_journal_id
        gone = mapped.filtered(lambda journal: not journal.active)
        if archived or gone:
            message = self.env._(
                "%(journals)s is blocked or no longer a sales journal in Exact "
                "Online. Choose another one.",
                journals=", ".join((archived | gone).mapped("display_name")),
            )
            return "error", message, "company" if archived else "journals"
        if not company.exact_journal_id and not all(
            journal.exact_journal_id for journal in journals
        ):
            message = self.env._(
                "%(company)s has no Exact Online sales journal. Choose one.",
                company=company.name,
            )
            return "error", message, "company"
        names = ", ".join((chosen | mapped).mapped("display_name"))
        return (
            "ok",
            self.env._("Invoices are booked in %(journals)s.", journals=names),
            "",
        )

    @api.model
    def _find_sales_journals(self, company):
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(
                    company._exact_get_members()
                ),
                ("type", "=", "sale"),
            ]
        )

    @api.model
    def _judge_gl_account(self, company):
        account = company.exact_gl_account_id
        if not account:
            message = self.env._(
                "%(company)s has no default G/L account for income accounts that "
                "are not mapped. Choose one.",
                company=company.name,
            )
            return "error", message, "company"
        if not account.active or not account.is_bookable:
            message = self.env._(
                "Entry lines cannot be booked to %(account)s in Exact Online "
                "because it is blocked or is a receivables, VAT or bank account. "
                "Choose another one.",
                account=account.display_name,
            )
            return "error", message, "company"
        used = UsedAccounts(company).needed.with_company(company)
        message = self._find_gl_account_problem(used)
        if message:
            return "error", message, "gl_accounts"
        message = self._find_cost_problem(company, used.exact_gl_account_id)
        if message:
            return "error", message, "company"
        message = self.env._(
            "Income accounts without a mapping are booked to %(account)s.",
            account=account.display_name,
        )
        return "ok", message, ""

    @api.model
    def _find_gl_account_problem(self, used):
        """Return what is wrong with the mapping of the accounts of invoices."""
        for account in used:
            mapped = account.exact_gl_account_id
            if mapped and not (mapped.active and mapped.is_bookable):
                return messages.say(
                    self.env,
                    gl_messages.BLOCKED,
                    account=account.display_name,
                    gl_account=mapped.display_name,
                )
        missing = used.filtered(
            lambda account: (
                not account.exact_gl_account_id
                and not takes_default(account.account_type)
            )
        )
        return missing and gl_messages.not_mapped_text(self.env, missing)

    @api.model
    def _find_cost_problem(self, company, mapped):
        """Return which G/L account requires a cost centre that nobody chose.

        Where accounts of a plan stand for them, each invoice says whether it has them.
        """
        if company.exact_cost_center_plan_id or company.exact_cost_unit_plan_id:
            return None
        for used in company.exact_gl_account_id | mapped:
            if None in get_costs(used, company):
                return self.env._(
                    "Exact Online G/L account %(account)s requires a cost centre or "
                    "cost unit. Choose it here, or make it optional on the G/L "
                    "account in Exact Online.",
                    account=used.display_name,
                )
        return None

    @api.model
    def _judge_payment_condition(self, company):
        condition = company.exact_payment_condition_id
        if condition and not condition.active:
            message = self.env._(
                "Payment condition %(condition)s no longer exists in Exact Online. "
                "Choose another one, or leave it empty to use the customer's own "
                "condition.",
                condition=condition.display_name,
            )
            return "error", message, "company"
        if condition:
            return "ok", condition.display_name, ""
        condition = find_plain_condition(company)
        if not condition:
            message = self.env._(
                "Invoices get the payment condition of their customer in Exact Online, "
                "unless their payment terms are mapped. Customers created by Odoo have "
                "none, and Exact Online rejects such invoices unless the division has "
                "a default. Choose one to be safe."
            )
            return "warning", message, "company"
        message = self.env._(
            "Invoices get the payment condition of their customer in Exact Online, "
            "unless their payment terms are mapped. Customers created by Odoo get "
            "%(condition)s.",
            condition=condition.display_name,
        )
        return "ok", message, ""

    @api.model
    def _judge_taxes(self, company):
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(
                    company._exact_get_members()
                ),
                *self.env["account.tax"]._exact_get_vat_domain(),
            ]
        )
        bad = taxes.filtered(lambda tax: not tax.exact_vat_code_id.active)
        if bad:
            names = ", ".join(bad[:5].mapped("name"))
            message = self.env._(
                "%(count)s of %(total)s sales taxes have no Exact Online VAT code: "
                "%(names)s. Choose one for each, or archive taxes that you do not "
                "use.",
                count=len(bad),
                total=len(taxes),
                names=names + ("…" if len(bad) > 5 else ""),
            )
            return "error", message, "taxes"
        message = self.env._("All %(count)s sales taxes are mapped.", count=len(taxes))
        return "ok", message, ""

    @api.model
    def _judge_costs(self, company):
        """Want a cost centre or unit for what invoices are distributed to."""
        names = CostAccounts(company).unmapped_names
        if not names:
            message = self.env._(
                "All analytic accounts of your invoices that need a cost centre or "
                "cost unit have one."
            )
            return "ok", message, ""
        message = self.env._(
            "%(count)s analytic accounts of your invoices have no Exact Online cost "
            "centre or cost unit: %(names)s. Their part is booked without one.",
            count=len(names),
            names=", ".join(names[:5]) + ("…" if len(names) > 5 else ""),
        )
        return "warning", message, "costs"

    @api.model
    def _judge_currencies(self, company):
        known = self.env["exact.currency"].search([("company_id", "=", company.id)])
        if not known:
            return "warning", self._get_not_fetched_text(), "company"
        used = company.currency_id.union(
            *(
                currency
                for (currency,) in self.env["account.move"]._read_group(
                    [
                        ("company_id", "in", company._exact_get_members().ids),
                        ("move_type", "in", ("out_invoice", "out_refund")),
                        ("state", "!=", "cancel"),
                    ],
                    ["currency_id"],
                )
            )
        )
        missing = set(used.mapped("name")) - set(known.mapped("code"))
        if missing:
            message = self.env._(
                "You invoice in %(currencies)s, which is not active in Exact "
                "Online. Activate it there under Currencies, then click Check Now.",
                currencies=", ".join(sorted(missing)),
            )
            return "error", message, "exact"
        names = ", ".join(sorted(used.mapped("name")))
        return (
            "ok",
            self.env._(
                "All currencies in use exist in Exact Online: %(names)s.", names=names
            ),
            "",
        )

    @api.model
    def _judge_period(self, company):
        periods = self.env["exact.period"].search([("company_id", "=", company.id)])
        if not periods:
            return "warning", self._get_not_fetched_text(), "company"
        today = fields.Date.context_today(self)
        current = company._exact_find_period(today)
        if not current:
            message = self.env._(
                "Exact Online has no financial period for today's date. Create the "
                "new financial year there, then click Check Now."
            )
            return "error", message, "exact"
        message = self.env._("Current period: %(period)s.", period=current.code)
        return "ok", message, ""

    @api.model
    def _judge_sending(self, company):
        problem = find_problem(self.env)
        if problem:
            return "error", problem, "sending"
        is_on, message = setup_messages.sending_text(self.env, company)
        return "ok" if is_on else "error", message, "company"

    @api.model
    def _get_not_fetched_text(self):
        return self.env._(
            "The Exact Online list has not been fetched yet. Click Check Now."
        )

    # === ENTRY NUMBERS === #

    @api.model
    def _judge_number(self, company, taken=None):
        """Try the number formats on the last invoices that may go.

        :param dict taken: of `Readiness.find_taken_number`; what it found last by
            default.
        """
        if taken is None:
            own = [("company_id", "=", company.id), ("code", "=", "number")]
            taken = self.search(own).taken or None
        numbering = NumberingMapper(company, taken=read_taken(company, taken))
        # A taken number has a sentence of its own, which says whose it is.
        findings = [one for one in numbering.findings if one.kind != "taken"]
        sentences = []
        if findings:
            sentences.append(number_messages.warning_text(self.env, findings))
        if taken:
            message = self.env._(
                "Entry number %(number)s, which %(name)s would get, is already used "
                "in Exact Online journal %(journal)s by %(customer)s, reference "
                "%(reference)s.",
                **{**taken, "name": taken["name"] or self.env._("the next invoice")},
            )
            sentences.append(message)
        if sentences:
            advice = number_messages.advice_text(self.env, numbering.propose())
            is_later = all(one.kind == "restart" for one in findings) and not taken
            state = "warning" if is_later else "error"
            return state, "\n".join([*sentences, advice]), "company"
        if not numbering.moves:
            return "ok", self.env._("No confirmed invoice to preview yet."), ""
        move = numbering.moves[0]
        message = self.env._(
            "%(name)s will be booked as entry %(number)s.",
            name=move.name,
            number=SalesEntryMapper(move).likely_number,
        )
        return "ok", message, ""


def _name_rights(rights, refused):
    """Return the rights that these resources need, each once, as a text."""
    names = {
        f"{rights[resource][0]} ({resource.rpartition('/')[2]})"
        for resource in rights.keys() & refused
    }
    return ", ".join(sorted(names))
