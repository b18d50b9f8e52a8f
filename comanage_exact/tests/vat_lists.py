"""VAT codes as six companies may have them, and which one each tax shall get.

There is no public list of the codes that Exact delivers, so these differ on purpose in
numbering, language and wording. Each has decoys: including VAT, for purchases, blocked,
margin scheme, one-stop shop of another country. `expected` names the taxes as the chart
of Odoo does; None is "choose one": a person has to.
"""

from typing import NamedTuple


class VatList(NamedTuple):
    chart: str
    codes: list
    expected: dict


def row(code, name, vat_type, rate, listing="N", **more):
    """Build the values of an `exact.vat.code`; `rate` is a percentage."""
    return {
        "code": code,
        "name": name,
        "vat_type": vat_type,
        "percentage": round(rate / 100, 5),
        "eu_listing": listing,
        "transaction_type": "S",
        **more,
    }


PURCHASE = {"transaction_type": "P"}
BOTH = {"transaction_type": "B"}

BELGIAN_DUTCH = VatList(
    "be_comp",
    [
        row("0", "Geen btw", "N", 0, **BOTH),
        row("1", "Btw 6%", "E", 6),
        row("2", "Btw 12%", "E", 12),
        row("4", "Btw 21%", "E", 21),
        row("5", "Btw 0%", "B", 0),
        row("6", "IC levering goederen", "B", 0, "L", is_intrastat=True),
        row("7", "IC diensten", "B", 0, "S"),
        row("8", "Medecontractant", "B", 0),
        row("9", "Uitvoer buiten de EU", "B", 0),
        row("T", "Driehoeksverkeer", "B", 0, "T"),
        row("V", "Vrijgesteld art. 44", "B", 0),
        row("3", "Btw 21% inclusief", "I", 21),
        row("A4", "Btw 21% aankoop", "E", 21, **PURCHASE),
        row("A5", "Btw 21% investeringen", "E", 21, **BOTH),
        row("A6", "IC verwerving 21%", "E", 21, is_charged=True, **BOTH),
        row("VH", "Btw 21%", "E", 21, active=False),
        row("M1", "Btw 21% marge", "E", 21, vat_margin=1),
        row("D1", "OSS Nederland 21%", "E", 21, oss_country_code="NL"),
    ],
    {
        "attn_VAT-OUT-21-L": "4",
        "attn_VAT-OUT-21-S": "4",
        "attn_VAT-OUT-12-L": "2",
        "attn_VAT-OUT-12-S": "2",
        "attn_VAT-OUT-06-L": "1",
        "attn_VAT-OUT-06-S": "1",
        # Zero rate or exempt: the chart uses one tax for both.
        "attn_VAT-OUT-00-L": None,
        "attn_VAT-OUT-00-S": None,
        "attn_VAT-OUT-00-CC": "8",
        "attn_VAT-OUT-00-EU-S": "7",
        "attn_VAT-OUT-00-EU-L": "6",
        "attn_VAT-OUT-00-EU-T": "T",
        "attn_VAT-OUT-00-ROW": "9",
    },
)

BELGIAN_FRENCH = VatList(
    "be_comp",
    [
        row("100", "Sans TVA", "N", 0, **BOTH),
        row("V21", "TVA 21 %", "E", 21),
        row("V12", "TVA 12 %", "E", 12, **BOTH),
        row("V06", "Reduced rate 6%", "E", 6),
        row("V00", "Taux zéro", "E", 0),
        row("EXO", "Exonéré art. 44", "B", 0),
        row("COC", "Cocontractant (autoliquidation)", "B", 0, is_charged=True),
        row("ICB", "Livraisons intracommunautaires", "B", 0, "L"),
        row("ICS", "Services intracommunautaires", "E", 0, "S", is_charged=True),
        row("TRI", "Opérations triangulaires", "B", 0, "T"),
        row("EXP", "Export outside the EU", "B", 0),
        row("X21", "TVA 21% comprise", "I", 21),
        row("P21", "TVA 21% achats", "E", 21, **PURCHASE),
        row("P12", "TVA 12% achats", "E", 12, **BOTH),
        row("B21", "TVA 21%", "E", 21, active=False),
        row("L21", "TVA 21% (ancien)", "E", 21),
        row("O21", "Guichet unique Pays-Bas", "E", 21, oss_country_code="NL"),
        row("O12", "12% DE", "E", 12, oss_country_code="DE"),
        row("M21", "Régime de la marge", "E", 21, vat_margin=2),
    ],
    {
        "attn_VAT-OUT-21-L": "V21",
        "attn_VAT-OUT-21-S": "V21",
        "attn_VAT-OUT-12-L": "V12",
        "attn_VAT-OUT-12-S": "V12",
        "attn_VAT-OUT-06-L": "V06",
        "attn_VAT-OUT-06-S": "V06",
        "attn_VAT-OUT-00-L": None,
        "attn_VAT-OUT-00-S": None,
        "attn_VAT-OUT-00-CC": "COC",
        "attn_VAT-OUT-00-EU-S": "ICS",
        "attn_VAT-OUT-00-EU-L": "ICB",
        "attn_VAT-OUT-00-EU-T": "TRI",
        "attn_VAT-OUT-00-ROW": "EXP",
    },
)

