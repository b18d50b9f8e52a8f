"""Consent page and token endpoint."""

import re
from urllib.parse import unquote_plus, urlencode, urlsplit

from . import texts
from .answers import html_response, json_response
from .gate import unauthorized
from .pages import consent_page, problem_page
from .tokens import TokenRefusal

_FIELDS = ("client_id", "redirect_uri", "response_type", "state", "force_login")
_COOKIE = "simulator_user"
_LOCAL = ("localhost", "127.0.0.1", "::1")
# Says that the form had a choice of divisions, whose unticked boxes are not sent.
_CHOICE = "choose_divisions"
_BOX = re.compile(r"division_(\d{1,9})")


def consent(state, request):
    """Show the consent page, or act on what the person chose there."""
    source = request.form if request.method == "POST" else request.args
    fields = {name: source[name] for name in _FIELDS if name in source}
    problem = _find_problem(state, fields)
    if problem:
        return html_response(problem_page("This request cannot be used", problem), 400)
    error = _find_error(fields)
    if error:
        return _return(fields, error)
    if request.method == "POST":
        return _decide(state, request, fields)
    users = list(state.users.values())
    divisions = list(state.divisions().values())
    chosen = request.cookies.get(_COOKIE)
    return html_response(consent_page(fields, users, chosen, divisions))


def _find_problem(state, fields):
    """Return why nobody may be sent back; such errors never leave this site."""
    app = state.apps.get(fields.get("client_id"))
    if app is None:
        return "The client_id is not registered."
    redirect_uri = fields.get("redirect_uri", "")
    address = urlsplit(redirect_uri)
    is_local = address.hostname in _LOCAL and address.scheme in ("http", "https")
    if redirect_uri in app.redirect_uris or (
        is_local and state.settings.any_local_redirect
    ):
        return None
    return "The redirect_uri is not the registered one."


def _find_error(fields):
    """Return the error that the app is told of; None for a request that is right."""
    kind = fields.get("response_type")
    if kind == "code":
        return None
    if not kind:
        text = "The parameter response_type is missing."
        return {"error": "invalid_request", "error_description": text}
    return {
        "error": "unsupported_response_type",
        "error_description": f"The response_type '{kind}' is not supported; use code.",
    }


def _decide(state, request, fields):
    user = state.users.get(request.form.get("user"))
    decision = request.form.get("decision")
    if user is None:
        return html_response(
            problem_page("Log-in failed", "Nobody has this name."), 400
        )
    if user.has_several_users:
        # The app is not told, as nobody is sent back.
        return html_response(problem_page("Access refused", texts.SEVERAL_USERS))
    if decision not in ("allow", "refuse"):
        text = "Choose Allow or Refuse."
        return html_response(problem_page("No decision", text), 400)
    if decision == "refuse":
        return _return(fields, {"error": "access_denied"})
    divisions = _chosen_divisions(request.form)
    if divisions == () or not any(map(user.may_open, divisions or state.divisions())):
        text = "Choose at least one division that you may open."
        return html_response(problem_page("No division", text), 400)
    code = state.tokens.issue_code(
        fields["client_id"], user.email, fields["redirect_uri"], divisions
    )
    response = _return(fields, {"code": code})
    response.set_cookie(_COOKIE, user.email, samesite="Lax")
    return response


def _chosen_divisions(form):
    """Return the codes that are ticked; None where the form had no choice."""
    if _CHOICE not in form:
        return None
    boxes = filter(None, map(_BOX.fullmatch, form))
    return tuple(int(box[1]) for box in boxes)


def _return(fields, answer):
    if "state" in fields:
        answer = {**answer, "state": fields["state"]}
    target = fields["redirect_uri"]
    mark = "&" if urlsplit(target).query else "?"
    return html_response("", 302, {"Location": f"{target}{mark}{urlencode(answer)}"})


def token(state, request):
    """Answer a call of the token endpoint."""
    if request.headers.get("Authorization", "").lower().startswith("bearer"):
        return unauthorized()
    try:
        return json_response(_grant(state, request))
    except TokenRefusal as refusal:
        return json_response(refusal.body, refusal.status, refusal.headers)


def _grant(state, request):
    form = request.form
    app = _find_app(state, request) if request.method == "POST" else None
    if app is None:
        raise TokenRefusal(400, "invalid_request")
    grant = form.get("grant_type")
    if grant == "authorization_code" and form.get("code"):
        return state.tokens.exchange(
            app.client_id, form["code"], form.get("redirect_uri")
        )
    if grant == "refresh_token" and form.get("refresh_token"):
        return state.tokens.renew(app.client_id, form["refresh_token"])
    raise TokenRefusal(400, "invalid_request")


def _find_app(state, request):
    """Return the app whose secret is in the form, or in HTTP Basic; None if wrong."""
    form, basic = request.form, request.authorization
    pairs = [(form.get("client_id"), form.get("client_secret"))]
    if basic is not None and basic.type == "basic":
        # RFC 6749 has both URL-encoded there; most clients send them as they are.
        given = basic.username, basic.password
        decoded = tuple(map(unquote_plus, given))
        in_form = (form.get("client_id") or given[0], form.get("client_secret"))
        if in_form[0] not in (given[0], decoded[0]):
            return None
        if in_form[1] in (None, given[1], decoded[1]):
            pairs = [given, decoded]
    for client_id, secret in pairs:
        app = state.apps.get(client_id)
        if app is not None and app.client_secret == secret:
            return app
    return None
