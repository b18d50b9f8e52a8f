"""Numbers of the authorities for customers: VAT, chambers of commerce, registers."""

import re
from typing import NamedTuple

# The letters before a VAT number where they are not those of the country.
VAT_PREFIXES = {"GR": "EL"}
EU_VAT_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI "
    "SK".split()
)
# Northern Ireland trades goods with letters of its own; the number is one.
_SAME_PREFIXES = {**VAT_PREFIXES, "XI": "GB", "UK": "GB", "CHE": "CH"}
# The VAT number of Switzerland ends with its name, in three languages.
_SWISS = re.compile(r"^(?:CHE?)?(\d{9})(MWST|TVA|IVA|VAT|HR|RC)?$")
_GERMAN = re.compile(r"(HR[AB]|GNR|VR|PR)(?:NR|NUMMER)?(\d+)([A-Z]{0,3})$")


class Registry(NamedTuple):
    """A number of a register; '' is unknown.

    :param str company: of the legal person.
    :param str establishment: of one of its places.
    """

    company: str = ""
    establishment: str = ""


def bare(value: str | None) -> str:
    """Return letters and digits alone, in capitals."""
    return "".join(filter(str.isalnum, value or "")).upper()


def _digits(value: str) -> str:
    return "".join(char for char in value if char.isascii() and char.isdigit())


def _is_placeholder(key: str) -> bool:
    """Tell whether people wrote 'none', zeros or the like where a number belongs.

    It is the same at many customers, and would make one of them.
    """
    digits = _digits(key)
    is_repeated = len(digits) > 5 and len({*digits}) == 1
    return is_repeated or not digits.strip("0")


def vat_key(number: str | None, country: str) -> str:
    """Return a VAT number with its letters and without blanks or dots.

    :param str country: ISO 3166 alpha-2, for numbers written without their letters.
    """
    key = bare(number)
    if len(key) < 4 or _is_placeholder(key):
        # Odoo's word for a customer without one is '/'.
        return ""
    if swiss := _SWISS.match(key) if key.startswith("CHE") or country == "CH" else None:
        return f"CHE{swiss[1]}"
    if not key[:2].isalpha():
        key = country + key
    prefix = _SAME_PREFIXES.get(key[:2], key[:2])
    # The old Belgian numbers have nine digits.
    return prefix + (key[2:].zfill(10) if prefix == "BE" else key[2:])


def swiss_number(number: str | None, country: str, language: str) -> str:
    """Return a Swiss VAT number as Exact wants it, '' if it is none.

    :param str language: of the customer, for the suffix of a number without one.
    """
    key = bare(number)
    found = _SWISS.match(key) if key.startswith("CHE") or country == "CH" else None
    if not found:
        return ""
    one, suffix = found[1], found[2]
    if suffix not in ("MWST", "TVA", "IVA"):
        suffix = {"fr": "TVA", "it": "IVA"}.get(language[:2].lower(), "MWST")
    return f"CHE-{one[:3]}.{one[3:6]}.{one[6:]} {suffix}"


def registry(number: str | None, country: str) -> Registry:
    """Return what a number of a register says, without the name of the register."""
    key = bare(number)
    if len(key) < 3 or _is_placeholder(key):
        return Registry()
    read = _READERS.get(country)
    return read(key) if read else Registry(key)


def registry_key(number: str | None, country: str) -> str:
    """Return the number of the legal person."""
    return registry(number, country).company


def _belgian(key: str) -> Registry:
    digits = _digits(key).zfill(10)
    if not digits.strip("0"):
        return Registry()
    # Companies begin with 0 or 1, their establishments with 2 to 8.
    return Registry(digits) if digits[0] in "01" else Registry("", digits)


def _dutch(key: str) -> Registry:
    digits = _digits(key)
    if len(digits) == 20:
        return Registry(digits[:8], digits[8:])
    if len(digits) == 12:
        return Registry("", digits)
    # The RSIN of nine digits is a number of the tax office.
    return (
        Registry() if len(digits) == 9 else Registry(digits.zfill(8) if digits else "")
    )


def _french(key: str) -> Registry:
    digits = _digits(key)
    if len(digits) == 14:
        return Registry(digits[:9], digits)
    return Registry(digits[-9:] if len(digits) >= 9 else key)


def _german(key: str) -> Registry:
    # Behind the court; the letters are a part of the number, as in HRB.
    found = _GERMAN.search(key)
    return Registry("".join(found.groups()) if found else key)


def _british(key: str) -> Registry:
    found = re.search(r"([A-Z]{2})?(\d{6,8})$", key)
    if not found:
        return Registry(key)
    letters = found[1] if found[1] in ("SC", "NI", "OC", "SO", "NC", "FC", "BR") else ""
    return Registry(letters + found[2].zfill(8 - len(letters)))


def _swiss(key: str) -> Registry:
    found = re.search(r"CHE(\d{9})", key) or re.fullmatch(r"(\d{9})\D*", key)
    return Registry(f"CHE{found[1]}" if found else key)


_READERS = {
    "BE": _belgian,
    "NL": _dutch,
    "FR": _french,
    "DE": _german,
    "GB": _british,
    "XI": _british,
    "UK": _british,
    "CH": _swiss,
}


def company_in_vat(vat: str) -> str:
    """Return the number of the register that a VAT number contains, '' if none.

    :param str vat: as `vat_key` returns it.
    """
    if vat.startswith("BE"):
        return vat[2:]
    if vat.startswith("CHE"):
        return vat
    return vat[4:] if vat.startswith("FR") and len(vat) == 13 else ""
