"""The life of the tokens against the simulator: rotation, 30 days, other consents."""

import pytest

from dev import consent
from dev.stage import SETTINGS

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


@pytest.fixture
def other(books):
    """Give a second company, connected by the same app and the same Exact user."""
    odoo = books.odoo
    (number,) = odoo.call(
        "res.company",
        "create",
        [{"name": "Diensten", "country_id": odoo.ref("base", "be")}],
        # Else Odoo would install more modules for the country.
        context={"install_mode": True},
    )
    own = {**SETTINGS, "vat": "BE0403019261"}
    odoo.companies = [books.company, number]
    odoo.write("res.company", number, **own)
    button = odoo.call("res.company", "action_exact_connect", [number])
    consent.allow(odoo.http, button["url"])
    yield number
    odoo.call("res.company", "action_exact_disconnect", [number])
    odoo.companies = [books.company]


def test_two_companies_of_one_exact_user_stay_connected(books, other, invoice):
    # The fixture of the invoice connected the first one after the other.
    seen = len(books.control.calls())
    cron = books.odoo.ref("comanage_exact", "ir_cron_exact_fetch")
    for _half_day in range(14):
        let_days_pass(books, 0.5)
        books.sql("DELETE FROM exact_budget")
        books.odoo.call("ir.cron", "method_direct_trigger", [cron])
    companies = books.odoo.find(
        "res.company",
        [("id", "in", [books.company, other])],
        "exact_connection_state",
        "exact_login_note",
    )
    for company in companies:
        assert company["exact_connection_state"] == "connected"
        assert "Connected as Eva Peeters" in company["exact_login_note"]
        assert "shares this connection" in company["exact_login_note"]
    tokens = [
        call["status"]
        for call in books.control.calls()[seen:]
        if call["path"].startswith("/api/oauth2/token")
    ]
    assert tokens == [200] * 14
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
