from collections import defaultdict
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..mappers.sales_entry import SalesEntryMapper
from .common import problem_texts
from .kinds import OTHER_GL_GUID, KindsCommon


@tagged("post_install", "-at_install")
class TestKindsOfAccounts(KindsCommon):
    """Each journal item arrives on the G/L account of its own account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.revenue = cls.company_data["default_account_revenue"].sudo()
        cls.discounts = cls.make_account("708900", "expense")

    @classmethod
    def make_account(cls, code, account_type, mapped=True, **values):
        account = cls.lists["account.account"].create(
            {
                "code": code,
                "name": f"Account {code}",
                "account_type": account_type,
                "company_ids": cls.company.ids,
                **values,
            }
        )
        if mapped:
            cls.make_gl_account(account)
        return account

    def assert_accounts(self, invoice):
        """Compare the lines with the journal items, by account, in both currencies."""
        found = defaultdict(lambda: [Decimal(), Decimal()])
        for row in SalesEntryMapper(invoice).lines:
            found[row.account][0] += row.amount
            found[row.account][1] += row.amount_dc
        expected = defaultdict(lambda: [Decimal(), Decimal()])
        for item in invoice.line_ids:
            tax = item.tax_line_id
            if (
                not item.account_id
                or item.display_type == "payment_term"
                or (tax and tax.amount_type != "fixed")
            ):
                continue
            expected[item.account_id][0] -= Decimal(f"{item.amount_currency:.2f}")
            expected[item.account_id][1] -= Decimal(f"{item.balance:.2f}")
        self.assertEqual(
            {account.code: sums for account, sums in found.items() if any(sums)},
            {account.code: sums for account, sums in expected.items() if any(sums)},
        )
        self.assertEqual(SalesEntryMapper(invoice).booking_problems(), [])

    # === DISCOUNTS ON AN ACCOUNT OF THEIR OWN === #

    def set_discount_account(self):
        self.company.sudo().account_discount_expense_allocation_id = self.discounts

    def test_discount_on_an_account_of_its_own(self):
        self.set_discount_account()
        invoice = self.make_lines({"price_unit": 110, "discount": 100 / 11})
        self.assertIn("discount", invoice.line_ids.mapped("display_type"))
        self.assert_books(
            invoice,
            self.line(110.0, 23.1),
            self.line(-10.0, -2.1, name="Discount", GLAccount=OTHER_GL_GUID),
        )
        self.assert_accounts(invoice)

    def test_discounts_of_two_codes_and_a_credit_note(self):
        self.set_discount_account()
        lines = (
            {"price_unit": 100, "discount": 10},
            {"price_unit": 33.33, "discount": 12.5, "quantity": 3},
            {"price_unit": 50, "discount": 5, "tax": self.tax_6},
            {"price_unit": 7},
        )
        # Else Odoo takes the account that the customer's last lines had.
        lines = [{**line, "account_id": self.revenue.id} for line in lines]
        invoice = self.make_lines(*map(dict, lines))
        self.assert_accounts(invoice)
        self.assert_equals_ledger(invoice, self.make_body(invoice))
        refund = self.make_lines(*map(dict, lines), move_type="out_refund")
        self.assert_accounts(refund)
        body = self.make_body(refund)
        self.assert_equals_ledger(refund, body)
        self.assertEqual(
            [line["AmountFC"] for line in body["SalesEntryLines"]],
            [-100.0, -99.99, -50.0, -7.0, 22.5, 2.5],
        )

    def test_discounts_that_cancel_out(self):
        self.set_discount_account()
        invoice = self.make_lines(
            {"price_unit": 100, "discount": 10},
            {"price_unit": 100, "discount": 10, "quantity": -1, "tax": self.tax_6},
            {"price_unit": 20},
        )
        self.assert_accounts(invoice)
        self.assert_equals_ledger(invoice, self.make_body(invoice))

    def test_free_line_and_its_discount(self):
        self.set_discount_account()
        invoice = self.make_lines({"price_unit": 100, "discount": 100})
        self.assert_accounts(invoice)

    def test_discount_in_another_currency(self):
        self.set_discount_account()
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        dollar.sudo().rate_ids = [
            Command.clear(),
            Command.create(
                {"company_id": self.company.id, "name": "2026-03-10", "rate": 1.0837}
            ),
        ]
        export = self.make_tax(0, self.make_code("9", 0, vat_type="B"))
        invoice = self.make_lines(
            {"price_unit": 10.12, "discount": 7, "tax": export},
            {"price_unit": 20.25, "discount": 9, "tax": export},
            currency_id=dollar.id,
        )
        self.assert_accounts(invoice)

    def test_setting_that_was_changed_after_the_invoice(self):
        self.set_discount_account()
        invoice = self.make_lines({"price_unit": 110, "discount": 100 / 11})
        for account in (False, self.make_account("708901", "expense")):
            self.company.sudo().account_discount_expense_allocation_id = account
            with self.subTest(account.code if account else "none"):
                self.assert_accounts(invoice)
                self.assertEqual(len(SalesEntryMapper(invoice).lines), 2)

    def test_discounts_that_somebody_moved_go_as_they_are(self):
        self.set_discount_account()
        invoice = self.make_lines({"price_unit": 110, "discount": 100 / 11}, post=False)
        other = self.make_account("708902", "expense")
        items = invoice.line_ids.filtered(lambda item: item.display_type == "discount")
        invoice.action_post()
        self.env.cr.execute(
            "UPDATE account_move_line SET account_id = %s WHERE id = %s",
            (other.id, items.filtered(lambda one: one.balance < 0).id),
        )
        self.env.invalidate_all()
        self.assert_accounts(invoice)

    # === THE COMPANY'S DEFAULT IS FOR INCOME === #

    def test_down_payment_of_belgium_is_told(self):
        liability = self.make_account("460900", "liability_current", mapped=False)
        invoice = self.make_lines(
            {"price_unit": 300, "name": "Down payment", "account_id": liability.id}
        )
        [text] = problem_texts(invoice)
        self.assertIn("Account 460900", text)
        self.assertIn("G/L Accounts", text)
        self.make_known()
        invoice.action_exact_send()
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_error, text)
        self.make_gl_account(liability)
        self.assert_books(
            invoice,
            self.line(300.0, 63.0, name="Down payment", GLAccount=OTHER_GL_GUID),
        )

    def test_only_income_takes_the_default(self):
        cases = (
            ("income", False),
            ("income_other", False),
            ("expense", True),
            ("expense_direct_cost", True),
            ("liability_current", True),
            ("liability_non_current", True),
            ("asset_current", True),
            ("equity", True),
        )
        for number, (account_type, is_told) in enumerate(cases):
            account = self.make_account(f"90990{number}", account_type, False)
            invoice = self.make_lines({"price_unit": 1, "account_id": account.id})
            with self.subTest(account_type):
                self.assertEqual(bool(problem_texts(invoice)), is_told)

    def test_blocked_gl_account_is_told(self):
        invoice = self.make_lines({"price_unit": 1})
        gl_account = self.company.sudo().exact_gl_account_id
        for name in ("active", "is_bookable"):
            gl_account[name] = False
            [text] = problem_texts(invoice)
            with self.subTest(name):
                self.assertIn("is blocked there or takes no entry lines", text)
                self.assertIn(self.revenue.code, text)
            gl_account[name] = True
        self.assertEqual(problem_texts(invoice), [])

    def test_fixed_tax_without_a_gl_account_names_its_own_account(self):
        account = self.make_account("440900", "liability_current", mapped=False)
        recupel = self.make_tax(
            0.5,
            name="Recupel",
            amount_type="fixed",
            sequence=0,
            include_base_amount=True,
        )
        repartition = recupel.repartition_line_ids
        repartition.filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = account
        invoice = self.make_lines({"price_unit": 10, "tax": recupel + self.tax_21})
        [text] = problem_texts(invoice)
        self.assertIn("Account 440900", text)
        self.make_gl_account(account)
        self.assert_accounts(invoice)

    # === OTHER JOURNAL ITEMS === #

    def make_shared_fixed(self, *shares):
        """Make a fixed tax whose amount goes to several accounts."""
        tax = self.make_tax(0.25, name="Fund", amount_type="fixed", sequence=0)
        commands = [
            Command.clear(),
            Command.create({"repartition_type": "base"}),
            *(
                Command.create(
                    {
                        "repartition_type": "tax",
                        "factor_percent": share,
                        "account_id": account and account.id,
                    }
                )
                for share, account in shares
            ),
        ]
        tax.write(
            {
                "invoice_repartition_line_ids": commands,
                "refund_repartition_line_ids": commands,
            }
        )
        return tax

    def test_fixed_tax_on_two_accounts(self):
        first = self.make_account("440901", "liability_current")
        second = self.make_account("440902", "liability_current")
        tax = self.make_shared_fixed((50, first), (50, second))
        for move_type in ("out_invoice", "out_refund"):
            invoice = self.make_lines(
                {"price_unit": 10, "tax": tax + self.tax_21},
                {"price_unit": 5, "quantity": 3, "tax": tax + self.tax_6},
                move_type=move_type,
            )
            with self.subTest(move_type):
                self.assert_accounts(invoice)

    def test_fixed_tax_on_the_account_of_the_line(self):
        other = self.revenue.copy({"code": "700901"})
        tax = self.make_shared_fixed((100, None))
        invoice = self.make_lines(
            {"price_unit": 10, "tax": tax + self.tax_21},
            {"price_unit": 5, "tax": tax + self.tax_21, "account_id": other.id},
        )
        self.assert_accounts(invoice)

    def test_fixed_tax_taken_back_at_another_vat_rate(self):
        account = self.make_account("440903", "liability_current")
        tax = self.make_shared_fixed((100, account))
        invoice = self.make_lines(
            {"price_unit": 10, "quantity": 2, "tax": tax + self.tax_21},
            {"price_unit": 5, "quantity": -2, "tax": tax + self.tax_6},
        )
        self.assert_accounts(invoice)
        amounts = [
            row.amount
            for row in SalesEntryMapper(invoice).lines
            if row.account == account
        ]
        self.assertEqual(amounts, [Decimal("0.50"), Decimal("-0.50")])

    def test_account_of_a_fixed_tax_changed_on_the_invoice(self):
        account = self.make_account("440904", "liability_current")
        other = self.make_account("440905", "liability_current")
        tax = self.make_shared_fixed((100, account))
        invoice = self.make_lines(
            {"price_unit": 10, "tax": tax + self.tax_21}, post=False
        )
        item = invoice.line_ids.filtered(lambda item: item.tax_line_id == tax)
        item.account_id = other
        invoice.action_post()
        self.assertEqual(item.account_id, other)
        self.assert_accounts(invoice)

    def test_items_of_another_add_on_go_as_they_are(self):
        """As the cost of goods, which stock adds to an invoice."""
        cost = self.make_account("604900", "expense_direct_cost")
        stock = self.make_account("340900", "asset_current")
        invoice = self.make_lines({"price_unit": 100}, post=False)
        common = {"move_id": invoice.id, "display_type": "cogs", "name": "Cost"}
        self.lists["account.move.line"].create(
            [
                {**common, "account_id": cost.id, "debit": 60, "tax_ids": False},
                {**common, "account_id": stock.id, "credit": 60, "tax_ids": False},
            ]
        )
        invoice.action_post()
        self.assert_accounts(invoice)
        self.assertEqual(len(SalesEntryMapper(invoice).lines), 3)

    def test_cash_discount_of_belgium(self):
        term = self.lists["account.payment.term"].create(
            {
                "name": "2% within 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 30})],
            }
        )
        invoice = self.make_lines({"price_unit": 100}, invoice_payment_term_id=term.id)
        for item in invoice.line_ids:
            if item.display_type == "epd":
                self.make_gl_account(item.account_id)
        self.assert_accounts(invoice)
