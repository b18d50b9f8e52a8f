"""The scheduled action that books what is due, one invoice of each company in turn."""

import time
from collections import deque
from dataclasses import dataclass, field

import requests

from odoo import fields, models

from ..booking import life_cycle
from ..booking.refused_together import RefusedTogether
from ..exact_api.exceptions import ExactError, ExactOutOfTime
from . import messages
from .connection import (
    note_answers,
    open_client,
    pause_after,
    pause_after_lost_answer,
)
from .isolation import isolated
from .job_time import JobTime
from .prepared import PreparedEntry, prepare
from .push import Push
from .withdrawal import Withdrawal

# Bookings that are read together. Each commit empties Odoo's cache, so one that is read
# alone reads all taxes, accounts and codes for itself.
READ_AHEAD = 20
# How old what was read may become; then the rest of it is read again.
READ_AHEAD_SECONDS = 10
# What a booking takes, as long as this run has not seen it.
BOOKING_SECONDS = 0.5
# Of so many trials whether Exact answers, all but one are look-ups.
LOOK_UPS = 10


@dataclass
class CompanyTurn:
    """What a run knows of one company.

    :param int waiting: bookings that were due when the run began and may still go.
    :param set skipped: ids of bookings that other workers have.
    :param deque prepared: of PreparedEntry, the next ones.
    :param float expires: when these are too old, on the monotonic clock.
    :param res.company owner: that has connection and settings, as sudo.
    :param int division: that the entries are prepared for.
    :param RefusedTogether refused: what Exact refused in this run.
    :param dict blocked: {resource: ExactErrorLimit} of the calls that are kept back;
        None to ask for it.
    """

    company_id: int
    waiting: int
    skipped: set = field(default_factory=set)
    prepared: deque = field(default_factory=deque)
    expires: float = 0.0
    owner: models.Model | None = None
    connection: models.Model | None = None
    division: int | None = None
    was_served: bool = False
    refused: RefusedTogether = field(default_factory=RefusedTogether)
    blocked: dict | None = None

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
        self.time = JobTime(env)
        self.turns = deque()
        self.session = None
        # What this run has taken so far, and for how many bookings.
        self.seconds, self.tried = 0.0, 0

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
            owners |= self._find_owner(turn.company_id)
        return owners

    def run(self):
        self._recover_expired_claims()
        self._find_turns()
        self._commit_remaining()
        with requests.Session() as self.session:
            # Odoo runs an action again that has more to do, whatever the time.
            while self.turns and self.time.allows_booking():
                turn = self.turns.popleft()
                try:
                    may_continue = self._push_next(turn)
                except ExactOutOfTime:
                    self.turns.append(turn)
                    break
                if not may_continue:
                    # What cannot go now must not make the cron run again at once.
                    self._commit_remaining()
                    continue
                turn.waiting = max(turn.waiting - 1, 0)
                self.turns.append(turn)
        if self.turns and not self.owner:
            # Else Odoo's scheduler would look again in a minute.
            self.outboxes._trigger_push(fields.Datetime.now())
            self._commit_remaining()

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
                outbox._mark_unconfirmed(text)
            self.cron._commit_progress()

    def _find_turns(self):
        due = self.outboxes._read_group(
            self._get_due_domain(),
            ["company_id"],
            ["__count"],
            order="scheduled_at:min, id:min",
        )
        turns = [
            CompanyTurn(company.id, count)
            for company, count in due
            if self._may_call(company)
        ]
        if len(turns) > 1:
            # Those first whose last turn is longest ago, or who had none.
            turns.sort(key=self._get_last_turn)
        self.turns = deque(turns)

    def _may_call(self, company):
        """Tell whether calls are made for a company now: what it has is not read."""
        connection = self._find_connection(company.id)
        return not (connection._is_paused() or connection._is_stopped())

    def _get_last_turn(self, turn):
        connection = self._find_connection(turn.company_id)
        return (connection.turns or {}).get(str(turn.company_id), "")

    def _find_owner(self, company_id):
        """Return the company whose connection another one uses, as superuser."""
        return self.env["res.company"].browse(company_id).sudo().exact_owner_id

    def _find_connection(self, company_id):
        return self._find_owner(company_id).exact_connection_id

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
        out_of_time = None
        may_continue = False
        self._note_turn(turn)
        began_at = time.monotonic()
        with isolated(turn.connection):
            try:
                may_continue = self._push(turn, prepared)
            except ExactOutOfTime as err:
                self.env.cr.rollback()
                out_of_time = err
            except ExactError as err:
                self.env.cr.rollback()
                self._end_turn(turn, err)
        self.seconds += time.monotonic() - began_at
        self.tried += 1
        if out_of_time:
            raise out_of_time
        return may_continue

    def _note_turn(self, turn):
        """Remember that a company has its turn, where others wait for theirs."""
        if self.turns and not turn.was_served:
            turn.connection._note_turn(turn.company_id, str(fields.Datetime.now()))
        turn.was_served = True

    def _push(self, turn, prepared):
        """Take one booking a step further; return whether others may follow it."""
        connection = turn.connection
        had_trouble = connection._had_trouble()
        with open_client(
            connection,
            turn.division,
            session=self.session,
            is_invoice=True,
            job_time=self.time,
        ) as client:
            # Without the others, or each commit would make all be read again.
            outbox = prepared.outbox.browse(prepared.outbox.id)
            if outbox.state == "withdrawing":
                push = Withdrawal(outbox, client)
            else:
                push = Push(
                    outbox,
                    client,
                    prepared,
                    refused=turn.refused,
                    blocked=turn.blocked,
                )
            if not push.run():
                turn.skipped.add(outbox.id)
            if push.is_refused:
                turn.blocked = connection._get_blocked()
            if push.is_period_refused:
                # It is known as closed now, which those read ahead are not.
                turn.prepared.clear()
        if push.lost:
            return self._count_lost_answer(turn, push.lost)
        if had_trouble:
            note_answers(connection, client.observer.made)
        return True

    def _count_lost_answer(self, turn, err):
        """Return whether the next booking may go although an answer was lost."""
        until = pause_after_lost_answer(turn.connection, err)
        if until:
            self._trigger(until)
        return not until

    def _end_turn(self, turn, err):
        """Let a company wait whose connection does not work, not single invoices."""
        if until := pause_after(turn.connection, err):
            self._trigger(until)

    def _trigger(self, until):
        self.outboxes._trigger_push(until)
        self.cron._commit_progress()

    # === READING AHEAD === #

    def _read_ahead(self, turn):
        """Prepare what is due next of a company, all at once."""
        if not turn.owner:
            turn.owner = self._find_owner(turn.company_id)
            turn.connection = turn.owner.exact_connection_id
        turn.blocked = turn.connection._get_blocked()
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

    def _find_look_up(self, turn):
        """Return a look-up, due or not, to see whether Exact Online is back.

        It leaves no further invoice in doubt. Now and then it is the turn of what is
        due, for it may be the look-ups alone that get no answers.
        """
        connection = turn.connection
        trials = connection.failures + connection.lost_answers
        if not connection._is_failing() or trials % LOOK_UPS == LOOK_UPS - 1:
            return self.outboxes
        latest = fields.Datetime.now() - life_cycle.LOOK_UP_AFTER
        return self.outboxes.search(
            [
                ("company_id", "=", turn.company_id),
                ("state", "=", "unconfirmed"),
                ("claimed_at", "<=", latest),
                ("id", "not in", list(turn.skipped)),
            ],
            order="scheduled_at, id",
            limit=1,
        )

    def _find_next(self, turn):
        if look_up := self._find_look_up(turn):
            return look_up.with_company(turn.owner)
        is_failing = turn.connection._is_failing()
        rows = self.outboxes.search(
            [
                *self._get_due_domain(),
                ("company_id", "=", turn.company_id),
                ("id", "not in", list(turn.skipped)),
            ],
            order="scheduled_at, id",
            # One goes alone to see whether Exact answers.
            limit=1 if is_failing else self._count_ahead(),
        )
        # Odoo itself would read these for each invoice alone.
        rows.move_id.line_ids.fetch(["tax_ids", "tax_tag_ids"])
        return rows.with_company(turn.owner)

    def _count_ahead(self):
        """Return how many bookings of a company are begun while what is read is young.

        The others have their turns in between, and the time of the run is limited.
        """
        pace = self.seconds / self.tried if self.tried else BOOKING_SECONDS
        seconds = min(READ_AHEAD_SECONDS, self.time.slice_left())
        count = seconds / max(pace, 0.001) / (len(self.turns) + 1)
        return min(max(round(count), 1), READ_AHEAD)
