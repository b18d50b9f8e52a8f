import logging
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields, models

from ..exact_api.const import TOKEN_RENEWABLE_AFTER
from ..exact_api.exceptions import ExactError
from ..exact_api.rate_limits import Budget
from ..sync import messages

_logger = logging.getLogger(__name__)


class ExactConnection(models.Model):
    """The tokens of one company, and how many calls Exact Online still takes from it.

    A table of its own that no group may read: renewing a token never conflicts with
    an edit of the company, and no list, export or RPC call shows a secret. All its
    writes use a cursor of their own, because what Exact did to a token or to the count
    of calls is not undone by our rollback.
    """

    _name = "exact.connection"
    _description = "Exact Online Connection"

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    state = fields.Selection(
        [
            ("disconnected", "Not connected"),
            ("connected", "Connected"),
            ("expired", "Expired, connect again"),
        ],
        string="Status",
        required=True,
        default="disconnected",
    )
    access_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    refresh_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    user_id = fields.Many2one(
        "res.users", help="The user who authorized the connection."
    )
    connected_at = fields.Datetime(
        string="Connected On", help="When the company was first connected."
    )
    issued_at = fields.Datetime(
        string="Issued On", help="When Exact Online issued the current tokens."
    )
    database_uuid = fields.Char(
        string="Database UUID",
        help="The database that connected to Exact Online. A copy of it must not "
        "use the tokens.",
    )
    paused_until = fields.Datetime(help="No API calls are made before this time.")
    problem = fields.Char(
        help="Why API calls are paused, as a message for the administrator."
    )
    misplaced = fields.Json(
        string="Answer from Another Division",
        help="The last answer of Exact Online that was of another division. Until a "
        "manager resumes, no API calls are made.",
    )
    resumed_at = fields.Datetime(
        string="Resumed On",
        help="When a manager had checked the answer from another division.",
    )
    budget = fields.Json(
        string="API Call Budget", help="Exact Online API call limits and usage."
    )
    compared_at = fields.Datetime(
        "Compared On",
        help="When the recent bookings were last compared with Exact Online.",
    )

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company can have only one Exact Online connection."
    )

    # === STATE === #

    def _get_state(self):
        """Return the state as a company shows it; no connection is disconnected."""
        if not self:
            return "disconnected"
        if self.state == "connected" and not self._is_own_database():
            return "copied"
        return self.state

    def _is_own_database(self):
        """Tell whether this database connected, and not one that it is a copy of."""
        return self.database_uuid == self._get_database_identity()

    @api.model
    def _get_database_identity(self):
        """Return what a copy of this database does not have in common with it."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid}/{self.env.cr.dbname}"

    # === TOKENS === #

    @api.model
    def _store_tokens(self, company, tokens):
        """Store the tokens of a new consent.

        :param oauth.Tokens tokens:
        """

        def store(connections):
            connection = connections.search([("company_id", "=", company.id)])
            if not connection:
                connection = connections.create({"company_id": company.id})
            connection.write(
                {
                    **self._get_token_values(tokens),
                    "state": "connected",
                    "user_id": self.env.uid,
                    "connected_at": connection.connected_at or fields.Datetime.now(),
                    "database_uuid": self._get_database_identity(),
                    "paused_until": False,
                    "problem": False,
                    "budget": False,
                }
            )

        self._change_apart(store)

    @api.model
    def _get_token_values(self, tokens):
        return {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "issued_at": fields.Datetime.now(),
        }

    def _disconnect(self):
        """Wipe the tokens; everything that was chosen stays."""
        self._write_apart(
            {
                "state": "disconnected",
                "access_token": False,
                "refresh_token": False,
                "issued_at": False,
                "paused_until": False,
                "problem": False,
            }
        )

    def _expire(self):
        """Wait for a new consent; called in a transaction of its own."""
        self.write({"state": "expired", "access_token": False, "refresh_token": False})
        # Somebody has to know at once.
        self.env["exact.outbox"]._trigger_recheck()

    def _forget_token(self, token):
        """Make the next use renew a token that Exact refused, whatever its age.

        Not if another worker has renewed it meanwhile.
        """

        def forget(connection):
            if connection.access_token == token:
                connection.access_token = False

        self._change_apart(forget)

    def _get_current_token(self):
        """Return the access token; False where it has to be renewed first."""
        if self._get_state() != "connected" or not self.access_token:
            return False
        age = fields.Datetime.now() - self.issued_at
        is_due = age >= timedelta(seconds=TOKEN_RENEWABLE_AFTER)
        return not is_due and self.access_token

    # === BUDGET OF CALLS === #

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

    def _correct_budget(self, limits, refused=None):
        """Remember what an answer says of the calls that are left.

        :param rate_limits.Limits limits:
        :param str refused: the resource, where Exact counts the answer as an error.
        """

        def correct(connection):
            budget = Budget.load(connection.budget)
            budget.correct(limits)
            if refused:
                budget.count_error(fields.Datetime.now(), refused)
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
        """Clear why calls paused, once one succeeded after the pause."""
        if self.problem and not self._is_paused():
            self._write_apart({"paused_until": False, "problem": False})

    def _get_problem(self):
        """Return why no calls are made and until when; False if nothing stops them."""
        if self._is_stopped():
            return messages.stopped_text(self)
        sentences = []
        if self.problem and not self.paused_until:
            sentences.append(self.problem)
        elif self.problem and self._is_paused():
            sentences.append(
                messages.paused_until_text(self.env, self.problem, self.paused_until)
            )
        budget = Budget.load(self.budget)
        for resource in budget.find_blocked(fields.Datetime.now()):
            problem = messages.say(
                self.env,
                messages.CALLS_BLOCKED,
                count=budget.errors[resource],
                resource=resource,
            )
            sentences.append(
                messages.paused_until_text(self.env, problem, budget.hour_ends_at)
            )
        return " ".join(sentences) or False

    def _note_compared(self, moment):
        """Remember when the last nightly comparison began."""
        self._write_apart({"compared_at": moment})

    # === ANSWERS FROM ANOTHER DIVISION === #

    def _stop(self, err):
        """Make no call until a manager resumes; a new consent does not either.

        :param ExactOtherDivision err:
        """
        found = {
            "asked": err.asked,
            "found": err.found,
            "method": err.method,
            "resource": err.resource,
            "key": err.key,
        }
        self._write_apart({"misplaced": found, "resumed_at": False})
        # Somebody has to know at once.
        self.env["exact.outbox"]._trigger_recheck()

    def _is_stopped(self):
        return bool(self.misplaced) and not self.resumed_at

    def _end_stop(self):
        """Let calls go on; what was misplaced stays known, see below."""
        if self._is_stopped():
            self._write_apart(
                {
                    "resumed_at": fields.Datetime.now(),
                    "paused_until": False,
                    "problem": False,
                }
            )

    def _get_suspect_division(self, sent_at):
        """Return where a request may have gone that was sent then; None if nowhere.

        :param datetime sent_at: naive UTC; False if it is known where it went.
        """
        if not self.misplaced or not sent_at:
            return None
        if self.resumed_at and self.resumed_at < sent_at:
            return None
        return self.misplaced["found"]

    # === HELPERS === #

    def _write_apart(self, values):
        self._change_apart(lambda connection: connection.write(values))

    def _change_apart(self, change):
        """Call `change(connection)` in a transaction of its own; return its result.

        It never raises about another worker's change: the callers hold an answer of
        Exact in their hands, which is worth more than a count.
        """
        for _attempt in range(3):
            try:
                with self._own_cursor() as connection:
                    result = change(connection)
            except SerializationFailure:
                continue
            self.invalidate_recordset()
            return result
        _logger.warning("Connection %s: another worker was always first", self.id)
        return None

    @contextmanager
    def _own_cursor(self):
        """Give the connection in a transaction of its own, committed at the end."""
        with self.env.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})[self._name].browse(self.ids)