BELGIAN_GERMAN = VatList(
    "be_comp",
    [
        row("99", "Keine MwSt", "N", 0, **BOTH),
        # Numbers that look like other rates.
        row("6", "Normalsatz", "E", 21),
        row("21", "Ermäßigter Satz", "E", 6),
        # Two that mean the same.
        row("12A", "MwSt 12 %", "E", 12),
        row("12B", "Zwischensatz", "E", 12),
        row("A", "MwSt 0 %", "B", 0),
        row("B", "Steuerfreie i.g. Lieferung", "B", 0, "L", is_intrastat=True),
        row("C", "Sonstige Leistungen EU-Ausland", "B", 0, "S"),
        row("D", "Ausfuhr (steuerfrei)", "B", 0),
        # Says nothing, and contradicts itself.
        row("E", "Kode E", "B", 0),
        row("F", "Dienstleistungen", "B", 0, "N", is_intrastat=True),
        row("I1", "Normalsatz inkl.", "I", 21),
        row("I2", "Ermäßigter Satz inkl.", "I", 6),
        row("K1", "Vorsteuer 21 %", "E", 21, **BOTH),
        row("K2", "Einkauf 6 %", "E", 6, **PURCHASE),
        row("G1", "Normalsatz", "E", 21, active=False),
        row("G2", "Differenzbesteuerung 21 %", "E", 21),
        row("G3", "OSS Niederlande 21 %", "E", 21),
        row("G4", "Eigenverbrauch 6 %", "E", 6),
    ],
    {
        "attn_VAT-OUT-21-L": "6",
        "attn_VAT-OUT-21-S": "6",
        "attn_VAT-OUT-12-L": None,
        "attn_VAT-OUT-12-S": None,
        "attn_VAT-OUT-06-L": "21",
        "attn_VAT-OUT-06-S": "21",
        "attn_VAT-OUT-00-L": None,
        "attn_VAT-OUT-00-S": None,
        "attn_VAT-OUT-00-CC": None,
        "attn_VAT-OUT-00-EU-S": "C",
        "attn_VAT-OUT-00-EU-L": "B",
        "attn_VAT-OUT-00-EU-T": None,
        "attn_VAT-OUT-00-ROW": "D",
    },
)

DUTCH_DUTCH = VatList(
    "nl",
    [
        row("0", "Geen btw", "N", 0, **BOTH),
        row("1", "Btw laag 9%", "E", 9),
        row("2", "Btw hoog 21%", "E", 21),
        row("5", "Btw nultarief", "B", 0),
        row("6", "Uitvoer buiten de EU", "B", 0),
        row("7", "Levering binnen de EU", "B", 0, "L", is_intrastat=True),
        row("8", "Diensten binnen de EU", "B", 0, "S"),
        row("9", "ABC-levering", "B", 0, "T"),
        row("10", "Btw verlegd", "B", 0, is_charged=True),
        row("11", "Installatie/afstandsverkopen EU", "B", 0),
        row("12", "Vrijgestelde omzet", "B", 0),
        row("3", "Btw hoog inclusief", "I", 21),
        row("4", "Btw laag inclusief", "I", 9),
        row("22", "Btw hoog inkopen", "E", 21, **PURCHASE),
        row("23", "Verwerving uit de EU", "E", 21, is_charged=True, **BOTH),
        row("24", "Btw hoog 21%", "E", 21, active=False),
        row("25", "Marge hoog", "E", 21, vat_margin=1),
        row("26", "Privégebruik 21%", "E", 21),
        row("BE", "OSS België", "E", 21, oss_country_code="BE"),
        row("DE", "OSS Hongarije 9%", "E", 9, oss_country_code="HU"),
    ],
    {
        "btw_21": "2",
        "btw_21_d": "2",
        "btw_9": "1",
        "btw_9_d": "1",
        "btw_0": "5",
        "btw_0_d": "5",
        # "Other rates" at 21%.
        "btw_overig": None,
        "btw_overig_d": None,
        "btw_verk_0": "10",
        "btw_X0_producten": "7",
        "btw_X0_diensten": "8",
        "btw_X0_ABC_levering": "9",
        "btw_X1": "6",
        "btw_X2": "11",
        # Installation outside the EU: the box of export.
        "btw_X3": None,
    },
)

