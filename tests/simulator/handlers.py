"""GET, POST, PUT and DELETE of the resources."""

import re

from . import (
    divisions,
    entries,
    misplaced,
    receivables,
    relations,
    row_versions,
    sizes,
    texts,
)
from .answers import (
    Writer,
    collection,
    entity_uri,
    json_response,
    next_uri,
    posted_entity,
    text_response,
)
from .atom import atom_response
from .body import Body
from .errors import Findings, Refusal
from .gate import ATOM
from .query import Query
from .resources_finance import SYNC_TIMESTAMP
from .values import GUID

_CREATE = {
    **relations.CREATE,
    **entries.CREATE,
}
_UPDATE = {
    **relations.UPDATE,
    **entries.UPDATE,
    "cashflow/Receivables": receivables.update_term,
    "cashflow/Payments": receivables.update_term,
}
_DELETE = {
    **relations.DELETE,
    **entries.DELETE,
}
# Resources without rows of their own.
_VIEWS = {
    "read/financial/ReceivablesList": receivables.receivables_list,
    "read/financial/ReceivablesListByAccount": receivables.receivables_by_account,
    "read/financial/PayablesList": receivables.payables_list,
    "read/financial/PayablesListByAccount": receivables.payables_by_account,
    SYNC_TIMESTAMP: row_versions.timestamp,
}


def handle(context, request, route, form):
    """Return the response of a call that passed the gate."""
    context.options = request.args
    method = {"GET": _get, "POST": _post, "PUT": _put, "DELETE": _delete}
    return method[request.method](context, request, route, form)


def _respond(request, form, resource, content, status=200):
    if form == ATOM:
        return atom_response(resource, content, status, request.base_url)
    return json_response({"d": content}, status)


# === READING === #


def _get(context, request, route, form):
    resource = route.resource
    row = _find(context, route) if route.key is not None else None
    if row is not None and not route.child:
        query = _query(context, request, resource, single=True)
        entity = Writer(context, resource, query.select, query.expand).write(row)
        return _respond(request, form, resource, entity)
    if row is None:
        rows = _visible_rows(context, resource)
    else:
        resource, rows = collection(context, resource, row, route.child)
    if route.is_count:
        return _count(request, rows)
    if resource is None:
        return _respond(request, form, None, {"results": []})
    query = _query(context, request, resource, single=row is not None)
    return _respond(request, form, resource, _list(context, request, query, rows))


def _count(request, rows):
    """Answer the number of all rows: no option limits it."""
    if any(name.startswith("$") for name in request.args):
        raise Refusal(400, texts.SYNTAX)
    return text_response(str(len(rows)))


def _query(context, request, resource, *, single):
    options = {}
    for name, values in request.args.lists():
        if len(values) > 1 and name.startswith("$"):
            raise Refusal(400, texts.SYNTAX)
        options[name] = values[0]
    return Query(resource, options, context.settings, single=single)


def _list(context, request, query, rows):
    matching = query.matching(rows)
    size = query.resource.page_size or context.settings.page_size
    page, has_more = query.page(matching, size)
    writer = Writer(context, query.resource, query.select, query.expand)
    rows = [writer.write(row) for row in page]
    is_short = query.top is not None and query.top <= size
    if is_short and not query.count and context.settings.top_bare_list:
        return rows
    content = {"results": rows}
    if query.count:
        content["__count"] = str(len(matching))
    if has_more:
        options = query.next_options(page[-1], len(page))
        content["__next"] = next_uri(context, request.path, options)
    return content


def _visible_rows(context, resource):
    if resource.uri == "current/Me":
        return [divisions.me(context)]
    if resource.uri in divisions.LISTS:
        return divisions.visible_rows(context, resource)
    if resource.uri in _VIEWS:
        return _VIEWS[resource.uri](context)
    rows = list(context.rows(resource.rows_of or resource.uri).values())
    if resource.rows_where:
        rows = [row for row in rows if _is_shown(resource, row)]
    return rows


def _is_shown(resource, row):
    name, value = resource.rows_where or (resource.key, row[resource.key])
    return row[name] == value


def _find(context, route):
    key = _read_key(context, route)
    resource = route.resource
    if resource.uri in divisions.LISTS or resource.uri in _VIEWS:
        rows = _visible_rows(context, resource)
        row = next((row for row in rows if row[resource.key] == key), None)
    else:
        row = context.find(resource.rows_of or resource.uri, key)
    if row is None or not _is_shown(resource, row):
        name = route.resource.uri.split("/")[-1]
        raise Refusal(404, f"Resource not found for the segment '{name}'.")
    return row


def _read_key(context, route):
    """Turn guid'…', '…' or a number into the key of a row."""
    edm = route.resource.properties[route.resource.key].edm
    if edm == "Guid":
        match = re.fullmatch(r"guid'([^']*)'", route.key)
        if match and not GUID.fullmatch(match[1]):
            raise Refusal(400, texts.BAD_GUID.format(match[1], 0))
        if match:
            return match[1].lower()
    elif edm in ("Int32", "Int64") and re.fullmatch(r"[0-9]{1,18}L?", route.key):
        return int(route.key.rstrip("L"))
    elif edm == "String" and re.fullmatch(r"'([^']|'')*'", route.key):
        return route.key[1:-1].replace("''", "'")
    raise Refusal(400, texts.SYNTAX)


# === WRITING === #


def _post(context, request, route, form):
    resource = route.resource
    values = _read_json(context, request).entity(resource)
    sizes.check_post(context.settings, resource, request.get_data(), values)
    _refuse_portal_user(context)
    row = _CREATE[resource.uri](context, values)
    if context.booked_in is not None:
        context = misplaced.move(context, resource, row)
    entity = posted_entity(context, resource, row, with_values=_wants_record(request))
    response = _respond(request, form, resource, entity, 201)
    response.headers["Location"] = entity_uri(context, resource, row)
    return response


def _put(context, request, route, form):
    resource = route.resource
    row = _find(context, route)
    values = _read_json(context, request).entity(resource, is_put=True)
    _refuse_portal_user(context)
    _UPDATE[resource.uri](context, row, values)
    if _wants_record(request) and context.settings.put_prefer == "record":
        entity = Writer(context, resource).write(row)
        return _respond(request, form, resource, entity)
    return _no_content()


def _delete(context, request, route, form):
    try:
        row = _find(context, route)
    except Refusal as refusal:
        # Whether it was ever there is nothing Exact tells.
        if refusal.status == 404:
            raise Refusal(403, "Forbidden") from None
        raise
    _refuse_portal_user(context)
    _DELETE[route.resource.uri](context, row)
    return _no_content()


def _refuse_portal_user(context):
    """Refuse what a user of an accountant's portal sends: they only look."""
    if context.user.is_portal_user:
        raise Findings([context.say("document_type")])


def _no_content():
    response = json_response(None, 204)
    response.data = b""
    del response.headers["Content-Type"]
    return response


def _wants_record(request):
    return "return=representation" in request.headers.get("Prefer", "").lower()


def _read_json(context, request):
    sizes.check_length(context.settings, request.get_data())
    if request.mimetype != "application/json":
        raise Refusal(415, "Unsupported media type requested.")
    return Body(context, request.get_data())
