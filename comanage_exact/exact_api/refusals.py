"""What a refusal of Exact is about, read from its text.

Exact gives no code: the text is in the language of the user who gave consent, and comes
with status 400 or 500. Known texts in Dutch and English are recognized by key words; of
several findings the one that a person has to solve first decides.
"""

import re
from collections.abc import Iterable

FINANCIAL_YEAR = "financial_year"
PERIOD_CLOSED = "period_closed"
NUMBER_TAKEN = "number_taken"
JOURNAL = "journal"
CUSTOMER_TYPE = "customer_type"
SUPPLIER_TYPE = "supplier_type"
GL_TYPE = "gl_type"
VAT_NOT_ALLOWED = "vat_not_allowed"
VAT_WITHOUT_VAT = "vat_without_vat"
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

# Most specific first: "Verplicht: Boekjaar" is no missing field.
_PATTERNS = (
    (
        FINANCIAL_YEAR,
        r"(verplicht|mandatory|unknown|onbekend).*(boekjaar|financial year)",
    ),
    (PERIOD_CLOSED, r"(periode|period).*(afgesloten|closed)"),
    (
        NUMBER_TAKEN,
        r"(in gebruik|in use).*(boekstuknummer|entry number)"
        r"|already exists.*entry number|bestaat reeds.*boekstuknummer",
    ),
    (JOURNAL, r"(ongeldig|invalid)\s*:\s*(dagboek|journal)"),
    (CUSTOMER_TYPE, r"(ongeldig|invalid)\s*:\s*(klant|customer)"),
    (SUPPLIER_TYPE, r"(ongeldig|invalid)\s*:\s*(leverancier|supplier)"),
    (
        GL_TYPE,
        r"(ongeldig|invalid)\s*:\s*(grootboekrekening ?type|g/l account type)",
    ),
    (VAT_WITHOUT_VAT, r"btw[- ]bedrag is niet toegestaan|vat amount is not allowed"),
    (VAT_NOT_ALLOWED, r"(niet toegestaan|not allowed)\s*:\s*(btw|vat)"),
    (
        RATE_NOT_ALLOWED,
        r"(niet toegestaan|not allowed)\s*:\s*"
        r"(wisselkoers|exchange rate|valuta|currency)",
    ),
    (
        RECEIVABLE_ACCOUNT,
        r"klantenrekening van deze relatie|receivables? account of this account",
    ),
    (
        UNBALANCED,
        r"niet in evenwicht|not balanced|komt niet overeen|does not (match|correspond)",
    ),
    (DOCUMENT_GONE, r"(referentie|reference)\s*:\s*document\b"),
    (DOCUMENT, r"\bdocument(type)?\b"),
    (REFERENCE, r"ongeldige referentie|invalid reference"),
    (MANDATORY, r"verplicht|mandatory"),
    (EXISTS, r"bestaat reeds|already exists"),
    (PROCESSED, r"reeds verwerkt|already processed"),
    (NOT_ALLOWED, r"niet toegestaan|not allowed"),
    (REQUEST, r"query syntax|callback url"),
    (INVALID, r"ongeldig|invalid"),
)
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS
)


def classify(messages: Iterable[str]) -> str:
    """Return what a refusal is about.

    :param list messages: the findings, a text each, in Dutch or English.
    :return: one of the constants above; OTHER for texts nobody knows.
    """
    for kind, pattern in _KINDS:
        if any(pattern.search(message) for message in messages):
            return kind
    return OTHER
