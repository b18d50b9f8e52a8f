from odoo.tests.common import BaseCase, tagged

from ..booking import entry_number
from ..booking.entry_number import NumberFormat, NumberSource


@tagged("post_install", "-at_install")
class TestNumbering(BaseCase):
    def fill(self, pattern):
        return entry_number.fill(pattern, journal="70", gl="8000", year=2026, month=3)

    def test_variables_are_filled(self):
        self.assertEqual(self.fill("9{yy}{journal}{gl}{yyyy}{mm}"), "926708000202603")

    def test_empty_pattern_is_nothing(self):
        self.assertEqual(self.fill(False), "")

    def test_anything_else_is_refused_with_its_name(self):
        for pattern, part in (
            ("INV", "I"),
            ("{month}", "{month}"),
            ("{yy", "{"),
            ("2 6", " "),
            ("²", "²"),
            ("٣", "٣"),
            ("{}", "{}"),
        ):
            with self.subTest(pattern=pattern), self.assertRaises(ValueError) as caught:
                entry_number.check_pattern(pattern)
            self.assertEqual(str(caught.exception), part)

    def test_code_with_letters_is_refused_where_it_is_used(self):
        with self.assertRaises(ValueError):
            entry_number.fill("{journal}", journal="VK", gl="", year=2026)
        self.assertEqual(
            entry_number.fill("{yy}", journal="VK", gl="", year=2026), "26"
        )

    def test_running_number_keeps_its_zeros(self):
        digits = entry_number.sequence_digits("INV/2026/00017", "INV/2026/")
        self.assertEqual(digits, "00017")

    def test_name_without_a_number_is_refused(self):
        with self.assertRaises(ValueError):
            entry_number.sequence_digits("INV/", "INV/")

    def test_largest_number_is_an_int32(self):
        self.assertEqual(entry_number.entry_number("", "2147483647", ""), 2147483647)
        with self.assertRaises(OverflowError):
            entry_number.entry_number("2", "147483648", "")

    def test_zero_is_no_number(self):
        with self.assertRaises(ValueError):
            entry_number.entry_number("", "0", "")

    # === WHERE IT WOULD NOT FIT === #

    def number(self, prefix, digits, suffix=""):
        return entry_number.entry_number(prefix, digits, suffix)

    def test_leading_zeros_are_dropped_where_the_number_is_too_large(self):
        self.assertEqual(self.number("700000", "00017"), 700000017)
        self.assertEqual(self.number("700000", "00999"), 700000999)
        self.assertEqual(self.number("20267", "00017", "1"), 2026700171)
        with self.assertRaises(OverflowError):
            self.number("700000", "01000")

    def test_leading_zeros_stay_where_the_number_fits(self):
        self.assertEqual(self.number("26", "00017"), 2600017)
        self.assertEqual(self.number("214748", "0017"), 2147480017)

    def test_ten_digits_are_one_number(self):
        digits = entry_number.sequence_digits("2026000123", "2")
        self.assertEqual(digits, "2026000123")
        self.assertEqual(self.number("", digits), 2026000123)
        digits = entry_number.sequence_digits("F2026000123", "F2")
        self.assertEqual(digits, "2026000123")

    def test_of_many_digits_those_that_odoo_counts_are_kept(self):
        digits = entry_number.sequence_digits("D1234567890123456", "D1234567")
        self.assertEqual(digits, "1234567890123456")
        self.assertEqual(self.number("", digits), 890123456)

    def test_number_of_digits_only_goes_as_it_is_where_no_more_fits(self):
        bare = NumberSource("2026000123", "70", "8000", 2026, 3, is_bare=True)
        self.assertEqual(bare.number(NumberFormat("{yy}")), 2026000123)
        short = NumberSource("00017", "70", "8000", 2026, 3, is_bare=True)
        self.assertEqual(short.number(NumberFormat("{yy}")), 2600017)

    # === YEAR === #

    def test_year_in_the_name_gets_its_century(self):
        for written, length, day_year, year in (
            (2025, 4, 2026, 2025),
            (25, 2, 2026, 2025),
            (26, 2, 2026, 2026),
            (99, 2, 2100, 2099),
            (0, 2, 2099, 2100),
            (0, 0, 2026, 2026),
            # Part of a code, as in WEB10/00001.
            (10, 2, 2026, 2026),
        ):
            with self.subTest(written=written, day_year=day_year):
                found = entry_number.read_year(written, length, day_year)
                self.assertEqual(found, year)
