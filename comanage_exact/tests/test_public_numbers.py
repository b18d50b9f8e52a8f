from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..exact_api.const import MAX_ENTRY_NUMBER
from ..mappers.entry_number import NumberingMapper
from ..mappers.sales_entry import SalesEntryMapper
from .common import CUSTOMER_GUID, problem_texts
from .common_period import PeriodCommon


@tagged("post_install", "-at_install")
class TestPublicCasesOfNumbers(PeriodCommon):
    """Sequences and accounting dates that others stumbled over, and their like."""

    def setUp(self):
        super().setUp()
        self.settings = self.company.sudo()
        self.settings.exact_start_date = "2025-01-01"
        self.sales = self.company_data["default_journal_sale"].sudo()

    # === HELPERS === #

    def number(self, invoice):
        self.assertEqual(problem_texts(invoice), [])
        return SalesEntryMapper(invoice).entry_number

    def period(self, invoice):
        entry = SalesEntryMapper(invoice).entry(CUSTOMER_GUID)
        return entry.reporting_year, entry.reporting_period

    def warning(self):
        self.settings.invalidate_recordset()
        return self.settings.exact_number_warning

    def make_named(self, name, day, **values):
        return self.make_invoice(name=name, invoice_date=day, **values)

    def choose_journal(self):
        """Choose the company's sales journal as on the first day."""
        journal = self.settings.exact_journal_id
        self.settings.exact_journal_id = False
        self.settings.exact_journal_id = journal

    def set_year_end(self, month, day):
        """End the financial year of Odoo on a day, and that of Exact with it."""
        self.settings.write(
            {"fiscalyear_last_month": str(month), "fiscalyear_last_day": day}
        )
        self.make_years(2025, 2026, first=month % 12 + 1)

    def assert_fit(self, *invoices, prefix=None):
        """Choose the journal, and compare all numbers: none is that of two."""
        self.choose_journal()
        if prefix is not None:
            self.assertEqual(self.settings.exact_number_prefix, prefix)
        self.assertFalse(self.warning())
        places = {}
        for invoice in invoices:
            mapper = SalesEntryMapper(invoice)
            numbering = NumberingMapper(self.settings)
            year = numbering.calendar.year_of(invoice.date)
            places.setdefault((mapper.journal, year, self.number(invoice)), invoice)
        self.assertEqual(len(places), len(invoices))
        self.assertLessEqual(max(place[2] for place in places), MAX_ENTRY_NUMBER)

    # === DEBIT NOTES === #

    def test_debit_note_of_a_debit_note(self):
        """odoo/odoo PR 168844, 121809, 146611"""
        invoice = self.make_invoice()
        debit = self.make_invoice(debit_origin_id=invoice.id)
        second = self.make_invoice(debit_origin_id=debit.id)
        refund = self.make_invoice(move_type="out_refund")
        other = self.make_invoice()
        self.assertEqual(
            (debit.name, second.name), ("DINV/2026/00001", "DINV/2026/00002")
        )
        self.assert_fit(invoice, debit, second, refund, other, prefix="{yy}")
        self.assertEqual(
            [self.number(one) for one in (invoice, debit, second, refund)],
            [2600001, 26800001, 26800002, 26900001],
        )

    def test_debit_note_of_a_credit_note(self):
        """odoo/odoo PR 146611: it takes the credit back, and is a credit note itself"""
        refund = self.make_invoice(move_type="out_refund")
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=refund.ids
        )
        debit = self.env["account.move"].browse(
            wizard.create({"copy_lines": True}).create_debit()["res_id"]
        )
        debit.invoice_date = "2026-03-10"
        debit.action_post()
        self.assert_fit(self.make_invoice(), refund, debit)

    def test_debit_notes_beside_numbers_that_start_again_each_month(self):
        """odoo/odoo PR 168844 and issue 64738"""
        first = self.make_named("INV/2026/02/0001", "2026-02-10")
        debit = self.make_named(
            "DINV/2026/02/0001", "2026-02-11", debit_origin_id=first.id
        )
        march = self.make_invoice()
        second = self.make_invoice(debit_origin_id=march.id)
        self.assertEqual(second.name, "DINV/2026/03/0001")
        self.assert_fit(first, debit, march, second, prefix="{yy}{mm}")

    # === ACCOUNTING DATE === #

    def test_invoice_moved_behind_the_tax_lock_date(self):
        """odoo/odoo PR 98231, 75650, 85397, 79682; OCA/l10n-netherlands issue 137"""
        first = self.make_invoice(invoice_date="2025-12-10")
        moved = self.make_moved("2025-12-20", "2025-12-31")
        self.assertEqual(moved.name, "INV/2026/00001")
        self.assertEqual((self.number(first), self.number(moved)), (2500001, 2600001))
        self.assertEqual(str(moved.date), "2026-03-10")
        self.assertEqual(self.period(moved), (2026, 3))
        self.assertEqual(self.period(first), (2025, 12))
        self.assert_fit(first, moved, prefix="{yy}")

    def test_other_lock_dates_move_it_likewise(self):
        """odoo/odoo PR 85397"""
        for name in ("sale_lock_date", "fiscalyear_lock_date", "hard_lock_date"):
            self.settings[name] = "2026-02-28"
            invoice = self.make_invoice(invoice_date="2026-02-20")
            with self.subTest(name=name):
                self.assertEqual(str(invoice.invoice_date), "2026-02-20")
                self.assertEqual(self.period(invoice), (2026, 3))
                self.assertEqual(self.number(invoice) // 100000, 26)
            if name != "hard_lock_date":
                self.settings[name] = False

    def test_return_that_is_filed_gets_no_more_vat(self):
        """The invoice keeps its date; its VAT is in the first open return."""
        for posted, number, period in (
            ("2026-04-05", "INV/2026/00001", (2026, 4)),
            ("2026-11-10", "INV/2026/00002", (2026, 11)),
        ):
            self.settings.tax_lock_date = False
            invoice = self.make_invoice(1000, invoice_date="2026-03-21", post=False)
            self.settings.tax_lock_date = "2026-03-31"
            with self.subTest(posted=posted), freeze_time(posted):
                invoice.action_post()
                self.assertEqual(str(invoice.invoice_date), "2026-03-21")
                self.assertEqual((invoice.name, invoice.amount_tax), (number, 210))
                self.assertEqual(str(invoice.date)[:7], f"2026-{period[1]:02}")
                self.assertEqual(self.period(invoice), period)
                entry = SalesEntryMapper(invoice).entry(CUSTOMER_GUID)
                self.assertEqual(str(entry.entry_date), "2026-03-21")

    def test_moved_behind_a_lock_date_of_a_broken_year(self):
        """odoo/odoo PR 98231, 167744: year and period are Exact's"""
        self.set_year_end(6, 30)
        first = self.make_named("INV/25-26/0001", "2025-09-10")
        moved = self.make_moved("2026-01-20", "2026-01-31")
        self.assertEqual(moved.name, "INV/25-26/0002")
        self.assertEqual((self.number(first), self.number(moved)), (250001, 250002))
        self.assertEqual(self.period(first), (2025, 3))
        self.assertEqual(self.period(moved), (2025, 8))
        self.assert_fit(first, moved)

    def test_moved_over_the_end_of_a_broken_year(self):
        """odoo/odoo PR 98231, 167744: the number is of the year it moved to"""
        self.set_year_end(6, 30)
        first = self.make_named("INV/25-26/0001", "2026-06-10")
        self.settings.tax_lock_date = "2026-06-30"
        moved = self.make_named(False, "2026-06-20")
        self.assertEqual(moved.name, "INV/26-27/0001")
        self.assertEqual((self.number(first), self.number(moved)), (250001, 260001))
        self.assertEqual(self.period(first), (2025, 12))
        self.assertEqual(self.period(moved)[0], 2026)
        self.assert_fit(first, moved)

    # === MONTHS === #

    def test_numbers_that_start_again_each_month_and_year(self):
        """OCA/account-invoicing PR 56, OCA/account-financial-tools PR 1440"""
        for names in (
            ("EXJ26-01-0001", "EXJ26-02-0001", "EXJ26-03-0001"),
            ("2026-01-00001", "2026-02-00001", "2026-03-00001"),
            ("202601/0001", "202602/0001", "202603/0001"),
            ("F-01/2026-0001", "F-02/2026-0001", "F-03/2026-0001"),
        ):
            self.settings.exact_number_prefix = "{yy}"
            moves = [
                self.make_named(name, f"2026-0{month}-10")
                for month, name in enumerate(names, start=1)
            ]
            with self.subTest(names=names):
                self.assert_fit(*moves)
            for move in reversed(moves):
                move.button_draft()
                move.name = False
            self.env["account.move"].union(*moves).unlink()

    def test_credit_notes_that_start_again_each_month(self):
        """odoo/odoo issue 64738"""
        moves = [
            self.make_named(
                f"{code}/2026/0{month}/0001", f"2026-0{month}-10", move_type=move_type
            )
            for code, move_type in (("INV", "out_invoice"), ("RINV", "out_refund"))
            for month in (1, 2, 3)
        ]
        self.assert_fit(*moves, prefix="{yy}{mm}")

    def test_one_sequence_of_months_beside_one_of_years(self):
        """Sylius/InvoicingPlugin issue 20"""
        revenue = self.company_data["default_account_revenue"]
        web = self.sales.copy({"code": "WEB", "default_account_id": revenue.id})
        moves = [
            self.make_invoice(),
            self.make_named("WEB/2026/02/0001", "2026-02-10", journal_id=web.id),
            self.make_invoice(journal_id=web.id),
        ]
        self.assertEqual(moves[-1].name, "WEB/2026/03/0001")
        administrator = self.env.ref("base.user_admin")
        self.settings.with_user(administrator).action_exact_use_number_format()
        self.assert_fit(*moves)

    def test_months_of_a_broken_year(self):
        """odoo/odoo PR 104433, 270582"""
        self.set_year_end(6, 30)
        moves = [
            self.make_named(name, day)
            for name, day in (
                ("INV/2025-2026/02/0001", "2026-02-10"),
                ("INV/2025-2026/03/0001", "2026-03-10"),
                ("INV/2026-2027/07/0001", "2026-07-10"),
                ("INV/2026-2027/02/0001", "2027-02-10"),
            )
        ]
        self.assert_fit(*moves)

    # === BROKEN YEARS === #

    def test_financial_years_of_every_end(self):
        """odoo/odoo PR 167744, 237253"""
        for month, day in ((3, 31), (6, 30), (9, 30), (1, 31)):
            self.set_year_end(month, day)
            winter = self.make_invoice(invoice_date="2026-01-20")
            moves = [winter, self.make_invoice(invoice_date="2026-12-10")]
            with self.subTest(month=month):
                for move in moves:
                    start = move.date.year - (move.date.month <= month)
                    self.assertEqual(self.period(move)[0], start)
                self.assert_fit(*moves)
            for move in reversed(moves):
                move.button_draft()
                move.name = False
            self.env["account.move"].union(*moves).unlink()

    # === DIGITS === #

    def test_numbers_of_digits_only(self):
        """odoo/odoo PR 107801, issue 201969"""
        for prefix, name, expected in (
            ("", "2026000123", 2026000123),
            ("{yy}", "2026000123", 2026000123),
            ("7", "2026000123", 2026000123),
            ("9", "123456789", 123456789),
            ("", "D1234567890123456", 890123456),
            ("", "0026000123", 26000123),
            ("1", "026000123", 1026000123),
        ):
            self.settings.exact_number_prefix = prefix
            invoice = self.make_named(name, "2026-03-10")
            with self.subTest(prefix=prefix, name=name):
                self.assertEqual(self.number(invoice), expected)
            invoice.button_draft()
            invoice.name = False
            invoice.unlink()

    def test_journal_without_a_prefix_beside_a_company_with_one(self):
        """odoo/odoo issue 201969: empty is the company's, so that 0 stands for none"""
        self.sales.write({"exact_number_prefix": "0", "exact_credit_note_prefix": "00"})
        for name, move_type, expected in (
            ("F00017", "out_invoice", 17),
            ("INV/2026/00018", "out_invoice", 18),
            ("F2026000123", "out_invoice", 2026000123),
            ("C00019", "out_refund", 19),
        ):
            invoice = self.make_named(name, "2026-03-10", move_type=move_type)
            with self.subTest(name=name):
                self.assertEqual(self.number(invoice), expected)

    def test_credit_note_of_a_number_of_digits_only(self):
        """odoo/odoo PR 107801: a credit note of its own sequence clashes with nobody"""
        invoice = self.make_named("2026000123", "2026-03-10")
        refund = self.make_named("3026000123", "2026-03-10", move_type="out_refund")
        self.choose_journal()
        self.assertFalse(
            {self.number(invoice)} & {SalesEntryMapper(refund).entry_number}
        )

    # === OLD NUMBERS === #

    def test_invoices_that_never_go_keep_no_setting_from_being_saved(self):
        """Imported openings, old numbers, journals that are off."""
        self.settings.exact_start_date = "2026-03-01"
        self.make_named("F/2026/00001", "2026-01-10")
        self.make_named("Opening Jansen", "2026-02-10")
        self.make_named("OLD/00001", "2026-02-11")
        new = self.make_named("INV/2026/00001", "2026-03-10")
        for name, value in (
            ("exact_number_prefix", "5{yy}"),
            ("exact_number_suffix", "0"),
            ("exact_gl_account_id", self.settings.exact_gl_account_id.id),
        ):
            self.settings[name] = value
            with self.subTest(name=name):
                self.assertFalse(self.warning())
        self.assertEqual(self.number(new), 526000010)

    def test_number_that_was_booked_long_ago_is_told(self):
        """Only the last invoices are judged, but Exact has the others as well."""
        first = self.make_invoice(invoice_date="2026-01-10")
        self.book(first)
        revenue = self.company_data["default_account_revenue"]
        web = self.sales.copy({"code": "WEB", "default_account_id": revenue.id})
        web.exact_number_prefix = "{yy}"
        new = self.make_invoice(journal_id=web.id)
        for count in (1000, 1):
            with (
                self.subTest(count=count),
                patch(f"{NumberingMapper.__module__}.CLASHES", count),
            ):
                for record in (self.settings, web):
                    record.invalidate_recordset()
                    self.assertIn(new.name, record.exact_number_warning)
                    self.assertIn(first.name, record.exact_number_warning)
        web.action_exact_use_number_format()
        self.assertFalse(self.warning())

    def test_draft_number_is_of_the_day_it_would_be_booked(self):
        """odoo/odoo PR 98231"""
        self.settings.tax_lock_date = "2026-02-28"
        draft = self.make_invoice(invoice_date="2026-02-20", post=False)
        draft.action_post()
        self.assertEqual(draft.date, fields.Date.to_date("2026-03-10"))
        self.assertEqual(self.period(draft), (2026, 3))
