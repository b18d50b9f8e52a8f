"""A worker dies at a named point; a fresh one brings the invoice to one entry."""

import signal

import pytest

from .workers import PUSH, wait_for

ENTRY, CUSTOMER = "SalesEntries", "Accounts"

# Point, resource, state that is left behind, whether Exact has stored the POST.
DEATHS = [
    ("before claim", ENTRY, "pending", False),
    ("after claim", ENTRY, "sending", False),
    ("before POST", CUSTOMER, "sending", False),
    ("after POST", CUSTOMER, "sending", True),
    ("after answer", CUSTOMER, "sending", True),
    ("before commit", CUSTOMER, "sending", True),
    ("after commit", CUSTOMER, "sending", True),
    ("before POST", ENTRY, "sending", False),
    ("after POST", ENTRY, "sending", True),
    ("after answer", ENTRY, "sending", True),
    ("before commit", ENTRY, "sending", True),
    ("after commit", ENTRY, "sent", True),
]


@pytest.mark.parametrize("point, resource, state, is_stored", DEATHS)
def test_worker_killed_leaves_one_entry(
    books, worker, point, resource, state, is_stored
):
    name = f"Killed {point} of {resource}"
    invoice = books.create_invoice(books.create_customer(name))
    books.queue(invoice)

    def find_stored():
        if resource == ENTRY:
            return books.entries_of(invoice)
        return [row for row in books.control.accounts() if row["Name"] == name]

    killing = f"from tests.killing import kill_at\nkill_at({point!r}, {resource!r})\n"
    assert worker(killing + PUSH).wait(120) == -signal.SIGKILL
    if is_stored:
        # The request was sent; the simulator may still be at it.
        wait_for(find_stored)
    assert len(find_stored()) == is_stored
    assert books.state(invoice) == state

    books.let_time_pass(minutes=16)
    assert worker(PUSH).wait(120) == 0
    assert books.state(invoice) == "sent"
    assert books.is_booked_once(invoice)
    assert [row["Name"] for row in books.control.accounts()].count(name) == 1


# Point, whether Exact has deleted the entry by then.
WITHDRAWALS = [
    ("after claim", False),
    ("before DELETE", False),
    ("after DELETE", True),
    ("after answer", True),
    ("before commit", True),
    ("after commit", True),
]


def test_worker_killed_while_withdrawing_leaves_no_entry_and_books_one(books, worker):
    for point, is_deleted in WITHDRAWALS:
        invoice = books.create_invoice(books.create_customer(f"Withdrawn {point}"))
        other = books.create_invoice(books.create_customer(f"Beside {point}"))
        books.queue(invoice, other)
        books.push()
        number = books.read(invoice)["exact_number"]
        books.withdraw(invoice)

        killing = (
            "from tests.killing import kill_at\n"
            f"kill_at({point!r}, {ENTRY!r}, 'DELETE')\n"
        )
        assert worker(killing + PUSH).wait(120) == -signal.SIGKILL, point
        if is_deleted:
            wait_for(lambda one=invoice: not books.entries_of(one))
        assert len(books.entries_of(invoice)) == (not is_deleted), point
        state = "cancelled" if point == "after commit" else "withdrawing"
        assert books.state(invoice) == state, point

        books.let_time_pass(minutes=16)
        assert worker(PUSH).wait(120) == 0
        assert books.state(invoice) == "cancelled", point
        assert not books.entries_of(invoice), point
        assert books.is_booked_once(other), "Nobody else's is deleted"
        books.queue(invoice)
        books.push()
        assert books.is_booked_once(invoice), point
        assert books.read(invoice)["exact_number"] == number
