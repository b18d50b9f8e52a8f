from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import BaseCase

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..booking.gl_mapping import AccountFacts, Chart, GLFacts
from ..mappers.sales_entry import SalesEntryMapper
from ..mappers.used_accounts import UsedAccounts
from .common import problem_texts
from .kinds import KindsCommon

GOODS_BE = ("Sales of Goods in Belgium", "Verkoop van goederen in België")
ADVANCE_BE = ("Advance Payments on Contracts in Progress",)


@tagged("post_install", "-at_install")
class TestGLMapping(BaseCase):
    """Proposals without Odoo."""

    def propose(self, code, account_type, names, *rows):
        chart = Chart(
            GLFacts(key=row[0], code=row[0], name=row[1], gl_type=row[2])
            for row in rows
        )
        return chart.propose(AccountFacts(code, account_type, tuple(names)))

    def test_certain_is_equal_code_type_and_meaning(self):
        for code, account_type, names, row in (
            (
                "700000",
                "income",
                GOODS_BE,
                ("700000", "Verkopen van handelsgoederen", 110),
            ),
            ("700000", "income", GOODS_BE, ("700000", "Ventes de marchandises", 110)),
            ("7000", "income", GOODS_BE, ("700000", "Verkopen goederen", 110)),
            (
                "460000",
                "liability_current",
                ADVANCE_BE,
                ("460000", "Ontvangen vooruitbetalingen", 21),
            ),
            (
                "460000",
                "liability_current",
                ADVANCE_BE,
                ("460000", "Acomptes reçus", 90),
            ),
            (
                "657000",
                "expense",
                ("Financial Discounts Allowed",),
                ("657000", "Toegekende financiële kortingen", 120),
            ),
            (
                "757000",
                "income_other",
                ("Obtained Financial Discounts",),
                ("757000", "Escomptes obtenus", 160),
            ),
            (
                "657100",
                "expense",
                ("Negative Payment Differences",),
                ("657100", "Betalingsverschillen", 121),
            ),
            (
                "709000",
                "income_other",
                ("Rounding of Payments in Euros",),
                ("709000", "Afrondingsverschillen", 110),
            ),
            (
                "140500",
                "liability_current",
                ("Invoiced amounts in advance",),
                ("1405", "Vooruit gefactureerd", 90),
            ),
            (
                "800200",
                "income",
                ("Turnover within EU trade goods 1",),
                ("8002", "Omzet handelsgoederen binnen EU 1", 110),
            ),
            (
                "800500",
                "income",
                ("Turnover NL services 1",),
                ("8005", "Dienstverlening 1", 110),
            ),
        ):
            proposal = self.propose(code, account_type, names, row)
            with self.subTest(row):
                self.assertEqual(
                    (proposal.confidence, proposal.key), ("certain", row[0])
                )

    def test_equal_code_with_another_name_is_doubtful(self):
        for names, name in (
            (("Turnover NL trade goods 1",), "Omzet diensten EU"),
            (("Turnover NL trade goods 1",), "Omzet handelsgoederen 2"),
            (
                ("Turnover within EU trade goods 1",),
                "Omzet handelsgoederen buiten EU 1",
            ),
            (("Services in Belgium",), "Verkopen binnen de EU"),
            (GOODS_BE, "Ristorno"),
            (("Financial Discounts Allowed",), "Verkregen financiële kortingen"),
            (("Something Odd",), "Iets raars"),
        ):
            proposal = self.propose("8001", "income", names, ("8001", name, 110))
            with self.subTest(name):
                self.assertEqual(
                    (proposal.confidence, proposal.reason, proposal.key),
                    ("doubtful", "other_name", "8001"),
                )

    def test_equal_code_of_another_type_is_doubtful(self):
        for account_type, gl_type in (
            ("income", 27),
            ("income", 121),
            ("expense", 110),
            ("liability_current", 110),
            ("liability_current", 30),
            ("asset_current", 55),
            ("income", 0),
            ("income", 90),
        ):
            proposal = self.propose(
                "8001", account_type, GOODS_BE, ("8001", GOODS_BE[0], gl_type)
            )
            with self.subTest(account_type=account_type, gl_type=gl_type):
                self.assertEqual(
                    (proposal.confidence, proposal.reason), ("doubtful", "other_type")
                )

    def test_equal_name_with_another_code_is_a_hint(self):
        row = ("461000", "Ontvangen vooruitbetalingen", 21)
        proposal = self.propose("460000", "liability_current", ADVANCE_BE, row)
        self.assertEqual(
            (proposal.confidence, proposal.reason, proposal.key),
            ("doubtful", "name", "461000"),
        )
        twin = ("462000", "Voorschotten", 21)
        proposal = self.propose("460000", "liability_current", ADVANCE_BE, row, twin)
        self.assertEqual(
            (proposal.confidence, proposal.reason, proposal.codes),
            ("none", "several", ("461000", "462000")),
        )

    def test_nothing_alike_is_the_default_or_a_choice(self):
        row = ("1", "Kas", 90)
        for account_type, reason in (("income", "default"), ("expense", "nothing")):
            proposal = self.propose("700000", account_type, GOODS_BE, row)
            self.assertEqual((proposal.confidence, proposal.reason), ("none", reason))

    def test_padded_codes_that_are_not_unique_are_no_equal_code(self):
        rows = (("4600", "A", 90), ("46000", "B", 90))
        proposal = self.propose("460000", "liability_current", ADVANCE_BE, *rows)
        self.assertIsNone(proposal.key)


