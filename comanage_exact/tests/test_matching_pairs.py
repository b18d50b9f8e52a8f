from odoo.tests.common import BaseCase, tagged

from ..booking import matching
from ..booking.matching import ASK, DIFFERENT, SAME

# Exact keeps this much of a name.
KEPT = 50


def company(name, country, place="", **values):
    """Write down a company; `place` is 'street, postcode city'."""
    street, _comma, town = place.rpartition(", ")
    postcode, _blank, city = town.partition(" ")
    return {
        "name": name,
        "country": country,
        "street": street,
        "postcode": postcode,
        "city": city,
        **values,
    }


def town(one, **values):
    return {**one, **values}


# The numbers are public examples or fit the published check digits.
DECO = company("Deco Addict NV", "BE", "Wetstraat 1, 1000 Brussel", vat="BE0477472701")
GENT = company("Stad Gent", "BE", "Botermarkt 1, 9000 Gent", vat="BE0207451227")
SUD = company("Transports Sud", "FR", "1 rue du Port, 13001 Marseille")
MUELLER = company("Müller Maschinenbau GmbH", "DE", "Hauptstraße 5, 80331 München")
MILK = company("Melkerij De Koe B.V.", "NL", "Damrak 1, 1012LG Amsterdam")
CHEESE = company("Käserei Alpina AG", "CH", "Bahnhofstrasse 10, 8001 Zürich")
SMITH = company("Smith & Sons Ltd", "GB", "1 High Street, EC1A1BB London")
FR_VAT = "FR83404833048"
CH_VAT = "CHE-109.298.651 MWST"

