"""Comparing the books: what Odoo's ledger has against what Exact has."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..exact_api.bodies import text
from ..exact_api.odata import collection, read_date
from ..exact_api.resources import ENTRY_LINE
from . import period
from .sales_entry import SalesEntry

# (VAT code, base, VAT)
CodeAmounts = tuple[str, Decimal, Decimal]
# (what, ours, theirs)
Difference = tuple[str | tuple[str, str], Any, Any]

# Sides of `Totals`.
ODOO, EXACT = 0, 2
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
    return replace(read_header(row), by_code=by_code)


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
        of `Booking.as_facts`, or ('base' or 'vat', VAT code).
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
    if ours.by_code is None or theirs.by_code is None:
        return found
    nothing = [Decimal(), Decimal()]
    mine = {code: amounts for code, *amounts in ours.by_code}
    others = {code: amounts for code, *amounts in theirs.by_code}
    for code in sorted(mine.keys() | others.keys()):
        one, other = mine.get(code, nothing), others.get(code, nothing)
        for what, left, right in zip(("base", "vat"), one, other, strict=True):
            if left != right:
                found.append(((what, code), left, right))
    return found


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
        self._alike = defaultdict(list)
        for entry in entries:
            if entry.key not in booked:
                for key in _keys(entry):
                    self._alike[key].append(entry)

    def pop(self, booking: Booking) -> Booking | None:
        """Return and remove the entry of an invoice; None if there is none."""
        if booking.key in self._remaining:
            return self._remaining.pop(booking.key)
        for key in _keys(booking):
            for entry in self._alike.get(key, ()):
                # Numbers begin anew each year, references do not.
                is_alike = key == booking.reference or _may_share_year(booking, entry)
                if is_alike and entry.key in self._remaining:
                    return self._remaining.pop(entry.key)
        return None

    def remaining(self) -> list[Booking]:
        """Return the entries that belong to no invoice."""
        return list(self._remaining.values())


def _keys(booking: Booking) -> list[Any]:
    """Return what an invoice and an entry have in common that somebody booked."""
    number = (booking.journal, booking.number, booking.total)
    return [booking.reference, number] if booking.reference else [number]


def _may_share_year(booking: Booking, entry: Booking) -> bool:
    return None in (booking.year, entry.year) or booking.year == entry.year


class Totals:
    """What each side has per journal, period, currency and VAT code.

    And of all VAT codes in the currency of the company, under the code None.

    :param str currency: of the company.
    :param FinancialCalendar calendar: of the division.

    `amounts` has [base, VAT] of Odoo, then those of Exact.
    """

    def __init__(
        self, currency: str, calendar: period.FinancialCalendar | None = None
    ) -> None:
        self._currency = currency
        self._calendar = calendar or period.FinancialCalendar()
        self.amounts = defaultdict(lambda: [Decimal()] * 4)

    def add(self, booking: Booking, side: int) -> None:
        where = (booking.journal, self._label(booking))
        for code, base, vat in booking.by_code or ():
            self._add((*where, booking.currency, code), base, vat, side)
        total, vat = booking.total_dc or Decimal(), booking.vat_dc or Decimal()
        self._add((*where, self._currency, None), total - vat, vat, side)

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