class GLChartCase(AccountTestInvoicingCommon):
    """A company with the chart of a country, and a division with a chart of Exact."""

    gl_accounts = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company.sudo()
        cls.env = cls.env(su=True)
        cls.env["exact.gl.account"].create(
            [
                {
                    "company_id": cls.company.id,
                    "code": code,
                    "name": name,
                    "account_type": gl_type,
                    "is_bookable": True,
                }
                for code, name, gl_type in cls.gl_accounts
            ]
        )
        cls.company.exact_gl_account_id = cls.env["exact.gl.account"].search(
            [], limit=1
        )

    def find(self, code):
        return self.env["account.account"].search([("code", "=", code)])

    def check_mapping(self, expected):
        self.env["account.account"]._exact_map(self.company)
        for code, gl_code in expected.items():
            with self.subTest(code):
                account = self.find(code)
                self.assertTrue(account)
                self.assertEqual(account.exact_gl_account_id.code or None, gl_code)

    def check_defaults_of_odoo(self):
        """Each account that a default sale can touch is mapped, income, or named."""
        used = UsedAccounts(self.company).find()
        self.assertTrue(used)
        for account in used:
            with self.subTest(account.code):
                self.assertTrue(
                    account.exact_gl_account_id
                    or account.account_type in ("income", "income_other")
                    or account.exact_proposal_reason
                )
        missing = UsedAccounts(self.company).needed.filtered(
            lambda one: (
                not one.exact_gl_account_id
                and one.account_type not in ("income", "income_other")
            )
        )
        state, message, _where = self.env["exact.check"]._judge_gl_account(self.company)
        self.assertEqual(state, "error" if missing else "ok", message)
        for account in missing[:5]:
            self.assertIn(account.code, message)

    def check_invoice_on_each(self, codes):
        """Each of these accounts arrives on its own, on the default, or is named.

        :param codes: accounts that a sale books by the settings of the chart; an
            accountant would choose those of roundings and discounts.
        """
        accounts = self.env["account.account"].union(*map(self.find, codes))
        self.assertEqual(sorted(accounts.mapped("code")), sorted(codes))
        accounts |= UsedAccounts(self.company).find()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Line", "price_unit": 1, "account_id": account.id}
                    )
                    for account in accounts
                ],
            }
        )
        invoice.action_post()
        told = "\n".join(problem_texts(invoice))
        rows = {row.account: row.gl_account for row in SalesEntryMapper(invoice).lines}
        self.assertEqual(self.env["account.account"].union(*rows), accounts)
        for account, gl_account in rows.items():
            name = f"Account {account.code} {account.name}"
            mapped = account.exact_gl_account_id
            with self.subTest(account.code):
                self.assertEqual(name in told, not gl_account)
                if mapped:
                    self.assertEqual(gl_account, mapped)
                elif gl_account:
                    self.assertEqual(gl_account, self.company.exact_gl_account_id)
                    self.assertIn(account.account_type, ("income", "income_other"))
        # Once they are booked, the readiness list names them as well.
        needed = [account for account, found in rows.items() if not found]
        state, message, _where = self.env["exact.check"]._judge_gl_account(self.company)
        self.assertEqual(state, "error" if needed else "ok", message)
        self.assertTrue(not needed or any(one.code in message for one in needed))
        return told


