"""Comparing the books: what Odoo's ledger has against what Exact has."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..exact_api.bodies import text
from ..exact_api.odata import collection, read_date
from ..exact_api.resources import ENTRY_LINE, GL_ACCOUNT_CODE
from . import period
from .matching import bare
from .sales_entry import SalesEntry

# (VAT code, base, VAT)
CodeAmounts = tuple[str, Decimal, Decimal]
# (code of the G/L account, base)
GLAmounts = tuple[str, Decimal]
# (what, ours, theirs)
Difference = tuple[str | tuple[str, str], Any, Any]

# Sides of `Totals`.
ODOO, EXACT = 0, 2
# Of a number whose year is not known.
ANY_YEAR = "any"
# What Exact has to return of an entry before it counts as verified, with the VAT.
VERIFIED = ("total", "customer", "journal", "number", "date")


@dataclass(frozen=True)
class Booking:
    """An invoice as one side has it; credit notes are negative.

    What is None was not returned, and what is None or empty in Odoo is not known there;
    neither is compared.

    :param str key: GUID of the entry, empty for an invoice that Exact does not have.
    :param str customer: GUID.
    :param Decimal total, vat: in the currency of the booking; VAT is part of the total.
    :param Decimal total_dc, vat_dc: in that of the company.
    :param tuple by_code: (VAT code, base, VAT) of each code, by code.
    :param int year, period: the financial period that it is booked in.
    :param date accounting_day: when Odoo's ledger has it.
    :param tuple by_gl: (code, base) of each G/L account, by code.
    """

    key: str
    number: str | None
    day: date | None
    journal: str | None
    reference: str | None
    customer: str | None
    currency: str | None
    total: Decimal | None
    total_dc: Decimal | None
    vat_dc: Decimal | None
    by_code: tuple[CodeAmounts, ...] | None = None
    year: int | None = None
    period: int | None = None
    accounting_day: date | None = None
    by_gl: tuple[GLAmounts, ...] | None = None

    @property
    def vat(self) -> Decimal | None:
        if self.by_code is None:
            return None
        return sum((vat for _code, _base, vat in self.by_code), Decimal())

    @property
    def period_code(self) -> str | None:
        """How sentences name the period; None if it is not known."""
        if self.year is None or self.period is None:
            return None
        return period.code(self.year, self.period)

    def as_facts(self) -> dict[str, Any]:
        """Return what is compared as a whole, by the names of `differences`."""
        return {
            "currency": self.currency,
            "total": self.total,
            "vat": self.vat,
            "total_dc": self.total_dc,
            "vat_dc": self.vat_dc,
            "date": self.day,
            "period": self.period_code,
            "journal": self.journal,
            "number": self.number,
            "customer": self.customer,
            "reference": self.reference,
        }


def sum_by_code(lines: Iterable[CodeAmounts]) -> tuple[CodeAmounts, ...]:
    """Add up (VAT code, base, VAT) by code.

    :return: tuple in the order of the codes; codes of nothing but zeros left out.
    """
    totals = defaultdict(lambda: [Decimal(), Decimal()])
    for code, base, vat in lines:
        totals[code][0] += base
        totals[code][1] += vat
    return tuple(
        (code, base, vat) for code, (base, vat) in sorted(totals.items()) if base or vat
    )


def sum_by_gl(
    lines: Iterable[tuple[str | None, Decimal]],
) -> tuple[GLAmounts, ...] | None:
    """Add up (code of the G/L account, base) by code.

    :return: tuple in the order of the codes, zeros left out; None where one is unknown.
    """
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for code, base in lines:
        if not code:
            return None
        totals[code] += base
    return tuple((code, base) for code, base in sorted(totals.items()) if base)


# === READING === #


def read_sent(entry: SalesEntry) -> Booking:
    """Read a sales entry: what Exact is asked to book."""
    return Booking(
        key="",
        number=str(entry.entry_number),
        day=entry.entry_date,
        journal=entry.journal,
        reference=text(entry.your_ref, "your_ref"),
        customer=entry.customer,
        currency=entry.currency,
        total=entry.total,
        total_dc=entry.total_dc,
        vat_dc=entry.vat_dc,
        by_code=sum_by_code(
            (line.vat_code, line.amount, line.vat_amount) for line in entry.lines
        ),
        year=entry.reporting_year,
        period=entry.reporting_period,
    )


def read_answer(answer: dict[str, Any]) -> Booking:
    """Read the answer to a POST of an entry, with or without its lines."""
    lines = collection(answer.get("SalesEntryLines"))
    if not lines or any(
        line.get(name) is None for line in lines for name in ENTRY_LINE
    ):
        return read_header(answer)
    return read_entry({**answer, "SalesEntryLines": {"results": lines}})


def read_entry(row: dict[str, Any]) -> Booking:
    """Read an entry of Exact, as `resources.SELECT` gives it."""
    lines = collection(row.get("SalesEntryLines"))
    if lines is None:
        return read_header(row)
    by_code = sum_by_code(
        (
            (line["VATCode"] or "").strip(),
            _amount(line["AmountFC"]) or Decimal(),
            # None on what somebody booked there without VAT.
            _amount(line["VATAmountFC"]) or Decimal(),
        )
        for line in lines
    )
    by_gl = sum_by_gl(
        (_text(line.get(GL_ACCOUNT_CODE)), _amount(line["AmountFC"]) or Decimal())
        for line in lines
    )
    return replace(read_header(row), by_code=by_code, by_gl=by_gl)


def read_header(row: dict[str, Any]) -> Booking:
    """Read an entry of Exact without its VAT codes, as `resources.HEADER` gives it."""
    return Booking(
        key=row["EntryID"],
        number=_text(row.get("EntryNumber")),
        day=read_date(row.get("EntryDate")),
        journal=_text(row.get("Journal")),
        reference=_text(row.get("YourRef")),
        customer=row.get("Customer"),
        currency=_text(row.get("Currency")),
        total=_amount(row.get("AmountFC")),
        total_dc=_amount(row.get("AmountDC")),
        vat_dc=_amount(row.get("VATAmountDC")),
        year=_number(row.get("ReportingYear")),
        period=_number(row.get("ReportingPeriod")),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value).strip()


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


# === COMPARING === #


def differences(ours: Booking, theirs: Booking) -> list[Difference]:
    """Compare an invoice with its entry.

    :param Booking ours, theirs: of Odoo and of Exact.
    :return: list of (what, ours, theirs), empty where both are equal; `what` is a name
        of `Booking.as_facts`, or ('base' or 'vat', VAT code), or ('gl', G/L account).
    """
    mine, others = ours.as_facts(), theirs.as_facts()
    pairs = {what: (mine[what], others[what]) for what in mine}
    found = [
        (what, one, other)
        for what, (one, other) in pairs.items()
        if one != other
        and one not in (None, "")
        and other is not None
        # Without another currency it would say the same twice.
        and not (what.endswith("_dc") and pairs[what] == pairs[what[:-3]])
    ]
    return [*found, *_by_code(ours, theirs), *_by_gl(ours, theirs)]


def _by_code(ours: Booking, theirs: Booking) -> list[Difference]:
    if ours.by_code is None or theirs.by_code is None:
        return []
    found: list[Difference] = []
    nothing = [Decimal(), Decimal()]
    mine = {code: amounts for code, *amounts in ours.by_code}
    others = {code: amounts for code, *amounts in theirs.by_code}
    for code in sorted(mine.keys() | others.keys()):
        one, other = mine.get(code, nothing), others.get(code, nothing)
        for what, left, right in zip(("base", "vat"), one, other, strict=True):
            if left != right:
                found.append(((what, code), left, right))
    return found


def is_rounding(differences: list[Difference], allowed: Decimal) -> bool:
    """Tell whether an entry differs by no more than an accepted rounding difference.

    Only amounts in the company's currency may: Exact converts all, and rounds on its
    own.

    :param list differences: as `differences` found them; not empty.
    :param Decimal allowed: the largest one of an amount.
    """
    return bool(differences) and all(
        _is_converted(what) and abs(theirs - ours) <= allowed
        for what, ours, theirs in differences
    )


def _is_converted(what: str | tuple[str, str]) -> bool:
    name = what if isinstance(what, str) else what[0]
    return name.endswith("_dc")


def rounding_of(differences: list[Difference]) -> Decimal:
    """Return how much more the total is in Exact, in the company's currency."""
    return sum(
        (theirs - ours for what, ours, theirs in differences if what == "total_dc"),
        Decimal(),
    )


