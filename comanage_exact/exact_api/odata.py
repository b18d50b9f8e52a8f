"""How OData writes and reads values, as Exact Online uses it."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

# What PostgreSQL cannot store: half a character, as Exact cuts one, and the null sign.
_UNSTORABLE = re.compile("[\ud800-\udfff\0]")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_DIVISION = re.compile(r"/api/v1/(?:beta/)?(\d+)/", re.IGNORECASE)


def is_guid(value: str | None) -> bool:
    """Tell whether a text is an ID as Exact writes it."""
    return bool(_GUID.fullmatch(value or ""))


def quoted(value: str) -> str:
    """Write a text as a literal of an OData filter."""
    return "'" + value.replace("'", "''") + "'"


def read_date(value: str | None) -> date | None:
    """Read '/Date(1756684800000)/' as the day it names; None for anything else.

    Exact labels local days as UTC midnight, so the day is never shifted.
    """
    match = re.fullmatch(r"/Date\((-?\d+)\)/", value or "")
    if not match:
        return None
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(match[1]) // 86_400_000)


def read_moment(value: str | None) -> datetime | None:
    """Read '/Date(1756684800123)/' as the time it names; None for anything else."""
    match = re.fullmatch(r"/Date\((-?\d+)\)/", value or "")
    if not match:
        return None
    return datetime(1970, 1, 1) + timedelta(milliseconds=int(match[1]))


def read_day(value: str | None) -> date | None:
    """Read '2026-03-10' as a request has it; None for nothing."""
    return date.fromisoformat(value) if value else None


def division_of(row: dict[str, Any]) -> str | None:
    """Return the code of the division that a record stands in; None if it is not told.

    `__metadata` is there or not, depending on what was selected.
    """
    if row.get("Division"):
        return str(row["Division"]).strip()
    metadata = row.get("__metadata")
    uri = metadata.get("uri") if isinstance(metadata, dict) else None
    match = _DIVISION.search(str(uri or ""))
    return match[1] if match else None


def collection(value: Any) -> list[dict[str, Any]] | None:
    """Return the rows of a collection inside a record; None where it is deferred."""
    if isinstance(value, dict):
        value = value.get("results")
    return value if isinstance(value, list) else None


def storable(value: Any) -> Any:
    """Return what was read from JSON, without signs that no database stores."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return value


def to_json(value: Any) -> Any:
    """Turn amounts into texts: JSON has no Decimal, and a float would lose cents."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items() if key[0] != "_"}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    return value
