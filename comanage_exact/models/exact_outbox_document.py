import io
import logging
import os
from dataclasses import replace

from odoo import fields, models

from ..booking.life_cycle import LOOK_UP_AFTER, RETRY_AFTER
from ..exact_api import bodies, documents, refusals, resources
from ..exact_api.const import MAX_ATTACHMENT_BYTES
from ..exact_api.exceptions import (
    ExactError,
    ExactErrorLimit,
    ExactRateLimited,
    ExactRejected,
    ExactUnauthorized,
    ExactUnconfirmed,
)

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
        is_unwanted = self.document_state == "refused" and self.attachment_guid
        if is_unwanted or self._is_superseded(pdf):
            return ""
        # Shown without its PDF, too: then nothing but the PDF has to follow.
        return self.document_guid or ""

    def _attach_document(self, client, entry):
        """Return the entry with the document that holds its PDF, if there is one.

        :param sales_entry.SalesEntry entry: with its customer.
        :raise: as `_send_document`.
        """
        guid = self._send_document(client, entry.customer)
        if not guid:
            return entry
        entry = replace(entry, document=guid)
        self.request = bodies.sales_entry(entry)
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
            # It went without, now or in an earlier attempt.
            if self.document_state == "refused":
                return {}
            now = fields.Datetime.now()
            due = max(self.document_due_at or now, now)
            return {"document_state": "waiting", "document_due_at": due}
        values = {"is_document_linked": True}
        if self.attachment_guid:
            values.update(document_state="done", document_problem=False)
        return values

    def _drop_document(self, err):
        """Take the document out of a request that was refused for it.

        :param ExactRejected err:
        :return: whether the entry is to be sent once more, without.
        """
        kind = refusals.classify(err.messages)
        is_about_it = kind in (refusals.DOCUMENT, refusals.DOCUMENT_GONE)
        if not is_about_it or "Document" not in self.request:
            return False
        if self._is_document_gone(err):
            self._forget_document()
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
            if self._is_document_gone(err):
                self._forget_document()
            self._refuse_document(self._say_document_refused(err))
        except ExactError as err:
            self._delay_document(err)
        except OSError:
            _logger.warning("PDF of outbox row %s", self.id, exc_info=True)
            self._refuse_document(self._say_document_unreadable())
        # The entry may be rolled back, this not.
        self.env["ir.cron"]._commit_progress()

    def _bring_document(self, client, pdf, customer, entry):
        """Make the calls that are still missing; as `_try_document`."""
        is_superseded = self._is_superseded(pdf)
        if is_superseded or not self.attachment_guid:
            # Opened first: a file that is gone leaves no document without one.
            with self._open_pdf(pdf) as file:
                if is_superseded or not self.document_guid:
                    self._create_document(client, customer, entry)
                self._attach(client, pdf, file)
        if entry and not self.is_document_linked:
            self._link_document(client, entry)

    def _create_document(self, client, customer, entry):
        """Make the document, a new one for a new PDF; the one before stays in Exact."""
        subject = self.move_id.name
        found = None
        if self.document_asked == "document":
            condition = documents.find_document(subject, customer)
            found = self._look_up(client, resources.DOCUMENTS, condition)
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
        body = documents.document(subject, customer, day, entry)
        try:
            return self._ask("document", lambda: client.post(resources.DOCUMENTS, body))
        except ExactRejected as err:
            if not entry or err.status == 403:
                raise
        # Where Exact takes no document with its entry, it may be linked afterwards.
        body = documents.document(subject, customer, day)
        return self._ask("document", lambda: client.post(resources.DOCUMENTS, body))

    def _attach(self, client, pdf, file):
        found = None
        if self.document_asked == "attachment":
            condition = documents.find_attachment(self.document_guid, pdf.name)
            found = self._look_up(client, resources.ATTACHMENTS, condition)
        if not found:
            self.document_checksum = pdf.checksum
            content = documents.Attachment(self.document_guid, pdf.name, file)
            found = self._ask(
                "attachment",
                lambda: client.upload(resources.ATTACHMENTS, content.shown, content),
            )
        self.write({"attachment_guid": found["ID"], "document_asked": False})

    def _link_document(self, client, entry):
        """Make an entry show the document, either way, for tenants take one of two."""
        guid = self.document_guid
        try:
            client.put(resources.DOCUMENTS, guid, documents.link(entry))
        except ExactRejected as err:
            if err.status in (403, 404):
                raise
            client.put(resources.ENTRIES, entry, {"Document": guid})
        self.is_document_linked = True

    def _open_pdf(self, pdf):
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
        """Return what an answer that was lost would have told; None if nothing.

        The document that is known already holds an earlier PDF of the same invoice.
        """
        rows = client.get(resource, select="ID", filter=condition)
        return next((row for row in rows if row["ID"] != self.document_guid), None)

    def _is_document_gone(self, err):
        """Tell whether somebody deleted the document in Exact: it is made anew then."""
        is_missing = err.status == 404 and err.resource == resources.DOCUMENTS
        return is_missing or refusals.classify(err.messages) == refusals.DOCUMENT_GONE

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
        elif attempts == len(RETRY_AFTER):
            self._refuse_document(self._say_document_given_up())
            return
        else:
            wait = RETRY_AFTER[attempts]
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
