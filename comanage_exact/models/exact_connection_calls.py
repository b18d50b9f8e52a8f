from contextlib import contextmanager

from odoo import fields, models
from odoo.tools import format_datetime

from ..exact_api.client import ExactClient, exhausted_until
from ..exact_api.const import CLIENT_ERRORS
from ..exact_api.exceptions import ExactError, ExactRateLimited, ExactUnauthorized
from ..exact_api.rate_limits import Budget
from .exact_call import CallRecorder


class CallWatch(CallRecorder):
    """Keeps the calls of one client inside the budget of its connection.

    :param exact.connection connection:
    :param bool is_invoice: code lists leave some calls to the invoices.
    :param bool is_recorded: the history of an invoice gets the calls.
    """

    def __init__(self, connection, is_invoice, is_recorded):
        super().__init__(is_recording=is_recorded)
        self.connection = connection
        self.is_invoice = is_invoice
        self.budget = Budget()

    def called(self, method, resource, body):
        self.budget = self.connection._reserve_call(resource, self.is_invoice)
        return super().called(method, resource, body)

    def answered(self, resource, response):
        self.connection._watch_answer(resource, response, self.budget)
        return super().answered(resource, response)


class ExactConnection(models.Model):
    """The calls of one company, inside the limits of Exact."""

    _name = "exact.connection"
    _inherit = ["exact.connection"]

    # === CALLS === #

    @contextmanager
    def _client(
        self, division=None, *, session=None, is_invoice=False, is_recorded=False
    ):
        """Give a client whose calls are kept inside Exact's limits.

        :param int division: other than the one that the company chose.
        :param requests.Session session: to keep a connection open over several uses.
        :param bool is_invoice: all others leave some calls to the invoices.
        :param bool is_recorded: the history gets the calls, as it does of invoices.
        :raise ExactRateLimited: calls pause until a known moment.
        :raise: as `_get_access_token`; calls also raise as `Budget.reserve`.
        """
        self.ensure_one()
        if self._is_paused():
            raise ExactRateLimited(self.paused_until)
        token = self._get_access_token()
        client = ExactClient(
            self.company_id._exact_get_base_url(),
            division or self.company_id.exact_division_id.code,
            token,
            session=session,
            observer=CallWatch(self, is_invoice, is_invoice or is_recorded),
        )
        try:
            yield client
        except ExactUnauthorized:
            self._change_apart(lambda connection: connection._forget_token(token))
            raise
        finally:
            if not session:
                client.close()

    def _reserve_call(self, resource, is_invoice):
        """Count a call before it is made.

        :return: the budget with this call.
        :raise: as `Budget.reserve`; nothing is counted then.
        """

        def reserve(connection):
            budget = Budget.load(connection.budget)
            try:
                budget.reserve(fields.Datetime.now(), resource, is_invoice=is_invoice)
            except ExactError as err:
                return err
            connection.budget = budget.dump()
            return budget

        result = self._change_apart(reserve)
        if isinstance(result, ExactError):
            raise result
        # Where another worker was always first, Exact's headers will correct us.
        return result or Budget()

    def _watch_answer(self, resource, response, budget):
        """Remember what limits further calls, as Exact told it with an answer.

        :param Budget budget: as it was when the call was made.
        """
        status = response.status_code
        until = exhausted_until(response)
        if until:
            self._pause(until, self.env._("The calls that Exact allows are used up."))
        is_error = status in CLIENT_ERRORS
        if not is_error and not budget.correct(response.headers, status):
            return

        def correct(connection):
            budget = Budget.load(connection.budget)
            budget.correct(response.headers, status)
            if is_error:
                budget.count_error(fields.Datetime.now(), resource)
            connection.budget = budget.dump()

        self._change_apart(correct)

    # === PAUSES === #

    def _is_paused(self):
        return bool(self.paused_until) and self.paused_until > fields.Datetime.now()

    def _note_problem(self, problem):
        """Show a problem on the company that does not stop other calls."""
        self._write_apart({"problem": problem})

    def _pause(self, until, problem):
        """Make no call before `until`, and say why; a longer pause stays."""

        def pause(connection):
            if not connection.paused_until or connection.paused_until < until:
                connection.write({"paused_until": until, "problem": problem})

        self._change_apart(pause)

    def _resume(self):
        """Forget why calls paused, once one went well after the pause."""
        if self.problem and not self._is_paused():
            self._write_apart({"paused_until": False, "problem": False})

    def _get_problem(self):
        """Return what keeps calls back and until when; False if nothing does."""
        sentences = []
        if self.problem and not self.paused_until:
            sentences.append(self.problem)
        elif self.problem and self._is_paused():
            sentences.append(self._say_until(self.problem, self.paused_until))
        budget = Budget.load(self.budget)
        for resource in budget.find_blocked(fields.Datetime.now()):
            problem = self.env._(
                "Exact refused %(count)s calls to %(resource)s within this hour, so no "
                "more are made. Solve the failed invoices first.",
                count=budget.errors[resource],
                resource=resource,
            )
            sentences.append(self._say_until(problem, budget.hour_ends_at))
        return " ".join(sentences) or False

    def _say_until(self, problem, moment):
        until = format_datetime(self.env, moment, dt_format="short")
        return self.env._(
            "%(problem)s Goes on at %(until)s.", problem=problem, until=until
        )
