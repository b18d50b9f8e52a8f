"""Checks a division of the simulator without Odoo, and changes what it answers."""

import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from werkzeug.wrappers import Request, Response

from odoo.addons.comanage_exact.booking import division_facts
from odoo.addons.comanage_exact.exact_api.client import ExactClient
from odoo.addons.comanage_exact.exact_api.recording import Recorder
from odoo.addons.comanage_exact.models import (
    exact_code_list,
    exact_division,
    exact_gl_account,
    exact_vat_code,
)
from odoo.addons.comanage_exact.sync.division_probe import (
    Choice,
    DivisionProbe,
    Notebook,
    make_reads,
)

from .simulator_api import BELGIAN, NOW, Api

MODULES = (exact_code_list, exact_division, exact_gl_account, exact_vat_code)


def find_list(name):
    """Return what a code list reads, without the database that its model needs."""
    found = {
        value._name: value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and hasattr(value, "_exact_properties")
    }[name]
    return SimpleNamespace(
        _exact_resource=found._exact_resource,
        _exact_properties=found._exact_properties,
        _exact_options=getattr(found, "_exact_options", {}),
    )


class Checked:
    """A division of the simulator, checked as a manager does in Odoo.

    :param simulator: as `tests.simulator.serve` yields it.
    """

    def __init__(self, simulator, division=BELGIAN):
        self.simulator = simulator
        self.division = division
        self.api = Api(simulator, division=division)
        self.customer = self.api.customer(PaymentConditionSales="30")
        self.api.booked(Customer=self.customer, EntryDate=str(self.day))
        self.gl_account = self.api.gl_account()
        self.recorder = Recorder()
        self.notebook = Notebook()
        self.probe = None
        self.before = None

    @property
    def day(self):
        return date(NOW.year, NOW.month, NOW.day)

    @property
    def choice(self):
        return Choice(
            journal="700",
            customer=self.customer,
            gl_account=self.gl_account,
            vat_code="4",
            percentage=Decimal("0.21"),
            currency="EUR",
            payment_condition="30",
            day=self.day,
        )

    def run(self, *, is_booking=True):
        """Read, book and delete; return the outcomes by name."""
        self.before = len(self.simulator.control.calls())
        token = self.api.session.headers["Authorization"].removeprefix("Bearer ")
        client = ExactClient(self.simulator.url, self.division, token)
        self.recorder.listen(client)
        self.probe = DivisionProbe(client, self.recorder, self.notebook)
        self.probe.read_pages(make_reads(find_list, self.day, "700"))
        if is_booking:
            self.probe.book(self.choice)
        client.close()
        return self.outcomes

    @property
    def outcomes(self):
        found = division_facts.judge(self.recorder.exchanges)
        return {outcome.fact.name: outcome for outcome in found}

    @property
    def calls(self):
        return self.simulator.control.calls()[self.before :]


# === ANOTHER EXACT === #


class Answer:
    """An answer of the simulator, to be changed.

    :param payload: its JSON; None where it has none.
    """

    def __init__(self, request, response):
        self.method = request.method
        self.path = request.path
        self.response = response
        try:
            self.payload = json.loads(response.get_data(), parse_float=Decimal)
        except ValueError:
            self.payload = None

    @property
    def rows(self):
        content = (self.payload or {}).get("d")
        if isinstance(content, dict):
            return content.get("results", [])
        return content or []

    @property
    def entity(self):
        content = (self.payload or {}).get("d")
        is_entity = isinstance(content, dict) and "results" not in content
        return content if is_entity else None

    def is_about(self, resource, method="GET"):
        return self.method == method and self.path.split("(")[0].endswith(resource)


class Changed:
    """The simulator with answers that a function changes: `change(answer)`."""

    def __init__(self, app, change):
        self.app = app
        self.change = change

    def __call__(self, environ, start_response):
        request = Request(environ)
        if not request.path.startswith("/api/v1/"):
            return self.app(environ, start_response)
        answer = Answer(request, Response.from_app(self.app, environ))
        before = json.dumps(answer.payload, default=str)
        replaced = self.change(answer)
        if isinstance(replaced, Response):
            return replaced(environ, start_response)
        if json.dumps(answer.payload, default=str) != before:
            answer.response.set_data(json.dumps(answer.payload, default=float))
        return answer.response(environ, start_response)


def change(simulator, function):
    """Let a function change what the simulator answers from now on."""
    simulator.server.app = Changed(simulator.server.app, function)
