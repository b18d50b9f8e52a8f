from odoo.tests.common import BaseCase, tagged

from ..booking import matching


@tagged("post_install", "-at_install")
class TestMatching(BaseCase):
    """Numbers as people write them, and who may be whom."""

    def party(self, **values):
        keys = ("name", "vat", "registry", "email", "country", "postcode")
        return matching.party(**{**dict.fromkeys(keys, ""), **values})

    def test_one_vat_number_in_every_writing(self):
        for number, country in (
            ("BE0477472701", "BE"),
            ("be 0477.472.701", "BE"),
            ("BE 477.472.701", "BE"),
            ("0477.472.701", "BE"),
            ("477472701", "BE"),
            ("BE0477472701", "FR"),
            ("BE477472701", ""),
        ):
            with self.subTest(number=number, country=country):
                key = matching.vat_key(number, country)
                self.assertEqual(key, "BE0477472701")

    def test_numbers_of_other_countries(self):
        for number, country, key in (
            ("123456782B90", "NL", "NL123456782B90"),
            ("NL 1234.56.782.B90", "NL", "NL123456782B90"),
            ("U12345675", "AT", "ATU12345675"),
            ("B58378431", "ES", "ESB58378431"),
            ("094259216", "GR", "EL094259216"),
            ("GR094259216", "GR", "EL094259216"),
            ("CHE-123.456.788", "CH", "CHE123456788"),
        ):
            with self.subTest(number=number):
                self.assertEqual(matching.vat_key(number, country), key)

    def test_what_is_no_number_matches_nothing(self):
        for number in (None, False, "", "/", "0", "n/a", "BE"):
            self.assertEqual(matching.vat_key(number, "BE"), "")
            self.assertFalse(matching.registry_key("", "BE"))

    def test_one_registry_number_in_every_writing(self):
        for number in (
            "0477472701",
            "0477.472.701",
            "477 472 701",
            "KBO 0477.472.701",
            "BCE/KBO 0477.472.701",
            "BE0477472701",
            "RPR Brussel 0477.472.701",
        ):
            with self.subTest(number=number):
                key = matching.registry_key(number, "BE")
                self.assertEqual(key, "0477472701")
        self.assertEqual(matching.registry_key("KvK-nr. 12345678", "NL"), "12345678")

    def test_letters_of_a_german_register_count(self):
        one, other = (matching.registry_key(f"HR{x} 1234", "DE") for x in "AB")
        self.assertNotEqual(one, other)

    def test_who_may_be_the_same(self):
        vat, other_vat = "BE0477472701", "BE0202239951"
        jan, an = {"name": "Jan", "email": "a@b.example"}, {"name": "An"}
        for one, other, answer in (
            ({"vat": vat, "name": "A"}, {"vat": vat, "name": "B"}, True),
            ({"vat": vat, "name": "A"}, {"vat": other_vat, "name": "A"}, False),
            ({"registry": "12345678"}, {"registry": "1234 5678"}, True),
            (jan, {**jan, "email": "A@B.example"}, True),
            (jan, {"name": "jan"}, True),
            (jan, {"name": "Jan", "email": "c@d.example"}, False),
            (jan, {**jan, **an}, False),
            (an, {"name": "Jan"}, False),
            ({}, {}, False),
        ):
            with self.subTest(one=one, other=other):
                found = matching.may_be_same(
                    self.party(**one), self.party(**other), is_person=True
                )
                self.assertIs(found, answer)
