"""Real worker processes, which Odoo kills in the middle of whatever takes too long."""

import os
import time

import pytest

from dev.server import cron_server

from .profiles import PROFILES
from .workers import wait_for

# More for a person who measures: each takes five seconds.
INVOICES = int(os.environ.get("SLOW_INVOICES", "4"))
ANSWER_SECONDS = 5
LIMIT = 20
OPTIONS = ("--workers=2", "--max-cron-threads=2", f"--limit-time-real={LIMIT}")
# Odoo counts the time that a worker slept before it was woken.
ASLEEP = 13


@pytest.fixture(scope="module")
def profile():
    """Give one profile: what answers say does not matter here."""
    return PROFILES["modern"]


def rows(books, invoices):
    """Return state and attempts of each booking."""
    return books.sql(
        "SELECT state, attempts FROM exact_outbox"
        " WHERE move_id = ANY(%(ids)s) ORDER BY state",
        ids=list(invoices),
    )


def posts(books):
    return books.calls().count(("POST", "SalesEntries"))


def test_only_the_call_that_is_never_answered_leaves_a_booking_in_doubt(
    environment, books
):
    customer = books.create_customer("Slow")
    first = books.create_invoice(customer)
    books.queue(first)
    books.push()
    invoices = [books.create_invoice(customer) for _index in range(INVOICES)]
    books.calls_before = len(books.control.calls())
    post = {"method": "POST", "path": "SalesEntries"}
    # Longer than Odoo lets a process live; then Exact has the entry all the same.
    books.control.fault("delay", times=1, seconds=LIMIT, **post)
    books.control.fault("delay", times=INVOICES, seconds=ANSWER_SECONDS, **post)
    booked = [("sent", 1)] * (INVOICES - 1)
    with cron_server(environment, books.stage.server.database, *OPTIONS) as server:
        wait_for(lambda: "WorkerCron" in server.log.read_text(errors="replace"))
        time.sleep(ASLEEP)
        books.queue(*invoices)
        wait_for(
            lambda: rows(books, invoices) == [*booked, ("unconfirmed", 1)],
            seconds=60 + 3 * ANSWER_SECONDS * INVOICES,
        )
        wait_for(lambda: posts(books) == INVOICES)
    books.let_time_pass(minutes=5)
    books.push()
    assert rows(books, invoices) == [*booked, ("sent", 1)]
    assert posts(books) == INVOICES
    assert all(books.is_booked_once(invoice) for invoice in invoices)
