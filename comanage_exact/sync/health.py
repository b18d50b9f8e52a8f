"""How the bookings of a company are going: what waits, since when and why.

Read by the company's page, by the alerts, by the answer of the button, and by whoever
wants the figures. Nothing here makes a call or writes.
"""

from functools import cached_property

from odoo import fields
from odoo.tools import format_datetime

from ..exact_api.rate_limits import Budget
from . import figures as counting
from . import health_messages, login_messages, messages
from .figures import OVERDUE_AFTER, Figures, get_overdue_domain
from .messages import say, stopped_text
from .scheduled_actions import find_push_problem

# From the worst to the best.
DANGER, WARNING, INFO, SUCCESS = "danger", "warning", "info", "success"


def find_overdue(env):
    """Return {company with the connection: its Overdue}, of all companies, as sudo.

    Of companies whose bookings only wait for their turn none.
    """
    companies = env["res.company"].sudo()
    rows = env["exact.outbox"].sudo()._read_group(get_overdue_domain(), ["company_id"])
    owners = companies.union(*(company.exact_owner_id for (company,) in rows))
    figures = Figures(owners)
    found = {owner: make_overdue(owner, figures) for owner in owners}
    return {owner: overdue for owner, overdue in found.items() if overdue}


def make_overdue(owner, figures):
    """Return the Overdue of a company; None if its bookings only take their turn."""
    found = figures.overdue.get(owner)
    if not found:
        return None
    if any(kind for _since, kind, *_rest in found):
        return Overdue(owner, found)
    last = figures.get_last_success(owner)
    is_busy = last and last >= fields.Datetime.now() - OVERDUE_AFTER
    return None if is_busy else Overdue(owner, found)


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
    :param Figures figures: counted before for several companies; all bookings of this
        one by default.
    """

    def __init__(self, company, figures=None):
        self.env = company.env
        self.company = company.sudo().exact_owner_id or company.sudo()
        self.connection = self.company.exact_connection_id
        self.figures = figures or Figures(self.company)

    # === FIGURES === #

    @property
    def counts(self):
        """{status: how many bookings}; those that are finished are not counted."""
        return self.figures.counts.get(self.company, {})

    def count(self, statuses):
        """Return how many bookings have one of these statuses."""
        return sum(self.counts.get(name, 0) for name in statuses)

    @property
    def waiting_count(self):
        return self.count(counting.WAITING)

    @property
    def attention_count(self):
        """Bookings that only a person can help."""
        return self.count(counting.ATTENTION)

    @property
    def customer_count(self):
        """Bookings that wait until somebody matches their customer."""
        return self.count(counting.CUSTOMER)

    @property
    def difference_count(self):
        """Booked invoices whose entry differs or is gone, and nobody accepted it."""
        return self.figures.difference_counts[self.company]

    @property
    def last_success_at(self):
        """When an invoice was booked last, naive UTC; False if none ever was."""
        return self.figures.get_last_success(self.company)

    @property
    def next_at(self):
        """When the next booking is due, naive UTC; False if none waits."""
        return self.figures.next_at.get(self.company, False)

    @cached_property
    def _overdue(self):
        return make_overdue(self.company, self.figures)

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

    @property
    def calls_left_today(self):
        """Calls that Exact Online still takes today in this division."""
        day = self._calls_today
        is_over = not day.ends_at or day.ends_at <= fields.Datetime.now()
        return max(day.limit - (0 if is_over else day.used), 0)

    @property
    def calls_a_day(self):
        """Calls that Exact Online takes on any day in this division."""
        return self._calls_today.limit

    @cached_property
    def _calls_today(self):
        return Budget.load(self.connection.budget).day

    # === WHAT IS WRONG === #

    @property
    def is_connected(self):
        return self.connection._get_state() == "connected"

    @property
    def push_problem(self):
        """What is wrong with the scheduled action; None if it runs."""
        return self.figures.push_problem

    @cached_property
    def login_problem(self):
        """What only a person can end about connection and division; None if nothing."""
        return connection_problem(self.env, self.connection, self.company)

    @cached_property
    def blocking_problem(self):
        """Why nothing is booked for now, whoever may end it; None if it is."""
        return self.standing_problem or self.pause_problem

    @property
    def standing_problem(self):
        """Why nothing is booked until a person acts; None if it is."""
        return self.login_problem or self.push_problem

    @cached_property
    def pause_problem(self):
        """Why no calls are made for now; None if they are."""
        return pause_problem(self.env, self.connection)

    @cached_property
    def overdue_problem(self):
        """Since when how many invoices wait, and why; None if none is overdue."""
        if not self._overdue:
            return None
        return overdue_text(self.env, self._overdue, self.blocking_problem)

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
        found = self._blocking_sentences
        is_stopped = bool(found)
        for count, text in (
            (self.attention_count, health_messages.NEED_ATTENTION),
            (self.customer_count, health_messages.WAIT_FOR_CUSTOMER),
            (self.difference_count, health_messages.DIFFER),
        ):
            if count:
                found.append((WARNING, say(self.env, text[count > 1], count=count)))
        if self.connection.list_problem:
            found.append((WARNING, self.connection.list_problem))
        if is_stopped and not self.is_connected:
            return found
        return [*found, self._normal_sentence]

    @property
    def _blocking_sentences(self):
        if self.overdue_problem:
            return [(DANGER, self.overdue_problem)]
        if not (self.waiting_count or self.is_connected):
            return []
        if self.standing_problem:
            return [(DANGER, self.standing_problem)]
        return [(WARNING, self.pause_problem)] if self.pause_problem else []

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
    return (
        connection_problem(env, connection, owner)
        or find_push_problem(env)
        or pause_problem(env, connection)
    )


def pause_problem(env, connection):
    """Return why a connection makes no calls for now; None if it does."""
    problem = connection and connection.with_env(env(su=True))._get_blocking_problem()
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


def overdue_text(env, overdue, blocking):
    """Return since when how many invoices of a company wait, and why.

    :param str blocking: why nothing of the company is booked; None if it is.
    """
    reason = blocking or overdue.outbox.error
    return say(
        env,
        health_messages.OVERDUE[overdue.count > 1],
        count=overdue.count,
        company=overdue.owner.name,
        since=format_datetime(env, overdue.since, dt_format="short"),
        reason=reason or say(env, health_messages.UNKNOWN_REASON),
    )
