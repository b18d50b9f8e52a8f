"""Where the problem of a booking is fixed, and who may do it."""

from functools import cached_property

from ..booking import setup_steps
from ..booking.problem import PERIOD_PROBLEMS
from ..const import ACCOUNTANTS
from ..exact_api import refusals
from ..exact_api.resources import ACCOUNTS
from ..mappers.sales_entry import SalesEntryMapper
from .recheck import CHECKED

# The lists of mappings: name beside name, with proposals.
LISTS = {
    "account.tax": "comanage_exact.account_tax_action",
    "account.account": "comanage_exact.account_account_action",
    "account.analytic.account": "comanage_exact.account_analytic_account_action",
    "account.payment.term": "comanage_exact.account_payment_term_action",
}
# Whose settings of Exact are changed by role.
SETTINGS = (*LISTS, "res.company")
# What every user of Exact may answer or look at.
FOR_ALL = ("exact.match", "account.move")
# Problems of the invoice itself; without a record all others are the company's.
OF_INVOICE = ("not_confirmed", "no_lines", "total", "number_missing")
# Refusals that a tax, or an account, of the invoice is changed for.
OF_TAX = (
    refusals.VAT_DIRECTION,
    refusals.VAT_NOT_ALLOWED,
    refusals.VAT_WITHOUT_VAT,
)
# Refusals that something of the company is changed for: the step of the set-up where
# that is, None for its other settings.
OF_COMPANY = {
    refusals.COSTS: None,
    refusals.JOURNAL: setup_steps.MAPPING,
    refusals.REFERENCE: setup_steps.MAPPING,
    refusals.PORTAL_USER: setup_steps.CONNECTION,
    refusals.WRONG_DIVISION: setup_steps.DIVISION,
    refusals.SCOPE: setup_steps.APP,
    refusals.USER_BLOCKED: setup_steps.CONNECTION,
    refusals.RIGHTS: setup_steps.CONNECTION,
    # Where neither tax, account nor payment term is told.
    refusals.VAT_DIRECTION: setup_steps.MAPPING,
    refusals.VAT_NOT_ALLOWED: setup_steps.MAPPING,
    refusals.VAT_WITHOUT_VAT: setup_steps.MAPPING,
    refusals.GL_TYPE: setup_steps.MAPPING,
    refusals.PAYMENT_CONDITION: setup_steps.MAPPING,
}
# The same of problems that Odoo finds; the proposed number is in the set-up, a number
# that somebody has to think of is not.
PROBLEM_STEPS = {
    "no_journal": setup_steps.MAPPING,
    "division": setup_steps.DIVISION,
    "no_code_for_untaxed": setup_steps.MAPPING,
    "vat_code": setup_steps.MAPPING,
}


