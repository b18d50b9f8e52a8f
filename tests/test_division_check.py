"""A manager checks a division that differs: real Odoo, and a simulator that changed."""

import base64
import json
from decimal import Decimal

import pytest

from dev.console import Problem

from .division_stage import change
from .simulator_api import SECOND

ENTRIES = "SalesEntries"
CHECK = "exact.division.check"
# Of the division that the stage connects, and what its customer is called there.
CUSTOMER = "Deco Addict & Zonen"

# What is planted below, by the fact that has to say so.
EXPECTED = {
    "journals.shape": "info",
    "changed_accounts.types": "info",
    "vat_codes.padded": "info",
    "vat_codes.fraction": "problem",
    "headers.rates": "info",
    "headers.minute": "info",
    "dates.midnight": "problem",
    "payment_conditions.properties": "problem",
    "cost_units.answers": "info",
    "refusal.status": "info",
    "book.lines": "info",
    "read_back.equal": "problem",
}


class TenDeviations:
    """Answers that differ from those of the simulator in more than ten ways."""

    def __call__(self, answer):
        for name in ("Journals", "VATCodes", "PaymentConditions", "FinancialPeriods"):
            if answer.is_about(name):
                getattr(self, f"_{name}")(answer)
        self._limits(answer)
        if answer.is_about("sync/CRM/Accounts"):
            for row in answer.rows:
                row["Timestamp"] = int(row["Timestamp"])
        if answer.is_about("Costunits"):
            answer.response.status_code = 403
            answer.payload = {"error": {"message": {"value": "Forbidden"}}}
        self._entries(answer)

    def _Journals(self, answer):
        answer.payload["d"] = answer.rows

    def _VATCodes(self, answer):
        for row in answer.rows:
            row["Code"] = row["Code"].strip()
            row["Percentage"] = Decimal(str(row["Percentage"] or 0)) * 100

    def _PaymentConditions(self, answer):
        for row in answer.rows:
            row.pop("PaymentDays", None)

    def _FinancialPeriods(self, answer):
        for row in answer.rows:
            moment = int(row["StartDate"].split("(")[1].split(")")[0])
            row["StartDate"] = f"/Date({moment - 3_600_000})/"

    def _limits(self, answer):
        headers = answer.response.headers
        if answer.is_about("Currencies"):
            for name in [*headers.keys()]:
                if name.startswith("X-RateLimit"):
                    del headers[name]
        elif "X-RateLimit-Minutely-Limit" in headers:
            headers["X-RateLimit-Minutely-Limit"] = "5000"

    def _entries(self, answer):
        if answer.payload and "error" in answer.payload:
            if answer.is_about(ENTRIES, "POST"):
                answer.response.status_code = 400
        if answer.is_about(ENTRIES, "POST") and answer.entity is not None:
            answer.entity["SalesEntryLines"] = {"results": []}
        if answer.is_about(ENTRIES):
            for row in answer.rows:
                if "Description" in row:
                    row["AmountFC"] = Decimal("1.20")


@pytest.fixture
def customer(books):
    """Give a customer of the division that the directory of Odoo has."""
    invoice = books.create_invoice(books.create_customer(CUSTOMER))
    books.queue(invoice)
    books.push()
    rows = books.odoo.find("exact.account", [("name", "=", CUSTOMER)], "id")
    return max(row["id"] for row in rows)


@pytest.fixture
def altered(books):
    """Give the simulator, whose answers are as before when the test is through."""
    server = books.stage.simulator.server
    app = server.app
    yield books.stage.simulator
    server.app = app


@pytest.fixture
def check(books, customer):
    books.calls_before = len(books.control.calls())
    action = books.odoo.call(
        "res.company", "action_exact_check_division", [books.company]
    )
    return action["res_id"]


def book_test_entry(books, check, customer):
    wizard = books.odoo.call(CHECK, "action_test", [check])["res_id"]
    books.odoo.write("exact.division.test", wizard, account_id=customer)
    books.odoo.call("exact.division.test", "action_book", [wizard])


def exact_side(books):
    """Return all that must be in Exact Online afterwards as it was before."""
    control = books.control
    return control.entries(), control.documents(), control.accounts()


