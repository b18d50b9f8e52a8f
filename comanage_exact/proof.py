"""Comparing the books: what Odoo's ledger has against what Exact has."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .payload import quoted, read_date

ENTRIES = "salesentry/SalesEntries"
HEADER = (
    "EntryID,EntryNumber,EntryDate,Journal,YourRef,Customer,CustomerName,Currency,"
    "AmountFC,AmountDC,VATAmountDC"
)
_LINES = ("VATCode", "AmountFC", "VATAmountFC")
SELECT = ",".join((HEADER, *(f"SalesEntryLines/{name}" for name in _LINES)))


def entries_between(first, last, journals):
    """Return the filter for the entries of some journals, from one day to another.

    :param date first, last: both included.
    :param journals: codes, at least one.
    """
    wanted = " or ".join(f"Journal eq {quoted(code)}" for code in sorted(journals))
    return (
        f"EntryDate ge datetime'{first}' and EntryDate le datetime'{last}' "
        f"and ({wanted})"
    )


@dataclass(frozen=True)
class Booking:
    """An invoice as one side has it; credit notes are negative.

    :param str key: GUID of the entry, empty for an invoice that Exact does not have.
    :param str customer: GUID, empty where it is not known.
    :param Decimal total, vat: in the currency of the booking; VAT is part of the total.
    :param Decimal total_dc, vat_dc: in that of the company; None if not told.
    :param tuple by_code: (VAT code, base, VAT) of each code, by code.
    """

    key: str
    number: str
    day: date | None
    journal: str
    reference: str
    customer: str
    currency: str
    total: Decimal
    total_dc: Decimal | None
    vat_dc: Decimal | None
    by_code: tuple = field(default=())

    @property
    def vat(self):
        return sum((vat for _code, _base, vat in self.by_code), Decimal())


def sum_by_code(lines):
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


def read_entry(row):
    """Read an entry of Exact, selected by `SELECT` with its lines expanded."""
    lines = row["SalesEntryLines"]["results"]
    by_code = sum_by_code(
        (
            (line["VATCode"] or "").strip(),
            _amount(line["AmountFC"]),
            _amount(line["VATAmountFC"]),
        )
        for line in lines
    )
    return replace(read_header(row), by_code=by_code)


def read_header(row):
    """Read an entry of Exact, selected by `HEADER`: without its VAT codes."""
    return Booking(
        key=row["EntryID"],
        number=str(row["EntryNumber"]),
        day=read_date(row["EntryDate"]),
        journal=row["Journal"].strip(),
        reference=(row["YourRef"] or "").strip(),
        customer=row["Customer"],
        currency=row["Currency"].strip(),
        total=_amount(row["AmountFC"]),
        total_dc=_amount(row["AmountDC"]),
        vat_dc=_amount(row["VATAmountDC"]),
    )


def _amount(value):
    return None if value is None else Decimal(str(value))


def differences(ours, theirs):
    """Compare an invoice with its entry.

    :param Booking ours, theirs: of Odoo and of Exact.
    :return: list of (what, ours, theirs), empty where both are equal; `what` is one of
        total, total_dc, vat, vat_dc, customer, journal, number, date, currency,
        or ('base' or 'vat', VAT code).
    """
    pairs = {
        "currency": (ours.currency, theirs.currency),
        "total": (ours.total, theirs.total),
        "vat": (ours.vat, theirs.vat),
        "total_dc": (ours.total_dc, theirs.total_dc),
        "vat_dc": (ours.vat_dc, theirs.vat_dc),
        "date": (ours.day, theirs.day),
        "journal": (ours.journal, theirs.journal),
        "number": (ours.number, theirs.number),
        "customer": (ours.customer, theirs.customer),
    }
    found = [
        (what, one, other)
        for what, (one, other) in pairs.items()
        if one != other and one not in (None, "") and other is not None
    ]
    mine = {code: amounts for code, *amounts in ours.by_code}
    others = {code: amounts for code, *amounts in theirs.by_code}
    nothing = [Decimal(), Decimal()]
    for code in sorted(mine.keys() | others.keys()):
        one, other = mine.get(code, nothing), others.get(code, nothing)
        for what, left, right in zip(("base", "vat"), one, other, strict=True):
            if left != right:
                found.append(((what, code), left, right))
    return found


class Matcher:
    """Finds the entry of each invoice among those that Exact has.

    By the GUID that Exact told; then by journal and number; then by reference.
    """

    def __init__(self, entries):
        self._by_number = {(entry.journal, entry.number): entry for entry in entries}
        self._by_reference = {
            (entry.journal, entry.reference): entry
            for entry in entries
            if entry.reference
        }
        self._left = {entry.key: entry for entry in entries}

    def take(self, booking):
        """Return the entry of an invoice, which nobody else gets; None if none is."""
        if booking.key:
            # An invoice that Exact gave a GUID is that entry and no other.
            return self._left.pop(booking.key, None)
        candidates = (
            self._by_number.get((booking.journal, booking.number)),
            self._by_reference.get((booking.journal, booking.reference)),
        )
        for entry in candidates:
            if entry and entry.key in self._left:
                return self._left.pop(entry.key)
        return None

    def left(self):
        """Return the entries that belong to no invoice."""
        return list(self._left.values())
