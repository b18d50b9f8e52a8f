from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..sync.documents import queue_new_pdfs
from .common import CUSTOMER_GUID, ENTRIES_URL, ENTRY_GUID, ExactCommon


class LinkCommon(ExactCommon):
    def setUp(self):
        super().setUp()
        self.make_known()

    def row(self, invoice, **values):
        """Return an entry of Exact that somebody booked for an invoice."""
        return {
            "EntryID": ENTRY_GUID,
            "EntryNumber": 777,
            "EntryDate": "/Date(1773100800000)/",
            "Journal": "700",
            "YourRef": invoice.name,
            "Customer": CUSTOMER_GUID,
            "CustomerName": "Deco Addict",
            "Currency": "EUR",
            "AmountFC": 121,
            "AmountDC": 121,
            "VATAmountDC": 21,
            **values,
        }

    def find(self, invoice, *rows, **values):
        """Look in Exact, which answers each call with these rows."""
        link = self.open_link(invoice)
        link.write(values)
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.get(ENTRIES_URL, json={"d": {"results": list(rows)}})
            link.action_find()
        return link

    def make_pdf(self, invoice):
        return self.env(su=True)["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
                "raw": b"%PDF-1.4",
            }
        )

    def open_link(self, invoice):
        return self.env["exact.link"].browse(invoice.action_exact_link()["res_id"])


