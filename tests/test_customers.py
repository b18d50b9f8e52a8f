"""Customers found, created and updated in a running simulator."""

from datetime import datetime

import pytest

from .simulator.resources import RESOURCES

ACCOUNTS = "crm/Accounts"
SYNC = ("GET", "Accounts")
CREATED = ("POST", "Accounts")
BOOKED = ("POST", "SalesEntries")


@pytest.fixture
def division(books):
    """Give the code of the division that the company books in."""
    code = books.sql(
        "SELECT code FROM exact_division d JOIN res_company c"
        " ON c.exact_division_id = d.id WHERE c.id = %(company)s",
        company=books.company,
    )[0][0]
    return int(code)


@pytest.fixture
def add_account(books, division):
    """Give a function that adds an account in Exact, as an accountant does."""
    state = books.stage.simulator.state

    def add(name, **values):
        codes = [int(row["Code"]) for row in state.rows(division, ACCOUNTS).values()]
        row = {
            "Code": str(max(codes, default=0) + 1),
            "Name": name,
            "Status": "C",
            "Country": "BE",
            "Blocked": False,
            "IsSupplier": False,
            **values,
        }
        return state.insert(division, ACCOUNTS, row)["ID"]

    return add


@pytest.fixture
def many_accounts(books, division):
    """Let Exact have 20,000 accounts of which the add-on knows none yet."""
    state = books.stage.simulator.state
    known, added = state.rows(division, ACCOUNTS), []
    for number in range(20_000 - len(known)):
        row = {"Code": str(900_000 + number), "Name": f"Customer {number}"}
        row.update(Status="C", Country="BE", Blocked=False, IsSupplier=False)
        added.append(state.insert(division, ACCOUNTS, row)["ID"])
    forget_accounts(books)
    yield
    for guid in added:
        del known[guid]
    forget_accounts(books)


@pytest.fixture
def send(books):
    """Give a function that books an invoice of a customer, with a directory of now."""

    def send(customer):
        invoice = books.create_invoice(customer)
        books.queue(invoice)
        books.sql("UPDATE exact_directory SET refreshed_at = NULL")
        books.calls_before = len(books.control.calls())
        books.push()
        return invoice

    return send


def forget_accounts(books):
    """Empty the directory of the add-on."""
    books.sql("DELETE FROM exact_account")
    books.sql("DELETE FROM exact_directory")


def account(books, guid):
    (found,) = [row for row in books.control.accounts() if row["ID"] == guid]
    return found


def customer_of(books, invoice):
    (entry,) = books.entries_of(invoice)
    return entry["Customer"]


def link(books, customer):
    """Decide at the match desk, and let the cron look after what waited."""
    odoo = books.odoo
    own = [("partner_id", "=", customer)]
    (match,) = odoo.find("exact.match", own, "candidate_ids")
    odoo.call("exact.match.candidate", "action_link", match["candidate_ids"])
    run(books, "care")


def run(books, *crons):
    """Run these crons of the add-on."""
    for name in crons:
        cron = books.odoo.ref("comanage_exact", f"ir_cron_exact_{name}")
        books.odoo.call("ir.cron", "method_direct_trigger", [cron])


def read_error(books, invoice):
    return books.read(invoice)["exact_error"]


def test_account_with_the_vat_number_is_found_by_one_call(books, add_account, send):
    guid = add_account("Noord BV", VATNumber="BE0202.239.951", City="Gent")
    customer = books.create_customer("Brouwerij Noord", vat="BE0202239951", city="Gand")
    invoice = send(customer)

    assert [call[0] for call in books.calls()] == ["GET", "PUT", "POST"]
    assert customer_of(books, invoice) == guid
    found = account(books, guid)
    # What Exact has stays, what it lacks is filled in.
    assert (found["Name"], found["City"]) == ("Noord BV", "Gent")
    assert found["Email"].startswith("customer.")
    send(customer)
    assert books.calls() == [BOOKED]


def test_account_with_another_name_and_place_is_asked_about(books, add_account, send):
    add_account("Brewery", VATNumber="BE0403.170.701", City="Aalst")
    customer = books.create_customer("Zuid", vat="BE0403170701", city="Brugge")
    invoice = send(customer)

    assert books.calls() == [SYNC]
    assert "may already exist in Exact Online" in read_error(books, invoice)


def test_20000_accounts_are_read_in_at_most_25_calls(
    books, division, many_accounts, send
):
    known = set(books.stage.simulator.state.rows(division, ACCOUNTS))
    invoice = send(books.create_customer("Customer of a big company"))
    # A slow machine needs more than the time of one run.
    for _run in range(5):
        if books.state(invoice) == "pending":
            books.push()

    *readings, created, booked = books.calls()
    assert set(readings) == {SYNC}
    assert len(readings) <= 25
    assert (created, booked) == (CREATED, BOOKED)
    assert books.is_booked_once(invoice)
    rows = books.sql(
        "SELECT exact_guid FROM exact_account WHERE company_id = %(company)s",
        company=books.company,
    )
    # The customer is there, too, once Exact has created him.
    assert known <= {guid for (guid,) in rows}


