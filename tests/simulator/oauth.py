"""Consent page and token endpoint."""

from urllib.parse import urlencode, urlsplit

from .answers import html_response, json_response
from .pages import consent_page, problem_page
from .tokens import TokenRefusal

_FIELDS = ("client_id", "redirect_uri", "response_type", "state", "force_login")
_COOKIE = "simulator_user"
_LOCAL = ("localhost", "127.0.0.1", "::1")


def consent(state, request):
    """Show the consent page, or act on what the person chose there."""
    source = request.form if request.method == "POST" else request.args
    fields = {name: source[name] for name in _FIELDS if name in source}
    problem = _find_problem(state, fields)
    if problem:
        return html_response(problem_page("This request cannot be used", problem), 400)
    if fields.get("response_type") != "code":
        return _return(fields, {"error": "unsupported_response_type"})
    if request.method == "POST":
        return _decide(state, request, fields)
    users = list(state.users.values())
    chosen = request.cookies.get(_COOKIE)
    return html_response(consent_page(fields["client_id"], users, chosen, fields))


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


def _decide(state, request, fields):
    user = request.form.get("user")
    decision = request.form.get("decision")
    if user not in state.users:
        return html_response(
            problem_page("Log-in failed", "Nobody has this name."), 400
        )
    if decision not in ("allow", "refuse"):
        text = "Choose Allow or Refuse."
        return html_response(problem_page("No decision", text), 400)
    if decision == "refuse":
        return _return(fields, {"error": "access_denied"})
    code = state.tokens.issue_code(fields["client_id"], user, fields["redirect_uri"])
    response = _return(fields, {"code": code})
    response.set_cookie(_COOKIE, user, samesite="Lax")
    return response


def _return(fields, answer):
    if "state" in fields:
        answer = {**answer, "state": fields["state"]}
    target = fields["redirect_uri"]
    mark = "&" if urlsplit(target).query else "?"
    return html_response("", 302, {"Location": f"{target}{mark}{urlencode(answer)}"})


def token(state, request):
    """Answer a call of the token endpoint."""
    try:
        return json_response(_grant(state, request))
    except TokenRefusal as refusal:
        return json_response(refusal.body, refusal.status, refusal.headers)


def _grant(state, request):
    form = request.form
    app = state.apps.get(form.get("client_id"))
    if request.method != "POST" or (
        app is None or form.get("client_secret") != app.client_secret
    ):
        raise TokenRefusal(400, "invalid_request")
    grant = form.get("grant_type")
    if grant == "authorization_code" and form.get("code"):
        return state.tokens.exchange(
            app.client_id, form["code"], form.get("redirect_uri")
        )
    if grant == "refresh_token" and form.get("refresh_token"):
        return state.tokens.renew(app.client_id, form["refresh_token"])
    raise TokenRefusal(400, "invalid_request")
