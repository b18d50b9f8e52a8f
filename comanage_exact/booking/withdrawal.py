"""Whether an entry in Exact Online still is what Odoo booked, so that it may go."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..exact_api.odata import collection, read_date
from . import sales_entry

# Exact's status of an entry that is processed.
PROCESSED = 50

Row = dict[str, Any]
# What differs, as it was booked, as it is now; None for lines, which are many.
Change = tuple[str, Any, Any]


def changes(request: Row, row: Row) -> list[Change]:
    """Return what differs between a request and the entry that it made.

    Everything that decides what the entry means in the books; what Exact does not tell
    differs as well: nothing is deleted on a guess.

    :param dict request: body of POST SalesEntries, as `bodies.sales_entry` made it.
    :param dict row: the entry with its lines, selected by `resources.WHOLE`.
    :return: list, empty where the entry is unchanged; named as in `differences`.
    """
    booked, now = _facts(request), _facts(row)
    booked["date"] = request["EntryDate"]
    day = read_date(row.get("EntryDate"))
    now["date"] = day and day.isoformat()
    booked["total"] = sales_entry.total(request)
    now["total"] = _amount(row.get("AmountFC"))
    found = [
        (name, value, now[name]) for name, value in booked.items() if value != now[name]
    ]
    for name in ("ReportingYear", "ReportingPeriod"):
        # Where the periods were not known, Exact took those of the date.
        if name in request and request[name] != row.get(name):
            found.append(("period", _period(request), _period(row)))
            break
    lines = collection(row.get("SalesEntryLines"))
    if lines is None or _lines(request["SalesEntryLines"]) != _lines(lines):
        found.append(("lines", None, None))
    return found


def _facts(entry: Row) -> dict[str, Any]:
    return {
        "number": _text(entry.get("EntryNumber")),
        "journal": _text(entry.get("Journal")),
        "reference": _text(entry.get("YourRef")),
        "customer": _text(entry.get("Customer")).lower(),
        "currency": _text(entry.get("Currency")),
    }


def _period(entry: Row) -> str:
    return f"{entry.get('ReportingYear')}-{entry.get('ReportingPeriod')}"


def _lines(lines: Iterable[Row]) -> Counter[tuple[Any, ...]]:
    """Return how often each line is there; their order means nothing."""
    return Counter(
        (
            _text(line.get("GLAccount")).lower(),
            _text(line.get("VATCode")),
            _amount(line.get("AmountFC")) or Decimal(),
            # None on lines without VAT.
            _amount(line.get("VATAmountFC")) or Decimal(),
            _text(line.get("CostCenter")),
            _text(line.get("CostUnit")),
        )
        for line in lines
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
