"""Several workers at once, workers that are killed, and a life without the add-on."""

import time

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
