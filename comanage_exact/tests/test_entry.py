from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..exact_api import bodies
from ..mappers.sales_entry import SalesEntryMapper
from .common import CUSTOMER_GUID, GL_GUID, ExactCommon, problem_texts


@tagged("post_install", "-at_install")
class TestEntry(ExactCommon):
    """From an invoice to the body that leaves, compared whole."""

    def body(self, invoice):
        self.assertEqual(problem_texts(invoice), [])
        entry = SalesEntryMapper(invoice).entry(CUSTOMER_GUID)
        return bodies.sales_entry(entry)

    def line(self, amount, vat_amount, name="Line 1", **values):
        return {
            "GLAccount": GL_GUID,
            "Description": name,
            "AmountFC": amount,
            "VATCode": "4",
            "VATAmountFC": vat_amount,
            **values,
        }

    def test_invoice(self):
        invoice = self.make_invoice(100, 50.5, invoice_date_due="2026-04-09")
        self.assertEqual(
            self.body(invoice),
            {
                "Journal": "700",
                "Customer": CUSTOMER_GUID,
                "EntryNumber": 2600001,
                "EntryDate": "2026-03-10",
                "DueDate": "2026-04-09",
                "YourRef": "INV/2026/00001",
                "Description": "INV/2026/00001 Deco Addict",
                "Currency": "EUR",
                "PaymentReference": invoice.payment_reference,
                "SalesEntryLines": [
                    self.line(100.0, 21.0),
                    self.line(50.5, 10.61, "Line 2"),
                ],
            },
        )

    def test_credit_note_is_negative(self):
        refund = self.make_invoice(100, 0, move_type="out_refund")
        body = self.body(refund)
        self.assertEqual(
            body["SalesEntryLines"],
            [self.line(-100.0, -21.0)],
        )
        self.assertNotIn("-0.0", str(body))

    def test_credit_note_has_another_number_than_the_invoice(self):
        self.assertTrue(self.make_invoice().journal_id.refund_sequence)
        refund = self.make_invoice(move_type="out_refund")
        self.assertEqual(refund.name, "RINV/2026/00001")
        self.assertEqual(self.body(refund)["EntryNumber"], 26900001)

    def test_credit_note_of_the_same_sequence_has_the_same_prefix(self):
        self.company_data["default_journal_sale"].sudo().refund_sequence = False
        self.make_invoice()
        refund = self.make_invoice(move_type="out_refund")
        self.assertEqual(self.body(refund)["EntryNumber"], 2600002)

    def test_foreign_currency_has_odoos_rate(self):
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2026-03-10",
                "rate": 1.25,
            }
        )
        body = self.body(self.make_invoice(100, currency_id=dollar.id))
        self.assertEqual((body["Currency"], body["Rate"]), ("USD", 0.8))
        self.assertEqual(body["SalesEntryLines"], [self.line(100.0, 21.0)])

    def test_cents_of_global_rounding_are_spread_as_in_the_ledger(self):
        self.company.sudo().tax_calculation_rounding_method = "round_globally"
        invoice = self.make_invoice(0.02, 0.02, 0.02)
        entry = SalesEntryMapper(invoice).entry(CUSTOMER_GUID)
        vat = sum(invoice.line_ids.filtered("tax_line_id").mapped("credit"))
        self.assertEqual(float(entry.vat_total), vat)
        self.assertEqual(float(entry.total), invoice.amount_total)

    def test_tax_included_in_price(self):
        self.tax_21.price_include_override = "tax_included"
        invoice = self.make_invoice(21.53, 21.53)
        entry = SalesEntryMapper(invoice).entry(CUSTOMER_GUID)
        self.assertEqual(entry.total, Decimal("43.06"))
        self.assertEqual(float(entry.vat_total), invoice.amount_tax)

    def test_discount_and_notes(self):
        invoice = self.make_invoice(post=False)
        invoice.invoice_line_ids.discount = 12.5
        invoice.invoice_line_ids = [
            Command.create({"display_type": "line_note", "name": "Thanks"}),
            Command.create({"display_type": "line_section", "name": "Part"}),
        ]
        invoice.action_post()
        self.assertEqual(
            self.body(invoice)["SalesEntryLines"], [self.line(87.5, 18.38)]
        )

    def test_own_account_journal_and_term_go_before_the_defaults(self):
        own = {"company_id": self.company.id}
        guid = GL_GUID.replace("2", "4")
        create = self.env(su=True)
        gl_account = create["exact.gl.account"].create(
            {**own, "code": "701000", "exact_guid": guid, "is_bookable": True}
        )
        journal = create["exact.journal"].create({**own, "code": "71"})
        condition = create["exact.payment.condition"].create({**own, "code": "30"})
        invoice = self.make_invoice(post=False)
        account = invoice.invoice_line_ids.account_id
        account.sudo().with_company(self.company).exact_gl_account_id = gl_account
        invoice.journal_id.sudo().exact_journal_id = journal
        invoice.invoice_payment_term_id = self.env.ref(
            "account.account_payment_term_immediate"
        )
        term = invoice.invoice_payment_term_id.sudo().with_company(self.company)
        term.exact_payment_condition_id = condition
        invoice.action_post()
        body = self.body(invoice)
        self.assertEqual(body["Journal"], "71")
        self.assertEqual(body["PaymentCondition"], "30")
        self.assertEqual(body["SalesEntryLines"][0]["GLAccount"], guid)

    def choose_costs(self):
        own = {"company_id": self.company.id}
        lists = self.env(su=True)
        company = self.company.sudo()
        center = {**own, "code": "VERK"}
        company.exact_cost_center_id = lists["exact.cost.center"].create(center)
        unit = {**own, "code": "P1"}
        company.exact_cost_unit_id = lists["exact.cost.unit"].create(unit)

    def test_default_cost_centre_and_unit_go_where_the_account_demands_them(self):
        self.choose_costs()
        account = self.company.sudo().exact_gl_account_id
        invoice = self.make_invoice(100)
        for use, costs in (
            (0, {}),
            (1, {"CostCenter": "VERK", "CostUnit": "P1"}),
            (2, {}),
        ):
            account.write({"use_cost_center": use, "use_cost_unit": use})
            with self.subTest(use=use):
                lines = self.body(invoice)["SalesEntryLines"]
                self.assertEqual(lines, [self.line(100.0, 21.0, **costs)])

    # === PROBLEMS === #

    def test_cost_centre_that_exact_wants_is_told(self):
        account = self.company.sudo().exact_gl_account_id
        invoice = self.make_invoice()
        for name in ("use_cost_center", "use_cost_unit"):
            account.write({"use_cost_center": 0, "use_cost_unit": 0, name: 1})
            with self.subTest(name=name):
                problem = problem_texts(invoice)[0]
                self.assertIn("requires a cost centre or cost unit", problem)

    def test_all_problems_are_told_at_once(self):
        company = self.company.sudo()
        company.exact_journal_id = False
        company.exact_gl_account_id = False
        self.tax_21.exact_vat_code_id = False
        invoice = self.make_invoice(1, 2)
        problems = "\n".join(problem_texts(invoice))
        self.assertIn("no Exact Online sales journal", problems)
        self.assertIn("has no Exact Online G/L account", problems)
        self.assertEqual(problems.count("Tax 21% test has no Exact Online VAT code"), 1)

    def test_line_without_or_with_two_taxes_is_told(self):
        none = self.make_invoice(tax=self.env["account.tax"])
        self.assertIn("“Line 1” has no VAT", problem_texts(none)[0])
        two = self.make_invoice(tax=self.tax_21 + self.tax_21.copy())
        self.assertIn("more than one VAT tax", problem_texts(two)[0])

    def test_vat_code_that_cannot_be_right_is_told(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        invoice = self.make_invoice()
        right = {
            "vat_type": "E",
            "transaction_type": "B",
            "percentage": 0.21,
            "active": True,
            "company_id": self.company.id,
        }
        for name, wrong in (
            ("vat_type", "I"),
            ("transaction_type", "P"),
            ("percentage", 0.06),
            ("active", False),
            ("company_id", other.id),
        ):
            code = self.vat_code_21.sudo()
            code.write({**right, name: wrong})
            with self.subTest(name=name):
                self.assertIn("does not match tax", problem_texts(invoice)[0])
        code.write(right)
        self.assertEqual(problem_texts(invoice), [])

    def test_lines_that_miss_the_total_are_told(self):
        invoice = self.make_invoice()
        # A line that Odoo's own tax computation does not know of.
        lines = SalesEntryMapper(invoice).lines
        wrong = [lines[0]._replace(vat_amount=Decimal("20.99"))]
        self.patch(SalesEntryMapper, "lines", wrong)
        self.assertIn(
            "add up to 120.99\xa0€, but its total is 121.00\xa0€",
            "\n".join(problem_texts(invoice)),
        )

    def test_number_too_large_is_told(self):
        self.company.sudo().exact_number_prefix = "9999999999"
        invoice = self.make_invoice()
        self.assertIn("greater than 2147483647", problem_texts(invoice)[0])

    def test_number_with_letters_is_told(self):
        self.company.sudo().exact_number_prefix = "{journal}"
        invoice = self.make_invoice()
        self.company.sudo().exact_journal_id.code = "VK"
        self.assertIn("“VK” is not a number", problem_texts(invoice)[0])
