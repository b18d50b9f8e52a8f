"""Edm types: reading values of requests, writing values of answers."""

import base64
import binascii
import json
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from . import texts
from .errors import Refusal

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)?)?"
)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_WHOLE = {
    "Byte": (0, 255),
    "Int16": (-(2**15), 2**15 - 1),
    "Int32": (-(2**31), 2**31 - 1),
    "Int64": (-(2**63), 2**63 - 1),
}
# Width of codes that come back padded; negative is right-aligned.
_PADDING = {
    ("crm/Accounts", "Code"): -18,
    ("crm/Accounts", "Country"): 3,
    ("crm/Accounts", "SalesVATCode"): 3,
    ("crm/Accounts", "PurchaseVATCode"): 3,
    ("sync/CRM/Accounts", "Code"): -18,
    ("sync/CRM/Accounts", "Country"): 3,
    ("vat/VATCodes", "Code"): 3,
    ("vat/VATCodes", "Country"): 3,
    ("financial/GLAccounts", "VATCode"): 3,
    ("salesentry/SalesEntryLines", "VATCode"): 3,
}
_EPOCH = datetime(1970, 1, 1)
CENT = Decimal("0.01")


def rounded(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def read_body(content):
    """Parse a request body; numbers with a fraction become Decimal.

    :raise Refusal: not one JSON object.
    """
    try:
        body = json.loads(content, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, texts.NOT_TOP_LEVEL) from None
    if not isinstance(body, dict):
        raise Refusal(400, texts.NOT_TOP_LEVEL)
    return body


def _no_constant(name):
    raise ValueError(name)


def read_value(prop, value, language, settings):
    """Turn a JSON value of a request into the one that is stored.

    :raise Refusal: the value does not fit the property's type.
    """
    if value is None:
        return None
    if prop.edm == "Guid" and isinstance(value, str):
        if not GUID.fullmatch(value):
            raise Refusal(400, texts.say(language, "guid"))
        return value.lower()
    result = _read(prop.edm, value, settings)
    if result is None:
        raise Refusal(400, texts.WRONG_TYPE.format(prop.name, prop.edm))
    return result


def _read(edm, value, settings):
    """Return the stored value, or None for a value of another type."""
    if edm == "String":
        return _read_text(value, settings)
    if edm == "Boolean":
        return value if isinstance(value, bool) else None
    if edm == "Double":
        return _read_number(value)
    if edm in _WHOLE:
        return _read_whole(edm, value)
    if edm == "DateTime":
        return read_moment(value)
    if edm == "Binary":
        return _read_binary(value)
    return None


def _read_text(value, settings):
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if is_number and settings.numbers_as_text else None


def _read_number(value):
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    if not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(value)
        return number if abs(number) < Decimal("1e15") else None
    except InvalidOperation:
        return None


def _read_whole(edm, value):
    if edm == "Int64" and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    low, high = _WHOLE[edm]
    return value if low <= value <= high else None


def read_moment(value):
    """Read '2025-09-01' or with a time; the label of a zone is not looked at."""
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00:00'}")
    except ValueError:
        return None
    # Older dates do not fit the database of Exact.
    return moment if moment.year >= 1753 else None


def _read_binary(value):
    try:
        base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return None
    return value


def write_value(uri, prop, value, settings):
    """Turn a stored value into the one of an answer, with its padding."""
    if value is None:
        return None
    if prop.edm == "DateTime":
        return f"/Date({milliseconds(value)})/"
    if prop.edm == "Int64" and settings.int64 == "string":
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    width = _PADDING.get((uri, prop.name))
    if width and value:
        return value.rjust(-width) if width < 0 else value.ljust(width)
    return value


def padded(uri, name, value):
    """Return a text as filters see it: with the blanks before it."""
    width = _PADDING.get((uri, name), 0)
    return value.rjust(-width) if width < 0 and value else value


def milliseconds(value):
    if not isinstance(value, datetime) and isinstance(value, date):
        value = datetime(value.year, value.month, value.day)
    return (value - _EPOCH) // timedelta(milliseconds=1)
