"""What a refusal of Exact is about, read from its text.

Exact gives no code: the text is in the language of the user who gave consent, and comes
with status 400 or 500. Known texts in Dutch and English are recognized by key words; of
several findings the one that a person has to solve first decides.
"""

import re
from collections.abc import Iterable

FINANCIAL_YEAR = "financial_year"
PERIOD_CLOSED = "period_closed"
# A later period may be open.
PERIODS = (FINANCIAL_YEAR, PERIOD_CLOSED)
NUMBER_TAKEN = "number_taken"
PAYMENT_CONDITION = "payment_condition"
JOURNAL = "journal"
CUSTOMER_TYPE = "customer_type"
SUPPLIER_TYPE = "supplier_type"
GL_TYPE = "gl_type"
VAT_DIRECTION = "vat_direction"
VAT_ACCOUNT = "vat_account"
VAT_NOT_ALLOWED = "vat_not_allowed"
VAT_WITHOUT_VAT = "vat_without_vat"
COSTS = "costs"
RATE_NOT_ALLOWED = "rate_not_allowed"
RECEIVABLE_ACCOUNT = "receivable_account"
UNBALANCED = "unbalanced"
REFERENCE = "reference"
MANDATORY = "mandatory"
EXISTS = "exists"
PROCESSED = "processed"
INVALID = "invalid"
NOT_ALLOWED = "not_allowed"
REQUEST = "request"
DOCUMENT = "document"
DOCUMENT_GONE = "document_gone"
OTHER = "other"
# About the connection: every call of its kind is refused alike.
PORTAL_USER = "portal_user"
WRONG_DIVISION = "wrong_division"
DIVISION_BLOCKED = "division_blocked"
SCOPE = "scope"
USER_BLOCKED = "user_blocked"
LICENCE = "licence"
RIGHTS = "rights"

# Exact's texts put a colon, a hyphen or a dash between the finding and its field.
_SEP = r"\s*[:\-–—]\s*"
_INVALID = rf"(ongeldige?|invalid){_SEP}"
_MANDATORY = rf"(verplicht|mandatory){_SEP}"
_NOT_ALLOWED = rf"(niet toegestaan|not allowed){_SEP}"
_IN_USE = rf"(in gebruik|in use){_SEP}"
_COSTS = r"(kostenplaats|kostendrager|cost ?cent(er|re)|cost ?unit)"

