"""Real Odoo, real PostgreSQL, real HTTP to the simulator."""

import pytest

from dev import consent
from dev.console import Problem

CUSTOMER = ("POST", "Accounts")
ENTRY = ("POST", "SalesEntries")
LOOK_UP = ("GET", "SalesEntries")
SALES_ENTRIES = {"method": "POST", "path": "SalesEntries"}


def test_first_invoice_takes_two_calls_and_the_next_one(books):
    # As after connecting, and every night: who Exact knows.
    fetch = books.odoo.ref("comanage_exact", "ir_cron_exact_fetch")
    books.odoo.call("ir.cron", "method_direct_trigger", [fetch])
    books.calls_before = len(books.control.calls())
    customer = books.create_customer("Two and one")
    first, second = (books.create_invoice(customer) for _index in range(2))
    books.queue(first)
    books.push()
    assert books.calls() == [CUSTOMER, ENTRY]
    books.queue(second)
    books.push()
    assert books.calls() == [CUSTOMER, ENTRY, ENTRY]
    assert books.is_booked_once(first)
    assert books.is_booked_once(second)


def test_mail_to_the_customer_books_it(books):
    invoice = books.create_invoice(books.create_customer("Mail"))
    books.stage.send(invoice)
    assert books.state(invoice) == "pending"
    assert books.calls() == []
    books.push()
    assert books.state(invoice) == "sent"
    assert books.is_booked_once(invoice)


# === LOST ON THE WAY === #


@pytest.fixture
def invoice(books):
    """Give an invoice of a customer that Exact knows, queued for now."""
    customer = books.create_customer("Known")
    books.queue(books.create_invoice(customer))
    books.push()
    invoice = books.create_invoice(customer)
    books.queue(invoice)
    books.calls_before = len(books.control.calls())
    return invoice


@pytest.mark.parametrize(
    "fault, process",
    [
        ("drop_answer", {}),
        ("truncated_json", {}),
        ("status_500_generic", {"process": True}),
        ("html_503", {"process": True}),
        ("status_408", {"process": True}),
    ],
)
def test_answer_lost_after_storing_ends_in_one_entry(books, invoice, fault, process):
    books.control.fault(fault, **SALES_ENTRIES, **process)
    books.push()
    assert books.state(invoice) == "unconfirmed"
    assert len(books.entries_of(invoice)) == 1
    # Not before two minutes have passed.
    books.push()
    assert books.calls() == [ENTRY]
    books.let_time_pass(minutes=2)
    books.push()
    assert books.calls() == [ENTRY, LOOK_UP]
    assert books.state(invoice) == "sent"
    assert books.is_booked_once(invoice)


@pytest.mark.parametrize(
    "fault",
    ["reset_before", "status_500_generic", "html_503", "status_408", "login_html"],
)
def test_request_lost_before_storing_ends_in_one_entry(books, invoice, fault):
    books.control.fault(fault, **SALES_ENTRIES)
    books.push()
    assert books.state(invoice) == "unconfirmed"
    assert books.entries_of(invoice) == []
    books.let_time_pass(minutes=2)
    books.push()
    assert books.state(invoice) == "sent"
    assert books.is_booked_once(invoice)


def test_lost_answer_about_a_customer_ends_in_one_customer(books):
    name = "L'Oubliée & Fils"
    invoice = books.create_invoice(books.create_customer(name))
    books.queue(invoice)
    books.control.fault("drop_answer", method="POST", path="Accounts")
    books.push()
    assert books.state(invoice) == "unconfirmed"
    books.let_time_pass(minutes=2)
    books.push()
    names = [account["Name"] for account in books.control.accounts()]
    assert names.count(name) == 1
    assert books.is_booked_once(invoice)


@pytest.mark.parametrize(
    "fault", ["rate_limited_minute", "rate_limited_day", "rate_limited_bare"]
)
def test_throttled_invoice_waits_and_is_booked(books, invoice, fault):
    books.control.fault(fault, **SALES_ENTRIES)
    books.push()
    assert books.state(invoice) == "pending"
    books.push()
    assert books.calls() == [ENTRY]
    books.let_time_pass(minutes=24 * 60)
    books.push()
    assert books.is_booked_once(invoice)


def test_refused_token_is_renewed(books, invoice):
    books.control.fault("unauthorized", **SALES_ENTRIES)
    books.push()
    assert books.state(invoice) == "pending"
    books.let_token_expire()
    books.let_time_pass(minutes=5)
    books.push()
    assert books.state(invoice) == "sent"
    assert books.is_booked_once(invoice)


