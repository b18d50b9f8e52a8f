from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import CUSTOMER_GUID, ENTRY_GUID, ExactCommon

INVOICES = "action-account.action_move_out_invoice_type"
PROBLEMS = "action-comanage_exact.exact_outbox_problem_action"
BOOKINGS = "action-comanage_exact.exact_outbox_action"
FIX = "action-comanage_exact.exact_fix_action"
SENTENCE = "Tax 21% test has no Exact Online VAT code. Choose one on the tax."


@tagged("post_install", "-at_install")
class TestToursDaily(ExactCommon, HttpCase):
    """A bookkeeper and a clerk with invoices, in a real browser."""

    is_frozen = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_known()
        cls.bookkeeper = cls.make_user("bookkeeper", "account.group_account_manager")
        cls.clerk = cls.make_user("clerk", "account.group_account_invoice")

    def make_queued(self):
        invoice = self.make_invoice(invoice_date=fields.Date.today())
        invoice._exact_queue(fields.Datetime.now() + timedelta(minutes=60), "sent")
        return invoice, invoice.sudo().exact_outbox_id

    def make_failed(self):
        self.tax_21.sudo().exact_vat_code_id = False
        invoice, outbox = self.make_queued()
        outbox._fail("check", SENTENCE)
        return invoice, outbox

    def open(self, path, tour, login="bookkeeper"):
        self.start_tour(f"/odoo/{path}", tour, login=login)
        self.env.invalidate_all()

    # === STRIP === #

    def test_scheduled_invoice_is_held_released_and_booked_now(self):
        invoice, outbox = self.make_queued()
        self.open(f"{INVOICES}/{invoice.id}", "exact_strip_scheduled")
        self.assertEqual(outbox.state, "pending")
        self.assertLessEqual(outbox.scheduled_at, fields.Datetime.now())
        self.assertEqual(outbox.user_id, self.bookkeeper)

    def test_invoice_that_is_left_out_is_booked_now(self):
        invoice = self.make_invoice(invoice_date="2025-12-31")
        self.open(f"{INVOICES}/{invoice.id}", "exact_strip_left_out")
        self.assertEqual(invoice.exact_state, "pending")

    def test_booked_invoice_leads_to_its_entry(self):
        invoice, outbox = self.make_queued()
        outbox.state = "sending"
        outbox.attempts = 1
        outbox._note_booked(ENTRY_GUID, 2600017, "700", "")
        document = outbox.document_id._get_or_create(outbox)
        document.view_url = "https://start.exactonline.be/docs/DocViewContent.aspx"
        self.open(f"{INVOICES}/{invoice.id}", "exact_strip_booked")

    def test_entry_that_differs_or_is_gone_is_left_as_it_is(self):
        for finding, text in (("differs", "The total differs."), ("deleted", "Gone.")):
            with self.subTest(finding=finding):
                invoice, outbox = self.make_queued()
                outbox.state = "sending"
                guid = f"{invoice.id:08}{ENTRY_GUID[8:]}"
                outbox._note_booked(guid, invoice.id, "700", "")
                outbox._note_finding(finding, text)
                self.open(f"{INVOICES}/{invoice.id}", f"exact_strip_{finding}")
                self.assertTrue(outbox.is_accepted)

    def test_reset_of_a_booked_invoice_asks_first(self):
        invoice, outbox = self.make_queued()
        outbox.state = "sending"
        outbox._note_booked(ENTRY_GUID, 2600017, "700", "")
        self.open(f"{INVOICES}/{invoice.id}", "exact_reset_asked")
        self.assertEqual(invoice.state, "draft")

    # === FIX === #

    def test_fix_leads_to_the_tax_from_the_invoice_the_list_and_the_booking(self):
        invoice, outbox = self.make_failed()
        self.open(f"{INVOICES}/{invoice.id}", "exact_fix_invoice")
        self.open(PROBLEMS, "exact_fix_list")
        self.open(f"{BOOKINGS}/{outbox.id}", "exact_fix_booking")
        self.open(f"exact.outbox/{outbox.id}/{FIX}", "exact_fix_link")

    def test_one_fix_for_all_that_are_selected(self):
        self.make_failed()
        self.make_failed()
        self.open(PROBLEMS, "exact_fix_selected")

    def test_set_up_is_reached_by_its_address_and_by_the_link_of_an_activity(self):
        administrator = self.make_user("administrator", "base.group_system")
        company = self.company.with_user(administrator)
        setup = company.env["exact.setup"]._get_or_create(company)
        setup.shown_step = "mapping"
        login = administrator.login
        address = "action-comanage_exact.exact_setup_action"
        self.open(address, "exact_setup_list", login=login)
        company.sudo().exact_connection_id.login_id.state = "expired"
        path = f"exact.setup/{setup.id}/action-comanage_exact.exact_setup_fix_action"
        self.open(path, "exact_setup_link", login=login)
        self.assertEqual(setup.shown_step, "connection")

    def test_clerk_asks_for_the_fix(self):
        invoice, _outbox = self.make_failed()
        self.open(f"{INVOICES}/{invoice.id}", "exact_fix_ask", login="clerk")
        activity = invoice.sudo().activity_ids
        self.assertIn(self.clerk.name, activity.summary)
        self.assertIn("has no Exact Online VAT code", activity.note)

    def test_customer_to_be_matched_leads_to_the_question(self):
        system = self.env(su=True)
        self.customer.sudo().with_company(self.company).exact_guid = False
        own = {"company_id": self.company.id}
        account = system["exact.account"].create(
            {**own, "exact_guid": CUSTOMER_GUID, "name": "Deco", "status": "C"}
        )
        match = system["exact.match"].create({**own, "partner_id": self.customer.id})
        system["exact.match.candidate"].create(
            {"match_id": match.id, "account_id": account.id}
        )
        invoice, outbox = self.make_queued()
        outbox._fail("customer", "Deco Addict may already exist in Exact Online.")
        path = f"{INVOICES}/{invoice.id}"
        self.open(path, "exact_fix_match", login="clerk")

    # === WITHOUT RELOADING === #

    def test_list_follows_what_happens(self):
        self.make_queued()
        self.open(INVOICES, "exact_list_refreshed")
