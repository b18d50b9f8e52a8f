import json
from unittest.mock import patch
from urllib.parse import unquote_plus

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..exact_api.const import CALLS_KEPT_FOR_INVOICES, CALLS_PER_MINUTE
from ..sync import duplicates, historical
from .common import CUSTOMER_GUID, ENTRIES_URL, ENTRY_GUID
from .test_link import LinkCommon

BATCH = f"{historical.__name__}.BATCH"


@tagged("post_install", "-at_install")
class TestBackfill(LinkCommon):
    """Invoices of the past are counted, compared with Exact, and booked on purpose."""

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

    def test_count_tells_what_it_costs_and_makes_no_call(self):
        wizard = self.make_wizard()
        with self.exact():
            wizard.action_count()
        self.assertEqual(wizard.invoice_count, 2)
        self.assertEqual(wizard.call_count, 2)
        self.assertEqual(wizard.customer_count, 0)
        self.assertEqual(wizard.duration, "about 1 minute")
        self.assertEqual(wizard.scan_call_count, 2)

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

    def test_only_managers_may(self):
        with self.assertRaises(AccessError):
            self.make_wizard(user=self.accountant)
