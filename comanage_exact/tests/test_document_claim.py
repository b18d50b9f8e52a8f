import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..sync.documents import DocumentUpload
from .common import ENTRY_GUID
from .common_companies import OtherCompany
from .common_document import (
    ATTACHMENT,
    DOCUMENT,
    DOCUMENT_GUID,
    DOCUMENTS_URL,
    DocumentCase,
)

LATE = "2026-03-10 12:00:00"


class ClaimCase(DocumentCase):
    def make_late(self, invoice=None):
        """Give a booked invoice a PDF that is due; return its document."""
        invoice = invoice or self.queue()
        if invoice.exact_state != "sent":
            self.book(invoice)
        self.make_pdf(invoice)
        outbox = invoice.sudo().exact_outbox_id
        document = outbox.document_id._get_or_create(outbox)
        document._queue()
        return document

    def upload(self, **context):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=SUPERUSER_ID, su=True, context=context)
            env["exact.document"]._cron_upload()

    def take_over(self, document):
        """Claim a document as another worker would, in the midst of a call."""
        self.env.cr.execute(
            "UPDATE exact_document SET claim_number = claim_number + 1 WHERE id = %s",
            [document.id],
        )


@tagged("post_install", "-at_install")
class TestDocumentClaim(ClaimCase):
    """A worker writes the result of a PDF only while it holds the claim it made."""

    def test_claim_stands_before_the_first_call(self):
        document = self.make_late()
        seen = []

        def see(upload, call):
            seen.append((upload.document.state, upload.document.requested))
            return original(upload, call)

        original = DocumentUpload._call
        with patch.object(DocumentUpload, "_call", see), self.exact() as mock:
            self.answer_document(mock, FinancialTransactionEntryID=ENTRY_GUID)
            self.answer_attachment(mock)
            self.upload()
        self.assertEqual(seen, [("uploading", "document"), ("uploading", "attachment")])
        self.assertEqual(document.state, "done")
        self.assertEqual(document.claimed_at, fields.Datetime.now())

    def test_result_is_not_written_once_another_worker_has_the_claim(self):
        document = self.make_late()

        def lose(request):
            self.take_over(document)
            return 201, {}, '{"d": {"ID": "%s"}}' % DOCUMENT_GUID

        with self.exact() as mock:
            mock.add_callback("POST", DOCUMENTS_URL, lose)
            self.upload()
        self.assertEqual(self.made(), [DOCUMENT])
        self.assertFalse(document.exact_guid)
        self.assertEqual(document.requested, "document")
        self.assertEqual(document.state, "uploading")

    def test_no_other_worker_takes_what_is_claimed(self):
        document = self.make_late()
        document._claim()
        with self.exact():
            self.upload()
        self.assertEqual(document.state, "uploading")

    def test_button_leaves_alone_what_is_being_uploaded(self):
        document = self.make_late()
        document.problem = "Something"
        document._claim()
        document.outbox_id.move_id.with_env(self.env).action_exact_send_pdf()
        self.assertEqual(document.state, "uploading")

    def test_claim_of_a_dead_worker_is_looked_up_after_the_lease(self):
        document = self.make_late()
        document._claim()
        document.requested = "document"
        document.claimed_at = "2026-03-10 08:44:00"
        with self.exact() as mock:
            self.find(mock, DOCUMENTS_URL, DOCUMENT_GUID)
            self.answer_attachment(mock)
            mock.put(DOCUMENTS_URL + f"(guid'{DOCUMENT_GUID}')", status=204)
            self.upload()
        self.assertEqual(self.made()[:2], [("GET", "Documents"), ATTACHMENT])
        self.assertEqual((document.state, document.attempts), ("done", 1))

    def test_claim_of_a_dead_worker_ends_with_that_of_its_booking(self):
        invoice = self.queue_with_pdf()
        outbox = invoice.sudo().exact_outbox_id
        document = outbox.document_id._get_or_create(outbox)
        document._claim()
        with self.exact() as mock:
            self.answer_all(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual((document.state, document.claim_number), ("done", 2))

    def test_entry_does_not_go_once_another_worker_has_its_pdf(self):
        invoice = self.queue_with_pdf()
        outbox = invoice.sudo().exact_outbox_id
        document = outbox.document_id._get_or_create(outbox)

        def lose(request):
            self.take_over(document)
            return 201, {}, '{"d": {"ID": "%s"}}' % DOCUMENT_GUID

        with self.exact() as mock:
            mock.add_callback("POST", DOCUMENTS_URL, lose)
            self.push()
        self.assertEqual(self.made(), [DOCUMENT])
        # Whoever has it writes what became of it.
        self.assertEqual(invoice.exact_state, "sending")


@tagged("post_install", "-at_install")
class TestDocumentTurns(OtherCompany, CronMixinCase, ClaimCase):
    """PDFs go as fast as Exact takes them, and each company has its turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()

    def make_done(self, invoice, guid):
        """Give an invoice a PDF that is due, as if it were booked."""
        invoice.sudo()._exact_queue(fields.Datetime.now(), "button")
        outbox = invoice.sudo().exact_outbox_id
        outbox.write(
            {
                "state": "sent",
                "attempts": 1,
                "exact_guid": guid,
                "request": {"Customer": "11111111-1111-4111-8111-111111111111"},
            }
        )
        return self.make_late(invoice)

    def test_each_company_is_served_within_as_many_runs(self):
        branch = self.company.sudo().create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.cr.precommit.run()
        self.env.user.sudo().company_ids += branch
        ours = [self.make_done(self.make_invoice(), f"a{index}") for index in range(3)]
        other = self.make_done(self.make_other_invoice(), "b")
        third = self.make_invoice(post=False, company_id=branch.id)
        third.action_post()
        third = self.make_done(third, "c")
        served = []

        def follow(upload):
            served.append(upload.outbox.company_id.id)
            upload.document._claim()

        with patch.object(DocumentUpload, "follow", follow):
            for _run in range(3):
                # The time of the run is over before it begins.
                self.upload(cron_end_time=time.monotonic())
        self.assertEqual(len(served), 3)
        companies = ours[0].company_id + other.company_id + third.company_id
        self.assertEqual({*served}, {*companies.ids})

    def test_what_is_left_is_told_so_that_the_cron_goes_on_at_once(self):
        for index in range(3):
            self.make_done(self.make_invoice(), f"a{index}")
        told = []

        def commit(cron, processed=0, *, remaining=None):
            if remaining is not None:
                told.append(remaining)

        crons = type(self.env["ir.cron"])
        with (
            patch.object(crons, "_commit_progress", commit),
            patch.object(DocumentUpload, "follow", lambda upload: None),
        ):
            self.upload(cron_end_time=time.monotonic())
        self.assertEqual(told, [3, 2])

    def test_used_up_calls_bring_it_back_the_moment_they_are_there(self):
        document = self.make_done(self.make_invoice(), "a")
        cron = self.cron_documents.id
        with self.exact() as mock, self.capture_triggers(cron) as capture:
            mock.post(
                DOCUMENTS_URL,
                status=429,
                headers={
                    "X-RateLimit-Minutely-Remaining": "0",
                    "X-RateLimit-Minutely-Reset": "1773133260000",
                },
            )
            self.upload()
        self.assertEqual(document.state, "waiting")
        self.assertFalse(document.requested)
        self.assertEqual(len(capture.records), 1)
        self.assertGreater(capture.records.call_at, fields.Datetime.now())
