from odoo.tests.common import BaseCase, tagged

from ..booking import customer_comparison, customer_values, fingerprint, matching
from ..exact_api import refusals


@tagged("post_install", "-at_install")
class TestCustomerValues(BaseCase):
    """Values as people write them, in the form that Exact takes."""

    def test_language_that_exact_may_not_know_is_left_out(self):
        for code, language in (
            ("nl_BE", "nl"),
            ("fr_FR", "fr"),
            ("en_US", "en"),
            ("es_419", "es"),
            ("nb_NO", ""),
            ("sr@latin", ""),
            ("uk_UA", ""),
            ("kab_DZ", ""),
            ("zh_CN", ""),
            (False, ""),
        ):
            with self.subTest(code):
                self.assertEqual(customer_values.language(code), language)

    def test_country_gets_the_code_of_the_standard(self):
        for code, country in (
            ("EL", "GR"),
            ("GR", "GR"),
            ("UK", "GB"),
            ("XI", "GB"),
            ("be", "BE"),
            (None, ""),
        ):
            with self.subTest(code):
                self.assertEqual(customer_values.country(code), country)

    def test_first_address_in_the_form_of_one_is_taken(self):
        for text, email in (
            ("boekhouding@bedrijf", ""),
            ("one@deco.example; two@deco.example", "one@deco.example"),
            ("boekhouding@bedrijf, ap@deco.example", "ap@deco.example"),
            ('"Peeters, Jan" <Jan@Deco.example>', "jan@deco.example"),
            ("Deco Addict <ap@deco.example>", "ap@deco.example"),
            ("mailto:ap@deco.example", "ap@deco.example"),
            ("ap@deco.example.", "ap@deco.example"),
            ("ap@@deco.example", ""),
            ("ap@-deco.example", ""),
            ("ap @deco.example", ""),
            ("a..b@deco.example", ""),
            ("n/a", ""),
            (f"{'a' * 70}@deco.example", ""),
            (None, ""),
        ):
            with self.subTest(text):
                self.assertEqual(customer_values.email(text), email)

    def test_swiss_number_has_its_dots_and_its_suffix(self):
        for number, language, written in (
            ("CHE-109.298.651 TVA", "de_CH", "CHE-109.298.651 TVA"),
            ("CHE109298651MWST", "fr_CH", "CHE-109.298.651 MWST"),
            ("CHE 109 298 651 iva", "", "CHE-109.298.651 IVA"),
            ("CHE109298651", "de_CH", "CHE-109.298.651 MWST"),
            ("CHE-109.298.651", "fr_CH", "CHE-109.298.651 TVA"),
            ("109298651", "it_CH", "CHE-109.298.651 IVA"),
            ("CHE123", "de_CH", ""),
        ):
            with self.subTest(number, language=language):
                found = matching.swiss_number(number, "CH", language)
                self.assertEqual(found, written)

    def test_customer_number_has_digits_only(self):
        for reference, number in (
            ("100100", "100100"),
            (" 0042 ", "0042"),
            ("C-100", ""),
            ("000", ""),
            ("1" * 19, ""),
            ("٣٤", ""),
            (False, ""),
        ):
            with self.subTest(reference):
                self.assertEqual(customer_values.customer_number(reference), number)

    def test_value_that_does_not_fit_is_left_out(self):
        self.assertEqual(customer_values.fitting(" a  b ", 3), "a b")
        self.assertEqual(customer_values.fitting("abcd", 3), "")

    def test_finding_names_the_property(self):
        for text, properties in (
            ("Ongeldig: E-mail [x]", {"Email"}),
            ("Invalid: Email []", {"Email"}),
            ("Ongeldige referentie: Taal", {"Language"}),
            ("Invalid reference: Language", {"Language"}),
            ("Ongeldig: Btw-nummer [BE1]", {"VATNumber"}),
            ("Invalid: VAT number", {"VATNumber"}),
            ("Ongeldig: KvK-nummer", {"ChamberOfCommerce"}),
            ("Ongeldig: Adres", {"AddressLine1", "AddressLine2"}),
            ("Ongeldige referentie: Land", {"Country"}),
            ("Ongeldig: Postcode", {"Postcode"}),
            ("Gegeven bestaat reeds.", {"Code"}),
            ("Verplicht: Naam", set()),
            ("Relatie is geblokkeerd", set()),
        ):
            with self.subTest(text):
                self.assertEqual(refusals.customer_properties([text]), properties)

    # === COMPARED === #

    def compare(self, ours, theirs):
        return customer_comparison.compare(ours, theirs)

    def test_what_is_written_in_another_way_does_not_differ(self):
        ours = {
            "Name": "Deco Addict NV",
            "VATNumber": "BE0477472701",
            "ChamberOfCommerce": "0477.472.701",
            "Email": "ap@deco.example",
            "AddressLine1": "Hauptstraße 5",
            "Postcode": "1000",
            "City": "Brussel",
            "Country": "BE",
            "Phone": "+32 2 123 45 67",
            "Language": "NL",
        }
        theirs = {
            "Name": "DECO ADDICT",
            "VATNumber": "BE 477.472.701",
            "ChamberOfCommerce": "KBO 0477472701",
            "Email": "AP@deco.example",
            "AddressLine1": "Hauptstr. 5",
            "Postcode": "B-1000",
            "City": "BRUXELLES",
            "Country": "BE ",
            "Phone": "02/123.45.67",
            "Language": "NL-BE     ",
        }
        self.assertEqual(self.compare(ours, theirs), ([], []))

    def test_what_is_empty_there_is_lacking(self):
        ours = {"VATNumber": "BE0477472701", "Email": "a@b.example", "City": "Gent"}
        theirs = {"VATNumber": "", "Email": None}
        self.assertEqual(
            self.compare(ours, theirs), (["VATNumber", "City", "Email"], [])
        )

    def test_what_is_empty_here_is_neither(self):
        self.assertEqual(self.compare({}, {"Email": "a@b.example"}), ([], []))

    def test_two_addresses_are_not_mixed(self):
        ours = {"AddressLine1": "Markt 1", "Postcode": "9000", "City": "Gent"}
        theirs = {"AddressLine1": "Wetstraat 1", "Postcode": "", "City": "Brussel"}
        lacking, differing = self.compare(ours, theirs)
        self.assertEqual(lacking, [])
        self.assertEqual(differing, ["AddressLine1", "Postcode", "City"])

    # === REFUSED === #

    def test_what_was_refused_is_so_until_the_customer_changes(self):
        body = {"Name": "Deco", "Email": "a@b.example"}
        note = fingerprint.note_refused(body, ["Email"])
        self.assertEqual(fingerprint.read_refused(body, note), {"Email"})
        changed = {**body, "Name": "Deco Addict"}
        self.assertEqual(fingerprint.read_refused(changed, note), set())

    def test_what_was_not_sent_keeps_what_exact_has(self):
        before = fingerprint.make({"City": "Gent", "Email": "old@b.example"})
        body = {"City": "Brugge", "Email": "new@b.example"}
        after = fingerprint.merged(before, body, ["City"])
        self.assertEqual(fingerprint.changes(body, after), {"Email": "new@b.example"})