@tagged("post_install", "-at_install")
class TestLink(LinkCommon):
    """An entry that is in Exact already is linked instead of sent."""

    def test_it_looks_by_number_and_by_reference(self):
        invoice = self.make_invoice()
        link = self.find(invoice, self.row(invoice))
        urls = [call.request.url for call in self.calls]
        self.assertEqual(len(urls), 2)
        self.assertIn("EntryNumber+eq+2600001", urls[0])
        self.assertIn("YourRef+eq", urls[1])
        self.assertEqual(len(link.candidate_ids), 1)

    def test_linked_invoice_is_booked_and_nothing_was_sent(self):
        invoice = self.make_invoice()
        link = self.find(invoice, self.row(invoice))
        self.assertFalse(link.candidate_ids.difference)
        link.candidate_ids.action_link()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertEqual(invoice.exact_number, "777")
        self.assertEqual(invoice.exact_guid, ENTRY_GUID)
        self.assertTrue(invoice.is_exact_verified)
        self.assertEqual({call.request.method for call in self.calls}, {"GET"})

    def test_linking_leaves_a_note(self):
        invoice = self.make_invoice()
        self.find(invoice, self.row(invoice)).candidate_ids.action_link()
        self.assertIn("Linked to entry 777", invoice.message_ids[0].body)

    def test_linked_invoice_is_not_sent_by_the_push(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        self.find(invoice, self.row(invoice)).candidate_ids.action_link()
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "sent")

    def test_pdf_of_a_linked_invoice_stays_here(self):
        invoice = self.make_invoice()
        self.make_pdf(invoice)
        self.find(invoice, self.row(invoice)).candidate_ids.action_link()
        queue_new_pdfs(invoice.sudo().exact_outbox_id)
        cron = self.env.ref("comanage_exact.ir_cron_exact_document").sudo()
        with self.exact(), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(invoice.exact_document_state)

    def test_differences_are_told_before_and_after(self):
        invoice = self.make_invoice()
        link = self.find(invoice, self.row(invoice, AmountFC=100, AmountDC=100))
        self.assertIn("Total: 121.00 in Odoo, 100", link.candidate_ids.difference)
        action = link.candidate_ids.action_link()
        self.assertEqual((action["res_model"], action["res_id"]), (link._name, link.id))
        self.assertIn("Total: 121.00 in Odoo, 100", link.chosen_difference)
        self.assertFalse(invoice.exact_state, "A person has to confirm it")
        link.action_link_anyway()
        self.assertIn("Total: 121.00 in Odoo, 100", invoice.exact_difference)
        self.assertFalse(invoice.is_exact_verified)
        self.assertEqual(invoice.exact_status, "differs")

    def test_linked_is_not_sent(self):
        invoice = self.make_invoice()
        self.find(invoice, self.row(invoice)).candidate_ids.action_link()
        self.assertFalse(invoice.exact_synced_at)

    def test_nothing_is_linked_that_nobody_chose(self):
        invoice = self.make_invoice()
        link = self.find(invoice, self.row(invoice, AmountFC=100, AmountDC=100))
        with self.assertRaises(ValueError):
            link.action_link_anyway()
        self.assertFalse(invoice.exact_state)

    def test_failed_invoice_can_be_linked(self):
        self.tax_21.sudo().exact_vat_code_id = False
        invoice = self.make_invoice()
        invoice.action_exact_send()
        with self.exact():
            self.push()
        self.assertEqual(invoice.exact_state, "failed")
        self.find(invoice, self.row(invoice)).candidate_ids.action_link()
        self.assertEqual(invoice.exact_state, "sent")
        self.assertFalse(invoice.exact_error)

    def test_entry_of_another_invoice_is_refused(self):
        first, second = self.make_invoice(), self.make_invoice()
        self.find(first, self.row(first)).candidate_ids.action_link()
        link = self.find(second, self.row(first))
        with self.assertRaisesRegex(UserError, f"already the booking of {first.name}"):
            link.candidate_ids.action_link()
        self.assertFalse(second.exact_state)

    def test_search_stays_with_its_invoice(self):
        invoice, other = self.make_invoice(), self.make_invoice()
        link = self.find(invoice, self.row(invoice))
        for values in ({"move_id": other.id}, {"is_looked": False}):
            with self.subTest(values), self.assertRaises(AccessError):
                link.write(values)
        self.assertEqual(link.move_id, invoice)

    def test_no_more_calls_is_told_with_what_to_press(self):
        link = self.open_link(self.make_invoice())
        with (
            self.enter_registry_test_mode(),
            self.exact() as mock,
            self.assertRaisesRegex(UserError, "Wait a minute, then click the button"),
        ):
            mock.get(ENTRIES_URL, status=429)
            link.action_find()

    def test_draft_and_bill_are_refused(self):
        draft = self.make_invoice(post=False)
        no_tax = self.env["account.tax"]
        bill = self.make_invoice(post=False, move_type="in_invoice", tax=no_tax)
        for move in draft + bill:
            with self.assertRaisesRegex(UserError, "a confirmed customer invoice"):
                move.action_exact_link()
            with self.assertRaisesRegex(UserError, "a confirmed customer invoice"):
                move.sudo()._exact_link_entry(self.row(move))
        self.assertFalse((draft + bill).exact_outbox_id)

    def test_invoice_on_its_way_is_refused(self):
        invoice = self.make_invoice()
        invoice.action_exact_send()
        link = self.find(invoice, self.row(invoice))
        for state in ("sending", "unconfirmed", "sent"):
            invoice.sudo().exact_outbox_id.state = state
            with (
                self.subTest(state),
                self.assertRaisesRegex(UserError, "already booked in Exact Online"),
            ):
                link.candidate_ids.action_link()

    def test_nothing_found_is_told(self):
        link = self.find(self.make_invoice())
        self.assertTrue(link.is_looked)
        self.assertFalse(link.candidate_ids)

    def test_letters_and_huge_numbers_are_no_number(self):
        link = self.open_link(self.make_invoice())
        for number in ("INV/1", "-1", "²", "2147483648"):
            link.number = number
            with (
                self.subTest(number),
                self.assertRaisesRegex(
                    UserError, "is not a valid Exact Online entry number"
                ),
            ):
                link.action_find()

    def test_quotes_in_a_reference_stay_in_it(self):
        self.find(self.make_invoice(), number=False, reference="O'Hara")
        self.assertIn("O%27%27Hara", self.calls[0].request.url)

    def test_nothing_to_look_for_is_told(self):
        link = self.open_link(self.make_invoice())
        link.write({"number": False, "reference": " "})
        with self.assertRaisesRegex(UserError, "Enter the entry number"):
            link.action_find()

    def test_silent_exact_is_told(self):
        link = self.open_link(self.make_invoice())
        with self.enter_registry_test_mode(), self.exact() as mock:
            mock.get(ENTRIES_URL, status=503)
            with self.assertRaisesRegex(UserError, "could not be reached|Exact"):
                link.action_find()
