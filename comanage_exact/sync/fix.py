"""Where the problem of a booking is fixed, and who may do it."""

from functools import cached_property

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
}
# Whose settings of Exact are changed by role.
SETTINGS = (*LISTS, "account.payment.term", "res.company")
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
OF_COMPANY = (
    refusals.COSTS,
    refusals.JOURNAL,
    refusals.REFERENCE,
    refusals.PORTAL_USER,
    refusals.WRONG_DIVISION,
    refusals.SCOPE,
    refusals.USER_BLOCKED,
    refusals.RIGHTS,
)


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
        cause = self.outbox.cause or ""
        kind = refusals.classify([cause])
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
        if cause.startswith(ACCOUNTS):
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

    def open(self, env):
        """Return the action that opens it, in the environment of the user."""
        record = self.record
        if record._name in LISTS:
            action = env["ir.actions.act_window"]._for_xml_id(LISTS[record._name])
            return {
                **action,
                "domain": [("id", "in", record.ids)],
                # Invoices may have taxes and accounts that are archived since.
                "context": {"active_test": False},
                "help": False,
            }
        if record._name == "res.company":
            return record.with_env(env)._exact_open_settings()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
