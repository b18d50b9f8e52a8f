"""Values of a customer in the form that Exact takes; '' is left out."""

import re

# Those that Exact is sure to know, by the first part of Odoo's codes.
LANGUAGES = frozenset("nl en fr de es it pt pl da sv fi".split())
# Codes that others use; Exact knows those of ISO 3166.
COUNTRIES = {"EL": "GR", "UK": "GB", "XI": "GB"}
_MAILBOX = re.compile(r"[^\s<>(),;:\"\[\]\\]+@[^\s<>(),;:\"\[\]\\]+")
_EMAIL = re.compile(
    r"[^@.\s]+(?:\.[^@.\s]+)*@"
    r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_](?:[\w-]*[^\W_])"
)
MAX_EMAIL = 80


def email(text: str | None) -> str:
    """Return the first address in a text that has the form of one.

    :param str text: as people write it: several addresses, or names around them.
    """
    for found in _MAILBOX.findall(text or ""):
        address = found.strip(".'").lower()
        if _EMAIL.fullmatch(address) and len(address) <= MAX_EMAIL:
            return address
    return ""


def language(code: str | None) -> str:
    """Return the language of one of Odoo's codes, such as nl_BE or sr@latin."""
    first = re.split(r"[_@-]", code or "")[0].lower()
    return first if first in LANGUAGES else ""


def country(code: str | None) -> str:
    code = (code or "").strip().upper()
    return COUNTRIES.get(code, code)


def fitting(value: str | None, longest: int) -> str:
    """Return a value, or nothing if a part of it would be wrong."""
    text = " ".join((value or "").split())
    return text if len(text) <= longest else ""


def customer_number(reference: str | None) -> str:
    """Return a reference that Exact takes as the number of a customer."""
    text = (reference or "").strip()
    is_number = text.isascii() and text.isdigit() and len(text) <= 18
    return text if is_number and text.strip("0") else ""
