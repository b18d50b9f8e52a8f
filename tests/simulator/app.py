"""The web application: pages, token endpoint, resources, and faults around them."""

import socket
import sys
import time
import traceback
from urllib.parse import unquote_plus

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Request

from . import control, gate, handlers, oauth, pages, texts
from .answers import error_response, html_response, text_response
from .clock import to_moment
from .errors import Findings, Refusal

# Tells a failure of the simulator from every error that was ordered.
FAILURE_HEADER = "X-Simulator-Failure"


class Simulator:
    """Exact Online as a WSGI application over a State."""

    def __init__(self, state):
        self.state = state

    def __call__(self, environ, start_response):
        try:
            response = self._respond(Request(environ))
        except ConnectionAbortedError:
            raise
        except HTTPException as err:
            # A request that is none: its body is shorter than it says.
            response = err.get_response()
        except Exception:
            response = _failure()
        return response(environ, start_response)

    def _respond(self, request):
        try:
            _host = request.host_url
        except ValueError:
            raise BadRequest("The header Host is no host.") from None
        # Read it before the lock is taken: a slow client must not stop the others.
        request.get_data(parse_form_data=False)
        path = request.path.lower()
        if path.startswith("/api/v1/") or path == "/api/oauth2/token":
            return self._served(request)
        return self._page(request, path)

    def _page(self, request, path):
        if path.startswith(control.PREFIX):
            return control.handle(self.state, request)
        with self.state.lock:
            if path == "/api/oauth2/auth":
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
        if main is None or main.when == "after" or main.params.get("process"):
            response = self._process(request)
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
            text = texts.GENERIC
        with self.state.lock:
            headers = self.state.limits.headers(*self._counted(request))
        status = fault.params.get("status", 500)
        return error_response(status, text, headers=headers)

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

    def _process(self, request):
        with self.state.lock:
            if request.path.lower() == "/api/oauth2/token":
                return oauth.token(self.state, request)
            return self._resource(request)

    def _resource(self, request):
        state = self.state
        route = gate.read_route(request.path)
        caller = gate.find_caller(state, request)
        response = self._answer(request, route, caller)
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

    def _answer(self, request, route, caller):
        as_json = "json" in request.headers.get("Accept", "").lower()
        try:
            context, form = gate.pass_gate(self.state, request, route, caller)
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


def _failure():
    """Return the answer to what the simulator cannot cope with: its own fault."""
    text = traceback.format_exc()
    sys.stderr.write(text)
    response = text_response(f"The simulator itself failed.\n\n{text}")
    response.status_code = 500
    response.headers[FAILURE_HEADER] = "1"
    return response


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
