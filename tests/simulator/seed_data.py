"""What is in the simulated divisions before anybody books."""

BELGIAN, SECOND, ARCHIVED, BLOCKED, DUTCH = 3456781, 3456782, 3456783, 3456784, 3456790

# Code, Hid, description, country, VAT number, status, blocking status, main.
DIVISIONS = (
    (BELGIAN, 1, "Voorbeeld Handel BV", "BE", "BE0477472701", 1, 0, True),
    (SECOND, 2, "Voorbeeld Diensten BV", "BE", "BE0403019261", 1, 0, False),
    (ARCHIVED, 3, "Voorbeeld Oud BV (archief)", "BE", "BE0403019261", 2, 0, False),
    (BLOCKED, 4, "Voorbeeld Kopie BV (kopie loopt)", "BE", "BE0477472701", 1, 3, False),
    (DUTCH, 5, "Voorbeeld Nederland B.V.", "NL", "NL123456782B90", 1, 0, False),
)


def more_division(number):
    """Return the row of a further division, whose VAT number is valid as well."""
    digits = 5_000_000 + number
    vat_number = f"BE0{digits}{97 - digits % 97:02}"
    name = f"Voorbeeld {number} BV"
    return (3_500_000 + number, 100 + number, name, "BE", vat_number, 1, 0, False)


# Email, name, language of the findings, divisions (None: all); then what else differs.
USERS = (
    ("eva.peeters@example.com", "Eva Peeters", "nl", None, {}),
    ("luc.martin@example.com", "Luc Martin", "en", None, {"must_migrate": True}),
    ("sofie.maes@example.com", "Sofie Maes", "nl", (SECOND,), {}),
    ("jan.dubois@example.com", "Jan Dubois", "nl", None, {"has_several_users": True}),
    ("pia.claes@example.com", "Pia Claes", "nl", None, {"is_portal_user": True}),
    # Works in a division where no app may; books for another.
    (
        "tom.willems@example.com",
        "Tom Willems",
        "nl",
        (SECOND, DUTCH),
        {"current_division": BELGIAN, "accounting_division": SECOND},
    ),
    # None of the divisions that `Me` names is open.
    (
        "an.desmet@example.com",
        "An Desmet",
        "en",
        (DUTCH,),
        {
            "current_division": BELGIAN,
            "accounting_division": SECOND,
            "dossier_division": BLOCKED,
        },
    ),
)

# Code, description, type, side, balance type, VAT code, UseCostcenter, blocked.
BELGIAN_GL_ACCOUNTS = (
    ("100000", "Geplaatst kapitaal", 50, "C", "B", None, 2, False),
    ("241000", "Rollend materieel", 30, "D", "B", None, 2, False),
    ("400000", "Handelsdebiteuren", 20, "D", "B", None, 2, False),
    ("440000", "Leveranciers", 22, "C", "B", None, 2, False),
    ("451000", "Te betalen btw", 24, "C", "B", None, 2, False),
    ("411000", "Terug te vorderen btw", 24, "D", "B", None, 2, False),
    ("460000", "Ontvangen vooruitbetalingen", 21, "C", "B", None, 2, False),
    ("493000", "Over te dragen opbrengsten", 27, "C", "B", "0", 2, False),
    ("550000", "Bank zichtrekening", 12, "D", "B", None, 2, False),
    ("570000", "Kas", 10, "D", "B", None, 2, False),
    ("580000", "Interne overboekingen", 16, "D", "B", None, 2, False),
    ("590000", "Kredietkaart", 14, "D", "B", None, 2, False),
    ("604000", "Aankopen van handelsgoederen", 111, "D", "W", None, 0, False),
    ("613000", "Vergoedingen aan derden", 121, "D", "W", None, 1, False),
    ("657000", "Toegekende financiële kortingen", 120, "D", "W", None, 0, False),
    ("657100", "Negatieve betalingsverschillen", 120, "D", "W", None, 0, False),
    ("700000", "Verkopen van handelsgoederen", 110, "C", "W", "4", 0, False),
    ("700100", "Verkopen binnen de EU", 110, "C", "W", "6", 0, False),
    ("700200", "Verkopen buiten de EU", 110, "C", "W", "9", 0, False),
    ("704000", "Diensten", 110, "C", "W", "4", 0, False),
    ("705000", "Diensten per afdeling", 110, "C", "W", "4", 1, False),
    ("706000", "Verkopen oud", 110, "C", "W", "4", 0, True),
    ("708000", "Toegekende kortingen", 110, "D", "W", "4", 0, False),
    ("744000", "Doorgerekende kosten", 110, "C", "W", None, 0, False),
    ("757000", "Verkregen financiële kortingen", 140, "C", "W", None, 0, False),
    ("757100", "Positieve betalingsverschillen", 140, "C", "W", None, 0, False),
)

