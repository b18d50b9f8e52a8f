"""The gate before every resource: its checks, in the order that Exact makes them."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from . import texts
from .answers import html_response
from .context import Context
from .errors import Refusal
from .pages import MOVED_PAGE
from .resource import Resource
from .resources import find_resource

_PATH = re.compile(
    r"/api/v1/+(?P<division>[0-9]{1,9})/(?P<uri>\w+(?:/\w+){1,3})"
    r"(?:\((?P<key>[^()]*)\)(?:/(?P<child>\w+))?)?(?P<count>/\$count)?/?",
    re.IGNORECASE | re.ASCII,
)
_DIVISION = re.compile(r"/api/v1/(?:beta/)?([0-9]{1,9})/", re.IGNORECASE)
# Some clients put two slashes where the division would be.
_ME = re.compile(r"/api/v1/+current/me(?P<count>/\$count)?/?", re.IGNORECASE)
ACTIVE = 1
JSON = "json"
ATOM = "atom"


class Answer(Exception):
    """A ready answer in place of the resource's own."""

    def __init__(self, response):
        super().__init__(response.status)
        self.response = response


@dataclass
class Route:
    """What an address means; `resource` is None where there is nothing."""

    division: int | None
    uri: str
    resource: Resource | None
    key: str | None = None
    child: str | None = None
    is_count: bool = False

    @property
    def endpoint(self):
        return self.resource.uri if self.resource else self.uri.lower()


def read_route(path):
    if match := _ME.fullmatch(path):
        is_count = bool(match["count"])
        return Route(None, "current/Me", find_resource("current/Me"), is_count=is_count)
    match = _PATH.fullmatch(path)
    if not match:
        # Nothing is there, but the call may name a division, whose limits count.
        named = _DIVISION.match(path)
        return Route(int(named[1]) if named else None, path, None)
    resource = find_resource(match["uri"])
    if resource and resource.uri == "current/Me":
        resource = None
    return Route(
        int(match["division"]),
        match["uri"],
        resource,
        match["key"],
        match["child"],
        bool(match["count"]),
    )


@dataclass
class Caller:
    """Who calls, by the bearer token; `is_fresh` when the token still works."""

    client_id: str
    user: object
    is_fresh: bool


def find_caller(state, request):
    """Return the owner of the bearer token; None for a token nobody was given."""
    kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
    chain = state.tokens.owner(token.strip()) if kind.lower() == "bearer" else None
    if chain is None:
        return None
    user = state.users[chain.user]
    if chain.divisions is not None:
        user = user.narrowed(chain.divisions, current_division(state, user))
    return Caller(chain.client_id, user, state.tokens.is_fresh(token.strip()))


def counted_division(state, route, user):
    """Return the division whose limits a call draws from; None for no limits."""
    if route.endpoint == "current/Me" and state.settings.me_counts:
        return current_division(state, user)
    return route.division


def current_division(state, user):
    """Return the division that the user has open, which an app may not always use."""
    if user.current_division is not None:
        return user.current_division
    return next(code for code in state.divisions() if state.may_open(user, code))


def pass_gate(state, request, route, caller):
    """Check all that does not depend on the options.

    :return: (context, form of the answer: JSON or ATOM)
    :raise Answer: for the answers that are no plain error body.
    :raise Refusal: for those that are.
    """
    check_call(state, request, route, caller)
    if not _is_known(route):
        last = (route.child or route.uri).split("/")[-1]
        raise Refusal(404, f"Resource not found for the segment '{last}'.")
    _check_verb(request, route)
    # A number has one form only.
    form = None if route.is_count else _read_accept(request)
    context = Context(
        state=state,
        user=caller.user,
        client_id=caller.client_id,
        division=route.division,
        base_url=request.host_url.rstrip("/"),
        language=state.language(caller.user),
    )
    return context, form


def check_call(state, request, route, caller):
    """Check who calls and how often, and whether they may; what for comes later."""
    _check_bearer(state, request, caller)
    _check_length(state, request)
    _check_limits(state, route, caller)
    _check_scope(state, request, route, caller)
    _check_division(state, route, caller)


