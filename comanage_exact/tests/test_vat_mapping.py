from odoo.tests import BaseCase, tagged

from ..booking import vat_words
from ..booking.vat_facts import CodeFacts, TaxFacts
from ..booking.vat_mapping import propose, read_code, read_tax, refusal


def code(number, description="", percentage=21, vat_type="E", **more):
    facts = CodeFacts(number, number, description, percentage / 100, vat_type, **more)
    return read_code(facts)


@tagged("post_install", "-at_install")
class TestVatMapping(BaseCase):
    """From plain values to a proposal; no database."""

    def propose(self, tax, *codes):
        proposal = propose(tax, codes)
        return proposal.confidence, proposal.reason, proposal.key

    # === WORDS === #

    def test_words_in_four_languages(self):
        for text, kinds in (
            ("IC levering goederen", {"eu_goods"}),
            ("Livraisons intracommunautaires exonérées", {"eu_goods"}),
            ("Steuerfreie innergemeinschaftliche Lieferung", {"eu_goods"}),
            ("Intra-Community supply of services", {"eu_services"}),
            ("Sonstige Leistung EU", {"eu_services"}),
            ("Prestations intra-UE", {"eu_services"}),
            ("Driehoeksverkeer binnen de EU", {"triangular"}),
            ("Opération triangulaire", {"triangular"}),
            ("Uitvoer buiten de EU", {"export"}),
            ("Livraison hors UE", {"export"}),
            ("Ausfuhr", {"export"}),
            ("Medecontractant", {"reverse_charge"}),
            ("Autoliquidation", {"reverse_charge"}),
            ("Steuerschuldnerschaft §13b", {"reverse_charge"}),
            ("Domestic reverse charge", {"reverse_charge"}),
            ("Vrijgesteld art. 44", {"exempt"}),
            ("Exonéré", {"exempt"}),
            ("Umsatzsteuerbefreit", {"exempt"}),
            ("Geen btw", {"out_of_scope"}),
            ("Sans TVA", {"out_of_scope"}),
            ("Outside the scope", {"out_of_scope"}),
            ("Margeregeling", {"margin"}),
            ("Differenzbesteuerung", {"margin"}),
            ("Guichet unique France", {"oss"}),
            ("Afstandsverkopen binnen de EU", {"distance"}),
            ("Btw 21%", set()),
            ("TVA 21% hors TVA", set()),
            ("Intrastat 21%", set()),
        ):
            with self.subTest(text):
                self.assertEqual(vat_words.read(text).kinds, kinds)

    def test_zero_is_not_the_end_of_ten(self):
        self.assertTrue(vat_words.read("Btw 0%").is_zero)
        self.assertTrue(vat_words.read("TVA 0,00 %").is_zero)
        for text in ("Btw 10%", "Btw 10,0%", "MwSt 5.0 %"):
            self.assertFalse(vat_words.read(text).is_zero, text)

    # === DOMESTIC === #

    def test_one_code_with_the_rate_is_certain(self):
        proposal = self.propose(TaxFacts(21), code("a"), code("b", percentage=6))
        self.assertEqual(proposal, ("certain", "rate", "a"))

    def test_two_codes_with_the_rate_are_for_a_person(self):
        proposal = self.propose(TaxFacts(21), code("a"), code("b"))
        self.assertEqual(proposal, ("doubtful", "several", None))

    def test_two_codes_by_goods_and_services_are_a_hint(self):
        codes = (code("a", "Goederen 21%"), code("b", "Diensten 21%"))
        services = TaxFacts(21, scope="services")
        self.assertEqual(self.propose(services, *codes), ("doubtful", "several", "b"))

    def test_plain_code_goes_before_one_for_a_purpose(self):
        codes = (code("a", "21% oud"), code("b", "21%"))
        self.assertEqual(self.propose(TaxFacts(21), *codes), ("certain", "rate", "b"))
        only_old = self.propose(TaxFacts(21), codes[0])
        self.assertEqual(only_old, ("doubtful", "unclear_code", "a"))

    def test_these_codes_are_never_proposed(self):
        for unfit in (
            code("a", vat_type="I"),
            code("a", transaction_type="P"),
            code("a", is_blocked=True),
            code("a", percentage=20),
            code("a", "Aankoop 21%", transaction_type="B"),
            code("a", margin=1),
            code("a", "Marge"),
            code("a", oss_country="FR"),
            code("a", "OSS"),
            code("a", listing="L"),
            code("a", is_charged=True),
            code("a", intrastat_type="S"),
        ):
            with self.subTest(unfit.facts):
                proposal = self.propose(TaxFacts(21), unfit)
                self.assertEqual(proposal, ("none", "no_code", None))

    def test_rates_are_equal_to_the_thousandth(self):
        self.assertEqual(self.propose(TaxFacts(5.5), code("a", percentage=5.5))[2], "a")
        self.assertFalse(self.propose(TaxFacts(5.5), code("a", percentage=5.501))[2])

    def test_tax_of_another_country_is_for_a_person(self):
        proposal = self.propose(TaxFacts(21, is_foreign=True), code("a"))
        self.assertEqual(proposal, ("none", "foreign", None))

    # === 0% === #

    def test_categories_choose_the_kind(self):
        codes = (
            code("zero", "Nultarief", 0),
            code("charged", "", 0, is_charged=True),
            code("export", "Uitvoer", 0, "B"),
            code("exempt", "Vrijgesteld", 0, "B"),
            code("none", "", 0, "N"),
            code("margin", "", 0, margin=1),
        )
        for expected, values in (
            ("zero", {"category": "Z"}),
            ("charged", {"category": "AE", "grids": ("45",), "country": "BE"}),
            ("export", {"category": "G", "vatex": "VATEX-EU-G"}),
            ("exempt", {"category": "E", "vatex": "VATEX-EU-132-1I"}),
            ("none", {"category": "O"}),
            ("margin", {"category": "E", "vatex": "VATEX-EU-F"}),
        ):
            with self.subTest(expected):
                confidence, _reason, key = self.propose(TaxFacts(0, **values), *codes)
                self.assertEqual((confidence, key), ("certain", expected))

    def test_scope_tells_goods_from_services(self):
        codes = (code("g", "", 0, listing="L"), code("s", "", 0, listing="S"))
        for scope, key in (("goods", "g"), ("services", "s")):
            tax = TaxFacts(0, category="K", scope=scope)
            # A triangular sale would be goods as well.
            expected = "certain" if scope == "services" else "doubtful"
            confidence, _reason, proposed = self.propose(tax, *codes)
            self.assertEqual((confidence, proposed), (expected, key))
        confidence, _reason, key = self.propose(TaxFacts(0, category="K"), *codes)
        self.assertEqual((confidence, key), ("doubtful", None))

    def test_boxes_go_before_translations(self):
        tax = TaxFacts(0, country="NL", grids=("3bs (turnover)",), texts=("0% EU",))
        self.assertEqual(read_tax(tax).kinds, {"eu_services"})
        self.assertTrue(read_tax(tax).is_sure)

    def test_contradiction_is_doubtful(self):
        tax = TaxFacts(0, country="BE", grids=("47",), category="AE")
        self.assertFalse(read_tax(tax).is_sure)
        listed = code("a", "IC diensten", 0, listing="L")
        self.assertFalse(listed.is_sure)

    def test_name_alone_is_doubtful(self):
        export = code("a", "Uitvoer", 0, "B")
        proposal = self.propose(TaxFacts(0, texts=("Export",)), export)
        self.assertEqual(proposal, ("doubtful", "unclear_tax", "a"))

    def test_zero_without_any_word_is_doubtful(self):
        confidence = self.propose(TaxFacts(0, texts=("0%",)), code("a", "0%", 0))[0]
        self.assertEqual(confidence, "doubtful")

    # === ONE-STOP SHOP === #

    def test_one_stop_shop_is_by_country(self):
        codes = (
            code("fr", percentage=20, oss_country="FR"),
            code("at", percentage=20, oss_country="AT"),
            code("own", percentage=20),
        )
        tax = TaxFacts(20, grids=("OSS",), oss_country="AT", is_foreign=True)
        self.assertEqual(self.propose(tax, *codes), ("certain", "oss", "at"))
        unknown = TaxFacts(20, grids=("OSS",))
        self.assertEqual(self.propose(unknown, *codes)[0], "none")

    # === REFUSALS === #

    def test_refusals(self):
        for expected, values in (
            ("inclusive", {"vat_type": "I"}),
            ("blocked", {"is_blocked": True}),
            ("purchase", {"transaction_type": "P"}),
            ("rate", {"percentage": 20}),
            # Base only adds no VAT, whatever its percentage.
            ("rate", {"vat_type": "B"}),
            (None, {}),
            (None, {"transaction_type": "B"}),
        ):
            with self.subTest(values):
                self.assertEqual(refusal(code("a", **values).facts, 21.0), expected)
        self.assertIsNone(refusal(code("a").facts))
