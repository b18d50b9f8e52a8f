"""What can be seen in the answers of a division: the judges of `division_facts`.

Each takes the evidence and returns whether the fact holds: True or False, with the
values of its sentence where there are any, and None where nothing could be seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from ..exact_api import refusals
from ..exact_api.odata import division_of, is_guid
from ..exact_api.recording import WRAPPED, Evidence, Exchange
from ..exact_api.trouble import is_trouble
from . import comparison

Verdict = bool | None | tuple[bool, dict[str, Any]]
Judge = Callable[[Evidence], Verdict]

DAY = 86_400_000
# Of a list, and of a bulk or sync list.
PAGE, LARGE_PAGE = 60, 1000

# === TYPES === #

TEXT, INTEGER, NUMBER, FLAG = "text", "integer", "number", "flag"
GUID, DATE, INT64 = "guid", "date", "int64"
_EXACT_DATE = re.compile(r"/Date\((-?\d+)\)/")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and bool(_EXACT_DATE.fullmatch(value))


def _is_digits(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lstrip("-").isdigit()


def _reads_as_number(value: Any) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", value))
    return isinstance(value, int | Decimal)


# As Exact documents a type.
DOCUMENTED = {
    TEXT: lambda value: isinstance(value, str),
    INTEGER: _is_whole,
    NUMBER: lambda value: _is_whole(value) or isinstance(value, Decimal),
    FLAG: lambda value: isinstance(value, bool),
    GUID: lambda value: isinstance(value, str) and is_guid(value),
    DATE: _is_date,
    INT64: _is_digits,
}
# As the add-on reads it all the same.
READABLE = {
    TEXT: lambda value: isinstance(value, str | int),
    INTEGER: lambda value: _is_digits(value) or _is_whole(value),
    NUMBER: _reads_as_number,
    FLAG: lambda value: isinstance(value, bool) or value in (0, 1),
    GUID: DOCUMENTED[GUID],
    DATE: _is_date,
    INT64: lambda value: _is_digits(value) or _is_whole(value),
}


def has_types(step: str, types: dict[str, str], allowed: dict[str, Any]) -> Judge:
    """Judge the values of a list by the type of each property; null fits any."""

    def judge(evidence: Evidence) -> Verdict:
        exchange = evidence.answered(step)
        rows = exchange.rows if exchange else []
        wrong = sorted(
            {
                name
                for row in rows
                for name, kind in types.items()
                if row.get(name) is not None and not allowed[kind](row[name])
            }
        )
        if not rows:
            return None
        return not wrong, {"properties": ", ".join(wrong)}

    return judge


# === ANY LIST === #


def is_answered(step: str) -> Judge:
    """Judge whether a step succeeded, in a shape that can be read."""

    def judge(evidence: Evidence) -> Verdict:
        exchange = evidence.get(step)
        if exchange is None:
            return None
        is_fine = exchange.is_usable and bool(exchange.shape)
        return is_fine, {"reason": reason(exchange)}

    return judge


def reason(exchange: Exchange) -> str:
    """Say in English why a step failed."""
    if exchange.lost:
        return exchange.lost
    if exchange.messages:
        return f"{'; '.join(exchange.messages).rstrip('.')} (HTTP {exchange.status})"
    if "Reason" in exchange.headers:
        return f"{exchange.headers['Reason']} (HTTP {exchange.status})"
    if "html" in exchange.headers.get("Content-Type", "").lower():
        return f"a web page instead of data (HTTP {exchange.status})"
    if exchange.is_usable:
        return f"unreadable data (HTTP {exchange.status})"
    return f"HTTP {exchange.status}"


def has_properties(step: str) -> Judge:
    """Judge whether each row has all that was asked for."""

    def judge(evidence: Evidence) -> Verdict:
        exchange = evidence.answered(step)
        if not exchange or not exchange.rows:
            return None
        names = {name.split("/")[0] for name in exchange.selected}
        missing = sorted(
            {name for row in exchange.rows for name in names if name not in row}
        )
        return not missing, {"properties": ", ".join(missing)}

    return judge


def is_wrapped(step: str) -> Judge:
    def judge(evidence: Evidence) -> Verdict:
        exchange = evidence.answered(step)
        return exchange.shape == WRAPPED if exchange and exchange.shape else None

    return judge


def has_page_size(step: str, size: int) -> Judge:
    """Judge whether a list that has a next page is as long as its page."""

    def judge(evidence: Evidence) -> Verdict:
        exchange = evidence.answered(step)
        if not exchange or not exchange.shape or "top" in exchange.options:
            return None
        if exchange.count > size:
            return False, {"count": exchange.count, "size": size}
        if not exchange.next_url:
            return None
        return exchange.count == size, {"count": exchange.count, "size": size}

    return judge


def has_next_on_same_division(evidence: Evidence) -> Verdict:
    found = None
    for exchange in evidence.exchanges:
        if exchange.next_url:
            if _place(exchange.url) != _place(exchange.next_url):
                return False, {"resource": exchange.resource}
            found = True
    return found


def _place(url: Any) -> tuple[str, ...] | None:
    """Return host and path of an address; None of what is none."""
    try:
        parts = urlsplit(str(url))
    except ValueError:
        return None
    return (parts.scheme, parts.netloc, parts.path.lower())


# === HEADERS === #


def _limited(evidence: Evidence) -> list[Exchange]:
    """Return the exchanges whose address names a division."""
    return [
        exchange
        for exchange in evidence.exchanges
        if exchange.status and not exchange.resource.startswith("current/")
    ]


def has_rate_headers(evidence: Evidence) -> Verdict:
    exchanges = [exchange for exchange in _limited(evidence) if exchange.is_usable]
    if not exchanges:
        return None
    lacking = [
        exchange.resource
        for exchange in exchanges
        if "X-RateLimit-Remaining" not in exchange.headers
        or "X-RateLimit-Minutely-Remaining" not in exchange.headers
    ]
    return not lacking, {"count": len(lacking), "total": len(exchanges)}


def _resets(evidence: Evidence) -> list[int]:
    names = ("X-RateLimit-Reset", "X-RateLimit-Minutely-Reset")
    values = [
        exchange.headers[name]
        for exchange in _limited(evidence)
        for name in names
        if name in exchange.headers
    ]
    return [int(value) for value in values if value.isdigit()]


def has_resets_in_milliseconds(evidence: Evidence) -> Verdict:
    resets = _resets(evidence)
    if not resets:
        return None
    # In seconds, this would be the year 5138.
    wrong = [value for value in resets if value < 100_000_000_000]
    return not wrong, {"value": min(resets)}


def has_limits(name: str, expected: int) -> Judge:
    """Judge whether the limit is the one that Exact publishes."""

    def judge(evidence: Evidence) -> Verdict:
        values = {
            exchange.headers[name]
            for exchange in _limited(evidence)
            if name in exchange.headers
        }
        if not values:
            return None
        return values == {str(expected)}, {"limit": ", ".join(sorted(values))}

    return judge


def is_free(evidence: Evidence) -> Verdict:
    """Judge whether `current/Me` carries no count of calls."""
    exchange = evidence.answered("me")
    if not exchange:
        return None
    return not any(name.startswith("X-RateLimit") for name in exchange.headers)


def is_json(evidence: Evidence) -> Verdict:
    found = [
        exchange for exchange in evidence.exchanges if exchange.payload is not None
    ]
    if not found:
        return None
    return all(
        "json" in exchange.headers.get("Content-Type", "").lower() for exchange in found
    )


def is_laid_out(evidence: Evidence) -> Verdict:
    """Judge whether answers are indented, with line ends of two characters."""
    found = [exchange for exchange in evidence.exchanges if exchange.rows]
    return all("\r\n" in exchange.text for exchange in found) if found else None


def has_escaped_slashes(evidence: Evidence) -> Verdict:
    found = [exchange for exchange in evidence.exchanges if "Date(" in exchange.text]
    return all("\\/Date(" in exchange.text for exchange in found) if found else None


# === VALUES OF LISTS === #


def _values(evidence: Evidence, step: str, name: str) -> list[Any]:
    exchange = evidence.answered(step)
    rows = exchange.rows if exchange else []
    return [row[name] for row in rows if row.get(name) is not None]


def is_padded(step: str, name: str, width: int) -> Judge:
    def judge(evidence: Evidence) -> Verdict:
        values = [
            value for value in _values(evidence, step, name) if isinstance(value, str)
        ]
        return all(len(value) >= width for value in values) if values else None

    return judge


def is_one_of(step: str, name: str, known: Iterable[Any]) -> Judge:
    """Judge whether a property has known values only."""
    known = {*known}

    def judge(evidence: Evidence) -> Verdict:
        values = _values(evidence, step, name)
        bare = {
            value if isinstance(value, int) else str(value).strip() for value in values
        }
        unknown = sorted(str(value) for value in bare - known)
        return (not unknown, {"values": ", ".join(unknown)}) if values else None

    return judge


def is_never_null(step: str, *names: str) -> Judge:
    def judge(evidence: Evidence) -> Verdict:
        exchange = evidence.answered(step)
        rows = exchange.rows if exchange else []
        empty = [name for name in names if any(row.get(name) is None for row in rows)]
        return (not empty, {"properties": ", ".join(empty)}) if rows else None

    return judge


def is_fraction(evidence: Evidence) -> Verdict:
    values = [
        value
        for value in _values(evidence, "vat_codes", "Percentage")
        if isinstance(value, int | Decimal)
    ]
    # Zero alone shows nothing.
    if not any(values):
        return None
    return max(values) <= 1, {"value": str(max(values))}


def is_of_division(evidence: Evidence) -> Verdict:
    """Judge whether no record that was read is of another division."""
    found = None
    for exchange in evidence.exchanges:
        asked = division_in(exchange.url)
        if exchange.method != "GET" or "Divisions" in exchange.resource or not asked:
            continue
        for row in exchange.rows:
            place = division_of(row)
            if place and place != asked:
                return False, {"resource": exchange.resource, "found": place}
            found = True if place else found
    return found


def is_at_midnight(*places: tuple[str, str]) -> Judge:
    """Judge whether days come as midnight UTC: another time may mean another day."""

    def judge(evidence: Evidence) -> Verdict:
        matches = [
            _EXACT_DATE.fullmatch(value)
            for step, name in places
            for value in _values(evidence, step, name)
            if isinstance(value, str)
        ]
        moments = [int(match[1]) for match in matches if match]
        odd = [moment for moment in moments if moment % DAY]
        if not moments:
            return None
        return not odd, {"time": _clock(odd[0]) if odd else ""}

    return judge


def _clock(moment: int) -> str:
    """Return the time of day of a moment in milliseconds, however far away."""
    minutes = moment % DAY // 60_000
    return f"{minutes // 60:02}:{minutes % 60:02}"


def has_type_name(step: str, expected: str) -> Judge:
    def judge(evidence: Evidence) -> Verdict:
        exchange = evidence.answered(step)
        rows = exchange.rows if exchange else []
        names = {
            str(row["__metadata"].get("type"))
            for row in rows
            if isinstance(row.get("__metadata"), dict)
        }
        return (
            (names == {expected}, {"name": ", ".join(sorted(names))}) if names else None
        )

    return judge


def has_current_division(evidence: Evidence) -> Verdict:
    exchange = evidence.answered("me")
    if not exchange or not exchange.shape:
        return None
    return len(exchange.rows) == 1 and _reads_as_number(
        exchange.rows[0].get("CurrentDivision")
    )


def has_lines(evidence: Evidence) -> Verdict:
    """Judge whether the entries of a list have their lines in `results`."""
    exchange = evidence.answered("entries")
    if not exchange or not exchange.rows:
        return None
    return all(
        isinstance(row.get("SalesEntryLines"), dict)
        and isinstance(row["SalesEntryLines"].get("results"), list)
        for row in exchange.rows
    )


def has_readable_entries(evidence: Evidence) -> Verdict:
    """Judge whether the month-end comparison can read the entries."""
    exchange = evidence.answered("entries")
    if not exchange or not exchange.rows:
        return None
    return not _unreadable(exchange.rows)


def _unreadable(rows: list[dict[str, Any]]) -> str:
    for row in rows:
        try:
            comparison.read_entry(row)
        except (
            ArithmeticError,
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
        ) as err:
            return type(err).__name__
    return ""


# === THE TEST ENTRY === #


def is_refused(evidence: Evidence) -> Verdict:
    """Judge whether an entry without a customer was refused with a finding."""
    exchange = evidence.get("refusal")
    if exchange is None or exchange.lost:
        return None
    texts = exchange.messages
    is_fine = exchange.status in (400, 500) and not is_trouble(texts)
    return is_fine, {"reason": reason(exchange)}


def has_finding_status(evidence: Evidence) -> Verdict:
    exchange = evidence.get("refusal")
    if exchange is None or not exchange.messages:
        return None
    return exchange.status == 500, {"status": exchange.status}


def is_recognized(evidence: Evidence) -> Verdict:
    exchange = evidence.get("refusal")
    if exchange is None or not exchange.messages:
        return None
    # It may be one finding among several.
    kinds = {refusals.classify([text]) for text in exchange.messages}
    return refusals.OTHER not in kinds, {"finding": "; ".join(exchange.messages)}


def is_overlong_refused(evidence: Evidence) -> Verdict:
    """Judge whether texts that are too long are findings, beside the missing one."""
    exchange = evidence.get("refusal")
    if exchange is None or not exchange.messages:
        return None
    return len(exchange.messages) > 1


def is_booked(evidence: Evidence) -> Verdict:
    exchange = evidence.get("book")
    if exchange is None:
        return None
    is_fine = exchange.status == 201 and is_guid(_booked(evidence).get("EntryID"))
    return is_fine, {"reason": reason(exchange)}


def _booked(evidence: Evidence) -> dict[str, Any]:
    exchange = evidence.answered("book")
    return exchange.entity if exchange else {}


def has_vat_null(evidence: Evidence) -> Verdict:
    entity = _booked(evidence)
    if not entity:
        return None
    return entity.get("VATAmountDC") is None and entity.get("VATAmountFC") is None


def has_lines_deferred(evidence: Evidence) -> Verdict:
    lines = _booked(evidence).get("SalesEntryLines")
    if not _booked(evidence):
        return None
    return isinstance(lines, dict) and "__deferred" in lines


def has_total(evidence: Evidence) -> Verdict:
    entity, request = _booked(evidence), _request(evidence)
    if not entity or not request:
        return None
    total = _total(request)
    found = entity.get("AmountFC")
    if not isinstance(found, int | Decimal) and not _reads_as_number(found):
        return False, {"total": str(total), "found": str(found)}
    return Decimal(str(found)) == total, {"total": str(total), "found": str(found)}


def _request(evidence: Evidence) -> dict[str, Any]:
    exchange = evidence.get("book")
    return (exchange.body or {}) if exchange else {}


def _total(request: dict[str, Any]) -> Decimal:
    return sum(
        (
            Decimal(str(line.get("AmountFC", 0)))
            + Decimal(str(line.get("VATAmountFC", 0)))
            for line in request.get("SalesEntryLines", [])
        ),
        Decimal(),
    )


def is_in_division(evidence: Evidence) -> Verdict:
    """Judge whether the entry is in the division that was asked for."""
    exchange, entity = evidence.answered("book"), _booked(evidence)
    if not exchange or not entity:
        return None
    asked = division_in(exchange.url)
    found = entity.get("Division")
    metadata = entity.get("__metadata")
    address = str(metadata.get("uri", "")) if isinstance(metadata, dict) else ""
    places = [str(found) if found is not None else "", division_in(address)]
    places = [place for place in places if place]
    if not asked or not places:
        return None
    wrong = sorted({place for place in places if place != asked})
    return not wrong, {"found": ", ".join(wrong), "asked": asked}


def division_in(url: str) -> str:
    """Return the number of the division in an address."""
    match = re.search(r"/api/v1/(\d+)/", url)
    return match[1] if match else ""


def keeps_guid(evidence: Evidence) -> Verdict:
    entity, request = _booked(evidence), _request(evidence)
    if not entity or "EntryID" not in request:
        return None
    return entity.get("EntryID") == request["EntryID"]


def has_default_number(evidence: Evidence) -> Verdict:
    """Judge whether Exact's own number is year, journal and sequence, eight digits."""
    entity, request = _booked(evidence), _request(evidence)
    number, day = entity.get("EntryNumber"), request.get("EntryDate")
    if number is None or not day:
        return None
    start = f"{day[2:4]}{request.get('Journal', '').strip()}"
    is_usual = str(number).startswith(start) and len(str(number)) == 8
    return is_usual, {"number": str(number)}