# What two writings of one customer look like: they are linked without a question.
SAME_PAIRS = {
    # Belgium.
    "form in another language": (
        DECO,
        company("Deco Addict SA", "BE", "1000 Bruxelles", vat="0477.472.701"),
    ),
    "trade name at the same address": (
        company(
            "Frituur 't Hoekske", "BE", "Markt 3, 2800 Mechelen", vat="BE0403170701"
        ),
        company(
            "Peeters & Co BV", "BE", "Markt 3, 2800 Malines", vat="BE 0403.170.701"
        ),
    ),
    "trade name, only the town is known": (
        company("Bistro Rubens", "BE", "2000 Antwerpen", vat="BE0403170701"),
        company("JVD Horeca BVBA", "BE", city="Anvers", vat="BE0403170701"),
    ),
    "moved to another town under its name": (
        DECO,
        company(
            "DECO ADDICT", "BE", "Kortrijksestraat 9, 9000 Gent", vat="BE0477472701"
        ),
    ),
    "number without its first zero": (
        DECO,
        company("Deco Addict", "BE", vat="477.472.701"),
    ),
    "number of a company in place of its VAT number": (
        DECO,
        company("Deco Addict", "BE", "1000 Brussel", registry="0477.472.701"),
    ),
    "register with its name": (
        company("Brouwerij De Halve", "BE", "8000 Brugge", registry="0401574852"),
        company("De Halve", "BE", "8000 Bruges", registry="KBO 0401.574.852"),
    ),
    "numbers that begin with 1": (
        company("Nieuwland BV", "BE", "9300 Aalst", vat="BE1001686633"),
        company("Nieuwland", "BE", "9300 Alost", vat="1001.686.633"),
    ),
    "form before the name": (
        company("BVBA Janssens", "BE", "3000 Leuven", vat="BE0401574852"),
        company("Janssens bvba", "BE", "3000 Louvain", vat="BE0401574852"),
    ),
    "the old and the new form": (
        company("Janssens BV", "BE", email="ap@janssens.example"),
        company("Janssens BVBA", "BE", email="AP@Janssens.example"),
    ),
    "town shortened": (
        company("Apotheek Claes", "BE", "9100 Sint-Niklaas", vat="BE0428759497"),
        company("Claes Pharma", "BE", "9100 St. Niklaas", vat="BE0428759497"),
    ),
    "acronym of the name": (
        company("NMBS", "BE", vat="BE0203430576"),
        company(
            "Nationale Maatschappij der Belgische Spoorwegen", "BE", vat="BE0203430576"
        ),
    ),
    "postcode with the letter of the country": (
        company("Alfa", "BE", "1050 Elsene", vat="BE0428759497"),
        company("Omega", "BE", "B-1050 Ixelles", vat="BE0428759497"),
    ),
    "association in two languages": (
        company("Oxfam België vzw", "BE", email="info@oxfam.example"),
        company("Oxfam Belgie ASBL", "BE", email="info@oxfam.example"),
    ),
    "blanks inside the form": (
        company("Deco Addict N.V.", "BE", email="ap@deco.example"),
        company("DECO ADDICT n v", "BE", email="ap@deco.example"),
    ),
    # The Netherlands.
    "number of the chamber of commerce": (
        town(MILK, registry="KvK 12345678"),
        company("De Koe BV", "NL", "1012 LG Amsterdam", registry="12345678"),
    ),
    "Dutch number without letters": (
        town(MILK, vat="NL004495445B01"),
        company("Melkerij de Koe", "NL", vat="0044.95.445.B01"),
    ),
    "The Hague under two names": (
        company("Haagse Hopjes", "NL", "2511CS Den Haag", vat="NL004495445B01"),
        company("Confiserie HH", "NL", city="'s-Gravenhage", vat="NL004495445B01"),
    ),
    "number of the office for its company number": (
        town(MILK, vat="NL004495445B01", registry="12345678"),
        company("Melkerij De Koe", "NL", vat="NL004495445B01", registry="004495445"),
    ),
    "name and mailbox of a Dutch company": (
        town(MILK, email="crediteuren@dekoe.example"),
        company("MELKERIJ DE KOE", "NL", email="crediteuren@dekoe.example"),
    ),
    # France.
    "company number and that of its establishment": (
        town(SUD, vat=FR_VAT, registry="404 833 048"),
        town(SUD, vat=FR_VAT, registry="40483304800022"),
    ),
    "one establishment": (
        town(SUD, registry="404 833 048 00022"),
        company("TS Logistique", "FR", "13001 Marseille", registry="40483304800022"),
    ),
    "company number behind its register": (
        town(SUD, registry="RCS Marseille B 404 833 048"),
        town(SUD, registry="404833048"),
    ),
    "company number in the VAT number": (
        town(SUD, vat=FR_VAT),
        town(SUD, name="SAS Transports Sud", registry="404833048"),
    ),
    "a business postcode": (
        company("Éts Lefèvre", "FR", "59000 Lille", vat=FR_VAT),
        company("Lefevre SARL", "FR", city="LILLE CEDEX 9", vat=FR_VAT),
    ),
    "ligatures and accents": (
        company("Cœur de Bœuf", "FR", vat=FR_VAT),
        company("COEUR DE BOEUF SARL", "FR", vat=FR_VAT),
    ),
    "district of a city": (
        company("Rive Gauche", "FR", city="Paris", vat=FR_VAT),
        company("RG Conseil SAS", "FR", city="Paris 13e Arrondissement", vat=FR_VAT),
    ),
    # Germany.
    "umlaut written out": (
        town(MUELLER, vat="DE129274202"),
        company("Mueller Maschinenbau GmbH", "DE", vat="DE 129 274 202"),
    ),
    "umlaut without its dots": (
        town(MUELLER, vat="DE129274202"),
        company("MULLER MASCHINENBAU", "DE", vat="DE129274202"),
    ),
    "abbreviated and in the English town": (
        town(MUELLER, vat="DE129274202"),
        company("MMB GmbH", "DE", city="Munich", vat="DE129274202"),
    ),
    "register with and without its court": (
        town(MUELLER, registry="HRB 12345"),
        town(MUELLER, registry="Amtsgericht München, HRB 12345"),
    ),
    "limited partnership": (
        company("Weiß GmbH & Co. KG", "DE", email="post@weiss.example"),
        company("Weiss GmbH und Co KG", "DE", email="post@weiss.example"),
    ),
    "sharp s in the street": (
        company("Alt", "DE", "Hauptstr. 5, 50667 Köln", vat="DE129274202"),
        company("Neu", "DE", "Hauptstraße 5, 50667 Cologne", vat="DE129274202"),
    ),
    # Switzerland.
    "suffix in another language": (
        town(CHEESE, vat=CH_VAT),
        town(CHEESE, name="Alpina SA", vat="CHE109298651TVA"),
    ),
    "number without a suffix": (
        town(CHEESE, vat=CH_VAT),
        company("Kaeserei Alpina", "CH", vat="CHE-109.298.651"),
    ),
    "identification number as register": (
        town(CHEESE, registry="CHE-109.298.651"),
        town(CHEESE, vat=CH_VAT),
    ),
    "town in French and German": (
        company("Chocolats du Lac", "CH", "1204 Genève", vat=CH_VAT),
        company("CDL Sàrl", "CH", city="Genf", vat="CHE109298651"),
    ),
    # United Kingdom.
    "Limited and Ltd": (
        town(SMITH, vat="GB340804329"),
        company("Smith and Sons Limited", "GB", vat="340 8043 29"),
    ),
    "Northern Ireland": (
        company("Belfast Linen", "GB", "BT11AA Belfast", vat="XI340804329"),
        company("Belfast Linen Ltd", "GB", "BT1 1AA Belfast", vat="GB340804329"),
    ),
    "company number without its first zero": (
        town(SMITH, registry="01234567"),
        town(SMITH, registry="Company No. 1234567"),
    ),
    "Scottish company": (
        company("Highland Wool", "GB", "EH11AA Edinburgh", registry="SC 123456"),
        company("Highland Wool Ltd", "GB", registry="SC123456"),
    ),
    # Anywhere.
    "a slip of the pen": (
        company("Vandenbroucke", "BE", vat="BE0403170701"),
        company("Vandenbrouke NV", "BE", vat="BE0403170701"),
    ),
    "written as one word": (
        company("Bike Works", "BE", vat="BE0403170701"),
        company("BikeWorks bv", "BE", vat="BE0403170701"),
    ),
    "person, family name first": (
        company("Jan Peeters", "BE", vat="BE0403170701"),
        company("Peeters J.", "BE", vat="BE0403170701"),
    ),
    "mailbox and name of the same place": (
        town(DECO, vat="", email="ap@deco.example"),
        company("Deco Addict", "BE", "1000 Bruxelles", email="ap@deco.example"),
    ),
    "the number in Exact is ours, and so is the name": (
        town(DECO, vat="", code="100100"),
        company("Deco Addict", "BE", code="0100100"),
    ),
    "a cut name with the same VAT number": (
        company(
            "Koninklijke Vereniging voor Natuur- en Stedenschoon Antwerpen Linkeroever",
            "BE",
            vat="BE0403170701",
        ),
        company(
            "Koninklijke Vereniging voor Natuur- en Stedenschoo",
            "BE",
            vat="BE0403170701",
        ),
    ),
}
# Where it is likely or possible, a person decides.
ASK_PAIRS = {
    "another establishment of one VAT number": (
        company(
            "Transports Nord",
            "FR",
            "59000 Lille",
            vat=FR_VAT,
            registry="40483304800022",
        ),
        town(SUD, vat=FR_VAT, registry="40483304800030"),
    ),
    "one VAT number, neither name nor place": (
        company("Transports Nord", "FR", "59000 Lille", vat=FR_VAT),
        town(SUD, vat=FR_VAT),
    ),
    "another company of one fiscal unit": (
        town(MILK, vat="NL004495445B01", registry="12345678"),
        town(MILK, vat="NL004495445B01", registry="87654321"),
    ),
    "another member of a Belgian VAT unit": (
        company(
            "Alfa NV", "BE", "1000 Brussel", vat="BE0403170701", registry="0401574852"
        ),
        company(
            "Beta NV", "BE", "1000 Brussel", vat="BE0403170701", registry="0428759497"
        ),
    ),
    "another department of a town": (
        town(GENT, name="Stad Gent - Cultuur"),
        town(GENT, name="Stad Gent - Sport"),
    ),
    "another faculty": (
        company(
            "Universiteit Gent Faculteit Rechten", "BE", "9000 Gent", vat="BE0248015142"
        ),
        company(
            "Universiteit Gent Faculteit Letteren",
            "BE",
            "9000 Gent",
            vat="BE0248015142",
        ),
    ),
    "another shop of a chain": (
        company("Bakker 12", "BE", "9000 Gent", vat="BE0403170701"),
        company("Bakker 14", "BE", "9000 Gent", vat="BE0403170701"),
    ),
    "one number of a VAT group, other companies": (
        company("Acme Retail Ltd", "GB", "M11AE Manchester", vat="GB340804329"),
        company("Zenith Insurance plc", "GB", "EC1A1BB London", vat="GB340804329"),
    ),
    "one HRB number in two towns": (
        company("Alpha GmbH", "DE", "80331 München", registry="HRB 12345"),
        company("Alpha GmbH", "DE", "20095 Hamburg", registry="HRB 12345"),
    ),
    "name alone": (town(DECO, vat=""), company("Deco Addict", "BE")),
    "mailbox and name in another town": (
        town(DECO, vat="", email="ap@deco.example"),
        company("Deco Addict", "BE", "9000 Gent", email="ap@deco.example"),
    ),
    "mailbox and a part of the name": (
        town(DECO, vat="", email="ap@deco.example"),
        company("Deco", "BE", email="ap@deco.example"),
    ),
    "mailbox and name with another form": (
        company("Janssens NV", "BE", email="ap@janssens.example"),
        company("Janssens BV", "BE", email="ap@janssens.example"),
    ),
    "mailbox and the letters that Exact keeps": (
        company(
            "Vereniging van Mede-eigenaars Residentie Zeezicht Blok A",
            "BE",
            email="vme@syndic.example",
        ),
        company(
            "Vereniging van Mede-eigenaars Residentie Zeezicht",
            "BE",
            email="vme@syndic.example",
        ),
    ),
    "one register, two VAT numbers": (
        town(MILK, registry="12345678", vat="NL004495445B01"),
        town(MILK, registry="12345678", vat="NL001266526B03"),
    ),
    "one name with VAT numbers of two countries": (
        town(DECO, email="ap@deco.example"),
        company("Deco Addict", "BE", email="ap@deco.example", vat="NL004495445B01"),
    ),
    "two services of a town at two addresses": (
        town(GENT, name="Sportdienst Gent", street="Zuiderlaan 5"),
        town(GENT, name="Cultuurdienst Gent"),
    ),
    "a museum and a school of one town": (
        company("S.M.A.K.", "BE", "9000 Gent", vat="BE0207451227"),
        company(
            "Stedelijke Basisschool De Letterdoos",
            "BE",
            "9040 Gent",
            vat="BE0207451227",
        ),
    ),
    "a member of a VAT unit, the other without its own number": (
        company(
            "Alfa NV", "BE", "1000 Brussel", vat="BE0403170701", registry="0401574852"
        ),
        company("Beta NV", "BE", "1000 Brussel", vat="BE0403170701"),
    ),
    "one number of a VAT group, two parts of one city": (
        company("Acme Retail Ltd", "GB", "W1D1BS London", vat="GB340804329"),
        company("Zenith Insurance plc", "GB", "EC3V0AT London", vat="GB340804329"),
    ),
    "a number that both systems gave out, one family name": (
        company("Garage Van Damme", "BE", "9000 Gent", code="12"),
        company("Bakkerij Van Damme", "BE", "9000 Gent", code="12"),
    ),
    "the number in Exact is ours, the name is not": (
        town(DECO, vat="", code="100100"),
        company("Hops", "BE", code="100100"),
    ),
}
DIFFERENT_PAIRS = {
    "one name, two VAT numbers": (DECO, town(DECO, vat="BE0202239951")),
    "one name and mailbox, two company numbers": (
        town(SUD, email="a@b.example", registry="404833048"),
        town(SUD, email="a@b.example", registry="552100554"),
    ),
    "one name in two towns": (
        company("Apotheek Peeters", "BE", "2000 Antwerpen"),
        company("Apotheek Peeters", "BE", "3500 Hasselt"),
    ),
    "one name in two countries": (
        company("Alpina", "CH", "8001 Zürich"),
        company("Alpina", "DE", "80331 München"),
    ),
    "the mailbox of a bookkeeper": (
        company("Frituur Max", "BE", email="klanten@boekhouder.example"),
        company("Garage Luc", "BE", email="klanten@boekhouder.example"),
    ),
    "one street": (
        company("Alfa", "BE", "Wetstraat 1, 1000 Brussel"),
        company("Beta", "BE", "Wetstraat 1, 1000 Brussel"),
    ),
    "similar names": (
        company("Janssens", "BE", "1000 Brussel"),
        company("Janssen", "BE", "1000 Brussel"),
    ),
    "letters of a register": (
        company("Nord", "DE", registry="HRA 12345"),
        company("Nord", "DE", registry="HRB 12345"),
    ),
    "the same digits in two countries": (
        company("Melk", "NL", registry="12345678"),
        company("Milk", "GB", registry="12345678"),
    ),
    "nothing is known": ({"name": ""}, {"name": ""}),
    "a word for the register": (
        company("Anna Smith", "GB", "N19GU London", registry="Sole trader"),
        company("John Baker", "GB", "SW1A1AA London", registry="Sole Trader"),
    ),
    "zeros for the register": (
        company("Kapsalon Jansen", "NL", "3511AA Utrecht", registry="00000000"),
        company("Garage Bakker", "NL", "3584CB Utrecht", registry="00000000"),
    ),
    "one digit for the register": (
        company("Kapsalon Jansen", "NL", "3511AA Utrecht", registry="99999999"),
        company("Garage Bakker", "NL", "3511AA Utrecht", registry="99999999"),
    ),
    "no register in German": (
        company("Anna Klein", "DE", "80331 München", registry="keine"),
        company("Hans Gross", "DE", "80331 München", registry="Keine"),
    ),
    "no register in a country without rules": (
        company("Alpha", "LU", "1111 Luxembourg", registry="none"),
        company("Zeta", "LU", "1111 Luxembourg", registry="None"),
    ),
    "a word for the VAT number": (
        company("Jan Peeters", "BE", "9000 Gent", vat="particulier"),
        company("An Claes", "BE", "9000 Gent", vat="Particulier"),
    ),
    "zeros for the VAT number": (
        company("Jan Peeters", "BE", "9000 Gent", vat="BE0000000000"),
        company("An Claes", "BE", "9000 Gent", vat="BE 0000.000.000"),
    ),
    "no number": (company("Alfa", "BE", vat="/"), company("Beta", "BE", vat="/")),
    "the number in Exact with another VAT number": (
        town(DECO, code="100100"),
        company("Deco Addict", "BE", code="100100", vat="BE0202239951"),
    ),
}


