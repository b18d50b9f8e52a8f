"""Writes answers: entities, lists and errors, as JSON; `atom` has the other form."""

import json
import re
from json.encoder import encode_basestring
from urllib.parse import quote
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from . import shapes
from .resources import RESOURCES
from .values import write_value

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Signs of an address that Exact leaves as they are.
_SAFE = "/$'(),"


def json_response(content, status=200, headers=None):
    """Write JSON as Exact does: indented, with CRLF, slashes of dates escaped."""
    # Of half a surrogate pair this makes what JSON has for it.
    body = _written(content, "\r\n").encode("utf-8", "backslashreplace")
    response = Response(body, status, content_type="application/json; charset=utf-8")
    response.headers.extend(headers or {})
    return response


def _written(value, line):
    """Return a value as JSON.

    :param str line: what begins a line that is as deep as the value.
    """
    # Quicker than `json.dumps` with an indent, which makes a step of every sign.
    if isinstance(value, str):
        text = encode_basestring(value)
        is_date = text.startswith('"/Date(') and text.endswith(')/"')
        return text.replace("/", "\\/") if is_date else text
    if value is None:
        return "null"
    if not value or not isinstance(value, dict | list | tuple):
        return json.dumps(value)
    deeper = f"{line}  "
    if isinstance(value, dict):
        parts = [
            f"{encode_basestring(name)}: {_written(inner, deeper)}"
            for name, inner in value.items()
        ]
        return f"{{{deeper}{f',{deeper}'.join(parts)}{line}}}"
    parts = [_written(inner, deeper) for inner in value]
    return f"[{deeper}{f',{deeper}'.join(parts)}{line}]"


def html_response(body, status=200, headers=None):
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers.extend(headers or {})
    return response


def text_response(body):
    return Response(body, content_type="text/plain; charset=utf-8")


def xml_text(value):
    """Return a text for XML, without what XML cannot hold."""
    return escape(_NOT_XML.sub("?", value), {'"': "&quot;"})


def error_response(status, text, *, as_json=True, headers=None):
    if as_json:
        content = {"error": {"code": "", "message": {"lang": "", "value": text}}}
        return json_response(content, status, headers)
    body = (
        '<?xml version="1.0" encoding="utf-8"?><error><code></code>'
        f'<message xml:lang="">{xml_text(text)}</message></error>'
    )
    response = Response(body, status, content_type="application/xml; charset=utf-8")
    response.headers.extend(headers or {})
    return response


def entity_uri(context, resource, row):
    value = row[resource.key]
    edm = resource.properties[resource.key].edm
    literal = {"Guid": f"guid'{value}'", "String": f"'{value}'"}.get(edm, value)
    return f"{collection_uri(context, resource.uri)}({literal})"


def collection_uri(context, uri):
    if uri == "current/Me":
        return f"{context.base_url}/api/v1/{uri}"
    return f"{context.base_url}/api/v1/{context.division}/{uri}"


def next_uri(context, path, options):
    query = "&".join(
        f"{quote(name, safe='$')}={quote(value, safe=_SAFE)}"
        for name, value in options.items()
    )
    return f"{context.base_url}{quote(path, safe=_SAFE)}?{query}"


def write_entity(context, resource, row, select=None, expand=()):
    """Return an entity as the `d` of an answer.

    :param select: paths as in $select; None for every property.
    :param expand: collections to be written out where the selection names them.
    """
    address = entity_uri(context, resource, row)
    found = {"__metadata": {"uri": address, "type": resource.type_name}}
    heads = None if select is None else {path.split("/")[0] for path in select}
    for name, prop in resource.properties.items():
        if heads is not None and name not in heads:
            continue
        if prop.edm != "Collection":
            value = resource.read(row, name)
            found[name] = write_value(prop, value, context.settings)
        elif name in expand:
            found[name] = {"results": _children(context, resource, row, name, select)}
        else:
            found[name] = {"__deferred": {"uri": f"{address}/{name}"}}
    return found


def _children(context, resource, row, name, select):
    _child, rows = collection(context, resource, row, name)
    inner = [path.split("/")[1] for path in select or () if path.startswith(f"{name}/")]
    # Naming the collection alone gives all of its properties.
    wanted = inner if inner and name not in (select or ()) else None
    if "*" in inner:
        wanted = None
    return [write_entity(context, _child, child, wanted) for child in rows]


def collection(context, resource, row, name):
    """Return the resource and the rows of a collection; (None, []) of an empty one."""
    if name not in resource.children:
        return None, []
    uri, link = resource.children[name]
    key = row[resource.key]
    rows = context.state.lookup(context.division, uri, key, by=(link,))
    return RESOURCES[uri], sorted(rows, key=lambda row: row.get("LineNumber") or 0)


def posted_entity(context, resource, row, *, with_values):
    """Return the `d` after a POST.

    :param bool with_values: the call asked for the record. Without it most resources
        tell the key alone.
    """
    expand = tuple(resource.children) if context.settings.post_expands else ()
    entity = write_entity(context, resource, row, expand=expand)
    if not with_values and not shapes.is_filled(resource.uri):
        _empty(resource, entity)
    if shapes.has_vat_later(resource.uri) and not _tells_vat(context, with_values):
        entity.update((name, None) for name in shapes.VAT_OF_HEADER if name in entity)
    return entity


def _empty(resource, entity):
    kept = ("__metadata", resource.key, *resource.answered)
    for name, value in entity.items():
        if name not in kept and not isinstance(value, dict):
            edm = resource.properties[name].edm
            entity[name] = 0 if edm == "Byte" else None


def _tells_vat(context, with_values):
    told = context.settings.post_vat
    return told == "filled" or (told == "prefer" and with_values)
