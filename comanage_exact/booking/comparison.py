"""Comparing the books: what Odoo's ledger has against what Exact has."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..exact_api.bodies import text
from ..exact_api.odata import collection, read_date
from ..exact_api.resources import ENTRY_LINE, GL_ACCOUNT_CODE, PAGE_SIZE
from . import period
from .matching import bare
from .sales_entry import SalesEntry

# (VAT code, base, VAT)
CodeAmounts = tuple[str, Decimal, Decimal]
# (code of the G/L account, cost centre or cost unit, base)
Shares = tuple[tuple[str, Decimal], ...]
# (what, ours, theirs)
Difference = tuple[str | tuple[str, str], Any, Any]

# What `Booking` has of the lines of an entry, not of its header.
OF_LINES = ("by_code", "by_gl", "by_code_dc", "by_gl_dc", "by_center", "by_unit")
# Half a digit, with what the digits of a rate that Exact returns may lose.
_HALF = Decimal("0.5001")
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
    :param tuple by_code_dc, by_gl_dc: the same in the currency of the company.
    :param tuple by_center, by_unit: (code, base) of each cost centre and cost unit, ''
        for none; None in Odoo if the invoice has none at all.
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
    by_gl: Shares | None = None
    by_code_dc: tuple[CodeAmounts, ...] | None = None
    by_gl_dc: Shares | None = None
    by_center: Shares | None = None
    by_unit: Shares | None = None

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


def sum_by_gl(lines: Iterable[tuple[str | None, Decimal]]) -> Shares | None:
    """Add up (code of the G/L account, base) by code.

    :return: tuple in the order of the codes, zeros left out; None where one is unknown.
    """
    lines = list(lines)
    return sum_shares(lines) if all(code for code, _base in lines) else None


def sum_shares(lines: Iterable[tuple[str | None, Decimal]]) -> Shares:
    """Add up (code, base) by code, '' for none; zeros left out."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for code, base in lines:
        totals[code or ""] += base
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


def read_entry(row: dict[str, Any], *, is_complete: bool = False) -> Booking:
    """Read an entry of Exact, as `resources.SELECT` gives it.

    :param bool is_complete: its lines were read one by one, so that none is missing.
    """
    lines = collection(row.get("SalesEntryLines"))
    if lines is None or (not is_complete and has_more_lines(row)):
        return read_header(row)
    return replace(
        read_header(row),
        by_code=sum_by_code(
            (
                _code(line),
                _amount(line["AmountFC"]) or Decimal(),
                # None on what somebody booked there without VAT.
                _amount(line["VATAmountFC"]) or Decimal(),
            )
            for line in lines
        ),
        by_gl=_sum_lines(lines, GL_ACCOUNT_CODE, "AmountFC", sum_by_gl),
        by_code_dc=_read_codes_dc(lines, _amount(row.get("Rate"))),
        by_gl_dc=_sum_lines(lines, GL_ACCOUNT_CODE, "AmountDC", sum_by_gl),
        by_center=_sum_lines(lines, "CostCenter", "AmountFC", sum_shares),
        by_unit=_sum_lines(lines, "CostUnit", "AmountFC", sum_shares),
    )


def has_more_lines(row: dict[str, Any]) -> bool:
    """Tell whether an entry may have more lines than came with it.

    Exact may page lists inside a record as it pages others; it is told by the lines not
    adding up to the entry.
    """
    found = row.get("SalesEntryLines")
    if isinstance(found, dict) and found.get("__next"):
        return True
    lines = collection(found) or []
    total = _amount(row.get("AmountFC"))
    if len(lines) < PAGE_SIZE or total is None:
        return False
    names = ("AmountFC", "VATAmountFC")
    amounts = (_amount(line.get(name)) for line in lines for name in names)
    return sum((one for one in amounts if one is not None), Decimal()) != total


def _sum_lines(
    lines: list[dict[str, Any]],
    name: str,
    amount: str,
    add_up: Callable[[Iterable[tuple[str | None, Decimal]]], Shares | None],
) -> Shares | None:
    """Add up an amount of the lines by a code of theirs; None where Exact left it out.

    A code may be empty, but then it is named.
    """
    if not all(name in line and line.get(amount) is not None for line in lines):
        return None
    return add_up((_text(line[name]), Decimal(str(line[amount]))) for line in lines)


