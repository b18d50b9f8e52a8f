from odoo.tests import BaseCase

from ..booking.description import Texts, split_reference


class TestDescription(BaseCase):
    """Sixty characters: what people look for comes first, and is never half."""

    def assert_description(self, expected, number, **texts):
        found = Texts(number, **texts).describe()
        self.assertEqual(found, expected)
        self.assertLessEqual(len(found.encode("utf-16-le")), 120)

    def test_reference_comes_before_what_is_credited_why_and_the_name(self):
        self.assert_description(
            "RINV/2026/00003 PO 45 INV/2026/00017 Damaged Deco Addict",
            "RINV/2026/00003",
            reference="PO 45",
            original="INV/2026/00017",
            reason="Damaged",
            name="Deco Addict",
        )

    def test_w13_reference_of_the_customer_is_not_lost(self):
        self.assert_description(
            "RINV/2026/00003 PO 4500123456 INV/2026/00017 Gemeentebestuur",
            "RINV/2026/00003",
            reference="PO 4500123456",
            original="INV/2026/00017",
            name="Gemeentebestuur van Sint-Pieters-Leeuw",
        )

    def test_name_only_if_room_is_left(self):
        self.assert_description(
            "RINV/2026/00003 PO 4500123456 INV/2026/00017 Verkeerd adres",
            "RINV/2026/00003",
            reference="PO 4500123456",
            original="INV/2026/00017",
            reason="Verkeerd adres",
            name="Deco Addict",
        )

    def test_number_of_the_original_is_whole_or_left_out(self):
        self.assert_description(
            "RINV/2026/00003 " + "P" * 40,
            "RINV/2026/00003",
            reference="P" * 40,
            original="INV/2026/00017",
        )

    def test_reference_alone_is_cut_where_it_is_too_long(self):
        self.assert_description(
            "INV/2026/00001 " + "7" * 45, "INV/2026/00001", reference="7" * 80
        )

    def test_cut_is_on_a_character(self):
        """An emoji has the length of two; what does not fit whole goes."""
        self.assert_description(
            "INV/2026/00001 " + "x" * 34 + " abc" + "\N{PARTY POPPER}" * 3,
            "INV/2026/00001",
            reference="x" * 34,
            name="abc" + "\N{PARTY POPPER}" * 9,
        )

    def test_customer_of_many_is_named_first(self):
        """The entry is on one account of all consumers: nothing else names them."""
        self.assert_description(
            "RINV/2026/00003 Anna Nováková INV/2026/00017 Damaged",
            "RINV/2026/00003",
            original="INV/2026/00017",
            reason="Damaged",
            name="Anna Nováková",
            is_collective=True,
        )

    def test_number_alone(self):
        self.assert_description("INV/2026/00001", "INV/2026/00001")

    def test_words_of_odoo_are_no_reference_in_any_language(self):
        number = "INV/2026/00017"
        for text, reason in (
            (f"Reversal of: {number}", ""),
            (f"Reversal of: {number}, wrong, twice", "wrong, twice"),
            (f"Terugboeking van: {number}, fout", "fout"),
            (f"Extourne de : {number}", ""),
            (f"{number}, higher price", "higher price"),
            (number, ""),
        ):
            with self.subTest(text=text):
                self.assertEqual(split_reference(text, number), ("", reason))

    def test_words_of_people_stay(self):
        number = "INV/2026/00017"
        for text in (f"Credit of {number} for PO 45", "PO 45", f"{number}8", ""):
            with self.subTest(text=text):
                self.assertEqual(split_reference(text, number), (text, ""))
        self.assertEqual(split_reference("Note: PO 45", ""), ("Note: PO 45", ""))
