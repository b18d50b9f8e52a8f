import requests
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..exact_api import resources
from ..exact_api.const import MAX_URL
from ..mappers.sales_entry import SalesEntryMapper
from ..sync.verification import BATCH, verify_booked
from .common import (
    CUSTOMER_GUID,
    ENTRIES_URL,
    ENTRY_GUID,
    ExactCommon,
    exact_date,
)

OTHER = "55555555-5555-4555-8555-555555555555"
WRONG = {
    "AmountFC": (121.01, "Total: 121.00 in Odoo, 121.01 in Exact Online."),
    "VATAmountDC": (
        21.01,
        "VAT in company currency: 21.00 in Odoo, 21.01 in Exact Online.",
    ),
    "Customer": (
        OTHER,
        "Customer: in Exact Online the entry is booked to a different customer",
    ),
    "Journal": ("71", "Journal: 700 in Odoo, 71 in Exact Online."),
    "EntryNumber": (9, "Entry Number: 2600001 in Odoo, 9 in Exact Online."),
    "EntryDate": (
        "/Date(1773187200000)/",
        "Date: 03/10/2026 in Odoo, 03/11/2026 in Exact Online.",
    ),
    "Currency": ("USD", "Currency: EUR in Odoo, USD in Exact Online."),
}


@tagged("post_install", "-at_install")
class TestVerified(ExactCommon):
    """The answer to the booking is compared with the invoice, without another call."""

    def book(self, **properties):
        self.make_known()
        invoice = self.make_invoice(**properties.pop("values", {}))
        invoice.action_exact_send()
        with self.exact() as mock:
            self.answer_entry(mock, **properties)
            self.push()
        self.assertEqual(len(self.calls), 1)
        self.assertEqual(invoice.exact_state, "sent")
        return invoice

    def make_row(self, invoice, **told):
        """Return the entry of an invoice as a list tells it."""
        outbox = invoice.sudo().exact_outbox_id
        return {
            "EntryID": outbox.exact_guid,
            "EntryNumber": int(outbox.exact_number),
            "EntryDate": exact_date("2026-03-10"),
            "Journal": "700",
            "YourRef": invoice.name,
            "Customer": CUSTOMER_GUID,
            "Currency": "EUR",
            "AmountFC": 121,
            "AmountDC": 121,
            "VATAmountDC": 21,
            "SalesEntryLines": {
                "results": [{"VATCode": "4  ", "AmountFC": 100, "VATAmountFC": 21}]
            },
            **told,
        }

    def verify(self):
        """Verify as the nightly lists do, which commits."""
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            verify_booked(self.company.with_env(self.env(cr=cr)))
        self.env.invalidate_all()

    def read_back(self, *rows):
        """Run the nightly verification; return the filter of its one call."""
        with self.exact() as mock:
            self.answer_look_up(mock, *rows)
            self.verify()
        (call,) = self.calls
        return call.request.params["$filter"]

    def test_vat_that_is_not_told_is_read_back_with_one_call(self):
        untold = {"VATAmountDC": None, "VATAmountFC": None}
        invoice = self.book(**untold)
        self.assertFalse(invoice.exact_difference)
        self.assertFalse(invoice.is_exact_verified)
        self.assertTrue(invoice.is_exact_verification_due)
        outbox = invoice.sudo().exact_outbox_id
        found = self.read_back(self.make_row(invoice))
        self.assertEqual(found, f"EntryID eq guid'{outbox.exact_guid}'")
        self.assertTrue(invoice.is_exact_verified)
        self.assertFalse(invoice.is_exact_verification_due)
        self.assertFalse(invoice.exact_difference)
        # Once is enough.
        with self.exact():
            self.verify()

    def test_vat_that_was_not_told_and_differs_by_a_cent_is_told_later(self):
        invoice = self.book(VATAmountDC=None)
        line = {"VATCode": "4  ", "AmountFC": 100, "VATAmountFC": 21.01}
        row = self.make_row(
            invoice,
            AmountFC=121.01,
            AmountDC=121.01,
            VATAmountDC=21.01,
            SalesEntryLines=[line],
        )
        self.read_back(row)
        self.assertFalse(invoice.is_exact_verified)
        self.assertFalse(invoice.is_exact_verification_due)
        for sentence in ("Total: 121.00 in Odoo, 121.01", "VAT for VAT code 4: 21.00"):
            self.assertIn(sentence, invoice.exact_difference)

    def test_entry_that_is_gone_when_it_is_read_back_is_told(self):
        invoice = self.book(VATAmountDC=None)
        self.read_back()
        self.assertFalse(invoice.is_exact_verified)
        self.assertIn("was not found in Exact Online when", invoice.exact_difference)

    def test_look_up_of_another_invoice_takes_the_vat_along(self):
        first = self.book(VATAmountDC=None)
        row = self.make_row(first)
        del row["SalesEntryLines"]
        second = self.make_invoice()
        second.action_exact_send()
        with self.exact() as mock:
            mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
            self.push()
        ours = self.make_row(first, EntryID=OTHER, YourRef=second.name)
        ours["EntryNumber"] = SalesEntryMapper(second).entry_number
        with self.exact() as mock:
            self.answer_look_up(mock, row, ours)
            self.push_at("2026-03-10 09:02:00")
        (call,) = self.calls
        self.assertIn(f"EntryID eq guid'{ENTRY_GUID}'", call.request.params["$filter"])
        self.assertTrue(first.is_exact_verified)
        self.assertEqual(second.exact_state, "sent")
        self.assertTrue(second.is_exact_verified)

    def test_sixty_entries_fit_into_one_address(self):
        condition = " or ".join([f"EntryID eq guid'{OTHER}'"] * BATCH)
        options = {
            "$select": resources.SELECT,
            "$expand": "SalesEntryLines",
            "$filter": condition,
        }
        url = requests.Request("GET", ENTRIES_URL, params=options).prepare().url
        self.assertLess(len(url), MAX_URL)

    def test_change_after_the_booking_is_not_verified_away(self):
        manager = self.env.ref("comanage_exact.group_exact_manager")
        self.env.user.sudo().group_ids += manager
        invoice = self.book(VATAmountDC=None)
        row = self.make_row(invoice)
        invoice.button_draft()
        # A draft is not read back; nothing is called.
        with self.exact():
            self.verify()
        invoice.action_post()
        self.assertFalse(invoice.is_exact_verified)
        self.read_back(row)
        self.assertTrue(invoice.is_exact_verified)

    def test_equal_entry_is_verified(self):
        invoice = self.book(VATAmountDC=21, AmountDC=121)
        self.assertTrue(invoice.is_exact_verified)
        self.assertFalse(invoice.exact_difference)

    def test_each_difference_is_told_in_words(self):
        for name, (value, sentence) in WRONG.items():
            with self.subTest(name):
                invoice = self.book(**{name: value})
                self.assertFalse(invoice.is_exact_verified)
                found = invoice.exact_difference
                # Numbers follow each other from invoice to invoice.
                number = str(SalesEntryMapper(invoice).entry_number)
                self.assertIn(sentence.replace("2600001", number), found)

    def test_tax_that_is_mapped_anew_leaves_what_is_booked(self):
        invoice = self.book(VATAmountDC=21, AmountDC=121)
        self.tax_21.sudo().exact_vat_code_id = self.vat_code_21.sudo().copy(
            {"code": "5"}
        )
        ((code, *amounts),) = SalesEntryMapper(invoice.sudo()).booked().by_code
        self.assertEqual((code, amounts), ("4", [100, 21]))

    def test_adopted_entry_is_compared_as_well(self):
        self.make_known()
        for told, sentences in (
            ({}, ""),
            (
                {"VATAmountDC": 20, "AmountDC": 120},
                "Total in company currency: 121.00 in Odoo, 120.00 in Exact Online.\n"
                "VAT in company currency: 21.00 in Odoo, 20.00 in Exact Online.",
            ),
        ):
            invoice = self.make_invoice()
            invoice.action_exact_send()
            with self.exact() as mock:
                mock.post(ENTRIES_URL, body=requests.ReadTimeout("lost"))
                self.push()
            row = {
                # Each invoice has an entry of its own.
                "EntryID": f"{invoice.id:08}{OTHER[8:]}",
                "EntryNumber": SalesEntryMapper(invoice).entry_number,
                "EntryDate": exact_date("2026-03-10"),
                "Journal": "700",
                "YourRef": invoice.name,
                "Customer": CUSTOMER_GUID,
                "Currency": "EUR",
                "AmountFC": 121,
                "AmountDC": 121,
                "VATAmountDC": 21,
                **told,
            }
            with self.exact() as mock:
                self.answer_look_up(mock, row)
                self.push_at("2026-03-10 09:02:00")
            self.assertEqual(len(self.calls), 1)
            self.assertEqual(invoice.exact_difference or "", sentences)
            self.assertEqual(invoice.is_exact_verified, not told)

    def test_other_cents_in_company_currency_are_told(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "name": "2026-03-01",
                "rate": 1.25,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        values = {"currency_id": dollar.id}
        invoice = self.book(AmountDC=96.81, VATAmountDC=16.8, values=values)
        self.assertEqual(
            invoice.exact_difference,
            "Total in company currency: 96.80 in Odoo, 96.81 in Exact Online.",
        )

    def test_answer_that_leaves_something_out_verifies_nothing(self):
        for name, label in (
            ("AmountFC", "Total"),
            ("VATAmountDC", "VAT"),
            ("Customer", "Customer"),
            ("Journal", "Journal"),
            ("EntryNumber", "Entry Number"),
            ("EntryDate", "Date"),
        ):
            with self.subTest(name):
                invoice = self.book(**{name: None})
                self.assertFalse(invoice.is_exact_verified)
                self.assertTrue(invoice.is_exact_verification_due)
                # Nothing is told before the entry was read once more.
                self.assertFalse(invoice.exact_difference)
                deferred = {"__deferred": {"uri": "…"}}
                told = {"SalesEntryLines": deferred, name: None}
                self.read_back(self.make_row(invoice, **told))
                self.assertFalse(invoice.is_exact_verification_due)
                self.assertFalse(invoice.is_exact_verified)
                self.assertIn(
                    f"these details for the entry: {label}.", invoice.exact_difference
                )

    def test_other_vat_on_the_lines_is_told_by_code(self):
        line = {"VATCode": "4", "AmountFC": 100.5, "VATAmountFC": 20.5}
        invoice = self.book(SalesEntryLines={"results": [line]})
        self.assertIn(
            "VAT for VAT code 4: 21.00 in Odoo, 20.50 in Exact Online.",
            invoice.exact_difference,
        )

    def test_difference_stays_when_the_invoice_is_confirmed_again(self):
        manager = self.env.ref("comanage_exact.group_exact_manager")
        self.env.user.sudo().group_ids += manager
        invoice = self.book(AmountFC=1)
        told = invoice.exact_difference
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.exact_difference, told)
        self.assertFalse(invoice.is_exact_verified)

    def find_by_filter(self, view, name):
        """Return what a filter of a search view finds."""
        model = self.env[view.sudo().model]
        arch = etree.fromstring(model.get_view(view.id, "search")["arch"])
        (node,) = arch.xpath(f"//filter[@name='{name}']")
        return model.search(safe_eval(node.get("domain")))

    def test_filters_of_both_lists_find_the_different_one(self):
        equal, different = self.book(), self.book(AmountFC=1)
        for found in (
            self.find_by_filter(
                self.env.ref("account.view_account_invoice_filter"), "exact_different"
            ),
            self.find_by_filter(
                self.env.ref("comanage_exact.exact_outbox_view_search"), "different"
            ).move_id,
        ):
            self.assertIn(different, found)
            self.assertNotIn(equal, found)

    def test_filters_find_both(self):
        equal, different = self.book(), self.book(AmountFC=1)
        moves = self.env["account.move"]
        verified = moves.search([("is_exact_verified", "=", True)])
        self.assertIn(equal, verified)
        self.assertNotIn(different, verified)
        unlike = moves.search(
            [("exact_state", "=", "sent"), ("is_exact_verified", "=", False)]
        )
        self.assertIn(different, unlike)
        self.assertNotIn(equal, unlike)