@tagged("post_install_l10n", "post_install", "-at_install")
class TestGLBelgium(GLChartCase):
    gl_accounts = (
        ("700000", "Verkopen van handelsgoederen", 110),
        ("700100", "Verkopen binnen de EU", 110),
        ("460000", "Ontvangen vooruitbetalingen", 21),
        ("657000", "Toegekende financiële kortingen", 120),
        ("657100", "Negatieve betalingsverschillen", 120),
        ("757000", "Verkregen financiële kortingen", 160),
        ("757100", "Positieve betalingsverschillen", 140),
        ("708000", "Toegekende kortingen", 110),
        ("493000", "Over te dragen opbrengsten", 27),
    )

    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("be_comp")
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()

    def test_accounts_of_sales_are_mapped(self):
        self.check_mapping(
            {
                "700000": "700000",
                "700100": None,
                "460000": "460000",
                "493000": "493000",
                "657000": "657000",
                "657100": "657100",
                "757000": "757000",
                "757100": "757100",
                "708000": "708000",
                "451000": None,
            }
        )

    def test_default_sales_are_mapped_or_named(self):
        for code in ("460000", "657100"):
            self.find(code).with_company(self.company).exact_gl_account_id = False
        own = [("type_tax_use", "=", "sale"), ("company_id", "=", self.company.id)]
        tax = self.env["account.tax"].search(own, limit=1)
        recupel = tax.copy({"amount_type": "fixed", "amount": 1, "name": "Recupel"})
        repartition = recupel.repartition_line_ids
        repartition.filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = self.find("460000").copy(
            {"code": "440900", "company_ids": self.company.ids, "name": "Recupel"}
        )
        self.check_defaults_of_odoo()
        self.env["account.account"]._exact_map(self.company)
        self.check_defaults_of_odoo()

    def test_each_account_of_a_default_sale_arrives_or_is_named(self):
        codes = (
            *("700000", "700100", "460000", "493000"),
            *("657000", "657100", "757000", "757100", "708000"),
        )
        told = self.check_invoice_on_each(codes)
        self.assertIn("Account 460000", told)
        self.assertNotIn("Account 700100", told)
        self.env["account.account"]._exact_map(self.company)
        told = self.check_invoice_on_each(codes)
        self.assertFalse([code for code in codes if f"Account {code}" in told])


