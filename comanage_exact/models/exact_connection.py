from odoo import api, fields, models

from ..booking import breaker
from ..exact_api.exceptions import ExactErrorLimit
from ..exact_api.rate_limits import Budget
from ..sync import messages


class ExactConnection(models.Model):
    """The way of one company to Exact Online: its login, and what keeps calls back.

    A table of its own that no group may read, so that its writes never conflict with
    an edit of the company.
    """

    _name = "exact.connection"
    _inherit = "exact.own.cursor.mixin"
    _description = "Exact Online Connection"

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    login_id = fields.Many2one(
        "exact.login",
        index="btree_not_null",
        ondelete="set null",
        help="Shared with the companies that connected with the same app and Exact "
        "Online user.",
    )
    state = fields.Selection(
        [
            ("disconnected", "Not connected"),
            ("connected", "Connected"),
            ("expired", "Expired, connect again"),
        ],
        string="Status",
        required=True,
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
    )
    access_token = fields.Char(
        related="login_id.access_token", readonly=False, groups=fields.NO_ACCESS
    )
    refresh_token = fields.Char(
        related="login_id.refresh_token", readonly=False, groups=fields.NO_ACCESS
    )
    issued_at = fields.Datetime(related="login_id.issued_at", readonly=False)
    database_uuid = fields.Char(related="login_id.database_uuid", readonly=False)
    user_id = fields.Many2one(
        "res.users", help="The user who authorized the connection."
    )
    connected_at = fields.Datetime(
        string="Connected On", help="When the company was first connected."
    )
    consent_digest = fields.Char(
        help="Of the last authorization, whose code Exact Online takes only once."
    )
    paused_until = fields.Datetime(help="No API calls are made before this time.")
    problem = fields.Char(
        help="Why API calls are paused, as a message for the administrator."
    )
    failures = fields.Integer(
        "Unanswered Calls", help="Calls in a row that did not arrive."
    )
    lost_answers = fields.Integer(
        help="Invoices in a row that were sent, but whose answer was lost."
    )
    failing_since = fields.Datetime(
        help="Exact Online has not answered since then, or not when invoices are sent."
    )
    turns = fields.Json(
        help="When each company that uses the connection last had its turn."
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
        string="API Call Budget",
        compute="_compute_budget",
        inverse="_inverse_budget",
        help="Exact Online API call limits and usage of the app in the division.",
    )
    fetched_division = fields.Char(
        "Lists of Division", help="The division whose code lists were fetched."
    )
    list_problem = fields.Text(
        help="Why the lists could not be refreshed, as a message for the "
        "administrator.",
    )
    lists_failing_since = fields.Datetime()
    fetch_round = fields.Integer(
        help="The nightly run that refreshed the lists last; the lowest is next.",
    )
    unqueued_ids = fields.Json(
        string="Invoices That Could Not Be Scheduled",
        help="What the last nightly check found and could not schedule.",
    )
    compared_at = fields.Datetime(
        "Compared On",
        help="When the recent bookings were last compared with Exact Online.",
    )

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company can have only one Exact Online connection."
    )

    # === COMPUTES === #

    @api.depends("login_id.state")
    def _compute_state(self):
        for connection in self:
            connection.state = connection.login_id.state or "disconnected"

    def _compute_budget(self):
        keys = {connection: connection._get_budget_key() for connection in self}
        counts = self.env["exact.budget"]._get_counts_of(set(keys.values()))
        for connection, key in keys.items():
            connection.budget = counts[key] or False

    def _inverse_budget(self):
        budgets = self.env["exact.budget"]
        for connection in self:
            key, budget = connection._get_budget_key(), Budget.load(connection.budget)
            budgets._store_division(key, budget)
            budgets._store_app(key, budget)

    # === STATE === #

    def _get_state(self):
        """Return the state as a company shows it; no connection is disconnected."""
        if not self:
            return "disconnected"
        if self.state == "connected" and not self.login_id._is_own_database():
            return "copied"
        return self.state

    # === LOGIN === #

    @api.model
    def _store_tokens(self, company, tokens, user=None):
        """Store the tokens of a new consent, for all companies that share its login.

        :param oauth.Tokens tokens:
        :param oauth.User user: who gave it; None if Exact did not tell.
        """

        def store(connections):
            connection = connections._get_or_create(company)
            company_sudo = company.sudo()
            key = company_sudo.exact_site or "", company_sudo.exact_client_id or ""
            logins = connections.env["exact.login"]
            login = logins._find(*key, user and user.guid)
            values = {
                **login._prepare_token_values(tokens),
                **logins._get_database_identity(),
                "client_secret": company_sudo.exact_app_secret,
                "exact_user_guid": user and user.guid,
                "exact_user_name": user and user.name,
            }
            if login:
                login.write(values)
            else:
                site, client_id = key
                login = login.create({"site": site, "client_id": client_id, **values})
            connection._join(login)
            connection.write(
                {
                    "user_id": self.env.uid,
                    "connected_at": connection.connected_at or fields.Datetime.now(),
                }
            )
            login.connection_ids._end_pause()

        self._change_apart(store)

    def _get_or_create(self, company):
        connection = self.search([("company_id", "=", company.id)])
        return connection or self.create({"company_id": company.id})

    def _join(self, login):
        """Use the tokens of a login from now on."""
        former = self.login_id - login
        self.login_id = login
        former._unlink_unused()

    def _end_pause(self):
        self.write({"paused_until": False, "problem": False})

    def _note_turn(self, company_id, moment):
        """Remember when a company of those that use the connection had its turn."""

        def note(connection):
            connection.turns = {
                **(connection.turns or {}),
                str(company_id): moment,
            }

        self._change_apart(note)

    def _disconnect(self):
        """Leave the login; everything that was chosen stays.

        The tokens are wiped with the last company that used them.
        """

        def leave(connection):
            connection._join(connection.login_id.browse())
            connection.write({"state": "disconnected"})
            connection._end_pause()

        self._change_apart(leave)

    def _refuse_token(self, token):
        """Count that Exact refused a token."""
        self._change_apart(lambda connection: connection.login_id._refuse_token(token))

    def _use_code(self, company, digest):
        """Tell whether the code of a consent is new; it is used from now on.

        :param str digest: of the code, which is a secret itself.
        """

        def use(connections):
            connection = connections._get_or_create(company)
            if connection.consent_digest == digest:
                return False
            connection.consent_digest = digest
            return True

        return self._change_apart(use)

    # === BUDGET OF CALLS === #

    def _get_budget_key(self, division=None):
        """Return for whom Exact counts calls: site, app and division.

        :param division: other than the one that the company chose.
        """
        company = self.company_id
        code = division or company.exact_division_id.code or ""
        return company.exact_site or "", company.exact_client_id or "", str(code)

    def _reserve_call(self, resource, is_invoice, division=None):
        """Count a call before it is made; see `exact.budget`."""
        key = self._get_budget_key(division)
        budget = self.env["exact.budget"]._reserve(key, resource, is_invoice)
        self.invalidate_recordset(["budget"])
        return budget

    def _correct_budget(self, limits, refused=None, division=None):
        """Remember what an answer says of the calls that are left."""
        key = self._get_budget_key(division)
        self.env["exact.budget"]._correct(key, limits, refused)
        self.invalidate_recordset(["budget"])

    # === PAUSES === #

    def _is_paused(self):
        return bool(self.paused_until) and self.paused_until > fields.Datetime.now()

    def _note_list_problem(self, problem):
        """Show why lists are out of date, which stops no calls.

        :param str problem: False once they are refreshed.
        """
        if problem or self.list_problem:
            since = self.lists_failing_since or fields.Datetime.now()
            self._write_apart(
                {"list_problem": problem, "lists_failing_since": problem and since}
            )

    def _pause(self, until, problem):
        """Make no call before `until`, and say why; a longer pause stays."""

        self._change_apart(lambda connection: connection._prolong_pause(until, problem))

    def _note_unavailable(self, problem, retry_at=None):
        """Count a call that did not arrive, and make no other for a while.

        :param datetime retry_at: the earliest moment, where it is known.
        :return: datetime until when calls pause.
        """
        now = fields.Datetime.now()

        def note(connection):
            failures = connection.failures + 1
            until = now + breaker.pause_unavailable(failures)
            connection.write(
                {
                    "failures": failures,
                    "failing_since": connection.failing_since or now,
                }
            )
            return connection._prolong_pause(max(until, retry_at or until), problem)

        # Where other workers were always first, one of them has paused it.
        return self._change_apart(note) or now + breaker.pause_unavailable(1)

    def _note_lost_answer(self, problem):
        """Count an invoice whose answer was lost; some in a row pause all calls.

        :return: datetime until when calls pause; None if they go on.
        """
        now = fields.Datetime.now()

        def note(connection):
            connection.lost_answers += 1
            pause = breaker.pause_lost(connection.lost_answers)
            if not pause:
                return None
            if connection.failures:
                # Questions are not answered either, and one costs less.
                unavailable = breaker.pause_unavailable(connection.failures)
                pause = min(pause, unavailable)
            connection.failing_since = connection.failing_since or now
            return connection._prolong_pause(now + pause, problem)

        return self._change_apart(note)

    def _note_answers(self, *, is_entry_answered):
        """Store that Exact Online answers again.

        :param bool is_entry_answered: also when an invoice is sent, which it may not do
            although it answers questions.
        """

        def note(connection):
            connection.failures = 0
            if is_entry_answered:
                connection.lost_answers = 0
            if breaker.pause_lost(connection.lost_answers):
                return
            connection.failing_since = False
            if not connection._is_paused():
                connection._end_pause()

        self._change_apart(note)

    def _had_trouble(self):
        """Tell whether an answer changes what is known of the connection."""
        return bool(self.failures or self.lost_answers or self.problem)

    def _is_failing(self):
        """Tell whether Exact Online gives no answers: one booking at a time tries."""
        return bool(self.failing_since)

    def _prolong_pause(self, until, problem):
        """Pause until then; a longer pause stays. Return until when."""
        if not self.paused_until or self.paused_until < until:
            self.write({"paused_until": until, "problem": problem})
        return self.paused_until

    def _resume(self):
        """Clear why calls paused, once one succeeded after the pause."""
        if self.problem and not self._is_paused():
            self._write_apart({"paused_until": False, "problem": False})

    def _get_problem(self):
        """Return what is wrong with the connection, or False."""
        problems = [self._get_blocking_problem(), self.list_problem]
        return " ".join(filter(None, problems)) or False

    def _get_unqueued(self):
        """Return the invoices that should be booked and could not be scheduled."""
        moves = self.env["account.move"].browse(self.unqueued_ids or []).exists()
        return moves.filtered(
            lambda move: (
                move.state == "posted" and move.exact_state in (False, "cancelled")
            )
        )

    def _get_blocking_problem(self):
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

    def _get_blocked(self):
        """Return {resource: ExactErrorLimit} of the calls that are kept back now."""
        budget = Budget.load(self.budget)
        return {
            resource: ExactErrorLimit(
                budget.hour_ends_at, resource, budget.errors[resource]
            )
            for resource in budget.find_blocked(fields.Datetime.now())
        }

    def _note_compared(self, moment):
        """Remember when the last nightly comparison began."""
        self._write_apart({"compared_at": moment})

    # === CODE LISTS === #

    def _note_fetched(self):
        """Remember of which division the lists are."""
        division = self.company_id.exact_division_id.code
        if self.fetched_division != division:
            self._write_apart({"fetched_division": division})

    def _has_lists(self):
        """Tell whether the lists are those of the division that is chosen."""
        division = self.company_id.exact_division_id
        return bool(division) and self.fetched_division == division.code

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
