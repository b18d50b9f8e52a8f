from dataclasses import replace
from decimal import Decimal

from odoo.tests.common import BaseCase, tagged

from ..booking import comparison, comparison_totals
from ..booking.comparison_totals import EXACT, ODOO, UNKNOWN
from .test_bodies import GUID, make_entry, make_line

OTHER = GUID.replace("2", "3")
TOLD = {
    "EntryID": OTHER,
    "AmountFC": Decimal("121.0"),
    "AmountDC": Decimal("121.0"),
    "VATAmountDC": 21,
    "Customer": GUID,
    "Journal": "700 ",
    "EntryNumber": 2600017,
    "EntryDate": "/Date(1773100800000)/",
    "Currency": "EUR",
    "YourRef": "INV/2026/00017",
}
LINE = {"VATCode": "4  ", "AmountFC": 100, "VATAmountFC": Decimal("21.0")}
OURS = {"total_dc": Decimal("121.00"), "vat_dc": Decimal("21.00")}


@tagged("post_install", "-at_install")
class TestComparison(BaseCase):
    """Two sides of one booking, without Odoo."""

    def differences(self, lines=None, entry=None, **told):
        answer = {**TOLD, "SalesEntryLines": lines or {"__deferred": {}}, **told}
        ours = comparison.read_sent(entry or make_entry(**OURS))
        return comparison.differences(ours, comparison.read_answer(answer))

    def test_equal_entry_has_no_difference(self):
        self.assertEqual(self.differences(), [])
        self.assertEqual(self.differences([LINE]), [])
        self.assertEqual(self.differences({"results": [LINE]}), [])

    def test_each_difference_is_named(self):
        for name, value, what in (
            ("AmountFC", Decimal("121.01"), "total"),
            ("AmountDC", Decimal("121.01"), "total_dc"),
            ("VATAmountDC", Decimal("21.01"), "vat_dc"),
            ("Customer", OTHER, "customer"),
            ("Journal", "701", "journal"),
            ("EntryNumber", 1, "number"),
            ("EntryDate", "/Date(1773187200000)/", "date"),
            ("Currency", "USD", "currency"),
            ("YourRef", "other", "reference"),
        ):
            with self.subTest(name=name):
                found = self.differences(**{name: value})
                self.assertEqual([row[0] for row in found], [what])

    def test_line_on_another_gl_account_is_a_difference(self):
        ours = comparison.read_sent(make_entry(**OURS))
        ours = replace(ours, by_gl=(("8000", Decimal("100.00")),))
        for code, what in (
            ("8000 ", []),
            (
                "1405",
                [
                    (("gl", "1405"), Decimal(), Decimal(100)),
                    (("gl", "8000"), Decimal("100.00"), Decimal()),
                ],
            ),
            # Not told, so nothing is said about it.
            (None, []),
        ):
            lines = [{**LINE, "GLAccountCode": code}]
            theirs = comparison.read_answer({**TOLD, "SalesEntryLines": lines})
            with self.subTest(code):
                self.assertEqual(comparison.differences(ours, theirs), what)

    # === CURRENCY OF THE COMPANY === #

    def tell_dollars(self, *lines):
        """Return an entry in dollars, of which each is worth 0.90.

        :param lines: (VAT code, AmountFC, VATAmountFC, AmountDC, VATAmountDC)
        """
        names = ("VATCode", "AmountFC", "VATAmountFC", "AmountDC", "VATAmountDC")
        rows = [dict(zip(names, line, strict=True)) for line in lines]
        return {
            **{**TOLD, "Rate": Decimal("0.9"), "Currency": "USD", "AmountFC": 333},
            **{"AmountDC": Decimal("299.70"), "VATAmountDC": Decimal("29.70")},
            "SalesEntryLines": {"results": rows},
        }

    def compare_dollars(self, *lines):
        """Return how an entry differs from 200 dollars of code 2 and 100 of code 4."""
        entry = self.tell_dollars(*lines)
        ours = replace(
            comparison.read_header(entry),
            by_code=(("2", 200, Decimal("12.00")), ("4", 100, Decimal("21.00"))),
            by_code_dc=(
                ("2", Decimal("180.00"), Decimal("10.80")),
                ("4", Decimal("90.00"), Decimal("18.90")),
            ),
        )
        return comparison.differences(ours, comparison.read_entry(entry))

    def test_cents_moved_between_vat_codes_are_found_in_company_currency(self):
        found = self.compare_dollars(
            ("2", 200, 12, 180, 10.8), ("4", 100, 21, 90, 18.9)
        )
        self.assertEqual(found, [])
        found = self.compare_dollars(
            ("2", 200, 12, 180, 10.81), ("4", 100, 21, 90, 18.89)
        )
        self.assertEqual(
            found,
            [
                (("vat_dc", "2"), Decimal("10.80"), Decimal("10.81")),
                (("vat_dc", "4"), Decimal("18.90"), Decimal("18.89")),
            ],
        )
        found = self.compare_dollars(
            ("2", 200, 12, 180.01, 10.8), ("4", 100, 21, 89.99, 18.9)
        )
        self.assertEqual(
            [what for what, *_amounts in found], [("base_dc", "2"), ("base_dc", "4")]
        )

    def test_vat_of_a_code_is_converted_as_a_whole(self):
        """Twice 0.05 dollars are 0.09, although each of them is 0.05."""
        line = ("2", 1, Decimal("0.05"), Decimal("0.90"), Decimal("0.05"))
        entry = comparison.read_entry(self.tell_dollars(line, line))
        self.assertEqual(entry.by_code_dc, (("2", Decimal("1.80"), Decimal("0.09")),))

    def test_cent_changed_on_one_line_of_a_code_is_found(self):
        lines = (
            ("2", 100, 6, 90, 5.4),
            ("2", 100, 6, 90, 5.41),
            ("4", 100, 21, 90, 18.89),
        )
        found = self.compare_dollars(*lines)
        self.assertEqual(
            [what for what, *_amounts in found], [("vat_dc", "2"), ("vat_dc", "4")]
        )

    def test_accepted_cents_of_several_accounts_add_up(self):
        cent = Decimal("0.01")
        ours = replace(
            comparison.read_sent(make_entry(**OURS)),
            by_gl=(("7000", Decimal(60)), ("7010", Decimal(40))),
        )
        found = [(("base_dc", "4"), Decimal("90.00"), Decimal("90.02"))]
        self.assertTrue(comparison.is_rounding(found, cent, ours))
        self.assertFalse(comparison.is_rounding(found, cent))
        found = [("total_dc", Decimal("90.00"), Decimal("90.02"))]
        self.assertFalse(comparison.is_rounding(found, cent, ours))

    def test_lines_without_company_currency_are_not_compared_in_it(self):
        found = self.compare_dollars(
            ("2", 200, 12, None, None), ("4", 100, 21, None, None)
        )
        self.assertEqual(found, [])

    def test_totals_by_gl_account_name_what_is_unknown(self):
        ours = comparison.read_sent(make_entry(**OURS))
        line = {**LINE, "GLAccountCode": "8000"}
        theirs = comparison.read_answer({**TOLD, "SalesEntryLines": [line]})
        totals = comparison_totals.Totals("EUR")
        totals.add(ours, ODOO)
        totals.add(theirs, EXACT)
        where = ("700", "2026-03", "EUR")
        self.assertEqual(
            dict(totals.by_gl),
            {(*where, UNKNOWN): [100, 0, 0, 0], (*where, "8000"): [0, 0, 100, 0]},
        )

    def test_other_vat_with_the_same_total_is_a_difference(self):
        line = {**LINE, "AmountFC": Decimal("100.01"), "VATAmountFC": Decimal("20.99")}
        self.assertEqual(
            self.differences([line]),
            [
                ("vat", Decimal("21.00"), Decimal("20.99")),
                (("base", "4"), Decimal("100.00"), Decimal("100.01")),
                (("vat", "4"), Decimal("21.00"), Decimal("20.99")),
            ],
        )

    def test_another_vat_code_is_a_difference(self):
        whats = [row[0] for row in self.differences([{**LINE, "VATCode": "5"}])]
        self.assertEqual(
            whats, [("base", "4"), ("vat", "4"), ("base", "5"), ("vat", "5")]
        )

    def test_own_currency_is_not_told_twice(self):
        found = self.differences(AmountFC=120, AmountDC=120)
        self.assertEqual(found, [("total", Decimal("121.00"), 120)])

    def test_what_exact_does_not_tell_is_not_compared_but_named(self):
        theirs = comparison.read_answer({"EntryID": OTHER})
        ours = comparison.read_sent(make_entry(**OURS))
        self.assertEqual(comparison.differences(ours, theirs), [])
        self.assertEqual(
            comparison.unconfirmed_fields(theirs), [*comparison.VERIFIED, "vat"]
        )
        self.assertEqual(
            comparison.unconfirmed_fields(comparison.read_answer(TOLD)), []
        )

    def test_vat_is_told_by_the_header_or_by_every_line(self):
        untold = {**TOLD, "VATAmountDC": None}
        for lines, names in (
            ([LINE], []),
            ([LINE, {**LINE, "VATAmountFC": None}], ["vat"]),
            ([], ["vat"]),
        ):
            with self.subTest(lines=lines):
                answer = {**untold, "SalesEntryLines": lines}
                self.assertEqual(
                    comparison.unconfirmed_fields(comparison.read_answer(answer)), names
                )

    def test_line_without_vat_that_somebody_booked_is_read(self):
        line = {"VATCode": None, "AmountFC": 50, "VATAmountFC": None}
        entry = comparison.read_entry({**TOLD, "SalesEntryLines": {"results": [line]}})
        self.assertEqual(entry.by_code, (("", 50, 0),))