DUTCH_ENGLISH = VatList(
    "nl",
    [
        row("N", "No VAT", "N", 0, **BOTH),
        row("ST", "Standard rate", "E", 21),
        row("RE", "VAT 9%", "E", 9, **BOTH),
        row("ZE", "Zero rate", "E", 0),
        row("EX", "Export", "B", 0),
        row("EUG", "Intra-Community supply", "B", 0, "L"),
        row("EUS", "Intra-Community services (reverse charge)", "B", 0, "S"),
        row("EUT", "Triangulation", "B", 0, "T"),
        row("RC", "Reverse charge", "B", 0),
        row("XM", "Exempt", "B", 0),
        row("STI", "Standard rate incl.", "I", 21),
        row("STP", "Standard rate, purchases", "E", 21, **PURCHASE),
        row("REP", "Purchases 9%", "E", 9, **BOTH),
        row("STB", "Standard rate", "E", 21, active=False),
        row("MG", "Margin scheme", "E", 21, vat_margin=1),
        row("OB", "One-stop shop Belgium", "E", 21, oss_country_code="BE"),
        row("STO", "Other rates", "E", 21),
    ],
    {
        "btw_21": "ST",
        "btw_21_d": "ST",
        "btw_9": "RE",
        "btw_9_d": "RE",
        "btw_0": "ZE",
        "btw_0_d": "ZE",
        "btw_overig": None,
        "btw_overig_d": None,
        "btw_verk_0": "RC",
        "btw_X0_producten": "EUG",
        "btw_X0_diensten": "EUS",
        "btw_X0_ABC_levering": "EUT",
        "btw_X1": "EX",
        "btw_X2": None,
        "btw_X3": None,
    },
)

DUTCH_ODD = VatList(
    "nl",
    [
        # Sold apart: which one a tax for both means is for a person to say.
        row("21", "Warenlieferungen", "E", 21),
        row("22", "Dienstleistungen", "E", 21),
        row("0", "Ermäßigter Satz", "E", 9),
        row("9", "Nullsatz", "B", 0),
        row("X", "Drittland", "B", 0),
        row("2", "", "B", 0, "L"),
        row("1", "", "B", 0, "S"),
        row("3", "Steuerschuldnerschaft des Empfängers", "B", 0),
        row("4", "Subunternehmer §13b", "B", 0),
        row("5", "Montagelieferung", "B", 0),
        row("6", "Ermäßigter Satz inkl.", "I", 9),
        row("7", "Vorsteuer 9 %", "E", 9, **BOTH),
        row("8", "Erwerb 9 %", "E", 9, is_charged=True, **PURCHASE),
        row("D", "Differenzbesteuerung 9 %", "E", 9, vat_margin=1),
        row("O", "OSS", "E", 9, oss_country_code="CZ"),
        row("A", "Alter Satz", "E", 9, active=False),
    ],
    {
        "btw_21": None,
        "btw_21_d": None,
        "btw_9": "0",
        "btw_9_d": "0",
        "btw_0": "9",
        "btw_0_d": "9",
        "btw_overig": None,
        "btw_overig_d": None,
        "btw_verk_0": None,
        "btw_X0_producten": "2",
        "btw_X0_diensten": "1",
        "btw_X0_ABC_levering": None,
        "btw_X1": "X",
        "btw_X2": "5",
        "btw_X3": None,
    },
)

BELGIAN = {
    "Dutch": BELGIAN_DUTCH,
    "French and English": BELGIAN_FRENCH,
    "German": BELGIAN_GERMAN,
}
DUTCH = {"Dutch": DUTCH_DUTCH, "English": DUTCH_ENGLISH, "odd": DUTCH_ODD}
