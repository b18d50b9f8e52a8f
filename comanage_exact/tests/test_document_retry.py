from odoo.tests import tagged

from .common import ENTRIES_URL, ENTRY_GUID, error_body
from .common_document import (
    ATTACHMENT,
    DOCUMENT,
    DOCUMENT_GUID,
    DOCUMENT_URL,
    DOCUMENTS_URL,
    ENTRY,
    LOST,
    PDF,
    DocumentCase,
)

OTHER_GUID = "66666666-6666-4666-8666-666666666666"


@tagged("post_install", "-at_install")
class TestDocumentRetry(DocumentCase):
    """An invoice whose entry was refused goes again, corrected or not, or is withdrawn.

    Its document is in Exact by then, and nothing is ever deleted there.
    """

    def refuse_entry(self, invoice):
        with self.exact() as mock:
            self.answer_document(mock)
            self.answer_attachment(mock)
            refusal = error_body("Periode is afgesloten: 2026 - 3")
            mock.post(ENTRIES_URL, status=400, json=refusal)
            self.push()
        self.assertEqual(invoice.exact_state, "failed")

    def test_retry_reuses_the_document(self):
        invoice = self.queue_with_pdf()
        self.refuse_entry(invoice)
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock, Document=DOCUMENT_GUID)
            self.push()
        self.assertEqual(self.made(), [ENTRY])
        self.assertEqual(self.bodies(ENTRIES_URL)[0]["Document"], DOCUMENT_GUID)
        self.assert_done(invoice)

    def correct(self, invoice):
        """Reset an invoice whose entry was refused, and give the customer a new PDF."""
        self.refuse_entry(invoice)
        invoice.button_draft()
        invoice.action_post()
        self.make_pdf(invoice, PDF + b"corrected")
        invoice.action_exact_send()

    def test_new_pdf_gets_a_document_and_the_old_one_stays(self):
        invoice = self.queue_with_pdf()
        self.correct(invoice)
        with self.exact() as mock:
            self.answer_look_up(mock)
            self.answer_document(mock, ID=OTHER_GUID)
            self.answer_attachment(mock)
            self.answer_entry(mock, Document=OTHER_GUID)
            self.push()
        self.assertEqual(self.uploaded["Attachment"], PDF + b"corrected")
        self.assertEqual(self.uploaded["Document"], OTHER_GUID)
        self.assertEqual(
            self.made(), [("GET", "SalesEntries"), DOCUMENT, ATTACHMENT, ENTRY]
        )
        self.assert_done(invoice)

    def test_lost_document_of_a_new_pdf_is_not_the_old_one(self):
        invoice = self.queue_with_pdf()
        self.correct(invoice)
        with self.exact() as mock:
            self.answer_look_up(mock)
            mock.post(DOCUMENTS_URL, body=LOST)
            self.answer_entry(mock)
            self.push()
        self.assert_goes_without(invoice, "retry automatically", state="waiting")
        with self.exact():
            self.send_documents_at("2026-03-10 09:01:59")
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL, DOCUMENT_GUID, OTHER_GUID)
            self.answer_attachment(mock)
            mock.put(DOCUMENT_URL.replace(DOCUMENT_GUID, OTHER_GUID), status=204)
            self.send_documents_at("2026-03-10 09:02:00")
        self.assertEqual(self.uploaded["Document"], OTHER_GUID)
        self.assert_done(invoice)

    def test_refused_document_of_a_new_pdf_is_not_told_as_there(self):
        invoice = self.queue_with_pdf()
        self.correct(invoice)
        with self.exact() as mock:
            self.answer_look_up(mock)
            mock.post(DOCUMENTS_URL, status=400, json=error_body("Niet toegestaan"))
            self.answer_entry(mock)
            self.push()
        self.assert_goes_without(
            invoice, "rejected the PDF", "Attach it there manually"
        )

    def test_withdrawn_invoice_tells_of_its_document(self):
        invoice = self.queue_with_pdf()
        self.refuse_entry(invoice)
        with self.exact():
            invoice.button_cancel()
        self.assertEqual(invoice.exact_state, "cancelled")
        (note,) = invoice.message_ids.filtered(lambda row: "Delete it" in row.body)
        self.assertIn(f"The document {invoice.name} with the PDF", note.body)

    def test_withdrawn_invoice_without_document_tells_nothing(self):
        invoice = self.queue_with_pdf()
        with self.exact():
            invoice.button_draft()
        self.assertFalse(
            invoice.message_ids.filtered(lambda row: "Delete it" in row.body)
        )

    def test_old_pdf_is_not_shown_where_the_customer_got_no_new_one(self):
        invoice = self.queue_with_pdf()
        self.refuse_entry(invoice)
        invoice.sudo().invoice_pdf_report_id.unlink()
        invoice.action_exact_send()
        self.book(invoice)
        self.assertNotIn("Document", self.bodies(ENTRIES_URL)[0])

    def test_entry_found_by_the_look_up_tells_whether_it_shows_the_document(self):
        for shown, state in ((DOCUMENT_GUID, "done"), (None, "waiting")):
            with self.subTest(shown=shown):
                invoice = self.queue_with_pdf()
                with self.exact() as mock:
                    self.answer_document(mock)
                    self.answer_attachment(mock)
                    mock.post(ENTRIES_URL, body=LOST)
                    self.push()
                self.assertEqual(invoice.exact_state, "unconfirmed")
                # Each invoice has an entry of its own.
                entry_guid = f"{invoice.id:08}{ENTRY_GUID[8:]}"
                sent = invoice.sudo().exact_outbox_id.request
                own = {name: sent[name] for name in ("EntryNumber", "YourRef")}
                row = self.row(EntryID=entry_guid, Document=shown, **own)
                with self.exact() as mock:
                    self.answer_look_up(mock, row)
                    self.push_at("2026-03-10 09:02:00")
                self.env.invalidate_all()
                self.assertEqual(invoice.exact_state, "sent")
                self.assertEqual(invoice.exact_outbox_id.document_state, state)
