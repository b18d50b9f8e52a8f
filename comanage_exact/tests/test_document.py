import json
from unittest.mock import patch

from odoo.tests import tagged

from ..sync import documents as upload
from .common import CUSTOMER_GUID, ENTRIES_URL, error_body
from .common_document import (
    ATTACHMENT,
    ATTACHMENT_GUID,
    ATTACHMENTS_URL,
    DOCUMENT,
    DOCUMENT_GUID,
    DOCUMENT_URL,
    DOCUMENTS_URL,
    ENTRY,
    PDF,
    SCOPE,
    DocumentCase,
)


@tagged("post_install", "-at_install")
class TestDocument(DocumentCase):
    """The PDF before the entry, and what each kind of trouble makes of it."""

    # === WITHOUT TROUBLE === #

    def test_invoice_with_pdf_takes_three_calls_and_shows_the_document(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_all(mock)
            self.push()
        self.assertEqual(self.made(), [DOCUMENT, ATTACHMENT, ENTRY])
        self.assertEqual(
            self.bodies(DOCUMENTS_URL),
            [
                {
                    "Subject": "INV/2026/00001",
                    "Type": 10,
                    "Account": CUSTOMER_GUID,
                    "DocumentDate": "2026-03-10",
                }
            ],
        )
        self.assertEqual(
            self.uploaded,
            {
                "Document": DOCUMENT_GUID,
                "FileName": "INV_2026_00001.pdf",
                "Attachment": PDF,
            },
        )
        self.assertEqual(self.bodies(ENTRIES_URL)[0]["Document"], DOCUMENT_GUID)
        outbox = invoice.exact_outbox_id
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(outbox.document_state, "done")
        self.assertEqual(outbox.document_id.exact_guid, DOCUMENT_GUID)
        self.assertEqual(outbox.document_id.attachment_guid, ATTACHMENT_GUID)
        self.assertTrue(outbox.document_id.is_linked)
        self.assertFalse(self.problem(invoice))

    def test_new_customer_costs_one_call_more(self):
        self.customer.sudo().with_company(self.company).exact_guid = False
        self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_all(mock)
            self.push()
        self.assertEqual(
            self.made(), [("POST", "Accounts"), DOCUMENT, ATTACHMENT, ENTRY]
        )

    def test_proforma_is_not_the_pdf_of_the_invoice(self):
        invoice = self.queue()
        self.make_pdf(invoice, name="proforma.pdf", res_field=False)
        self.book(invoice)
        self.assertEqual(self.made(), [ENTRY])

    def test_entry_that_answers_without_the_document_is_linked_later(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_document(mock)
            self.answer_attachment(mock)
            self.answer_entry(mock, Document=None)
            self.push()
        self.assertEqual(invoice.exact_outbox_id.document_state, "waiting")
        with self.exact() as mock:
            mock.put(DOCUMENT_URL, status=204)
            self.send_documents_at("2026-03-10 09:05:00")
        self.env.invalidate_all()
        self.assertEqual(invoice.exact_outbox_id.document_state, "done")

    def test_credit_note_takes_its_pdf_along(self):
        credit_note = self.queue_with_pdf(move_type="out_refund")
        with self.exact() as mock:
            self.answer_all(mock)
            self.push()
        self.assertEqual(credit_note.exact_outbox_id.document_state, "done")
        self.assertEqual(self.bodies(DOCUMENTS_URL)[0]["Subject"], credit_note.name)

    def test_invoice_without_pdf_is_booked_without_a_word(self):
        invoice = self.queue()
        self.book(invoice)
        self.assertEqual(self.made(), [ENTRY])
        self.assertFalse(invoice.exact_outbox_id.document_state)
        self.assertFalse(self.env["exact.document"].search([]), "Nothing to store")
        self.assertFalse(self.problem(invoice))

    def test_setting_is_on_unless_somebody_switches_it_off(self):
        company = self.env["res.company"].sudo().create({"name": "New BV"})
        self.assertTrue(company.exact_send_pdf)

    def test_switched_off_no_pdf_goes(self):
        self.company.sudo().exact_send_pdf = False
        self.book(self.queue_with_pdf())
        self.assertEqual(self.made(), [ENTRY])

    def test_pdf_stored_in_the_database_goes_too(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("ir_attachment.location", "db")
        invoice = self.queue_with_pdf()
        self.assertFalse(invoice.sudo().invoice_pdf_report_id.store_fname)
        with self.exact() as mock:
            self.answer_all(mock)
            self.push()
        self.assertEqual(self.uploaded["Attachment"], PDF)

    def test_history_and_request_hold_no_file(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_all(mock)
            self.push()
        outbox = invoice.sudo().exact_outbox_id
        call = outbox.call_ids.filtered(lambda row: "Attachments" in row.resource)
        self.assertEqual(
            json.loads(call.request),
            {
                "Document": DOCUMENT_GUID,
                "FileName": "INV_2026_00001.pdf",
                "Attachment": f"({len(PDF)} bytes)",
            },
        )
        self.assertEqual(call.status, 201)
        self.assertNotIn("Attachment", json.dumps(outbox.request))

    def test_pdf_is_not_what_makes_an_invoice_differ(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_all(mock)
            self.push()
        self.assertTrue(invoice.sudo()._exact_is_as_sent())

    # === THE BOOKING GOES WITHOUT === #

    def test_too_large_pdf_takes_no_call(self):
        invoice = self.queue_with_pdf()
        limit = f"{upload.__name__}.MAX_ATTACHMENT_BYTES"
        with patch(limit, len(PDF) - 1):
            self.book(invoice)
        self.assertEqual(self.made(), [ENTRY])
        self.assert_goes_without(invoice, "the limit is", "manually")

    def test_missing_right_is_told_with_its_cure(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            mock.post(DOCUMENTS_URL, status=403, json=SCOPE)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.made(), [DOCUMENT, ENTRY])
        self.assert_goes_without(invoice, "organization/documents", "click Send PDF")

    def test_refused_attachment_leaves_its_document_to_the_entry(self):
        for status in (400, 500):
            with self.subTest(status=status):
                invoice = self.queue_with_pdf()
                with self.exact() as mock:
                    self.answer_document(mock)
                    refusal = error_body("Niet toegestaan: Bestandsnaam")
                    mock.post(ATTACHMENTS_URL, status=status, json=refusal)
                    self.answer_entry(mock, Document=DOCUMENT_GUID)
                    self.push()
                self.assertEqual(invoice.exact_state, "sent")
                outbox = invoice.exact_outbox_id
                self.assertEqual(outbox.document_state, "refused")
                self.assertEqual(outbox.document_id.exact_guid, DOCUMENT_GUID)
                self.assertTrue(outbox.document_id.is_linked)
                self.assertEqual(
                    self.problem(invoice),
                    f"Exact Online rejected the PDF of {invoice.name}: “Niet "
                    "toegestaan: Bestandsnaam”. Its document exists there, but is "
                    "empty. Attach the PDF to it manually, or fix the cause and "
                    "click Send PDF.",
                )

    def test_file_that_is_gone_is_told(self):
        invoice = self.queue_with_pdf()
        invoice.sudo().invoice_pdf_report_id._write({"store_fname": "00/gone"})
        self.env.invalidate_all()
        with (
            self.exact() as mock,
            self.assertLogs("odoo.addons.comanage_exact", "WARNING"),
        ):
            self.answer_entry(mock)
            self.push()
        # No document was made for it.
        self.assertEqual(self.made(), [ENTRY])
        self.assert_goes_without(invoice, "its file is missing")

    def test_file_in_the_store_of_another_module_goes_too(self):
        invoice = self.queue_with_pdf()
        pdf = invoice.sudo().invoice_pdf_report_id
        pdf._write({"store_fname": "s3://elsewhere"})
        self.env.invalidate_all()
        with (
            patch.object(type(pdf), "_file_read", lambda self, name, size=None: PDF),
            self.exact() as mock,
        ):
            self.answer_all(mock)
            self.push()
        self.assertEqual(self.uploaded["Attachment"], PDF)

    def test_too_many_refusals_let_the_pdf_wait_for_the_next_hour(self):
        invoices = [self.queue_with_pdf() for _index in range(9)]
        with self.exact() as mock:
            mock.post(DOCUMENTS_URL, status=403, json=SCOPE)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.made().count(DOCUMENT), 8)
        self.assertEqual({row.exact_state for row in invoices}, {"sent"})
        outbox = invoices[-1].exact_outbox_id
        self.assertEqual(outbox.document_state, "waiting")
        self.assertEqual(str(outbox.document_due_at), "2026-03-10 10:00:00")
        self.assertEqual(outbox.document_id.attempts, 0)

    def test_document_that_the_entry_refuses_is_taken_out(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_document(mock)
            self.answer_attachment(mock)
            refusal = error_body("Ongeldige referentie: Document")
            mock.post(ENTRIES_URL, status=400, json=refusal)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(self.made(), [DOCUMENT, ATTACHMENT, ENTRY, ENTRY])
        self.assertEqual(invoice.exact_state, "sent")
        self.assertNotIn("Document", self.bodies(ENTRIES_URL)[1])
        self.assertIn("Ongeldige referentie: Document", self.problem(invoice))
        # Somebody deleted it there: nobody looks for it any more.
        self.assertFalse(invoice.exact_outbox_id.document_id.exact_guid)

    def test_consent_of_a_portal_user_is_no_reason_to_send_the_entry_twice(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_document(mock)
            self.answer_attachment(mock)
            refusal = error_body("Document Type not allowed")
            mock.post(ENTRIES_URL, status=400, json=refusal)
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("connect with a full Exact Online user", invoice.exact_error)

    def test_document_that_the_entry_may_not_show_stays_known(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_document(mock)
            self.answer_attachment(mock)
            refusal = error_body("Niet toegestaan: Document")
            mock.post(ENTRIES_URL, status=400, json=refusal)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_outbox_id.document_id.exact_guid, DOCUMENT_GUID)
        self.assertIn("is not linked to the entry", self.problem(invoice))

    def test_rate_limit_keeps_both_back(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            mock.post(
                DOCUMENTS_URL,
                status=429,
                headers={"X-RateLimit-Minutely-Reset": "1773133260000"},
            )
            self.push()
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(invoice.exact_outbox_id.attempts, 0)
        with self.exact() as mock:
            self.answer_all(mock)
            self.push_at("2026-03-10 09:01:00")
        # Surely not taken, so that nothing is looked up.
        self.assertEqual(self.made(), [DOCUMENT, ATTACHMENT, ENTRY])