class Fix:
    """Finds the record that has to be changed for a booking.

    :param exact.outbox outbox: a single one, as superuser.
    """

    def __init__(self, outbox):
        self.outbox = outbox
        self.env = outbox.env
        self.move = outbox.move_id
        self.owner = outbox.company_id.exact_owner_id

    @cached_property
    def is_fixed(self):
        """Whether nothing that Odoo itself finds keeps the invoice any longer."""
        is_checked = self.outbox.error_kind in CHECKED
        return is_checked and not self.problems

    @cached_property
    def problems(self):
        return SalesEntryMapper(self.move.with_company(self.owner)).problems()

    @cached_property
    def record(self):
        """What has to be changed in Odoo; None where that is in Exact, or nowhere."""
        kind = self.outbox.error_kind
        if self._is_stopped:
            return self.owner
        if self.outbox.state == "pending":
            return None if self.owner._exact_is_ready() else self.owner
        if self.outbox.state != "failed":
            return None
        if kind in CHECKED:
            return self._record_of_problem()
        if kind == "refused":
            return self._record_of_refusal()
        return {
            "conflict": self.move.journal_id,
            "unreachable": self.owner,
            "original": self.move.reversed_entry_id,
        }.get(kind)

    @cached_property
    def step(self):
        """The step of the set-up where it is changed.

        :return: '' for the one that is next, None for no step: the settings.
        """
        kind = self.outbox.error_kind
        if self._is_stopped or kind == "unreachable":
            return setup_steps.CONNECTION
        if self.outbox.state == "pending":
            return ""
        if kind == "refused":
            return OF_COMPANY.get(self._refusal)
        problem = next(iter(self.problems), None)
        if problem and problem.kind == "number" and self.owner.is_exact_number_proposed:
            return setup_steps.MAPPING
        return problem and PROBLEM_STEPS.get(problem.kind)

    @cached_property
    def _refusal(self):
        return refusals.classify([self.outbox.cause or ""])

    @property
    def _is_stopped(self):
        return bool(self.outbox.stop_problem)

    @property
    def is_in_exact(self):
        """Whether only Exact Online has what has to be changed."""
        return self.outbox.state == "failed" and not (self.is_fixed or self.record)

    def _record_of_problem(self):
        for problem in self.problems:
            if problem.record:
                model, record_id = problem.record
                return self.env[model].browse(record_id)
            if problem.kind == "no_rate":
                return self.move.currency_id
            if problem.kind in PERIOD_PROBLEMS:
                return None
            return self.move if problem.kind in OF_INVOICE else self.owner
        return None

    def _record_of_refusal(self):
        kind = self._refusal
        if kind in OF_TAX:
            return self.move.invoice_line_ids.tax_ids[:1] or self.owner
        if kind == refusals.GL_TYPE:
            return self._get_account() or self.owner
        if kind == refusals.PAYMENT_CONDITION:
            return self.move.invoice_payment_term_id or self.owner
        if kind == refusals.NUMBER_TAKEN:
            return self.move.journal_id
        if kind in OF_COMPANY:
            return self.owner
        if (self.outbox.cause or "").startswith(ACCOUNTS):
            return self.move.commercial_partner_id
        return None

    def _get_account(self):
        lines = self.move.invoice_line_ids
        products = lines.filtered(lambda line: line.display_type == "product")
        return products.account_id[:1]

    # === PEOPLE === #

    def is_allowed(self, user):
        """Tell whether a user may change what has to be changed."""
        record = self.record.with_user(user)
        if user != self.env.user:
            # Of the companies that one has switched on, another may have none.
            companies = self.owner | user.company_ids
            record = record.with_context(allowed_company_ids=companies.ids)
        if self._is_stopped:
            return user._exact_has_role("manager") and record.has_access("read")
        if record._name in SETTINGS:
            return record._exact_may_set(user)
        operation = "read" if record._name in FOR_ALL else "write"
        return record.has_access(operation)

    def find_able(self):
        """Return the users who may change it: those with a role in the company."""
        accountants = self.env.ref(ACCOUNTANTS).all_user_ids.filtered(
            lambda user: user.active and self.owner in user.company_ids
        )
        able = accountants.filtered(self.is_allowed)
        return able.sorted("id") or self.env.ref("base.user_admin")

    @property
    def _is_company(self):
        return self.record == self.owner

    # === PLACES === #

    def open(self, env):
        """Return the action that opens it, in the environment of the user."""
        record = self.record
        if record._name in LISTS:
            return open_list(env, record)
        if self._is_company and self.step is not None:
            return env["exact.setup"]._open(record.with_env(env), self.step or None)
        if self._is_company:
            return record.with_env(env)._exact_open_settings()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    @property
    def names(self):
        """What the sentence calls that which has to be changed, the longest first."""
        records = [self.record] if self.record else []
        if self.outbox.error_kind in CHECKED:
            found = [problem.record for problem in self.problems if problem.record]
            records += [self.env[model].browse(one) for model, one in found]
        names = {name for record in records for name in _names_of(record)}
        return sorted(names, key=lambda name: (-len(name), name))


def _names_of(record):
    names = [record.display_name, record.name if "name" in record else None]
    if record._name == "account.account":
        # In some companies an account has no code.
        names.append(record.code)
    return [name for name in names if name]


def open_list(env, records):
    """Return the action that shows mapped records, and no others, beside their codes.

    :param records: of one of the models in LISTS.
    """
    action = env["ir.actions.act_window"]._for_xml_id(LISTS[records._name])
    return {
        **action,
        "domain": [("id", "in", records.ids)],
        # Invoices may have taxes and accounts that are archived since.
        "context": {"active_test": False},
        "help": False,
    }
