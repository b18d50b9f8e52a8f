"""Reads and checks the body of a POST or PUT against the table of properties."""

import json
import re
from datetime import datetime
from decimal import Decimal

from . import texts
from .errors import Refusal
from .resources import RESOURCES
from .values import at_midnight, from_milliseconds, read_value

# Not storable in XML 1.0, which Exact keeps texts in.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_ESCAPED_DATE = re.compile(r'"\\/Date\((-?[0-9]{1,17})(?:[+-][0-9]{4})?\)\\/"')
_DEFERRED = "__deferred"


class Body:
    """The content of a request; numbers with a fraction are Decimal.

    :raise Refusal: not one JSON object.
    """

    def __init__(self, context, content):
        self._context = context
        try:
            text = content.decode("utf-8-sig")
            self._values = json.loads(
                text, parse_float=Decimal, parse_constant=_no_constant
            )
        except (ValueError, ArithmeticError, RecursionError):
            raise Refusal(400, texts.NOT_TOP_LEVEL) from None
        if not isinstance(self._values, dict):
            raise Refusal(400, texts.NOT_TOP_LEVEL)
        self._dates = {}
        if context.settings.escaped_dates == "take":
            self._dates = _escaped_dates(text)

    def entity(self, resource, *, is_put=False):
        """Return {property: value} of what may be set; lists for collections.

        Read-only properties are ignored, whatever their value.

        :raise Refusal: an unknown property or a value of another type.
        """
        return self._read(resource, self._values, is_put)

    def _read(self, resource, values, is_put=False):
        found = {}
        for name, value in values.items():
            if name == "__metadata":
                continue
            prop = resource.properties.get(name)
            if prop is None:
                text = texts.UNKNOWN_PROPERTY.format(name, resource.type_name)
                raise Refusal(400, text)
            if not prop.writable or (is_put and name == resource.key):
                continue
            if prop.edm != "Collection":
                found[name] = self._value(prop, value)
            elif not is_put:
                found[name] = self._collection(resource, name, value)
            elif not _is_deferred(value):
                raise Refusal(400, texts.NEW_ENTITIES)
        return found

    def _value(self, prop, value):
        if prop.edm == "DateTime" and isinstance(value, str) and value in self._dates:
            result = from_milliseconds(self._dates[value])
            if result is None:
                text = texts.WRONG_TYPE.format(prop.name, prop.edm)
                raise Refusal(400, text)
        else:
            context = self._context
            result = read_value(prop, value, context.language, context.settings)
        # What can be sent are dates, all of them.
        return at_midnight(result) if isinstance(result, datetime) else result

    def _collection(self, resource, name, value):
        is_array = isinstance(value, list)
        if not is_array or not all(isinstance(row, dict) for row in value):
            raise Refusal(400, texts.NOT_TOP_LEVEL)
        if name not in resource.children:
            if value:
                raise Refusal(400, texts.NOT_TOP_LEVEL)
            return []
        child = RESOURCES[resource.children[name][0]]
        return [self._read(child, row) for row in value]


def _no_constant(name):
    raise ValueError(name)


def _escaped_dates(text):
    """Return {text: milliseconds} of the dates whose slashes are escaped."""
    found = _ESCAPED_DATE.finditer(text)
    return {json.loads(match[0]): int(match[1]) for match in found}


def _is_deferred(value):
    """Tell a collection as a list shows it, which stands for no change."""
    return isinstance(value, dict) and list(value) == [_DEFERRED]


def check_values(context, resource, values, *, is_put=False, given=()):
    """Return the findings that the table alone can make; cuts texts if so set.

    :param tuple given: mandatory properties that need not be in the body.
    """
    findings = []
    for prop in resource.properties.values():
        if not prop.writable:
            continue
        value = values.get(prop.name)
        is_asked = prop.name in values if is_put else prop.name not in given
        if prop.mandatory and is_asked and _is_empty(value):
            findings.append(context.about("mandatory", prop.name))
        elif isinstance(value, str) and prop.edm == "String":
            findings += _check_text(context, prop, values)
        elif isinstance(value, str) and prop.edm == "Guid":
            findings += _check_reference(context, resource, prop, values)
    return findings


def _is_empty(value):
    return (
        value is None or value == [] or (isinstance(value, str) and not value.strip())
    )


def _check_text(context, prop, values):
    value = values[prop.name]
    if prop.width > 0:
        # A record may be sent back as it was read.
        value = values[prop.name] = value.rstrip(" ")
    findings = []
    if _CONTROL.search(value):
        if context.settings.control_characters == "replace":
            value = values[prop.name] = _CONTROL.sub("?", value)
        else:
            findings.append(context.about("invalid", prop.name, ""))
    if prop.length and len(value) > prop.length:
        if context.settings.overlong == "cut":
            values[prop.name] = value[: prop.length]
        else:
            findings.append(context.about("too_long", prop.name, prop.length))
    return findings


def _check_reference(context, resource, prop, values):
    """Find GUIDs of nothing: also those of another division or another resource."""
    value = values[prop.name]
    if prop.name == resource.key:
        return []
    target = resource.references.get(prop.name)
    if target and context.find(target, value):
        return []
    if target and _is_dropped(context, resource, prop, value):
        values[prop.name] = None
        return []
    return [context.about("reference", prop.name)]


def _is_dropped(context, resource, prop, value):
    """Tell whether a GUID of another division is lost without a word.

    G/L accounts are, it is said, though a line must have one.
    """
    if context.settings.foreign_guid != "drop":
        return False
    target = resource.references[prop.name]
    if prop.mandatory and target != "financial/GLAccounts":
        return False
    divisions = context.state.divisions()
    return any(context.state.find(code, target, value) for code in divisions)
