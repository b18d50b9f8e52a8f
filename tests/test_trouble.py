"""What Exact does wrong, or says in an odd way: a state and a sentence each time."""

import pytest
import requests

from dev import consent
from dev.console import Problem
from dev.stage import SETTINGS

from .simulator_api import BELGIAN, DUTCH, ENGLISH_USER, MULTI_USER, SECOND

CURRENT_REFUSED, ALL_REFUSED = "tom.willems@example.com", "an.desmet@example.com"
SALES_ENTRIES = {"method": "POST", "path": "SalesEntries"}
TROUBLE = [
    ("maintenance", {"status": 200}),
    ("maintenance", {"status": 503}),
    ("maintenance", {"status": 504}),
    *(
        ("status_500_generic", {"text": text, "language": language})
        for text in ("problem", "null_reference")
        for language in ("nl", "fr", "de")
    ),
]


@pytest.fixture
def invoice(books):
    """Give an invoice of a customer that Exact knows, queued for now."""
    customer = books.create_customer("Known")
    books.queue(books.create_invoice(customer))
    books.push()
    invoice = books.create_invoice(customer)
    books.queue(invoice)
    return invoice


def read(books, invoice, *names):
    return books.odoo.find("account.move", [("id", "=", invoice)], *names)[0]


def fetch_lists(books):
    """Run the nightly cron, which reads lists and verifies what is due."""
    cron = books.odoo.ref("comanage_exact", "ir_cron_exact_fetch")
    books.odoo.call("ir.cron", "method_direct_trigger", [cron])


# === LOST, IN ANY WORDS === #


@pytest.mark.parametrize("fault, params", TROUBLE)
def test_trouble_in_any_words_is_a_lost_answer(books, invoice, fault, params):
    books.control.fault(fault, **SALES_ENTRIES, process=True, **params)
    books.push()
    assert books.state(invoice) == "unconfirmed"
    books.let_time_pass(minutes=2)
    books.push()
    assert books.state(invoice) == "sent"
    assert books.is_booked_once(invoice)


def test_empty_answer_about_tokens_is_tried_again(books, invoice):
    books.control.fault("unauthorized", **SALES_ENTRIES)
    books.push()
    books.let_token_expire()
    books.control.fault("token_empty", chain_moves=False)
    for _attempt in range(2):
        books.let_time_pass(minutes=10)
        books.push()
        company = books.odoo.find(
            "res.company", [("id", "=", books.company)], "exact_connection_state"
        )
        assert company[0]["exact_connection_state"] == "connected"
    assert books.is_booked_once(invoice)


# === ANOTHER DIVISION === #


def test_entry_in_another_division_stops_until_a_manager_resumes(books, invoice):
    books.control.fault("other_division", division=SECOND)
    books.push()
    (entry,) = books.entries_of(invoice)
    assert entry["Division"] == SECOND
    row = books.read(invoice)
    assert row["exact_state"] == "misplaced"
    assert f"in division {SECOND} instead of {BELGIAN}" in row["exact_error"]
    assert str(entry["EntryNumber"]) in row["exact_error"]
    # Nothing that anybody does sends it again, and no other invoice follows it.
    other = books.create_invoice(books.create_customer("Next"))
    books.queue(invoice, other)
    books.let_time_pass(minutes=60)
    calls = len(books.control.calls())
    books.push()
    fetch_lists(books)
    api_calls = [call["path"] for call in books.control.calls()[calls:]]
    assert [path for path in api_calls if "/api/v1/" in path] == []
    assert books.state(other) == "pending"
    delete(books, entry)
    books.odoo.call("account.move", "action_exact_resume", [invoice])
    books.push()
    assert books.is_booked_once(invoice)
    assert books.entries_of(invoice)[0]["Division"] == BELGIAN
    assert books.is_booked_once(other)


def delete(books, entry):
    """Delete an entry as the bookkeeper does, with a consent of another user."""
    simulator = books.stage.simulator
    token = simulator.sign_in(ENGLISH_USER)["access_token"]
    answer = requests.delete(
        f"{simulator.url}/api/v1/{entry['Division']}/salesentry/"
        f"SalesEntries(guid'{entry['EntryID']}')",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        timeout=10,
    )
    assert answer.status_code == 204, answer.text


# === VAT THAT IS NOT TOLD === #


def test_booked_invoice_is_verified_by_the_next_night_at_the_latest(
    books, invoice, profile
):
    books.push()
    names = ("is_exact_verified", "is_exact_verification_due", "exact_difference")
    before = read(books, invoice, *names)
    is_told = profile["post_vat"] == "filled"
    assert before["is_exact_verified"] == is_told
    assert before["is_exact_verification_due"] != is_told
    assert not before["exact_difference"]
    fetch_lists(books)
    after = read(books, invoice, *names)
    assert after["is_exact_verified"]
    assert not after["is_exact_verification_due"]


def test_cent_that_an_answer_did_not_tell_is_told_later(books, invoice):
    books.control.settings(post_vat="null", post_expands=False)
    books.push()
    (entry,) = books.entries_of(invoice)
    books.control.change_row(
        BELGIAN, "salesentry/SalesEntries", entry["EntryID"], VATAmountDC=21.01
    )
    fetch_lists(books)
    row = read(books, invoice, "is_exact_verified", "exact_difference")
    assert not row["is_exact_verified"]
    assert "21.00 in Odoo, 21.01 in Exact Online" in row["exact_difference"]


# === CONSENT === #


def connect_other(books, user):
    """Connect another company with another user of Exact; return its id."""
    company = books.odoo.create(
        "res.company", name=f"Company of {user}", **{**SETTINGS, "vat": False}
    )
    button = books.odoo.call("res.company", "action_exact_connect", [company])
    try:
        consent.allow(books.odoo.http, button["url"], user)
    except Problem as problem:
        return company, str(problem)
    return company, ""


def codes_of(books, company, code_list):
    """Return the codes of a list of another company."""
    books.odoo.companies = [books.company, company]
    rows = books.odoo.find(f"exact.{code_list}", [("company_id", "=", company)], "code")
    books.odoo.companies = [books.company]
    return {row["code"] for row in rows}


def test_divisions_are_read_under_another_than_the_refused_one(books):
    company, problem = connect_other(books, CURRENT_REFUSED)
    assert not problem
    assert codes_of(books, company, "division") == {str(SECOND), str(DUTCH)}


def test_division_may_be_entered_where_none_lists_them(books, profile):
    company, problem = connect_other(books, ALL_REFUSED)
    if not profile["divisions_checked"]:
        assert not problem
        return
    assert "Ask the administrator of Exact Online" in problem
    assert "field Division Number" in problem
    books.odoo.companies = [books.company, company]
    books.odoo.write("res.company", company, exact_division_number=str(DUTCH))
    books.odoo.call("res.company", "action_exact_fetch", [company])
    books.odoo.companies = [books.company]
    assert str(DUTCH) in codes_of(books, company, "division")
    assert codes_of(books, company, "journal")


def test_identity_of_several_users_is_not_sent_back(books):
    button = books.odoo.call("res.company", "action_exact_connect", [books.company])
    with pytest.raises(Problem, match="configured for multiple users"):
        consent.allow(books.odoo.http, button["url"], MULTI_USER)
    company = books.odoo.find(
        "res.company", [("id", "=", books.company)], "exact_connection_state"
    )
    assert company[0]["exact_connection_state"] == "connected"
