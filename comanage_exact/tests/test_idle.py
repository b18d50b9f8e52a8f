import re

import requests

from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import BASE_URL, ENTRIES_URL, error_body
from .common_companies import OTHER_DIVISION, OTHER_URL, OtherCompany
from .common_comparison import ComparisonCommon
from .common_document import (
    ATTACHMENTS_URL,
    DOCUMENT_GUID,
    DOCUMENT_URL,
    DOCUMENTS_URL,
    DocumentCase,
)

CRONS = ("push", "document", "fetch", "care", "comparison")
OTHER_GUID = "66666666-6666-4666-8666-666666666666"


def in_other(url):
    """Return the address of the same resource in the other company's division."""
    return re.sub(r"/v1/\d+/", f"/v1/{OTHER_DIVISION}/", url)


class IdleCase(OtherCompany, CronMixinCase):
    """Runs the scheduled actions for two companies; goes before the other bases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_other_company()
        cls.crons = {
            name: cls.env.ref(f"comanage_exact.ir_cron_exact_{name}").sudo()
            for name in CRONS
        }

    def run_cron(self, name):
        """Run an action, which must not fail.

        :return: names of the actions that it triggered.
        """
        cron = self.crons[name]
        with self.enter_registry_test_mode(), self.capture_triggers() as capture:
            # What it raised is returned, to be shown by the web client.
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()
        self.assertEqual(cron.failure_count, 0)
        triggered = capture.records.cron_id
        return {key for key, cron in self.crons.items() if cron in triggered}

    def assert_rests(self, *names):
        for name in names:
            with self.subTest(name), self.exact():
                self.assertEqual(self.run_cron(name), set())
            self.assertFalse(self.calls, name)


@tagged("post_install", "-at_install")
class TestIdle(IdleCase, DocumentCase):
    """A scheduled action does its work, then rests: no call, no trigger, no failure."""

    def queue_both(self):
        """Queue an invoice of each company, and return both."""
        invoices = self.make_invoice() + self.make_other_invoice()
        invoices.action_exact_send()
        return invoices

    def answer_both(self, mock, **properties):
        self.answer_entry(mock, **properties)
        self.answer_entry(mock, OTHER_URL, EntryID=OTHER_GUID, **properties)

    def book_both(self):
        invoices = self.queue_both()
        with self.exact() as mock:
            self.answer_both(mock)
            self.assertEqual(self.run_cron("push"), set())
        self.assertEqual(invoices.mapped("exact_state"), ["sent", "sent"])
        return invoices

    def refuse_both(self):
        invoices = self.queue_both()
        with self.exact() as mock:
            for url in (ENTRIES_URL, OTHER_URL):
                mock.post(url, status=400, json=error_body("Ongeldig: Dagboek"))
            self.assertEqual(self.run_cron("push"), {"care"})
        self.assertEqual(invoices.mapped("exact_state"), ["failed", "failed"])
        return invoices

    # === NO WORK AT ALL === #

    def test_without_any_invoice(self):
        self.assert_rests("push", "document", "care", "comparison")

    def test_without_a_connection(self):
        self.env["exact.connection"].sudo().search([]).unlink()
        self.assert_rests(*CRONS)

    def test_with_booked_failed_and_held_invoices(self):
        self.book_both()
        self.refuse_both()
        held = self.queue_both()
        held.action_exact_hold()
        # Tells of what failed.
        self.run_cron("care")
        self.assert_rests("push", "document", "care", "comparison")
        self.assertEqual(held.mapped("exact_state"), ["held", "held"])

    # === WORK, THEN NONE LEFT === #

    def test_push(self):
        self.book_both()
        self.assert_rests("push")

    def test_push_that_fails(self):
        self.refuse_both()
        self.assert_rests("push")

    def test_push_that_waits_for_a_new_connection(self):
        invoices = self.queue_both()
        self.env["exact.connection"].sudo().search([]).state = "expired"
        self.assert_rests("push")
        self.assertEqual(invoices.mapped("exact_state"), ["pending", "pending"])

    def make_late_pdfs(self):
        """Return booked invoices whose PDFs were made meanwhile."""
        invoices = self.book_both()
        for invoice in invoices:
            self.make_pdf(invoice)
        return invoices.sudo().exact_outbox_id

    def test_document(self):
        rows = self.make_late_pdfs()
        with self.exact() as mock:
            for url in (DOCUMENTS_URL, in_other(DOCUMENTS_URL)):
                mock.post(url, status=201, json={"d": {"ID": DOCUMENT_GUID}})
            for url in (ATTACHMENTS_URL, in_other(ATTACHMENTS_URL)):
                mock.post(url, status=201, json={"d": {"ID": OTHER_GUID}})
            for url in (DOCUMENT_URL, in_other(DOCUMENT_URL)):
                mock.put(url, status=204)
            self.run_cron("document")
        self.assertEqual(rows.mapped("document_state"), ["done", "done"])
        self.assert_rests("document")

    def test_document_that_finds_no_exact(self):
        rows = self.make_late_pdfs()
        with self.exact() as mock:
            for url in (DOCUMENTS_URL, in_other(DOCUMENTS_URL)):
                mock.post(url, status=401)
            triggered = self.run_cron("document")
        self.assertEqual(triggered, {"document"}, "No invoice waits to be booked")
        self.assertEqual(rows.mapped("document_state"), ["waiting", "waiting"])

    def test_document_that_waits_for_a_new_connection(self):
        rows = self.make_late_pdfs()
        self.env["exact.connection"].sudo().search([]).state = "expired"
        with self.exact():
            # Found, which is said once.
            self.run_cron("document")
        self.assertEqual(rows.mapped("document_state"), ["waiting", "waiting"])
        self.assert_rests("document")

    def test_fetch(self):
        with self.exact() as mock:
            mock.get(re.compile(BASE_URL), json={"d": {"results": []}})
            self.assertEqual(self.run_cron("fetch"), set())
        divisions = {call.request.url.split("/")[5] for call in self.calls}
        self.assertEqual(divisions, {"123456", "222222"})
        self.env["exact.connection"].sudo().search([]).state = "disconnected"
        self.assert_rests("fetch")

    def test_fetch_that_finds_no_exact(self):
        with self.exact() as mock:
            mock.get(re.compile(BASE_URL), body=requests.ConnectTimeout("down"))
            self.assertEqual(self.run_cron("fetch"), set())

    def test_recheck(self):
        taxes = (self.tax_21 + self.other_tax).sudo()
        codes = taxes.mapped("exact_vat_code_id")
        taxes.exact_vat_code_id = False
        invoices = self.queue_both()
        with self.exact():
            self.assertEqual(self.run_cron("push"), {"care"})
        self.assertEqual(set(invoices.mapped("exact_error_kind")), {"check"})
        self.run_cron("care")
        self.assert_rests("care")
        for tax, code in zip(taxes, codes, strict=True):
            tax.exact_vat_code_id = code
        with self.exact():
            self.assertEqual(self.run_cron("care"), {"push"})
        self.assertEqual(invoices.mapped("exact_state"), ["pending", "pending"])
        self.assert_rests("care")


@tagged("post_install", "-at_install")
class TestIdleComparison(IdleCase, ComparisonCommon):
    """The comparison works, then rests."""

    def test_comparison(self):
        mine, theirs = self.make_invoice(), self.make_other_invoice()
        rows = {
            ENTRIES_URL: self.book(mine),
            OTHER_URL: self.book(theirs, OTHER_URL),
        }
        comparisons = self.make_comparison() + self.make_comparison(
            company_id=self.other.id
        )
        comparisons.sudo().state = "fetching"
        with self.exact() as mock:
            for url, row in rows.items():
                mock.get(url, json={"d": {"results": [row]}})
            self.assertEqual(self.run_cron("comparison"), set())
        self.assertEqual(comparisons.mapped("state"), ["done", "done"])
        self.assert_rests("comparison")

    def test_comparison_that_fails(self):
        comparison = self.make_comparison()
        comparison.sudo().state = "fetching"
        with self.exact() as mock:
            mock.get(ENTRIES_URL, status=403, headers={"Reason": "No right"})
            self.assertEqual(self.run_cron("comparison"), set())
        self.assertEqual(comparison.state, "failed")
        self.assert_rests("comparison")
