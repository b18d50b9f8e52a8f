import json
from urllib.parse import urlencode

from odoo import Command
from odoo.tests import tagged

from ..mappers.sales_entry import SalesEntryMapper
from ..sync.code_lists import CodeLists, fetch_list
from ..sync.connection import open_client
from .common import API_URL, ExactCommon

# A payment condition that only says when all is due.
PLAIN = {"payment_method": "B", "share": 1}


@tagged("post_install", "-at_install")
class TestMapping(ExactCommon):
    """What is chosen by itself, and what keeps an invoice from going by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_sudo = cls.company.sudo()
        cls.own = {"company_id": cls.company.id}
        cls.lists = cls.company_sudo.env
        cls.company_sudo.exact_gl_account_id.code = "700999"

    # === PROPOSALS === #

    def make_gl_account(self, code, account=None, **values):
        """Make a G/L account; of an account of Odoo one that means the same."""
        if account:
            values = {"name": account.name, "account_type": 110, **values}
        return self.lists["exact.gl.account"].create(
            {**self.own, "code": code, "is_bookable": True, **values}
        )

    def test_account_gets_the_gl_account_of_equal_code_and_meaning(self):
        account = self.company_data["default_account_revenue"]
        other = account.sudo().copy({"code": "705999"})
        receivable = self.company_data["default_account_receivable"]
        equal = self.make_gl_account(account.code, account)
        self.make_gl_account(receivable.code, receivable)
        CodeLists(self.company_sudo).fill_defaults()
        self.assertEqual(account.exact_gl_account_id, equal)
        self.assertFalse(other.exact_gl_account_id)
        self.assertFalse(receivable.exact_gl_account_id)

    def test_equal_code_alone_is_not_mapped(self):
        account = self.company_data["default_account_revenue"]
        for values in (
            {"name": "Omzet diensten EU"},
            {"account_type": 27},
            {"name": False},
        ):
            gl_account = self.make_gl_account(account.code, account, **values)
            CodeLists(self.company_sudo).fill_defaults()
            with self.subTest(values):
                self.assertFalse(account.exact_gl_account_id)
            gl_account.unlink()

    def test_chosen_and_refused_gl_accounts_are_left_alone(self):
        account = self.company_data["default_account_revenue"].sudo()
        other = account.copy({"code": "705999"})
        chosen = self.make_gl_account("999")
        account.exact_gl_account_id = chosen
        self.make_gl_account(account.code, account)
        self.make_gl_account(other.code, other, is_bookable=False)
        CodeLists(self.company_sudo).fill_defaults()
        self.assertEqual(account.exact_gl_account_id, chosen)
        self.assertFalse(other.exact_gl_account_id)

    def make_term(self, days, **values):
        line = {"value": "percent", "value_amount": 100, "nb_days": days, **values}
        return self.lists["account.payment.term"].create(
            {"name": f"{days} days", "line_ids": [Command.create(line)]}
        )

    def test_payment_term_gets_the_only_condition_of_its_days(self):
        conditions = self.lists["exact.payment.condition"]
        for code, days, months in (("A", 17, 0), ("B", 18, 0), ("C", 18, 0)):
            conditions.create(
                {
                    **self.own,
                    "code": code,
                    "payment_days": days,
                    "end_of_months": months,
                    **PLAIN,
                }
            )
        conditions.create(
            {
                **self.own,
                "code": "D",
                "payment_days": 17,
                "end_of_months": 1,
                **PLAIN,
            }
        )
        sure, doubtful = self.make_term(17), self.make_term(18)
        end_of_month = self.make_term(17, delay_type="days_after_end_of_month")
        end_of_next = self.make_term(17, delay_type="days_after_end_of_next_month")
        CodeLists(self.company_sudo).fill_defaults()
        self.assertEqual(sure.exact_payment_condition_id.code, "A")
        self.assertFalse(doubtful.exact_payment_condition_id)
        self.assertFalse(end_of_month.exact_payment_condition_id)
        self.assertEqual(end_of_next.exact_payment_condition_id.code, "D")

    def test_payment_condition_is_equal_in_all_that_it_means(self):
        """The only one of 30 days may collect the money, or give a discount."""
        conditions = self.lists["exact.payment.condition"]
        for values in (
            {"payment_method": "I"},
            {"payment_method": "K"},
            {"payment_method": False},
            {"share": 0.5},
            {"share": 0},
            {"discount_percentage": 0.02, "discount_days": 8},
            {"discount_percentage": 2, "discount_days": 8},
            {"discount_type": "K"},
            {"end_of_months": 1},
        ):
            conditions.search([]).unlink()
            plain = {**self.own, "code": "A", "payment_days": 17, **PLAIN}
            conditions.create({**plain, **values})
            term = self.make_term(17)
            CodeLists(self.company_sudo).fill_defaults()
            with self.subTest(values=values):
                self.assertFalse(term.exact_payment_condition_id)
            conditions.create({**plain, "code": "B"})
            CodeLists(self.company_sudo).fill_defaults()
            with self.subTest(values=values, plain=True):
                self.assertEqual(term.exact_payment_condition_id.code, "B")

    def test_term_with_a_discount_gets_the_condition_with_the_same_one(self):
        conditions = self.lists["exact.payment.condition"]
        for code, discount, days, calculation in (
            ("A", 0, 0, False),
            ("B", 0.02, 8, "I"),
            ("C", 0.02, 8, "E"),
            ("D", 0.02, 10, "E"),
            ("E", 0.03, 8, "E"),
        ):
            conditions.create(
                {
                    **self.own,
                    "code": code,
                    "payment_days": 17,
                    "discount_percentage": discount,
                    "discount_days": days,
                    "discount_calculation": calculation,
                    **PLAIN,
                }
            )
        term = self.make_term(17)
        term.write(
            {
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 8,
                "early_pay_discount_computation": "excluded",
            }
        )
        CodeLists(self.company_sudo).fill_defaults()
        self.assertEqual(term.exact_payment_condition_id.code, "C")

    def test_term_in_parts_gets_no_condition(self):
        condition = {**self.own, "code": "A", "payment_days": 17, **PLAIN}
        self.lists["exact.payment.condition"].create(condition)
        term = self.lists["account.payment.term"].create(
            {
                "name": "30% now",
                "line_ids": [
                    Command.create({"value_amount": 30, "nb_days": 0}),
                    Command.create({"value_amount": 70, "nb_days": 17}),
                ],
            }
        )
        CodeLists(self.company_sudo).fill_defaults()
        self.assertFalse(term.exact_payment_condition_id)

    def test_what_was_cleared_on_purpose_stays_empty(self):
        account = self.company_data["default_account_revenue"].sudo()
        self.make_gl_account(account.code, account)
        term = self.make_term(17)
        condition = {**self.own, "code": "17", "payment_days": 17, **PLAIN}
        self.lists["exact.payment.condition"].create(condition)
        tax = self.tax_21.sudo()
        chosen = tax.exact_vat_code_id
        tax.exact_vat_code_id = False
        mappings = (
            (account.with_company(self.company), "exact_gl_account_id"),
            (term.with_company(self.company), "exact_payment_condition_id"),
            (tax, "exact_vat_code_id"),
        )
        CodeLists(self.company_sudo).fill_defaults()
        for record, name in mappings:
            self.assertTrue(record[name], name)
            record[name] = False
        CodeLists(self.company_sudo).fill_defaults()
        for record, name in mappings:
            self.assertFalse(record[name], name)
        # What was chosen by hand and cleared later is nobody's default either.
        tax.exact_was_mapped = False
        tax.exact_vat_code_id = chosen
        CodeLists(self.company_sudo).fill_defaults()
        tax.exact_vat_code_id = False
        CodeLists(self.company_sudo).fill_defaults()
        self.assertFalse(tax.exact_vat_code_id)

    # === CREDIT NOTES === #

    def make_journal(self, code):
        return self.lists["exact.journal"].create({**self.own, "code": code})

    def test_credit_notes_go_to_the_journal_of_the_company_for_them(self):
        self.company_sudo.exact_credit_journal_id = self.make_journal("701")
        invoice = self.make_invoice()
        refund = self.make_invoice(move_type="out_refund")
        self.assertEqual(SalesEntryMapper(invoice).journal.code, "700")
        self.assertEqual(SalesEntryMapper(refund).journal.code, "701")

    def test_the_odoo_journal_comes_before_the_company(self):
        self.company_sudo.exact_credit_journal_id = self.make_journal("701")
        refund = self.make_invoice(move_type="out_refund")
        journal = refund.journal_id.sudo()
        journal.exact_journal_id = self.make_journal("710")
        self.assertEqual(SalesEntryMapper(refund).journal.code, "710")
        journal.exact_credit_journal_id = self.make_journal("711")
        self.assertEqual(SalesEntryMapper(refund).journal.code, "711")

    def test_prefix_of_credit_notes_is_for_a_shared_journal_only(self):
        refund = self.make_invoice(move_type="out_refund")
        self.assertTrue(str(SalesEntryMapper(refund).entry_number).startswith("269"))
        self.company_sudo.exact_credit_journal_id = self.make_journal("701")
        number = str(SalesEntryMapper(refund).entry_number)
        self.assertTrue(number.startswith("26") and not number.startswith("269"))

    # === OFF === #

    def post_by_itself(self):
        self.company_sudo.exact_trigger = "posted"
        return self.make_invoice()

    def test_invoice_goes_by_itself_unless_switched_off(self):
        self.assertEqual(self.post_by_itself().exact_state, "pending")

    def test_journal_that_is_off_waits_for_the_button(self):
        journal = self.company_data["default_journal_sale"].sudo()
        journal.exact_manual_only = True
        invoice = self.post_by_itself()
        self.assertFalse(invoice.exact_state)
        invoice.action_exact_send()
        self.assertEqual(invoice.exact_state, "pending")

    def test_customer_that_is_off_waits_for_the_button(self):
        self.customer.sudo().with_company(self.company).exact_manual_only = True
        invoice = self.post_by_itself()
        self.assertFalse(invoice.exact_state)
        invoice.action_exact_send()
        self.assertEqual(invoice.exact_state, "pending")

    def test_customer_is_off_in_one_company_only(self):
        other = self.company_sudo.create({"name": "Other"})
        self.customer.sudo().with_company(other).exact_manual_only = True
        self.assertEqual(self.post_by_itself().exact_state, "pending")

    # === LONG LISTS === #

    def test_20000_gl_accounts_take_20_calls(self):
        url = f"{API_URL}/bulk/Financial/GLAccounts"
        rows = [
            {"ID": f"guid-{n}", "Code": str(n), "Description": f"A{n}", "Type": 110}
            for n in range(100_000, 120_000)
        ]

        def page(request):
            start = int(request.params.get("$skiptoken", 0))
            answer = {"results": rows[start : start + 1000]}
            if start + 1000 < len(rows):
                token = urlencode({"$skiptoken": start + 1000})
                answer["__next"] = f"{url}?{token}"
            return 200, {}, json.dumps({"d": answer})

        model = self.lists["exact.gl.account"]
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.add_callback("GET", url, page, content_type="application/json")
            with open_client(self.company_sudo.exact_connection_id) as client:
                fetch_list(self.company_sudo, "exact.gl.account", client)
        self.assertEqual(len(self.calls), 20)
        self.assertIn("%24select=", self.calls[0].request.url)
        self.assertEqual(
            model.search_count([("company_id", "=", self.company.id)]), 20_000
        )
        # What was there before and is not in Exact is archived, never deleted.
        self.assertFalse(self.company_sudo.exact_gl_account_id.active)
