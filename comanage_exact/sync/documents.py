"""The PDF that the customer got, as a document in Exact Online.

It goes before the entry, which then shows it: document, attachment, entry. What failed
of it or was made later follows, linked to the entry.

A worker claims the PDF before any call, and writes a result only while it holds that
claim. What Exact Online is asked for is committed before each call and its answer after
it, so that nothing is made twice. Trouble with the PDF never keeps the entry back.
"""

import io
import logging
import os
from dataclasses import replace

from psycopg2.errors import SerializationFailure

from odoo import fields

from ..booking.life_cycle import LOOK_UP_AFTER, is_stuck, retry_after
from ..exact_api import documents, refusals, resources
from ..exact_api.const import MAX_ATTACHMENT_BYTES
from ..exact_api.exceptions import (
    ExactError,
    ExactErrorLimit,
    ExactOutOfTime,
    ExactRateLimited,
    ExactRejected,
    ExactStopped,
    ExactUnauthorized,
    ExactUnconfirmed,
)
from . import messages
from .claim import ClaimLost
from .connection import is_unavailable
from .follow_up import commit_result

_logger = logging.getLogger(__name__)


def get_pdf(outbox):
    """Return the PDF that the customer got; empty if none, or none is wanted."""
    if not outbox.company_id.sudo().exact_owner_id.exact_send_pdf:
        return outbox.env["ir.attachment"]
    return outbox.move_id.invoice_pdf_report_id.sudo()


def queue_new_pdfs(outboxes):
    """Upload PDFs that were just made for booked invoices; raise nothing.

    The mail to the customer must not be sent twice because of us.
    """
    try:
        with outboxes.env.cr.savepoint():
            rows = outboxes.try_lock_for_update().filtered(
                lambda outbox: (
                    outbox.state == "sent"
                    # Not an entry that somebody booked manually and linked here.
                    and outbox.attempts
                    and outbox.document_state in (False, "refused")
                    and get_pdf(outbox)
                )
            )
            outboxes.env["exact.document"]._get_or_create(rows)._queue()
    except SerializationFailure:
        _logger.info("Bookings %s: their PDFs are found by the cron", outboxes.ids)