def is_number_whole(evidence: Evidence) -> Verdict:
    entity = _booked(evidence)
    return READABLE[INTEGER](entity.get("EntryNumber")) if entity else None


def _read_back(evidence: Evidence) -> dict[str, Any] | None:
    exchange = evidence.answered("read_back")
    if not exchange or len(exchange.rows) != 1:
        return None
    return exchange.rows[0]


def is_read_back(evidence: Evidence) -> Verdict:
    exchange = evidence.get("read_back")
    if exchange is None:
        return None
    is_fine = exchange.is_usable and len(exchange.rows) == 1
    return is_fine, {"reason": reason(exchange)}


def is_equal(evidence: Evidence) -> Verdict:
    """Judge whether the entry that was read back is the one that was sent."""
    row, request = _read_back(evidence), _request(evidence)
    if row is None or not request:
        return None
    if broken := _unreadable([row]):
        return False, {"differences": broken}
    found = comparison.differences(
        _asked(request, row.get("EntryID", "")), comparison.read_entry(row)
    )
    names = ["/".join(what) if isinstance(what, tuple) else what for what, *_ in found]
    return not names, {"differences": ", ".join(names)}


def _asked(request: dict[str, Any], key: str) -> comparison.Booking:
    """Return the entry that was asked for; Exact chose the number."""
    by_code = comparison.sum_by_code(
        (
            line["VATCode"],
            Decimal(str(line["AmountFC"])),
            Decimal(str(line["VATAmountFC"])),
        )
        for line in request["SalesEntryLines"]
    )
    year, month, day = (int(part) for part in request["EntryDate"].split("-"))
    return comparison.Booking(
        key=key,
        number=None,
        day=date(year, month, day),
        journal=request["Journal"].strip(),
        reference=request["YourRef"],
        customer=request["Customer"],
        currency=request.get("Currency"),
        total=_total(request),
        total_dc=None,
        vat_dc=None,
        by_code=by_code,
    )


