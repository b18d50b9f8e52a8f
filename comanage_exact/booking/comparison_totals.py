"""Comparing the books: what both sides have in sum."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from . import period
from .comparison import Booking

# Sides of `Totals`.
ODOO, EXACT = 0, 2
# Stands for the VAT code or G/L account where a side does not tell it.
UNKNOWN = "?"
# (journal, period, currency, code); the code None for all of them.
Key = tuple[str | None, str, str | None, str | None]


class Totals:
    """What each side has per journal, period, currency and code.

    In the currency of the company, of whatever currency the invoices are; where that is
    another one, in it as well.

    :param str currency: of the company.
    :param FinancialCalendar calendar: of the division.

    Each table has [base, VAT] of Odoo, then those of Exact, by `Key`: `by_code` of VAT
    codes, with their sum under the code None; `by_gl`, `by_center` and `by_unit` of
    G/L accounts, cost centres and cost units, whose VAT is nothing.
    `accepted` has what base and VAT may be more in Exact, by the keys of `by_code`;
    `accepted_gl` the same of the base by those of `by_gl`.
    """

    def __init__(
        self, currency: str, calendar: period.FinancialCalendar | None = None
    ) -> None:
        self._currency = currency
        self._calendar = calendar or period.FinancialCalendar()
        self.by_code = _make_table()
        self.by_gl = _make_table()
        self.by_center = _make_table()
        self.by_unit = _make_table()
        self.accepted = defaultdict(lambda: [Decimal()] * 2)
        self.accepted_gl = defaultdict(Decimal)

    def add(self, booking: Booking, side: int) -> None:
        is_foreign = booking.currency != self._currency
        where = (booking.journal, self._label(booking))
        own = (*where, self._currency)
        foreign = (*where, booking.currency)
        for code, base, vat in self._codes_dc(booking):
            _add(self.by_code, (*own, code), side, base, vat)
        for code, base in self._gl_dc(booking):
            _add(self.by_gl, (*own, code), side, base)
        if is_foreign:
            for code, base, vat in booking.by_code or ():
                _add(self.by_code, (*foreign, code), side, base, vat)
            for code, base in _bases(booking):
                _add(self.by_gl, (*foreign, code), side, base)
        for table, shares in (
            (self.by_center, booking.by_center),
            (self.by_unit, booking.by_unit),
        ):
            # Where Odoo's invoice has none, all of it has none.
            for code, base in _bases(booking, "") if shares is None else shares:
                _add(table, (*foreign, code), side, base)
        _add(self.by_code, (*own, None), side, *converted(booking))

    def _codes_dc(self, booking: Booking) -> Iterable[tuple[str, Decimal, Decimal]]:
        if booking.currency == self._currency:
            found = booking.by_code
        else:
            found = booking.by_code_dc
        if found is None:
            return [(UNKNOWN, *converted(booking))]
        return found

    def _gl_dc(self, booking: Booking) -> Iterable[tuple[str, Decimal]]:
        if booking.currency == self._currency:
            return _bases(booking)
        if booking.by_gl_dc is None:
            return [(UNKNOWN, converted(booking)[0])]
        return booking.by_gl_dc

    def _label(self, booking: Booking) -> str:
        if booking.accounting_day:
            # Odoo's ledger, whatever period somebody chose for the entry.
            return self._calendar.label(booking.accounting_day)
        return self._calendar.label(booking.day, booking.year, booking.period)

    def accept(self, ours: Booking, theirs: Booking) -> None:
        """Add the accepted rounding difference of an invoice that was added."""
        where = (theirs.journal, self._label(theirs), self._currency)
        pairs = [(None, *converted(theirs)), *self._codes_dc(theirs)]
        own_pairs = [(None, *converted(ours)), *self._codes_dc(ours)]
        for factor, of_side in ((1, pairs), (-1, own_pairs)):
            for code, base, vat in of_side:
                accepted = self.accepted[(*where, code)]
                accepted[0] += factor * base
                accepted[1] += factor * vat
        for factor, booking in ((1, theirs), (-1, ours)):
            for code, base in self._gl_dc(booking):
                self.accepted_gl[(*where, code)] += factor * base


def _make_table() -> dict[Key, list[Decimal]]:
    return defaultdict(lambda: [Decimal()] * 4)


def _add(
    table: dict[Key, list[Decimal]],
    key: Any,
    side: int,
    base: Decimal,
    vat: Decimal = Decimal(),
) -> None:
    amounts = table[key]
    amounts[side] += base
    amounts[side + 1] += vat


def converted(booking: Booking) -> tuple[Decimal, Decimal]:
    """Return base and VAT in the currency of the company."""
    total, vat = booking.total_dc or Decimal(), booking.vat_dc or Decimal()
    return total - vat, vat


def _bases(booking: Booking, code: str = UNKNOWN) -> Iterable[tuple[str, Decimal]]:
    """Return the base of each G/L account, or all of it under one code.

    :param str code: for which there are no accounts, or where they are unknown.
    """
    if code == UNKNOWN and booking.by_gl is not None:
        return booking.by_gl
    base = sum((base for _code, base, _vat in booking.by_code or ()), Decimal())
    return [(code, base)] if base else []
