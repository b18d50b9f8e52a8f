"""Runs the simulator: in a thread for tests, or for good on the command line."""

import threading
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

from . import control
from .app import Simulator
from .clock import Clock
from .people import App
from .settings import Settings
from .state import State

DEFAULT_CLIENT_ID = "comanage-demo"
DEFAULT_CLIENT_SECRET = "comanage-secret"


# How soon the server in a thread notices that it shall end.
POLL_SECONDS = 0.005


class _QuietHandler(WSGIRequestHandler):
    def log(self, *arguments):
        pass


class Control:
    """The control routes, without HTTP."""

    def __init__(self, state):
        self._state = state

    def entries(self):
        return control.entries(self._state)

    def accounts(self):
        return control.accounts(self._state)

    def documents(self):
        return control.documents(self._state)

    def calls(self):
        return control.calls(self._state)

    def crashes(self):
        return control.crashes(self._state)

    def fault(self, name, *, times=1, method="", path="", **params):
        match = {"method": method, "path": path}
        order = {"fault": name, "times": times, "match": match, "params": params}
        return control.order_fault(self._state, order)

    def clear_faults(self):
        return control.order_fault(self._state, {"clear": True})

    def clock(self, **order):
        return control.move_clock(self._state, order)

    def advance(self, seconds):
        return self.clock(advance=seconds)

    def settings(self, **values):
        return control.change_settings(self._state, values)

    def close_period(self, division, year, period, **more):
        body = {"division": division, "year": year, "period": period, **more}
        return control.close_period(self._state, body)

    def purchases(self):
        return control.purchases(self._state)

    def terms(self):
        return control.terms(self._state)

    def payments(self, division, entry, kind, amount=None, other=None):
        """Order a payment; `other` is the entry that it is set off against."""
        body = {"division": division, "entry": entry, "kind": kind, "amount": amount}
        if other:
            body["with"] = other
        return control.order_payment(self._state, body)

    def change_row(self, division, resource, key, **values):
        body = {"division": division, "resource": resource, "key": key}
        return control.change_row(self._state, {**body, "values": values})

    def register_app(self, client_id, client_secret, **more):
        body = {"client_id": client_id, "client_secret": client_secret, **more}
        return control.register_app(self._state, body)

    def person(self, user, **changes):
        return control.change_person(self._state, {"user": user, **changes})

    def change_password(self, user):
        return self.person(user, password_changed=True)

    def reset(self):
        return control.reset(self._state, {})


class Running:
    """A simulator that listens."""

    def __init__(self, server, state):
        self.server = server
        self.state = state
        self.clock = state.clock
        self.control = Control(state)
        self.url = f"http://{server.host}:{server.server_port}"

    def sign_in(
        self,
        user="eva.peeters@example.com",
        client_id=DEFAULT_CLIENT_ID,
        divisions=None,
    ):
        """Return tokens as after a consent, without the pages.

        :param divisions: codes that were ticked; None for all.
        """
        with self.state.lock:
            return self.state.tokens.start_chain(client_id, user, divisions)


def make_state(apps=(), clock=None, **settings):
    """Return a state with the seed, and the app of the demo if no other is given."""
    state = State(clock=clock or Clock(), settings=Settings(**settings))
    for app in apps or [App(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET)]:
        state.apps[app.client_id] = app
    return state


def make_running(state, host="127.0.0.1", port=0, *, quiet=True):
    handler = _QuietHandler if quiet else WSGIRequestHandler
    server = make_server(
        host, port, Simulator(state), threaded=True, request_handler=handler
    )
    server.daemon_threads = True
    return Running(server, state)


@contextmanager
def serve(port=0, host="127.0.0.1", apps=(), clock=None, **settings):
    """Run a simulator in a thread as long as the block lasts; yields a Running."""
    running = make_running(make_state(apps, clock, **settings), host, port)
    thread = threading.Thread(
        target=running.server.serve_forever, args=(POLL_SECONDS,), daemon=True
    )
    thread.start()
    try:
        yield running
    finally:
        running.server.shutdown()
        thread.join()
        running.server.server_close()
