"""The control routes: what tests and the demo look at, and what they order."""

import json
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import Decimal

from .answers import json_response
from .code_lists import GL_ACCOUNTS
from .documents import ATTACHMENTS, attachments_of
from .errors import ControlError, Refusal
from .faults import read_order
from .kinds import DOCUMENTS, PURCHASE, SALES
from .ledger import ledger_lines
from .people import App
from .receivables import pay
from .resources import RESOURCES, find_resource
from .resources_finance import TERMS
from .values import read_value

PREFIX = "/__control__/"
LARGEST_AMOUNT = 1e12


def handle(state, request):
    """Return the response of a control route; wrong input is 400 with a sentence."""
    name = request.path[len(PREFIX) :]
    routes = {"GET": _READ, "POST": _WRITE}.get(request.method, {})
    if name not in {*_READ, *_WRITE}:
        return json_response({"error": f"There is no control route {name!r}."}, 404)
    if name not in routes:
        text = f"{name} is not called by {request.method}."
        return json_response({"error": text}, 405)
    try:
        if request.method == "GET":
            content = routes[name](state)
        else:
            content = routes[name](state, _read(request))
    except ControlError as err:
        return json_response({"error": str(err)}, 400)
    return json_response(content)


def _read(request):
    content = request.get_data()
    try:
        body = json.loads(content) if content.strip() else {}
    except (ValueError, RecursionError):
        raise ControlError("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise ControlError("The body must be one JSON object.")
    return body


# === LOOKING === #


def entries(state):
    """Return every sales entry of every division, with its lines and the ledger's."""
    return _entries(state, SALES)


def purchases(state):
    return _entries(state, PURCHASE)


def _entries(state, kind):
    with state.lock:
        return [
            _entry(state, kind, code, entry)
            for code in state.divisions()
            for entry in state.rows(code, kind.entries).values()
        ]


def _entry(state, kind, division, entry):
    lines = state.entry_lines(division, entry["EntryID"], kind.lines)
    return {
        **plain(kind.entries, entry),
        kind.collection: [plain(kind.lines, line) for line in lines],
        "Ledger": [
            {name: _plain_value(value) for name, value in row.items()}
            for row in ledger_lines(state.settings, entry, lines, kind.debit)
        ],
    }


def terms(state):
    """Return everything that is or was to be paid, in every division."""
    with state.lock:
        return [
            plain(TERMS, row)
            for code in state.divisions()
            for row in state.rows(code, TERMS).values()
        ]


def documents(state):
    """Return every document with its attachments: their hash, not their content."""
    with state.lock:
        return [
            {
                **plain(DOCUMENTS, document),
                "Attachments": [
                    {**plain(ATTACHMENTS, row), "sha256": row["sha256"]}
                    for row in attachments_of(state, code, document["ID"])
                ],
            }
            for code in state.divisions()
            for document in state.rows(code, DOCUMENTS).values()
        ]


def accounts(state):
    uri = "crm/Accounts"
    with state.lock:
        return [
            plain(uri, account)
            for code in state.divisions()
            for account in state.rows(code, uri).values()
        ]


def calls(state):
    with state.lock:
        return [dict(call) for call in state.calls]


def crashes(state):
    with state.lock:
        return list(state.crashes)


def plain(uri, row):
    """Return a row with dates in ISO form and amounts as numbers, without padding."""
    return {
        name: _plain_value(row[name])
        for name in RESOURCES[uri].properties
        if row.get(name) is not None and not isinstance(row[name], list)
    }


def _plain_value(value):
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (
        0,
        0,
        0,
    ):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def clock(state):
    return {"now": state.clock.moment().isoformat()}


# === ORDERING === #


def order_fault(state, body):
    if body == {"clear": True}:
        state.faults.clear()
        return {"faults": []}
    fault = read_order(body)
    division = fault.params.get("division")
    if division is not None and division not in state.divisions():
        raise ControlError(f"There is no division {division}.")
    state.faults.add(fault)
    return {"faults": state.faults.as_list()}


def move_clock(state, body):
    _only(body, "advance", "set", "freeze")
    if not body:
        raise ControlError("Say advance (seconds), set (a moment) or freeze.")
    moment = None
    if "set" in body:
        try:
            moment = datetime.fromisoformat(body["set"])
        except (TypeError, ValueError):
            raise ControlError("set must be a moment like 2026-01-31T12:00.") from None
        if not 2000 <= moment.year <= 2100:
            raise ControlError("set must be between the years 2000 and 2100.")
    seconds = body.get("advance", 0)
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise ControlError("advance must be a number of seconds.")
    if not -1e9 < seconds < 1e9:
        raise ControlError("advance must be within some thirty years.")
    if not isinstance(body.get("freeze", True), bool):
        raise ControlError("freeze must be true or false.")
    if moment:
        state.clock.set(moment)
    if "freeze" in body:
        state.clock.freeze(body["freeze"])
    state.clock.advance(seconds)
    return clock(state)


def change_settings(state, body):
    with state.lock:
        state.settings.update(body)
    return state.settings.as_dict()


def reset(state, body):
    """Go back to the seed, the real time and the settings of the start."""
    _only(body)
    with state.lock:
        state.clock.reset()
        state.settings.reset()
        state.settings.update(state.start_settings)
        state.reset()
    return {"reset": True}


def register_app(state, body):
    _only(body, "client_id", "client_secret", "redirect_uris", "scopes")
    for name in ("client_id", "client_secret"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise ControlError(f"An app needs a {name}.")
    addresses = body.get("redirect_uris", [])
    if not isinstance(addresses, list) or not all(
        isinstance(address, str) for address in addresses
    ):
        raise ControlError("redirect_uris must be a list of addresses.")
    scopes = body.get("scopes")
    if scopes is not None and (
        not isinstance(scopes, dict) or set(scopes.values()) - {"read", "manage"}
    ):
        raise ControlError("scopes must be an object of names with read or manage.")
    app = App(body["client_id"], body["client_secret"], tuple(addresses), scopes)
    with state.lock:
        state.apps[app.client_id] = app
    return {"apps": sorted(state.apps)}


def change_person(state, body):
    """Change a user: their password, or what `Me` says of their divisions."""
    numbers = ("current_division", "accounting_division", "dossier_division")
    _only(body, "user", "password_changed", "divisions", *numbers)
    if not isinstance(body.get("user"), str) or body["user"] not in state.users:
        raise ControlError(f"There is no user {body.get('user')!r}.")
    if not isinstance(body.get("password_changed", True), bool):
        raise ControlError("password_changed must be true or false.")
    values = {name: body[name] for name in (*numbers, "divisions") if name in body}
    with state.lock:
        for name, value in values.items():
            _check_divisions(state, name, value)
        if values.get("divisions") is not None:
            values["divisions"] = tuple(values["divisions"])
        user = state.users[body["user"]] = replace(state.users[body["user"]], **values)
        if body.get("password_changed"):
            state.tokens.end_chains(user.email)
    return asdict(user)


def _check_divisions(state, name, value):
    codes = value if name == "divisions" and isinstance(value, list) else [value]
    is_known = all(
        isinstance(code, int) and code in state.divisions() for code in codes
    )
    if value is not None and (not codes or not is_known):
        raise ControlError(f"{name} must be a division that exists, or null.")


def close_period(state, body):
    """Close or open a period, for all journals or for one."""
    _only(body, "division", "year", "period", "journal", "closed")
    numbers = [body.get(name) for name in ("division", "year", "period")]
    if not all(isinstance(number, int) for number in numbers):
        raise ControlError("division, year and period must be whole numbers.")
    if not isinstance(body.get("journal", ""), str):
        raise ControlError("journal must be a code.")
    if not isinstance(body.get("closed", True), bool):
        raise ControlError("closed must be true or false.")
    where = (*numbers, body.get("journal"))
    with state.lock:
        if body.get("closed", True):
            state.closed_periods.add(where)
        else:
            state.closed_periods.discard(where)
    return {"closed": sorted(map(str, state.closed_periods))}


def order_payment(state, body):
    """Pay an entry, in full, in part or otherwise, or undo it; return its terms."""
    _only(body, "division", "entry", "kind", "amount", "with")
    amount = body.get("amount")
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    if amount is not None and not (is_number and abs(amount) < LARGEST_AMOUNT):
        raise ControlError("amount must be a number.")
    for name in ("entry", "kind", "with"):
        if not isinstance(body.get(name, ""), str):
            raise ControlError(f"{name} must be a text.")
    if not isinstance(body.get("division"), int):
        raise ControlError("division must be a whole number.")
    with state.lock:
        rows = pay(
            state,
            body["division"],
            body.get("entry"),
            body.get("kind"),
            None if amount is None else Decimal(str(amount)),
            body.get("with"),
        )
        return {"terms": [plain(TERMS, row) for row in rows]}


def change_row(state, body):
    """Change a row behind the back of the API, e.g. to block a VAT code."""
    _only(body, "division", "resource", "key", "values")
    resource = find_resource(str(body.get("resource")))
    if resource is None:
        raise ControlError(f"There is no resource {body.get('resource')!r}.")
    values = body.get("values")
    if not isinstance(values, dict):
        raise ControlError("values must be an object.")
    key, division = body.get("key"), body.get("division")
    if not isinstance(key, str | int) or not isinstance(division, int | None):
        raise ControlError("key must be a GUID or code, division a number.")
    with state.lock:
        row = state.find(division, resource.uri, key)
        if row is None and "Code" in resource.properties:
            row = state.by_code(division, resource.uri, str(key))
        if row is None:
            raise ControlError(f"{resource.uri} has no row {key!r} in that division.")
        row.update(_read_row(state, resource, values))
        _name_gl_account(state, division, resource, row, values)
        state.touch(resource, row)
    return plain(resource.uri, row)


def _name_gl_account(state, division, resource, row, values):
    """Give a row that got another G/L account the code and name of that one."""
    if "GLAccount" not in values or "GLAccountCode" not in resource.properties:
        return
    account = state.find(division, GL_ACCOUNTS, row["GLAccount"]) or {}
    companions = (("GLAccountCode", "Code"), ("GLAccountDescription", "Description"))
    for name, source in companions:
        if name not in values:
            row[name] = account.get(source)


def _read_row(state, resource, values):
    found = {}
    for name, value in values.items():
        prop = resource.properties.get(name)
        if prop is None or name == resource.key:
            raise ControlError(f"{resource.uri} has no property {name!r} to change.")
        if isinstance(value, float):
            value = Decimal(str(value))
        try:
            found[name] = read_value(prop, value, "en", state.settings)
        except Refusal as err:
            raise ControlError(f"{name}: {err}") from err
    return found


def _only(body, *names):
    unknown = set(body) - set(names)
    if unknown:
        raise ControlError(f"Unknown here: {', '.join(sorted(unknown))}.")


_READ = {
    "entries": entries,
    "purchases": purchases,
    "terms": terms,
    "accounts": accounts,
    "calls": calls,
    "crashes": crashes,
    "documents": documents,
    "clock": clock,
    "faults": lambda state: state.faults.as_list(),
    "settings": lambda state: state.settings.as_dict(),
}
_WRITE = {
    "faults": order_fault,
    "clock": move_clock,
    "settings": change_settings,
    "reset": reset,
    "apps": register_app,
    "people": change_person,
    "periods": close_period,
    "rows": change_row,
    "payments": order_payment,
}
