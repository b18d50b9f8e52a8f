"""A simulator in a process of its own, whose work counts for nobody else's."""

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from datetime import datetime

from dev import paths
from dev.console import Problem
from dev.server import HOST, free_port

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RemoteSimulator:
    """Orders and looks at a simulator by its control routes.

    It has what `dev.stage.Stage` wants of a simulator.
    """

    def __init__(self, url):
        self.url = url
        self.control = self

    def calls(self):
        """Return (method, resource, status) of every call of the API so far."""
        return [
            (call["method"], call["path"].split("?")[0].split("/")[-1], call["status"])
            for call in self._ask("calls")
            if call["path"].startswith("/api/v1/")
        ]

    def calls_with_time(self):
        """Return (moment, status) of every call of the API so far."""
        return [
            (datetime.fromisoformat(call["time"]), call["status"])
            for call in self._ask("calls")
            if call["path"].startswith("/api/v1/")
        ]

    def bookings(self):
        """Return the (moment, division) of each booking that Exact accepted."""
        return [
            (datetime.fromisoformat(call["time"]), int(call["path"].split("/")[3]))
            for call in self._ask("calls")
            if call["method"] == "POST"
            and "SalesEntries" in call["path"]
            and call["status"] == 201
        ]

    def count_twice(self):
        """Return how many entries are of an invoice that was booked before."""
        entries = self._ask("entries")
        invoices = {(entry["Division"], entry["YourRef"]) for entry in entries}
        return len(entries) - len(invoices)

    def delay(self, seconds):
        """Answer each call of the API so many seconds late."""
        order = {"fault": "delay", "times": None, "params": {"seconds": seconds}}
        return self._ask("faults", {**order, "match": {"path": "/api/v1/"}})

    def settings(self, **values):
        return self._ask("settings", values)

    def advance(self, seconds):
        return self._ask("clock", {"advance": seconds})

    def freeze(self, moment):
        """Stop its clock at a moment, naive UTC."""
        self._ask("clock", {"set": moment.isoformat(), "freeze": True})

    def let_go(self):
        """Let its clock go on from where it stands."""
        self._ask("clock", {"freeze": False})

    def now(self):
        return datetime.fromisoformat(self._ask("clock")["now"])

    def _ask(self, route, order=None):
        body = None if order is None else json.dumps(order).encode()
        request = urllib.request.Request(f"{self.url}/__control__/{route}", data=body)
        with _opener.open(request, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def remote_simulator(**settings):
    """Run a simulator in another process as long as the block lasts."""
    port = free_port()
    command = [sys.executable, "-m", "tests.simulator", "--host", HOST]
    command += ["--port", str(port)]
    for name, value in settings.items():
        command += ["--set", f"{name}={value}"]
    process = subprocess.Popen(
        command, cwd=paths.ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        if "simulator" not in process.stdout.readline():
            raise Problem("The simulator did not start.")
        # It says so just before it listens to the first call.
        yield RemoteSimulator(f"http://{HOST}:{port}")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
