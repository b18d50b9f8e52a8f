import json
from unittest.mock import patch
from urllib.parse import quote_plus, unquote_plus

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..exact_api.const import CALLS_KEPT_FOR_INVOICES, CALLS_PER_MINUTE
from ..sync import duplicates, historical
from .common import CUSTOMER_GUID, ENTRIES_URL, ENTRY_GUID, exact_date
from .test_link import LinkCommon

BATCH = f"{historical.__name__}.BATCH"


class BackfillCommon(LinkCommon):
    def setUp(self):
        super().setUp()
        self.manager = new_test_user(
            self.env(su=True),
            login="exact_backfill",
            groups="comanage_exact.group_exact_manager,account.group_account_manager",
            company_id=self.company.id,
        )
        self.invoices = self.make_invoice() + self.make_invoice(200)
        self.make_invoice(invoice_date="2026-02-01")

    def make_wizard(self, user=None, **values):
        wizards = self.env["exact.backfill"].with_user(user or self.manager)
        return wizards.create(
            {"date_from": "2026-03-01", "date_to": "2026-03-31", **values}
        )

    def scan(self, wizard, *rows):
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": {"results": list(rows)}})
            wizard.action_scan()


@tagged("post_install", "-at_install")
class TestBackfill(BackfillCommon):
    """Invoices of the past are counted, compared with Exact, and booked on purpose."""

    def test_count_tells_what_it_costs_and_makes_no_call(self):
        wizard = self.make_wizard()
        with self.exact():
            wizard.action_count()
        self.assertEqual(wizard.invoice_count, 2)
        self.assertEqual(wizard.call_count, 2)
        self.assertEqual(wizard.customer_count, 0)
        self.assertEqual(wizard.duration, "about 1 minute")
        self.assertEqual(wizard.scan_call_count, 3)

    def test_new_customers_cost_a_call(self):
        self.customer.sudo().exact_guid = False
        wizard = self.make_wizard()
        wizard.action_count()
        self.assertEqual((wizard.customer_count, wizard.call_count), (1, 3))

    def test_consumers_on_a_collective_account_are_not_new(self):
        self.customer.sudo().write({"exact_guid": False, "vat": False})
        self.customer.sudo().is_company = False
        own = {"company_id": self.company.id}
        account = self.env["exact.account"].sudo().create({**own, "exact_guid": "x"})
        rules = self.env["exact.collective.rule"].sudo()
        rules.create({**own, "account_id": account.id})
        wizard = self.make_wizard()
        wizard.action_count()
        self.assertEqual((wizard.customer_count, wizard.call_count), (0, 2))

    def test_each_pdf_costs_two_calls(self):
        self.make_pdf(self.invoices[0])
        wizard = self.make_wizard()
        wizard.action_count()
        self.assertEqual((wizard.pdf_count, wizard.call_count), (1, 4))

    def test_pdfs_that_stay_here_cost_nothing(self):
        self.make_pdf(self.invoices[0])
        self.company.sudo().exact_send_pdf = False
        wizard = self.make_wizard()
        wizard.action_count()
        self.assertEqual((wizard.pdf_count, wizard.call_count), (0, 2))

    def test_more_calls_than_a_day_has_are_told_in_days(self):
        self.assertEqual(historical.duration_text(self.env, 59), "about 1 minute")
        self.assertEqual(historical.duration_text(self.env, 5000), "about 84 minutes")
        self.assertEqual(historical.duration_text(self.env, 30000), "about 6 days")

    def test_invoices_with_a_problem_are_counted_apart(self):
        self.tax_21.sudo().exact_vat_code_id = False
        wizard = self.make_wizard()
        wizard.action_count()
        self.assertEqual((wizard.problem_count, wizard.call_count), (2, 0))

    def test_what_was_sent_or_switched_off_is_not_counted(self):
        self.invoices[0].action_exact_send()
        wizard = self.make_wizard()
        wizard.action_count()
        self.assertEqual(wizard.invoice_count, 1)
        self.customer.sudo().exact_manual_only = True
        wizard.action_count()
        self.assertEqual(wizard.invoice_count, 0)

    def test_journals_narrow_the_choice(self):
        own = self.company_data["default_journal_sale"]
        for journal, count in ((own, 2), (own.sudo().copy(), 0)):
            wizard = self.make_wizard(journal_ids=journal.ids)
            wizard.action_count()
            self.assertEqual(wizard.invoice_count, count)

    def test_nothing_is_queued_before_the_scan(self):
        wizard = self.make_wizard()
        wizard.action_count()
        with self.assertRaisesRegex(UserError, "Click Check for Duplicates first"):
            wizard.action_queue()
        self.assertFalse(self.invoices.exact_outbox_id)

    def test_duplicates_are_found_and_left_out(self):
        first, second = self.invoices
        wizard = self.make_wizard()
        wizard.action_count()
        self.scan(wizard, self.row(first))
        self.assertEqual(wizard.line_ids.move_id, first)
        self.assertTrue(wizard.line_ids.is_sure)
        wizard.action_queue()
        self.assertFalse(first.exact_state)
        self.assertEqual(second.exact_state, "pending")

    def test_sure_duplicates_are_linked(self):
        first, second = self.invoices
        wizard = self.make_wizard()
        other = "66666666-6666-4666-8666-666666666666"
        doubtful = self.row(second, EntryID=other, EntryNumber=778)
        self.scan(wizard, self.row(first), doubtful)
        wizard.action_link()
        self.assertEqual((first.exact_state, first.exact_guid), ("sent", ENTRY_GUID))
        self.assertFalse(second.exact_state)
        self.assertIn("Total: 242.00 in Odoo", wizard.line_ids.difference)

    def test_duplicates_are_looked_for_a_week_around_the_days(self):
        wizard = self.make_wizard()
        late = self.row(self.invoices[0], EntryDate="/Date(1775520000000)/")
        stranger = {"EntryID": CUSTOMER_GUID, "YourRef": "", "EntryNumber": 9}
        self.scan(wizard, late, {**late, **stranger})
        url = unquote_plus(self.calls[0].request.url)
        self.assertIn("EntryDate ge datetime'2026-02-22'", url)
        self.assertIn("EntryDate le datetime'2026-04-07'", url)
        self.assertEqual(wizard.line_ids.move_id, self.invoices[0])
        self.assertFalse(wizard.line_ids.is_sure)

    def test_second_look_within_the_minute_has_calls_left(self):
        references = ["INV/2026/00001"] * historical.MAX_INVOICES
        conditions = [f"YourRef eq '{reference}'" for reference in references]
        used = duplicates.MAX_PAGES + len(list(duplicates._split(conditions)))
        kept = CALLS_KEPT_FOR_INVOICES["minute"]
        self.assertGreaterEqual(CALLS_PER_MINUTE - kept - used, 8)

    def test_too_many_entries_are_told_with_the_minute_to_wait(self):
        wizard = self.make_wizard()
        with (
            self.enter_registry_test_mode(),
            self.exact() as mock,
            patch(f"{duplicates.__name__}.MAX_PAGES", 1),
            self.assertRaisesRegex(
                UserError, "Choose a shorter period .* wait a minute"
            ),
        ):
            mock.get(ENTRIES_URL, json={"d": {"results": [], "__next": ENTRIES_URL}})
            wizard.action_scan()

    def test_exact_down_is_told_with_what_to_press(self):
        wizard = self.make_wizard()
        with (
            self.enter_registry_test_mode(),
            self.exact() as mock,
            self.assertRaisesRegex(UserError, "then click the button again"),
        ):
            mock.get(ENTRIES_URL, status=503)
            wizard.action_scan()

    def test_choosing_again_drops_what_was_counted_and_compared(self):
        wizard = self.make_wizard()
        self.scan(wizard, self.row(self.invoices[0]))
        wizard.action_choose()
        self.assertEqual(wizard.state, "new")
        self.assertFalse(wizard.line_ids or wizard.compared_move_ids)

    def test_after_linking_what_is_left_is_counted(self):
        first, second = self.invoices
        other = "66666666-6666-4666-8666-666666666666"
        twin = self.row(second, EntryID=other, AmountFC=242, AmountDC=242)
        wizard = self.make_wizard()
        wizard.action_count()
        self.scan(wizard, self.row(first))
        self.assertEqual(wizard.left_count, 1)
        wizard.action_link()
        self.assertEqual((wizard.invoice_count, wizard.left_count), (1, 1))
        self.scan(wizard, {**twin, "VATAmountDC": 42})
        wizard.action_link()
        self.assertEqual((wizard.invoice_count, wizard.left_count), (0, 0))
        self.assertEqual(wizard.state, "scanned")

    def test_number_alone_is_a_duplicate_too(self):
        wizard = self.make_wizard()
        self.scan(
            wizard,
            self.row(self.invoices[0], YourRef="By hand", EntryNumber=2600001),
        )
        self.assertEqual(len(wizard.line_ids), 1)
        self.assertFalse(wizard.line_ids.is_sure)

    def test_all_new_invoices_are_queued_for_now(self):
        wizard = self.make_wizard()
        self.scan(wizard)
        wizard.action_queue()
        self.assertEqual(set(self.invoices.mapped("exact_state")), {"pending"})
        self.assertEqual(self.invoices[0].sudo().exact_outbox_id.user_id, self.manager)

    def test_few_at_a_time_all_are_counted_compared_and_queued(self):
        self.make_pdf(self.invoices[1])
        wizard = self.make_wizard()
        with patch(BATCH, 1):
            wizard.action_count()
            self.scan(wizard, self.row(self.invoices[0]))
            wizard.action_queue()
        self.assertEqual((wizard.invoice_count, wizard.pdf_count), (2, 1))
        self.assertEqual(wizard.line_ids.move_id, self.invoices[0])
        self.assertEqual(self.invoices.mapped("exact_state"), [False, "pending"])

    def test_too_many_invoices_are_told_before_anybody_waits(self):
        wizard = self.make_wizard()
        limit = f"{historical.__name__}.MAX_INVOICES"
        with (
            patch(limit, 1),
            self.assertRaisesRegex(
                UserError, "2 invoices in this period .* shorter period"
            ),
        ):
            wizard.action_count()

    def test_what_was_not_compared_is_not_queued(self):
        wizard = self.make_wizard()
        self.scan(wizard)
        late = self.make_invoice()
        wizard.date_from = "2026-01-01"
        wizard.action_queue()
        self.assertEqual(set(self.invoices.mapped("exact_state")), {"pending"})
        self.assertFalse(late.exact_state)
        before = self.env["account.move"].search([("invoice_date", "<", "2026-03-01")])
        self.assertFalse(before.exact_outbox_id)

    def test_missing_journal_is_told_before_anything_is_compared(self):
        self.company.sudo().exact_journal_id = False
        wizard = self.make_wizard()
        with (
            self.exact(),
            self.assertRaisesRegex(UserError, "no Exact Online sales journal"),
        ):
            wizard.action_scan()

    def test_entry_of_another_invoice_is_no_duplicate(self):
        first, second = self.invoices
        self.find(first, self.row(first)).candidate_ids.action_link()
        wizard = self.make_wizard()
        self.scan(wizard, self.row(first, YourRef=second.name))
        self.assertFalse(wizard.line_ids)

    def test_invoices_before_the_start_date_go_on_purpose(self):
        self.company.sudo().exact_start_date = "2026-06-01"
        wizard = self.make_wizard()
        self.scan(wizard)
        wizard.action_queue()
        self.assertEqual(set(self.invoices.mapped("exact_state")), {"pending"})

    def test_credit_note_follows_its_original(self):
        original = self.invoices[0]
        reversal = {"move_type": "out_refund", "invoice_date": "2026-03-01"}
        credit_note = self.make_invoice(reversed_entry_id=original.id, **reversal)
        wizard = self.make_wizard()
        self.scan(wizard)
        wizard.action_queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        references = [json.loads(call.request.body)["YourRef"] for call in self.calls]
        self.assertEqual(len(references), 3)
        self.assertLess(
            references.index(original.name), references.index(credit_note.name)
        )

    def test_only_accountants_may(self):
        clerk = new_test_user(
            self.env(su=True),
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self.make_wizard(user=clerk)


@tagged("post_install", "-at_install")
class TestBackfillDuplicates(BackfillCommon):
    """What somebody typed into Exact is found, however it was typed."""

    def typed(self, index, **values):
        """Return an entry as Exact numbers it, with the customer's order."""
        return self.row(
            self.invoices[0],
            **{
                "EntryID": f"00000000-0000-4000-8000-{index:012}",
                "EntryNumber": 26700000 + index,
                "YourRef": f"PO {index}",
                **values,
            },
        )

    def found(self, wizard):
        return [
            (line.move_id, line.number, line.reason, line.decision)
            for line in wizard.line_ids
        ]

    def test_invoices_typed_with_own_numbers_and_orders_are_not_booked_silently(self):
        wizard = self.make_wizard()
        second = {"AmountFC": 242, "AmountDC": 242, "VATAmountDC": 42}
        self.scan(wizard, self.typed(1), self.typed(2, **second))
        self.assertEqual(
            self.found(wizard),
            [
                (self.invoices[0], "26700001", "customer", "leave"),
                (self.invoices[1], "26700002", "customer", "leave"),
            ],
        )
        self.assertEqual(set(wizard.line_ids.mapped("certainty")), {"possible"})
        self.assertEqual(wizard.left_count, 0)
        wizard.action_queue()
        self.assertEqual(self.invoices.mapped("exact_state"), [False, False])

    def test_only_what_was_chosen_is_booked_and_linked(self):
        wizard = self.make_wizard()
        second = {"AmountFC": 242, "AmountDC": 242, "VATAmountDC": 42}
        self.scan(wizard, self.typed(1), self.typed(2, **second))
        wizard.line_ids[0].decision = "link"
        wizard.line_ids[1].decision = "book"
        self.assertEqual(wizard.link_label, "Link 1 Match")
        self.assertEqual(wizard.book_label, "Book 1 Invoice")
        wizard.action_queue()
        self.assertEqual(self.invoices.mapped("exact_state"), [False, "pending"])
        wizard.action_link()
        self.assertEqual(self.invoices.mapped("exact_state"), ["sent", "pending"])
        self.assertEqual(self.invoices[0].exact_number, "26700001")

    def test_buttons_say_how_many(self):
        self.make_invoice(300)
        wizard = self.make_wizard()
        self.scan(wizard, self.row(self.invoices[0]))
        self.assertEqual(wizard.book_label, "Book 2 Invoices")
        self.assertEqual(wizard.link_label, "Link 1 Match")
        with Form(wizard) as form:
            with form.line_ids.edit(0) as line:
                line.decision = "book"
            self.assertEqual(form.book_label, "Book 3 Invoices")
            self.assertEqual(form.link_count, 0)

    def test_what_was_found_cannot_be_edited(self):
        wizard = self.make_wizard()
        self.scan(wizard, self.typed(1))
        with self.assertRaisesRegex(AccessError, "cannot be edited"):
            wizard.line_ids.entry = {}

    def test_reference_in_other_case_is_sure(self):
        wizard = self.make_wizard()
        reference = self.invoices[0].name.lower().replace("/", " ")
        self.scan(wizard, self.typed(1, YourRef=reference))
        expected = [(self.invoices[0], "26700001", "reference", "link")]
        self.assertEqual(self.found(wizard), expected)
        self.assertTrue(wizard.line_ids.is_sure)

    def test_all_sales_journals_are_read(self):
        wizard = self.make_wizard()
        other = self.typed(1, Journal="710", YourRef=self.invoices[0].name)
        self.scan(wizard, other)
        for call in self.calls:
            self.assertNotIn("Journal+eq", call.request.url)
        self.assertEqual(wizard.line_ids.journal, "710")

    def test_entries_that_no_invoice_explains_are_counted(self):
        wizard = self.make_wizard()
        stranger = {"AmountFC": 1210, "Customer": ENTRY_GUID, "CustomerName": "X"}
        rows = [self.typed(index, **stranger) for index in range(1, 61)]
        self.scan(wizard, *rows)
        self.assertFalse(wizard.line_ids)
        self.assertEqual(wizard.unexplained_count, 60)
        self.assertRegex(
            wizard.unexplained,
            r"^Journal 700: 60 entries there belong to no invoice in Odoo, total "
            r"72,600\.00",
        )
        self.assertIn("26700001, 26700002", wizard.unexplained)
        wizard.action_choose()
        self.assertFalse(wizard.unexplained_count or wizard.unexplained)

    def test_entries_of_other_days_and_other_invoices_are_explained(self):
        wizard = self.make_wizard()
        february = self.env["account.move"].search(
            [("invoice_date", "=", "2026-02-01"), ("company_id", "=", self.company.id)]
        )
        # Booked in the month that is looked at, for an invoice of the one before.
        late = self.typed(1, YourRef=february.name, EntryDate=exact_date("2026-03-02"))
        stranger = {"AmountFC": 1210, "Customer": ENTRY_GUID, "CustomerName": "X"}
        outside = self.typed(2, EntryDate=exact_date("2026-04-02"), **stranger)
        self.scan(wizard, late, outside)
        self.assertFalse(wizard.line_ids)
        self.assertEqual(wizard.unexplained_count, 0)

    def test_reference_is_found_weeks_away(self):
        wizard = self.make_wizard()
        far = self.typed(1, EntryDate=exact_date("2026-04-20"))
        far["YourRef"] = self.invoices[0].name
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": {"results": []}})
            mock.get(ENTRIES_URL, json={"d": {"results": [far]}})
            mock.get(ENTRIES_URL, json={"d": {"results": []}})
            wizard.action_scan()
        url = unquote_plus(self.calls[1].request.url)
        self.assertIn("EntryDate ge datetime'2026-01-29'", url)
        self.assertIn("EntryDate le datetime'2026-05-01'", url)
        self.assertNotIn(far["YourRef"], unquote_plus(self.calls[2].request.url))
        self.assertEqual(wizard.line_ids.move_id, self.invoices[0])

    def test_reference_is_found_months_away(self):
        wizard = self.make_wizard()
        far = self.typed(1, EntryDate=exact_date("2025-06-20"))
        far["YourRef"] = self.invoices[0].name
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": {"results": []}})
            mock.get(ENTRIES_URL, json={"d": {"results": []}})
            mock.get(ENTRIES_URL, json={"d": {"results": [far]}})
            wizard.action_scan()
        url = unquote_plus(self.calls[2].request.url)
        for invoice in self.invoices:
            self.assertIn(f"YourRef eq '{invoice.name}'", url)
        self.assertEqual(wizard.line_ids.move_id, self.invoices[0])

    def test_references_are_looked_up_where_too_much_would_be_read(self):
        wizard = self.make_wizard()
        near = self.typed(1, YourRef=self.invoices[0].name.lower())
        far = self.typed(2, EntryDate=exact_date("2025-06-20"))
        far["YourRef"] = self.invoices[1].name
        with (
            patch(f"{duplicates.__name__}.MAX_PAGES", 1),
            self.enter_registry_test_mode(),
            self.exact() as mock,
        ):
            mock.get(ENTRIES_URL, json={"d": {"results": [near]}})
            mock.get(ENTRIES_URL, json={"d": {"results": [far]}})
            wizard.action_scan()
        url = unquote_plus(self.calls[1].request.url)
        self.assertIn(f"YourRef eq '{self.invoices[1].name}'", url)
        self.assertNotIn(self.invoices[0].name, url)
        self.assertEqual(wizard.line_ids.move_id, self.invoices)

    def test_long_lists_of_references_are_split(self):
        conditions = [f"YourRef eq 'INV/2026/{index:05}'" for index in range(500)]
        filters = list(duplicates._split(conditions))
        self.assertEqual(" or ".join(filters), " or ".join(conditions))
        longest = max(len(quote_plus(one)) for one in filters)
        self.assertLess(longest, duplicates.MAX_FILTER + 1)
        self.assertEqual(list(duplicates._split([])), [])
