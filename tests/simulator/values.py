"""Edm types: reading values of requests, writing values of answers."""

import base64
import binascii
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from . import texts
from .errors import Refusal

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Digits are those of ASCII everywhere: Python would read others as well.
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_INTEGER = re.compile(r"\s*[+-]?\d{1,20}\s*", re.ASCII)
# Half of a pair: no text that anybody could write down.
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHOLE = {
    "Byte": (0, 255),
    "Int16": (-(2**15), 2**15 - 1),
    "Int32": (-(2**31), 2**31 - 1),
    "Int64": (-(2**63), 2**63 - 1),
}
# What the service calls its types where a value does not fit one.
_NET_NAMES = {"Binary": "Byte[]"}
_EPOCH = datetime(1970, 1, 1)
# Older dates do not fit the database of Exact.
OLDEST_YEAR = 1753
CENT = Decimal("0.01")
# Room for the product of any two numbers that are taken.
_WIDE = Context(prec=80)


def rounded(amount):
    return amount.quantize(CENT, ROUND_HALF_UP, context=_WIDE)


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
        kind = _NET_NAMES.get(prop.edm, prop.edm)
        raise Refusal(400, texts.WRONG_TYPE.format(prop.name, kind))
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
        return None if _SURROGATE.search(value) else value
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
    if isinstance(value, str) and _INTEGER.fullmatch(value):
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
    fraction = (match[3] or "")[:6].ljust(6, "0")
    moment = moment.replace(microsecond=int(fraction))
    return moment if moment.year >= OLDEST_YEAR else None


def _read_binary(value):
    if not isinstance(value, str):
        return None
    try:
        # .NET does not look at the white space in it, which some clients leave there.
        base64.b64decode(re.sub(r"[\t\n\r ]", "", value), validate=True)
    except (ValueError, binascii.Error):
        return None
    return value


def write_value(prop, value, settings):
    """Turn a value of a row into the one of an answer, with its padding."""
    if value is None:
        return None
    if prop.edm == "DateTime":
        return f"/Date({milliseconds(value)})/"
    if prop.edm == "Int64" and settings.int64 == "string":
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if prop.width > 0 and isinstance(value, str) and value:
        return value.ljust(prop.width)
    return padded(prop, value)


def padded(prop, value):
    """Return a text as filters see it: with the blanks before it."""
    if prop.width >= 0 or not isinstance(value, str) or not value:
        return value
    return value.rjust(-prop.width)


def at_midnight(moment):
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def from_milliseconds(number):
    """Return a moment, or None for one that no calendar has."""
    try:
        moment = _EPOCH + timedelta(milliseconds=number)
    except OverflowError:
        return None
    return moment if moment.year >= OLDEST_YEAR else None


def milliseconds(value):
    if not isinstance(value, datetime) and isinstance(value, date):
        value = datetime(value.year, value.month, value.day)
    return (value - _EPOCH) // timedelta(milliseconds=1)
