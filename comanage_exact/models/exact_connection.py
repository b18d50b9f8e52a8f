import logging
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import LockError
from odoo.tools import format_datetime

from .. import oauth
from ..client import ExactClient, exhausted_until
from ..const import (
    CLIENT_ERRORS,
    MAX_CLIENT_ERRORS_PER_HOUR,
    TOKEN_RENEWABLE_AFTER,
)
from ..exceptions import (
    ExactConsentLost,
    ExactRateLimited,
    ExactTokenStillValid,
    ExactUnauthorized,
    ExactUnavailable,
)

_logger = logging.getLogger(__name__)


class ExactConnection(models.Model):
    """The tokens of one company.

    A table of its own that no group may read: renewing a token never fights with
    somebody who edits the company, and no list, export or RPC call shows a secret.
    All its writes go through a cursor of their own, for what Exact did to a token or
    to the count of calls is not undone by our rollback.
    """

    _name = "exact.connection"
    _description = "Connection to Exact Online"

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    state = fields.Selection(
        [
            ("disconnected", "Not connected"),
            ("connected", "Connected"),
            ("expired", "Expired, connect again"),
        ],
        required=True,
        default="disconnected",
    )
    access_token = fields.Char(copy=False)
    refresh_token = fields.Char(copy=False)
    issued_at = fields.Datetime(help="When Exact handed out the present tokens.")
    database_uuid = fields.Char(
        help="The database that connected. A copy of it must not use the tokens."
    )
    paused_until = fields.Datetime(help="No call to Exact before this moment.")
    problem = fields.Char(help="Why calls pause, as a sentence for the administrator.")
    client_errors = fields.Json(help="This hour's client errors by resource.")

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company has one connection to Exact Online."
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

    def _get_problem(self):
        """Return why calls pause and until when, in one text; False if they do not."""
        if not self.problem or not self.paused_until:
            return self.problem
        if not self._is_paused():
            return False
        until = format_datetime(self.env, self.paused_until, dt_format="short")
        return self.env._(
            "%(problem)s Goes on at %(until)s.", problem=self.problem, until=until
        )

    # === TOKENS === #

    @api.model
    def _store_tokens(self, company, tokens):
        """Keep the tokens of a new consent.

        :param oauth.Tokens tokens:
        """

        def store(connections):
            connection = connections.search([("company_id", "=", company.id)])
            if not connection:
                connection = connections.create({"company_id": company.id})
            connection.write(
                {
                    **self._token_values(tokens),
                    "state": "connected",
                    "database_uuid": self._get_database_identity(),
                    "paused_until": False,
                    "problem": False,
                    "client_errors": False,
                }
            )

        self._change_apart(store)

    @api.model
    def _token_values(self, tokens):
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

    def _get_access_token(self):
        """Return a token that works, renewed where that is due.

        The value is to be used at once and not read again: the caller's transaction
        may still see the one before.

        :raise ExactConsentLost: only a person can connect again; the state says so.
        :raise ExactUnavailable: no renewal for now.
        :raise ExactRejected: Exact does not know the client id or secret.
        """
        self.ensure_one()
        try:
            with self._own_cursor(self) as connection:
                token = connection._read_or_renew_token()
        except (LockError, SerializationFailure) as err:
            raise ExactUnavailable("another worker renews the tokens") from err
        if not token:
            raise ExactConsentLost("the connection is not usable")
        return token

    def _read_or_renew_token(self):
        """Return the access token, or None where only a new consent helps."""
        if self._get_state() != "connected":
            return None
        if self.access_token and not self._is_renewal_due():
            return self.access_token
        # From here on one worker alone: each refresh token works once.
        self.lock_for_update()
        company = self.company_id
        try:
            tokens = oauth.renew(
                company._exact_get_base_url(),
                company.exact_client_id,
                company.exact_client_secret,
                self.refresh_token,
            )
        except ExactTokenStillValid as err:
            if self.access_token:
                return self.access_token
            raise ExactUnavailable("a refused token is not renewable yet") from err
        except ExactConsentLost as err:
            _logger.warning("Company %s has to connect again: %s", company.id, err)
            self.write(
                {"state": "expired", "access_token": False, "refresh_token": False}
            )
            return None
        self.write(self._token_values(tokens))
        return tokens.access_token

    def _forget_token(self, token):
        """Make the next use renew a token that Exact refused, whatever its age.

        Not if another worker has renewed it meanwhile.
        """
        if self.access_token == token:
            self.access_token = False

    def _is_renewal_due(self):
        age = fields.Datetime.now() - self.issued_at
        return age >= timedelta(seconds=TOKEN_RENEWABLE_AFTER)

    # === CALLS === #

    @contextmanager
    def _client(self, division=None, *, session=None):
        """Give a client whose answers are watched for Exact's limits.

        :param int division: other than the one that the company chose.
        :param requests.Session session: to keep a connection open over several uses.
        :raise ExactRateLimited: calls pause until a known moment.
        :raise: as `_get_access_token`.
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
            on_answer=self._watch_answer,
        )
        try:
            yield client
        except ExactUnauthorized:
            self._change_apart(lambda connection: connection._forget_token(token))
            raise
        finally:
            if not session:
                client.close()

    def _watch_answer(self, resource, response):
        """Remember what limits further calls, as Exact told it with an answer."""
        until = exhausted_until(response)
        if until:
            self._pause(until, self.env._("The calls that Exact allows are used up."))
        if response.status_code in CLIENT_ERRORS:
            self._count_client_error(resource)

    def _count_client_error(self, resource):
        """Stop before the errors that make Exact block the app for an hour."""
        now = fields.Datetime.now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        key = fields.Datetime.to_string(hour)

        def add_one(connection):
            counts = connection.client_errors or {}
            count = counts.get(resource, 0) if counts.get("hour") == key else 0
            kept = counts if counts.get("hour") == key else {"hour": key}
            connection.client_errors = {**kept, resource: count + 1}
            return count + 1

        count = self._change_apart(add_one)
        if count and count >= MAX_CLIENT_ERRORS_PER_HOUR:
            self._pause(
                hour + timedelta(hours=1),
                self.env._(
                    "Exact refused %(count)s calls to %(resource)s within this hour. "
                    "Solve the failed invoices first.",
                    count=count,
                    resource=resource,
                ),
            )

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
                with self._own_cursor(self) as connection:
                    result = change(connection)
            except SerializationFailure:
                continue
            self.invalidate_recordset()
            return result
        _logger.warning("Connection %s: another worker was always first", self.id)
        return None

    @contextmanager
    def _own_cursor(self, records=None):
        """Give the records in a transaction of their own, committed at the end."""
        ids = records.ids if records else []
        with self.env.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})[self._name].browse(ids)