# === REFUSED === #


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_taken_number_of_somebody_else_is_shown(books, invoice, status, language):
    # The bookkeeper has typed an entry with the number of our invoice.
    books.control.settings(error_status=status)
    name = books.read(invoice)["name"]
    books.control.fault("drop_answer", **SALES_ENTRIES)
    books.push()
    (entry,) = books.entries_of(invoice)
    books.control.change_row(
        entry["Division"],
        "salesentry/SalesEntries",
        entry["EntryID"],
        YourRef="typed by hand",
    )
    books.let_time_pass(minutes=2)
    books.push()
    row = books.read(invoice)
    assert row["exact_state"] == "failed"
    assert "typed by hand" in row["exact_error"]
    assert name in row["exact_error"]


def test_eight_refusals_stop_the_calls_before_exact_blocks_the_app(books):
    # Those of one customer would be set aside after two.
    customers = [books.create_customer(f"Refused {index}") for index in range(10)]
    invoices = [books.create_invoice(customer) for customer in customers]
    books.control.fault(
        "body500", **SALES_ENTRIES, times=8, text="Verplicht: Relatie", status=400
    )
    books.queue(*invoices)
    books.push()
    states = [books.state(invoice) for invoice in invoices]
    assert (states.count("failed"), states.count("pending")) == (8, 2)
    assert books.calls().count(ENTRY) == 8


# === BAD INPUT: ONE SENTENCE, NOTHING LOST === #


def sentence_on_company(books):
    field = "exact_connection_problem"
    return books.odoo.find("res.company", [("id", "=", books.company)], field)[0][field]


def test_unmapped_tax_names_the_tax(books):
    invoice = books.create_invoice(books.create_customer("Unmapped"))
    tax = books.odoo.find("account.tax", [("id", "=", books.tax)], "exact_vat_code_id")
    books.odoo.write("account.tax", books.tax, exact_vat_code_id=False)
    books.stage.send(invoice)
    books.push()
    row = books.read(invoice)
    assert row["exact_state"] == "failed"
    assert row["exact_error"].startswith("Tax 21% has no Exact Online VAT code.")
    assert books.calls() == []
    code = tax[0]["exact_vat_code_id"][0]
    books.odoo.write("account.tax", books.tax, exact_vat_code_id=code)
    books.queue(invoice)
    books.push()
    assert books.is_booked_once(invoice)


def test_exact_down_blocks_neither_posting_nor_mail(books):
    books.odoo.call(
        "ir.config_parameter",
        "set_param",
        "comanage_exact.base_url",
        "http://127.0.0.1:9",
    )
    invoice = books.create_invoice(books.create_customer("Down"))
    books.stage.send(invoice)
    books.push()
    row = books.read(invoice)
    assert row["exact_state"] == "pending"
    assert "is unavailable" in row["exact_error"]
    assert "is currently unavailable" in sentence_on_company(books)
    parameters = ("comanage_exact.base_url", books.stage.base_url)
    books.odoo.call("ir.config_parameter", "set_param", *parameters)
    books.let_time_pass(minutes=5)
    books.push()
    assert books.is_booked_once(invoice)


def test_unknown_division_is_told(books, invoice):
    division = books.odoo.find(
        "exact.division", [("code", "=", "3456781")], "id", "code"
    )[0]["id"]
    books.sql("UPDATE exact_division SET code = '999' WHERE id = %(id)s", id=division)
    books.push()
    row = books.read(invoice)
    books.sql(
        "UPDATE exact_division SET code = '3456781' WHERE id = %(id)s", id=division
    )
    assert row["exact_state"] == "failed"
    assert "NoDivisionAccess" in row["exact_error"]
    books.queue(invoice)
    books.push()
    assert books.is_booked_once(invoice)


def test_wrong_secret_is_told_on_the_way_back(books):
    books.odoo.write("res.company", books.company, exact_client_secret="wrong")
    button = books.odoo.call("res.company", "action_exact_connect", [books.company])
    with pytest.raises(Problem, match="client ID or client secret"):
        consent.allow(books.odoo.http, button["url"])


def test_refused_consent_is_told_and_changes_nothing(books):
    button = books.odoo.call("res.company", "action_exact_connect", [books.company])
    with pytest.raises(Problem, match="was declined in Exact Online"):
        consent.allow(books.odoo.http, button["url"], decision="refuse")
    state = books.odoo.find(
        "res.company", [("id", "=", books.company)], "exact_connection_state"
    )
    assert state[0]["exact_connection_state"] == "connected"
