"""How the bookings of a company are going: what waits, since when and why.

Read by the company's page, by the alerts, by the answer of the button, and by whoever
wants the figures. Nothing here makes a call or writes.
"""

from datetime import timedelta
from functools import cached_property

from odoo import fields
from odoo.tools import format_datetime

from ..booking import life_cycle
from ..exact_api.rate_limits import Budget
from . import health_messages, login_messages, messages
from .messages import say, stopped_text
from .scheduled_actions import find_push_problem

# How long a booking may wait past its moment before somebody is told.
OVERDUE_AFTER = timedelta(hours=1)
# A booking that waits for another invoice has an alert of its own.
OWN_ALERT = ("original",)
# From the worst to the best.
DANGER, WARNING, INFO, SUCCESS = "danger", "warning", "info", "success"


def get_overdue_domain():
    """Return the domain of bookings that should have gone a while ago.

    A state that is only visited between attempts does not matter, but the age.
    """
    return [
        ("state", "in", life_cycle.DUE),
        ("due_since", "<", fields.Datetime.now() - OVERDUE_AFTER),
        ("error_kind", "not in", OWN_ALERT),
    ]


def find_overdue(env):
    """Return {company with the connection: its Overdue}, of all companies, as sudo.

    Two queries; of companies whose bookings only wait for their turn none.
    """
    outboxes = env["exact.outbox"].sudo()
    rows = outboxes._read_group(
        get_overdue_domain(),
        ["company_id", "error_kind"],
        ["due_since:min", "__count", "id:min"],
    )
    by_owner = {}
    for company, kind, since, count, first_id in rows:
        owner = company.exact_owner_id
        by_owner.setdefault(owner, []).append((since, kind, count, first_id))
    return {
        owner: Overdue(owner, found)
        for owner, found in by_owner.items()
        if any(kind for _since, kind, *_rest in found) or not is_busy(owner)
    }


def is_busy(owner):
    """Tell whether a company books one invoice after the other right now."""
    last = _get_last_success(owner)
    return bool(last) and last >= fields.Datetime.now() - OVERDUE_AFTER


def _get_last_success(owner):
    last = owner.env["exact.outbox"].search_fetch(
        [
            ("company_id", "in", owner._exact_get_members().ids),
            ("state", "=", "sent"),
            ("synced_at", "!=", False),
        ],
        ["synced_at"],
        order="synced_at desc",
        limit=1,
    )
    return last.synced_at


class Overdue:
    """The bookings of a company that wait for too long.

    :param res.company owner: with the connection, as superuser.
    :param list found: of (since, kind of problem, count, id of the first).
    """

    def __init__(self, owner, found):
        self.owner = owner
        self.since = min(since for since, *_rest in found)
        self.count = sum(count for _since, _kind, count, _id in found)
        self.kinds = {kind for _since, kind, *_rest in found}
        # Of those that were tried, the one that waits longest.
        first = min(found, key=lambda one: (not one[1], one[0]))
        self.outbox = owner.env["exact.outbox"].browse(first[3])


