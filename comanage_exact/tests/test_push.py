from odoo.tests import tagged

from ..mappers.sales_entry import SalesEntryMapper
from .common import (
    ACCOUNTS_URL,
    CUSTOMER_GUID,
    ENTRIES_URL,
    ENTRY_GUID,
    ExactCommon,
    error_body,
)


class PushCase(ExactCommon):
    def queue(self, **values):
        invoice = self.make_invoice(**values)
        invoice.action_exact_send()
        return invoice

    def row(self, **properties):
        return {
            "EntryID": ENTRY_GUID,
            "EntryNumber": 2600001,
            "YourRef": "INV/2026/00001",
            "AmountFC": 121.0,
            "CustomerName": "Somebody",
            **properties,
        }

    def break_reading(self, invoice):
        """Make a bug of ours come up whenever this invoice is read."""
        original = SalesEntryMapper.problems

        def problems(mapper):
            if mapper.move == invoice:
                raise ZeroDivisionError
            return original(mapper)

        self.patch(SalesEntryMapper, "problems", problems)


@tagged("post_install", "-at_install")
class TestPush(PushCase):
    """One row, and what each kind of answer makes of it."""

    # === BOOKED === #

    def test_known_customer_takes_one_call(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(invoice.exact_guid, ENTRY_GUID)
        self.assertEqual(invoice.exact_number, "2600001")
        self.assertTrue(invoice.exact_outbox_id.verified)

    def test_new_customer_takes_two_calls_and_is_known_afterwards(self):
        self.queue()
        second = self.queue()
        with self.exact() as mock:
            self.answer_account(mock)
            self.answer_entry(mock)
            self.push()
        urls = [call.request.url for call in self.calls]
        self.assertEqual(urls, [ACCOUNTS_URL, ENTRIES_URL, ENTRIES_URL])
        self.assertEqual(second.exact_state, "sent")
        partner = self.customer.sudo().with_company(self.company)
        self.assertEqual(partner.exact_guid, CUSTOMER_GUID)
        self.assertEqual(partner.exact_code, "100100")
        self.assertFalse(partner.exact_creating_at)

    def test_difference_is_shown_and_not_hidden(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            self.answer_entry(mock, AmountFC=121.01)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(invoice.exact_outbox_id.verified)
        self.assertEqual(
            invoice.exact_difference,
            "Total: 121.00 in Odoo, 121.01 in Exact Online.",
        )

    def test_nothing_leaves_before_its_time(self):
        self.make_known()
        invoice = self.make_invoice()
        invoice._exact_queue_by_trigger("sent")
        with self.exact():
            self.push_at("2026-03-10 09:59:00")
        self.assertEqual(invoice.exact_state, "pending")
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push_at("2026-03-10 10:00:00")
        self.assertEqual(invoice.exact_state, "sent")

    # === CHECKED BEFORE === #

    def test_unmapped_tax_fails_without_a_call(self):
        self.tax_21.exact_vat_code_id = False
        invoice = self.queue()
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(invoice.exact_outbox_id.error_kind, "check")
        self.assertEqual(
            invoice.exact_error,
            "Tax 21% test has no Exact Online VAT code. Choose one on the tax, "
            "field Exact Online VAT Code.",
        )

    def test_retry_after_the_cure_books_it(self):
        self.make_known()
        self.tax_21.exact_vat_code_id = False
        invoice = self.queue()
        with self.exact():
            self.push()
        self.tax_21.exact_vat_code_id = self.vat_code_21
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock)
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(invoice.exact_error)

    # === REFUSED === #

    def _assert_refused(self, status):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL,
                status=status,
                json=error_body(
                    "Periode is afgesloten: 2026 - 3\r\nVerplicht: Relatie"
                ),
            )
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(invoice.exact_outbox_id.error_kind, "refused")
        self.assertIn("INV/2026/00001", invoice.exact_error)
        self.assertIn(
            "Periode is afgesloten: 2026 - 3; Verplicht: Relatie", invoice.exact_error
        )

    def test_refused_with_400_fails_readably(self):
        self._assert_refused(400)

    def test_refused_with_500_fails_readably(self):
        self._assert_refused(500)

    def test_refused_customer_names_the_customer(self):
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ACCOUNTS_URL, status=400, json=error_body("Ongeldig: Btw-nummer"))
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertIn("rejected the customer Deco Addict", invoice.exact_error)
        self.assertFalse(self.customer.sudo().exact_creating_at)

    def test_taken_number_of_ours_is_adopted(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(
                ENTRIES_URL, status=500, json=error_body("In gebruik: Boekstuknummer")
            )
            self.answer_look_up(mock, self.row())
            self.push()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(invoice.exact_guid, ENTRY_GUID)

    def test_taken_number_of_another_shows_both(self):
        self.make_known()
        invoice = self.queue()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, status=500, json=error_body("In use: Entry number"))
            self.answer_look_up(mock, self.row(YourRef="2026-77", AmountFC=50))
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.assertEqual(invoice.exact_outbox_id.error_kind, "conflict")
        for part in ("2600001", "INV/2026/00001", "2026-77", "Somebody", "50"):
            self.assertIn(part, invoice.exact_error)
