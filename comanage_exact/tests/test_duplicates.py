from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..booking.comparison import Booking
from ..booking.duplicates import DuplicateFinder, Entry, Invoice, reference_key

DAY = date(2026, 1, 15)


def make_invoice(key, **values):
    return Invoice(
        **{
            "key": key,
            "reference": f"INV/2026/{key:05}",
            "order": "",
            "total": Decimal("1210.00"),
            "currency": "EUR",
            "day": DAY,
            "customer": f"guid-{key}",
            "customer_name": f"Customer {key}",
            "journal": "70",
            "number": f"26{key:05}",
            "year": 2026,
            **values,
        }
    )


def make_entry(key, customer_name="", **values):
    booking = Booking(
        **{
            "key": key,
            "number": "99700001",
            "day": DAY,
            "journal": "70",
            "reference": None,
            "customer": None,
            "currency": "EUR",
            "total": Decimal("1210"),
            "total_dc": None,
            "vat_dc": None,
            "year": 2026,
            **values,
        }
    )
    return Entry(booking, customer_name)


@tagged("post_install", "-at_install")
class TestDuplicates(BaseCase):
    """Entries that somebody typed in are found by whatever they share."""

    def find(self, invoices, entries):
        """Return ({key of the invoice: (key of the entry, reason)}, keys left)."""
        finder = DuplicateFinder(invoices, entries)
        found = {
            match.invoice.key: (match.entry.booking.key, match.reason)
            for match in finder.matches
        }
        return found, [entry.booking.key for entry in finder.remaining]

    def reason(self, invoice, entry):
        found, _left = self.find([invoice], [entry])
        return found.get(invoice.key, (None, None))[1]

    def test_reference_counts_without_case_spaces_and_marks(self):
        for reference in (
            "INV/2026/00001",
            "inv/2026/00001",
            "INV 2026 00001",
            "Inv-2026-00001 ",
            "inv202600001",
        ):
            other = {"total": Decimal(7), "day": DAY + timedelta(days=200)}
            entry = make_entry("a", reference=reference, **other)
            with self.subTest(reference):
                self.assertEqual(self.reason(make_invoice(1), entry), "reference")

    def test_references_of_other_invoices_do_not_count(self):
        for reference in ("INV/2026/0001", "INV/2026/000010", "2026", "", "/", None):
            entry = make_entry("a", reference=reference, total=Decimal(7))
            with self.subTest(reference):
                self.assertIsNone(self.reason(make_invoice(1), entry))

    def test_letters_of_other_scripts_stay_apart(self):
        self.assertNotEqual(reference_key("ΑΒ/1"), reference_key("ΓΔ/1"))

    def test_number_counts_in_its_journal_and_year(self):
        other = {"total": Decimal(7), "number": "2600001"}
        self.assertEqual(
            self.reason(make_invoice(1), make_entry("a", **other)), "number"
        )
        for values in ({"year": 2025}, {"journal": "71"}):
            with self.subTest(values):
                entry = make_entry("a", **other, **values)
                self.assertIsNone(self.reason(make_invoice(1), entry))

    def test_number_in_another_journal_counts_with_the_same_total(self):
        late = DAY + timedelta(days=40)
        for number in ("2600001", "202600001"):
            entry = make_entry("a", journal="71", number=number, day=late)
            with self.subTest(number):
                self.assertEqual(self.reason(make_invoice(1), entry), "number")

    def test_order_of_the_customer_counts_with_the_same_total(self):
        invoice = make_invoice(1, order="PO 4711")
        late = DAY + timedelta(days=40)
        same = make_entry("a", reference="po-4711", day=late)
        self.assertEqual(self.reason(invoice, same), "order")
        part = make_entry("a", reference="po-4711", day=late, total=Decimal(7))
        self.assertIsNone(self.reason(invoice, part))

    def test_customer_counts_with_the_same_total_on_any_day(self):
        late = DAY + timedelta(days=20)
        for who in (
            {"customer": "guid-1"},
            {"customer_name": "CUSTOMER 1 BV"},
        ):
            with self.subTest(who):
                entry = make_entry("a", day=late, **who)
                self.assertEqual(self.reason(make_invoice(1), entry), "customer")

    def test_total_alone_counts_within_three_days(self):
        for days, reason in ((-3, "day"), (0, "day"), (3, "day"), (4, None)):
            entry = make_entry("a", day=DAY + timedelta(days=days))
            with self.subTest(days):
                self.assertEqual(self.reason(make_invoice(1), entry), reason)

    def test_other_total_or_currency_is_no_duplicate(self):
        for values in (
            {"total": Decimal("1210.01")},
            {"total": Decimal(-1210)},
            {"currency": "USD"},
            {"total": None},
            {"day": None},
        ):
            with self.subTest(values):
                entry = make_entry("a", **values)
                self.assertIsNone(self.reason(make_invoice(1), entry))

    def test_one_entry_explains_one_invoice_the_nearest_by_date(self):
        shared = {"customer": "same", "customer_name": "Same"}
        later = DAY + timedelta(days=14)
        first, second = make_invoice(1, **shared), make_invoice(2, day=later, **shared)
        entry = make_entry("a", "Same", day=later - timedelta(days=2))
        for invoices in ([first, second], [second, first]):
            found, left = self.find(invoices, [entry])
            self.assertEqual(found, {2: ("a", "customer")})
            self.assertEqual(left, [])
        both = [entry, make_entry("b", "Same", day=later + timedelta(days=5))]
        found, left = self.find([first, second], both)
        self.assertEqual(found, {2: ("a", "customer"), 1: ("b", "customer")})
        self.assertEqual(left, [])

    def test_stronger_reasons_take_their_entries_first(self):
        first, second = make_invoice(1), make_invoice(2)
        named = make_entry("a", reference="inv 2026 00002")
        nameless = make_entry("b")
        found, _left = self.find([first, second], [named, nameless])
        self.assertEqual(found, {2: ("a", "reference"), 1: ("b", "day")})

    def test_entry_that_was_typed_twice_is_left_over(self):
        reference = "INV/2026/00001"
        wrong = make_entry("a", reference=reference, total=Decimal(7))
        right = make_entry("b", reference=reference)
        found, left = self.find([make_invoice(1)], [wrong, right])
        self.assertEqual(found, {1: ("b", "reference")})
        self.assertEqual(left, ["a"])

    def test_sixty_invoices_typed_with_own_numbers_and_orders(self):
        invoices = [make_invoice(index) for index in range(1, 61)]
        entries = [
            make_entry(
                f"e{index}",
                f"Customer {index}",
                number=str(26700000 + index),
                reference=f"PO {900 + index}",
            )
            for index in range(1, 61)
        ]
        found, left = self.find(invoices, entries)
        expected = {index: (f"e{index}", "customer") for index in range(1, 61)}
        self.assertEqual(found, expected)
        self.assertEqual(left, [])
