"""Entries that Exact has already are linked, and the past is booked around them."""

from datetime import date, timedelta

import pytest

ENTRIES = "salesentry/SalesEntries"
LOOK = ("GET", "SalesEntries")


@pytest.fixture
def by_hand(books):
    """Give a function that makes an invoice whose entry an accountant typed in."""

    def make(customer, *, amount=100, **changes):
        invoice = books.create_invoice(customer, amount)
        books.queue(invoice)
        books.push()
        (entry,) = books.entries_of(invoice)
        number = entry["EntryNumber"] + 500_000
        books.control.change_row(
            entry["Division"],
            ENTRIES,
            entry["EntryID"],
            **{"EntryNumber": number, **changes},
        )
        # Odoo never heard of it.
        books.sql("DELETE FROM exact_outbox WHERE move_id = %(id)s", id=invoice)
        assert not books.state(invoice)
        books.calls_before = len(books.control.calls())
        return invoice

    return make


def find(books, invoice, **values):
    """Look for the entry of an invoice; return the candidates."""
    action = books.odoo.call("account.move", "action_exact_link", [invoice])
    link = action["res_id"]
    if values:
        books.odoo.write("exact.link", link, **values)
    books.odoo.call("exact.link", "action_find", [link])
    own = [("link_id", "=", link)]
    return books.odoo.find("exact.link.candidate", own, "number", "difference")


def test_entry_is_found_by_its_reference_and_linked(books, by_hand):
    invoice = by_hand(books.create_customer("By hand"))
    (candidate,) = find(books, invoice)
    assert not candidate["difference"]
    books.odoo.call("exact.link.candidate", "action_link", [candidate["id"]])
    books.push()

    assert books.state(invoice) == "sent"
    assert books.read(invoice)["exact_number"] == candidate["number"]
    assert books.calls() == [LOOK, LOOK]
    assert books.is_booked_once(invoice)


def test_entry_is_found_by_its_number_with_its_difference(books, by_hand):
    invoice = by_hand(books.create_customer("Other words"), YourRef="typed", AmountFC=1)
    (entry,) = [row for row in books.control.entries() if row["YourRef"] == "typed"]
    number = str(entry["EntryNumber"])
    (candidate,) = find(books, invoice, number=number, reference=False)

    assert candidate["number"] == number
    assert "Total: 121.00 in Odoo, 1" in candidate["difference"]
    assert books.calls() == [LOOK]


def test_past_is_booked_around_what_is_there(books, by_hand):
    customer = books.create_customer("Past")
    typed = by_hand(customer)
    new = [books.create_invoice(customer) for _index in range(2)]
    wizard = books.odoo.create(
        "exact.backfill",
        company_id=books.company,
        date_from=books.today,
        date_to=books.today,
    )
    for action in ("action_count", "action_scan", "action_link", "action_queue"):
        books.odoo.call("exact.backfill", action, [wizard])
    books.push()

    assert [books.state(invoice) for invoice in (typed, *new)] == ["sent"] * 3
    assert all(books.is_booked_once(invoice) for invoice in (typed, *new))
    # Looked for before anything was sent.
    assert books.calls()[0] == LOOK


def test_past_finds_what_was_typed_in_another_way(books, by_hand):
    customer = books.create_customer("Typed Otherwise")
    far = str(date.fromisoformat(books.today) - timedelta(days=20))
    ways = [
        lambda name: {"YourRef": name.lower().replace("/", " "), "EntryDate": far},
        lambda _name: {"YourRef": "PO 4711", "Journal": "71"},
        lambda _name: {"YourRef": None},
    ]
    typed = []
    for way in ways:
        # Of different amounts, so that each is one of them alone.
        invoice = by_hand(customer, amount=500 + len(typed))
        (entry,) = books.entries_of(invoice)
        changes = way(books.read(invoice)["name"])
        key = entry["EntryID"]
        books.control.change_row(entry["Division"], ENTRIES, key, **changes)
        typed.append(invoice)
    wizard = books.odoo.create(
        "exact.backfill",
        company_id=books.company,
        date_from=books.today,
        date_to=books.today,
    )
    for action in ("action_count", "action_scan"):
        books.odoo.call("exact.backfill", action, [wizard])
    own = [("backfill_id", "=", wizard), ("move_id", "in", typed)]
    names = ("reason", "decision", "journal")
    lines = books.odoo.find("exact.backfill.line", own, *names)
    found = {line["reason"]: line["decision"] for line in lines}
    count = len(books.control.entries())
    books.odoo.call("exact.backfill", "action_queue", [wizard])
    books.push()

    assert len(lines) == 3
    assert found == {"reference": "leave", "customer": "leave"}
    assert "71" in {line["journal"] for line in lines}
    # None was booked again, though none was linked either.
    assert [books.state(invoice) for invoice in typed] == [False] * 3
    assert len(books.control.entries()) == count
