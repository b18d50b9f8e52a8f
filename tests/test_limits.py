"""The limits of Exact, met by real pushes: no 429, no block, nobody else held up."""

import pytest

MINUTE = 60
SALES_ENTRIES = {"method": "POST", "path": "SalesEntries"}
REFUSAL = {"status": 400, "text": "Ongeldige referentie: Relatie"}


@pytest.fixture
def customer(books):
    """Give a customer that Exact knows."""
    customer = books.create_customer("Known to Exact")
    books.queue(books.create_invoice(customer))
    books.push()
    books.calls_before = len(books.control.calls())
    return customer


def statuses(books):
    return [
        call["status"]
        for call in books.control.calls()[books.calls_before :]
        if call["path"].startswith("/api/v1/")
    ]


@pytest.fixture
def slow_minute(books):
    """Let a minute of Exact begin, so that no test runs over the end of one."""
    now = books.stage.simulator.state.clock.now()
    seconds = 2 * MINUTE - now % MINUTE
    books.control.advance(seconds)
    yield
    books.control.advance(-seconds)


def test_used_up_minute_costs_no_429_and_loses_nothing(books, slow_minute, customer):
    (budget,) = books.sql("SELECT counts FROM exact_budget WHERE division <> '*'")
    _limit, used, _ends_at = budget[0]["minute"]
    books.control.settings(minute_limit=used + 5)
    invoices = [books.create_invoice(customer) for _index in range(8)]
    books.queue(*invoices)
    books.push()
    assert statuses(books) == [201] * 5
    assert [books.state(invoice) for invoice in invoices[5:]] == ["pending"] * 3
    (company,) = books.odoo.find(
        "res.company", [("id", "=", books.company)], "exact_connection_problem"
    )
    assert "Resumes at" in company["exact_connection_problem"]
    # The next minute, without waiting for it.
    books.control.settings(minute_limit=10_000)
    books.let_time_pass(minutes=4)
    books.push()
    assert all(books.is_booked_once(invoice) for invoice in invoices)


def test_never_more_than_eight_client_errors_of_a_resource(books, customer):
    invoices = [books.create_invoice(customer) for _index in range(11)]
    for index in range(11):
        refusal = {**REFUSAL, "text": f"Ongeldig: {index}"}
        books.control.fault("body500", times=1, **refusal, **SALES_ENTRIES)
    books.queue(*invoices)
    books.push()
    books.queue(*invoices)
    books.push()
    assert statuses(books) == [400] * 8
    assert [books.state(invoice) for invoice in invoices[8:]] == ["pending"] * 3


def test_one_cause_of_many_refusals_takes_two_of_them(books, customer):
    invoices = [books.create_invoice(customer) for _index in range(6)]
    books.control.fault("body500", times=50, **REFUSAL, **SALES_ENTRIES)
    books.queue(*invoices)
    books.push()
    assert statuses(books) == [400] * 2
    assert [books.state(invoice) for invoice in invoices] == ["failed"] * 6
    books.control.clear_faults()
    books.queue(invoices[0])
    books.push()
    books.push()
    assert all(books.is_booked_once(invoice) for invoice in invoices)


def test_refused_customers_hold_up_their_own_invoices_only(books, customer):
    strangers = [books.create_customer(f"Refused {index}") for index in range(9)]
    refused = [books.create_invoice(stranger) for stranger in strangers]
    known = books.create_invoice(customer)
    books.control.fault("body500", times=9, method="POST", path="Accounts", **REFUSAL)
    books.queue(*refused)
    books.queue(known)
    books.push()
    assert [books.state(invoice) for invoice in refused] == ["failed"] * 8 + ["pending"]
    assert books.state(known) == "sent", books.read(known)
    assert books.is_booked_once(known)
