"""The scheduled action that books what is due, one invoice of each company in turn."""

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

import requests

from odoo import fields, models

from ..booking import life_cycle
from ..exact_api.exceptions import ExactError
from . import messages
from .connection import open_client, pause_after
from .isolation import is_time_over, isolated
from .push import PreparedEntry, Push, prepare
from .withdrawal import Withdrawal

# Bookings that are read together. Each commit empties Odoo's cache, so one that is read
# alone reads all taxes, accounts and codes for itself.
READ_AHEAD = 20
# How old what was read may become; then the rest of it is read again.
READ_AHEAD_SECONDS = 10


@dataclass
class CompanyTurn:
    """What a run knows of one company.

    :param int waiting: bookings that were due when the run began and may still go.
    :param set skipped: ids of bookings that other workers have.
    :param deque prepared: of PreparedEntry, the next ones.
    :param float expires: when these are too old, on the monotonic clock.
    :param res.company owner: that has connection and settings, as sudo.
    :param int division: that the entries are prepared for.
    """

    company_id: int
    waiting: int
    skipped: set = field(default_factory=set)
    prepared: deque = field(default_factory=deque)
    expires: float = 0.0
    owner: models.Model | None = None
    connection: models.Model | None = None
    division: int | None = None

    def pop_prepared(self):
        """Return the next PreparedEntry that is young enough, or None."""
        if time.monotonic() > self.expires:
            self.prepared.clear()
        return self.prepared.popleft() if self.prepared else None


class PushRun:
    """Books what is due. One company, or one invoice, never stops the others.

    :param res.company owner: the one whose connection is used, with its branches; all
        companies if it is not given.
    """

    def __init__(self, env, owner=None):
        self.env = env
        self.cron = env["ir.cron"]
        self.outboxes = env["exact.outbox"]
        self.owner = owner
        self.turns = deque()
        self.session = None

    @property
    def is_unfinished(self):
        """Whether something is due that the time of this run was too short for."""
        return bool(self.turns)

    def find_owners(self):
        """Return whose connections are needed now, the longest waiting first."""
        self._recover_expired_claims()
        self._find_turns()
        owners = self.env["res.company"]
        for turn in self.turns:
            owners |= owners.browse(turn.company_id).sudo().exact_owner_id
        return owners

    def run(self):
        self._recover_expired_claims()
        self._find_turns()
        self._commit_remaining()
        with requests.Session() as self.session:
            while self.turns:
                turn = self.turns.popleft()
                if not self._push_next(turn):
                    # What cannot go now must not make the cron run again at once.
                    self._commit_remaining()
                    continue
                turn.waiting = max(turn.waiting - 1, 0)
                self.turns.append(turn)
                # Other crons want to run as well.
                if is_time_over(self.env):
                    break

    def _recover_expired_claims(self):
        """Have bookings looked up whose worker died."""
        limit = fields.Datetime.now() - life_cycle.LEASE
        expired = self.outboxes.search(
            [("state", "=", "sending"), ("claimed_at", "<", limit)]
        )
        # Another worker may do the same right now.
        with isolated(expired):
            for outbox in expired.try_lock_for_update():
                text = messages.booking_text(outbox, messages.INTERRUPTED)
                outbox._mark_unconfirmed(text, wait=timedelta())
            self.cron._commit_progress()

    def _find_turns(self):
        due = self.outboxes._read_group(
            self._get_due_domain(),
            ["company_id"],
            ["__count"],
            order="scheduled_at:min, id:min",
        )
        self.turns = deque(CompanyTurn(company.id, count) for company, count in due)

    def _get_due_domain(self):
        domain = [
            ("state", "in", life_cycle.DUE),
            ("scheduled_at", "<=", fields.Datetime.now()),
        ]
        if self.owner:
            members = self.owner._exact_get_members()
            domain.append(("company_id", "in", members.ids))
        return domain

    def _commit_remaining(self):
        self.cron._commit_progress(remaining=sum(turn.waiting for turn in self.turns))

    def _push_next(self, turn):
        """Take the next due booking of a company a step further.

        :return: whether the company may have another turn.
        """
        prepared = turn.pop_prepared()
        if not prepared:
            self._read_ahead(turn)
            # However long that took: else a company with huge invoices would never
            # have a turn.
            prepared = turn.prepared.popleft() if turn.prepared else None
        if not prepared:
            return False
        may_continue = False
        with isolated(turn.connection):
            try:
                self._push(turn, prepared)
                may_continue = True
            except ExactError as err:
                self.env.cr.rollback()
                self._end_turn(turn, err)
        return may_continue

    def _push(self, turn, prepared):
        connection = turn.connection
        had_problem = connection.problem
        with open_client(
            connection, turn.division, session=self.session, is_invoice=True
        ) as client:
            # Without the others, or each commit would make all be read again.
            outbox = prepared.outbox.browse(prepared.outbox.id)
            if outbox.state == "withdrawing":
                push = Withdrawal(outbox, client)
            else:
                push = Push(outbox, client, prepared)
            if not push.run():
                turn.skipped.add(outbox.id)
            if push.is_period_refused:
                # It is known as closed now, which those read ahead are not.
                turn.prepared.clear()
        if had_problem:
            connection._resume()

    def _end_turn(self, turn, err):
        """Let a company wait whose connection does not work, not single invoices."""
        if until := pause_after(turn.connection, err):
            self.outboxes._trigger_push(until)

    # === READING AHEAD === #

    def _read_ahead(self, turn):
        """Prepare what is due next of a company, all at once."""
        if not turn.owner:
            company = self.env["res.company"].browse(turn.company_id)
            turn.owner = company.sudo().exact_owner_id
            turn.connection = turn.owner.exact_connection_id
        turn.division = turn.owner.exact_division_id.code
        turn.expires = time.monotonic() + READ_AHEAD_SECONDS
        if not turn.division:
            return
        for outbox in self._find_next(turn):
            outbox = outbox.with_context(lang=outbox.user_id.lang)
            prepared = None
            with isolated(outbox, is_tried_again=True):
                prepared = prepare(outbox)
            # What cannot be read is read again in its turn, which writes what is wrong.
            turn.prepared.append(prepared or PreparedEntry(outbox))
            if not prepared:
                break

    def _find_next(self, turn):
        rows = self.outboxes.search(
            [
                *self._get_due_domain(),
                ("company_id", "=", turn.company_id),
                ("id", "not in", list(turn.skipped)),
            ],
            order="scheduled_at, id",
            limit=READ_AHEAD,
        )
        # Odoo itself would read these for each invoice alone.
        rows.move_id.line_ids.fetch(["tax_ids", "tax_tag_ids"])
        return rows.with_company(turn.owner)
