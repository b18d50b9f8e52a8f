import logging
import time
from collections import deque
from dataclasses import replace
from datetime import timedelta
from functools import partial

import requests
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

from ..booking import comparison
from ..exact_api import bodies, refusals, resources
from ..exact_api.exceptions import (
    ExactBadCredentials,
    ExactConsentLost,
    ExactError,
    ExactRateLimited,
    ExactRejected,
    ExactUnavailable,
    ExactUnconfirmed,
)
from ..sync import messages
from ..sync.connection import open_client
from .exact_outbox import DUE_STATES, RETRY_MINUTES
from .exact_outbox_draft import Turn

_logger = logging.getLogger(__name__)

# How long a company waits whose connection does not work.
COMPANY_PAUSE = timedelta(minutes=1)
# Only a person can cure these, and token calls are few.
CREDENTIALS_PAUSE = timedelta(hours=1)


class ExactOutbox(models.Model):
    """The push: from a due row to the entry in Exact."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    # === CRON === #

    @api.model
    def _cron_push(self):
        """Book what is due, one invoice of each company in turn."""
        self._doubt_expired_claims()
        cron = self.env["ir.cron"]
        due = self._read_group(
            self._get_due_domain(),
            ["company_id"],
            ["__count"],
            order="scheduled_at:min, id:min",
        )
        turns = deque(Turn(company.id, count) for company, count in due)
        cron._commit_progress(remaining=sum(turn.waiting for turn in turns))
        with requests.Session() as session:
            while turns:
                turn = turns.popleft()
                if self._push_next(turn, session):
                    turn.waiting = max(turn.waiting - 1, 0)
                    turns.append(turn)
                else:
                    # What cannot go now must not make the cron run again at once.
                    remaining = sum(turn.waiting for turn in turns)
                    cron._commit_progress(remaining=remaining)
                if self._is_time_over():
                    break

    @api.model
    def _is_time_over(self):
        """Tell whether other crons want to run."""
        end = self.env.context.get("cron_end_time", float("inf"))
        return time.monotonic() >= end

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "in", DUE_STATES),
            ("scheduled_at", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _push_next(self, turn, session):
        """Work on the next due row of a company.

        :param Turn turn: of the company.
        :return: whether the company may have another turn.
        """
        draft = turn.next_draft()
        if not draft:
            self._read_ahead(turn)
            draft = turn.next_draft()
        if not draft:
            return False
        connection = turn.connection
        had_problem = connection.problem
        try:
            with open_client(
                connection, turn.division, session=session, is_invoice=True
            ) as client:
                # Without the others, or each commit would make all be read again.
                outbox = draft.outbox.browse(draft.outbox.id)
                if not outbox._process(client, draft):
                    turn.skipped.add(outbox.id)
        except ExactError as err:
            self.env.cr.rollback()
            return self._end_turns(turn.owner, err)
        except Exception:
            # One company never stops the others.
            self.env.cr.rollback()
            _logger.exception("Outbox of company %s", turn.company_id)
            return False
        if had_problem:
            connection._resume()
        return True

    @api.model
    def _end_turns(self, company, err):
        """Let a company wait whose connection does not work, not single invoices."""
        if until := self._pause_company(company, err):
            self._trigger_push(until)
        return False

    @api.model
    def _pause_company(self, company, err):
        """Make no more calls for a company for a while.

        :return: until when; None if there is nothing to wait for, since connecting
            again wakes the push.
        """
        _logger.info("Company %s waits: %s", company.id, err)
        if isinstance(err, ExactConsentLost):
            return None
        until = fields.Datetime.now() + COMPANY_PAUSE
        if isinstance(err, ExactRateLimited):
            until = err.retry_at
        elif isinstance(err, ExactBadCredentials):
            until = fields.Datetime.now() + CREDENTIALS_PAUSE
        company.exact_connection_id._pause(
            until, messages.explain_connection(company, err)
        )
        return until

    # === ONE ROW === #

    def _process(self, client, draft):
        """Take one row a step further.

        :param ExactClient client: of the row's company.
        :param Draft draft: of this row.
        :return: False if another worker has the row.
        :raise ExactError: the company has to wait; the row is in order already.
        """
        self.ensure_one()
        try:
            if self.state == "unconfirmed":
                done = self._confirm(client)
            else:
                done = self._push(client, draft)
            return self._finish(client) and done
        except SerializationFailure:
            # Somebody else changed the row: what is committed decides.
            self.env.cr.rollback()
            return False
        except ExactError as err:
            self.env.cr.rollback()
            done = self._finish(client, partial(self._settle, err))
            if isinstance(err, ExactUnavailable):
                raise
            return done
        except Exception:
            # A bug fails this row in words; the rows after it have their turn.
            self.env.cr.rollback()
            _logger.exception("Outbox row %s", self.id)
            return self._finish(client, self._settle_bug)

    def _finish(self, client, settle=None):
        """Commit the result of one row, and only then what is worth less.

        :param settle: writes the result, unless it is written already.
        :return: False if another worker has the row by now, and nothing is written.
        """
        try:
            if settle:
                settle()
            # Only we write these rows, so nobody can be in the way of them.
            self.env["exact.call"].sudo()._keep(self, client.observer.pop_calls())
            concerns_others = self._concerns_others()
            self.env["ir.cron"]._commit_progress(1)
        except SerializationFailure:
            # Somebody else changed the row: what is committed decides.
            self.env.cr.rollback()
            return False
        if concerns_others:
            self._tell_others()
        return True

    def _concerns_others(self):
        """Tell whether anything follows for other invoices or for the user."""
        if self.is_awaited:
            return True
        return self.state == "sent" and bool(
            self.cause or self.move_id.reversal_move_ids
        )

    def _tell_others(self):
        """Wake what waited for this row and tell the user, where workers may meet."""
        for _attempt in range(3):
            try:
                self._wake_credit_notes()
                self._wake_same_cause()
                self._tell_user()
                self.env["ir.cron"]._commit_progress()
                return
            except SerializationFailure:
                self.env.cr.rollback()

    def _push(self, client, draft):
        """Book a waiting invoice; see `_process`."""
        if draft.is_for_unknown():
            self._refresh_directory(client)
        elif draft.problems:
            draft = self._ask_anew(client, draft)
        if not self.try_lock_for_update() or self.state != "pending":
            return False
        if draft.read_at != self._get_read_at():
            # Somebody changed it since: only what it is now may go.
            before, draft = draft, self._draft()
            if draft.is_for_unknown() and not before.is_for_unknown():
                # Read it first, without the lock; that comes up once at most.
                self.env["ir.cron"]._commit_progress()
                return self._push(client, draft)
        if draft.problems:
            # However the cents differ, they are one thing to decide for a person.
            is_alone = draft.problem_kind == "cents" and "\n" not in draft.problems
            cause = "cents" if is_alone else None
            self._fail(draft.problem_kind, draft.problems, cause)
            return True
        if self._wait_for_original():
            return True
        entry, changes = draft.entry, draft.changes
        if not entry.customer:
            entry, changes = self._find_customer(entry)
            if not entry:
                return True
        elif changes is None:
            self.move_id._exact_get_partner()._exact_note_sent()
        self._claim(bodies.sales_entry(entry) if entry.customer else None)
        try:
            entry = self._send_customer(client, entry, changes)
            if draft.has_pdf:
                entry = self._attach_document(client, entry)
            self._post(client, entry)
        except SerializationFailure as err:
            # The row is ours, and Exact may have the invoice already.
            raise ExactUnconfirmed("another worker changed the row") from err
        return True

    def _post(self, client, entry):
        """Send the request of this row and book the answer."""
        try:
            answer = client.post(resources.ENTRIES, self.request)
        except ExactRejected as err:
            if self._drop_document(err):
                self._post(client, replace(entry, document=""))
                return
            taken = refusals.classify(err.messages) == refusals.NUMBER_TAKEN
            # The text may be in any language; a second attempt is looked up anyway.
            if not taken and self.attempts < 2:
                raise
            self._settle_refused(client, err)
        else:
            if not answer.get("EntryID"):
                raise ExactUnconfirmed("the answer names no entry")
            self._book(entry, answer)

    def _settle_refused(self, client, err):
        """Find out whether the number was taken, by us or by somebody else."""
        try:
            ours, foreign = self._find_entry(client)
        except ExactRejected as lookup_err:
            raise ExactUnconfirmed("the look-up is refused too") from lookup_err
        if ours:
            self._adopt(ours)
        elif foreign:
            self._fail_on_conflict(foreign)
        else:
            raise err

    def _book(self, entry, answer):
        """Keep what Exact booked, at once, and whether it is what it should be.

        :param sales_entry.SalesEntry entry: as it was sent.
        :param dict answer: the entry as Exact has it.
        """
        move, theirs = self.move_id, comparison.read_answer(answer)
        found = [
            move._exact_say_differences(
                comparison.differences(comparison.read_sent(entry), theirs)
            ),
            move._exact_say_untold(comparison.unconfirmed_fields(theirs)),
        ]
        self._note_booked(
            answer["EntryID"],
            theirs.number or entry.entry_number,
            entry.journal,
            "\n".join(filter(None, found)),
            **self._get_document_values(
                answer.get("Document", self.request.get("Document"))
            ),
        )

    def _confirm(self, client):
        """Find out whether an entry whose answer was lost is in Exact."""
        if self.scheduled_at > fields.Datetime.now() or not self.try_lock_for_update():
            return False
        entry, foreign = self._find_entry(client)
        if entry:
            self._adopt(entry)
        elif foreign:
            self._fail_on_conflict(foreign)
        elif self.attempts > len(RETRY_MINUTES):
            # Neither here nor there, time and again: somebody has to look.
            self._fail(self.error_kind, self.error)
        else:
            self._transition("pending", error=False, error_kind=False)
        return True
