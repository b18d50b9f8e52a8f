"""Reads and checks the body of a POST or PUT against the table of properties."""

import re

from . import texts
from .errors import Refusal
from .resources import RESOURCES
from .values import read_value

# Not storable in XML 1.0, which Exact keeps texts in.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_entity(context, resource, body, *, is_put=False):
    """Return {property: value} of what the body may set; lists for collections.

    Read-only properties are ignored, whatever their value.

    :raise Refusal: an unknown property or a value of another type.
    """
    found = {}
    for name, value in body.items():
        if name == "__metadata":
            continue
        prop = resource.properties.get(name)
        if prop is None:
            text = texts.UNKNOWN_PROPERTY.format(name, resource.type_name)
            raise Refusal(400, text)
        if not prop.writable or (is_put and name == resource.key):
            continue
        if prop.edm == "Collection":
            if is_put:
                raise Refusal(400, texts.DEEP_UPDATE)
            found[name] = _read_collection(context, resource, name, value)
        else:
            found[name] = read_value(prop, value, context.language, context.settings)
    return found


def _read_collection(context, resource, name, value):
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Refusal(400, texts.NOT_TOP_LEVEL)
    if name not in resource.children:
        raise Refusal(400, texts.NOT_TOP_LEVEL)
    child = RESOURCES[resource.children[name][0]]
    return [read_entity(context, child, row) for row in value]


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
