"""Compares an answer with what is expected of it, names, types and literals alike.

An expected object names the properties that count. An expected list has one element for
each that is found, or `"$each"` and what every one of at least one must be. A text that
begins with `$` is a mark: see MARKS; all else is compared as it is, with its type.
"""

import re

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MINUTE, DAY = 60_000, 86_400_000


def _moment(value):
    found = isinstance(value, str) and re.fullmatch(r"/Date\((-?\d+)\)/", value)
    return int(found[1]) if found else None


def _falls_on(value, unit):
    return isinstance(value, str) and value.isdigit() and int(value) % unit == 0


def _is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


MARKS = {
    "any": lambda value: value is not None,
    "text": lambda value: isinstance(value, str) and value != "",
    "guid": lambda value: isinstance(value, str) and bool(GUID.fullmatch(value)),
    "int64": lambda value: (
        isinstance(value, str) and bool(re.fullmatch(r"-?\d+", value))
    ),
    "integer": _is_integer,
    "number": lambda value: _is_integer(value) or isinstance(value, float),
    "negative": lambda value: isinstance(value, int | float) and value < 0,
    "fraction": lambda value: isinstance(value, int | float) and 0 <= value < 1,
    "flag": lambda value: isinstance(value, bool),
    "byte": lambda value: _is_integer(value) and value in (0, 1, 2),
    "moment": lambda value: _moment(value) is not None,
    "day": lambda value: (_moment(value) or 1) % DAY == 0,
    "whole minute": lambda value: _falls_on(value, MINUTE),
    "midnight": lambda value: _falls_on(value, DAY),
    "list": lambda value: isinstance(value, list),
    "country": lambda value: (
        isinstance(value, str) and bool(re.fullmatch(r"[A-Z]{2} ", value))
    ),
    "deferred": lambda value: (
        isinstance(value, dict)
        and set(value) == {"__deferred"}
        and value["__deferred"]["uri"].startswith("http")
    ),
    "unset": lambda value: value is None or (_is_integer(value) and value == 0),
}


def differences(expected, found, place="answer"):
    """Return what is not as expected, as sentences."""
    if isinstance(expected, dict):
        return _of_object(expected, found, place)
    if isinstance(expected, list):
        return _of_list(expected, found, place)
    if isinstance(expected, str) and expected.startswith("$"):
        ok = _fits(expected[1:], found)
    else:
        ok = type(expected) is type(found) and expected == found
    return [] if ok else [f"{place} is {found!r}, not {expected!r}"]


def _fits(mark, found):
    name, _, argument = mark.partition(":")
    if name == "null or":
        return found is None or _fits(argument, found)
    if name == "width":
        return isinstance(found, str) and len(found) == int(argument)
    if name == "right":
        text = found if isinstance(found, str) else ""
        return len(text) == int(argument) and text == text.strip().rjust(len(text))
    if name == "matches":
        return isinstance(found, str) and bool(re.fullmatch(argument, found, re.DOTALL))
    if name == "one of":
        return found in argument.split("|")
    return MARKS[name](found)


def _of_object(expected, found, place):
    if not isinstance(found, dict):
        return [f"{place} is no object but {str(found)[:80]!r}"]
    wrong = []
    for name, value in expected.items():
        where = f"{place}.{name}"
        if value == "$absent":
            wrong += [f"{where} is there"] if name in found else []
        elif name == "$rest":
            others = {key: found[key] for key in found if key not in expected}
            for key, other in others.items():
                wrong += differences(value, other, f"{place}.{key}")
        elif name not in found:
            wrong.append(f"{where} is missing")
        else:
            wrong += differences(value, found[name], where)
    return wrong


def _of_list(expected, found, place):
    if not isinstance(found, list):
        return [f"{place} is no list but {str(found)[:80]!r}"]
    if expected[:1] == ["$each"]:
        expected = expected[1:] * (len(found) or 1)
    if len(expected) != len(found):
        return [f"{place} has {len(found)} elements, not {len(expected)}"]
    pairs = enumerate(zip(expected, found, strict=True))
    return sum((differences(*pair, f"{place}[{at}]") for at, pair in pairs), [])
