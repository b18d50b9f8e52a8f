"""GET, POST, PUT and DELETE of the resources."""

import re

from . import accounts, documents, entries, misplaced, receivables, texts
from .answers import (
    atom_response,
    children,
    entity_uri,
    json_response,
    next_uri,
    posted_entity,
    write_entity,
)
from .body import read_entity
from .errors import Findings, Refusal
from .gate import ATOM, current_division
from .query import Query
from .resources import RESOURCES
from .values import GUID, read_body

_CREATE = {
    "crm/Accounts": accounts.create_account,
    **entries.CREATE,
    "documents/Documents": documents.create_document,
    "documents/DocumentAttachments": documents.create_attachment,
}
_UPDATE = {
    "crm/Accounts": accounts.update_account,
    **entries.UPDATE,
    "cashflow/Receivables": receivables.update_term,
    "cashflow/Payments": receivables.update_term,
    "documents/Documents": documents.update_document,
}
_DELETE = {
    "crm/Accounts": accounts.delete_account,
    **entries.DELETE,
    "documents/Documents": documents.delete_document,
    "documents/DocumentAttachments": documents.delete_attachment,
}
# Resources without rows of their own.
_VIEWS = {
    "read/financial/ReceivablesList": receivables.receivables_list,
    "read/financial/PayablesList": receivables.payables_list,
}


def handle(context, request, route, form):
    """Return the response of a call that passed the gate."""
    method = {"GET": _get, "POST": _post, "PUT": _put, "DELETE": _delete}
    return method[request.method](context, request, route, form)


def _respond(form, content, status=200):
    if form == ATOM:
        return atom_response(content, status)
    return json_response({"d": content}, status)


# === READING === #


def _get(context, request, route, form):
    resource = route.resource
    rows = _visible_rows(context, resource)
    if route.key is not None:
        row = _find(context, route)
        if not route.child:
            query = _query(context, request, resource, single=True)
            entity = write_entity(context, resource, row, query.select, query.expand)
            return _respond(form, entity)
        uri, link = resource.children[route.child]
        resource = RESOURCES[uri]
        rows = children(context, uri, link, row[route.resource.key])
    query = _query(context, request, resource, single=bool(route.child))
    return _respond(form, _list(context, request, query, rows))


def _query(context, request, resource, *, single):
    options = request.args.to_dict()
    return Query(resource, options, context.language, context.settings, single=single)


def _list(context, request, query, rows):
    matching = query.matching(rows)
    size = query.resource.page_size or context.settings.page_size
    page, has_more = query.page(matching, size)
    rows = [
        write_entity(context, query.resource, row, query.select, query.expand)
        for row in page
    ]
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
    state, user = context.state, context.user
    if resource.uri == "current/Me":
        return [_me(context)]
    if resource.uri in _VIEWS:
        return _VIEWS[resource.uri](context)
    rows = list(context.rows(resource.rows_of or resource.uri).values())
    if resource.rows_where:
        rows = [row for row in rows if _is_shown(resource, row)]
    if resource.uri.endswith("/Divisions"):
        rows = [row for row in rows if state.may_open(user, row["Code"])]
    return rows


def _is_shown(resource, row):
    name, value = resource.rows_where or (resource.key, row[resource.key])
    return row[name] == value


def _me(context):
    user = context.user
    code = current_division(context.state, user)
    accounting = user.accounting_division or code
    division = context.state.divisions()[accounting]
    first, _blank, last = user.full_name.partition(" ")
    return {
        "UserID": user.guid,
        "UserName": user.email,
        "Email": user.email,
        "FullName": user.full_name,
        "FirstName": first,
        "LastName": last,
        "CurrentDivision": code,
        "AccountingDivision": accounting,
        "DossierDivision": user.dossier_division,
        "DivisionCustomer": division["Customer"],
        "DivisionCustomerCode": division["CustomerCode"],
        "DivisionCustomerName": division["CustomerName"],
        "DivisionCustomerVatNumber": division["VATNumber"],
        "Language": user.language,
        "LanguageCode": f"{user.language}-{division['Country']}",
        "Legislation": int(division["Legislation"]),
        "ServerTime": context.state.clock.local().isoformat(timespec="seconds"),
        "ServerUtcOffset": 3600,
        "IsClientUser": True,
        "IsMyFirmPortalUser": user.is_portal_user,
        "IsOEIMigrationMandatory": user.must_migrate,
    }


def _find(context, route):
    key = _read_key(context, route)
    if route.resource.uri in _VIEWS:
        rows = _VIEWS[route.resource.uri](context)
        row = next((row for row in rows if row[route.resource.key] == key), None)
    else:
        row = _stored(context, route.resource, key)
    if row is None or (
        route.resource.uri.endswith("/Divisions")
        and not context.state.may_open(context.user, key)
    ):
        name = route.resource.uri.split("/")[-1]
        raise Refusal(404, f"Resource not found for the segment '{name}'.")
    return row


def _stored(context, resource, key):
    """Return a row by its key; the twins for sync and bulk have lists alone."""
    is_twin = resource.page_size is not None
    row = context.find(
        resource.uri if is_twin else resource.rows_of or resource.uri, key
    )
    return row if row and _is_shown(resource, row) else None


def _read_key(context, route):
    """Turn guid'…', '…' or a number into the key of a row."""
    edm = route.resource.properties[route.resource.key].edm
    if edm == "Guid":
        match = re.fullmatch(r"guid'([^']*)'", route.key)
        if match and not GUID.fullmatch(match[1]):
            raise Refusal(400, texts.say(context.language, "guid"))
        if match:
            return match[1].lower()
    elif edm in ("Int32", "Int64") and re.fullmatch(r"\d{1,9}", route.key):
        return int(route.key)
    elif edm == "String" and re.fullmatch(r"'[^']*'", route.key):
        return route.key[1:-1]
    raise Refusal(400, texts.SYNTAX)


# === WRITING === #


def _post(context, request, route, form):
    resource = route.resource
    values = read_entity(context, resource, _read_json(request))
    _refuse_portal_user(context)
    row = _CREATE[resource.uri](context, values)
    if context.booked_in is not None:
        context = misplaced.move(context, resource, row)
    with_values = "return=representation" in request.headers.get("Prefer", "")
    entity = posted_entity(context, resource, row, with_values=with_values)
    response = _respond(form, entity, 201)
    response.headers["Location"] = entity_uri(context, resource, row)
    return response


def _put(context, request, route, form):
    row = _find(context, route)
    values = read_entity(context, route.resource, _read_json(request), is_put=True)
    _refuse_portal_user(context)
    _UPDATE[route.resource.uri](context, row, values)
    return _no_content()


def _delete(context, request, route, form):
    row = _find(context, route)
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


def _read_json(request):
    if "json" not in request.headers.get("Content-Type", "").lower():
        raise Refusal(415, "Unsupported media type requested.")
    return read_body(request.get_data())
