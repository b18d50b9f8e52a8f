from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ENTRIES_URL, ENTRY_GUID
from .test_link import LinkCommon


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
        self.assertEqual(wizard.duration, "1 minute(s)")
        self.assertEqual(wizard.scan_call_count, 1)

    def test_new_customers_cost_a_call(self):
        self.customer.sudo().exact_guid = False
        wizard = self.make_wizard()
        wizard.action_count()
        self.assertEqual((wizard.customer_count, wizard.call_count), (1, 3))

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
        self.customer.sudo().exact_is_off = True
        wizard.action_count()
        self.assertEqual(wizard.invoice_count, 0)

    def test_journals_narrow_the_choice(self):
        other = self.company_data["default_journal_sale"].sudo().copy()
        wizard = self.make_wizard(journal_ids=other.ids)
        wizard.action_count()
        self.assertEqual(wizard.invoice_count, 0)

    def test_nothing_is_queued_before_the_scan(self):
        wizard = self.make_wizard()
        wizard.action_count()
        with self.assertRaisesRegex(UserError, "Look for doubles first"):
            wizard.action_queue()
        self.assertFalse(self.invoices.exact_outbox_id)

    def test_doubles_are_found_and_left_out(self):
        first, second = self.invoices
        wizard = self.make_wizard()
        wizard.action_count()
        self.scan(wizard, self.row(first))
        self.assertEqual(wizard.line_ids.move_id, first)
        self.assertTrue(wizard.line_ids.is_sure)
        wizard.action_queue()
        self.assertFalse(first.exact_state)
        self.assertEqual(second.exact_state, "pending")

    def test_sure_doubles_are_linked(self):
        first, second = self.invoices
        wizard = self.make_wizard()
        other = "66666666-6666-4666-8666-666666666666"
        doubtful = self.row(second, EntryID=other, EntryNumber=778)
        self.scan(wizard, self.row(first), doubtful)
        wizard.action_link()
        self.assertEqual((first.exact_state, first.exact_guid), ("sent", ENTRY_GUID))
        self.assertFalse(second.exact_state)
        self.assertIn("Total: 242.00 in Odoo", wizard.line_ids.difference)

    def test_number_alone_is_a_double_too(self):
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

    def test_only_managers_may(self):
        with self.assertRaises(AccessError):
            self.make_wizard(user=self.accountant)