def _read_codes_dc(
    lines: list[dict[str, Any]], rate: Decimal | None
) -> tuple[CodeAmounts, ...] | None:
    """Return base and VAT of each VAT code in the currency of the division.

    Exact converts the VAT of a code as a whole. Lines whose VAT was converted one by
    one need not add up to it.
    """
    if any(line.get("AmountDC") is None for line in lines):
        return None
    found = []
    for code in dict.fromkeys(map(_code, lines)):
        of_code = [line for line in lines if _code(line) == code]
        base = sum((Decimal(str(line["AmountDC"])) for line in of_code), Decimal())
        vat = _sum_vat_dc(of_code, rate)
        if vat is None:
            return None
        found.append((code, base, vat))
    return sum_by_code(found)


def _sum_vat_dc(lines: list[dict[str, Any]], rate: Decimal | None) -> Decimal | None:
    pairs = [
        (
            _amount(line.get("VATAmountFC")) or Decimal(),
            _amount(line.get("VATAmountDC")),
        )
        for line in lines
    ]
    if any(vat and vat_dc is None for vat, vat_dc in pairs):
        return None
    total_dc = sum((vat_dc or Decimal() for _vat, vat_dc in pairs), Decimal())
    if len(pairs) == 1 or not rate or not total_dc:
        return total_dc
    digit = Decimal(1).scaleb(min(dc.as_tuple().exponent for _, dc in pairs if dc))
    digit = min(digit, Decimal("0.01"))
    if any(abs((dc or 0) - vat * rate) > digit * _HALF for vat, dc in pairs):
        # Not converted one by one: cents were given to a line, or changed on it.
        return total_dc
    total = sum((vat for vat, _dc in pairs), Decimal())
    return (total * rate).quantize(digit, ROUND_HALF_UP)


def _code(line: dict[str, Any]) -> str:
    return (line["VATCode"] or "").strip()


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
        of `Booking.as_facts`, or ('base' or 'vat', VAT code), or ('gl', 'center' or
        'unit', code), with '_dc' for amounts in the currency of the company.
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
    return [
        *found,
        *_by_code(ours.by_code, theirs.by_code),
        *_by_share("gl", ours.by_gl, theirs.by_gl),
        *_in_company_currency(ours, theirs),
        *_by_share("center", ours.by_center, theirs.by_center),
        *_by_share("unit", ours.by_unit, theirs.by_unit),
    ]


def _by_code(
    ours: tuple[CodeAmounts, ...] | None, theirs: tuple[CodeAmounts, ...] | None
) -> list[Difference]:
    if ours is None or theirs is None:
        return []
    found: list[Difference] = []
    nothing = [Decimal(), Decimal()]
    mine = {code: amounts for code, *amounts in ours}
    others = {code: amounts for code, *amounts in theirs}
    for code in sorted(mine.keys() | others.keys()):
        one, other = mine.get(code, nothing), others.get(code, nothing)
        for what, left, right in zip(("base", "vat"), one, other, strict=True):
            if left != right:
                found.append(((what, code), left, right))
    return found


def _by_share(
    name: str, ours: Shares | None, theirs: Shares | None
) -> list[Difference]:
    if ours is None or theirs is None:
        return []
    mine, others = dict(ours), dict(theirs)
    return [
        ((name, code), mine.get(code, Decimal()), others.get(code, Decimal()))
        for code in sorted(mine.keys() | others.keys())
        if mine.get(code, 0) != others.get(code, 0)
    ]


def _in_company_currency(ours: Booking, theirs: Booking) -> list[Difference]:
    """Compare VAT codes and G/L accounts in the currency of the company.

    What the same amounts in another currency, or the totals say is not said again.
    """
    by_code = set(_by_code(ours.by_code, theirs.by_code))
    by_gl = set(_by_share("gl", ours.by_gl, theirs.by_gl))
    totals = _converted_totals(ours, theirs)
    found = [
        *(one for one in _by_code(ours.by_code_dc, theirs.by_code_dc)),
        *(one for one in _by_share("gl", ours.by_gl_dc, theirs.by_gl_dc)),
    ]
    return [
        ((f"{name}_dc", code), left, right)
        for (name, code), left, right in found
        if ((name, code), left, right) not in by_code | by_gl
        and (left, right) not in totals
    ]