def _is_known(route):
    if route.resource is None:
        return False
    if route.child:
        prop = route.resource.properties.get(route.child)
        return prop is not None and prop.edm == "Collection"
    # There is nothing to count in one record.
    return not (route.is_count and route.key is not None)


def unauthorized(text="message expired"):
    """Return the 401 whose header says why, URL-encoded."""
    response = html_response("", 401)
    response.headers["WWW-Authenticate"] = (
        'Bearer realm="Exact", error="invalid_token",'
        f' error_description="{quote(text)}"'
    )
    return response


def login_redirect(request):
    where = f"/docs/Login.aspx?ReturnUrl={quote(request.full_path, safe='')}"
    page = MOVED_PAGE.replace("{where}", where)
    return html_response(page, 302, {"Location": where})


def _check_bearer(state, request, caller):
    if caller and caller.is_fresh:
        return
    if not request.headers.get("Accept"):
        raise Answer(login_redirect(request))
    if caller:
        raise Answer(unauthorized("access token expired"))
    is_broken = "Authorization" in request.headers
    if is_broken and state.settings.broken_token == "html":
        raise Answer(login_redirect(request))
    raise Answer(unauthorized())


def _check_length(state, request):
    """Count what the client sent: an address is longer with its signs encoded."""
    path = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if path is None:
        query = request.query_string.decode("latin-1")
        path = quote(request.path) + (f"?{query}" if query else "")
    address = path if "://" in path else request.host_url.rstrip("/") + path
    if len(address) > state.settings.max_url:
        raise Refusal(414, "Request-URI Too Long")


def _check_limits(state, route, caller):
    if state.limits.is_blocked(caller.client_id, route.endpoint):
        raise Refusal(429, "API rate limit exceeded")
    division = counted_division(state, route, caller.user)
    if division is None:
        return
    window = state.limits.exhausted(caller.client_id, division)
    if window:
        raise Answer(
            too_many(state.limits.headers(caller.client_id, division, (window,)))
        )
    state.limits.count(caller.client_id, division)


def too_many(headers):
    """Return the 429: no body at all, and these headers."""
    response = html_response("", 429, headers)
    del response.headers["Content-Type"]
    return response


def _check_scope(state, request, route, caller):
    forbidden = state.settings.forbidden_reason
    if forbidden:
        raise Refusal(403, "Forbidden", {"Reason": forbidden})
    app = state.apps.get(caller.client_id)
    scope = route.resource.scope if route.resource else ""
    if not scope or app is None or app.scopes is None:
        return
    wanted = "read" if request.method == "GET" else "manage"
    granted = app.scopes.get(scope)
    if granted is None or (wanted == "manage" and granted != "manage"):
        raise Refusal(403, texts.SCOPE.format(wanted, scope))


def _check_division(state, route, caller):
    if route.division is None:
        return
    is_any = route.resource and route.resource.any_division
    if is_any and not state.settings.divisions_checked:
        return
    division = state.divisions().get(route.division)
    if not division or not state.may_open(caller.user, route.division):
        raise Refusal(403, texts.WRONG_DIVISION, {"Reason": "NoDivisionAccess"})
    if not is_open(division):
        raise Refusal(403, "Forbidden", {"Reason": "DivisionBlocked"})


def is_open(division):
    """Tell whether a division is active, and not just being copied or restored."""
    return division["Status"] == ACTIVE and not division["BlockingStatus"]


def _check_verb(request, route):
    methods = route.resource.methods
    if route.child or route.is_count:
        methods = {"GET"}
    elif route.key is None:
        methods = methods & {"GET", "POST"}
    else:
        methods = methods - {"POST"}
    if request.method not in methods:
        allowed = ", ".join(sorted(methods))
        raise Refusal(405, "Method Not Allowed", {"Allow": allowed})


def _read_accept(request):
    """Return the form: JSON for who names it, Atom for who names that or nothing."""
    header = request.headers.get("Accept", "").lower()
    kinds = {part.split(";")[0].strip() for part in header.split(",")} - {""}
    if "application/json" in kinds:
        return JSON
    if not kinds or kinds & {"*/*", "application/*", "application/atom+xml"}:
        return ATOM
    raise Refusal(406, "Unsupported media type requested.")
