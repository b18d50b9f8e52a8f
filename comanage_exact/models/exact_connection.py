import logging
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import LockError

from ..exact_api import oauth
from ..exact_api.const import TOKEN_RENEWABLE_AFTER
from ..exact_api.exceptions import (
    ExactConsentLost,
    ExactError,
    ExactTokenStillValid,
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
    access_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    refresh_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    user_id = fields.Many2one("res.users", help="Who gave consent.")
    issued_at = fields.Datetime(help="When Exact handed out the present tokens.")
    database_uuid = fields.Char(
        help="The database that connected. A copy of it must not use the tokens."
    )
    paused_until = fields.Datetime(help="No call to Exact before this moment.")
    problem = fields.Char(help="Why calls pause, as a sentence for the administrator.")
    budget = fields.Json(help="See budget.Budget.")

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
                    "user_id": self.env.uid,
                    "database_uuid": self._get_database_identity(),
                    "paused_until": False,
                    "problem": False,
                    "budget": False,
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

    def _keep_alive(self):
        """Use the refresh token, which Exact forgets after 30 days without use."""
        try:
            self._get_access_token()
        except ExactError as err:
            _logger.info("Company %s keeps no token: %s", self.company_id.id, err)

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
            # Somebody has to know at once.
            self.env["exact.outbox"]._trigger_care()
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
