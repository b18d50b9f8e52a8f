from datetime import date
from decimal import Decimal

from odoo.tests.common import BaseCase, tagged

from ..booking import sales_entry
from ..booking.customer import Account
from ..exact_api import bodies, odata

GUID = "22222222-2222-4222-8222-222222222222"


def make_entry(*lines, **values):
    return sales_entry.SalesEntry(
        **{
            "journal": "700",
            "customer": GUID,
            "entry_number": 2600017,
            "entry_date": date(2026, 3, 10),
            "due_date": date(2026, 4, 9),
            "your_ref": "INV/2026/00017",
            "description": "INV/2026/00017 Deco Addict",
            "currency": "EUR",
            "lines": lines or (make_line(),),
            **values,
        }
    )


def make_line(amount="100.00", vat_amount="21.00", **values):
    return sales_entry.SalesEntryLine(
        **{
            "gl_account": GUID,
            "amount": Decimal(amount),
            "vat_code": "4",
            "vat_amount": Decimal(vat_amount),
            "description": "Desk",
            **values,
        }
    )


@tagged("post_install", "-at_install")
class TestPayload(BaseCase):
    def test_whole_entry(self):
        entry = make_entry(rate=Decimal("0.92"), payment_condition="30", currency="USD")
        self.assertEqual(
            bodies.sales_entry(entry),
            {
                "Journal": "700",
                "Customer": GUID,
                "EntryNumber": 2600017,
                "EntryDate": "2026-03-10",
                "DueDate": "2026-04-09",
                "YourRef": "INV/2026/00017",
                "Description": "INV/2026/00017 Deco Addict",
                "Currency": "USD",
                "Rate": 0.92,
                "PaymentCondition": "30",
                "SalesEntryLines": [
                    {
                        "GLAccount": GUID,
                        "Description": "Desk",
                        "AmountFC": 100.0,
                        "VATCode": "4",
                        "VATAmountFC": 21.0,
                    }
                ],
            },
        )

    def test_what_is_not_chosen_is_left_to_exact(self):
        body = bodies.sales_entry(make_entry())
        self.assertNotIn("Rate", body)
        self.assertNotIn("PaymentCondition", body)

    def test_line_of_zero_keeps_its_amounts(self):
        line = bodies.sales_entry(make_entry(make_line("0", "0")))["SalesEntryLines"][0]
        self.assertEqual((line["AmountFC"], line["VATAmountFC"]), (0.0, 0.0))

    def test_missing_guid_or_lines_are_refused(self):
        for entry in (
            make_entry(customer=""),
            make_entry(customer="not-a-guid"),
            make_entry(make_line(gl_account=None)),
            make_entry(lines=()),
        ):
            with self.subTest(entry=entry), self.assertRaises(ValueError):
                bodies.sales_entry(entry)

    def test_whole_account(self):
        customer = Account(
            name="Deco\n Addict" + "x" * 60,
            address_line1="Rue de la Loi 1",
            postcode="1000",
            city="Brussel",
            country="BE",
            language="nl",
            vat_number="BE0477472701",
        )
        self.assertEqual(
            bodies.account(customer),
            {
                "Name": "Deco Addict" + "x" * 39,
                "Status": "C",
                "AddressLine1": "Rue de la Loi 1",
                "Postcode": "1000",
                "City": "Brussel",
                "Country": "BE",
                "Language": "NL",
                "VATNumber": "BE0477472701",
            },
        )

    def test_customer_without_a_name_is_refused(self):
        with self.assertRaises(ValueError):
            bodies.account(Account(name=" \x00\n"))

    def test_text_is_one_line_without_control_characters(self):
        self.assertEqual(bodies.text("a\x07\r\n\tb\u00e9 ", "your_ref"), "a bé")

    def test_text_ends_without_a_blank(self):
        self.assertEqual(bodies.text("x" * 29 + " y", "your_ref"), "x" * 29)

    def test_quotes_are_doubled_in_filters(self):
        self.assertEqual(odata.quoted("d'Or ' or 1 eq 1"), "'d''Or '' or 1 eq 1'")

    def test_day_is_never_shifted(self):
        self.assertEqual(odata.read_date("/Date(1756684800000)/"), date(2025, 9, 1))
        self.assertEqual(odata.read_date("/Date(-86400000)/"), date(1969, 12, 31))
        for unreadable in (None, "", "2025-09-01"):
            self.assertIsNone(odata.read_date(unreadable))

    def test_ours_has_our_reference_and_total(self):
        request = bodies.sales_entry(make_entry(make_line("0.10", "0.02")))
        row = {"YourRef": "INV/2026/00017", "AmountFC": Decimal("0.12")}
        self.assertTrue(sales_entry.is_ours(request, row))
        self.assertFalse(
            sales_entry.is_ours(request, {**row, "AmountFC": Decimal("0.13")})
        )
        self.assertFalse(sales_entry.is_ours(request, {**row, "YourRef": None}))
