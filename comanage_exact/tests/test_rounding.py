from decimal import Decimal

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..mappers.customer import CustomerMapper
from ..sync.recheck import retry_if_fixed
from .common import problem_texts
from .common_comparison import ComparisonCommon
from .kinds import KindsCommon
from .test_preview import preview_of


class DollarsCommon(KindsCommon):
    """Invoices in dollars at 1.0837, whose cents Odoo and Exact round differently."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_known()
        cls.dollar = cls.env.ref("base.USD").sudo()
        cls.dollar.active = True
        cls.dollar.rate_ids = [
            Command.clear(),
            Command.create(
                {"company_id": cls.company.id, "name": "2026-03-10", "rate": 1.0837}
            ),
        ]
        cls.currency = cls.lists["exact.currency"].create(
            {**cls.own, "code": "USD", "name": "Dollar", "rate_decimals": 6}
        )

    def make_dollars(self, amount, **values):
        return self.make_lines(
            {"price_unit": amount, **values}, currency_id=self.dollar.id
        )

    def send(self, invoice, **answer):
        invoice.action_exact_send()
        with self.exact() as mock:
            if answer:
                self.answer_entry(mock, **answer)
            self.push()
        return invoice.sudo().exact_outbox_id


@tagged("post_install", "-at_install")
class TestRoundingTolerance(DollarsCommon):
    """R6: what a company allows leaves without a person, and stays visible."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_lines({"price_unit": 10.03}, currency_id=cls.dollar.id)

    def allow(self, amount):
        self.company.sudo().exact_rounding_tolerance = amount

    def test_r6_line_of_10_03_needs_a_person_without_a_tolerance(self):
        self.assertEqual(self.company.sudo().exact_rounding_tolerance, 0)
        (problem,) = problem_texts(self.invoice)
        self.assertIn("at 11.21\xa0€ (VAT 1.95\xa0€)", problem)
        self.assertEqual(self.send(self.invoice).error_kind, "cents")

    def test_r6_line_of_10_03_goes_with_one_cent_and_with_two(self):
        for amount in (0.01, 0.02):
            self.allow(amount)
            with self.subTest(amount=amount):
                self.assertEqual(problem_texts(self.invoice), [])

    def test_difference_stays_visible_on_booking_and_invoice(self):
        self.allow(0.01)
        outbox = self.send(self.invoice, AmountDC=11.21, VATAmountDC=1.95)
        self.assertEqual((outbox.state, outbox.verified), ("sent", False))
        self.assertTrue(outbox.is_rounding_only)
        self.assertAlmostEqual(outbox.rounding_difference, 0.01)
        self.assertTrue(self.invoice.is_exact_rounding)
        self.assertIn("1.94 in Odoo, 1.95 in Exact", self.invoice.exact_difference)

    def test_more_than_what_is_allowed_is_a_difference_as_any_other(self):
        self.allow(0.01)
        outbox = self.send(self.invoice, AmountDC=11.22, VATAmountDC=1.96)
        self.assertFalse(outbox.is_rounding_only)
        self.assertFalse(self.invoice.is_exact_rounding)
        self.assertTrue(self.invoice.exact_difference)

    def test_other_difference_is_never_rounding(self):
        self.allow(0.02)
        outbox = self.send(self.invoice, AmountFC=12.15)
        self.assertFalse(outbox.is_rounding_only)

    def test_what_exact_does_not_make_is_no_difference(self):
        self.allow(0.02)
        outbox = self.send(self.invoice, AmountDC=11.20, VATAmountDC=1.94)
        self.assertTrue(outbox.verified)
        self.assertFalse(outbox.is_rounding_only)

    def test_allowing_it_books_what_waits_for_it(self):
        outbox = self.send(self.invoice)
        self.assertEqual(outbox.state, "failed")
        self.allow(0.01)
        retry_if_fixed(outbox)
        self.assertEqual(outbox.state, "pending")

    def test_later_setting_does_not_change_what_was_accepted(self):
        self.allow(0.01)
        outbox = self.send(self.invoice, AmountDC=11.21, VATAmountDC=1.95)
        self.allow(0)
        self.assertEqual(outbox._get_rounding_limit(), Decimal("0.01"))

    def test_what_a_person_accepts_is_a_rounding_difference_too(self):
        self.send(self.invoice)
        self.invoice.action_exact_accept_rounding()
        with self.exact() as mock:
            self.answer_entry(mock, AmountDC=11.21, VATAmountDC=1.95)
            self.push()
        outbox = self.invoice.sudo().exact_outbox_id
        self.assertTrue(outbox.is_rounding_only)
        self.assertEqual(outbox._get_rounding_limit(), Decimal("0.01"))

    def test_warning_of_a_later_change_is_no_rounding(self):
        self.allow(0.01)
        outbox = self.send(self.invoice, AmountDC=11.21, VATAmountDC=1.95)
        outbox._note_changed("Reset to draft")
        self.assertFalse(self.invoice.is_exact_rounding)
        outbox._note_unchanged()
        self.assertTrue(self.invoice.is_exact_rounding)

    def test_amount_is_that_of_some_cents(self):
        for amount in (-0.01, 0.11, 1):
            with self.subTest(amount=amount), self.assertRaises(ValidationError):
                self.allow(amount)

    def test_invoice_in_company_currency_is_never_rounded(self):
        self.allow(0.05)
        outbox = self.send(self.make_invoice(), AmountFC=121.01, AmountDC=121.01)
        self.assertFalse(outbox.rounding_limit)
        self.assertFalse(outbox.is_rounding_only)

    def test_preview_shows_the_rate_that_is_sent_and_the_difference(self):
        self.allow(0.01)
        preview = preview_of(self, self.invoice)
        body = self.make_body(self.invoice)
        self.assertEqual((preview.rate, body["Rate"]), ("0.923", 0.923))
        self.assertIn("0.01", preview.rounding)
        self.assertFalse(preview.problems)