class DocumentUpload:
    """Takes the PDF of one booking as far as it goes.

    :param exact.outbox outbox: in the language of the responsible user.
    :param ExactClient client: of its division.
    """

    def __init__(self, outbox, client):
        self.outbox = outbox
        self.env = outbox.env
        self.cron = self.env["ir.cron"]
        self.client = client
        # The entry that is booked already, and the customer of document and entry.
        self.entry_guid = outbox.exact_guid if outbox.state == "sent" else ""
        self.customer = ""
        # Of the claim that this worker made, and what the state was before.
        self.claim = 0
        self.state_before = False
        # Whether Exact Online was out of reach, or its answer lost.
        self.is_unanswered = False
        # Whether another worker has the PDF by now.
        self.is_lost = False

    @property
    def document(self):
        return self.outbox.document_id

    @property
    def pdf(self):
        return get_pdf(self.outbox)

    # === BEFORE THE ENTRY === #

    def attach(self, entry):
        """Bring the PDF to Exact Online before the entry that shows it.

        :param SalesEntry entry: with its customer.
        :return: the entry with the document that holds its PDF, if there is one.
        :raise ExactRateLimited, ExactUnauthorized, ExactStopped: the entry could not be
            sent either.
        :raise ClaimLost: another worker has booking and PDF.
        """
        pdf = self.pdf
        if not pdf:
            return entry
        self.customer = entry.customer
        document = self.document._get_or_create(self.outbox)
        now = fields.Datetime.now()
        is_due = (document.due_at or now) <= now
        # The claim of whoever had the booking before ended with that of the booking.
        if document.state in (False, "waiting", "uploading") and is_due:
            self._try_before(pdf)
        document = self.document
        is_unwanted = document.state == "refused" and document.attachment_guid
        # Shown without its PDF, too: then nothing but the PDF has to follow.
        if is_unwanted or self._is_superseded(pdf) or not document.exact_guid:
            return entry
        guid = document.exact_guid
        self.outbox.request = {**self.outbox.request, "Document": guid}
        # What the look-up needs, should this worker die.
        self.cron._commit_progress()
        return replace(entry, document=guid)

    def _try_before(self, pdf):
        """Take the PDF as far as it goes, unless PDFs get no answers: the entry goes.

        As `_try`.
        """
        owner = self.outbox.company_id.sudo().exact_owner_id
        connection = owner.exact_connection_id
        if connection._is_pdf_paused():
            self.document._postpone(connection.pdf_paused_until)
            self.cron._commit_progress()
            return
        self._try(pdf)
        if self.is_unanswered:
            self.document._trigger(connection._note_pdf_failure())
            self.cron._commit_progress()

    def remove_if_refused(self, err):
        """Take the document out of a request that was refused for it.

        :param ExactRejected err:
        :return: whether the entry is to be sent once more, without.
        """
        request = self.outbox.request
        kind = refusals.classify(err.messages)
        is_about_it = kind in (refusals.DOCUMENT, refusals.DOCUMENT_GONE)
        if not is_about_it or "Document" not in request:
            return False
        if self._is_gone(err):
            self.document._forget()
        self.document._refuse(self._refusal_text(err))
        self.outbox.request = {
            name: value for name, value in request.items() if name != "Document"
        }
        self.cron._commit_progress()
        return True

    # === AFTER THE ENTRY === #

    def follow(self):
        """Bring the PDF of a booked invoice to Exact Online and link it to its entry.

        :raise ExactError: the company has to wait; the row is in order already.
        """
        pdf = self.pdf
        if not pdf:
            # Switched off, or reset with the invoice.
            self.document._reset()
        else:
            self.customer = self.outbox.request["Customer"]
            try:
                self._try(pdf)
            except ClaimLost:
                self.env.cr.rollback()
                self.is_lost = True
                _logger.info("Outbox row %s: another worker has its PDF", self.outbox)
                return
            except ExactError:
                commit_result(self.outbox, self.client)
                raise
        commit_result(self.outbox, self.client)

    # === STEPS === #

    def _try(self, pdf):
        """Take the PDF as far as it goes now, and store why it goes no further.

        :raise ExactRateLimited, ExactUnauthorized, ExactStopped: no call is welcome.
        :raise ClaimLost: nothing was stored.
        """
        if pdf.file_size > MAX_ATTACHMENT_BYTES:
            text = messages.pdf_too_large_text(self.outbox, pdf.file_size)
            self.document._refuse(text)
            return
        self._take()
        try:
            self._bring(pdf)
            self._release()
        except (ExactOutOfTime, ExactRateLimited, ExactUnauthorized, ExactStopped):
            self._release()
            self.cron._commit_progress()
            raise
        except ExactRejected as err:
            if self._is_gone(err):
                self.document._forget()
            self.document._refuse(self._refusal_text(err))
        except ExactError as err:
            self._delay(err)
        except FileNotFoundError:
            _logger.warning("PDF of outbox row %s", self.outbox.id, exc_info=True)
            self._check_claim()
            self.document._refuse(self._text(messages.PDF_UNREADABLE))
        except OSError:
            _logger.warning("PDF of outbox row %s", self.outbox.id, exc_info=True)
            self._check_claim()
            # The store of files may be back in a minute.
            self._delay(None)
        # The entry may be rolled back, this not.
        self.cron._commit_progress()

    def _take(self):
        """Claim the PDF, committed so that all other workers see it."""
        if not self.document.try_lock_for_update():
            raise ClaimLost
        self.state_before = "waiting" if self.document.state == "waiting" else False
        self.claim = self.document._claim()
        self.cron._commit_progress()

    def _check_claim(self):
        """Lock the document, and check that this worker still has it."""
        document = self.document
        is_ours = document.try_lock_for_update() and document.state == "uploading"
        if not is_ours or document.claim_number != self.claim:
            raise ClaimLost

    def _release(self):
        """Give the PDF back, to be followed by the entry or by another attempt."""
        document = self.document
        if self.entry_guid and document.attachment_guid and document.is_linked:
            document.write({"state": "done", "problem": False})
        else:
            document.state = "waiting" if self.entry_guid else self.state_before

    def _bring(self, pdf):
        """Make the calls that are still missing; as `_try`."""
        is_superseded = self._is_superseded(pdf)
        if is_superseded or not self.document.attachment_guid:
            # Opened first: a file that is gone leaves no document without one.
            with _open(pdf) as file:
                if is_superseded or not self.document.exact_guid:
                    self._create()
                self._attach_file(pdf, file)
        if self.entry_guid and not self.document.is_linked:
            self._link()

    def _create(self):
        """Make the document, a new one for a new PDF; the one before stays there."""
        found = None
        if self.document.requested == "document":
            subject = self.outbox.move_id.name
            condition = documents.find_document(subject, self.customer)
            found = self._look_up(resources.DOCUMENTS, condition)
        answer = found or self._post_document()
        linked = answer.get("FinancialTransactionEntryID")
        self.document.write(
            {
                "exact_guid": answer["ID"],
                "view_url": self._read_address(answer),
                "requested": False,
                "checksum": False,
                "attachment_guid": False,
                "is_linked": bool(self.entry_guid) and linked == self.entry_guid,
            }
        )

    def _post_document(self):
        move = self.outbox.move_id
        about = (move.name, self.customer, move.invoice_date)
        body = documents.document(*about, self.entry_guid)
        try:
            return self._ask(
                "document", lambda: self.client.post(resources.DOCUMENTS, body)
            )
        except ExactRejected as err:
            if not self.entry_guid or err.status == 403:
                raise
        # Where Exact takes no document with its entry, it may be linked afterwards.
        body = documents.document(*about)
        return self._ask(
            "document", lambda: self.client.post(resources.DOCUMENTS, body)
        )

    def _read_address(self, answer):
        """Return where Exact Online shows a document; False if it is not over there."""
        address = answer.get("DocumentViewUrl") or ""
        site = self.outbox.company_id.sudo().exact_owner_id._exact_get_base_url()
        return address if address.startswith(f"{site}/") else False

    def _attach_file(self, pdf, file):
        document, found = self.document, None
        if document.requested == "attachment":
            condition = documents.find_attachment(document.exact_guid, pdf.name)
            found = self._look_up(resources.ATTACHMENTS, condition)
        if not found:
            document.checksum = pdf.checksum
            content = documents.Attachment(document.exact_guid, pdf.name, file)
            found = self._ask(
                "attachment",
                lambda: self.client.upload(
                    resources.ATTACHMENTS, content.shown, content
                ),
            )
        self.document.write({"attachment_guid": found["ID"], "requested": False})

    def _link(self):
        """Make an entry show the document, either way, for tenants take one of two."""
        guid, entry = self.document.exact_guid, self.entry_guid
        link = documents.link(entry)
        try:
            self._call(lambda: self.client.put(resources.DOCUMENTS, guid, link))
        except ExactRejected as err:
            if err.status in (403, 404):
                raise
            shown = {"Document": guid}
            self._call(lambda: self.client.put(resources.ENTRIES, entry, shown))
        self.document.is_linked = True

    # === CALLS === #

    def _call(self, call):
        """Make a call without a lock; what follows is written under the claim alone.

        :raise ClaimLost: whatever was answered, another worker finds it.
        """
        self.cron._commit_progress()
        try:
            return call()
        finally:
            self._check_claim()

    def _ask(self, what, call):
        """Make a call that must not be made twice; that it is made is committed."""
        self._check_claim()
        self.document.requested = what
        try:
            answer = self._call(call)
        except ExactUnconfirmed:
            raise
        except ExactError:
            self.document.requested = False
            raise
        if not answer.get("ID"):
            raise ExactUnconfirmed(f"the answer names no {what}")
        return answer

    def _look_up(self, resource, condition):
        """Return what an answer that was lost would have said; None if nothing.

        The document that is known already holds an earlier PDF of the same invoice.
        """
        rows = self._call(
            lambda: self.client.get(resource, select="ID", filter=condition)
        )
        known = self.document.exact_guid
        return next((row for row in rows if row["ID"] != known), None)

    # === RESULT === #

    def _is_superseded(self, pdf):
        """Tell whether the document holds another PDF than the customer got last."""
        held = self.document.checksum
        return bool(held and held != pdf.checksum and not self.document.is_linked)

    def _is_gone(self, err):
        """Tell whether somebody deleted the document there: the next one is new."""
        is_missing = err.status == 404 and err.resource == resources.DOCUMENTS
        return is_missing or refusals.classify(err.messages) == refusals.DOCUMENT_GONE

    def _refusal_text(self, err):
        if refusals.classify(err.messages) == refusals.PORTAL_USER:
            return self._text(messages.PDF_PORTAL_USER)
        is_uploaded = self.document.attachment_guid and not self._is_superseded(
            self.pdf
        )
        return messages.pdf_refused_text(self.outbox, err, is_uploaded=is_uploaded)

    def _delay(self, err):
        """Let the PDF wait a little longer after each attempt, and never give up.

        :param ExactError err: None if Exact Online has nothing to do with it.
        """
        document = self.document
        attempts = document.attempts
        if isinstance(err, ExactErrorLimit):
            due_at = err.retry_at
        else:
            attempts += 1
            self.is_unanswered = bool(err) and is_unavailable(err)
            wait = retry_after(attempts)
            if isinstance(err, ExactUnconfirmed):
                wait = max(wait, LOOK_UP_AFTER)
            due_at = fields.Datetime.now() + wait
        text = messages.PDF_STUCK if is_stuck(attempts) else messages.PDF_WAITS
        document.write(
            {
                "state": "waiting",
                "problem": self._text(text, count=attempts),
                "attempts": attempts,
                "due_at": due_at,
            }
        )
        document._trigger(due_at)

    def _text(self, text, **values):
        return messages.booking_text(self.outbox, text, **values)


def _open(pdf):
    """Open the file where it lies: it is never in memory as a whole.

    :raise OSError: it is gone.
    """
    path = pdf.store_fname and pdf._full_path(pdf.store_fname)
    if path and os.path.exists(path):
        return open(path, "rb")
    # In the database, or where another module stores files.
    if not pdf.raw:
        raise FileNotFoundError(pdf.store_fname)
    return io.BytesIO(pdf.raw)
