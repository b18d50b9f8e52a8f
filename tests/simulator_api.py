"""A plain client of the simulator, for its own tests."""

from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

import requests

from .simulator.clock import Clock
from .simulator.settings import TABLE

NOW = datetime(2026, 11, 22, 12, 0, 30, tzinfo=timezone.utc)
BELGIAN, SECOND, ARCHIVED, BLOCKED, DUTCH = 3456781, 3456782, 3456783, 3456784, 3456790
DUTCH_USER, ENGLISH_USER = "eva.peeters@example.com", "luc.martin@example.com"
RESTRICTED_USER = "sofie.maes@example.com"
# Of one One Exact Identity with several users, of an accountant's portal, one whose
# current division is out of reach, and one of whom `Me` names no division in reach.
MULTI_USER, PORTAL_USER = "jan.dubois@example.com", "pia.claes@example.com"
ELSEWHERE_USER, LOST_USER = "tom.willems@example.com", "an.desmet@example.com"
# The status of what the bookkeeping refuses, unless a test says another.
FINDING = TABLE["error_status"][0]
CLIENT_ID, CLIENT_SECRET = "comanage-demo", "comanage-secret"
REDIRECT_URI = "http://localhost:8069/oauth/return"


def fixed_clock():
    """Return a clock that stands at NOW until a test moves it."""
    return Clock(source=NOW.timestamp)


class Api:
    """Calls one division with the token of one user."""

    def __init__(self, simulator, user=DUTCH_USER, division=BELGIAN, **sign_in):
        self.simulator = simulator
        self.division = division
        self.session = requests.Session()
        token = simulator.sign_in(user, **sign_in)["access_token"]
        self.session.headers.update(
            {
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "Prefer": "return=representation",
            }
        )

    def url(self, resource, division=None):
        if resource.startswith("http"):
            return resource
        if resource.startswith("current/"):
            return f"{self.simulator.url}/api/v1/{resource}"
        return f"{self.simulator.url}/api/v1/{division or self.division}/{resource}"

    def call(self, method, resource, *, division=None, **options):
        url = self.url(resource, division)
        return self.session.request(method, url, timeout=10, **options)

    def get(self, resource, *, headers=None, division=None, **options):
        params = {f"${name}": value for name, value in options.items()}
        return self.call(
            "GET", resource, division=division, params=params, headers=headers
        )

    def rows(self, resource, **options):
        response = self.get(resource, **options)
        assert response.status_code == 200, response.text
        return rows_of(response)

    def post(self, resource, body, **options):
        return self.call("POST", resource, json=body, **options)

    def put(self, resource, body, *, headers=None, **options):
        """Change a record; the answer has nothing in it unless `Prefer` is given."""
        headers = {"Prefer": None, **(headers or {})}
        return self.call("PUT", resource, json=body, headers=headers, **options)

    def delete(self, resource):
        return self.call("DELETE", resource)

    # === RECORDS === #

    def gl_account(self, code="700000"):
        rows = self.rows("financial/GLAccounts", filter=f"Code eq '{code}'")
        return rows[0]["ID"]

    def customer(self, **values):
        """Create a customer and return its key; None leaves a property out."""
        body = {"Name": "Deco Addict", "Status": "C", "PaymentConditionSales": "30"}
        body = {name: x for name, x in {**body, **values}.items() if x is not None}
        response = self.post("crm/Accounts", body)
        assert response.status_code == 201, response.text
        return response.json()["d"]["ID"]

    def entry_body(self, *lines, **values):
        """Return a body that is accepted, changed by `values`; None leaves out."""
        body = {
            "Journal": "700",
            "Customer": values.pop("Customer", None) or self.customer(),
            "EntryDate": "2026-03-10",
            "SalesEntryLines": list(lines) or [self.line()],
            **values,
        }
        return {name: value for name, value in body.items() if value is not None}

    def line(self, **values):
        body = {"GLAccount": None, "AmountFC": 100, "VATCode": "4", **values}
        body["GLAccount"] = body["GLAccount"] or self.gl_account()
        return {name: value for name, value in body.items() if value is not None}

    def post_entry(self, *lines, **values):
        return self.post("salesentry/SalesEntries", self.entry_body(*lines, **values))

    def booked(self, *lines, **values):
        """Book an entry and return it as it is read, with its VAT."""
        response = self.post_entry(*lines, **values)
        assert response.status_code == 201, response.text
        return self.get(response.json()["d"]["__metadata"]["uri"]).json()["d"]

    def lines_of(self, entry):
        guid = entry["EntryID"]
        rows = self.rows(f"salesentry/SalesEntries(guid'{guid}')/SalesEntryLines")
        return sorted(rows, key=lambda row: row["LineNumber"])


def rows_of(response):
    """Return the rows of a list, in either of its shapes."""
    return rows_in(response.json())


def rows_in(answer):
    content = answer["d"]
    return content if isinstance(content, list) else content["results"]


def findings(response):
    """Return the texts of a refusal, one for each finding."""
    return response.json()["error"]["message"]["value"].split("\r\n")


def refused(response, status, *texts):
    """Assert a refusal with exactly these findings."""
    assert response.status_code == status, response.text
    assert findings(response) == list(texts)


# === TOKENS === #

CONSENT_REQUEST = {
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT_URI,
    "response_type": "code",
    "state": "a state/with signs",
    "force_login": "0",
}


def consent(simulator, user=DUTCH_USER, decision="allow", **changes):
    form = {**CONSENT_REQUEST, "user": user, "decision": decision, **changes}
    url = f"{simulator.url}/api/oauth2/auth"
    return requests.post(url, data=form, allow_redirects=False, timeout=10)


def answer_of(response):
    assert response.status_code == 302, response.text
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def token(simulator, **form):
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **form}
    url = f"{simulator.url}/api/oauth2/token"
    return requests.post(url, data=form, timeout=10)


def exchange(simulator, given_code, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": given_code,
        "redirect_uri": REDIRECT_URI,
        **changes,
    }
    return token(simulator, **form)


def renew(simulator, refresh_token, **changes):
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **changes}
    return token(simulator, **form)


def connect(simulator, user=DUTCH_USER):
    code = answer_of(consent(simulator, user))["code"]
    return exchange(simulator, code).json()


def works(simulator, tokens):
    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "Accept": "application/json",
    }
    url = f"{simulator.url}/api/v1/current/Me"
    return requests.get(url, headers=headers, timeout=10).status_code == 200