@tagged("post_install", "-at_install")
class TestRateDecimals(DollarsCommon):
    """W11: the decimals of a rate that Exact uses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.make_tax(0, cls.make_code("9", 0, vat_type="B"))
        cls.invoice = cls.make_lines(
            {"price_unit": 250000, "tax": export}, currency_id=cls.dollar.id
        )

    def test_w11_rate_has_as_many_digits_as_the_cents_need(self):
        self.assertEqual(self.invoice.amount_total_signed, 230691.15)
        self.currency.rate_decimals = 0
        self.assertEqual(problem_texts(self.invoice), [])
        self.assertEqual(self.make_body(self.invoice)["Rate"], 0.9227646)

    def test_w11_too_few_decimals_are_told_before_anything_leaves(self):
        self.currency.rate_decimals = 5
        (problem,) = problem_texts(self.invoice)
        self.assertIn("of USD with 5 decimals", problem)
        self.assertIn("which needs 0.9227646", problem)
        self.assertIn("at 230,690.00\xa0€", problem)
        self.assertIn("Odoo has 230,691.15\xa0€", problem)
        outbox = self.send(self.invoice)
        self.assertEqual((outbox.error_kind, outbox.attempts), ("cents", 0))
        self.currency.rate_decimals = 8
        retry_if_fixed(outbox)
        self.assertEqual(outbox.state, "pending")

    def test_w11_a_person_may_want_it_at_the_nearest_rate(self):
        self.currency.rate_decimals = 5
        self.send(self.invoice)
        self.invoice.action_exact_accept_rounding()
        with self.exact() as mock:
            self.answer_entry(mock, AmountDC=230690.00)
            self.push()
        outbox = self.invoice.sudo().exact_outbox_id
        self.assertEqual(outbox.request["Rate"], 0.92276)
        self.assertTrue(outbox.is_rounding_only)
        self.assertAlmostEqual(outbox.rounding_difference, -1.15)

    def test_u7_preview_shows_every_digit_that_is_sent(self):
        self.currency.rate_decimals = 8
        self.assertEqual(preview_of(self, self.invoice).rate, "0.9227646")


@tagged("post_install", "-at_install")
class TestJournalCurrency(DollarsCommon):
    """R8: what the journal in Exact allows is checked before the call."""

    def make_journal(self, **flags):
        self.company.sudo().exact_journal_id.write({"currency_code": "EUR", **flags})

    def test_r8_journal_that_takes_one_currency_only(self):
        self.make_journal(is_any_currency=False, is_any_rate=False)
        self.assertEqual(problem_texts(self.make_invoice()), [])
        (problem,) = problem_texts(self.make_dollars(100))
        self.assertIn("700 Sales takes invoices in EUR only", problem)
        self.assertIn("Refresh Lists", problem)

    def test_r8_journal_that_takes_its_own_rates_only(self):
        self.make_journal(is_any_currency=True, is_any_rate=False)
        self.assertEqual(problem_texts(self.make_invoice()), [])
        (problem,) = problem_texts(self.make_dollars(100))
        self.assertIn("does not take the exchange rate of an invoice in USD", problem)

    def test_r8_journal_of_another_currency(self):
        self.make_journal(currency_code="USD", is_any_rate=True)
        self.assertEqual(problem_texts(self.make_dollars(100)), [])
        (problem,) = problem_texts(self.make_invoice())
        self.assertIn("takes invoices in USD only, and this one is in EUR", problem)

    def test_r8_journal_that_takes_all(self):
        self.make_journal(is_any_currency=True, is_any_rate=True)
        self.assertEqual(problem_texts(self.make_dollars(100)), [])

    def test_r8_nothing_leaves(self):
        self.make_journal(is_any_currency=False)
        outbox = self.send(self.make_dollars(100))
        self.assertEqual((outbox.state, outbox.error_kind), ("failed", "check"))
        self.assertFalse(outbox.attempts)


@tagged("post_install", "-at_install")
class TestRoundingInComparison(ComparisonCommon):
    """Accepted rounding differences are listed, counted and summed, not as problems."""

    def compare_rounded(self, *amounts):
        """Compare invoices of 10.03 dollars, as Exact has them by now.

        :param amounts: (AmountDC, VATAmountDC) of each.
        """
        self.company.sudo().exact_rounding_tolerance = 0.02
        dollar = self.make_rate("base.USD", 1.0837)
        rows = []
        for total, vat in amounts:
            invoice = self.make_invoice(10.03, currency_id=dollar.id)
            rows.append(self.book(invoice))
            rows[-1].update(AmountDC=total, VATAmountDC=vat)
        rows.append(self.book(self.make_invoice(100)))
        return self.compare(*rows)

    def test_they_are_no_problem_but_counted_and_summed(self):
        comparison = self.compare_rounded((11.21, 1.95), (11.22, 1.95))
        self.assertEqual(
            (
                comparison.equal_count,
                comparison.rounding_count,
                comparison.problem_count,
            ),
            (1, 2, 0),
        )
        self.assertAlmostEqual(comparison.rounding_total, 0.03)
        self.assertFalse(comparison.problem_line_ids)
        lines = comparison.rounding_line_ids
        self.assertEqual(lines.mapped("rounding"), [0.01, 0.02])
        self.assertIn("1.94 in Odoo, 1.95 in Exact Online.", lines[0].message)

    def test_totals_are_equal_but_for_them(self):
        comparison = self.compare_rounded((11.21, 1.95))
        self.assertTrue(all(comparison.total_ids.mapped("is_equal")))
        (total,) = comparison.total_ids.filtered("is_sum")
        self.assertAlmostEqual(total.exact_vat - total.odoo_vat, 0.01)
        self.assertAlmostEqual(total.rounding, 0.01)

    def test_larger_difference_is_a_problem(self):
        comparison = self.compare_rounded((11.23, 1.97))
        self.assertEqual((comparison.rounding_count, comparison.problem_count), (0, 1))
        self.assertFalse(all(comparison.total_ids.mapped("is_equal")))

    def test_report_lists_them(self):
        comparison = self.compare_rounded((11.21, 1.95))
        html, _type = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html("comanage_exact.exact_comparison_report", comparison.ids)
        )
        self.assertIn("Accepted Rounding Differences", html.decode())


@tagged("post_install", "-at_install")
class TestTextsOfInvoices(KindsCommon):
    """W13 and M7: the customer's reference, and the address for invoices."""

    def describe(self, move):
        return self.make_body(move)["Description"]

    def credit(self, invoice, reason=""):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id, "reason": reason})
        wizard.reverse_moves()
        refund = wizard.new_move_ids
        refund.action_post()
        return refund

    def test_w13_credit_note_keeps_the_reference_of_the_customer(self):
        self.customer.sudo().name = "Gemeentebestuur van Sint-Pieters-Leeuw"
        invoice = self.make_invoice(ref="PO 4500123456")
        refund = self.credit(invoice)
        self.assertEqual(
            self.describe(refund),
            f"{refund.name} PO 4500123456 {invoice.name} Gemeentebestuur",
        )

    def test_w13_credit_note_tells_why(self):
        invoice = self.make_invoice(ref="PO 45")
        refund = self.credit(invoice, "Damaged")
        self.assertEqual(
            self.describe(refund),
            f"{refund.name} PO 45 {invoice.name} Damaged Deco Addict",
        )

    def test_w13_reference_that_names_the_original_is_kept_whole(self):
        invoice = self.make_invoice()
        refund = self.credit(invoice)
        refund.button_draft()
        refund.ref = f"PO 45 for {invoice.name}"
        refund.action_post()
        self.assertEqual(
            self.describe(refund), f"{refund.name} PO 45 for {invoice.name} Deco Addict"
        )

    def make_contact(self, kind, email):
        return self.lists["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "name": "Contact",
                "type": kind,
                "email": email,
            }
        )

    def test_m7_email_is_that_of_the_contact_for_invoices(self):
        account = self.get_account()
        self.assertEqual(account.email, "ap@deco.example")
        self.make_contact("contact", "boss@deco.example")
        self.make_contact("invoice", False)
        self.make_contact("invoice", "Invoices <invoices@deco.example>")
        self.assertEqual(self.get_account().email, "invoices@deco.example")

    def get_account(self):
        return CustomerMapper(self.customer.with_company(self.company)).account
