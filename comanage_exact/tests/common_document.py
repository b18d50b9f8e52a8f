import base64
import json

import requests
import responses
from freezegun import freeze_time

from .common import API_URL, ENTRIES_URL, error_body
from .test_push import PushCase

DOCUMENTS_URL = f"{API_URL}/documents/Documents"
ATTACHMENTS_URL = f"{API_URL}/documents/DocumentAttachments"
DOCUMENT_GUID = "44444444-4444-4444-8444-444444444444"
DOCUMENT_URL = f"{DOCUMENTS_URL}(guid'{DOCUMENT_GUID}')"
ATTACHMENT_GUID = "55555555-5555-4555-8555-555555555555"
DOCUMENT, ATTACHMENT = ("POST", "Documents"), ("POST", "DocumentAttachments")
ENTRY = ("POST", "SalesEntries")
LOST = requests.ReadTimeout("lost")
SCOPE = error_body("Forbidden - Application Scope Violated.")
PDF = b"%PDF-1.4 " + bytes(range(256)) * 1000


class DocumentCase(PushCase):
    """Invoices of a known customer, with the PDF that he got."""

    def setUp(self):
        super().setUp()
        self.make_known()
        self.cron_documents = self.env.ref("comanage_exact.ir_cron_exact_document")

    # === ODOO === #

    def make_pdf(self, invoice, content=PDF, **values):
        return self.env(su=True)["ir.attachment"].create(
            {
                "name": f"{invoice.name.replace('/', '_')}.pdf",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
                "raw": content,
                **values,
            }
        )

    def queue_with_pdf(self, **values):
        invoice = self.queue(**values)
        self.make_pdf(invoice)
        return invoice

    def book(self, invoice):
        """Book it without trouble with the entry."""
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def send_documents_at(self, moment):
        """Run the cron of the PDFs at another time, with a token young then."""
        self.env.flush_all()
        connection = self.company.sudo().exact_connection_id
        connection.write({"issued_at": moment, "paused_until": False, "budget": False})
        with freeze_time(moment), self.enter_registry_test_mode():
            # What it raised is returned, to be shown by the web client.
            self.assertIs(self.cron_documents.sudo().method_direct_trigger(), True)

    def problem(self, invoice):
        self.env.invalidate_all()
        return invoice.exact_document_problem or ""

    # === EXACT === #

    def answer_document(self, mock, **properties):
        entity = {"ID": DOCUMENT_GUID, **properties}
        mock.post(DOCUMENTS_URL, status=201, json={"d": entity})

    def answer_attachment(self, mock):
        """Announce an upload that succeeds; what it held is in `self.uploaded`."""

        def callback(request):
            content = b"".join(request.body)
            self.assertEqual(len(content), int(request.headers["Content-Length"]))
            self.uploaded = json.loads(content)
            self.uploaded["Attachment"] = base64.b64decode(self.uploaded["Attachment"])
            return 201, {}, json.dumps({"d": {"ID": ATTACHMENT_GUID}})

        mock.add_callback(
            responses.POST, ATTACHMENTS_URL, callback, content_type="application/json"
        )

    def answer_all(self, mock):
        self.answer_document(mock)
        self.answer_attachment(mock)
        self.answer_entry(mock, Document=DOCUMENT_GUID)

    def find(self, mock, url, *guids):
        """Announce a look-up that finds these."""
        rows = [{"ID": guid} for guid in guids]
        mock.get(url, json={"d": {"results": rows}})

    def made(self):
        """Return method and resource of each call."""
        return [
            (call.request.method, call.request.url.split("?")[0].split("/")[-1])
            for call in self.calls
        ]

    def bodies(self, url):
        return [
            json.loads(call.request.body)
            for call in self.calls
            if call.request.url == url and call.request.method in ("POST", "PUT")
        ]

    def assert_goes_without(self, invoice, *sentence, state="refused"):
        self.assertEqual(invoice.exact_state, "sent")
        self.assertNotIn("Document", self.bodies(ENTRIES_URL)[0])
        self.assertEqual(invoice.exact_outbox_id.document_state, state)
        for part in (invoice.name, *sentence):
            self.assertIn(part, self.problem(invoice))

    def assert_done(self, invoice):
        self.env.invalidate_all()
        self.assertEqual(invoice.exact_outbox_id.document_state, "done")
        self.assertTrue(invoice.exact_outbox_id.document_id.is_linked)
        self.assertFalse(self.problem(invoice))
        # Nothing is left to do.
        with self.exact():
            self.send_documents_at("2026-03-11 09:00:00")