@tagged("post_install", "-at_install")
class TestMatcher(BaseCase):
    """Which entry an invoice gets."""

    def make(self, **values):
        booking = comparison.read_sent(make_entry(make_line(), **OURS))
        return replace(booking, **values)

    def test_invoice_gets_the_entry_that_exact_told(self):
        mine, other = self.make(key="a", reference="By hand"), self.make(key="b")
        matcher = comparison.Matcher([mine, other], {"a"})
        self.assertEqual(matcher.pop(self.make(key="a")), mine)
        self.assertEqual(matcher.remaining(), [other])

    def test_entry_of_one_invoice_is_not_given_to_another(self):
        mine = self.make(key="a")
        matcher = comparison.Matcher([mine], {"a"})
        self.assertIsNone(matcher.pop(self.make()))
        self.assertEqual(matcher.pop(self.make(key="a")), mine)

    def test_entry_by_hand_is_found_by_reference_in_any_journal(self):
        by_hand = self.make(key="a", number="1", journal="71")
        self.assertEqual(comparison.Matcher([by_hand], ()).pop(self.make()), by_hand)

    def test_entry_by_hand_is_found_by_number_only_with_the_same_total(self):
        same = self.make(key="a", reference=None)
        self.assertEqual(comparison.Matcher([same], ()).pop(self.make()), same)
        for values in ({"total": Decimal("7")}, {"journal": "71"}):
            entry = replace(same, **values)
            self.assertIsNone(comparison.Matcher([entry], ()).pop(self.make()))

    def test_same_number_of_another_year_is_another_entry(self):
        old = self.make(key="a", reference=None, year=2025)
        new = self.make(key="b", reference=None, year=2026)
        matcher = comparison.Matcher([old, new], ())
        self.assertEqual(matcher.pop(self.make(year=2026)), new)
        self.assertIsNone(matcher.pop(self.make(year=2026)))
        # By its reference it is found wherever it is, and in any year where none is
        # known.
        moved = self.make(key="a", year=2025)
        matcher = comparison.Matcher([moved], ())
        self.assertEqual(matcher.pop(self.make(year=2026)), moved)
        self.assertEqual(comparison.Matcher([old], ()).pop(self.make()), old)

    def test_each_entry_is_given_once(self):
        first, second = self.make(key="a"), self.make(key="b")
        matcher = comparison.Matcher([first, second], ())
        self.assertEqual(matcher.pop(self.make()), first)
        self.assertIsNone(matcher.pop(self.make()))
        self.assertEqual(matcher.remaining(), [second])
