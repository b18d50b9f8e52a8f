"""Several workers at once, workers that are killed, and a life without the add-on."""

import time
from contextlib import contextmanager

import pytest

from dev.console import Problem
from dev.rpc import OdooSession
from dev.server import odoo_server
from dev.stage import LOGIN

from .workers import PUSH_AT_THE_START, wait_for


def test_two_workers_book_ten_invoices_of_a_new_customer_once(books, worker):
    customer = books.create_customer("Both at once")
    invoices = [books.create_invoice(customer) for _index in range(10)]
    books.queue(*invoices)
    # Slow answers make the two meet.
    books.control.fault("delay", method="POST", times=11, seconds=0.2)
    for process in [worker(), worker()]:
        assert process.wait(120) == 0
    books.let_time_pass(minutes=5)
    books.push()
    assert all(books.is_booked_once(invoice) for invoice in invoices)
    names = [account["Name"] for account in books.control.accounts()]
    assert names.count("Both at once") == 1
    assert books.calls().count(("POST", "SalesEntries")) == 10


def test_two_processes_share_ten_invoices(books, worker, tmp_path):
    customer = books.create_customer("Shared")
    first, *invoices = (books.create_invoice(customer) for _index in range(11))
    books.queue(first)
    books.push()
    books.queue(*invoices)
    # The one that has a row is away for a while, so the other must take the next.
    books.control.fault("delay", method="POST", times=10, seconds=0.2)
    before = books.calls().count(("POST", "SalesEntries"))
    script = PUSH_AT_THE_START
    processes = [
        worker(script.format(folder=str(tmp_path), name=name)) for name in "ab"
    ]
    wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == 2)
    (tmp_path / "start").touch()
    assert [process.wait(120) for process in processes] == [0, 0]
    taken = [int(path.read_text()) for path in tmp_path.glob("taken-*")]
    assert len(taken) == 2 and min(taken) > 0 and sum(taken) == 10
    assert all(books.is_booked_once(invoice) for invoice in invoices)
    assert books.calls().count(("POST", "SalesEntries")) == before + 10


@pytest.mark.parametrize("resource", ["Accounts", "SalesEntries"])
def test_worker_killed_before_the_answer_leaves_one_entry(books, worker, resource):
    name = f"Killed at {resource}"
    invoice = books.create_invoice(books.create_customer(name))
    books.queue(invoice)
    books.control.fault("delay", method="POST", path=resource, seconds=2)
    process = worker()
    # The fault is taken from the list when the call arrives.
    wait_for(lambda: not books.stage.simulator.state.faults.as_list())
    process.kill()
    process.wait()
    time.sleep(2.5)
    assert books.state(invoice) == "sending"
    books.let_time_pass(minutes=15)
    books.push()
    books.let_time_pass(minutes=5)
    books.push()
    assert books.state(invoice) == "sent"
    assert books.is_booked_once(invoice)
    names = [account["Name"] for account in books.control.accounts()]
    assert names.count(name) == 1


def test_tokens_are_renewed_once_by_two_workers(books, worker):
    customer = books.create_customer("Renewal")
    invoices = [books.create_invoice(customer) for _index in range(4)]
    books.queue(*invoices)
    books.control.advance(600)
    books.sql("UPDATE exact_login SET issued_at = issued_at - interval '10 min'")
    books.control.fault("delay", method="POST", path="token", seconds=1)
    seen = len(books.control.calls())
    for process in [worker(), worker()]:
        assert process.wait(120) == 0
    tokens = [
        call["status"]
        for call in books.control.calls()[seen:]
        if call["path"].startswith("/api/oauth2/token")
    ]
    assert tokens == [200]
    # Nobody pauses because of the other.
    assert books.sql("SELECT DISTINCT paused_until FROM exact_connection") == [(None,)]
    books.let_time_pass(minutes=5)
    books.push()
    assert all(books.is_booked_once(invoice) for invoice in invoices)


def test_two_contacts_with_one_vat_number_make_one_account(books, worker, tmp_path):
    """The first one creates it; about the other a person is asked."""
    starter = books.create_invoice(books.create_customer("Starter"))
    books.queue(starter)
    books.push()
    vat = "BE0202239951"
    names = ("Twin", "Twin & Sons")
    customers = [books.create_customer(name, vat=vat) for name in names]
    invoices = [books.create_invoice(customer) for customer in customers]
    books.queue(*invoices)
    # Neither reads who is new, and the creation of the one takes a while.
    books.sql("UPDATE exact_directory SET refreshed_at = now() AT TIME ZONE 'UTC'")
    books.control.fault("delay", method="POST", path="Accounts", times=2, seconds=1)
    processes = [
        worker(PUSH_AT_THE_START.format(folder=str(tmp_path), name=name))
        for name in "ab"
    ]
    wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == 2)
    (tmp_path / "start").touch()
    assert [process.wait(120) for process in processes] == [0, 0]
    books.let_time_pass(minutes=5)
    books.push()
    booked = [invoice for invoice in invoices if books.is_booked_once(invoice)]
    (waiting,) = set(invoices) - set(booked)
    (row,) = books.odoo.find("account.move", [("id", "=", waiting)], "exact_status")
    assert row["exact_status"] == "customer"
    found = [row["Name"] for row in books.control.accounts() if row["Name"] in names]
    assert len(found) == 1


