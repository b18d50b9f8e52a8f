"""Runs a public client's script in its own environment, step by step."""

import ast
import json
import os
import subprocess
import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass

from dev import clients, paths

from ..simulator_api import (
    BELGIAN,
    DUTCH,
    DUTCH_USER,
    ENGLISH_USER,
    REDIRECT_URI,
    Api,
)

# Far more than any step takes.
SECONDS = 60

ACCOUNTS = "crm/Accounts"
# Journal, G/L account and VAT code of an entry.
BOOKED = {BELGIAN: ("700", "700000", "4"), DUTCH: ("70", "8000", "2")}


@dataclass(frozen=True)
class Outcome:
    """What a step came to: the client's answer, and the calls that it made."""

    ok: bool
    detail: object
    calls: list

    def asked(self, text):
        """Tell whether an address that was called has this in it."""
        return any(text in call["path"] for call in self.calls)


def fill(simulator, client, count):
    """Make accounts, one through the API and the rest alike, and book an entry."""
    division = division_of(client)
    journal, gl_account, vat_code = BOOKED[division]
    api = Api(simulator, DUTCH_USER, division)
    model = api.customer(Name="One of many")
    line = api.line(GLAccount=api.gl_account(gl_account), VATCode=vat_code)
    body = {"Customer": model, "Journal": journal, "EntryDate": "2026-02-10"}
    api.booked(line, **body, PaymentCondition="30")
    state = simulator.state
    with state.lock:
        row = state.find(division, ACCOUNTS, model)
        for number in range(1, count):
            code = f"{10_000 + number:>18}"
            copy = {**row, "ID": str(uuid.uuid4()), "Code": code}
            state.insert(division, ACCOUNTS, copy)


def division_of(client):
    """Return where it works: one of them has Dutch VAT codes in its code."""
    return DUTCH if client == "exactonline" else BELGIAN


class Run:
    """All steps of a client, done once, and the simulator that it was done with.

    :ivar outcomes: {step: Outcome}
    :ivar division: where it works
    """

    def __init__(self, name, simulator, app):
        self.simulator, self.outcomes = simulator, {}
        self.division = division_of(name)
        with _script(name, simulator, app) as process:
            for step in step_names(name):
                self.outcomes[step] = self._do(process, step)

    def _do(self, process, step):
        before = len(self.simulator.control.calls())
        process.stdin.write(f"{step}\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert answer.pop("step") == step
        return Outcome(**answer, calls=self.simulator.control.calls()[before:])


def step_names(name):
    """Return the steps of a client, in their order, without running anything."""
    source = (clients.FOLDER / name / "steps.py").read_text()
    (steps,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and ast.unparse(node.bases[0]) == "Steps"
    )
    methods = (node for node in steps.body if isinstance(node, ast.FunctionDef))
    return [method.name for method in methods if not method.name.startswith("_")]


@contextmanager
def _script(name, simulator, app):
    options = {
        "url": simulator.url,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": REDIRECT_URI,
        "user": ENGLISH_USER,
        "division": division_of(name),
    }
    python = clients.ensure_one(name)
    process = subprocess.Popen(
        [python, "-m", f"tests.clients.{name}.steps", json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=paths.ROOT,
        # What the tests import is not for the client; its tokens come by http.
        env={"PATH": os.environ["PATH"], "OAUTHLIB_INSECURE_TRANSPORT": "1"},
    )
    watch = threading.Timer(SECONDS, process.kill)
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.stdin.close()
        process.wait(SECONDS)
        process.stdout.close()
