"""The simulator serves a client that nobody here wrote: `exactonline` from PyPI."""

from datetime import date
from decimal import Decimal

import pytest
from exactonline.elements import ExactCustomer, ExactInvoice
from exactonline.exceptions import ObjectDoesNotExist
from exactonline.http import HTTPError

from .public_client import public_client
from .simulator import serve
from .simulator_api import DUTCH, fixed_clock


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
def api(simulator):
    with public_client(simulator.url, DUTCH) as api:
        yield api


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