@tagged("post_install", "-at_install")
class TestMatchingPairs(BaseCase):
    """Contacts of Odoo beside accounts of Exact, as the rules of six countries go."""

    def judge(self, one, other, **values):
        parties = []
        for facts in (one, other):
            keys = ("vat", "registry", "email", "country", "postcode")
            is_cut = facts is other and len(facts["name"]) >= KEPT - 1
            known = {**dict.fromkeys(keys, ""), **facts}
            parties.append(matching.party(**known, is_cut=is_cut))
        return matching.judge(*parties, is_person=False, **values)

    def assert_answers(self, pairs, answer):
        for what, (one, other) in pairs.items():
            with self.subTest(what):
                verdict = self.judge(one, other)
                self.assertEqual(verdict.answer, answer, verdict)

    def test_one_customer_is_linked_without_a_question(self):
        asked = [
            what
            for what, pair in SAME_PAIRS.items()
            if self.judge(*pair).answer != SAME
        ]
        self.assertEqual(asked, [])

    def test_a_person_decides_what_facts_leave_open(self):
        self.assert_answers(ASK_PAIRS, ASK)

    def test_two_customers_are_not_asked_about(self):
        self.assert_answers(DIFFERENT_PAIRS, DIFFERENT)

    def test_it_is_a_table_of_sixty_pairs_at_least(self):
        count = len(SAME_PAIRS) + len(ASK_PAIRS) + len(DIFFERENT_PAIRS)
        self.assertGreaterEqual(count, 60)

    def test_an_account_of_another_contact_is_always_asked(self):
        for what, (one, other) in SAME_PAIRS.items():
            with self.subTest(what):
                verdict = self.judge(one, other, is_taken=True)
                self.assertEqual(verdict.answer, ASK)
                self.assertIn("taken", verdict.doubts)

    def test_the_order_of_two_sides_does_not_matter(self):
        for pairs in (SAME_PAIRS, ASK_PAIRS, DIFFERENT_PAIRS):
            for what, (one, other) in pairs.items():
                if len(one["name"]) >= KEPT - 1 or len(other["name"]) >= KEPT - 1:
                    continue
                with self.subTest(what):
                    there, back = self.judge(one, other), self.judge(other, one)
                    self.assertEqual(there.answer, back.answer)

    def test_the_stronger_of_two_candidates_comes_first(self):
        vat, name = "BE0477472701", "Deco Addict"
        contact = company(name, "BE", "3500 Hasselt", vat=vat)
        same_place = self.judge(contact, company(name, "BE", "3500 Hasselt", vat=vat))
        elsewhere = self.judge(contact, company("Deco", "BE", "3600 Genk", vat=vat))
        self.assertGreater(same_place.strength, elsewhere.strength)
