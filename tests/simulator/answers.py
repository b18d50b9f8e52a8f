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


class Writer:
    """Writes rows of a resource as entities of an answer.

    :param select: paths as in $select; None for every property.
    :param expand: collections to be written out where the selection names them.
    """

    def __init__(self, context, resource, select=None, expand=()):
        self._context = context
        self._resource = resource
        heads = None if select is None else {path.split("/")[0] for path in select}
        wanted = [
            prop
            for name, prop in resource.properties.items()
            if heads is None or name in heads
        ]
        self._columns = [prop for prop in wanted if prop.edm != "Collection"]
        self._collections = {
            prop.name: self._inner(prop.name, select) if prop.name in expand else None
            for prop in wanted
            if prop.edm == "Collection"
        }

    def _inner(self, name, select):
        """Return the writer of a collection's rows; False where it has none."""
        child = RESOURCES.get(self._resource.children.get(name, ("",))[0])
        if child is None:
            return False
        start = f"{name}/"
        tails = [path[len(start) :] for path in select or () if path.startswith(start)]
        # Naming the collection alone gives all of its properties.
        is_all = not tails or "*" in tails or name in select
        return Writer(self._context, child, None if is_all else tails)

    def write(self, row):
        """Return the `d` of an answer, with the collections at its end."""
        context, resource = self._context, self._resource
        address = entity_uri(context, resource, row)
        found = {"__metadata": {"uri": address, "type": resource.type_name}}
        settings = context.settings
        for prop in self._columns:
            value = row.get(prop.name)
            if value is None:
                value = prop.empty
            if value is not None:
                value = write_value(prop, value, settings)
            found[prop.name] = value
        for name, inner in self._collections.items():
            if inner is None:
                found[name] = {"__deferred": {"uri": f"{address}/{name}"}}
                continue
            rows = collection(context, resource, row, name)[1] if inner else ()
            found[name] = {"results": [inner.write(child) for child in rows]}
        return found


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
    entity = Writer(context, resource, expand=expand).write(row)
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