# Most specific first: "Verplicht: Boekjaar" is no missing field.
_PATTERNS = (
    (WRONG_DIVISION, r"wrong ?division|nodivisionaccess"),
    (DIVISION_BLOCKED, r"divisionblocked"),
    (SCOPE, r"application scope violated"),
    (USER_BLOCKED, r"blockeduser|inactiveuser"),
    (LICENCE, r"blockedcustomer|licen[sc]eexpired"),
    # Not about a document: writes of an accountant's portal user are refused so.
    (PORTAL_USER, r"document ?type not allowed|document ?type niet toegestaan"),
    (
        FINANCIAL_YEAR,
        r"(verplicht|mandatory|unknown|onbekend).*(boekjaar|financial year)",
    ),
    (
        PERIOD_CLOSED,
        r"(periode|period).*(afgesloten|closed)|(afgesloten|closed).*(periode|period)",
    ),
    # "Document number" is one of Exact's names for the number of an entry.
    (
        NUMBER_TAKEN,
        rf"{_IN_USE}.*(boekstuk|entry|document|factuur|invoice) ?(nummer|number)"
        rf"|already exists.*entry ?number|bestaat reeds.*boekstuk ?nummer",
    ),
    (
        PAYMENT_CONDITION,
        rf"{_MANDATORY}(betalingsconditie|payment condition|vervaldatum|due date)",
    ),
    (
        VAT_DIRECTION,
        r"btw[- ]?code van het type \W?(verkoop|inkoop)"
        r"|vat[- ]?code of (the )?type \W?(sales?|purchases?)",
    ),
    (
        VAT_ACCOUNT,
        rf"{_INVALID}type \(.*(btw|vat)|(btw|vat)\W*{_INVALID}type \(",
    ),
    (JOURNAL, rf"{_INVALID}(dagboek|journal)"),
    (CUSTOMER_TYPE, rf"{_INVALID}(klant|customer|debiteur)"),
    (SUPPLIER_TYPE, rf"{_INVALID}(leverancier|supplier|crediteur)"),
    (
        GL_TYPE,
        rf"{_INVALID}(grootboekrekening|g/l[- ]?account|gl[- ]?account) ?\(?type",
    ),
    (VAT_WITHOUT_VAT, r"btw[- ]bedrag is niet toegestaan|vat amount is not allowed"),
    (VAT_NOT_ALLOWED, rf"{_NOT_ALLOWED}(btw|vat)"),
    (COSTS, rf"({_INVALID}|{_MANDATORY}|{_NOT_ALLOWED})[^:]*{_COSTS}"),
    (
        RATE_NOT_ALLOWED,
        rf"{_NOT_ALLOWED}(wisselkoers|exchange rate|koers|rate|valuta|currency)",
    ),
    (
        RECEIVABLE_ACCOUNT,
        r"(klanten|debiteuren|crediteuren|leveranciers)rekening van deze relatie"
        r"|(receivables?|payables?|debtors?|creditors?|customers?|suppliers?)"
        r"( g/l)? account of this account",
    ),
    (
        UNBALANCED,
        r"niet in evenwicht|not balanced|komt niet overeen|does not (match|correspond)",
    ),
    (DOCUMENT_GONE, r"(referentie|reference)\s*[:\-–—]\s*document\b"),
    (
        REQUEST,
        r"query syntax|callback url|error processing request stream|incompatible with"
        r" operand|unrecogni[sz]ed|niet herkende|add a \$select|mandatory filter"
        r"|\$filter|filtering on these fields|no property '|in type 'exact\.web",
    ),
    (DOCUMENT, r"\bdocument(type)?\b|\bbijlage|\battachment"),
    (REFERENCE, r"ongeldige referentie|invalid reference"),
    (MANDATORY, r"verplicht|mandatory"),
    (EXISTS, r"bestaat reeds|already exists"),
    (PROCESSED, r"reeds verwerkt|already processed"),
    (NOT_ALLOWED, r"niet toegestaan|not allowed"),
    (INVALID, r"ongeldig|invalid"),
    (RIGHTS, r"^forbidden|^http 403"),
)
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS
)

# Properties of crm/Accounts that a customer can do without, as findings name them.
_OPTIONAL = {
    ("Email",): r"\be-?mail",
    ("Language",): r"\btaal\b|\blanguage|\blangue\b|\bsprache\b",
    ("Phone",): r"\btelefoon|\bphone|\bt[ée]l[ée]phone|\btelefon\b",
    (
        "VATNumber",
    ): r"\b(btw|vat|tva|ust|mwst)[- ]?(nummer|number|num[ée]ro|id)|n° ?tva",
    ("ChamberOfCommerce",): r"\bkvk|\bkbo|kamer van koophandel|chamber ?of ?commerce"
    r"|ondernemingsnummer|\bkvk-nummer",
    ("AddressLine1", "AddressLine2"): r"\badres|\baddress",
    ("Postcode",): r"\bpostcode|\bpost(al)? ?code|\bplz\b",
    ("City",): r"\bplaats\b|\bcity\b|\bwoonplaats",
    ("Country",): r"\bland\b|\bcountry",
    ("PaymentConditionSales",): r"betalingsconditie|payment ?condition",
    ("PeppolIdentifier", "PeppolIdentifierType"): r"peppol",
    ("Code",): r"bestaat reeds|already exists|\bcode\b(?! ?van)",
}
_OPTIONAL_PROPERTIES = tuple(
    (names, re.compile(pattern, re.IGNORECASE)) for names, pattern in _OPTIONAL.items()
)


def customer_properties(messages: Iterable[str]) -> set[str]:
    """Return the optional properties of a customer that findings are about."""
    found: set[str] = set()
    for message in messages:
        for names, pattern in _OPTIONAL_PROPERTIES:
            if pattern.search(message):
                found.update(names)
                break
    return found


def classify(messages: Iterable[str]) -> str:
    """Return what a refusal is about.

    :param list messages: the findings, a text each, in Dutch or English.
    :return: one of the constants above; OTHER for texts nobody knows.
    """
    for kind, pattern in _KINDS:
        if any(pattern.search(message) for message in messages):
            return kind
    return OTHER
