from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..mappers.sales_entry import SalesEntryMapper
from .common import ExactCommon, problem_texts


@tagged("post_install", "-at_install")
class TestNumberKinds(ExactCommon):
    """Sequences as companies have them, and the entry numbers that they get."""

    def setUp(self):
        super().setUp()
        self.settings = self.company.sudo()
        self.sales = self.company_data["default_journal_sale"].sudo()

    # === HELPERS === #

    def number(self, invoice):
        self.assertEqual(problem_texts(invoice), [])
        return SalesEntryMapper(invoice).entry_number

    def warning(self):
        self.settings.invalidate_recordset()
        return self.settings.exact_number_warning

    def use_proposal(self):
        administrator = self.env.ref("base.user_admin")
        self.settings.with_user(administrator).action_exact_use_number_format()

    def make_named(self, name, day, **values):
        return self.make_invoice(name=name, invoice_date=day, **values)

    def make_sales_journal(self, code, **values):
        revenue = self.company_data["default_account_revenue"]
        own = {"code": code, "name": code, "default_account_id": revenue.id}
        return self.sales.copy({**own, **values})

    def choose_journal(self):
        """Choose the company's sales journal as on the first day."""
        journal = self.settings.exact_journal_id
        self.settings.exact_journal_id = False
        self.settings.exact_journal_id = journal

    def make_years(self, *starts):
        """Give Exact financial years of twelve months from these first days."""
        for start in map(date.fromisoformat, starts):
            for number in range(12):
                first = start + relativedelta(months=number)
                self.settings.env["exact.period"].create(
                    {
                        "company_id": self.company.id,
                        "code": f"{start.year}-{number + 1:02}",
                        "year": start.year,
                        "number": number + 1,
                        "start_date": first,
                        "end_date": first + relativedelta(months=1, days=-1),
                    }
                )

    # === PUBLIC CASES === #

    def test_case_1_debit_note_with_a_sequence_of_its_own(self):
        invoice = self.make_invoice()
        self.assertTrue(invoice.journal_id.debit_sequence)
        debit = self.make_invoice(debit_origin_id=invoice.id)
        self.assertEqual(debit.name, "DINV/2026/00001")
        self.assertEqual(self.number(invoice), 2600001)
        self.assertEqual(self.number(debit), 26800001)
        self.assertFalse(self.warning())

    def test_debit_note_in_the_sequence_of_the_invoices(self):
        self.sales.debit_sequence = False
        invoice = self.make_invoice()
        debit = self.make_invoice(debit_origin_id=invoice.id)
        self.assertEqual(self.number(debit), 2600002)

    def test_case_2a_accounting_date_moved_behind_the_tax_lock_date(self):
        self.settings.exact_start_date = "2025-01-01"
        first = self.make_invoice(invoice_date="2025-12-10")
        self.settings.tax_lock_date = "2025-12-31"
        moved = self.make_invoice(invoice_date="2025-12-20")
        self.assertEqual(first.name, "INV/2025/00001")
        self.assertEqual(moved.name, "INV/2026/00001")
        self.assertEqual(str(moved.invoice_date), "2025-12-20")
        self.assertEqual(self.number(first), 2500001)
        self.assertEqual(self.number(moved), 2600001)
        self.assertFalse(self.warning())

    def test_case_3_numbers_that_start_again_each_month(self):
        february = self.make_named("INV/2026/02/0001", "2026-02-10")
        march = self.make_invoice(invoice_date="2026-03-10")
        self.assertEqual(march.name, "INV/2026/03/0001")
        self.assertIn("would both get entry number", self.warning())
        self.use_proposal()
        self.assertEqual(self.number(february), 26020001)
        self.assertEqual(self.number(march), 26030001)
        self.assertFalse(self.warning())

    def test_f7_journal_of_monthly_numbers_is_chosen_with_a_fitting_format(self):
        february = self.make_named("INV/2026/02/0001", "2026-02-10")
        march = self.make_invoice(invoice_date="2026-03-10")
        self.choose_journal()
        self.assertEqual(self.settings.exact_number_prefix, "{yy}{mm}")
        self.assertEqual(self.number(february), 26020001)
        self.assertEqual(self.number(march), 26030001)

    def test_f7_readiness_says_what_monthly_numbers_need(self):
        self.make_named("INV/2026/02/0001", "2026-02-10")
        checks = self.env["exact.check"].sudo()
        state, message, place = checks._judge_number(self.settings, None)
        self.assertEqual((state, place), ("warning", "company"))
        self.assertIn("has no {mm}", message)
        self.assertIn("Number Prefix of company_1_data to {yy}{mm}", message)

    def test_case_4_financial_year_from_july_to_june(self):
        self.make_years("2025-07-01", "2026-07-01")
        self.settings.write({"fiscalyear_last_day": 30, "fiscalyear_last_month": "6"})
        winter = self.make_named("INV/2025-2026/00001", "2026-02-10")
        autumn = self.make_named("INV/2026-2027/00001", "2026-09-10")
        self.choose_journal()
        self.assertEqual(self.settings.exact_number_prefix, "{yy}")
        self.assertEqual(self.number(winter), 2500001)
        self.assertEqual(self.number(autumn), 2600001)
        self.assertFalse(self.warning())

    def test_r3_same_number_in_two_financial_years_of_exact_is_no_clash(self):
        self.make_years("2025-07-01", "2026-07-01")
        self.settings.write({"fiscalyear_last_day": 30, "fiscalyear_last_month": "6"})
        self.settings.exact_number_prefix = "7"
        winter = self.make_named("INV/25-26/0500", "2026-03-10")
        autumn = self.make_named("INV/26-27/0500", "2026-12-10")
        self.assertEqual(self.number(winter), self.number(autumn))
        self.assertFalse(self.warning())
        self.settings.env["exact.period"].search([]).unlink()
        self.assertIn("70500", self.warning())

    def test_r3_start_of_a_year_range_is_its_year(self):
        self.settings.write({"fiscalyear_last_day": 30, "fiscalyear_last_month": "6"})
        for name, day, number in (
            ("INV/25-26/0500", "2026-03-10", 250500),
            ("INV/26-27/0500", "2026-12-10", 260500),
            ("INV/2025-2026/00007", "2026-03-10", 2500007),
            ("INV/25-26/03/0001", "2026-03-10", 250001),
        ):
            with self.subTest(name=name):
                self.assertEqual(self.number(self.make_named(name, day)), number)

    def test_case_26_number_of_ten_digits(self):
        for prefix in ("", "{yy}"):
            self.settings.exact_number_prefix = prefix
            invoice = self.make_named("2026000123", "2026-03-10")
            with self.subTest(prefix=prefix):
                self.assertEqual(self.number(invoice), 2026000123)
            invoice.button_draft()
            invoice.name = False
            invoice.button_cancel()

    def test_case_31_other_numbers_before_the_start_date(self):
        self.settings.exact_start_date = "2026-03-01"
        self.make_named("F/2026/00001", "2026-01-10")
        self.make_named("INV/2026/00001", "2026-03-10")
        self.choose_journal()
        self.assertEqual(self.settings.exact_number_prefix, "{yy}")
        self.assertFalse(self.warning())

    # === WHO MAY GO === #

    def test_case_31_journal_that_is_off_clashes_with_nobody(self):
        other = self.make_sales_journal("OFF", exact_manual_only=True)
        other.exact_number_prefix = False
        self.make_invoice()
        moved = self.make_invoice(journal_id=other.id)
        self.assertFalse(self.warning())
        # Sent manually it may go nevertheless.
        moved.action_exact_send()
        self.assertIn("OFF/2026/00001", self.warning())

    def test_case_31_customer_that_is_off_clashes_with_nobody(self):
        other = self.make_sales_journal("OFF")
        other.exact_number_prefix = False
        partner = self.customer.sudo().copy({"name": "Never to Exact"})
        partner.sudo().with_company(self.company).exact_manual_only = True
        self.make_invoice()
        self.make_invoice(journal_id=other.id, partner_id=partner.id)
        self.assertFalse(self.warning())

    def test_r4_opening_item_without_digits(self):
        invoice = self.make_named("Opening Jansen", "2026-03-01")
        self.choose_journal()
        self.assertTrue(self.settings.exact_journal_id)
        self.assertFalse(self.warning())
        self.assertEqual(
            problem_texts(invoice),
            [
                "Opening Jansen has no digits for an Exact Online entry number. Book "
                "it in Exact Online manually, then click “Already in Exact Online?” "
                "to link it."
            ],
        )

    def test_booked_invoice_keeps_its_number_in_the_judgement(self):
        booked, other = self.make_invoice(), self.make_invoice()
        booked.action_exact_send()
        outbox = booked.sudo().exact_outbox_id
        outbox.write(
            {"state": "sent", "exact_number": "72600002", "exact_journal": "700"}
        )
        self.settings.exact_number_prefix = "7{yy}"
        self.assertIn(f"{booked.name} and {other.name} would both", self.warning())

    # === JOURNALS === #

    def test_r1_month_and_year_of_a_yearly_number_are_those_of_its_date(self):
        self.settings.exact_number_prefix = "{yyyy}{mm}"
        invoice = self.make_named("INV/2026/0017", "2026-03-10")
        self.assertEqual(self.number(invoice), 2026030017)

    def test_number_without_year_takes_that_of_the_accounting_date(self):
        invoice = self.make_named("F00017", "2026-03-10")
        self.assertEqual(self.number(invoice), 2600017)

    def test_r2_new_sales_journal_gets_a_format_of_its_own(self):
        web = self.make_sales_journal("WEB")
        self.assertEqual(web.exact_number_prefix, "{yy}1")
        self.assertEqual(self.number(self.make_invoice()), 2600001)
        self.assertEqual(self.number(self.make_invoice(journal_id=web.id)), 26100001)
        refund = self.make_invoice(move_type="out_refund", journal_id=web.id)
        other = self.make_invoice(move_type="out_refund")
        self.assertNotEqual(self.number(refund), self.number(other))
        self.assertFalse(self.warning())

    def test_r2_two_journals_that_clash_and_the_button(self):
        web = self.make_sales_journal("WEB")
        web.write(
            {
                "exact_number_prefix": False,
                "exact_credit_note_prefix": False,
                "exact_debit_note_prefix": False,
            }
        )
        first, second = self.make_invoice(), self.make_invoice(journal_id=web.id)
        self.assertIn(
            f"{second.name} and {first.name} would both get entry number 2600001",
            self.warning(),
        )
        # Any setting can still be saved.
        self.settings.write({"exact_gl_account_id": self.settings.exact_gl_account_id})
        web.invalidate_recordset()
        self.assertIn("would both get", web.exact_number_warning)
        web.action_exact_use_number_format()
        self.assertFalse(self.warning())
        self.assertEqual(self.settings.exact_number_prefix, "{yy}")
        self.assertNotEqual(self.number(first), self.number(second))

    def test_r2_branch_with_a_journal_of_its_own(self):
        branch = self.settings.create({"name": "Gent", "parent_id": self.company.id})
        self.cr.precommit.run()
        own = self.make_sales_journal("GENT", company_id=branch.id)
        self.assertEqual(own.exact_number_prefix, "{yy}1")

    def test_formats_of_a_journal_come_before_those_of_the_company(self):
        self.sales.write(
            {
                "exact_number_prefix": "5{yy}",
                "exact_number_suffix": "0",
                "exact_credit_note_prefix": "6{yy}",
                "exact_debit_note_prefix": "7{yy}",
            }
        )
        invoice = self.make_invoice()
        self.assertEqual(self.number(invoice), 526000010)
        debit = self.make_invoice(debit_origin_id=invoice.id)
        self.assertEqual(self.number(debit), 726000010)
        refund = self.make_invoice(move_type="out_refund")
        self.assertEqual(self.number(refund), 626000010)

    def test_r8_code_of_the_journal_that_the_credit_note_is_booked_in(self):
        self.settings.exact_number_prefix = "{journal}{yy}"
        self.settings.exact_credit_journal_id = self.settings.exact_journal_id.copy(
            {"code": "71"}
        )
        invoice = self.make_invoice()
        refund = self.make_invoice(move_type="out_refund")
        self.assertEqual(self.number(invoice), 700260001)
        self.assertEqual(self.number(refund), 712600001)

    def test_r8_code_of_the_gl_account(self):
        self.settings.exact_number_prefix = "{gl}"
        self.assertEqual(self.number(self.make_invoice()), 700000001)

    def test_r8_end_of_the_room_is_told_with_a_format_that_works(self):
        self.settings.exact_number_prefix = "{gl}"
        last = self.make_named("INV/2026/01000", "2026-03-10")
        self.assertIn("70000001000 is greater than", self.warning())
        self.use_proposal()
        self.assertEqual(self.number(last), 2601000)
