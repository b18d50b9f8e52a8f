from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..booking import sales_entry
from .common import problem_texts
from .kinds import OTHER_GL_GUID, KindsCommon


@tagged("post_install", "-at_install")
class TestKindsOfTaxes(KindsCommon):
    """Taxes, positions and currencies: each kind, compared whole."""

    # === FIXED AND GROUPED === #

    def make_fixed(self, amount, **values):
        """Make a tax per piece such as Recupel, booked on an account of its own."""
        tax = self.make_tax(amount, amount_type="fixed", sequence=0, **values)
        account = self.company_data["default_account_expense"]
        self.make_gl_account(account)
        repartition = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        repartition.filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = account
        return tax

    def test_recupel_and_bebat_inside_the_vat_base(self):
        recupel = self.make_fixed(
            0.5, name="Recupel", invoice_label="Recupel", include_base_amount=True
        )
        invoice = self.make_lines(
            {"price_unit": 10, "quantity": 3, "tax": recupel + self.tax_21}
        )
        self.assertEqual(invoice.amount_total, 38.12)
        self.assert_books(
            invoice,
            self.line(30.0, 6.3),
            self.line(1.5, 0.32, name="Recupel", GLAccount=OTHER_GL_GUID),
        )

    def test_recupel_and_bebat_on_one_line(self):
        recupel, bebat = (
            self.make_fixed(
                amount, name=name, invoice_label=name, include_base_amount=True
            )
            for name, amount in (("Recupel", 0.5), ("Bebat", 0.05))
        )
        invoice = self.make_lines(
            {"price_unit": 10, "tax": recupel + bebat + self.tax_21}
        )
        self.assertEqual(invoice.amount_total, 12.77)
        self.assert_books(
            invoice,
            self.line(10.0, 2.1),
            self.line(0.5, 0.11, name="Recupel", GLAccount=OTHER_GL_GUID),
            self.line(0.05, 0.01, name="Bebat", GLAccount=OTHER_GL_GUID),
        )

    def test_fixed_tax_outside_the_vat_base(self):
        deposit = self.make_fixed(0.25, name="Deposit", invoice_label="Deposit")
        invoice = self.make_lines(
            {"price_unit": 10, "quantity": 4, "tax": deposit + self.tax_21}
        )
        self.assertEqual(invoice.amount_total, 49.4)
        self.assert_books(
            invoice,
            self.line(40.0, 8.4),
            self.line(1.0, 0.0, "0", name="Deposit", GLAccount=OTHER_GL_GUID),
        )

    def test_credit_note_with_a_fixed_tax(self):
        recupel = self.make_fixed(
            0.5, name="Recupel", invoice_label="Recupel", include_base_amount=True
        )
        refund = self.make_lines(
            {"price_unit": 10, "tax": recupel + self.tax_21}, move_type="out_refund"
        )
        self.assert_books(
            refund,
            self.line(-10.0, -2.1),
            self.line(-0.5, -0.11, name="Recupel", GLAccount=OTHER_GL_GUID),
            EntryNumber=26900001,
        )

    def test_grouped_tax_is_booked_as_its_parts(self):
        recupel = self.make_fixed(
            0.5, name="Recupel", invoice_label="Recupel", include_base_amount=True
        )
        group = self.make_tax(
            0,
            name="21% and Recupel",
            amount_type="group",
            children_tax_ids=[Command.set((recupel + self.tax_21).ids)],
        )
        invoice = self.make_lines({"price_unit": 10, "tax": group})
        self.assert_books(
            invoice,
            self.line(10.0, 2.1),
            self.line(0.5, 0.11, name="Recupel", GLAccount=OTHER_GL_GUID),
        )

    def test_group_of_two_vat_taxes_is_refused(self):
        group = self.make_tax(
            0,
            name="21% and 6%",
            amount_type="group",
            children_tax_ids=[Command.set((self.tax_6 + self.tax_21).ids)],
        )
        invoice = self.make_lines({"price_unit": 10, "tax": group})
        self.assertIn("more than one VAT tax", problem_texts(invoice)[0])

    def test_fixed_tax_without_a_code_for_lines_without_vat_is_told(self):
        deposit = self.make_fixed(0.25, name="Deposit", invoice_label="Deposit")
        self.company.sudo().exact_no_vat_code_id = False
        invoice = self.make_lines({"price_unit": 10, "tax": deposit + self.tax_21})
        self.assertIn("field VAT Code for Untaxed Lines", problem_texts(invoice)[0])

    # === CASH DISCOUNT === #

    def make_discount_term(self, computation):
        return self.lists["account.payment.term"].create(
            {
                "name": "2% within 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": computation,
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 30})],
            }
        )

    def test_cash_discount_of_belgium_lowers_the_vat_alone(self):
        term = self.make_discount_term("mixed")
        invoice = self.make_lines({"price_unit": 100}, invoice_payment_term_id=term.id)
        self.assertEqual(invoice.amount_tax, 20.58)
        body = self.assert_books(
            invoice,
            self.line(100.0, 21.0),
            self.line(-2.0, -0.42, name=self.epd_name(invoice, taxed=True)),
            self.line(2.0, 0.0, "0", name=self.epd_name(invoice, taxed=False)),
        )
        self.assertEqual(sales_entry.total(body), Decimal("120.58"))

    def epd_name(self, invoice, taxed):
        lines = invoice.line_ids.filtered(lambda line: line.display_type == "epd")
        return lines.filtered(lambda line: bool(line.tax_ids) == taxed).name

    def test_cash_discount_taken_on_payment_changes_nothing(self):
        for computation in ("included", "excluded"):
            term = self.make_discount_term(computation)
            invoice = self.make_lines(
                {"price_unit": 100}, invoice_payment_term_id=term.id
            )
            with self.subTest(computation=computation):
                self.assert_books(
                    invoice,
                    self.line(100.0, 21.0),
                    EntryNumber=2600000 + invoice.sequence_number,
                )

    # === NO VAT TO PAY === #

    def assert_untaxed(self, **code_values):
        code = self.make_code("9", 0, **code_values)
        tax = self.make_tax(0, code)
        invoice = self.make_lines({"price_unit": 100, "tax": tax})
        self.assert_books(invoice, self.line(100.0, 0.0, "9"))

    def test_co_contractor(self):
        self.assert_untaxed(vat_type="B", is_charged=True)

    def test_intra_community_goods(self):
        self.assert_untaxed(vat_type="B", eu_listing="L", is_intrastat=True)

    def test_intra_community_services(self):
        self.assert_untaxed(vat_type="B", eu_listing="S")

    def test_export(self):
        self.assert_untaxed(vat_type="B")

    def test_exempt(self):
        self.assert_untaxed(vat_type="N")

    def test_margin(self):
        self.assert_untaxed(vat_margin=1)

    def test_one_stop_shop(self):
        code = self.make_code("FR", 0.2, oss_country_code="FR")
        tax = self.make_tax(20, code)
        invoice = self.make_lines({"price_unit": 100, "tax": tax})
        self.assert_books(invoice, self.line(100.0, 20.0, "FR"))

    def test_fiscal_position_replaces_the_tax(self):
        code = self.make_code("EU", 0, vat_type="B", eu_listing="L")
        position = self.lists["account.fiscal.position"].create({"name": "EU"})
        tax = self.make_tax(
            0,
            code,
            fiscal_position_ids=[Command.set(position.ids)],
            original_tax_ids=[Command.set(self.tax_21.ids)],
        )
        invoice = self.make_lines(
            {"price_unit": 100, "tax": position.map_tax(self.tax_21)},
            fiscal_position_id=position.id,
        )
        self.assertEqual(invoice.invoice_line_ids.tax_ids, tax)
        self.assert_books(invoice, self.line(100.0, 0.0, "EU"))

    def test_fiscal_position_replaces_the_account(self):
        account = self.company_data["default_account_revenue"]
        other = account.sudo().copy()
        self.make_gl_account(other)
        position = self.lists["account.fiscal.position"].create(
            {
                "name": "EU",
                "account_ids": [
                    Command.create(
                        {"account_src_id": account.id, "account_dest_id": other.id}
                    )
                ],
            }
        )
        product = self.lists["product.product"].create(
            {"name": "Line", "property_account_income_id": account.id}
        )
        invoice = self.make_lines(
            {"price_unit": 100, "product_id": product.id},
            fiscal_position_id=position.id,
        )
        self.assertEqual(invoice.invoice_line_ids.account_id, other)
        self.assert_books(invoice, self.line(100.0, 21.0, GLAccount=OTHER_GL_GUID))

    # === CURRENCIES === #

    def make_dollar(self, *rates):
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        dollar.sudo().rate_ids.unlink()
        for day, rate in rates:
            self.lists["res.currency.rate"].create(
                {
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        return dollar

    def test_foreign_currency_has_odoos_rate(self):
        dollar = self.make_dollar(("2026-03-10", 1.25))
        invoice = self.make_lines({"price_unit": 100}, currency_id=dollar.id)
        self.assert_books(invoice, self.line(100.0, 21.0), Currency="USD", Rate=0.8)

    def test_lines_without_vat_come_to_the_cents_of_either_rounding(self):
        """Odoo converts their sum or each; Exact each, so the rate may have to move."""
        dollar = self.make_dollar(("2026-03-10", 1.0837))
        export = self.make_tax(0, self.make_code("9", 0, vat_type="B"))
        prices = (10.12, 20.25, 30.43)
        for number, (method, total, rate) in enumerate(
            (
                ("round_per_line", 56.11, 0.9228),
                ("round_globally", 56.10, 0.9227),
            ),
            start=1,
        ):
            self.company.sudo().tax_calculation_rounding_method = method
            invoice = self.make_lines(
                *({"price_unit": price, "tax": export} for price in prices),
                currency_id=dollar.id,
            )
            with self.subTest(method=method):
                self.assertEqual(invoice.amount_total_signed, total)
                self.assert_books(
                    invoice,
                    *(self.line(price, 0.0, "9") for price in prices),
                    Currency="USD",
                    Rate=rate,
                    EntryNumber=2600000 + number,
                )

    def test_rate_is_moved_where_exact_would_be_a_cent_off(self):
        dollar = self.make_dollar(("2026-03-10", 1.0837))
        invoice = self.make_lines({"price_unit": 10.12}, currency_id=dollar.id)
        # At Odoo's rate, 0.922764, the VAT would be 1.97 in Exact.
        self.assertEqual(invoice.amount_tax_signed, 1.96)
        self.assert_books(invoice, self.line(10.12, 2.13), Currency="USD", Rate=0.9225)

    def test_rate_of_a_later_day_is_what_odoo_took(self):
        dollar = self.make_dollar(("2026-03-11", 1.25))
        invoice = self.make_lines({"price_unit": 100}, currency_id=dollar.id)
        self.assertEqual(invoice.amount_total_signed, 96.8)
        self.assert_books(invoice, self.line(100.0, 21.0), Currency="USD", Rate=0.8)

    def test_currency_without_a_rate_is_told(self):
        dollar = self.make_dollar(("2026-03-11", 1.25))
        self.lists["res.currency.rate"].search([]).unlink()
        invoice = self.make_lines({"price_unit": 100}, currency_id=dollar.id)
        self.assertIn("USD has no exchange rate", "".join(problem_texts(invoice)))