class Health:
    """How the bookings of one company go, with those of its branches.

    :param res.company company: a branch stands for the company whose connection it
        uses; texts are in the language of its environment.
    """

    def __init__(self, company):
        self.env = company.env
        self.company = company.sudo().exact_owner_id or company.sudo()
        self.connection = self.company.exact_connection_id
        self.outboxes = self.company.env["exact.outbox"]

    # === FIGURES === #

    @cached_property
    def counts(self):
        """{status: how many bookings}; statuses without any are missing."""
        own = [("company_id", "in", self._member_ids)]
        groups = self.outboxes._read_group(own, ["status"], ["__count"])
        return dict(groups)

    @property
    def waiting_count(self):
        names = ("pending", "sending", "unconfirmed", "withdrawing")
        return sum(self.counts.get(name, 0) for name in names)

    @property
    def attention_count(self):
        """Bookings that only a person can help."""
        return sum(self.counts.get(name, 0) for name in ("failed", "misplaced"))

    @property
    def customer_count(self):
        """Bookings that wait until somebody matches their customer."""
        return self.counts.get("customer", 0)

    @cached_property
    def difference_count(self):
        """Booked invoices whose entry differs or is gone, and nobody accepted it."""
        return self.outboxes.search_count(
            [
                ("company_id", "in", self._member_ids),
                ("status", "in", ("differs", "deleted", "changed")),
                ("is_accepted", "=", False),
            ]
        )

    @cached_property
    def last_success_at(self):
        """When an invoice was booked last, naive UTC; False if none ever was."""
        return _get_last_success(self.company)

    @cached_property
    def next_at(self):
        """When the next booking is due, naive UTC; False if none waits."""
        return self.outboxes.search(
            [
                ("company_id", "in", self._member_ids),
                ("state", "in", life_cycle.DUE),
            ],
            order="scheduled_at, id",
            limit=1,
        ).scheduled_at

    @cached_property
    def _overdue(self):
        domain = [("company_id", "in", self._member_ids), *get_overdue_domain()]
        found = self.outboxes._read_group(
            domain, ["error_kind"], ["due_since:min", "__count", "id:min"]
        )
        found = [(since, kind, count, first) for kind, since, count, first in found]
        if not found:
            return None
        has_failed = any(kind for _since, kind, *_rest in found)
        return Overdue(self.company, found) if has_failed or not self._is_busy else None

    @property
    def overdue_count(self):
        """Bookings that should have gone over an hour ago, and do not go."""
        return self._overdue.count if self._overdue else 0

    @property
    def overdue_since(self):
        """Since when the first of them should have gone, naive UTC; None if none."""
        return self._overdue.since if self._overdue else None

    @property
    def paused_until(self):
        """Until when no calls are made, naive UTC; False if calls go on."""
        connection = self.connection
        return connection._is_paused() and connection.paused_until

    @cached_property
    def calls_left_today(self):
        """Calls that Exact Online still takes today in this division."""
        budget = Budget.load(self.connection.budget)
        now = fields.Datetime.now()
        is_over = not budget.day.ends_at or budget.day.ends_at <= now
        used = 0 if is_over else budget.day.used
        return max(budget.day.limit - used, 0)

    @property
    def _is_busy(self):
        limit = fields.Datetime.now() - OVERDUE_AFTER
        return bool(self.last_success_at) and self.last_success_at >= limit

    @cached_property
    def _member_ids(self):
        return self.company._exact_get_members().ids or self.company.ids

    # === WHAT IS WRONG === #

    @property
    def is_connected(self):
        return self.connection._get_state() == "connected"

    @cached_property
    def push_problem(self):
        """What is wrong with the scheduled action; None if it runs."""
        return find_push_problem(self.env)

    @cached_property
    def login_problem(self):
        """What only a person can end about connection and division; None if nothing."""
        return connection_problem(self.env, self.connection, self.company)

    @cached_property
    def blocking_problem(self):
        """Why nothing is booked for now, whoever may end it; None if it is."""
        return blocking_problem(self.env, self.company)

    @cached_property
    def overdue_problem(self):
        """Since when how many invoices wait, and why; None if none is overdue."""
        return overdue_text(self.env, self._overdue) if self._overdue else None

    # === TEXTS === #

    @property
    def level(self):
        """The colour of the first sentence: danger, warning, info or success."""
        return self._sentences[0][0]

    @property
    def sentence(self):
        """What matters most, in one sentence."""
        return self._sentences[0][1]

    def texts(self):
        """Return all there is to say, what matters most first."""
        return [text for _level, text in self._sentences]

    @cached_property
    def _sentences(self):
        """(level, sentence) of all that is to be said, the worst first."""
        found = []
        if self.overdue_problem:
            found.append((DANGER, self.overdue_problem))
        elif self.waiting_count or self.is_connected:
            if blocking := self.login_problem or self.push_problem:
                found.append((DANGER, blocking))
            elif self.blocking_problem:
                found.append((WARNING, self.blocking_problem))
        for count, text in (
            (self.attention_count, health_messages.NEED_ATTENTION),
            (self.customer_count, health_messages.WAIT_FOR_CUSTOMER),
            (self.difference_count, health_messages.DIFFER),
        ):
            if count:
                found.append((WARNING, say(self.env, text[count > 1], count=count)))
        if self.connection.list_problem:
            found.append((WARNING, self.connection.list_problem))
        return [*found, self._normal_sentence]

    @property
    def _normal_sentence(self):
        if not self.is_connected:
            text = say(
                self.env, health_messages.NOT_CONNECTED, company=self.company.name
            )
            return INFO, text
        if self.waiting_count:
            return SUCCESS, say(
                self.env,
                health_messages.SCHEDULED[self.waiting_count > 1],
                count=self.waiting_count,
                moment=format_datetime(self.env, self.next_at, dt_format="short"),
            )
        if self.last_success_at:
            moment = format_datetime(self.env, self.last_success_at, dt_format="short")
            return SUCCESS, say(self.env, health_messages.ALL_BOOKED, moment=moment)
        return INFO, say(self.env, health_messages.NOTHING_YET)


def blocking_problem(env, owner):
    """Return why nothing of a company is booked for now; None if it is.

    :param res.company owner: with the connection, as superuser.
    """
    connection = owner.exact_connection_id
    problem = connection_problem(env, connection, owner) or find_push_problem(env)
    if not problem and connection:
        problem = connection.with_env(env(su=True))._get_blocking_problem()
    if not problem and connection._is_failing():
        # Between two attempts there is no pause, and no answer either.
        problem = connection.problem
    return problem or None


def connection_problem(env, connection, company):
    """Return what only a person can end about a connection; None if nothing.

    :param exact.connection connection: may be empty.
    :param res.company company: that has it, as superuser.
    """
    name = company.name
    if not connection or connection.state == "disconnected":
        return say(env, health_messages.DISCONNECTED, company=name)
    if connection._is_stopped():
        return stopped_text(connection.with_env(env(su=True)))
    if connection.state == "expired":
        return say(env, messages.CONNECTION_EXPIRED, company=name)
    problems = login_messages.login_problems(env(su=True), connection)
    if problems:
        return next(iter(problems.values()))
    if not company.exact_division_id:
        return say(env, health_messages.NO_DIVISION, company=name)
    return None


def overdue_text(env, overdue):
    """Return since when how many invoices of a company wait, and why."""
    owner = overdue.owner
    reason = blocking_problem(env, owner) or overdue.outbox.error
    return say(
        env,
        health_messages.OVERDUE[overdue.count > 1],
        count=overdue.count,
        company=owner.name,
        since=format_datetime(env, overdue.since, dt_format="short"),
        reason=reason or say(env, health_messages.UNKNOWN_REASON),
    )
