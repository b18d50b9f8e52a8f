"""Writes answers: entities, lists, errors; as JSON, or as Atom for who asks for it."""

import json
from urllib.parse import quote
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from .resources import RESOURCES
from .values import write_value

_DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices"


def json_response(content, status=200, headers=None):
    body = json.dumps(content, ensure_ascii=False)
    response = Response(body, status, content_type="application/json; charset=utf-8")
    response.headers.extend(headers or {})
    return response


def html_response(body, status=200, headers=None):
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers.extend(headers or {})
    return response


def error_response(status, text, *, as_json=True, headers=None):
    if as_json:
        content = {"error": {"code": "", "message": {"lang": "", "value": text}}}
        return json_response(content, status, headers)
    body = (
        '<?xml version="1.0" encoding="utf-8"?><error><code></code>'
        f'<message xml:lang="">{escape(text)}</message></error>'
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
        f"{name}={quote(value, safe=chr(39) + ',()')}"
        for name, value in options.items()
    )
    return f"{context.base_url}{path}?{query}"


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
            found[name] = write_value(
                resource.uri, prop, row.get(name), context.settings
            )
        elif name in expand:
            found[name] = {"results": _children(context, resource, row, name, select)}
        else:
            found[name] = {"__deferred": {"uri": f"{address}/{name}"}}
    return found


def _children(context, resource, row, name, select):
    uri, link = resource.children[name]
    rows = children(context, uri, link, row[resource.key])
    inner = [path.split("/")[1] for path in select or () if path.startswith(f"{name}/")]
    # Naming the collection alone gives all of its properties.
    wanted = inner if inner and name not in (select or ()) else None
    return [write_entity(context, RESOURCES[uri], child, wanted) for child in rows]


def children(context, uri, link, key):
    rows = context.state.lookup(context.division, uri, key, by=(link,))
    return sorted(rows, key=lambda row: row.get("LineNumber") or 0)


def posted_entity(context, resource, row, *, with_values):
    """Return the `d` after a POST: full, or its key with nearly everything null."""
    expand = tuple(resource.children) if context.settings.post_expands else ()
    entity = write_entity(context, resource, row, expand=expand)
    if with_values:
        return entity
    kept = ("__metadata", resource.key, *resource.answered)
    for name, value in entity.items():
        if name not in kept and not isinstance(value, dict):
            entity[name] = None
    return entity


# === ATOM === #


def atom_response(content, status=200):
    """Write `d` as Atom, what Exact does when nobody asks for JSON."""
    is_list = isinstance(content, list)
    rows = content if is_list else content.get("results", [content])
    body = "".join(_atom_entry(row) for row in rows)
    if is_list or "results" in content:
        body = f'<feed xmlns="http://www.w3.org/2005/Atom">{body}</feed>'
    response = Response(
        f'<?xml version="1.0" encoding="utf-8"?>{body}',
        status,
        content_type="application/atom+xml; charset=utf-8",
    )
    return response


def _atom_entry(row):
    fields = "".join(
        f"<d:{name}>{escape(str(value))}</d:{name}>"
        for name, value in row.items()
        if value is not None and not isinstance(value, dict)
    )
    return (
        f'<entry xmlns="http://www.w3.org/2005/Atom" xmlns:d="{_DATA}">'
        f"<id>{escape(row['__metadata']['uri'])}</id>"
        f'<content type="application/xml">{fields}</content></entry>'
    )