@tagged("post_install_l10n", "post_install", "-at_install")
class TestGLNetherlands(GLChartCase):
    gl_accounts = (
        ("8001", "Omzet handelsgoederen 1", 110),
        ("8002", "Omzet diensten binnen EU", 110),
        ("8005", "Omzet diensten 1", 110),
        ("1405", "Vooruit gefactureerde bedragen", 90),
        ("8065", "Betalingskorting debiteuren", 110),
        ("7065", "Betalingskorting crediteuren", 111),
    )

    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("nl")
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()

    def test_accounts_of_sales_are_mapped(self):
        self.check_mapping(
            {
                "800100": "8001",
                "800200": None,
                "800500": "8005",
                "140500": "1405",
                "806500": "8065",
                "706500": "7065",
                "801100": None,
            }
        )

    def test_default_sales_are_mapped_or_named(self):
        self.check_defaults_of_odoo()

    def test_each_account_of_a_default_sale_arrives_or_is_named(self):
        codes = ("800100", "800200", "800500", "140500", "806500", "706500", "496000")
        told = self.check_invoice_on_each(codes)
        self.assertIn("Account 140500", told)
        self.assertNotIn("Account 800500", told)
        self.env["account.account"]._exact_map(self.company)
        # Of this one the division has none.
        told = self.check_invoice_on_each(codes)
        self.assertIn("Account 496000", told)
        self.assertNotIn("Account 140500", told)