MARGIN = {"VatMargin": 1}
OSS_NL, OSS_BE = {"OssCountry": "NL"}, {"OssCountry": "BE"}

# Code, description, type, transaction, fraction, EU sales listing, Intrastat, charged,
# to-pay account, blocked; then, for few, what else differs.
BELGIAN_VAT_CODES = (
    ("0", "Geen btw", "N", "B", "0", "N", False, False, None, False),
    ("1", "Btw 6%", "E", "S", "0.06", "N", False, False, "451000", False),
    ("2", "Btw 12%", "E", "S", "0.12", "N", False, False, "451000", False),
    ("4", "Btw 21%", "E", "S", "0.21", "N", False, False, "451000", False),
    ("5", "Btw 0%", "B", "S", "0", "N", False, False, "451000", False),
    ("6", "IC levering goederen", "B", "S", "0", "L", True, False, "451000", False),
    ("7", "IC diensten", "B", "S", "0", "S", False, False, "451000", False),
    ("8", "Medecontractant", "B", "S", "0", "N", False, False, "451000", False),
    ("9", "Uitvoer buiten de EU", "B", "S", "0", "N", False, False, "451000", False),
    ("3", "Btw 21% inclusief", "I", "S", "0.21", "N", False, False, "451000", False),
    ("A4", "Btw 21% aankoop", "E", "P", "0.21", "N", False, False, None, False),
    ("A6", "IC verwerving 21%", "E", "P", "0.21", "N", True, True, "451000", False),
    ("VH", "Btw 21% (oud)", "E", "S", "0.21", "N", False, False, "451000", True),
    ("T", "Driehoeksverkeer", "B", "S", "0", "T", False, False, "451000", False),
    ("MA", "Marge 21%", "E", "S", "0.21", "N", False, False, "451000", False, MARGIN),
    ("ON", "OSS 21%", "E", "S", "0.21", "N", False, False, "451000", False, OSS_NL),
)

# Code, description, type, G/L account, currency, foreign currency, own rate, VAT,
# blocked. As delivered, journals of sales and purchases have none of the three ticked;
# here the bookkeeper allows other currencies in some. VAT they take in any case.
BELGIAN_JOURNALS = (
    ("700", "Verkopen", 20, "400000", None, True, True, False, False),
    ("701", "Creditnota's verkoop", 21, "400000", None, True, True, False, False),
    ("702", "Verkopen, alleen euro", 20, "400000", "EUR", False, False, False, False),
    ("705", "Verkopen oud", 20, "400000", None, True, True, False, True),
    ("600", "Aankopen", 22, "440000", None, True, True, False, False),
    ("550", "Bank", 12, "550000", "EUR", False, False, False, False),
    ("900", "Diverse verrichtingen", 90, None, None, True, True, True, False),
)

# Code, description, days, ends of months, method.
PAYMENT_CONDITIONS = (
    ("00", "Contant", 0, 0, "K"),
    ("14", "14 dagen", 14, 0, "B"),
    ("15", "15 dagen", 15, 0, "B"),
    ("30", "30 dagen", 30, 0, "B"),
    ("60", "60 dagen", 60, 0, "B"),
    ("EM", "Einde volgende maand", 0, 1, "B"),
)

