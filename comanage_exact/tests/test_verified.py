from odoo.tests import tagged

from .common import ExactCommon

OTHER = "55555555-5555-4555-8555-555555555555"
WRONG = {
    "AmountFC": (121.01, "Total: 121.00 in Odoo, 121.01 in Exact Online."),
    "VATAmountDC": (
        21.01,
        "VAT in company currency: 21.00 in Odoo, 21.01 in Exact Online.",
    ),
    "Customer": (OTHER, "Customer: Exact Online booked it on another account"),
    "Journal": ("71", "Journal: 700 in Odoo, 71 in Exact Online."),
    "EntryNumber": (9, "Entry number: 2600001 in Odoo, 9 in Exact Online."),
    "EntryDate": (
        "/Date(1773187200000)/",
        "Date: 2026-03-10 in Odoo, 2026-03-11 in Exact Online.",
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
                number = str(invoice._exact_get_entry_number())
                self.assertIn(sentence.replace("2600001", number), found)

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