def odoo_side(books):
    """Return Odoo's books, and what it knows of Exact's lists and customers."""
    tables = ("account_move", "account_move_line", "exact_outbox", "exact_account")
    return [
        books.sql(f"SELECT count(*), max(write_date) FROM {table}") for table in tables
    ]


def results(books, check):
    rows = books.odoo.find(
        f"{CHECK}.line", [("check_id", "=", check)], "fact", "result", "message"
    )
    return {row["fact"]: row for row in rows}


def test_ten_deviations_are_found_and_nothing_is_left(books, check, customer, altered):
    before = exact_side(books), odoo_side(books)
    change(altered, TenDeviations())
    books.odoo.call(CHECK, "action_check", [check])
    book_test_entry(books, check, customer)
    found = results(books, check)
    assert {name: found[name]["result"] for name in EXPECTED} == EXPECTED
    assert all(found[name]["message"].endswith(".") for name in EXPECTED)
    assert len(books.calls()) <= 25
    assert (exact_side(books), odoo_side(books)) == before


def test_usual_division_has_no_problem_and_a_file(books, check, customer):
    before = exact_side(books), odoo_side(books)
    books.odoo.call(CHECK, "action_check", [check])
    book_test_entry(books, check, customer)
    (row,) = books.odoo.find(
        CHECK, [("id", "=", check)], "problem_count", "entry_state", "report"
    )
    assert (row["problem_count"], row["entry_state"]) == (0, "deleted")
    text = base64.b64decode(row["report"]).decode()
    assert json.loads(text)["exchanges"]
    for secret in (CUSTOMER, "comanage-demo", "3456781", "0477472701", "ODOO-TEST"):
        assert secret not in text
    assert (exact_side(books), odoo_side(books)) == before


def test_another_transaction_knows_of_the_entry_before_it_is_sent(
    books, check, customer, altered
):
    """So that a process that dies leaves a row which says what may be there."""
    app, seen = altered.server.app, []

    def look(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST" and ENTRIES in environ["PATH_INFO"]:
            query = "SELECT entry_state, entry_marker FROM exact_division_check"
            seen.extend(books.sql(query))
        return app(environ, start_response)

    altered.server.app = look
    book_test_entry(books, check, customer)
    ((state, marker), _second) = seen
    assert state == "sending" and marker.startswith("ODOO-TEST-")


def test_entry_whose_answer_was_lost_is_deleted(books, check, customer):
    before = exact_side(books)
    fault = {"method": "POST", "path": ENTRIES}
    books.control.fault("drop_answer", times=2, **fault)
    book_test_entry(books, check, customer)
    (row,) = books.odoo.find(CHECK, [("id", "=", check)], "entry_state", "problem")
    # The refusal was lost, so that it is not known yet whether it was one.
    assert row["entry_state"] == "sending"
    assert row["problem"]
    books.control.clear_faults()
    books.sql(
        "UPDATE exact_division_check"
        " SET entry_sent_at = entry_sent_at - interval '3 minutes'"
    )
    books.odoo.call(CHECK, "action_delete", [check])
    (row,) = books.odoo.find(CHECK, [("id", "=", check)], "entry_state", "problem")
    assert row == {"id": check, "entry_state": "nothing", "problem": False}
    assert exact_side(books) == before


def test_entry_booked_in_another_division_is_deleted_and_stops_booking(
    books, check, customer
):
    before = exact_side(books)
    books.control.fault(
        "other_division", times=2, method="POST", path=ENTRIES, division=SECOND
    )
    book_test_entry(books, check, customer)
    (row,) = books.odoo.find(CHECK, [("id", "=", check)], "entry_state", "problem")
    assert row["entry_state"] == "deleted"
    assert "another division" in row["problem"]
    found = results(books, check)["book.division"]
    assert found["result"] == "problem" and str(SECOND) in found["message"]
    assert exact_side(books) == before
    # No invoice follows it there.
    with pytest.raises(Problem):
        books.odoo.call(CHECK, "action_check", [check])
    books.odoo.call("res.company", "action_exact_resume", [books.company])