def test_change_of_the_contact_is_told_with_the_next_invoice(books, send):
    customer = books.create_customer("Movers", city="Gent")
    guid = customer_of(books, send(customer))
    books.odoo.write("res.partner", customer, city="Brugge", street="Markt 1")
    invoice = send(customer)

    assert [call[0] for call in books.calls()] == ["PUT", "POST"]
    assert books.is_booked_once(invoice)
    changed = account(books, guid)
    assert (changed["City"], changed["AddressLine1"]) == ("Brugge", "Markt 1")


def test_unchanged_contact_costs_nothing(books, send):
    customer = books.create_customer("Steady")
    send(customer)
    send(customer)

    assert books.calls() == [BOOKED]


def test_doubtful_customer_waits_for_the_match_desk(books, add_account, send):
    guid = add_account("Hop & Malt BVBA")
    customer = books.create_customer("Hop & Malt")
    invoice = send(customer)
    assert books.calls() == [SYNC]
    assert "may already exist in Exact Online" in read_error(books, invoice)
    link(books, customer)
    books.push()

    assert customer_of(books, invoice) == guid


def test_prospect_is_made_a_customer_by_the_button(books, add_account, send):
    guid = add_account("Prospects", VATNumber="BE0401574852", Status="P")
    customer = books.create_customer("Prospects", vat="BE0401574852")
    invoice = send(customer)
    assert "may already exist in Exact Online" in read_error(books, invoice)
    link(books, customer)
    books.push()

    assert customer_of(books, invoice) == guid
    assert account(books, guid)["Status"] == "C"


def test_question_is_answered_once_a_double_is_ended_in_exact(
    books, division, add_account, send
):
    vat = "BE0403170701"
    double = add_account("Hops", VATNumber=vat)
    guid = add_account("Hops NV", VATNumber=vat)
    invoice = send(books.create_customer("Hops NV", vat=vat))
    assert "may already exist in Exact Online" in read_error(books, invoice)
    state = books.stage.simulator.state
    row = state.find(division, ACCOUNTS, double)
    row["EndDate"] = datetime(2020, 1, 1)
    state.touch(RESOURCES[ACCOUNTS], row)
    books.sql("UPDATE exact_directory SET refreshed_at = NULL")
    run(books, "fetch", "care", "push")

    assert customer_of(books, invoice) == guid


def test_division_that_moved_is_read_anew_in_the_night(
    books, division, add_account, send
):
    guid = add_account("Barley")
    send(books.create_customer("Before the move"))
    state = books.stage.simulator.state
    # The Timestamps of the new server may as well be lower.
    rows = list(state.rows(division, ACCOUNTS).values())
    for version, row in enumerate(rows, start=2):
        row["Timestamp"] = version
    moved = add_account("Wheat", VATNumber="BE0428759497")
    state.find(division, ACCOUNTS, moved)["Timestamp"] = len(rows) + 2
    state.divisions()[division]["DivisionMoveDate"] = datetime(2026, 1, 1)
    books.sql("UPDATE exact_directory SET refreshed_at = NULL")
    run(books, "fetch")
    invoice = send(books.create_customer("Wheat", vat="BE0428759497"))

    assert customer_of(books, invoice) == moved
    assert account(books, guid)["Name"] == "Barley"


def test_account_deleted_in_exact_is_created_anew(books, send):
    customer = books.create_customer("Here and gone")
    first = send(customer)
    guid = customer_of(books, first)
    (entry,) = books.entries_of(first)
    division, state = entry["Division"], books.stage.simulator.state
    for line in state.entry_lines(division, entry["EntryID"]):
        state.delete(division, "salesentry/SalesEntryLines", line["ID"])
    state.delete(division, "salesentry/SalesEntries", entry["EntryID"])
    state.delete(division, ACCOUNTS, guid)
    # As in the night.
    books.sql("UPDATE exact_directory SET refreshed_at = NULL, deleted_read_at = NULL")
    run(books, "fetch")
    second = send(customer)

    assert customer_of(books, second) != guid


def test_consumers_are_booked_on_one_account(books, add_account, send):
    guid = add_account("Consumers")
    first = send(books.create_customer("Starter"))
    assert books.state(first) == "sent"
    odoo = books.odoo
    (row,) = odoo.find("exact.account", [("exact_guid", "=", guid)], "id")
    rule = odoo.create(
        "exact.collective.rule", company_id=books.company, account_id=row["id"]
    )
    invoice = send(books.create_customer("Jan Peeters"))
    odoo.call("exact.collective.rule", "unlink", [rule])

    assert books.calls() == [BOOKED]
    (entry,) = books.entries_of(invoice)
    assert entry["Customer"] == guid
    assert "Jan Peeters" in entry["Description"]
