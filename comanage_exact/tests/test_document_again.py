from datetime import timedelta
from unittest.mock import patch

import requests

from odoo.tests import tagged

from ..sync.alerts import Alerts
from .common import CUSTOMER_GUID, ENTRIES_URL, ENTRY_GUID, error_body
from .common_document import (
    ATTACHMENT,
    ATTACHMENT_GUID,
    ATTACHMENTS_URL,
    DOCUMENT,
    DOCUMENT_GUID,
    DOCUMENT_URL,
    DOCUMENTS_URL,
    LOST,
    PDF,
    SCOPE,
    DocumentCase,
)

ENTRY_URL = f"{ENTRIES_URL}(guid'{ENTRY_GUID}')"


@tagged("post_install", "-at_install")
class TestDocumentAgain(DocumentCase):
    """What was lost or refused is tried again, and nothing is there twice."""

    def lose_document(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            mock.post(DOCUMENTS_URL, body=LOST)
            self.answer_entry(mock)
            self.push()
        self.assert_goes_without(invoice, "retry automatically", state="waiting")
        # What a test tries next shall not wait for that.
        self.env.invalidate_all()
        connection = self.company.sudo().exact_connection_id
        connection.write({"pdf_failures": 0, "pdf_paused_until": False})
        return invoice

    def test_entry_goes_at_once_while_pdfs_get_no_answers(self):
        first, second = self.queue_with_pdf(), self.queue_with_pdf()
        with self.exact() as mock:
            mock.assert_all_requests_are_fired = False
            mock.post(DOCUMENTS_URL, body=LOST)
            self.answer_entry(mock)
            self.answer_entry(mock, EntryID=f"9{ENTRY_GUID[1:]}", EntryNumber=26002)
            self.push()
        self.env.invalidate_all()
        self.assertEqual([one.exact_state for one in first + second], ["sent"] * 2)
        # The second one was not even tried.
        self.assertEqual(len(self.bodies(DOCUMENTS_URL)), 1)
        connection = self.company.sudo().exact_connection_id
        row = second.exact_outbox_id.document_id.sudo()
        self.assertEqual(
            (row.state, row.due_at), ("waiting", connection.pdf_paused_until)
        )

    def test_lost_document_is_left_alone_for_two_minutes(self):
        self.lose_document()
        with self.exact():
            self.send_documents_at("2026-03-10 09:01:59")

    def test_lost_document_is_found_and_linked(self):
        invoice = self.lose_document()
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL, DOCUMENT_GUID)
            self.answer_attachment(mock)
            mock.put(DOCUMENT_URL, status=204)
            self.send_documents_at("2026-03-10 09:02:00")
        (look_up, _upload, _link) = [call.request.url for call in self.calls]
        self.assertIn("Subject+eq+%27INV%2F2026%2F00001%27", look_up)
        self.assertIn(f"Account+eq+guid%27{CUSTOMER_GUID}%27", look_up)
        self.assertIn("Type+eq+10", look_up)
        self.assertEqual(
            self.bodies(DOCUMENT_URL), [{"FinancialTransactionEntryID": ENTRY_GUID}]
        )
        self.assert_done(invoice)

    def test_document_that_never_arrived_is_made_with_its_entry(self):
        invoice = self.lose_document()
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL)
            self.answer_document(mock, FinancialTransactionEntryID=ENTRY_GUID)
            self.answer_attachment(mock)
            self.send_documents_at("2026-03-10 09:02:00")
        self.assertEqual(
            self.bodies(DOCUMENTS_URL)[0]["FinancialTransactionEntryID"], ENTRY_GUID
        )
        self.assert_done(invoice)

    def test_entry_that_takes_no_new_document_is_linked_afterwards(self):
        invoice = self.lose_document()
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL)
            mock.post(DOCUMENTS_URL, status=400, json=error_body("Niet toegestaan"))
            self.answer_document(mock, FinancialTransactionEntryID=None)
            self.answer_attachment(mock)
            mock.put(DOCUMENT_URL, status=204)
            self.send_documents_at("2026-03-10 09:02:00")
        self.assert_done(invoice)

    def test_refused_link_says_where_the_pdf_is(self):
        invoice = self.lose_document()
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL, DOCUMENT_GUID)
            self.answer_attachment(mock)
            refusal = error_body("Periode is afgesloten: 2026 - 3")
            mock.put(DOCUMENT_URL, status=400, json=refusal)
            mock.put(ENTRY_URL, status=400, json=refusal)
            self.send_documents_at("2026-03-10 09:02:00")
        self.assertIn("is not linked to the entry", self.problem(invoice))
        self.assertEqual(invoice.exact_outbox_id.document_state, "refused")

    def test_entry_that_takes_no_link_is_told_itself(self):
        invoice = self.lose_document()
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL, DOCUMENT_GUID)
            self.answer_attachment(mock)
            mock.put(DOCUMENT_URL, status=400, json=error_body("Niet toegestaan"))
            mock.put(ENTRY_URL, status=204)
            self.send_documents_at("2026-03-10 09:02:00")
        self.assertEqual(self.bodies(ENTRY_URL), [{"Document": DOCUMENT_GUID}])
        self.assert_done(invoice)

    def test_document_that_is_gone_is_made_anew(self):
        invoice = self.lose_attachment()
        with self.exact() as mock:
            self.find(mock, ATTACHMENTS_URL)
            refusal = error_body("Ongeldige referentie: Document")
            mock.post(ATTACHMENTS_URL, status=400, json=refusal)
            self.send_documents_at("2026-03-10 09:02:00")
        self.assertIn("click Send PDF", self.problem(invoice))
        invoice.action_exact_send_pdf()
        with self.exact() as mock:
            self.answer_document(mock, FinancialTransactionEntryID=ENTRY_GUID)
            self.answer_attachment(mock)
            self.send_documents_at("2026-03-10 09:05:00")
        self.assert_done(invoice)

    def lose_attachment(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            self.answer_document(mock)
            mock.post(ATTACHMENTS_URL, body=LOST)
            self.answer_entry(mock, Document=DOCUMENT_GUID)
            self.push()
        # The document is known, so that the entry shows it already.
        self.assertEqual(self.bodies(ENTRIES_URL)[0]["Document"], DOCUMENT_GUID)
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(invoice.exact_outbox_id.document_state, "waiting")
        return invoice

    def test_lost_attachment_is_found_and_not_sent_twice(self):
        invoice = self.lose_attachment()
        with self.exact() as mock:
            self.find(mock, ATTACHMENTS_URL, ATTACHMENT_GUID)
            self.send_documents_at("2026-03-10 09:02:00")
        url = self.calls[0].request.url
        self.assertIn(f"Document+eq+guid%27{DOCUMENT_GUID}%27", url)
        self.assertIn("FileName+eq+%27INV_2026_00001.pdf%27", url)
        self.assert_done(invoice)

    def test_attachment_that_never_arrived_is_all_that_is_sent_again(self):
        invoice = self.lose_attachment()
        with self.exact() as mock:
            self.find(mock, ATTACHMENTS_URL)
            self.answer_attachment(mock)
            self.send_documents_at("2026-03-10 09:02:00")
        self.assertEqual(self.uploaded["Attachment"], PDF)
        self.assertEqual(self.made(), [("GET", "DocumentAttachments"), ATTACHMENT])
        self.assert_done(invoice)

    def test_pdf_waits_longer_each_time_and_never_gives_up(self):
        invoice = self.lose_document()
        outbox = invoice.exact_outbox_id
        self.assertFalse(self.find_alerts())
        for minutes in (5, 15, 60, 240, 240, 240):
            due_at = outbox.document_due_at
            with self.exact() as mock:
                mock.get(DOCUMENTS_URL, body=requests.ConnectTimeout("down"))
                self.send_documents_at(str(due_at))
            self.env.invalidate_all()
            self.assertEqual(outbox.document_state, "waiting")
            waited = outbox.document_due_at - due_at
            self.assertEqual(waited, timedelta(minutes=minutes))
        self.assertIn("after 7 attempts", self.problem(invoice))
        self.assertIn("after 7 attempts", self.find_alerts().note)
        # The button looks first: nobody knows yet whether it arrived.
        invoice.action_exact_send_pdf()
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL, DOCUMENT_GUID)
            self.answer_attachment(mock)
            mock.put(DOCUMENT_URL, status=204)
            self.send_documents_at("2026-03-11 08:00:00")
        self.assert_done(invoice)
        self.assertFalse(self.find_alerts())

    def find_alerts(self):
        Alerts(self.env(su=True)).sync()
        activities = self.env["mail.activity"].sudo()
        return activities.search([("exact_cause", "!=", False)])

    def test_pdfs_that_get_no_answers_take_turns_and_hold_up_no_invoice(self):
        invoices = [self.lose_document() for _index in range(3)]
        connection = self.company.sudo().exact_connection_id
        moments = ("09:02:00", "09:02:30", "09:03:00", "09:05:00", "09:09:59")
        made = []
        for moment in moments:
            with self.exact() as mock:
                mock.assert_all_requests_are_fired = False
                mock.get(DOCUMENTS_URL, body=requests.ConnectTimeout("down"))
                self.send_documents_at(f"2026-03-10 {moment}")
            self.env.invalidate_all()
            made.append(len(self.calls))
        # One is tried after a minute, after two, and then every five.
        self.assertEqual(made, [1, 0, 1, 1, 0])
        rows = [invoice.exact_outbox_id.document_id for invoice in invoices]
        self.assertEqual([row.sudo().attempts for row in rows], [2, 2, 2])
        self.assertFalse(connection.paused_until)
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL, DOCUMENT_GUID)
            self.answer_attachment(mock)
            mock.put(DOCUMENT_URL, status=204)
            self.send_documents_at("2026-03-10 09:10:00")
        self.env.invalidate_all()
        self.assertEqual({row.sudo().state for row in rows}, {"done"})
        self.assertFalse(connection.pdf_failures or connection.pdf_paused_until)

    def test_rate_limit_of_later_uploads_does_not_pause_the_invoices(self):
        invoice = self.lose_document()
        connection = self.company.sudo().exact_connection_id
        with (
            self.exact(),
            patch(
                "odoo.addons.comanage_exact.exact_api.rate_limits.CALLS_PER_MINUTE", 20
            ),
        ):
            self.send_documents_at("2026-03-10 09:02:00")
            self.env.invalidate_all()
        self.assertEqual(invoice.exact_outbox_id.document_state, "waiting")
        self.assertFalse(connection.paused_until)

    # === LATER === #

    def test_pdf_made_after_the_booking_follows(self):
        invoice = self.queue()
        self.book(invoice)
        pdf = {"pdf_attachment_values": self.pdf_values(invoice)}
        send = self.env["account.move.send"]
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        send._link_invoice_documents({invoice: pdf})
        self.assertEqual(triggers.search([]).cron_id, self.cron_documents.sudo())
        with self.exact() as mock:
            self.answer_document(mock, FinancialTransactionEntryID=ENTRY_GUID)
            self.answer_attachment(mock)
            self.send_documents_at("2026-06-10 09:00:00")
        self.assertEqual(self.made(), [DOCUMENT, ATTACHMENT])
        self.assertEqual(invoice.exact_outbox_id.document_state, "done")

    def pdf_values(self, invoice):
        return {
            "name": "INV_2026_00001.pdf",
            "res_model": "account.move",
            "res_id": invoice.id,
            "res_field": "invoice_pdf_report_file",
            "raw": PDF,
        }

    def test_pdf_made_while_the_entry_was_on_its_way_is_found(self):
        invoice = self.queue()
        self.book(invoice)
        self.make_pdf(invoice)
        with self.exact() as mock:
            self.answer_document(mock, FinancialTransactionEntryID=ENTRY_GUID)
            self.answer_attachment(mock)
            self.send_documents_at("2026-03-10 09:05:00")
        self.assert_done(invoice)

    def test_button_tries_again_once_the_right_is_there(self):
        invoice = self.queue_with_pdf()
        with self.exact() as mock:
            mock.post(DOCUMENTS_URL, status=403, json=SCOPE)
            self.answer_entry(mock)
            self.push()
        invoice.action_exact_send_pdf()
        with self.exact() as mock:
            self.answer_document(mock, FinancialTransactionEntryID=ENTRY_GUID)
            self.answer_attachment(mock)
            self.send_documents_at("2026-03-10 09:05:00")
        self.assert_done(invoice)

    def test_switched_off_meanwhile_nothing_more_is_tried_or_told(self):
        invoice = self.lose_document()
        self.company.sudo().exact_send_pdf = False
        with self.exact():
            self.send_documents_at("2026-03-10 09:02:00")
        self.assertFalse(self.problem(invoice))
        self.assertFalse(invoice.exact_outbox_id.document_state)
