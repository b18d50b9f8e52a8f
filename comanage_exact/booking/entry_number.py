"""Entry numbers: from the name of an invoice to a number that Exact takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..exact_api.const import MAX_ENTRY_NUMBER

VARIABLES = ("journal", "gl", "yy", "yyyy", "mm")
# Of the digits at the end of a name Odoo counts with no more than these.
ODOO_DIGITS = 9
_TOKEN = re.compile(r"\{(\w*)\}|(.)", re.DOTALL)


class NoDigits(ValueError):
    """The name of an invoice has no digits to number its entry by."""


@dataclass(frozen=True)
class NumberFormat:
    """What stands before and after the running number; see `check_pattern`."""

    prefix: str = ""
    suffix: str = ""

    def has(self, *variables: str) -> bool:
        """Tell whether one of these variables is used."""
        return any("{%s}" % name in self.prefix + self.suffix for name in variables)


@dataclass(frozen=True)
class NumberSource:
    """What the entry number of an invoice is made of.

    :param str digits: the running number in its name, leading zeros kept.
    :param str journal, gl: codes in Exact.
    :param int year, month: in the name, else of the accounting date.
    :param bool has_year, has_month: the name has them, so that Odoo starts again at 1
        with a new one.
    :param bool is_bare: the name is nothing but `digits`.
    """

    digits: str
    journal: str
    gl: str
    year: int
    month: int
    has_year: bool = False
    has_month: bool = False
    is_bare: bool = False

    def number(self, form: NumberFormat) -> int:
        """Return the entry number that a format gives.

        :raise ValueError, OverflowError: see `fill` and `entry_number`.
        """
        prefix, suffix = self._fill(form.prefix), self._fill(form.suffix)
        return entry_number(prefix, self.digits, suffix, is_bare=self.is_bare)

    def after(self, count: int) -> "NumberSource":
        """Return the source of the invoice that comes so many after this one."""
        digits = str(int(self.digits) + count).zfill(len(self.digits))
        return replace(self, digits=digits)

    def _fill(self, pattern: str) -> str:
        return fill(
            pattern,
            journal=self.journal,
            gl=self.gl,
            year=self.year,
            month=self.month,
        )


def check_pattern(pattern: str | None) -> None:
    """Refuse a prefix or suffix that is anything but digits and known variables.

    :raise ValueError: with the first part that does not belong.
    """
    for name, character in _TOKEN.findall(pattern or ""):
        if character and character not in "0123456789":
            raise ValueError(character)
        if not character and name not in VARIABLES:
            raise ValueError("{%s}" % name)


def fill(
    pattern: str | None, *, journal: str, gl: str, year: int, month: int = 0
) -> str:
    """Put the values of the variables into a prefix or suffix.

    :param str journal: code of the journal in Exact.
    :param str gl: code of the G/L account in Exact.
    :param int year, month: of the invoice.
    :raise ValueError: the pattern is wrong, or a used code has other than digits.
    """
    check_pattern(pattern)
    values = {
        "journal": journal,
        "gl": gl,
        "yyyy": f"{year:04}",
        "yy": f"{year % 100:02}",
        "mm": f"{month:02}",
    }

    def value_of(match: re.Match[str]) -> str:
        return values[match[1]] if match[1] else match[2]

    filled = _TOKEN.sub(value_of, pattern or "")
    if filled and not re.fullmatch("[0-9]+", filled):
        raise ValueError(filled)
    return filled


def read_year(written: int, length: int, day_year: int) -> int:
    """Return the year that a name has, with its century.

    :param int written: as Odoo reads it, such as 2026 or 26.
    :param int length: how many digits it has in the name; 0 if there is none.
    :param int day_year: of the accounting date, which stands in where the name has no
        year: two digits that are far from it are part of a code.
    """
    if length == 4:
        return written
    if not length:
        return day_year
    century = day_year - day_year % 100
    years = [century + written + step for step in (-100, 0, 100)]
    nearest = min(years, key=lambda year: abs(year - day_year))
    return nearest if abs(nearest - day_year) <= 1 else day_year


def sequence_digits(name: str, sequence_prefix: str | None) -> str:
    """Return the running number in an invoice's name, leading zeros kept.

    >>> sequence_digits("INV/2026/00017", "INV/2026/")
    '00017'

    Odoo leaves to the prefix what is more than nine digits, though it is one number.

    >>> sequence_digits("2026000123", "2")
    '2026000123'

    :raise NoDigits: no digit follows the prefix.
    """
    prefix = sequence_prefix or ""
    match = re.match("[0-9]+", name[len(prefix) :])
    if not match:
        raise NoDigits(name)
    if len(match[0]) < ODOO_DIGITS:
        return match[0]
    return re.search("[0-9]*$", prefix)[0] + match[0]


def entry_number(
    prefix: str, digits: str, suffix: str, *, is_bare: bool = False
) -> int:
    """Join the three parts to the EntryNumber of Exact, an Int32 above zero.

    Where that is too large, leading zeros of the running number are left out: the same
    number of them for all that have this prefix and length, since a running number
    with a leading zero is too large only if all are.

    :param str prefix, digits, suffix: digits only, see `fill` and `sequence_digits`.
    :param bool is_bare: the name is a number already, which goes as it is where
        nothing more fits.
    :raise OverflowError: over 2,147,483,647.
    :raise ValueError: zero, or not a number.
    """
    for number in _candidates(prefix, digits, suffix, is_bare=is_bare):
        if number < 1:
            raise ValueError(number)
        if number <= MAX_ENTRY_NUMBER:
            return number
    raise OverflowError(int(f"{prefix}{digits}{suffix}"))


def _candidates(
    prefix: str, digits: str, suffix: str, *, is_bare: bool
) -> Iterator[int]:
    """Return what the number may be, the best first."""
    for running in _without_zeros(digits):
        yield int(f"{prefix}{running}{suffix}")
    if is_bare:
        yield int(digits)
    if len(digits) > ODOO_DIGITS:
        # What Odoo counts with; to Odoo the rest is as fixed as letters would be.
        for running in _without_zeros(digits[-ODOO_DIGITS:]):
            yield int(f"{prefix}{running}{suffix}")


def _without_zeros(digits: str) -> Iterator[str]:
    """Return the digits with fewer and fewer leading zeros."""
    yield digits
    while len(digits) > 1 and digits.startswith("0"):
        digits = digits[1:]
        yield digits
