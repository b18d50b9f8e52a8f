"""A small soak, and that its comparison sees what it is there for."""

from types import SimpleNamespace

import pytest

from .soak.ledger import Ledger
from .soak.storm import Storm

DIVISION = 3456781
ENTRIES = "salesentry/SalesEntries"


def test_everything_goes_wrong_and_every_invoice_is_booked_once(environment):
    storm = Storm(environment, seed=1, count=100, is_own_server=False, seconds=400)
    figures, first, last = storm.run()
    print(figures)
    assert figures.is_clean, (figures, first, last)
    assert figures.invoices == 100
    assert figures.kills and figures.cuts and figures.faults


@pytest.fixture
def booked(books, request):
    """Give an invoice with its one entry, nothing else being in Exact."""
    with books.stage.simulator.state.lock:
        books.stage.simulator.state.rows(DIVISION, ENTRIES).clear()
    books.sql("DELETE FROM exact_outbox")
    invoice = books.create_invoice(books.create_customer(request.node.name[:50]))
    books.queue(invoice)
    books.push()
    assert books.is_booked_once(invoice)
    return invoice


def compare(books, invoice):
    """Return the Verdict about the one invoice that is booked."""
    books.sql("UPDATE account_move SET state = 'cancel' WHERE id <> %(id)s", id=invoice)
    company = SimpleNamespace(id=books.company, division=DIVISION)
    return Ledger(books.sql, [company], books.control).compare()


def test_equal_entry_is_clean(books, booked):
    verdict = compare(books, booked)
    assert (verdict.invoices, verdict.is_clean) == (1, True)
    assert not verdict.asking


def test_cent_of_difference_is_seen(books, booked):
    (entry,) = books.entries_of(booked)
    key = entry["EntryID"]
    books.control.change_row(DIVISION, ENTRIES, key, AmountFC=121.01)
    assert len(compare(books, booked).unequal) == 1


def test_second_entry_is_seen(books, booked):
    state = books.stage.simulator.state
    with state.lock:
        rows = state.rows(DIVISION, ENTRIES)
        (entry,) = rows.values()
        rows["again"] = {**entry, "EntryID": "again"}
    assert len(compare(books, booked).duplicates) == 1


def test_missing_entry_is_lost(books, booked):
    state = books.stage.simulator.state
    with state.lock:
        state.rows(DIVISION, ENTRIES).clear()
    assert len(compare(books, booked).lost) == 1


def test_invoice_that_nobody_queued_is_lost(books, booked):
    books.sql("DELETE FROM exact_outbox")
    assert len(compare(books, booked).lost) == 1


def test_invoice_without_a_reason_asks_nobody(books, booked):
    books.sql("UPDATE exact_outbox SET state = 'failed', error = NULL")
    verdict = compare(books, booked)
    assert (len(verdict.lost), verdict.asking) == (1, {})


def test_invoice_that_asks_is_no_loss(books, booked):
    books.sql(
        "UPDATE exact_outbox SET state = 'failed', error = 'Why', error_kind = 'check'"
    )
    verdict = compare(books, booked)
    assert (verdict.lost, verdict.asking) == ([], {booked: "check"})


def test_second_customer_is_seen(books, booked):
    state = books.stage.simulator.state
    with state.lock:
        rows = state.rows(DIVISION, "crm/Accounts")
        account = list(rows.values())[-1]
        rows["again"] = {**account, "ID": "again"}
    assert len(compare(books, booked).duplicates) == 1
    with state.lock:
        del rows["again"]
