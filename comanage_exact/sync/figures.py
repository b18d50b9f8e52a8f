"""How many bookings of some companies stand where; one query for each kind of figure.

Counted once for all companies, in what the given user may read. Nothing here makes a
call or writes.
"""

from collections import Counter
from datetime import timedelta
from functools import cached_property

from odoo import fields

from ..booking import life_cycle
from .scheduled_actions import find_push_problem

# How long a booking may wait past its moment before somebody is told.
OVERDUE_AFTER = timedelta(hours=1)
# A booking that waits for another invoice has an alert of its own.
OWN_ALERT = ("original",)

# By the status of a booking. What is finished is not counted: it is nearly all.
WAITING = ("pending", "sending", "unconfirmed", "withdrawing")
ATTENTION = ("failed", "misplaced")
CUSTOMER = ("customer",)
DIFFERENT = ("differs", "deleted", "changed")
UNFINISHED = (*WAITING, "held", *ATTENTION, *CUSTOMER, *DIFFERENT)


def get_overdue_domain():
    """Return the domain of bookings that should have gone a while ago.

    A state that is only visited between attempts does not matter, but the age.
    """
    return [
        ("state", "in", life_cycle.DUE),
        ("due_since", "<", fields.Datetime.now() - OVERDUE_AFTER),
        ("error_kind", "not in", OWN_ALERT),
    ]


def find_last_success(outboxes, members):
    """Return when an invoice of these companies was booked last; False if never."""
    last = outboxes.search_fetch(
        [
            ("company_id", "in", members.ids),
            ("state", "=", "sent"),
            ("synced_at", "!=", False),
        ],
        ["synced_at"],
        order="synced_at desc",
        limit=1,
    )
    return last.synced_at


class Figures:
    """The bookings of some companies, each with those that use its connection.

    :param res.company owners: with the connections, as superuser.
    :param exact.outbox outboxes: in whose environment is counted.
    :param res.company members: whose bookings count; all that use these connections
        by default.
    """

    def __init__(self, owners, outboxes=None, members=None):
        self.owners = owners
        self.outboxes = owners.env["exact.outbox"] if outboxes is None else outboxes
        if members is None:
            members = owners.search([("exact_owner_id", "in", owners.ids)]) or owners
        self.members = members.sudo()
        # {owner: when an invoice was booked last}, as far as it is known.
        self.last_success = {}

    @cached_property
    def _members_by_owner(self):
        return self.members.grouped("exact_owner_id")

    def get_members(self, owner):
        """Return the companies whose bookings count for one with a connection."""
        return self._members_by_owner.get(owner, owner.browse())

    def get_domain(self, owner):
        """Return the domain of the bookings that count for a company."""
        return [("company_id", "in", self.get_members(owner).ids)]

    def get_last_success(self, owner):
        """Return when an invoice was booked last, naive UTC; False if none ever was."""
        if owner not in self.last_success:
            members = self.get_members(owner)
            self.last_success[owner] = find_last_success(self.outboxes, members)
        return self.last_success[owner]

    # === COUNTS === #

    @cached_property
    def counts(self):
        """{owner: {status: how many}} of what is not finished."""
        counts = {}
        rows = self.group([("status", "in", UNFINISHED)], ["status"], ["__count"])
        for owner, status, count in rows:
            counts.setdefault(owner, Counter())[status] += count
        return counts

    @cached_property
    def difference_counts(self):
        """{owner: how many differ}, but for those that somebody accepted."""
        counts = Counter()
        for owner, count in self.group(get_difference_domain(), [], ["__count"]):
            counts[owner] += count
        return counts

    @cached_property
    def next_at(self):
        """{owner: when the next booking is due}, naive UTC."""
        due = [("state", "in", life_cycle.DUE)]
        moments = {}
        for owner, moment in self.group(due, [], ["scheduled_at:min"]):
            moments.setdefault(owner, []).append(moment)
        return {owner: min(found) for owner, found in moments.items()}

    @cached_property
    def overdue(self):
        """{owner: [(since, kind of problem, count, id of the first)]}"""
        found = {}
        rows = self.group(
            get_overdue_domain(),
            ["error_kind"],
            ["due_since:min", "__count", "id:min"],
        )
        for owner, kind, since, count, first_id in rows:
            found.setdefault(owner, []).append((since, kind, count, first_id))
        return found

    @cached_property
    def causes(self):
        """{owner: {(cause, status): how many}} of what needs attention."""
        causes = {}
        rows = self.group(
            [("status", "in", ATTENTION)], ["problem_group", "status"], ["__count"]
        )
        for owner, cause, status, count in rows:
            causes.setdefault(owner, Counter())[cause or False, status] += count
        return causes

    @cached_property
    def push_problem(self):
        """What is wrong with the scheduled action of all; None if it runs."""
        return find_push_problem(self.outboxes.env)

    def group(self, domain, groups, aggregates):
        """Yield (owner, *groups, *aggregates) for each company."""
        own = [("company_id", "in", self.members.ids)]
        groups = ["company_id", *groups]
        for company, *row in self.outboxes._read_group(
            own + domain, groups, aggregates
        ):
            yield company.sudo().exact_owner_id, *row


def get_difference_domain():
    """Return the domain of booked invoices whose entry differs or is gone."""
    return [("status", "in", DIFFERENT), ("is_accepted", "=", False)]
