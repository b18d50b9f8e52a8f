from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..booking import sales_entry
from ..mappers.sales_entry import SalesEntryMapper
from .common import problem_texts
from .kinds import OTHER_GL_GUID, KindsCommon


@tagged("post_install", "-at_install")
class TestPublicCasesOfTaxes(KindsCommon):
    """Amounts that invoices elsewhere got wrong; each docstring names the report."""

    def assert_lines(self, invoice, *lines, **header):
        """Compare the whole body, whatever number the invoice has in its sequence."""
        first = 2600000 if invoice.move_type == "out_invoice" else 26900000
        number = first + invoice.sequence_number
        return self.assert_books(invoice, *lines, **{"EntryNumber": number, **header})

    def make_own_line(self, amount, **values):
        """Make a tax that is no VAT, booked on an account of its own."""
        tax = self.make_tax(amount, **values)
        account = self.company_data["default_account_expense"]
        self.make_gl_account(account)
        parts = tax.repartition_line_ids
        parts.filtered(lambda part: part.repartition_type == "tax").account_id = account
        return tax

    def make_included(self, amount, code):
        return self.make_tax(amount, code, price_include_override="tax_included")

    def set_method(self, method):
        self.company.sudo().tax_calculation_rounding_method = method

    def make_rate(self, currency, rate):
        currency = self.env.ref(currency).sudo()
        currency.active = True
        currency.rate_ids.unlink()
        self.lists["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2026-03-10",
                "rate": rate,
            }
        )
        return currency

    # === EMPTIES AND FEES === #

    def test_empties_alone_come_back_on_a_credit_note(self):
        """odoo/odoo PR 276945"""
        empty = self.make_own_line(1.0, amount_type="fixed", invoice_label="Empties")
        refund = self.make_lines(
            {"price_unit": 0, "quantity": 3, "tax": empty}, move_type="out_refund"
        )
        self.assertEqual(refund.amount_total, 3)
        self.assert_lines(
            refund,
            self.line(-3.0, 0.0, "0", name="Empties", GLAccount=OTHER_GL_GUID),
        )

    def test_two_kinds_of_empties_without_a_price(self):
        """odoo/odoo PR 276945"""
        crate, bottle = (
            self.make_own_line(
                amount, amount_type="fixed", name=name, invoice_label=name
            )
            for name, amount in (("Crate", 2.1), ("Bottle", 0.1))
        )
        invoice = self.make_lines(
            {"price_unit": 10, "quantity": 24},
            {"price_unit": 0, "quantity": -1, "tax": crate},
            {"price_unit": 0, "quantity": -24, "tax": bottle},
        )
        self.assertEqual(invoice.amount_total, 285.9)
        self.assert_lines(
            invoice,
            self.line(240.0, 50.4),
            self.line(-2.1, 0.0, "0", name="Crate", GLAccount=OTHER_GL_GUID),
            self.line(-2.4, 0.0, "0", name="Bottle", GLAccount=OTHER_GL_GUID),
        )

    def test_fee_in_per_cent_is_credited_with_its_vat(self):
        """lavaloon-eg/ksa_compliance issue 330"""
        fee = self.make_fee()
        refund = self.make_lines(
            {"price_unit": 100, "tax": fee + self.make_tax(15, self.make_code_15())},
            move_type="out_refund",
        )
        self.assertEqual(refund.amount_total, 117.88)
        self.assert_lines(
            refund,
            self.line(-100.0, -15.0, "15"),
            self.line(-2.5, -0.38, "15", name="Fee", GLAccount=OTHER_GL_GUID),
        )

    def test_fee_in_per_cent_in_another_currency(self):
        """lavaloon-eg/ksa_compliance issue 330"""
        fee, dollar = self.make_fee(), self.make_rate("base.USD", 1.25)
        invoice = self.make_lines(
            {"price_unit": 100, "tax": fee + self.make_tax(15, self.make_code_15())},
            currency_id=dollar.id,
        )
        self.assertEqual(invoice.amount_total, 117.88)
        self.assert_lines(
            invoice,
            self.line(100.0, 15.0, "15"),
            self.line(2.5, 0.38, "15", name="Fee", GLAccount=OTHER_GL_GUID),
            Currency="USD",
            Rate=0.8,
        )

    def test_fee_in_per_cent_on_two_lines_of_two_rates(self):
        """odoo/odoo PR 254645"""
        fee = self.make_fee()
        invoice = self.make_lines(
            {"price_unit": 100, "tax": fee + self.tax_21},
            {"price_unit": 33.33, "tax": fee + self.tax_6},
        )
        # Odoo books the fee of both at once, 3.33.
        body = self.assert_goes(invoice)
        fees = [
            line for line in body["SalesEntryLines"] if line["Description"] == "Fee"
        ]
        self.assertEqual([line["VATCode"] for line in fees], ["4", "2"])
        total = sum(Decimal(str(one["AmountFC"])) for one in fees)
        self.assertEqual(total, Decimal("3.33"))

    def make_fee(self):
        return self.make_own_line(
            2.5,
            exact_is_vat="own_line",
            invoice_label="Fee",
            include_base_amount=True,
            sequence=0,
        )

    def make_code_15(self):
        return self.make_code("15", 0.15)

    # === VAT CHANGED MANUALLY === #

    def change_vat(self, invoice, amounts):
        """Write other amounts to the tax lines of a draft, as the form does.

        :param dict amounts: {tax: amount in the currency of the invoice}
        """
        commands = [
            Command.update(
                item.id,
                {"amount_currency": -amounts[item.tax_line_id], "balance": -balance},
            )
            for item in invoice.line_ids.filtered("tax_line_id")
            for balance in [amounts[item.tax_line_id] / invoice.invoice_currency_rate]
        ]
        invoice.write({"line_ids": commands})
        invoice.action_post()

    def test_vat_changed_manually_arrives_by_code(self):
        """odoo/odoo PR 142144"""
        invoice = self.make_lines(
            {"price_unit": 100}, {"price_unit": 50, "tax": self.tax_6}, post=False
        )
        self.change_vat(invoice, {self.tax_21: 20.99, self.tax_6: 3.01})
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (24.0, 174.0))
        self.assert_lines(invoice, self.line(100.0, 20.99), self.line(50.0, 3.01, "2"))

    def test_vat_changed_manually_is_spread_over_the_lines(self):
        """odoo/odoo PR 142144"""
        invoice = self.make_lines(
            *({"price_unit": price} for price in (33.33, 33.33, 33.34)), post=False
        )
        self.change_vat(invoice, {self.tax_21: 20.5})
        body = self.assert_goes(invoice)
        vat = [Decimal(str(one["VATAmountFC"])) for one in body["SalesEntryLines"]]
        self.assertEqual((sum(vat), sales_entry.total(body)), (20.5, 120.5))
        self.assertLessEqual(max(vat) - min(vat), Decimal("0.01"))

    def test_vat_changed_manually_on_a_credit_note(self):
        """odoo/odoo PR 142144"""
        refund = self.make_lines(
            {"price_unit": 100}, move_type="out_refund", post=False
        )
        self.change_vat(refund, {self.tax_21: -21.01})
        self.assertEqual(refund.amount_total, 121.01)
        self.assert_lines(refund, self.line(-100.0, -21.01))

    # === CASH DISCOUNT OF BELGIUM === #

    def make_term(self, percentage):
        return self.lists["account.payment.term"].create(
            {
                "name": f"{percentage}% within 7 days",
                "early_discount": True,
                "discount_percentage": percentage,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 30})],
            }
        )

    def check_cash_discount(self, percentage, *lines, **values):
        """Compare an invoice with a cash discount with its ledger, both roundings.

        :return: its VAT rounded per line and globally.
        """
        term, found = self.make_term(percentage), []
        for method in ("round_per_line", "round_globally"):
            self.set_method(method)
            invoice = self.make_lines(
                *(dict(line) for line in lines),
                invoice_payment_term_id=term.id,
                **values,
            )
            with self.subTest(method=method):
                self.assert_goes(invoice)
            found.append(invoice.amount_tax)
        return found

    def test_cash_discount_of_three_per_cent(self):
        """odoo/odoo PR 258360, 186811: 376.84 or 376.85"""
        vat = self.check_cash_discount(3, {"price_unit": 1850})
        self.assertEqual(vat, [376.84, 376.85])

    def test_cash_discount_on_four_small_lines(self):
        """odoo/odoo PR 247996"""
        tax = self.make_tax(15, self.make_code_15())
        vat = self.check_cash_discount(1, *[{"price_unit": 4.76, "tax": tax}] * 4)
        self.assertEqual(vat, [2.81, 2.83])

    def test_cash_discount_beside_lines_without_vat(self):
        """odoo/odoo PR 263250, issue 154174"""
        none = self.make_tax(0, self.make_code("9", 0, vat_type="N"))
        vat = self.check_cash_discount(
            2,
            {"price_unit": 100},
            {"price_unit": 49.99, "tax": none},
            {"price_unit": 12.5, "tax": self.tax_6},
        )
        self.assertEqual(vat, [21.31, 21.32])

    def test_cash_discount_on_a_credit_note(self):
        """odoo/odoo PR 258360"""
        vat = self.check_cash_discount(
            3, {"price_unit": 1850}, {"price_unit": -15.05}, move_type="out_refund"
        )
        self.assertEqual(vat, [373.78, 373.78])

    # === DISCOUNT ON THE WHOLE === #

    def discount(self, invoice, percentage):
        """Add the lines that the wizard of Sales makes of a global discount."""
        taxes = self.env["account.tax"]
        base_lines, _tax_lines = invoice._get_rounded_base_and_tax_lines()
        found = taxes._prepare_global_discount_lines(
            base_lines, invoice.company_id, "percent", percentage
        )
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "name": "Discount",
                    "price_unit": one["price_unit"],
                    "quantity": one["quantity"],
                    "tax_ids": [Command.set(one["tax_ids"].ids)],
                    "extra_tax_data": taxes._export_base_line_extra_tax_data(one),
                }
            )
            for one in found
        ]
        self.assertTrue(
            all(
                line.extra_tax_data["manual_tax_amounts"]
                for line in invoice.invoice_line_ids
                if line.name == "Discount"
            )
        )
        invoice.action_post()

    def test_global_discount_has_the_vat_that_its_line_stores(self):
        """odoo/odoo PR 259576"""
        for method in ("round_globally", "round_per_line"):
            self.set_method(method)
            invoice = self.make_lines(
                *({"price_unit": price} for price in (97.59, 95.34, 88.21)), post=False
            )
            self.discount(invoice, 3)
            discount = invoice.invoice_line_ids.filtered(
                lambda line: line.name == "Discount"
            )
            [stored] = discount.extra_tax_data["manual_tax_amounts"].values()
            with self.subTest(method=method):
                body = self.assert_goes(invoice)
                last = body["SalesEntryLines"][-1]
                self.assertEqual(last["AmountFC"], -8.44)
                self.assertEqual(last["VATAmountFC"], stored["tax_amount_currency"])

    def test_global_discount_over_two_rates(self):
        """odoo/odoo PR 222881, 209693"""
        invoice = self.make_lines(
            {"price_unit": 97.59},
            {"price_unit": 95.34, "tax": self.tax_6},
            {"price_unit": 88.21},
            post=False,
        )
        self.discount(invoice, 7.5)
        body = self.assert_goes(invoice)
        codes = [one["VATCode"] for one in body["SalesEntryLines"]]
        self.assertEqual(sorted(codes), ["2", "2", "4", "4", "4"])

    # === NEGATIVE LINES === #

    def make_recupel(self, amount, **values):
        return self.make_own_line(
            amount,
            amount_type="fixed",
            name="Recupel",
            invoice_label="Recupel",
            include_base_amount=True,
            sequence=0,
            **values,
        )

    def recupel_line(self, amount, vat_amount, code="4"):
        options = {"name": "Recupel", "GLAccount": OTHER_GL_GUID}
        return self.line(amount, vat_amount, code, **options)

    def test_recupel_on_a_line_that_is_taken_back(self):
        """odoo/odoo PR 252716, issue 95810"""
        taxes = self.make_recupel(1.0) + self.tax_21
        invoice = self.make_lines(
            {"price_unit": 100, "quantity": 3, "tax": taxes},
            {"price_unit": 100, "quantity": -1, "tax": taxes},
            {"price_unit": -33.33, "quantity": 1, "tax": taxes},
        )
        body = self.assert_goes(invoice)
        recupel = [
            Decimal(str(one["AmountFC"]))
            for one in body["SalesEntryLines"]
            if one["GLAccount"] == OTHER_GL_GUID
        ]
        [item] = invoice.line_ids.filtered(
            lambda item: item.tax_line_id.amount_type == "fixed"
        )
        self.assertEqual(sum(recupel), Decimal(str(-item.balance)))
        self.assertEqual(recupel[:2], [3, -1])

    def test_recupel_inside_a_price_with_vat_that_is_taken_back(self):
        """odoo/odoo PR 252716"""
        taxes = self.make_recupel(
            0.5, price_include_override="tax_included"
        ) + self.make_included(21, self.vat_code_21)
        invoice = self.make_lines(
            {"price_unit": 24.2, "quantity": 5, "tax": taxes},
            {"price_unit": 24.2, "quantity": -2, "tax": taxes},
        )
        self.assertEqual(invoice.amount_total, 72.6)
        self.assert_lines(
            invoice,
            self.line(97.5, 20.47),
            self.recupel_line(2.5, 0.53),
            self.line(-39.0, -8.19),
            self.recupel_line(-1.0, -0.21),
        )

    def test_negative_lines_of_eight_and_a_half_per_cent(self):
        """odoo/odoo issue 23125: VAT 71.05 or 71.06"""
        tax = self.make_tax(8.5, self.make_code("8", 0.085))
        prices, found = (598.89, 329.84, -59.89, -32.98), []
        for method in ("round_per_line", "round_globally"):
            self.set_method(method)
            invoice = self.make_lines(
                *({"price_unit": price, "tax": tax} for price in prices)
            )
            found.append(invoice.amount_tax)
            with self.subTest(method=method):
                self.assert_goes(invoice)
        self.assertEqual(found, [71.06, 71.05])

    def test_lines_without_vat_that_offset_each_other(self):
        """odoo/odoo PR 180333"""
        none = self.make_tax(0, self.make_code("9", 0, vat_type="B", eu_listing="S"))
        invoice = self.make_lines(
            {"price_unit": 10, "tax": none}, {"price_unit": -10, "tax": none}
        )
        self.assertEqual(invoice.amount_total, 0)
        self.assert_lines(
            invoice, self.line(10.0, 0.0, "9"), self.line(-10.0, 0.0, "9")
        )

    def test_credit_note_of_the_vat_alone(self):
        """Dolibarr/dolibarr PR 12419"""
        export = self.make_tax(0, self.make_code("9", 0, vat_type="B"))
        refund = self.make_lines(
            {"price_unit": 100},
            {"price_unit": -100, "tax": export},
            move_type="out_refund",
        )
        self.assertEqual((refund.amount_untaxed, refund.amount_total), (0, 21))
        self.assert_lines(refund, self.line(-100.0, -21.0), self.line(100.0, 0.0, "9"))

    def test_invoice_of_the_vat_alone_in_another_currency(self):
        """Dolibarr/dolibarr PR 12419"""
        export = self.make_tax(0, self.make_code("9", 0, vat_type="B"))
        dollar = self.make_rate("base.USD", 1.25)
        invoice = self.make_lines(
            {"price_unit": 100},
            {"price_unit": 100, "quantity": -1, "tax": export},
            currency_id=dollar.id,
        )
        self.assert_lines(
            invoice,
            self.line(100.0, 21.0),
            self.line(-100.0, 0.0, "9"),
            Currency="USD",
            Rate=0.8,
        )

    # === ROUNDING === #

    def test_prices_with_vat_inside_rounded_as_a_whole(self):
        """odoo/odoo PR 275093 (26.10 or 26.09 without VAT) and 240833"""
        tax = self.make_included(15, self.make_code_15())
        self.set_method("round_globally")
        for prices in ((10, 10, 10), (18, 14)):
            invoice = self.make_lines(
                *({"price_unit": price, "tax": tax} for price in prices)
            )
            with self.subTest(prices=prices):
                self.assertEqual(invoice.amount_total, sum(prices))
                body = self.assert_goes(invoice)
                self.assertEqual(sales_entry.total(body), sum(prices))

    def test_prices_with_vat_inside_and_a_negative_quantity(self):
        """odoo/odoo PR 275093"""
        tax = self.make_included(21, self.vat_code_21)
        self.set_method("round_globally")
        invoice = self.make_lines(
            {"price_unit": 9.99, "quantity": 7, "tax": tax},
            {"price_unit": 9.99, "quantity": -2, "tax": tax},
            {"price_unit": 9.99, "discount": 33.33, "tax": tax},
        )
        self.assert_goes(invoice)

    def test_exempt_lines_with_discounts_and_parts_of_cents(self):
        """odoo/odoo PR 258909"""
        self.lists.ref("product.decimal_price").digits = 3
        exempt = self.make_tax(0, self.make_code("9", 0, vat_type="N"))
        for method in ("round_per_line", "round_globally"):
            self.set_method(method)
            invoice = self.make_lines(
                {"price_unit": 39.615, "quantity": 4, "discount": 20, "tax": exempt},
                {"price_unit": 0.84, "quantity": 4, "discount": 20, "tax": exempt},
            )
            with self.subTest(method=method):
                self.assertEqual(invoice.amount_total, 129.46)
                self.assert_lines(
                    invoice, self.line(126.77, 0.0, "9"), self.line(2.69, 0.0, "9")
                )

    # === CURRENCY === #

    def check_currency(self, currency, rate, price, expected):
        """Compare an export in another currency: Exact's amount is the ledger's."""
        currency = self.make_rate(currency, rate)
        export = self.make_tax(0, self.make_code("9", 0, vat_type="B"))
        for move_type, sign in (("out_invoice", 1), ("out_refund", -1)):
            invoice = self.make_lines(
                {"price_unit": price, "tax": export},
                currency_id=currency.id,
                move_type=move_type,
            )
            with self.subTest(move_type=move_type):
                self.assertEqual(invoice.amount_total_signed, sign * expected)
                body = self.assert_goes(invoice)
                amount = Decimal(str(sign * price)) * Decimal(str(body["Rate"]))
                self.assertEqual(float(round(amount, 2)), sign * expected)

    def test_amount_in_company_currency_is_the_ledgers(self):
        """odoo/odoo issue 35334: 27.63 or 27.64"""
        self.check_currency("base.USD", 19.0, 525, 27.63)

    def test_amount_at_the_rate_of_somebody_elses_ledger(self):
        """ledger123/runmyaccounts issue 644"""
        self.check_currency("base.USD", 1 / 0.8993, 4750, 4271.68)

    def test_currency_whose_unit_is_worth_little(self):
        """odoo/odoo issue 35334"""
        self.check_currency("base.JPY", 161.37, 9876, 61.2)