def _converted_totals(ours: Booking, theirs: Booking) -> list[tuple[Any, Any]]:
    """Return (ours, theirs) of VAT and base in the currency of the company."""
    vat = (ours.vat_dc, theirs.vat_dc)
    if None in (*vat, ours.total_dc, theirs.total_dc):
        return [vat]
    return [vat, (ours.total_dc - ours.vat_dc, theirs.total_dc - theirs.vat_dc)]


def is_rounding(
    differences: list[Difference], allowed: Decimal, ours: Booking | None = None
) -> bool:
    """Tell whether an entry differs by no more than an accepted rounding difference.

    Only amounts in the company's currency may: Exact converts all, and rounds on its
    own, the base of each VAT code on each G/L account apart. What adds these up may
    have as many differences.

    :param list differences: as `differences` found them; not empty.
    :param Decimal allowed: the largest one of an amount.
    :param Booking ours: the invoice, as far as its lines were compared.
    """
    parts = {
        "base_dc": len((ours and ours.by_gl) or "1"),
        "gl_dc": len((ours and ours.by_code) or "1"),
    }
    return bool(differences) and all(
        _is_converted(what)
        and abs(theirs - mine) <= allowed * parts.get(_name_of(what), 1)
        for what, mine, theirs in differences
    )


def _is_converted(what: str | tuple[str, str]) -> bool:
    return _name_of(what).endswith("_dc")


def _name_of(what: str | tuple[str, str]) -> str:
    return what if isinstance(what, str) else what[0]


def rounding_of(differences: list[Difference]) -> Decimal:
    """Return how much more the total is in Exact, in the company's currency."""
    return sum(
        (theirs - ours for what, ours, theirs in differences if what == "total_dc"),
        Decimal(),
    )


def describe(found: list[Difference], theirs: Booking) -> dict[str, Any]:
    """Return differences as they are stored, to tell new ones from those known.

    :param list found: as `differences` found them, whatever the language.
    :return: of the entry as a whole, and of its lines; None if these were not read.
    """
    facts = [[str(part) for part in one] for one in found]
    return {
        "entry": [
            fact
            for fact, one in zip(facts, found, strict=True)
            if isinstance(one[0], str)
        ],
        "lines": None
        if theirs.by_code is None
        else [
            fact
            for fact, one in zip(facts, found, strict=True)
            if not isinstance(one[0], str)
        ],
    }


def unconfirmed_fields(theirs: Booking) -> list[str]:
    """Return what Exact left out of an entry, by the names of `differences`."""
    facts = theirs.as_facts()
    names = [name for name in VERIFIED if facts[name] is None]
    if facts["vat"] is None and facts["vat_dc"] is None:
        names.append("vat")
    return names


def unreturned_amounts(theirs: Booking) -> list[str]:
    """Return what Exact left out of an entry that is to be compared with an invoice."""
    names = unconfirmed_fields(theirs)
    return names if theirs.by_code is not None else [*names, "by_code"]


def compared_fields(ours: Booking, theirs: Booking) -> list[tuple[str, bool]]:
    """Return whether each field that an invoice has was compared with its entry.

    :return: list of (name of a fact or of a part of `Booking`, whether it was).
    """
    mine, others = ours.as_facts(), theirs.as_facts()
    for name in ("by_code", "by_gl", "by_center", "by_unit"):
        mine[name], others[name] = getattr(ours, name), getattr(theirs, name)
    if ours.total == ours.total_dc:
        # One currency.
        del mine["total_dc"], mine["vat_dc"]
    else:
        mine["by_code_dc"], others["by_code_dc"] = ours.by_code_dc, theirs.by_code_dc
        mine["by_gl_dc"], others["by_gl_dc"] = ours.by_gl_dc, theirs.by_gl_dc
    # People may write a text of their own there.
    del mine["reference"]
    return [
        (name, others[name] is not None)
        for name, value in mine.items()
        if value not in (None, "")
    ]


def limit_to(ours: Booking, theirs: Booking) -> Booking:
    """Return an invoice with as much of its lines as Exact returned of its entry."""
    missing = [name for name in OF_LINES if getattr(theirs, name) is None]
    return replace(ours, **dict.fromkeys(missing))


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

    :param years: in which the number counts; it starts again each year, a reference
        does not.
    """
    number = (booking.journal, booking.number, booking.total)
    keys = [(*number, year) for year in years]
    # Whoever types a reference has a spelling of their own.
    reference = bare(booking.reference)
    return [reference, *keys] if reference else keys
