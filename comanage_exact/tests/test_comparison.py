from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..mappers.sales_entry import SalesEntryMapper
from .common import CUSTOMER_GUID
from .common_comparison import ComparisonCommon


@tagged("post_install", "-at_install")
class TestComparison(ComparisonCommon):
    """Odoo's ledger against the entries of Exact, each case by itself."""

    # === EQUAL === #

    def test_invoice_and_credit_note_are_equal_with_their_signs(self):
        rows = [
            self.book(self.make_invoice(100)),
            self.book(self.make_invoice(30, move_type="out_refund")),
        ]
        comparison = self.compare(*rows)
        self.assertEqual(comparison.line_ids.mapped("kind"), ["equal", "equal"])
        self.assertEqual(comparison.line_ids.mapped("exact_total"), [121, -36.3])
        self.assertEqual((comparison.equal_count, comparison.problem_count), (2, 0))
        self.assertEqual(
            self.totals(comparison)["4"], (70, 70, 14.7, 14.7), "by the only VAT code"
        )
        self.assertTrue(all(comparison.total_ids.mapped("is_equal")))

    def test_credit_note_that_became_an_invoice_is_different(self):
        row = self.book(self.make_invoice(move_type="out_refund"))
        row.update(AmountFC=121, AmountDC=121, VATAmountDC=21)
        kind, message = self.compare_one(row)
        self.assertEqual(kind, "different")
        self.assertIn("Total: -121.00 in Odoo, 121.00 in Exact Online.", message)

    def test_foreign_currency_is_equal_in_both_currencies(self):
        dollar = self.make_rate("base.USD", 1.25)
        row = self.book(self.make_invoice(currency_id=dollar.id))
        comparison = self.compare(row)
        self.assertEqual(comparison.line_ids.kind, "equal")
        self.assertEqual(comparison.line_ids.currency_id, dollar)
        self.assertEqual(
            self.totals(comparison),
            {"4": (100, 100, 21, 21), "All": (80, 80, 16.8, 16.8)},
        )

    def test_rate_changed_in_exact_is_found_in_company_currency(self):
        dollar = self.make_rate("base.USD", 1.25)
        row = self.book(
            self.make_invoice(currency_id=dollar.id), AmountDC=121, VATAmountDC=21
        )
        comparison = self.compare(row)
        self.assertEqual(
            comparison.line_ids.message,
            "Total in company currency: 96.80 in Odoo, 121.00 in Exact Online.\n"
            "VAT in company currency: 16.80 in Odoo, 21.00 in Exact Online.",
        )
        unequal = comparison.total_ids.filtered(lambda total: not total.is_equal)
        self.assertTrue(unequal.is_sum)
        self.assertEqual(unequal.currency_id, self.company.currency_id)

    def test_currencies_of_one_vat_code_are_not_added_up(self):
        dollar = self.make_rate("base.USD", 1.25)
        rows = [
            self.book(self.make_invoice(100)),
            self.book(self.make_invoice(100, currency_id=dollar.id)),
        ]
        comparison = self.compare(*rows)
        codes = comparison.total_ids.filtered(lambda total: not total.is_sum)
        self.assertEqual(codes.mapped("odoo_base"), [100, 100])
        self.assertEqual(codes.currency_id, dollar | self.company.currency_id)
        self.assertEqual(self.totals(comparison)["All"], (180, 180, 37.8, 37.8))

    # === G/L ACCOUNTS === #

    def tell_gl_accounts(self, row, *codes):
        for line, code in zip(row["SalesEntryLines"]["results"], codes, strict=True):
            line["GLAccountCode"] = code
        return row

    def gl_totals(self, comparison):
        return {
            total.gl_account: (total.odoo_base, total.exact_base, total.is_equal)
            for total in comparison.gl_total_ids
        }

    def test_line_moved_to_another_gl_account_is_found(self):
        row = self.book(self.make_invoice(100, 50))
        comparison = self.compare(self.tell_gl_accounts(row, "700000", "700000"))
        self.assertEqual(comparison.line_ids.kind, "equal")
        self.assertEqual(self.gl_totals(comparison), {"700000": (150, 150, True)})
        comparison = self.compare(self.tell_gl_accounts(row, "700000", "1405"))
        self.assertEqual(comparison.line_ids.kind, "different")
        self.assertEqual(
            comparison.line_ids.message,
            "G/L account 1405: 0.00 in Odoo, 50.00 in Exact Online.\n"
            "G/L account 700000: 150.00 in Odoo, 100.00 in Exact Online.",
        )
        self.assertEqual(
            self.gl_totals(comparison),
            {"700000": (150, 100, False), "1405": (0, 50, False)},
        )

    def test_mapping_changed_after_the_booking_is_no_difference(self):
        row = self.book(self.make_invoice(100))
        accounts = self.company.sudo().exact_gl_account_id
        other = accounts.copy({"code": "700100", "exact_guid": CUSTOMER_GUID})
        revenue = self.company_data["default_account_revenue"].sudo()
        revenue.with_company(self.company).exact_gl_account_id = other
        accounts.active = False
        comparison = self.compare(self.tell_gl_accounts(row, "700000"))
        self.assertEqual(comparison.line_ids.kind, "equal")

    def test_unknown_accounts_are_totalled_as_not_mapped(self):
        self.make_invoice(100)
        self.company.sudo().exact_gl_account_id = False
        comparison = self.compare()
        self.assertEqual(self.gl_totals(comparison), {"Not mapped": (100, 0, False)})

    def test_totals_are_by_journal_and_month(self):
        other = self.make_journal("MORE")
        other.exact_journal_id = other.env["exact.journal"].create(
            {"company_id": self.company.id, "code": "71", "name": "More"}
        )
        cases = (
            (10, "2026-02-28", {}),
            (20, "2026-02-28", {"journal_id": other.id}),
            (40, "2026-03-01", {}),
            (80, "2026-03-01", {"journal_id": other.id}),
            (100, "2026-03-02", {}),
        )
        rows = [
            self.book(self.make_invoice(amount, invoice_date=day, **values))
            for amount, day, values in cases
        ]
        comparison = self.compare(
            *rows, comparison=self.make_comparison(date_from="2026-02-01")
        )
        self.assertEqual(
            {
                (one.journal, one.period, one.vat_code): (
                    *(one.odoo_base, one.exact_base),
                    *(one.odoo_vat, one.exact_vat),
                )
                for one in comparison.total_ids
            },
            {
                ("700", "2026-02", "4"): (10, 10, 2.1, 2.1),
                ("700", "2026-02", "All"): (10, 10, 2.1, 2.1),
                ("700", "2026-03", "4"): (140, 140, 29.4, 29.4),
                ("700", "2026-03", "All"): (140, 140, 29.4, 29.4),
                ("71", "2026-02", "4"): (20, 20, 4.2, 4.2),
                ("71", "2026-02", "All"): (20, 20, 4.2, 4.2),
                ("71", "2026-03", "4"): (80, 80, 16.8, 16.8),
                ("71", "2026-03", "All"): (80, 80, 16.8, 16.8),
            },
        )

    # === CHANGED IN EXACT === #

    def test_number_changed_in_exact_is_different(self):
        row = self.book(self.make_invoice(), EntryNumber=7)
        kind, message = self.compare_one(row)
        self.assertEqual(kind, "different")
        self.assertEqual(message, "Entry Number: 2600001 in Odoo, 7 in Exact Online.")

    def test_invoice_renamed_after_booking_is_different_until_exact_has_its_name(self):
        invoice = self.make_invoice()
        row = self.book(invoice)
        invoice.sudo().name = "INV/2026/00042"
        kind, message = self.compare_one(row)
        self.assertEqual(kind, "different")
        self.assertEqual(
            message,
            "INV/2026/00042 was called INV/2026/00001 when it was booked as entry "
            "2600001, and Exact Online still has that reference. Give the invoice its "
            "old number again, or change the reference of the entry.",
        )
        kind, message = self.compare_one({**row, "YourRef": "INV/2026/00042"})
        self.assertEqual((kind, message), ("equal", ""))
        self.assertFalse(invoice.sudo().exact_outbox_id.is_renamed)

    def test_entry_moved_to_another_journal_is_looked_up(self):
        row = self.book(self.make_invoice(), Journal="71")
        kind, message = self.compare_one(looked_up=[row])
        self.assertEqual(kind, "different")
        self.assertEqual(message, "Journal: 700 in Odoo, 71 in Exact Online.")
        self.assertIn(f"guid%27{row['EntryID']}%27", self.calls[1].request.url)

    def test_customer_changed_in_exact_is_different(self):
        row = self.book(self.make_invoice(), Customer="another")
        kind, message = self.compare_one(row)
        self.assertEqual(kind, "different")
        self.assertIn("booked to a different customer than Deco Addict", message)

    def test_entry_that_is_gone_is_found_and_the_cure_told(self):
        invoice = self.make_invoice()
        self.book(invoice)
        kind, message = self.compare_one(looked_up=[])
        self.assertEqual(kind, "missing_exact")
        self.assertIn(
            f"Enter it there again manually with reference {invoice.name}", message
        )

    def test_entry_booked_again_by_hand_is_equal_and_says_so(self):
        invoice = self.make_invoice()
        self.book(invoice)
        again = self.book_by_hand(invoice, EntryNumber=2600001)
        kind, message = self.compare_one(again, looked_up=[])
        self.assertEqual(kind, "equal")
        self.assertIn("replaced by entry 2600001", message)

    def test_text_that_people_changed_is_no_difference(self):
        row = self.book(self.make_invoice(), YourRef="Paid twice?")
        self.assertEqual(self.compare_one(row), ("equal", ""))

    # === SETTINGS THAT CHANGED SINCE === #

    def test_choices_made_later_change_nothing_that_is_booked(self):
        rows = [self.book(self.make_invoice())]
        company = self.company.sudo()
        company.exact_journal_id = company.env["exact.journal"].create(
            {"company_id": company.id, "code": "71", "name": "New"}
        )
        company.exact_number_prefix = "5"
        self.customer.sudo().with_company(company).exact_guid = "moved"
        self.assertEqual(self.compare_one(*rows), ("equal", ""))
        self.assertNotIn("Journal+eq", self.calls[0].request.url)

    def test_invoices_of_an_archived_journal_are_compared(self):
        own = self.make_journal("OLD")
        own.exact_journal_id = own.env["exact.journal"].create(
            {"company_id": self.company.id, "code": "72", "name": "Old"}
        )
        self.make_invoice(journal_id=own.id)
        own.active = False
        self.assertEqual(self.compare_one()[0], "not_sent")
        row = self.book(self.make_invoice())
        added = {**row, "EntryID": "added", "YourRef": "typed", "Journal": "72"}
        kinds = self.compare(row, added).line_ids.mapped("kind")
        self.assertEqual(sorted(kinds), ["equal", "missing_odoo", "not_sent"])

    def test_invoice_without_a_journal_in_exact_is_never_sent(self):
        other, mapped = self.make_journal("NEW"), self.make_journal("MAP")
        mapped.exact_journal_id = self.company.exact_journal_id
        self.company.sudo().exact_journal_id = False
        self.make_invoice(journal_id=other.id)
        self.assertEqual(self.compare_one()[0], "not_sent")

    # === NOT SENT, NOT OURS, TWICE === #

    def test_invoice_on_its_way_is_told_as_such(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        row = self.book_by_hand(invoice)
        for state in ("sending", "unconfirmed"):
            invoice.sudo().exact_outbox_id.state = state
            with self.subTest(state):
                kind, message = self.compare_one(row)
                self.assertEqual(kind, "different")
                self.assertIn("is being sent to Exact Online", message)

    def test_number_of_a_booked_invoice_is_not_taken_for_another(self):
        twin = self.make_journal("TWIN")
        twin.sudo().exact_number_prefix = False
        unsent = self.make_invoice(journal_id=twin.id, invoice_date="2026-03-01")
        booked = self.make_invoice()
        row = self.book(booked)
        self.assertEqual(
            SalesEntryMapper(unsent).number(), SalesEntryMapper(booked).number()
        )
        comparison = self.compare(row)
        kinds = {line.move_id: line.kind for line in comparison.line_ids}
        self.assertEqual(kinds, {unsent: "not_sent", booked: "equal"})

    def test_invoice_booked_twice_is_shown_with_both(self):
        invoice = self.make_invoice()
        rows = [self.book(invoice), self.book_by_hand(invoice, EntryNumber=99)]
        comparison = self.compare(*rows)
        line = comparison.line_ids.filtered(lambda line: line.kind != "equal")
        self.assertEqual(line.kind, "duplicate")
        self.assertEqual(line.move_id, invoice)
        self.assertIn("Entry 99 has the reference of", line.message)
        self.assertFalse(any(comparison.total_ids.mapped("is_equal")))

    def test_unsent_invoice_that_two_booked_by_hand_shows_both(self):
        invoice = self.make_invoice()
        rows = [self.book_by_hand(invoice), self.book_by_hand(invoice, EntryNumber=99)]
        comparison = self.compare(*rows)
        self.assertEqual(len(comparison.line_ids), 2)
        for line in comparison.line_ids:
            self.assertNotEqual(line.kind, "equal")
            self.assertIn("Odoo did not book it", line.message)
            self.assertEqual(line.move_id, invoice)

    def test_entry_with_our_number_and_another_total_is_not_ours(self):
        invoice = self.make_invoice()
        row = self.book_by_hand(invoice, YourRef="Other", AmountFC=5)
        kinds = self.compare(row).line_ids.mapped("kind")
        self.assertEqual(sorted(kinds), ["missing_odoo", "not_sent"])

    def test_entry_of_an_invoice_that_was_taken_back_leads_to_it(self):
        manager = self.env.ref("comanage_exact.group_exact_manager")
        self.env.user.sudo().group_ids += manager
        invoice = self.make_invoice()
        row = self.book(invoice)
        invoice.button_draft()
        line = self.compare(row).line_ids
        self.assertEqual(line.kind, "missing_odoo")
        self.assertEqual(line.move_id, invoice)
        self.assertIn("is no longer confirmed in Odoo", line.message)

    def test_linked_entry_is_equal_whatever_its_journal_and_number(self):
        invoice = self.make_invoice()
        row = self.book_by_hand(invoice, Journal="71", EntryNumber=777, YourRef="x")
        invoice.sudo()._exact_link_entry(row)
        self.assertEqual(self.compare_one(row), ("equal", ""))

    # === THE PAGE === #

    def test_each_line_leads_to_its_record(self):
        invoice = self.make_invoice()
        row = self.book(invoice)
        foreign = self.book_by_hand(self.make_invoice(50), YourRef="x", AmountFC=1)
        for line in self.compare(row, foreign).line_ids:
            action = line.action_open()
            record = line.move_id or line
            self.assertEqual(action["res_model"], record._name)
            self.assertEqual(action["res_id"], record.id)

    def test_it_prints_with_what_is_not_equal(self):
        self.make_invoice()
        comparison = self.compare(self.book(self.make_invoice(50), EntryNumber=7))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "comanage_exact.exact_comparison_document", comparison.ids
        )
        for text in (
            b"By G/L Account",
            b"Never sent",
            b"Entry Number: 2600002 in Odoo, 7",
            b"60.50",
        ):
            self.assertIn(text, html)
        self.assertEqual(comparison.action_print()["report_type"], "qweb-pdf")

    def test_only_the_button_prints(self):
        """The print menu would offer an empty page of what is not compared."""
        actions = self.env["ir.actions.actions"].get_bindings("exact.comparison")
        self.assertFalse(actions.get("report"))

    def test_other_days_drop_what_was_compared(self):
        comparison = self.compare(self.book(self.make_invoice()))
        comparison.date_from = "2026-03-02"
        self.assertEqual(comparison.state, "draft")
        self.assertFalse(
            comparison.line_ids or comparison.total_ids or comparison.compared_at
        )

    def test_result_cannot_be_written_by_hand(self):
        comparison = self.make_comparison()
        with self.assertRaisesRegex(AccessError, "cannot be edited"):
            comparison.state = "done"
        self.assertEqual(self.make_comparison(state="done").state, "draft")
        proofs = self.env["exact.comparison"].with_context(default_state="done")
        self.assertEqual(proofs.create({}).state, "draft")

    def test_company_without_a_journal_is_told_at_once(self):
        self.company.sudo().exact_journal_id = False
        comparison = self.make_comparison()
        with (
            self.enter_registry_test_mode(),
            self.exact(),
            self.assertRaisesRegex(UserError, "has no Exact Online sales journal"),
        ):
            comparison.action_compare()

    def test_invoice_of_many_lines_and_codes_is_compared_by_code(self):
        other = self.tax_21.sudo().copy(
            {
                "name": "6% twin",
                "amount": 6,
                "exact_vat_code_id": self.vat_code_21.sudo()
                .copy({"code": "2", "percentage": 0.06})
                .id,
            }
        )
        lines = [
            Command.create(
                {"name": "x", "price_unit": 10, "tax_ids": [Command.set(tax.ids)]}
            )
            for tax in (self.tax_21, other, self.tax_21)
        ]
        row = self.book(self.make_invoice(invoice_line_ids=lines))
        self.assertEqual(
            self.totals(self.compare(row)),
            {
                "2": (10, 10, 0.6, 0.6),
                "4": (20, 20, 4.2, 4.2),
                "All": (30, 30, 4.8, 4.8),
            },
        )
