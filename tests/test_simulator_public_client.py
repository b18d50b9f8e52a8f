"""The simulator serves a client that nobody here wrote: `exactonline` from PyPI."""

from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from exactonline import rawapi
from exactonline.api import ExactApi
from exactonline.elements import ExactCustomer, ExactInvoice
from exactonline.exceptions import ObjectDoesNotExist
from exactonline.http import HTTPError
from exactonline.storage.base import ExactOnlineConfig, MissingSetting

from .simulator import serve
from .simulator_api import (
    CLIENT_ID,
    CLIENT_SECRET,
    DUTCH,
    REDIRECT_URI,
    fixed_clock,
)


class MemoryStorage(ExactOnlineConfig):
    """The client's configuration, with the addresses of the simulator."""

    def __init__(self, url):
        self._values = {
            ("server", "auth_url"): f"{url}/api/oauth2/auth",
            ("server", "rest_url"): f"{url}/api",
            ("server", "token_url"): f"{url}/api/oauth2/token",
            ("application", "base_url"): REDIRECT_URI,
            ("application", "client_id"): CLIENT_ID,
            ("application", "client_secret"): CLIENT_SECRET,
        }

    def get(self, section, option):
        try:
            return self._values[section, option]
        except KeyError:
            raise MissingSetting(option, section) from None

    def set(self, section, option, value):
        self._values[section, option] = value


class Form(HTMLParser):
    """Reads the consent form as a browser would."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.users, self.action = {}, [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"]
        if tag == "input":
            self.fields[found["name"]] = found["value"]
        if tag == "option":
            self.users.append(found["value"])


class Customer(ExactCustomer):
    def get_code(self):
        return "255"

    def get_name(self):
        return "Some Customer"

    def get_address(self):
        return {"AddressLine1": "Dam 1", "Postcode": "1012 JS", "City": "Amsterdam"}


class Invoice(ExactInvoice):
    def get_customer(self):
        return Customer(api=self._api)

    def get_created_date(self):
        return date(2026, 3, 10)

    def get_exact_journal(self):
        return "70"

    def get_ledger_lines(self):
        return [
            {
                "code": "8000",
                "vat_percentage": 21,
                "total_amount_excl_vat": Decimal("100.10"),
                "description": "2 items of foo",
            }
        ]

    def get_invoice_number(self):
        return "F2026/17"

    def get_total_amount_incl_vat(self):
        return Decimal("121.12")

    def get_total_vat(self):
        return Decimal("21.02")

    def hint_exact_invoice_number(self):
        return 26700017


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock()) as running:
        yield running


@pytest.fixture
def api(simulator, monkeypatch):
    # The client asks for https, which a machine of one's own does not have.
    monkeypatch.setattr(rawapi.opt_secure, "protocols", ("http",))
    api = ExactApi(storage=MemoryStorage(simulator.url))
    api.request_token(_consent(simulator, api.create_auth_request_url()))
    choices, _current = api.get_divisions()
    assert DUTCH in choices
    api.set_division(DUTCH)
    return api


def _consent(simulator, url):
    """Click "Allow" on the consent page and return the code."""
    form = Form(requests.get(url, timeout=10).text)
    answer = requests.post(
        simulator.url + form.action,
        data={**form.fields, "user": form.users[0], "decision": "allow"},
        allow_redirects=False,
        timeout=10,
    )
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def test_ledger_accounts_are_listed(api):
    accounts = api.ledgeraccounts.filter(filter="Type eq 110")

    assert sorted(row["Code"] for row in accounts) == ["8000", "8100"]


def test_listing_without_a_filter_is_refused_as_by_exact(api):
    with pytest.raises(HTTPError) as caught:
        api.ledgeraccounts.all()

    assert caught.value.code == 400
    assert b"mandatory filtering" in caught.value.response


def test_relation_is_created_and_found_by_its_padded_code(api):
    with pytest.raises(ObjectDoesNotExist):
        Customer(api=api).get_guid()

    created = Customer(api=api).commit()

    # It does not send `Prefer`, so the answer has little but the key.
    assert created["Name"] is None
    assert Customer(api=api).get_guid() == created["ID"]
    found = api.relations.get(relation_code="255")
    assert found["Code"] == "               255"


def test_sales_entry_is_booked(simulator, api):
    entry = Invoice(api=api).commit()

    assert entry["EntryID"]
    (booked,) = simulator.control.entries()
    assert booked["Division"] == DUTCH
    assert booked["YourRef"] == "F2026/17"
    assert booked["InvoiceNumber"] == 26700017
    assert (booked["AmountFC"], booked["VATAmountFC"]) == (121.12, 21.02)
    assert booked["EntryDate"] == "2026-03-10"
    assert booked["SalesEntryLines"][0]["VATCode"] == "2"


def test_sales_entry_is_booked_again_by_new_lines_and_a_changed_header(simulator, api):
    Invoice(api=api).commit()

    Invoice(api=api).commit()

    (booked,) = simulator.control.entries()
    assert booked["AmountFC"] == 121.12
    assert [line["LineNumber"] for line in booked["SalesEntryLines"]] == [2]


def test_percentage_is_a_fraction(api):
    assert api.vatcodes.get_percentage(vat_code="2") == 0.21


def test_client_renews_its_token_in_time(simulator, api):
    api.storage.set_access_expiry(0)
    simulator.clock.advance(580)

    api.vatcodes.all()

    paths = [call["path"] for call in simulator.control.calls()]
    assert paths.count("/api/oauth2/token") == 2
