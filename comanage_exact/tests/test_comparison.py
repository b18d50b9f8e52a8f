from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..mappers.sales_entry import SalesEntryMapper
from .common import API_URL, CUSTOMER_GUID, ENTRIES_URL
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
        self.assertEqual(comparison.line_ids.mapped("difference"), [0, 0])
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
        foreign = comparison.total_ids.filtered("is_foreign")
        self.assertEqual((foreign.vat_code, foreign.odoo_base), ("4", 100))
        self.assertEqual((foreign.exact_base, foreign.exact_vat), (100, 21))
        own = comparison.total_ids - foreign
        self.assertEqual(set(own.mapped("vat_code")), {"4", "All"})
        self.assertEqual(own.mapped("exact_base"), [80, 80])

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
        codes = comparison.total_ids.filtered("is_foreign")
        self.assertEqual(codes.mapped("odoo_base"), [100])
        self.assertEqual(codes.currency_id, dollar)
        self.assertEqual(self.totals(comparison)["All"], (180, 180, 37.8, 37.8))
        own = comparison.total_ids - codes
        self.assertEqual(own.mapped("exact_base"), [180, 180])

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

    def test_line_says_how_much_more_exact_has(self):
        totals = {"odoo_total": 121, "exact_total": 120.5}
        line = self.env["exact.comparison.line"].new(totals)
        self.assertEqual(line.difference, -0.5)

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

    def test_codes_changed_on_the_invoice_differ_even_if_accepted(self):
        manager = self.env.ref("comanage_exact.group_exact_manager")
        self.env.user.sudo().group_ids += manager
        other = self.company_data["default_account_revenue"].sudo().copy({"code": "7x"})
        other.with_company(
            self.company
        ).exact_gl_account_id = self.company.sudo().exact_gl_account_id.copy(
            {"code": "701000", "exact_guid": CUSTOMER_GUID}
        )
        invoice = self.make_invoice(100)
        row = self.tell_gl_accounts(self.book(invoice), "700000")
        invoice.button_draft()
        invoice.invoice_line_ids.account_id = other.id
        invoice.action_post()
        for status in "changed", "differs", "differs":
            comparison = self.compare(row)
            self.assertEqual(comparison.line_ids.kind, "different")
            self.assertEqual(invoice.exact_status, status)
            self.assertEqual(
                self.gl_totals(comparison),
                {"700000": (0, 100, False), "701000": (100, 0, False)},
            )
            invoice.action_exact_accept()

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
                ("All journals", "2026-02", "4"): (30, 30, 6.3, 6.3),
                ("All journals", "2026-02", "All"): (30, 30, 6.3, 6.3),
                ("All journals", "2026-03", "4"): (220, 220, 46.2, 46.2),
                ("All journals", "2026-03", "All"): (220, 220, 46.2, 46.2),
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
        self.assertIn("Click Book Again", message)
        self.assertNotIn("credit", message, "It would make Exact wrong by the whole")
        outbox = invoice.sudo().exact_outbox_id
        self.assertEqual((outbox.status, outbox.verified), ("deleted", False))

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

    # === COST CENTRES === #

    def tell_centers(self, row, *codes):
        for line, code in zip(row["SalesEntryLines"]["results"], codes, strict=True):
            line.update(CostCenter=code, CostUnit=None)
        return row

    def make_center(self, code, name):
        """Return an analytic account that stands for a cost centre."""
        plan = self.env["account.analytic.plan"].sudo().create({"name": code})
        own = {"company_id": self.company.id}
        account = plan.env["account.analytic.account"].create(
            {**own, "name": name, "plan_id": plan.id}
        )
        centers = plan.env["exact.cost.center"]
        center = centers.create({**own, "code": code, "name": name})
        account.with_company(self.company).exact_cost_center_id = center
        return account

    def date_analytic_items(self, invoice, moment):
        """Have Odoo's analytic items of an invoice made at another time."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE account_analytic_line SET create_date = %s WHERE move_line_id IN %s
            """,
            [moment, tuple(invoice.line_ids.ids)],
        )
        self.env.invalidate_all()

    def test_distribution_changed_after_booking_is_found(self):
        gent, brussels = self.make_center("GENT", "Gent"), self.make_center("BRU", "B")
        invoice = self.make_invoice(60, post=False)
        line = invoice.invoice_line_ids
        line.analytic_distribution = {str(gent.id): 100}
        invoice.action_post()
        row = self.tell_centers(self.book(invoice), "GENT")
        # Another mapping is for what is booked from now on.
        center = brussels.sudo().with_company(self.company).exact_cost_center_id
        gent.sudo().with_company(self.company).exact_cost_center_id = center
        self.date_analytic_items(invoice, "2026-03-09 08:00:00")
        self.assertEqual(self.compare_one(row), ("equal", ""))
        line.sudo().analytic_distribution = {str(brussels.id): 100}
        self.date_analytic_items(invoice, "2026-03-12 08:00:00")
        kind, message = self.compare_one(row)
        self.assertEqual(kind, "different")
        self.assertIn("Cost centre BRU: 60.00 in Odoo, 0.00 in Exact Online.", message)

    def test_cost_centre_changed_in_exact_is_found(self):
        account = self.make_center("GENT", "Gent shop")
        invoice = self.make_invoice(60, 40, post=False)
        line = invoice.invoice_line_ids[:1]
        line.analytic_distribution = {str(account.id): 100}
        invoice.action_post()
        row = self.book(invoice)
        self.date_analytic_items(invoice, "2026-03-09 08:00:00")
        comparison = self.compare(self.tell_centers(row, "GENT", None))
        self.assertEqual(comparison.line_ids.kind, "equal")
        self.assertIn("amount per cost centre", comparison.conclusion)
        self.assertNotIn("cost unit", comparison.conclusion)
        totals = comparison.cost_total_ids
        self.assertEqual(
            {one.cost: (one.odoo_base, one.exact_base) for one in totals},
            {"GENT Gent shop": (60, 60), "None": (40, 40)},
        )
        comparison = self.compare(self.tell_centers(row, None, "BRU"))
        self.assertEqual(
            comparison.line_ids.message,
            "No cost centre: 40.00 in Odoo, 60.00 in Exact Online.\n"
            "Cost centre BRU: 0.00 in Odoo, 40.00 in Exact Online.\n"
            "Cost centre GENT: 60.00 in Odoo, 0.00 in Exact Online.",
        )
        differences = {
            one.cost: one.difference_base for one in comparison.cost_total_ids
        }
        self.assertEqual(differences, {"GENT Gent shop": -60, "None": 20, "BRU": 40})

    def test_centres_that_only_exact_has_are_nobodys_business(self):
        row = self.tell_centers(self.book(self.make_invoice()), "GENT")
        comparison = self.compare(row)
        self.assertEqual(comparison.line_ids.kind, "equal")
        self.assertFalse(comparison.cost_total_ids)
        self.assertNotIn("cost centre", comparison.conclusion)

    # === WHAT IS SAID === #

    def test_conclusion_says_what_was_compared_and_no_more(self):
        rows = [self.book(self.make_invoice()), self.book(self.make_invoice())]
        comparison = self.compare(*rows)
        self.assertEqual(
            comparison.conclusion,
            "2 invoices and credit notes from 03/01/2026 to 03/31/2026 match their "
            "entries in Exact Online: total with VAT, base and VAT per VAT code, "
            "currency, date, entry number, journal, customer. Every Exact Online entry "
            "of this period in journals 700 belongs to an invoice.",
        )
        self.tell_gl_accounts(rows[0], "700000")
        self.assertNotIn("G/L account", self.compare(*rows).conclusion)
        self.tell_gl_accounts(rows[1], "700000")
        self.assertIn("amount per G/L account", self.compare(*rows).conclusion)

    def test_conclusion_names_the_company_currency_where_it_was_compared(self):
        dollar = self.make_rate("base.USD", 1.25)
        row = self.book(self.make_invoice(currency_id=dollar.id))
        conclusion = self.compare(row).conclusion
        self.assertTrue(conclusion.startswith("1 invoice or credit note from"))
        self.assertIn("base and VAT per VAT code in company currency", conclusion)
        for line in row["SalesEntryLines"]["results"]:
            del line["AmountDC"]
        conclusion = self.compare(row).conclusion
        self.assertNotIn("per VAT code in company currency", conclusion)
        self.assertIn("total in company currency", conclusion)

    def test_entry_that_no_invoice_explains_leaves_nothing_green(self):
        row = self.book(self.make_invoice())
        stranger = {**row, "EntryID": "x", "EntryNumber": 8, "YourRef": "PO 8"}
        comparison = self.compare(row, stranger)
        self.assertFalse(comparison.conclusion)
        self.assertEqual(comparison.problem_count, 1)

    def test_answer_that_left_amounts_out_is_not_called_equal(self):
        row = self.book(self.make_invoice())
        for told, names in (
            ({"AmountFC": None}, "total with VAT"),
            ({"Customer": None, "EntryNumber": None}, "entry number, customer"),
            (
                {"SalesEntryLines": {"__deferred": {"uri": "x"}}},
                "base and VAT per VAT code",
            ),
        ):
            with self.subTest(names):
                comparison = self.compare({**row, **told})
                line = comparison.line_ids
                self.assertEqual(line.kind, "incomplete")
                self.assertIn(f": {names}. Click Compare Now again", line.message)
                self.assertFalse(comparison.conclusion)

    def test_nothing_to_compare_is_not_called_equal(self):
        comparison = self.compare()
        self.assertTrue(comparison.conclusion.startswith("No booked invoices"))
        self.assertFalse(comparison.summary_ids)

    # === LEFT OUT ON PURPOSE === #

    def test_invoice_that_somebody_asked_for_is_not_left_out(self):
        self.company.sudo().exact_start_date = "2026-03-20"
        invoice = self.make_invoice()
        comparison = self.compare()
        self.assertEqual(comparison.line_ids.kind, "left_out")
        self.assertFalse(comparison.problem_count)
        self.assertIn("Left out on purpose (1)", comparison.coverage)
        invoice.action_exact_send()
        self.assertEqual(self.compare_one()[0], "not_sent")

    def test_invoice_before_the_start_that_is_there_by_hand_is_explained(self):
        self.company.sudo().exact_start_date = "2026-03-20"
        row = self.book_by_hand(self.make_invoice())
        comparison = self.compare(row)
        self.assertEqual(comparison.line_ids.kind, "left_out")
        self.assertIn("which Odoo did not book, matches", comparison.line_ids.message)
        self.assertEqual(comparison.summary_ids.difference, 0)
        # With other amounts somebody has to look at it.
        kind, _message = self.compare_one({**row, "AmountFC": 7, "AmountDC": 7})
        self.assertEqual(kind, "different")

    def test_summary_opens_its_documents(self):
        receipt = self.make_invoice(move_type="out_receipt")
        self.make_invoice()
        comparison = self.compare()
        rows = {row.kind: row for row in comparison.summary_ids}
        action = rows["receipt"].action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, receipt)
        action = rows["not_sent"].action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, comparison.line_ids)

    # === BADGES === #

    def test_finding_follows_each_comparison(self):
        invoice = self.make_invoice()
        row = self.book(invoice)
        outbox = invoice.sudo().exact_outbox_id
        for told, status in (
            ({"EntryNumber": 7}, "differs"),
            ({}, "sent"),
            (None, "deleted"),
            ({}, "sent"),
        ):
            if told is None:
                self.compare(looked_up=[])
            else:
                self.compare({**row, **told})
            with self.subTest(told):
                self.assertEqual(outbox.status, status)
                self.assertEqual(outbox.verified, status == "sent")
                self.assertEqual(bool(outbox.difference), status != "sent")
                self.assertEqual(str(outbox.compared_at), "2026-03-10 09:00:00")

    # === MANY LINES === #

    def test_lines_that_did_not_come_with_their_entry_are_read(self):
        row = self.book(self.make_invoice(*[10] * 70))
        lines = row["SalesEntryLines"]["results"]
        for count, more in ((60, {}), (20, {"__next": f"{ENTRIES_URL}/x"})):
            first = {"results": lines[:count], **more}
            told = [{**line, "EntryID": row["EntryID"]} for line in lines]
            url = f"{API_URL}/salesentry/SalesEntryLines"
            following = f"{url}?$skiptoken=guid'{row['EntryID']}'"
            pages = (
                {"results": told[:60], "__next": following},
                {"results": told[60:]},
            )
            comparison = self.make_comparison()
            with (
                self.subTest(more),
                self.enter_registry_test_mode(),
                self.exact() as mock,
            ):
                entry = {**row, "SalesEntryLines": first}
                mock.get(ENTRIES_URL, json={"d": {"results": [entry]}})
                for page in pages:
                    mock.get(url, json={"d": page})
                comparison.action_compare()
                self.assertEqual(comparison.line_ids.kind, "equal", comparison.problem)
                self.assertEqual(comparison.call_count, 3)

    def test_many_lines_that_add_up_are_not_read_again(self):
        row = self.book(self.make_invoice(*[10] * 70))
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
