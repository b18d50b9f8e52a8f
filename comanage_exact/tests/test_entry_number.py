from odoo.tests.common import BaseCase, tagged

from ..booking import entry_number


@tagged("post_install", "-at_install")
class TestNumbering(BaseCase):
    def fill(self, pattern):
        return entry_number.fill(pattern, journal="70", gl="8000", year=2026)

    def test_variables_are_filled(self):
        self.assertEqual(self.fill("9{yy}{journal}{gl}{yyyy}"), "9267080002026")

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
