"""Real worker processes, which Odoo ends in the middle of whatever takes too long."""

import os

import pytest

from dev.server import odoo_server

from .profiles import PROFILES
from .workers import wait_for

# More for a person who measures: each takes five seconds.
INVOICES = int(os.environ.get("SLOW_INVOICES", "4"))
LIMIT = 20
OPTIONS = ("--workers=2", f"--limit-time-real={LIMIT}")


@pytest.fixture(scope="module")
def profile():
    """Give one profile: what answers say does not matter here."""
    return PROFILES["modern"]


def test_no_worker_is_ended_in_the_middle_of_a_call(environment, books):
    customer = books.create_customer("Slow")
    first, *invoices = (books.create_invoice(customer) for _index in range(INVOICES))
    books.queue(first)
    books.push()
    fault = {"method": "POST", "path": "SalesEntries"}
    books.control.fault("delay", times=INVOICES * 2, seconds=5, **fault)
    # One is not answered at all, as far as a worker can wait.
    books.control.fault("delay", times=1, seconds=60, **fault)
    books.queue(*invoices)
    database = books.stage.server.database
    with odoo_server(environment, database, *OPTIONS) as server:
        wait_for(
            lambda: states(books, invoices).count("sent") == len(invoices) - 1,
            seconds=60 + 8 * INVOICES,
        )
        wait_for(lambda: "sending" not in states(books, invoices), seconds=30)
        log = server.log.read_text(errors="replace")
    assert "timeout after" not in log, log
    assert states(books, invoices).count("unconfirmed") == 1
    books.control.clear_faults()
    books.let_time_pass(minutes=5)
    books.push()
    assert all(books.is_booked_once(invoice) for invoice in invoices)


def states(books, invoices):
    rows = books.sql(
        "SELECT state FROM exact_outbox WHERE move_id = ANY(%(ids)s)", ids=invoices
    )
    return [state for (state,) in rows]