DUTCH_GL_ACCOUNTS = (
    ("1100", "Bank", 12, "D", "B", None, 2, False),
    ("1300", "Debiteuren", 20, "D", "B", None, 2, False),
    ("1405", "Vooruit gefactureerde bedragen", 90, "C", "B", None, 2, False),
    ("1500", "Af te dragen btw", 24, "C", "B", None, 2, False),
    ("1600", "Crediteuren", 22, "C", "B", None, 2, False),
    ("7000", "Inkoopwaarde", 111, "D", "W", None, 0, False),
    ("8000", "Omzet", 110, "C", "W", "2", 0, False),
    ("8100", "Omzet laag tarief", 110, "C", "W", "1", 0, False),
)
DUTCH_VAT_CODES = (
    ("0", "Geen btw", "N", "B", "0", "N", False, False, None, False),
    ("1", "Btw laag 9%", "E", "S", "0.09", "N", False, False, "1500", False),
    ("2", "Btw hoog 21%", "E", "S", "0.21", "N", False, False, "1500", False),
    ("3", "Btw hoog inclusief", "I", "S", "0.21", "N", False, False, "1500", False),
    ("6", "Uitvoer buiten de EU", "B", "S", "0", "N", False, False, "1500", False),
    ("7", "Levering binnen de EU", "B", "S", "0", "L", True, False, "1500", False),
    ("8", "Diensten binnen de EU", "B", "S", "0", "S", False, False, "1500", False),
    ("9", "ABC-levering", "B", "S", "0", "T", False, False, "1500", False),
    ("10", "Btw verlegd", "B", "S", "0", "N", False, False, "1500", False),
    ("MA", "Marge 21%", "E", "S", "0.21", "N", False, False, "1500", False, MARGIN),
    ("OB", "OSS 21%", "E", "S", "0.21", "N", False, False, "1500", False, OSS_BE),
)
DUTCH_JOURNALS = (
    ("70", "Verkoopboek", 20, "1300", None, False, False, False, False),
    ("60", "Inkoopboek", 22, "1600", None, False, False, False, False),
    ("20", "Bank", 12, "1100", "EUR", False, False, False, False),
    ("90", "Memoriaal", 90, None, None, False, False, False, False),
)

CODE_LISTS = {
    "BE": (BELGIAN_GL_ACCOUNTS, BELGIAN_VAT_CODES, BELGIAN_JOURNALS),
    "NL": (DUTCH_GL_ACCOUNTS, DUTCH_VAT_CODES, DUTCH_JOURNALS),
}

# Code, description, decimals of the exchange rate that amounts are converted with.
CURRENCIES = (
    ("EUR", "Euro", 6),
    ("USD", "Amerikaanse dollar", 6),
    ("GBP", "Brits pond", 5),
)
# Value of one unit in the currency of the division.
RATES = {"USD": "0.92", "GBP": "1.17"}
COST_CENTERS = {"ALG": "Algemeen", "VERK": "Verkoop"}
COST_UNITS = {"P1": "Project 1"}

GL_TYPES = {
    10: "Kas",
    12: "Bank",
    14: "Kredietkaart",
    16: "Betaaldienst",
    20: "Debiteuren",
    21: "Vooruitbetaald door klanten",
    22: "Crediteuren",
    24: "Btw",
    25: "Te betalen personeelskosten",
    26: "Vooruitbetaalde kosten",
    27: "Overlopende passiva",
    29: "Te betalen winstbelasting",
    30: "Vaste activa",
    32: "Overige activa",
    35: "Cumulatieve afschrijving",
    40: "Voorraad",
    50: "Kapitaal",
    52: "Ingehouden winst",
    55: "Langlopende schulden",
    60: "Kortlopend deel van schulden",
    90: "Algemeen",
    100: "Te betalen belasting",
    110: "Omzet",
    111: "Kostprijs van de omzet",
    120: "Overige kosten",
    121: "Verkoopkosten en algemene kosten",
    122: "Afschrijvingskosten",
    123: "Onderzoek en ontwikkeling",
    125: "Personeelskosten",
    126: "Loonkosten",
    130: "Buitengewone lasten",
    140: "Buitengewone baten",
    150: "Winstbelasting",
    160: "Rentebaten",
    300: "Jaarafsluiting",
    301: "Indirecte jaarafsluiting",
    302: "Directe jaarafsluiting",
}

# How Me tells the legislation of a division.
LEGISLATIONS = {"BE": 2, "NL": 1}

COUNTRIES = frozenset(
    """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO
BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ
DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP
GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG
KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML
MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE
PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL
SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM
US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
""".split()
)
LANGUAGES = frozenset(
    "NL FR EN DE ES IT PT PL DA SV FI NO CS HU RO BG EL TR RU ZH JA".split()
    + "NL-BE FR-BE NL-NL EN-GB EN-US FR-FR DE-DE ES-ES".split()
)

# Number: description, category, may be made through the API. A division has some more.
DOCUMENT_TYPES = {
    10: ("Verkoopfactuur", 2, True),
    20: ("Inkoopfactuur", 3, True),
    55: ("Diversen", 1, True),
    101: ("Jaarrekening", 1, False),
}