def _by_gl(ours: Booking, theirs: Booking) -> list[Difference]:
    if ours.by_gl is None or theirs.by_gl is None:
        return []
    mine, others = dict(ours.by_gl), dict(theirs.by_gl)
    return [
        (("gl", code), mine.get(code, Decimal()), others.get(code, Decimal()))
        for code in sorted(mine.keys() | others.keys())
        if mine.get(code, 0) != others.get(code, 0)
    ]


def unconfirmed_fields(theirs: Booking) -> list[str]:
    """Return what Exact left out of an entry, by the names of `differences`."""
    facts = theirs.as_facts()
    names = [name for name in VERIFIED if facts[name] is None]
    if facts["vat"] is None and facts["vat_dc"] is None:
        names.append("vat")
    return names


class Matcher:
    """Finds the entry of each invoice among those that Exact has.

    By the GUID that Exact returned; where it is gone or was never returned by
    reference, and by number where journal and total are the same, too.

    :param entries: of Booking, as Exact has them.
    :param booked: GUIDs of the bookings of invoices, which match no other invoice.
    """

    def __init__(self, entries: Iterable[Booking], booked: Collection[str]) -> None:
        self._remaining = {entry.key: entry for entry in entries}
        self._alike = {}
        for entry in entries:
            if entry.key not in booked:
                for key in _keys(entry, entry.year, ANY_YEAR):
                    self._alike.setdefault(key, entry)

    def pop(self, booking: Booking) -> Booking | None:
        """Return and remove the entry of an invoice; None if there is none."""
        if booking.key in self._remaining:
            return self._remaining.pop(booking.key)
        years = (ANY_YEAR,) if booking.year is None else (booking.year, None)
        for key in _keys(booking, *years):
            entry = self._alike.get(key)
            if entry and entry.key in self._remaining:
                return self._remaining.pop(entry.key)
        return None

    def remaining(self) -> list[Booking]:
        """Return the entries that belong to no invoice."""
        return list(self._remaining.values())


