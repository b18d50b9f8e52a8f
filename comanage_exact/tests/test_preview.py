import re

from lxml.html import document_fromstring

from odoo import fields
from odoo.tests import tagged

from .common import ExactCommon
from .common_customers import OTHER_GUID, CustomersCommon
from .kinds import KindsCommon


def preview_of(test, invoice):
    with test.exact():
        action = invoice.action_exact_preview()
    return test.env[action["res_model"]].browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestPreview(ExactCommon):
    """The booking as Exact will get it, shown before anything is sent."""

    def preview(self, invoice):
        """Return the preview of an invoice; no call leaves for it."""
        return preview_of(self, invoice)

    def problems(self, invoice):
        return (self.preview(invoice).problems or "").splitlines()

    def lines(self, preview):
        return [
            (line.kind, line.debit, line.credit, (line.vat_code or "").split(" ")[0])
            for line in preview.line_ids
        ]

    def test_invoice_is_shown_in_debit_and_credit(self):
        preview = self.preview(self.make_invoice(100, 50))
        self.assertEqual(
            self.lines(preview),
            [
                ("debtor", 181.5, 0, ""),
                ("line", 0, 100, "4"),
                ("line", 0, 50, "4"),
                ("vat", 0, 31.5, ""),
            ],
        )
        self.assertEqual(preview.debit, preview.credit)

    def test_each_line_shows_its_gl_account(self):
        """Those of the debtor and of the VAT are Exact's own choice."""
        lines = self.preview(self.make_invoice()).line_ids
        self.assertEqual(
            [(line.kind, line.gl_account, line.name) for line in lines],
            [
                ("debtor", "", "Deco Addict"),
                ("line", "700000", "Line 1"),
                ("vat", "", "VAT 4 21%"),
            ],
        )

    def test_receivable_and_vat_name_their_accounts_in_odoo(self):
        invoice = self.make_invoice()
        debtor, line, vat = self.preview(invoice).line_ids
        receivable = self.company_data["default_account_receivable"]
        self.assertEqual(debtor.account, receivable.display_name)
        revenue = invoice.invoice_line_ids.account_id
        self.assertEqual(line.account, revenue.display_name)
        taxes = invoice.line_ids.filtered("tax_line_id")
        self.assertEqual(vat.account, taxes.account_id.display_name)

    def test_header_is_that_of_the_entry(self):
        invoice = self.make_invoice()
        preview = self.preview(invoice)
        self.assertEqual(preview.number, "2600001")
        self.assertEqual(preview.reference, invoice.name)
        self.assertEqual(preview.journal, "700 Sales")
        self.assertEqual(preview.entry_date, fields.Date.to_date("2026-03-10"))
        self.assertIn("Deco Addict", preview.customer)
        self.assertFalse(preview.problems)

    def test_credit_note_stands_on_the_other_side(self):
        preview = self.preview(self.make_invoice(move_type="out_refund"))
        self.assertEqual(
            self.lines(preview),
            [
                ("debtor", 0, 121, ""),
                ("line", 100, 0, "4"),
                ("vat", 21, 0, ""),
            ],
        )

    def test_sums_by_gl_account_name_the_accounts_of_odoo(self):
        revenue = self.company_data["default_account_revenue"].sudo()
        expense = self.company_data["default_account_expense"].sudo()
        gl_accounts = self.company.sudo().exact_gl_account_id
        other = gl_accounts.copy({"code": "460000", "name": "Advances"})
        expense.with_company(self.company).exact_gl_account_id = other
        invoice = self.make_invoice(100, 50, -30, post=False)
        invoice.invoice_line_ids[2].account_id = expense
        preview = self.preview(invoice)
        self.assertEqual(
            [
                (one.gl_account, one.accounts, one.debit, one.credit)
                for one in preview.account_ids
            ],
            [
                ("460000 Advances", expense.display_name, 30, 0),
                ("700000", revenue.display_name, 0, 150),
            ],
        )
        self.assertEqual(preview.line_ids[1].account, revenue.display_name)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "comanage_exact.exact_preview_document", preview.ids
        )
        self.assertIn(b"460000 Advances", html)

    def test_account_without_a_gl_account_is_among_the_sums(self):
        expense = self.company_data["default_account_expense"].sudo()
        invoice = self.make_invoice(100, post=False)
        invoice.invoice_line_ids.account_id = expense
        preview = self.preview(invoice)
        self.assertFalse(preview.account_ids.gl_account)
        self.assertEqual(preview.account_ids.accounts, expense.display_name)
        self.assertTrue(preview.line_ids[1].is_missing)
        self.assertIn(expense.code, preview.problems)

    def test_draft_is_shown_as_provisional(self):
        preview = self.preview(self.make_invoice(post=False, invoice_date=False))
        self.assertTrue(preview.is_provisional)
        self.assertFalse(preview.problems)
        self.assertFalse(preview.number)
        self.assertEqual(preview.debit, 121)

    def test_draft_in_another_currency_without_a_date_is_shown(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        invoice = self.make_invoice(
            post=False, invoice_date=False, currency_id=dollar.id
        )
        self.assertEqual(self.preview(invoice).debit, 121)

    def test_draft_tells_that_its_currency_has_no_rate(self):
        invoice = self.make_invoice(
            post=False, invoice_date=False, currency_id=self.make_currency().id
        )
        (problem,) = self.problems(invoice)
        self.assertIn(
            "has no exchange rate on 03/10/2026, the date of Draft Invoice", problem
        )

    def make_currency(self):
        return self.env["res.currency"].sudo().create({"name": "XQQ", "symbol": "Q"})

    def test_preview_tells_all_that_the_push_refuses(self):
        company = self.company.sudo()
        self.customer.sudo().with_context(no_vat_validation=True).vat = "BE0000000001"
        self.tax_21.sudo().exact_vat_code_id = False
        company.exact_gl_account_id = False
        company.exact_journal_id = False
        company.exact_number_suffix = "9999999999"
        invoice = self.make_invoice(currency_id=self.make_currency().id)
        told = self.problems(invoice)
        self.assertEqual(len(told), 6, told)
        invoice.action_exact_send()
        with self.exact():
            self.push()
        # The cron may not read the codes of accounts.
        code = invoice.invoice_line_ids.account_id.code
        refused = [line.replace(f"{code} ", "") for line in told]
        self.assertEqual(invoice.exact_error.splitlines(), refused)

    def test_draft_tells_the_same_but_for_its_number(self):
        self.tax_21.sudo().exact_vat_code_id = False
        self.company.sudo().exact_journal_id = False
        invoice = self.make_invoice(post=False, currency_id=self.make_currency().id)
        told = self.problems(invoice)
        self.assertEqual(len(told), 3, told)
        invoice.action_post()
        name = invoice.name
        self.assertEqual(
            [line.replace(name, "") for line in self.problems(invoice)],
            [re.sub(r"Draft Invoice( \(.*?\))?", "", line) for line in told],
        )

    def test_cancelled_invoice_is_told_not_to_go(self):
        invoice = self.make_invoice(post=False, invoice_date=False)
        invoice.button_cancel()
        preview = self.preview(invoice)
        self.assertIn("Invoice is not a confirmed customer invoice", preview.problems)
        self.assertFalse(preview.is_provisional or preview.number)

    def test_company_that_is_not_connected_is_told(self):
        self.company.sudo().exact_connection_id.state = "expired"
        (problem,) = self.problems(self.make_invoice())
        self.assertIn("is not connected to Exact Online", problem)

    def test_all_problems_are_on_top(self):
        self.tax_21.sudo().exact_vat_code_id = False
        self.company.sudo().write(
            {"exact_journal_id": False, "exact_gl_account_id": False}
        )
        preview = self.preview(self.make_invoice())
        self.assertEqual(len(preview.problems.splitlines()), 3)
        self.assertTrue(preview.line_ids[1].is_missing)

    def test_it_works_before_there_is_a_connection(self):
        company = self.company.sudo()
        company.exact_connection_id.unlink()
        company.write(
            {
                "exact_journal_id": False,
                "exact_gl_account_id": False,
                "exact_division_id": False,
            }
        )
        self.env["exact.vat.code"].sudo().search([]).unlink()
        preview = self.preview(self.make_invoice())
        self.assertEqual((preview.debit, preview.credit), (121, 121))
        self.assertIn("no Exact Online sales journal", preview.problems)

    def test_company_currency_is_shown_beside_another(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        rates = self.env["res.currency.rate"].sudo()
        rates.create(
            {
                "name": "2026-03-01",
                "rate": 1.25,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        for post in (True, False):
            with self.subTest(post=post):
                invoice = self.make_invoice(currency_id=dollar.id, post=post)
                preview = self.preview(invoice)
                self.assertEqual(preview.rate, "0.8")
                self.assertEqual((preview.total_dc, preview.vat_dc), (96.8, 16.8))

    def test_nothing_is_queued_by_looking(self):
        invoice = self.make_invoice()
        self.preview(invoice)
        self.assertFalse(invoice.exact_outbox_id)

    def test_it_prints_with_its_problems(self):
        self.tax_21.sudo().exact_vat_code_id = False
        preview = self.preview(self.make_invoice())
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "comanage_exact.exact_preview_document", preview.ids
        )
        self.assertIn(b"This invoice cannot be booked yet:", html)
        self.assertIn(b"missing", html)
        self.assertEqual(preview.action_print()["report_type"], "qweb-pdf")

    def test_it_prints_number_accounts_codes_and_amounts(self):
        preview = self.preview(self.make_invoice(100, 50))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "comanage_exact.exact_preview_document", preview.ids
        )
        rows = [
            [" ".join(cell.text_content().split()) for cell in row.iter("th", "td")]
            for row in document_fromstring(html).iter("tr")
        ]
        self.assertIn("2600001", sum(rows, []))
        self.assertEqual(
            rows[-6:],
            [
                ["G/L Account", "Description", "VAT Code", "Debit", "Credit"],
                ["Receivable", "Deco Addict", "", "181.50 €", ""],
                ["700000", "Line 1", "4 21%", "", "100.00 €"],
                ["700000", "Line 2", "4 21%", "", "50.00 €"],
                ["VAT", "VAT 4 21%", "", "", "31.50 €"],
                ["Total", "181.50 €", "181.50 €"],
            ],
        )


@tagged("post_install", "-at_install")
class TestPreviewKinds(KindsCommon):
    """What only some bookings have."""

    def print(self, preview):
        report = self.env["ir.actions.report"]
        name = "comanage_exact.exact_preview_document"
        return report._render_qweb_html(name, preview.ids)[0].decode()

    def test_each_vat_code_has_its_vat(self):
        invoice = self.make_lines(
            {"price_unit": 100}, {"price_unit": 50, "tax": self.tax_6}
        )
        lines = preview_of(self, invoice).line_ids
        vat = lines.filtered(lambda line: line.kind == "vat")
        self.assertEqual(vat.mapped("credit"), [21, 3])

    def test_deferred_line_has_its_period(self):
        invoice = self.make_lines({"price_unit": 1200})
        self.assertFalse(preview_of(self, invoice).has_periods)
        self.add_dates("deferred_start_date", "deferred_end_date")
        preview = preview_of(self, invoice)
        line = preview.line_ids.filtered(lambda line: line.kind == "line")
        self.assertEqual(str(line.from_date), "2026-04-01")
        self.assertEqual(str(line.to_date), "2027-03-31")
        self.assertTrue(preview.has_periods)
        self.assertIn("03/31/2027", self.print(preview))

    def test_cost_centre_and_unit_are_shown(self):
        company = self.company.sudo()
        center = self.lists["exact.cost.center"].create({**self.own, "code": "VERK"})
        unit = self.lists["exact.cost.unit"].create({**self.own, "code": "P1"})
        company.write(
            {"exact_cost_center_id": center.id, "exact_cost_unit_id": unit.id}
        )
        company.exact_gl_account_id.write({"use_cost_center": 1, "use_cost_unit": 1})
        preview = preview_of(self, self.make_lines({"price_unit": 10}))
        self.assertEqual(preview.line_ids.mapped("costs"), [False, "VERK / P1", False])
        self.assertTrue(preview.has_costs)
        self.assertIn("VERK / P1", self.print(preview))


@tagged("post_install", "-at_install")
class TestPreviewCustomers(CustomersCommon):
    """Whose account it is."""

    def test_consumer_is_shown_with_the_collective_account(self):
        person = self.partner.create({"name": "Jan Peeters", "is_company": False})
        account = self.add_account(OTHER_GUID, Name="Consumers")
        rules = self.env["exact.collective.rule"].sudo()
        rules.create({"company_id": self.company.id, "account_id": account.id})
        preview = preview_of(self, self.make_invoice(partner_id=person.id))
        self.assertIn("Jan Peeters (", preview.customer)
        self.assertIn("Consumers", preview.customer)
        self.assertFalse(preview.problems)

    def test_doubt_about_the_customer_is_told_and_nothing_decided(self):
        """By the push, which opens the question."""
        account = self.add_account()
        invoice = self.make_invoice()
        told = preview_of(self, invoice).problems
        names = (self.partner.display_name, account.display_name)
        question = "asked whether {} is {}".format(*names)
        self.assertIn(question, told)
        self.assertNotIn("Confirm the match", told)
        self.assertFalse(self.get_match())
        invoice.action_exact_send()
        with self.exact():
            self.push()
        self.assertIn("Customer Matching; the invoices", invoice.exact_error)

    def test_customer_that_is_found_for_sure_is_no_problem(self):
        self.add_account(VATNumber="BE0477472701")
        self.assertFalse(preview_of(self, self.make_invoice()).problems)
        self.assertFalse(self.partner.exact_guid)
