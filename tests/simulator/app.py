"""The web application: pages, token endpoint, resources, and faults around them."""

import socket
import time
import traceback
from urllib.parse import unquote_plus, urlsplit

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Request

from . import control, downloads, gate, handlers, misplaced, oauth, pages, texts
from .answers import error_response, html_response
from .clock import to_moment
from .errors import Findings, Refusal

CRASH_HEADER = "X-Simulator-Failed"


class Simulator:
    """Exact Online as a WSGI application over a State."""

    def __init__(self, state):
        self.state = state

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            response = self._respond(request)
        except ConnectionError:
            raise
        except HTTPException as err:
            response = err.get_response()
        except Exception as err:
            traceback.print_exc()
            response = self._crashed(request, err)
        return response(environ, start_response)

    def _respond(self, request):
        """Return the response.

        :raise HTTPException: what came is no request of HTTP.
        """
        _check_host(request)
        # Read it before the lock is taken: a slow client must not stop the others.
        request.get_data(parse_form_data=False)
        path = request.path.lower()
        is_program = path.startswith("/api/v1/") or path == "/api/oauth2/token"
        if is_program or downloads.is_here(path):
            return self._served(request)
        return self._page(request, path)

    def _crashed(self, request, err):
        """Answer for a fault of the simulator itself, so that none passes for Exact's.

        Exact sends neither this header nor this status text.
        """
        what = f"{type(err).__name__}: {err}"
        self._record(request, _shown_path(request), 500, None)
        with self.state.lock:
            self.state.crashes.append(f"{request.method} {request.path}: {what}")
        # A header holds one line of ASCII.
        shown = what.encode("ascii", "backslashreplace").decode()
        mark = {CRASH_HEADER: " ".join(shown.split())[:500]}
        page = pages.problem_page("The simulator failed", shown)
        response = html_response(page, 500, mark)
        response.status = "500 Simulator failed"
        return response

    def _page(self, request, path):
        if path.startswith(control.PREFIX):
            return control.handle(self.state, request)
        with self.state.lock:
            if path.rstrip("/") == "/api/oauth2/auth":
                return oauth.consent(self.state, request)
            if path == "/":
                return html_response(pages.overview_page(self.state))
        if path == "/docs/login.aspx":
            return html_response(pages.login_page())
        text = "There is nothing at this address."
        return html_response(pages.problem_page("Not found", text), 404)

    # === FAULTS === #

    def _served(self, request):
        """Answer a call of a program, with the faults that were ordered for it."""
        path = _shown_path(request)
        struck = self.state.faults.take(request.method, path)
        for fault in struck:
            if fault.when == "wait":
                time.sleep(fault.params.get("seconds", 1))
        main = next((fault for fault in struck if fault.when != "wait"), None)
        if main is None or main.is_processed:
            response = self._process(request, main)
        if main and main.when == "instead":
            response = self._instead(main, request)
        is_lost = main and main.name in ("drop_answer", "reset_before")
        status = None if is_lost else response.status_code
        self._record(request, path, status, main or next(iter(struck), None))
        if is_lost:
            _hang_up(request)
        if main and main.name == "truncated_json":
            content = response.get_data()
            response.set_data(content[: len(content) * 2 // 3])
        return response

    def _record(self, request, path, status, fault):
        moment = to_moment(self.state.clock.now())
        call = {
            "time": moment.isoformat(timespec="milliseconds"),
            "method": request.method,
            "path": path,
            "status": status,
        }
        if fault:
            call["fault"] = fault.name
        with self.state.lock:
            self.state.calls.append(call)

    def _instead(self, fault, request):
        if fault.name == "reset_before":
            return None
        if fault.name == "token_down" or fault.name == "html_503":
            return html_response(pages.UNAVAILABLE_PAGE, 503)
        if fault.name == "maintenance":
            return _maintenance(fault.params.get("status", 503))
        if fault.name == "token_empty":
            return _empty()
        if fault.name == "login_html":
            return html_response(pages.login_page())
        if fault.name == "status_408":
            return html_response("", 408)
        if fault.name == "unauthorized":
            return gate.unauthorized()
        if fault.name.startswith("rate_limited"):
            return self._rate_limited(fault, request)
        if fault.name == "division_moved":
            return self._division_moved(request)
        text = fault.params.get("text", "A readable error, on order.")
        if fault.name == "status_500_generic":
            text = self._generic(fault.params, request)
        with self.state.lock:
            headers = self.state.limits.headers(*self._counted(request))
        status = fault.params.get("status", 500)
        return error_response(status, text, headers=headers)

    def _generic(self, params, request):
        """Return the text of trouble that nobody foresaw, as the fault wants it."""
        if params.get("text", "problem") == "problem":
            return texts.GENERIC
        caller = gate.find_caller(self.state, request)
        own = self.state.language(caller.user if caller else None)
        return texts.NULL_REFERENCE[params.get("language", own)]

    def _rate_limited(self, fault, request):
        if fault.name == "rate_limited_bare":
            return gate.too_many({})
        window = fault.name.removeprefix("rate_limited_")
        with self.state.lock:
            client_id, division = self._counted(request)
            headers = self.state.limits.headers(client_id, division, (window,))
        for name in headers:
            if name.endswith("Remaining"):
                headers[name] = "0"
        return gate.too_many(headers)

    def _division_moved(self, request):
        """Answer as while a division moves to another server; its stamp changes."""
        with self.state.lock:
            route = gate.read_route(request.path)
            row = self.state.divisions().get(route.division)
            if row:
                row["DivisionMoveDate"] = self.state.clock.local().replace(
                    microsecond=0
                )
        return error_response(403, "Forbidden", headers={"Reason": "DivisionBlocked"})

    def _counted(self, request):
        caller = gate.find_caller(self.state, request)
        if caller is None:
            return None, None
        route = gate.read_route(request.path)
        return caller.client_id, gate.counted_division(self.state, route, caller.user)

    # === RESOURCES === #

    def _process(self, request, fault):
        with self.state.lock:
            if request.path.lower() == "/api/oauth2/token":
                return oauth.token(self.state, request)
            if downloads.is_here(request.path):
                return downloads.answer(self.state, request)
            return self._resource(request, fault)

    def _resource(self, request, fault):
        state = self.state
        route = gate.read_route(request.path)
        caller = gate.find_caller(state, request)
        response = self._answer(request, route, caller, fault)
        if caller:
            state.limits.note_answer(
                caller.client_id,
                caller.user.email,
                route.division,
                route.endpoint,
                response.status_code,
            )
        if caller and response.status_code != 429:
            division = gate.counted_division(state, route, caller.user)
            response.headers.extend(state.limits.headers(caller.client_id, division))
        return response

    def _answer(self, request, route, caller, fault):
        as_json = "json" in request.headers.get("Accept", "").lower()
        try:
            context, form = gate.pass_gate(self.state, request, route, caller)
            if fault and fault.name == "other_division":
                wanted = fault.params.get("division")
                context.booked_in = misplaced.other_division(context, wanted)
            return handlers.handle(context, request, route, form)
        except gate.Answer as answer:
            return answer.response
        except Refusal as refusal:
            return error_response(
                refusal.status, refusal.text, as_json=as_json, headers=refusal.headers
            )
        except Findings as found:
            text = "\r\n".join(found.findings)
            return error_response(
                self.state.settings.error_status, text, as_json=as_json
            )


def _maintenance(status):
    """Answer as at night: a page with 200, or one line of text."""
    if status == 200:
        return html_response(pages.MAINTENANCE_PAGE)
    response = html_response(texts.MAINTENANCE, status)
    response.content_type = "text/plain; charset=utf-8"
    return response


def _empty():
    """Answer 200 with nothing in it."""
    response = html_response("")
    response.content_type = "application/json; charset=utf-8"
    return response


def _check_host(request):
    """Refuse a host that no address can be made of."""
    try:
        urlsplit(request.host_url)
    except ValueError:
        raise BadRequest("The header Host names no host.") from None


def _hang_up(request):
    """Close the connection without an answer.

    :raise ConnectionAbortedError: the web server then drops the call without a word.
    """
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("on order")


def _shown_path(request):
    query = request.query_string.decode("ascii", "replace")
    return request.path + (f"?{unquote_plus(query)}" if query else "")