@tagged("post_install", "-at_install")
class TestUsedAccounts(KindsCommon):
    """The mapping screen and the readiness list know what invoices use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_sudo = cls.company.sudo()
        cls.counter = 0

    def make_account(self, account_type="liability_current"):
        type(self).counter += 1
        return self.lists["account.account"].create(
            {
                "code": f"4609{self.counter:02}",
                "name": f"Used {self.counter}",
                "account_type": account_type,
                "company_ids": self.company.ids,
            }
        )

    def get_used(self):
        return UsedAccounts(self.company_sudo).find()

    def judge(self):
        """Return the line of the readiness list."""
        checks = self.lists["exact.check"]
        state, message, location = checks._judge_gl_account(self.company_sudo)
        return checks.new(
            {"state": state, "message": message, "fix_location": location}
        )

    def assert_used(self, account, is_needed=True):
        self.assertIn(account, self.get_used())
        found = self.lists["account.account"].search([("is_exact_used", "=", True)])
        self.assertIn(account, found)
        self.assertTrue(account.is_exact_used)
        check = self.judge()
        if is_needed:
            self.assertEqual(
                (check.state, check.fix_location), ("error", "gl_accounts")
            )
            self.assertIn(account.display_name, check.message)
        else:
            self.assertEqual(check.state, "ok", check.message)

    def test_nothing_but_income_needs_no_mapping(self):
        self.assertEqual(self.judge().state, "ok", self.judge().message)

    def test_account_of_a_posted_invoice(self):
        account = self.make_account()
        self.make_lines({"price_unit": 10, "account_id": account.id})
        self.assert_used(account)

    def test_account_of_an_invoice_older_than_a_year_is_not_used(self):
        account = self.make_account()
        self.make_lines(
            {"price_unit": 10, "account_id": account.id},
            invoice_date=date(2025, 3, 1),
            date=date(2025, 3, 1),
        )
        self.assertNotIn(account, self.get_used())

    def test_accounts_of_customers_and_of_vat_are_not_used(self):
        self.make_lines({"price_unit": 10})
        used = self.get_used()
        self.assertNotIn(self.company_data["default_account_receivable"], used)
        self.assertNotIn(self.company_data["default_account_tax_sale"], used)

    def test_account_of_a_journal(self):
        account = self.make_account()
        journal = self.company_data["default_journal_sale"].sudo()
        journal.default_account_id = account
        self.assert_used(account)

    def test_account_of_a_fixed_tax(self):
        account = self.make_account()
        tax = self.make_tax(1, name="Bebat", amount_type="fixed")
        tax.repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = account
        self.assert_used(account)

    def test_accounts_of_products_categories_and_positions(self):
        product, category, other = (self.make_account() for _index in range(3))
        self.lists["product.product"].create(
            {"name": "Hops", "property_account_income_id": product.id}
        )
        self.lists["product.category"].create(
            {"name": "Hops", "property_account_income_categ_id": category.id}
        )
        self.lists["account.fiscal.position"].create(
            {
                "name": "Elsewhere",
                "account_ids": [
                    Command.create(
                        {"account_src_id": product.id, "account_dest_id": other.id}
                    )
                ],
            }
        )
        for account in (product, category, other):
            self.assert_used(account)

    def test_account_of_discounts(self):
        account = self.make_account("expense")
        self.company_sudo.account_discount_expense_allocation_id = account
        self.assert_used(account)

    def test_accounts_of_roundings_are_shown_and_demanded_once_they_are_booked(self):
        profit, loss = (self.make_account("expense") for _index in range(2))
        rounding = self.lists["account.cash.rounding"].create(
            {
                "name": "To five cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": profit.id,
                "loss_account_id": loss.id,
            }
        )
        for account in (profit, loss):
            self.assert_used(account, is_needed=False)
        self.make_lines({"price_unit": 10.01}, invoice_cash_rounding_id=rounding.id)
        self.assert_used(loss)

    def test_accounts_of_cash_discounts_are_shown_and_not_demanded(self):
        account = self.make_account("expense")
        self.company_sudo.account_journal_early_pay_discount_loss_account_id = account
        self.lists["account.payment.term"].search([]).early_discount = False
        self.assertNotIn(account, self.get_used())
        self.lists["account.payment.term"].create(
            {"name": "2%", "early_discount": True, "discount_percentage": 2}
        )
        self.assert_used(account, is_needed=False)

    def test_readiness_leads_to_the_list_and_a_mapping_cures_it(self):
        account = self.make_account()
        self.make_lines({"price_unit": 10, "account_id": account.id})
        action = self.judge().action_exact_fix()
        self.assertEqual(action["res_model"], "account.account")
        self.make_gl_account(account)
        self.assertEqual(self.judge().state, "ok")

    def test_blocked_mapped_account_is_told(self):
        account = self.make_account()
        self.make_lines({"price_unit": 10, "account_id": account.id})
        self.make_gl_account(account)
        account.with_company(self.company).exact_gl_account_id.active = False
        check = self.judge()
        self.assertEqual((check.state, check.fix_location), ("error", "gl_accounts"))
        self.assertIn("is blocked there", check.message)

    # === SCREEN === #

    def test_accepting_fills_proposals_and_names_the_rest(self):
        clear, unclear = self.make_account(), self.make_account()
        gl_account = self.lists["exact.gl.account"].create(
            {
                **self.own,
                "code": clear.code,
                "name": "Other",
                "account_type": 90,
                "is_bookable": True,
            }
        )
        clear.name = "Advance payments"
        self.assertEqual(clear.exact_proposed_gl_account_id, gl_account)
        self.assertEqual(clear.exact_proposal_confidence, "doubtful")
        self.assertIn("another name", clear.exact_proposal_reason)
        self.assertEqual(unclear.exact_proposal_confidence, "none")
        answer = (clear + unclear).action_exact_accept_proposal()
        self.assertEqual(clear.exact_gl_account_id, gl_account)
        self.assertFalse(unclear.exact_gl_account_id)
        self.assertIn(unclear.display_name, answer["params"]["message"])
        answer = clear.action_exact_accept_proposal()
        self.assertEqual(answer["tag"], "soft_reload")

    def test_income_without_a_match_names_the_default(self):
        account = self.make_account("income")
        self.assertIn("700000", account.exact_proposal_reason)
        self.company_sudo.exact_gl_account_id = False
        account.invalidate_recordset()
        self.assertIn("or a default", account.exact_proposal_reason)

    def test_branch_is_told_where_to_choose(self):
        branch = self.lists["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        account = self.make_account()
        self.make_gl_account(account)
        with self.assertRaisesRegex(UserError, "Switch to"):
            account.with_company(branch).exact_gl_account_id = False

    def test_views_are_read_by_an_accountant(self):
        account = self.env["account.account"]
        for kind in ("list", "kanban", "search"):
            view = self.env.ref(f"comanage_exact.account_account_view_{kind}")
            arch = account.get_view(view.id, kind)["arch"]
            self.assertIn("exact_gl_account_id", arch)