def _keys(booking: Booking, *years: int | str | None) -> list[Any]:
    """Return what an invoice and an entry have in common that somebody booked.

    :param years: in which the number counts; it begins anew each year, a reference does
        not.
    """
    number = (booking.journal, booking.number, booking.total)
    keys = [(*number, year) for year in years]
    # Whoever types a reference has a spelling of their own.
    reference = bare(booking.reference)
    return [reference, *keys] if reference else keys


class Totals:
    """What each side has per journal, period, currency and VAT code.

    And of all VAT codes in the currency of the company, under the code None.

    :param str currency: of the company.
    :param FinancialCalendar calendar: of the division.

    `amounts` has [base, VAT] of Odoo, then those of Exact; `by_gl` has the base of both
    sides per journal, month, currency and G/L account, '' where that is unknown.
    `accepted` has what base and VAT may be more in Exact, by the keys of `amounts`.
    """

    def __init__(
        self, currency: str, calendar: period.FinancialCalendar | None = None
    ) -> None:
        self._currency = currency
        self._calendar = calendar or period.FinancialCalendar()
        self.amounts = defaultdict(lambda: [Decimal()] * 4)
        self.accepted = defaultdict(lambda: [Decimal()] * 2)
        self.by_gl = defaultdict(lambda: [Decimal()] * 2)

    def add(self, booking: Booking, side: int) -> None:
        where = (booking.journal, self._label(booking))
        for code, base, vat in booking.by_code or ():
            self._add((*where, booking.currency, code), base, vat, side)
        for code, base in _bases(booking):
            self.by_gl[(*where, booking.currency, code)][side // 2] += base
        self._add(self._key_of_sum(booking), *_converted(booking), side)

    def _key_of_sum(self, booking: Booking) -> tuple[Any, ...]:
        return booking.journal, self._label(booking), self._currency, None

    def _label(self, booking: Booking) -> str:
        if booking.accounting_day:
            # Odoo's ledger, whatever period somebody chose for the entry.
            return self._calendar.label(booking.accounting_day)
        return self._calendar.label(booking.day, booking.year, booking.period)

    def _add(
        self, key: tuple[Any, ...], base: Decimal, vat: Decimal, side: int
    ) -> None:
        amounts = self.amounts[key]
        amounts[side] += base
        amounts[side + 1] += vat

    def accept(self, ours: Booking, theirs: Booking) -> None:
        """Add the accepted rounding difference of an invoice that was added."""
        accepted = self.accepted[self._key_of_sum(theirs)]
        (base, vat), (other_base, other_vat) = _converted(ours), _converted(theirs)
        accepted[0] += other_base - base
        accepted[1] += other_vat - vat

    def is_equal(self, key: tuple[Any, ...]) -> bool:
        """Tell whether both sides have the same, but for what was accepted."""
        base, vat, other_base, other_vat = self.amounts[key]
        accepted = self.accepted.get(key, (0, 0))
        return (other_base - base, other_vat - vat) == tuple(accepted)


def _converted(booking: Booking) -> tuple[Decimal, Decimal]:
    """Return base and VAT in the currency of the company."""
    total, vat = booking.total_dc or Decimal(), booking.vat_dc or Decimal()
    return total - vat, vat


def _bases(booking: Booking) -> Iterable[GLAmounts]:
    """Return the base of each G/L account; of '' where the accounts are unknown."""
    if booking.by_gl is not None:
        return booking.by_gl
    base = sum((base for _code, base, _vat in booking.by_code or ()), Decimal())
    return [("", base)] if base else []
