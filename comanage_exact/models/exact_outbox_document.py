import io
import logging
from dataclasses import replace
from datetime import timedelta

from odoo import fields, models

from .. import document, payload, refusals
from ..const import MAX_ATTACHMENT_BYTES
from ..exceptions import (
    ExactError,
    ExactErrorLimit,
    ExactRateLimited,
    ExactRejected,
    ExactUnauthorized,
    ExactUnconfirmed,
)
from .exact_outbox import LOOK_UP_AFTER, RETRY_MINUTES

_logger = logging.getLogger(__name__)


class ExactOutbox(models.Model):
    """The PDF that the customer got, as a document in Exact.

    It goes before the entry, which then shows it: document, attachment, entry. What
    Exact is asked for is committed before each call and its answer after it, so that
    nothing is made twice. Trouble with the PDF never keeps the entry back.
    """

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    document_state = fields.Selection(
        [
            ("waiting", "Goes later"),
            ("done", "In Exact"),
            ("refused", "Not in Exact"),
        ],
        string="PDF",
        readonly=True,
        help="Empty where the customer got no PDF yet.",
    )
    document_problem = fields.Text("Problem with the PDF", readonly=True)
    document_guid = fields.Char("Document ID", readonly=True)
    attachment_guid = fields.Char("Attachment ID", readonly=True)
    document_checksum = fields.Char(
        readonly=True, help="Of the PDF that the document holds."
    )
    is_document_linked = fields.Boolean(
        readonly=True, help="The entry in Exact shows the document."
    )
    document_asked = fields.Selection(
        [("document", "Document"), ("attachment", "Attachment")],
        readonly=True,
        help="What Exact was asked for without an answer yet: to be looked up first.",
    )
    document_attempts = fields.Integer(readonly=True)
    document_due_at = fields.Datetime("PDF Planned For", readonly=True)

    _document_idx = models.Index(
        "(company_id, document_due_at) "
        "WHERE state = 'sent' AND document_state = 'waiting'"
    )
    _no_document_idx = models.Index(
        "(synced_at) WHERE state = 'sent' AND document_state IS NULL"
    )

    # === WITH THE ENTRY === #

    def _send_document(self, client, customer):
        """Bring the PDF to Exact before its entry goes.

        :param str customer: GUID.
        :return: GUID of the document for the entry; empty where it goes without.
        :raise ExactRateLimited, ExactUnauthorized: the entry could not go either.
        """
        pdf = self._get_pdf()
        if not pdf:
            return ""
        now = fields.Datetime.now()
        is_due = (self.document_due_at or now) <= now
        if self.document_state in (False, "waiting") and is_due:
            self._try_document(client, pdf, customer)
        if self.document_state == "refused" or self._is_superseded(pdf):
            return ""
        return self.document_guid or ""

    def _attach_document(self, client, entry):
        """Return the entry with the document that holds its PDF, if there is one.

        :param payload.SalesEntry entry: with its customer.
        :raise: as `_send_document`.
        """
        guid = self._send_document(client, entry.customer)
        if not guid:
            return entry
        entry = replace(entry, document=guid)
        self.request = payload.sales_entry(entry)
        # What the look-up needs, should this worker die.
        self.env["ir.cron"]._commit_progress()
        return entry

    def _get_pdf(self):
        """Return the PDF that the customer got; empty if none, or none is wanted."""
        if not self.company_id._exact_get_owner().exact_send_pdf:
            return self.env["ir.attachment"]
        return self.move_id.invoice_pdf_report_id.sudo()

    def _is_superseded(self, pdf):
        """Tell whether the document holds another PDF than the customer got last."""
        held = self.document_checksum
        return bool(held and held != pdf.checksum and not self.is_document_linked)

    def _get_document_values(self, shown):
        """Return what follows for the PDF from an entry that is booked.

        :param str shown: GUID of the document that the entry shows in Exact.
        """
        if not self.document_guid:
            return {}
        if shown != self.document_guid:
            # The entry of an earlier attempt, which went without.
            now = fields.Datetime.now()
            is_over = self.document_state == "refused"
            later = {"document_state": "waiting", "document_due_at": now}
            return {} if is_over else later
        values = {"is_document_linked": True}
        if self.attachment_guid:
            values.update(document_state="done", document_problem=False)
        return values

    def _drop_document(self, err):
        """Take the document out of a request that was refused for it.

        :param ExactRejected err:
        :return: whether the entry is to be sent once more, without.
        """
        is_about_it = refusals.classify(err.messages) == refusals.DOCUMENT
        if not is_about_it or "Document" not in self.request:
            return False
        self._refuse_document(self._say_document_refused(err))
        self.request = {
            name: value for name, value in self.request.items() if name != "Document"
        }
        self.env["ir.cron"]._commit_progress()
        return True

    # === STEPS === #

    def _try_document(self, client, pdf, customer, entry=""):
        """Take the PDF as far as it goes now, and keep why it goes no further.

        :param str entry: EntryID, where the entry is booked already.
        :raise ExactRateLimited, ExactUnauthorized: no call is welcome now.
        """
        if pdf.file_size > MAX_ATTACHMENT_BYTES:
            self._refuse_document(self._say_document_too_large(pdf))
            return
        try:
            self._bring_document(client, pdf, customer, entry)
        except (ExactRateLimited, ExactUnauthorized):
            raise
        except ExactRejected as err:
            self._refuse_document(self._say_document_refused(err))
            if not self.attachment_guid:
                self._tidy_document(client)
            elif err.status == 404:
                # Somebody deleted it in Exact: the next attempt begins anew.
                self._forget_document()
        except ExactError as err:
            self._delay_document(err)
        except OSError:
            _logger.warning("PDF of outbox row %s", self.id, exc_info=True)
            self._refuse_document(self._say_document_unreadable())
            self._tidy_document(client)
        # The entry may be rolled back, this not.
        self.env["ir.cron"]._commit_progress()

    def _bring_document(self, client, pdf, customer, entry):
        """Make the calls that are still missing; as `_try_document`."""
        if self._is_superseded(pdf):
            self._discard_document(client)
        if not self.document_guid:
            self._create_document(client, customer, entry)
        if not self.attachment_guid:
            self._attach(client, pdf)
        if entry and not self.is_document_linked:
            client.put(document.DOCUMENTS, self.document_guid, document.link(entry))
            self.is_document_linked = True

    def _create_document(self, client, customer, entry):
        subject = self.move_id.name
        found = None
        if self.document_asked == "document":
            condition = document.find_document(subject, customer)
            found = self._look_up(client, document.DOCUMENTS, condition)
        answer = found or self._post_document(client, customer, entry)
        linked = answer.get("FinancialTransactionEntryID")
        self.write(
            {
                "document_guid": answer["ID"],
                "document_asked": False,
                "document_checksum": False,
                "attachment_guid": False,
                "is_document_linked": bool(entry) and linked == entry,
            }
        )

    def _post_document(self, client, customer, entry):
        subject, day = self.move_id.name, self.move_id.invoice_date
        body = document.document(subject, customer, day, entry)
        try:
            return self._ask("document", lambda: client.post(document.DOCUMENTS, body))
        except ExactRejected as err:
            if not entry or err.status == 403:
                raise
        # Where Exact takes no document with its entry, it may be linked afterwards.
        body = document.document(subject, customer, day)
        return self._ask("document", lambda: client.post(document.DOCUMENTS, body))

    def _attach(self, client, pdf):
        with self._open_pdf(pdf) as file:
            content = document.Attachment(self.document_guid, pdf.name, file)
            found = None
            if self.document_asked == "attachment":
                condition = document.find_attachment(self.document_guid, pdf.name)
                found = self._look_up(client, document.ATTACHMENTS, condition)
            if not found:
                self.document_checksum = pdf.checksum
                shown = content.shown
                found = self._ask(
                    "attachment",
                    lambda: client.upload(document.ATTACHMENTS, shown, content),
                )
        self.write({"attachment_guid": found["ID"], "document_asked": False})

    def _open_pdf(self, pdf):
        """Open the file where it lies: it is never in memory as a whole."""
        if pdf.store_fname:
            return open(pdf._full_path(pdf.store_fname), "rb")
        return io.BytesIO(pdf.raw or b"")

    # === CALLS === #

    def _ask(self, what, call):
        """Make a call that must not be made twice; that it is made is committed."""
        self.document_asked = what
        self.env["ir.cron"]._commit_progress()
        try:
            answer = call()
        except ExactUnconfirmed:
            raise
        except ExactError:
            self.document_asked = False
            self.env["ir.cron"]._commit_progress()
            raise
        if not answer.get("ID"):
            raise ExactUnconfirmed(f"the answer names no {what}")
        return answer

    def _look_up(self, client, resource, condition):
        """Return what an answer that was lost would have told; None if nothing."""
        rows = client.get(resource, select="ID", filter=condition, top=1)
        return rows[0] if rows else None

    def _discard_document(self, client):
        """Delete our document that no entry shows; without it none is left behind."""
        try:
            client.delete(document.DOCUMENTS, self.document_guid)
        except ExactRejected as err:
            _logger.info("Document of outbox row %s stays: %s", self.id, err)
        self._forget_document()

    def _tidy_document(self, client):
        """The same after a refusal, which no further trouble may add to."""
        if not self.document_guid or self.is_document_linked:
            return
        try:
            self._discard_document(client)
        except ExactError as err:
            # It is used again, should somebody try again.
            _logger.info("Document of outbox row %s: %s", self.id, err)

    def _forget_document(self):
        self.write(
            {
                "document_guid": False,
                "attachment_guid": False,
                "document_checksum": False,
                "document_asked": False,
                "is_document_linked": False,
            }
        )

    # === RESULT === #

    def _refuse_document(self, problem):
        self.write({"document_state": "refused", "document_problem": problem})

    def _delay_document(self, err):
        """Let the PDF wait a little longer after each attempt."""
        now = fields.Datetime.now()
        attempts = self.document_attempts
        if isinstance(err, ExactErrorLimit):
            due = err.retry_at
        elif attempts == len(RETRY_MINUTES):
            self._refuse_document(self._say_document_given_up())
            return
        else:
            wait = timedelta(minutes=RETRY_MINUTES[attempts])
            if isinstance(err, ExactUnconfirmed):
                wait = max(wait, LOOK_UP_AFTER)
            due = now + wait
            attempts += 1
        self.write(
            {
                "document_state": "waiting",
                "document_problem": self._say_document_waits(),
                "document_attempts": attempts,
                "document_due_at": due,
            }
        )
        self._trigger_documents(due)
