"""Plays the request of a case at a simulator and compares the answer."""

import json
import re

from ..simulator_api import BELGIAN, DUTCH, DUTCH_USER, Api
from .shapes import differences

_NAME = re.compile(r"\{(\w+)\}")


class World:
    """A simulator, who calls it, and the records that the cases speak of.

    `distort`, a function of an answer, (status, headers, text) to the same, and
    `overrides`, switches that stay as they are, prove that the tests would notice.
    """

    def __init__(self, simulator, user=DUTCH_USER, division=BELGIAN):
        self.simulator = simulator
        self.control = simulator.control
        self.api = Api(simulator, user, division)
        self.distort = lambda *answer: answer
        self.overrides = {}
        self._known = {"division": str(division), "url": simulator.url}

    def as_user(self, user, division=BELGIAN):
        other = World(self.simulator, user, division)
        other.distort, other.overrides = self.distort, self.overrides
        return other

    def settings(self, **values):
        self.control.settings(**{**values, **self.overrides})

    # === RECORDS === #

    def name(self, name, value):
        """Let `{name}` in a case stand for a value."""
        self._known[name] = value

    def record(self, name):
        if name not in self._known:
            self._known[name] = _MAKERS[name](self)
        return self._known[name]

    def filled(self, value):
        """Return a part of a case with its records in it."""
        if isinstance(value, dict):
            return {key: self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if not isinstance(value, str):
            return value
        return _NAME.sub(
            lambda found: (
                self.record(found[1])
                if found[1] in _MAKERS or found[1] in self._known
                else found[0]
            ),
            value,
        )

    def make(self, resource, **body):
        """Return the record that a POST makes."""
        response = self.api.post(resource, body)
        assert response.status_code == 201, " ".join(response.text.split())[:300]
        return response.json()["d"]

    # === CALLS === #

    def send(self, request):
        """Send the request of a case; return its answer as (status, headers, text)."""
        request = self.filled(request)
        path = request["path"]
        if not path.startswith("http"):
            path = f"{self.simulator.url}{path}"
        query = request.get("query", "")
        response = self.api.session.request(
            request["method"],
            f"{path}?{query}" if query else path,
            headers=request.get("headers"),
            timeout=20,
            allow_redirects=False,
            **{key: request[key] for key in ("json", "data") if key in request},
        )
        # What `requests` would guess as encoding depends on the type of the content.
        text = response.content.decode()
        return self.distort(response.status_code, dict(response.headers), text)

    def check(self, answer, expected):
        """Assert that an answer is what a case says; return its body."""
        status, headers, text = answer
        expected = self.filled(expected)
        allowed = expected["status"]
        brief = f"{status} {' '.join(text.split())[:300]}"
        assert status in (allowed if isinstance(allowed, list) else [allowed]), brief
        wrong = differences(expected.get("headers", {}), headers, "headers")
        body = self._body(text, expected)
        if "text" in expected:
            wrong += differences(expected["text"], text, "text")
        if "body" in expected:
            wrong += differences(expected["body"], body, "body")
        assert not wrong, "; ".join(wrong)
        return body

    def _body(self, text, expected):
        if "body" not in expected:
            return text
        try:
            return json.loads(text)
        except ValueError:
            raise AssertionError(f"The answer is not JSON: {text[:200]!r}") from None

    def play(self, case, **changes):
        """Play a case as it stands, but for what is changed in its request."""
        self.settings(**case.settings)
        return self.check(self.send({**case.request, **changes}), case.answer)

    def findings(self, answer, status):
        """Return the texts of a refusal."""
        expected = {"status": status, "body": REFUSAL}
        return self.check(answer, expected)["error"]["message"]["value"].split("\r\n")


REFUSAL = {"error": {"code": "", "message": {"lang": "", "value": "$text"}}}


# === WHAT THE NAMES STAND FOR === #


def _customer(world):
    return world.api.customer(Name="Voorbeeldklant", PaymentConditionSales="30")


def _bare_customer(world):
    return world.api.customer(PaymentConditionSales=None)


def _supplier(world):
    values = {"Name": "Leverancier", "IsSupplier": True}
    return world.make("crm/Accounts", **values, PaymentConditionPurchase="30")["ID"]


def _bare_supplier(world):
    values = {"Name": "Leverancier zonder conditie", "IsSupplier": True}
    return world.make("crm/Accounts", **values)["ID"]


def _entry(world):
    return world.api.booked(Customer=world.record("customer"))["EntryID"]


def _document(world):
    return world.make("documents/Documents", Type=10, Subject="Factuur")["ID"]


def _padded_account(world):
    values = {"Country": "NL", "Language": "NL", "State": "UT", "SearchCode": "DECO"}
    account = world.make("crm/Accounts", Name="Deco", SalesVATCode="4", **values)
    return account["ID"]


def _foreign_gl(world):
    uri = "financial/GLAccounts"
    rows = world.api.rows(uri, filter="Code eq '8000'", division=DUTCH)
    return rows[0]["ID"]


def _gl_account(code):
    return lambda world: world.api.gl_account(code)


_MAKERS = {
    "customer": _customer,
    "bare_customer": _bare_customer,
    "supplier": _supplier,
    "bare_supplier": _bare_supplier,
    "entry": _entry,
    "document": _document,
    "revenue": _gl_account("700000"),
    "costs": _gl_account("604000"),
    "debtors": _gl_account("400000"),
    "padded_account": _padded_account,
    "foreign_gl": _foreign_gl,
}