@tagged("post_install", "-at_install")
class TestPublicCasesOfSending(KindsCommon):
    """When an invoice counts as sent to the customer."""

    def send(self, invoice, recipient, *methods):
        """Send an invoice as the wizard does, with the recipients chosen there."""
        send = self.env["account.move.send"]
        values = {
            **send._get_default_sending_settings(invoice),
            "sending_methods": set(methods),
            "mail_partner_ids": recipient.ids,
        }
        send._hook_if_success({invoice.sudo(): values})

    def test_customer_without_an_address_sent_to_another_contact(self):
        """odoo/odoo PR 202007, 201600"""
        self.customer.sudo().email = False
        other = self.lists["res.partner"].create(
            {"name": "Bookkeeper", "email": "books@elsewhere.example"}
        )
        invoice = self.make_invoice()
        self.send(invoice, other, "email")
        self.assertEqual(invoice.exact_state, "pending")
        self.assertEqual(problem_texts(invoice), [])

    def test_customer_without_an_address_sent_to_nobody_with_one(self):
        """odoo/odoo PR 202007"""
        self.customer.sudo().email = False
        other = self.lists["res.partner"].create({"name": "Bookkeeper"})
        invoice = self.make_invoice()
        self.send(invoice, other, "email")
        self.assertFalse(invoice.exact_state)
        self.assertEqual(SalesEntryMapper(invoice).booking_problems(), [])