def keeps_description(evidence: Evidence) -> Verdict:
    row, request = _read_back(evidence), _request(evidence)
    if row is None or "Description" not in row:
        return None
    return (row["Description"] or "").strip() == request.get("Description")


def has_period_of_date(evidence: Evidence) -> Verdict:
    row, request = _read_back(evidence), _request(evidence)
    if row is None or row.get("ReportingYear") is None:
        return None
    found = f"{row['ReportingYear']}-{row.get('ReportingPeriod')}"
    return found == _calendar(request["EntryDate"]), {"found": found}


def _calendar(day: str) -> str:
    return f"{int(day[:4])}-{int(day[5:7])}"


def is_changed(evidence: Evidence) -> Verdict:
    exchange = evidence.get("change")
    if exchange is None:
        return None
    return exchange.is_usable, {"reason": reason(exchange)}


def returns_changed(evidence: Evidence) -> Verdict:
    exchange = evidence.answered("change")
    return bool(exchange.entity) if exchange else None


def is_deleted(evidence: Evidence) -> Verdict:
    exchange = evidence.get("delete")
    if exchange is None:
        return None
    return exchange.is_usable, {"reason": reason(exchange)}


def is_gone(evidence: Evidence) -> Verdict:
    exchange = evidence.answered("gone")
    return not exchange.rows if exchange and exchange.shape else None
