"""The life of the tokens against the simulator: rotation, 30 days, other consents."""

import pytest

from dev import consent

DAY = 24 * 60 * 60


@pytest.fixture
def invoice(books):
    """Give an invoice that is queued for now."""
    reconnect(books)
    books.start_over()
    invoice = books.create_invoice(books.create_customer("Token"))
    books.queue(invoice)
    return invoice


def reconnect(books):
    button = books.odoo.call("res.company", "action_exact_connect", [books.company])
    consent.allow(books.odoo.http, button["url"])


def let_days_pass(books, days):
    """Move both clocks: Exact's, and in Odoo the age of the tokens."""
    books.control.advance(days * DAY)
    books.sql(
        "UPDATE exact_login SET issued_at = issued_at - %(days)s * interval '1 d',"
        " retry_at = retry_at - %(days)s * interval '1 d'",
        days=days,
    )


def connection_state(books):
    (company,) = books.odoo.find(
        "res.company", [("id", "=", books.company)], "exact_connection_state"
    )
    return company["exact_connection_state"]


def assert_asks_for_a_person(books, invoice):
    """The invoice waits, the company says so; a new consent is all it takes."""
    assert connection_state(books) == "expired"
    assert books.state(invoice) == "pending"
    assert books.entries_of(invoice) == []
    reconnect(books)
    assert connection_state(books) == "connected"
    books.push()
    assert books.is_booked_once(invoice)


def test_crash_between_the_new_tokens_and_our_commit_asks_for_a_person(books, invoice):
    # Exact has rotated the tokens, but Odoo never sees the new ones.
    let_days_pass(books, 1)
    books.control.fault("drop_answer", method="POST", path="oauth2/token")
    books.push()
    assert connection_state(books) == "connected"
    books.let_time_pass(minutes=2)
    books.push()
    assert_asks_for_a_person(books, invoice)


def test_consent_given_elsewhere_asks_for_a_person(books, invoice):
    let_days_pass(books, 1)
    books.stage.simulator.sign_in()
    books.push()
    assert_asks_for_a_person(books, invoice)


def test_thirty_days_without_use_ask_for_a_person(books, invoice):
    let_days_pass(books, 31)
    books.push()
    assert_asks_for_a_person(books, invoice)


def test_nightly_fetch_keeps_the_tokens_alive(books, invoice):
    cron = books.odoo.ref("comanage_exact", "ir_cron_exact_fetch")
    for _night in range(3):
        let_days_pass(books, 20)
        books.odoo.call("ir.cron", "method_direct_trigger", [cron])
    assert connection_state(books) == "connected"
    books.push()
    assert books.is_booked_once(invoice)


def test_tokens_stay_alive_while_no_division_is_chosen(books, invoice):
    division = "UPDATE res_company SET exact_division_id = %(to)s WHERE id = %(id)s"
    ((chosen,),) = books.sql(
        "SELECT exact_division_id FROM res_company WHERE id = %(id)s", id=books.company
    )
    books.sql(division, to=None, id=books.company)
    cron = books.odoo.ref("comanage_exact", "ir_cron_exact_fetch")
    for _night in range(2):
        let_days_pass(books, 20)
        books.odoo.call("ir.cron", "method_direct_trigger", [cron])
    books.sql(division, to=chosen, id=books.company)
    assert connection_state(books) == "connected"
    books.push()
    assert books.is_booked_once(invoice)
