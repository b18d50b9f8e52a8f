import json

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..mappers.sales_entry import SalesEntryMapper
from ..sync.documents import get_pdf
from .common import DIVISION, ENTRIES_URL, ExactCommon, problem_texts


@tagged("post_install", "-at_install")
class TestBranches(ExactCommon):
    """A branch books with the nearest company above it that is connected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.add_branch("Branch Gent", cls.company)
        cls.shop = cls.add_branch("Shop Gent", cls.branch)
        # Odoo loads their chart when the transaction ends.
        cls.cr.precommit.run()
        cls.env.user.sudo().company_ids += cls.branch + cls.shop

    @classmethod
    def add_branch(cls, name, parent):
        companies = cls.env["res.company"].sudo()
        return companies.create(
            {
                "name": name,
                "parent_id": parent.id,
                "country_id": parent.country_id.id,
            }
        )

    def make_branch_invoice(self, company, **values):
        invoice = self.make_invoice(post=False, company_id=company.id, **values)
        self.assertEqual(invoice.company_id, company)
        invoice.action_post()
        return invoice

    def give_division(self, company, code):
        """Connect a branch to an administration of its own."""
        self._set_up_connection(company.sudo(), code)
        journal = self.env["exact.journal"].sudo()
        company.sudo().exact_journal_id = journal.create(
            {"company_id": company.id, "code": "71", "name": "Sales of the branch"}
        )

    def test_nearest_connected_company_above_is_used(self):
        self.assertEqual(self.company.sudo().exact_owner_id, self.company)
        self.assertEqual(self.shop.sudo().exact_owner_id, self.company)
        self.give_division(self.branch, 654321)
        self.assertEqual(self.branch.sudo().exact_owner_id, self.branch)
        self.assertEqual(self.shop.sudo().exact_owner_id, self.branch)
        self.assertEqual(self.company.sudo().exact_owner_id, self.company)

    def test_nobody_connected_above_is_not_ready(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        lonely = self.add_branch("Lonely", other)
        self.assertEqual(lonely.sudo().exact_owner_id, lonely)
        self.assertFalse(lonely.sudo().exact_owner_id._exact_is_ready())

    def test_invoice_of_a_branch_is_booked_with_the_settings_above(self):
        self.make_known()
        invoice = self.make_branch_invoice(self.shop)
        self.assertTrue(invoice.is_exact_sendable)
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent", invoice.exact_error)
        self.assertTrue(self.calls[0].request.url.startswith(ENTRIES_URL))
        body = json.loads(self.calls[0].request.body)
        self.assertEqual(body["Journal"], "700")

    def test_branch_and_parent_share_the_customer_in_exact(self):
        invoices = self.make_invoice() + self.make_branch_invoice(self.branch)
        invoices.action_exact_send()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoices.mapped("exact_state"), ["sent", "sent"])
        self.assertEqual(len(self.calls), 3, "One customer, two entries")

    def test_trigger_delay_and_start_date_come_from_above(self):
        settings = self.company.sudo()
        settings.write({"exact_trigger": "posted", "exact_delay": 7})
        self.branch.sudo().write({"exact_trigger": "manual", "exact_delay": 99})
        invoice = self.make_branch_invoice(self.branch)
        self.assertEqual(str(invoice.exact_scheduled_at), "2026-03-10 09:07:00")
        settings.exact_start_date = "2027-01-01"
        self.assertFalse(self.make_branch_invoice(self.branch).exact_state)

    def test_customer_switched_off_in_the_branch_or_above_stays(self):
        self.company.sudo().exact_trigger = "posted"
        for company in (self.branch, self.company):
            customer = self.customer.sudo().with_company(company)
            customer.exact_manual_only = True
            self.assertFalse(self.make_branch_invoice(self.branch).exact_state)
            customer.exact_manual_only = False
        self.assertEqual(self.make_branch_invoice(self.branch).exact_state, "pending")

    def test_branch_with_its_own_division_is_apart(self):
        self.give_division(self.branch, 654321)
        self.make_known()
        invoice = self.make_branch_invoice(self.branch)
        self.assertEqual(SalesEntryMapper(invoice).journal.code, "71")
        partner = self.customer.sudo().with_company(SalesEntryMapper(invoice).company)
        self.assertFalse(partner.exact_guid, "The ID is one of the parent's division")
        # The tax of the parent carries a VAT code of the parent's division.
        self.assertIn("does not match", "".join(problem_texts(invoice)))

    def test_tax_and_journal_of_a_branch_take_codes_from_above(self):
        own_tax = self.tax_21.sudo().copy(
            {
                "company_id": self.branch.id,
                "name": "21% Gent",
                "exact_vat_code_id": self.vat_code_21.id,
            }
        )
        invoice = self.make_branch_invoice(self.branch, tax=own_tax)
        self.assertFalse(problem_texts(invoice))

    def test_branch_taxes_are_mapped_with_the_codes_above(self):
        own_tax = self.tax_21.sudo().copy(
            {"company_id": self.branch.id, "name": "21% Gent"}
        )
        self.assertFalse(own_tax.exact_vat_code_id)
        own_tax._exact_map(self.company)
        self.assertEqual(own_tax.exact_vat_code_id, self.vat_code_21)

    def test_user_of_the_branch_alone_sends_and_reads_the_codes(self):
        clerk = new_test_user(
            self.env(su=True),
            login="clerk of the branch",
            groups="account.group_account_invoice",
            company_id=self.branch.id,
            company_ids=self.branch.ids,
        )
        invoice = self.make_branch_invoice(self.branch)
        invoice.with_user(clerk).with_company(self.branch).action_exact_send()
        self.assertEqual(invoice.exact_state, "pending")
        codes = self.env["exact.vat.code"].with_user(clerk).with_company(self.branch)
        self.assertIn(self.vat_code_21, codes.search([]))

    def test_clash_between_branch_and_parent_is_found(self):
        revenue = self.company_data["default_account_revenue"]
        journal = self.company_data["default_journal_sale"].sudo()
        own = journal.copy({"code": "GENT", "default_account_id": revenue.id})
        self.make_invoice(journal_id=journal.id)
        self.make_branch_invoice(self.branch, journal_id=own.id)
        company = self.company.sudo()
        company.invalidate_recordset()
        self.assertFalse(company.exact_number_warning)
        own.exact_number_prefix = False
        company.invalidate_recordset()
        self.assertRegex(
            company.exact_number_warning,
            "(GENT|INV)/2026/00001 and (GENT|INV)/2026/00001 would both get",
        )

    def test_division_of_a_branch_waits_for_what_is_on_its_way(self):
        invoice = self.make_branch_invoice(self.branch)
        invoice.action_exact_send()
        invoice.sudo().exact_outbox_id._transition("sending")
        with self.assertRaisesRegex(UserError, "being sent"):
            self.give_division(self.branch, 654321)

    def test_one_paused_connection_holds_its_branches_and_nobody_else(self):
        self.make_known()
        invoices = self.make_branch_invoice(self.branch) + self.make_invoice()
        invoices.action_exact_send()
        self.company.sudo().exact_connection_id.paused_until = "2026-03-10 10:00:00"
        with self.exact():
            self.push()
        self.assertEqual(invoices.mapped("exact_state"), ["pending", "pending"])

    def test_entry_of_a_branch_is_looked_for_in_its_own_division(self):
        self.give_division(self.branch, 654321)
        invoice = self.make_branch_invoice(self.branch)
        link = self.env["exact.link"].browse(invoice.action_exact_link()["res_id"])
        url = ENTRIES_URL.replace(str(DIVISION), "654321")
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.get(url, json={"d": {"results": []}})
            link.action_find()
        self.assertTrue(link.is_looked)

    def test_pdf_of_a_branch_goes_as_the_company_above_wants(self):
        invoice = self.make_branch_invoice(self.branch)
        invoice.action_exact_send()
        values = {
            "name": "invoice.pdf",
            "res_model": "account.move",
            "res_id": invoice.id,
            "res_field": "invoice_pdf_report_file",
            "raw": b"%PDF-1.4",
        }
        pdf = self.env(su=True)["ir.attachment"].create(values)
        outbox = invoice.sudo().exact_outbox_id
        self.branch.sudo().exact_send_pdf = False
        self.assertEqual(get_pdf(outbox), pdf)
        self.company.sudo().exact_send_pdf = False
        self.assertFalse(get_pdf(outbox))
