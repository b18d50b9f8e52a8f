"""Entry numbers: from the name of an invoice to a number that Exact takes."""

import re

from ..exact_api.const import MAX_ENTRY_NUMBER

VARIABLES = ("journal", "gl", "yy", "yyyy")
_TOKEN = re.compile(r"\{(\w*)\}|(.)", re.DOTALL)


def check_pattern(pattern: str | None) -> None:
    """Refuse a prefix or suffix that is anything but digits and known variables.

    :raise ValueError: with the first part that does not belong.
    """
    for name, character in _TOKEN.findall(pattern or ""):
        if character and character not in "0123456789":
            raise ValueError(character)
        if not character and name not in VARIABLES:
            raise ValueError("{%s}" % name)


def fill(pattern: str | None, *, journal: str, gl: str, year: int) -> str:
    """Put the values of the variables into a prefix or suffix.

    :param str journal: code of the journal in Exact.
    :param str gl: code of the G/L account in Exact.
    :param int year: of the invoice's date.
    :raise ValueError: the pattern is wrong, or a used code has other than digits.
    """
    check_pattern(pattern)
    values = {
        "journal": journal,
        "gl": gl,
        "yyyy": f"{year:04}",
        "yy": f"{year % 100:02}",
    }

    def value_of(match: re.Match[str]) -> str:
        return values[match[1]] if match[1] else match[2]

    filled = _TOKEN.sub(value_of, pattern or "")
    if filled and not re.fullmatch("[0-9]+", filled):
        raise ValueError(filled)
    return filled


def sequence_digits(name: str, sequence_prefix: str | None) -> str:
    """Return the running number in an invoice's name, leading zeros kept.

    >>> sequence_digits("INV/2026/00017", "INV/2026/")
    '00017'

    :raise ValueError: no digit follows the prefix.
    """
    match = re.match("[0-9]+", name[len(sequence_prefix or "") :])
    if not match:
        raise ValueError(name)
    return match[0]


def entry_number(prefix: str, digits: str, suffix: str) -> int:
    """Join the three parts to the EntryNumber of Exact, an Int32 above zero.

    :param str prefix, digits, suffix: digits only, see `fill` and `sequence_digits`.
    :raise OverflowError: over 2,147,483,647.
    :raise ValueError: zero, or not a number.
    """
    number = int(f"{prefix}{digits}{suffix}")
    if number > MAX_ENTRY_NUMBER:
        raise OverflowError(number)
    if number < 1:
        raise ValueError(number)
    return number