# Takes over what the others wait for: no claim holds as long as an answer takes.
PUSH_IMPATIENTLY = """
import time
from datetime import timedelta
from odoo.addons.comanage_exact.booking import life_cycle

life_cycle.LEASE = timedelta(seconds=1)
life_cycle.LOOK_UP_AFTER = timedelta()
life_cycle.RETRY_AFTER = (timedelta(),)
outboxes = env['exact.outbox']
for _run in range(50):
    outboxes._cron_push()
    env.cr.rollback()
    if not outboxes.search_count([("state", "not in", ("sent", "failed"))]):
        break
    time.sleep(0.3)
"""
RECORD_CHANGES = """
CREATE TABLE test_changes
    (id serial, state text, new_state text, attempts int, new_attempts int,
     is_new bool);
CREATE FUNCTION test_record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO test_changes (state, new_state, attempts, new_attempts, is_new)
    VALUES (OLD.state, NEW.state, OLD.attempts, NEW.attempts,
            OLD.exact_guid IS DISTINCT FROM NEW.exact_guid);
    RETURN NEW; END $$;
CREATE TRIGGER test_record AFTER UPDATE ON exact_outbox
    FOR EACH ROW EXECUTE FUNCTION test_record();
"""


@contextmanager
def recorded_changes(books):
    """Record each change of a booking; give a function that returns them."""
    books.sql(RECORD_CHANGES)
    try:
        yield lambda: books.sql(
            "SELECT state, new_state, attempts, new_attempts, is_new"
            " FROM test_changes ORDER BY id"
        )
    finally:
        books.sql("DROP TRIGGER test_record ON exact_outbox")
        books.sql("DROP FUNCTION test_record; DROP TABLE test_changes")


@pytest.mark.parametrize("count", [2, 4])
def test_claim_that_others_took_over_is_never_written_on(books, worker, count):
    customer = books.create_customer(f"Taken over by {count}")
    first, invoice = books.create_invoice(customer), books.create_invoice(customer)
    books.queue(first)
    books.push()
    books.queue(invoice)
    post = {"method": "POST", "path": "SalesEntries"}
    # The first one is refused at last, while another is sending the same invoice.
    books.control.fault("delay", times=count + 1, seconds=5, **post)
    books.control.fault("body500", text="Verplicht: Dagboek", status=400, **post)
    before = len(books.control.calls())
    with recorded_changes(books) as changes:
        processes = [worker()]
        orders = books.stage.simulator.state.faults.as_list
        wait_for(lambda: "body500" not in [order["fault"] for order in orders()])
        processes += [worker(PUSH_IMPATIENTLY) for _index in range(count - 1)]
        assert [process.wait(120) for process in processes] == [0] * count
        books.control.clear_faults()
        books.let_time_pass(minutes=70)
        books.push()
        steps = changes()
    entries = [
        (call["method"], call["status"])
        for call in books.control.calls()[before:]
        if "/SalesEntries" in call["path"]
    ]
    assert books.state(invoice) == "sent" and books.is_booked_once(invoice)
    assert entries.count(("POST", 201)) == 1
    assert entries.count(("POST", 400)) > 0
    moves = [(old, new) for old, new, *_rest in steps if old != new]
    assert ("sending", "unconfirmed") in moves
    # What the first one was told is not written, and nothing once it is booked.
    assert not {("sending", "failed"), ("sending", "pending")}.intersection(moves)
    assert not [new for old, new in moves if old == "sent"]
    looked_up = [method for method, _status in entries].count("GET")
    assert looked_up >= moves.count(("unconfirmed", "pending")) > 0
    for old, new, attempts, new_attempts, is_new in steps:
        assert new_attempts == attempts + ((old, new) == ("pending", "sending"))
        assert not (old == "sent" and is_new)


def test_addon_uninstalls_without_a_trace(environment, books):
    """Runs last: the company has invoices in every state by now."""
    odoo = books.odoo
    (module,) = odoo.find("ir.module.module", [("name", "=", "comanage_exact")], "id")
    odoo.call("ir.module.module", "button_immediate_uninstall", [module["id"]])
    tables = books.sql(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_name LIKE 'exact\\_%%'"
    )
    columns = books.sql(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE column_name LIKE 'exact\\_%%'"
    )
    assert (tables, columns) == ([], [])
    left = books.sql("SELECT name FROM ir_model_data WHERE module = 'comanage_exact'")
    assert left == []
    with odoo_server(environment, books.stage.server.database) as server:
        again = OdooSession(server.url, server.database, LOGIN, LOGIN)
        again.companies = odoo.companies
        invoices = again.find("account.move", [("state", "=", "posted")], "name")
    assert invoices
    with pytest.raises(Problem):
        odoo.call("account.move", "action_exact_send", [invoices[0]["id"]])
