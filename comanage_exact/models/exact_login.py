from datetime import datetime, timedelta

from odoo import api, fields, models, tools

from ..exact_api.const import TOKEN_CALLS_PER_DAY, TOKEN_RENEWABLE_AFTER
from ..exact_api.exceptions import ExactBadCredentials, ExactTokenRefused

# Minutes without a further token call, after each one that failed in a row.
TOKEN_PAUSES = (1, 2, 5, 10)
# Only a person can fix these, and token calls are few.
CREDENTIALS_PAUSE = timedelta(hours=1)
# A token that is refused once may have met a stray log-in page.
MAX_REFUSALS = 2
# How long a worker waits for another one that renews the tokens of both.
LOCK_SECONDS = 5
# How long a failing renewal is left to itself before somebody is told.
FAILING_TOO_LONG = timedelta(minutes=30)


class ExactLogin(models.Model):
    """The tokens of one app and Exact user, for all companies that connected with them.

    Exact keeps one chain of tokens alive per app and user: a second consent ends the
    first, so the companies share it. A table of its own that no group may read:
    renewing a token never conflicts with an edit of the company, and no list, export or
    RPC call shows a secret.
    """

    _name = "exact.login"
    _inherit = "exact.own.cursor.mixin"
    _description = "Exact Online Login"

    site = fields.Char(required=True)
    client_id = fields.Char("Client ID", required=True)
    client_secret = fields.Char(copy=False, groups=fields.NO_ACCESS)
    exact_user_guid = fields.Char(
        "Exact Online User ID",
        help="Empty until Exact Online names who authorized it.",
    )
    exact_user_name = fields.Char("Exact Online User")
    connection_ids = fields.One2many("exact.connection", "login_id")
    state = fields.Selection(
        [("connected", "Connected"), ("expired", "Expired, connect again")],
        string="Status",
        required=True,
        default="connected",
    )
    access_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    refresh_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    issued_at = fields.Datetime(
        string="Issued On", help="When Exact Online issued the current tokens."
    )
    refusals = fields.Integer(help="How often the current access token was refused.")
    retry_at = fields.Datetime(
        "Next Renewal", help="No tokens are asked for before this time."
    )
    failures = fields.Integer(help="Renewals that failed in a row.")
    failing_since = fields.Datetime()
    is_rejected = fields.Boolean(
        "Credentials Rejected",
        help="Exact Online does not accept the client ID or client secret.",
    )
    token_calls = fields.Json(help="Calls for tokens on the current day.")
    database_uuid = fields.Char(
        string="Database UUID",
        help="The database that connected to Exact Online. A copy of it must not "
        "use the tokens.",
    )
    server_identifier = fields.Char(
        help="The PostgreSQL server on which that database was.",
    )

    _user_unique = models.UniqueIndex(
        "(site, client_id, exact_user_guid) WHERE exact_user_guid IS NOT NULL",
        "An app has one login for each Exact Online user.",
    )

    # === COPIES OF THE DATABASE === #

    def _is_own_database(self):
        """Tell whether this database connected, and not one that it is a copy of."""
        identity = self._get_database_identity()
        if self.database_uuid != identity["database_uuid"]:
            return False
        known = self.server_identifier, identity["server_identifier"]
        # A server that does not tell its identifier leaves uuid and name.
        return not all(known) or len(set(known)) == 1

    @api.model
    def _get_database_identity(self):
        """Return what a copy of this database does not have in common with it."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return {
            "database_uuid": f"{uuid}/{self.env.cr.dbname}",
            "server_identifier": self._get_server_identifier(),
        }

    @api.model
    @tools.ormcache()
    def _get_server_identifier(self):
        """Return what PostgreSQL chose at its installation; False if it may not say."""
        name = "pg_control_system()"
        self.env.cr.execute("SELECT has_function_privilege(%s, 'execute')", [name])
        if not self.env.cr.fetchone()[0]:
            return False
        self.env.cr.execute("SELECT system_identifier FROM pg_control_system()")
        return str(self.env.cr.fetchone()[0])

    # === TOKENS === #

    def _prepare_token_values(self, tokens):
        return {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "issued_at": fields.Datetime.now(),
            "state": "connected",
            "refusals": 0,
            "retry_at": False,
            "failures": 0,
            "failing_since": False,
            "is_rejected": False,
            "token_calls": self._count_token_call(),
        }

    def _lock_tokens(self):
        """Have no other worker renew the tokens before this transaction ends.

        Companies with one login find it too old at the same moment: it waits for the
        worker that renews it.

        :raise SerializationFailure: that worker has new tokens; a new transaction
            reads them.
        :raise LockNotAvailable: it takes too long.
        """
        cr = self.env.cr
        cr.execute("SET LOCAL lock_timeout = %s", [f"{LOCK_SECONDS}s"])
        query = "SELECT id FROM exact_login WHERE id = %s FOR UPDATE"
        cr.execute(query, [self.id], log_exceptions=False)

    def _store_renewed(self, tokens):
        """Store tokens in place of those that were traded for them."""
        values = self._prepare_token_values(tokens)
        # It is connected; writing that would write its connections, too.
        del values["state"]
        self.write(values)

    def _get_renewable_at(self):
        """Return from when on Exact renews the tokens."""
        issued_at = self.issued_at or fields.Datetime.now()
        return issued_at + timedelta(seconds=TOKEN_RENEWABLE_AFTER)

    def _is_renewable(self):
        return self._get_renewable_at() <= fields.Datetime.now() or not self.issued_at

    def _get_current_token(self):
        """Return the access token; False where it has to be renewed first.

        :raise ExactTokenRefused: it does not work, and it is too early for another.
        :raise ExactBadCredentials: a person has to enter others.
        """
        if not self._is_renewable():
            if not self.access_token or self.refusals >= MAX_REFUSALS:
                raise ExactTokenRefused(self._get_renewable_at())
            return self.access_token
        if self.retry_at and self.retry_at > fields.Datetime.now():
            if self.is_rejected:
                err = ExactBadCredentials(["the app was rejected"], 400)
                err.retry_at = self.retry_at
                raise err
            raise ExactTokenRefused(self.retry_at)
        self._check_day()
        return False

    def _refuse_token(self, token):
        """Count that Exact refused a token; one bad answer makes no token a bad one.

        Not if another worker has renewed it meanwhile.
        """
        if self.access_token == token:
            self.refusals += 1

    def _postpone_renewal(self):
        """Use the token a little longer, which Exact says is still good."""
        late = timedelta(seconds=TOKEN_RENEWABLE_AFTER, minutes=-TOKEN_PAUSES[0])
        self.issued_at = fields.Datetime.now() - late

    def _note_failure(self, err):
        """Ask for no tokens for a while, the longer the more often it failed.

        :param ExactError err: of the token call; it is told the moment.
        """
        now = fields.Datetime.now()
        is_rejected = isinstance(err, ExactBadCredentials)
        minutes = TOKEN_PAUSES[min(self.failures, len(TOKEN_PAUSES) - 1)]
        wait = CREDENTIALS_PAUSE if is_rejected else timedelta(minutes=minutes)
        if is_rejected and not self.is_rejected:
            # Somebody has to know at once.
            self.env["exact.outbox"]._trigger_recheck()
        self.write(
            {
                "failures": self.failures + 1,
                "failing_since": self.failing_since or now,
                "is_rejected": is_rejected,
                "retry_at": now + wait,
                "token_calls": self._count_token_call(),
            }
        )
        err.retry_at = self.retry_at

    def _is_failing(self):
        """Tell whether the tokens could not be renewed for too long."""
        limit = fields.Datetime.now() - FAILING_TOO_LONG
        return bool(self.failing_since and self.failing_since <= limit)

    def _expire(self, issued_at):
        """Wait for a new consent; called in a transaction of its own.

        :param datetime issued_at: of the dead tokens; with others it stays.
        """
        # Another consent may have replaced it, and removed it with its tokens.
        if not self.exists() or self.issued_at != issued_at:
            return
        self.write({"state": "expired", "access_token": False, "refresh_token": False})
        # Somebody has to know at once.
        self.env["exact.outbox"]._trigger_recheck()

    def _use_secret(self, secret):
        """Use another client secret from now on, and at once where one was rejected."""
        self.client_secret = secret
        if self.is_rejected:
            self.write({"is_rejected": False, "retry_at": False, "failures": 0})
            self.connection_ids._end_pause()
            self.env["exact.outbox"]._trigger_push(fields.Datetime.now())

    # === TOKEN CALLS OF A DAY === #

    def _count_token_call(self):
        """Return the day, by UTC, and the calls made on it, with one more."""
        today = fields.Datetime.now().date().isoformat()
        day, count = self.token_calls or (today, 0)
        return [today, count + 1 if day == today else 1]

    def _check_day(self):
        """Keep the last calls of a day back.

        :raise ExactTokenRefused: the day is used up.
        """
        _day, count = self._count_token_call()
        if count > TOKEN_CALLS_PER_DAY:
            midnight = fields.Datetime.now().replace(hour=0, minute=0, second=0)
            raise ExactTokenRefused(midnight + timedelta(days=1))

    # === WHOSE IT IS === #

    @api.model
    def _find(self, site, client_id, guid):
        """Return the login of a user; empty if it is not known who that is."""
        return self.search(
            [
                ("site", "=", site),
                ("client_id", "=", client_id),
                ("exact_user_guid", "=", guid),
            ]
            if guid
            else [("id", "=", False)]
        )

    def _identify(self, user):
        """Store whose tokens these are; two logins of one user become one.

        :param oauth.User user:
        """

        def identify(login):
            twin = login._find(login.site, login.client_id, user.guid) - login
            # A consent ends the tokens of those before it.
            both = (login + twin).sorted(_get_age)
            younger, older = both[-1], both[:-1]
            older.connection_ids._join(younger)
            older.unlink()
            younger.write({"exact_user_guid": user.guid, "exact_user_name": user.name})

        self._change_apart(identify)

    def _unlink_unused(self):
        """Forget the tokens that no company uses any more."""
        self.exists().filtered(lambda login: not login.connection_ids).unlink()

    @api.autovacuum
    def _gc_unused(self):
        # The database deletes the connection of a company without asking us.
        self.search([("connection_ids", "=", False)]).unlink()


def _get_age(login):
    return login.state == "connected", login.issued_at or datetime.min
