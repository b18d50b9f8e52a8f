"""The scheduled action that uploads due PDFs, one of each company in turn."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests

from odoo import fields

from ..booking import life_cycle
from ..exact_api.exceptions import ExactError, ExactOutOfTime, ExactRateLimited
from .connection import open_client, pause_after
from .documents import DocumentUpload, get_pdf, queue_new_pdfs
from .isolation import is_time_over, isolated

# A PDF that is made while its entry is being sent has no booking to queue it.
LATE = timedelta(hours=2)
LATE_LIMIT = 5000


@dataclass
class CompanyTurn:
    """What a run knows of one company.

    :param int waiting: PDFs that were due when the run began and may still go.
    :param int last_id: of the document that had its turn last.
    """

    company_id: int
    waiting: int
    last_id: int = 0


class DocumentRun:
    """One run. It goes on at once while Exact Online takes calls, else when it does."""

    def __init__(self, env):
        self.env = env
        self.cron = env["ir.cron"]
        self.documents = env["exact.document"]
        self.turns = deque()
        self.session = None
        self.is_over = False

    def run(self):
        self._recover_expired_claims()
        self._queue_late()
        self._find_turns()
        self._commit_remaining()
        with requests.Session() as self.session:
            while self.turns:
                turn = self.turns.popleft()
                if self._upload_next(turn):
                    turn.waiting = max(turn.waiting - (not self.is_over), 0)
                    self.turns.append(turn)
                # What cannot go now must not make the cron run again at once.
                self._commit_remaining()
                if self.is_over or is_time_over(self.env):
                    break

    def _recover_expired_claims(self):
        """Queue the PDFs again whose worker died; what it asked for is looked up."""
        limit = fields.Datetime.now() - life_cycle.LEASE
        expired = self.documents.search(
            [
                ("state", "=", "uploading"),
                ("claimed_at", "<", limit),
                # Those belong to whoever takes the booking over.
                ("outbox_id.state", "not in", life_cycle.IN_EXACT_MAYBE),
            ]
        )
        with isolated(expired):
            expired.try_lock_for_update()._recover()
            self.cron._commit_progress()

    def _queue_late(self):
        """Queue PDFs that were made while their invoice was being booked."""
        rows = self.env["exact.outbox"].search(
            [
                ("state", "=", "sent"),
                ("attempts", ">", 0),
                ("synced_at", ">=", fields.Datetime.now() - LATE),
                *["|", ("document_id", "=", False), ("document_id.state", "=", False)],
            ],
            limit=LATE_LIMIT,
        )
        queue_new_pdfs(rows.filtered(get_pdf))
        self.cron._commit_progress()

    def _find_turns(self):
        """Find the companies with PDFs that are due, the longest waiting first."""
        due = self.documents._read_group(
            self.documents._get_due_domain(),
            ["company_id"],
            ["__count"],
            order="due_at:min",
        )
        turns = [
            CompanyTurn(company.id, count)
            for company, count in due
            if not company.sudo().exact_owner_id.exact_connection_id._is_pdf_paused()
        ]
        if len(turns) > 1:
            # Else one with many PDFs would have every first turn.
            turns.sort(key=self._served_at)
        self.turns = deque(turns)

    def _served_at(self, turn):
        """Return when a PDF of the company was taken last."""
        last = self.documents.search(
            [("company_id", "=", turn.company_id), ("claimed_at", "!=", False)],
            order="claimed_at desc",
            limit=1,
        )
        return last.claimed_at or datetime.min

    def _commit_remaining(self):
        self.cron._commit_progress(remaining=sum(turn.waiting for turn in self.turns))

    def _upload_next(self, turn):
        """Bring one PDF of a company to Exact Online.

        :return: whether the company may have another turn.
        """
        domain = [
            *self.documents._get_due_domain(),
            ("company_id", "=", turn.company_id),
            ("id", ">", turn.last_id),
        ]
        document = self.documents.search(domain, order="id", limit=1)
        owner = document.company_id.sudo().exact_owner_id
        if not document or not owner.exact_division_id:
            return False
        turn.last_id = document.id
        connection = owner.exact_connection_id
        may_continue = True
        with isolated(document):
            try:
                # Invoices go first: some calls are left to them.
                with open_client(
                    connection, session=self.session, is_recorded=True
                ) as client:
                    may_continue = self._upload(document, owner, client)
            except ExactError as err:
                self.env.cr.rollback()
                self._pause(connection, err)
                # The next run has the time for it.
                may_continue = isinstance(err, ExactOutOfTime)
                self.is_over |= may_continue
        return may_continue

    def _upload(self, document, owner, client):
        """Upload a PDF; return whether others of the company may follow it."""
        outbox = document.outbox_id.with_company(owner)
        outbox = outbox.with_context(lang=outbox.user_id.lang)
        is_free = document.try_lock_for_update() and document.state == "waiting"
        if not is_free or outbox.state != "sent":
            return True
        upload = DocumentUpload(outbox, client)
        upload.follow()
        connection = owner.exact_connection_id
        if upload.is_unanswered:
            # Each one more would be wasted, and perhaps left in doubt.
            self.documents._trigger(connection._note_pdf_failure())
            self.cron._commit_progress()
        elif not upload.is_lost and client.observer.made and connection.pdf_failures:
            self.documents._wake(owner, connection.pdf_failures)
            self.cron._commit_progress()
            connection._note_pdf_answer()
        return not upload.is_unanswered

    def _pause(self, connection, err):
        """Let the PDFs of a company wait, and its invoices too unless calls are few."""
        if isinstance(err, ExactRateLimited):
            self.documents._trigger(err.retry_at)
        elif until := pause_after(connection, err):
            self.documents._trigger(until)
