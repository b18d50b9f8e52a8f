"""A check of a division finds what a division does otherwise, and leaves nothing."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from werkzeug.wrappers import Response

from odoo.addons.comanage_exact.booking.division_fact import (
    INFO,
    OK,
    PROBLEM,
    UNKNOWN,
)
from odoo.addons.comanage_exact.booking.division_facts import FACTS, judge
from odoo.addons.comanage_exact.booking.division_report import (
    make_report,
    read_exchanges,
    read_json,
)
from odoo.addons.comanage_exact.sync.division_probe import (
    DELETED,
    LEFT,
    MARKER,
    MAX_CALLS,
    NOTHING,
    SENDING,
)

from .division_stage import Checked, change
from .simulator_api import BELGIAN, SECOND

ENTRIES = "SalesEntries"


@pytest.fixture
def checked(simulator):
    return Checked(simulator)


def left_behind(simulator):
    """Return what a check must not change: all records of Exact."""
    control = simulator.control
    return control.entries(), control.documents(), control.accounts()


# === DEVIATIONS === #


def _as_bare(answer):
    if isinstance((answer.payload or {}).get("d"), dict) and answer.entity is None:
        answer.payload["d"] = answer.rows


def _rows_of(resource, function):
    def changed(answer):
        if answer.is_about(resource):
            for row in answer.rows:
                function(row)

    return changed


def _set(**values):
    return lambda row: row.update(
        {name: value for name, value in values.items() if name in row}
    )


def _int64_as_number(row):
    row["Timestamp"] = int(row["Timestamp"])


def _without_padding(row):
    row["Code"] = row["Code"].strip()


def _as_percent(row):
    row["Percentage"] = Decimal(str(row["Percentage"] or 0)) * 100


def _drop_headers(answer):
    for name in [*answer.response.headers.keys()]:
        if name.startswith("X-RateLimit"):
            del answer.response.headers[name]


def _reset_in_seconds(answer):
    headers = answer.response.headers
    for name in ("X-RateLimit-Reset", "X-RateLimit-Minutely-Reset"):
        if name in headers:
            headers[name] = str(int(headers[name]) // 1000)


def _other_limit(answer):
    answer.response.headers["X-RateLimit-Minutely-Limit"] = "300"


def _refusal(status):
    def changed(answer):
        if answer.payload and "error" in answer.payload:
            answer.response.status_code = status

    return changed


def _posted(**values):
    def changed(answer):
        if answer.is_about(ENTRIES, "POST") and answer.entity is not None:
            answer.entity.update(values)

    return changed


def _local_midnight(row):
    match = re.fullmatch(r"/Date\((\d+)\)/", row["StartDate"])
    row["StartDate"] = f"/Date({int(match[1]) - 7_200_000})/"


def _mandatory_filter(answer):
    if not answer.is_about("Journals"):
        return None
    text = "This endpoint has mandatory filtering applied. A GET request …"
    body = {"error": {"code": "", "message": {"lang": "", "value": text}}}
    return Response(json.dumps(body), 400, content_type="application/json")


def _page_of_maintenance(answer):
    if not answer.is_about("VATCodes"):
        return None
    return Response("<html>Server Unavailable</html>", 200, content_type="text/html")


def _nothing_at_all(answer):
    return Response("", 200) if answer.is_about("Currencies") else None


def _lines_gone(row):
    row["SalesEntryLines"] = {"__deferred": {"uri": "…"}}


def _other_next(answer):
    if answer.is_about("Journals"):
        answer.payload["d"] = {"results": answer.rows, "__next": "https://other/x"}


def _drop_property(row):
    del row["PaymentDays"]


def _double_amount(answer):
    if answer.is_about(ENTRIES) and answer.rows and "Description" in answer.rows[0]:
        answer.rows[0]["AmountFC"] = Decimal("2.42")


PLANTED = [
    ("every list is bare", _as_bare, {"journals.shape": INFO, "entries.shape": INFO}),
    (
        "Int64 as number",
        _rows_of("sync/CRM/Accounts", _int64_as_number),
        {"changed_accounts.types": INFO},
    ),
    (
        "customer codes without padding",
        _rows_of("crm/Accounts", _without_padding),
        {"accounts.padded": INFO},
    ),
    (
        "VAT codes without padding",
        _rows_of("VATCodes", _without_padding),
        {"vat_codes.padded": INFO},
    ),
    (
        "VAT in per cent",
        _rows_of("VATCodes", _as_percent),
        {"vat_codes.fraction": PROBLEM},
    ),
    (
        "another type of VAT code",
        _rows_of("VATCodes", _set(Type="Z")),
        {"vat_codes.kinds": PROBLEM},
    ),
    ("no rate headers", _drop_headers, {"headers.rates": INFO}),
    ("resets in seconds", _reset_in_seconds, {"headers.resets": PROBLEM}),
    ("another limit", _other_limit, {"headers.minute": INFO}),
    (
        "days at local midnight",
        _rows_of("FinancialPeriods", _local_midnight),
        {"dates.midnight": PROBLEM},
    ),
    (
        "ISO dates",
        _rows_of("FinancialPeriods", _set(StartDate="2026-01-01T00:00:00")),
        {"periods.readable": PROBLEM, "periods.types": INFO},
    ),
    ("mandatory filter", _mandatory_filter, {"journals.answers": PROBLEM}),
    ("a web page", _page_of_maintenance, {"vat_codes.answers": PROBLEM}),
    ("an empty answer", _nothing_at_all, {"currencies.answers": PROBLEM}),
    (
        "GUIDs in braces",
        _rows_of("Journals", _set(ID="{11111111-1111-4111-8111-111111111111}")),
        {"journals.readable": PROBLEM},
    ),
    (
        "a missing property",
        _rows_of("PaymentConditions", _drop_property),
        {"payment_conditions.properties": PROBLEM},
    ),
    (
        "flags empty",
        _rows_of("VATCodes", _set(Charged=None)),
        {"vat_codes.flags": INFO},
    ),
    (
        "entries without lines",
        _rows_of(ENTRIES, _lines_gone),
        {"entries.lines": PROBLEM},
    ),
    ("a next page elsewhere", _other_next, {"lists.next": PROBLEM}),
    (
        "another type name",
        _rows_of(ENTRIES, lambda row: row["__metadata"].update(type="Other")),
        {"entries.type": INFO},
    ),
    ("findings with 400", _refusal(400), {"refusal.status": INFO}),
    ("findings with 422", _refusal(422), {"refusal.refused": PROBLEM}),
    (
        "VAT filled",
        _posted(VATAmountFC=Decimal("0.21"), VATAmountDC=Decimal("0.21")),
        {"book.vat": INFO},
    ),
    (
        "lines expanded",
        _posted(SalesEntryLines={"results": []}),
        {"book.lines": INFO},
    ),
    ("another total", _posted(AmountFC=Decimal("1.22")), {"book.total": PROBLEM}),
    ("another division", _posted(Division=3456782), {"book.division": PROBLEM}),
    ("another amount read back", _double_amount, {"read_back.equal": PROBLEM}),
]


def test_the_simulator_has_no_problem(checked):
    outcomes = checked.run()
    problems = [name for name, found in outcomes.items() if found.result == PROBLEM]
    assert problems == []
    assert outcomes["read_back.equal"].result == OK
    assert outcomes["book.division"].result == OK


@pytest.mark.parametrize(
    "planted, expected",
    [row[1:] for row in PLANTED],
    ids=[row[0].replace(" ", "_") for row in PLANTED],
)
def test_each_deviation_is_found_in_a_sentence(simulator, checked, planted, expected):
    before = left_behind(simulator)
    change(simulator, planted)
    outcomes = checked.run()
    found = {name: outcomes[name].result for name in expected}
    assert found == expected
    for name in expected:
        sentence = outcomes[name].sentence % outcomes[name].values
        assert sentence.endswith(".") and "%" not in sentence
    assert left_behind(simulator) == before
    assert len(checked.calls) <= MAX_CALLS


def test_a_chosen_guid_that_is_kept_is_found(simulator, checked):
    simulator.control.settings(keep_client_guid=True)
    assert checked.run()["book.guid"].result == INFO


def test_reading_alone_leaves_the_facts_of_booking_unknown(simulator, checked):
    before = left_behind(simulator)
    outcomes = checked.run(is_booking=False)
    assert outcomes["book.booked"].result == UNKNOWN
    assert outcomes["journals.answers"].result == OK
    assert [call["method"] for call in checked.calls] == ["GET"] * len(checked.calls)
    assert left_behind(simulator) == before


def test_facts_have_names_of_their_own():
    names = [fact.name for fact in FACTS]
    assert len(names) == len({*names})


# === NOTHING IS LEFT === #


@pytest.mark.parametrize(
    "fault, match",
    [
        ("status_500_generic", {"method": "GET", "path": ENTRIES}),
        ("rate_limited_minute", {"method": "PUT", "path": ENTRIES}),
        ("html_503", {"method": "PUT", "path": ENTRIES}),
        ("truncated_json", {"method": "PUT", "path": ENTRIES}),
    ],
)
def test_entry_is_deleted_even_if_a_step_fails(simulator, checked, fault, match):
    before = left_behind(simulator)
    simulator.control.fault(fault, times=1, **match)
    checked.run()
    assert checked.notebook.note.state == DELETED
    assert left_behind(simulator) == before


def test_entry_whose_answer_was_lost_is_found_and_deleted(simulator, checked):
    before = left_behind(simulator)

    def lose(answer):
        if answer.is_about(ENTRIES, "POST") and answer.response.status_code == 201:
            return Response("", 504)
        return None

    change(simulator, lose)
    checked.run()
    assert checked.notebook.note.state == DELETED
    assert left_behind(simulator) == before


def test_entry_that_cannot_be_deleted_is_named_and_deleted_later(simulator, checked):
    before = left_behind(simulator)
    is_refusing = [True]

    # The simulator deletes before its answer is changed.
    app = simulator.server.app

    def gate(environ, start_response):
        if environ["REQUEST_METHOD"] == "DELETE" and is_refusing:
            return Response("", 403)(environ, start_response)
        return app(environ, start_response)

    simulator.server.app = gate
    outcomes = checked.run()
    note = checked.notebook.note
    assert (note.state, outcomes["delete.deleted"].result) == (LEFT, PROBLEM)
    (entry,) = [
        entry
        for entry in simulator.control.entries()
        if entry.get("YourRef", "").startswith(MARKER)
    ]
    assert note.number == str(entry["EntryNumber"])
    is_refusing.clear()
    checked.probe.clean_up(is_settled=True)
    assert checked.notebook.note.state == DELETED
    assert left_behind(simulator) == before


def test_lost_request_is_in_doubt_until_time_has_passed(simulator, checked):
    simulator.control.fault(
        "status_500_generic", times=1, method="POST", path="SalesEntries"
    )
    checked.run()
    assert checked.notebook.note.state == SENDING
    checked.probe.clean_up(is_settled=True)
    assert checked.notebook.note.state == NOTHING


def test_a_kill_after_booking_is_known_by_what_was_stored(simulator, checked):
    class Killed(BaseException):
        pass

    class Dying(type(checked.notebook)):
        def _store(self, values):
            if values.get("state") in ("booked", DELETED, NOTHING):
                raise Killed

    checked.notebook = Dying()
    with pytest.raises(Killed):
        checked.run()
    note = checked.notebook.note
    assert note.state == SENDING and note.marker.startswith(MARKER)


def test_nothing_but_the_test_entry_is_deleted(simulator, checked):
    """A server that ignores the filter returns the entries of others."""
    foreign = checked.api.booked(Customer=checked.customer, YourRef="Foreign")

    def add_foreign(answer):
        if answer.is_about(ENTRIES, "POST") and answer.response.status_code == 201:
            # So that the test entry has to be looked up.
            return Response("", 504)
        if answer.is_about(ENTRIES) and answer.path.endswith(ENTRIES):
            row = {
                "EntryID": foreign["EntryID"],
                "EntryNumber": foreign["EntryNumber"],
                "YourRef": "Foreign",
            }
            answer.rows.append(row)
        return None

    change(simulator, add_foreign)
    checked.run()
    kept = [entry["EntryID"] for entry in simulator.control.entries()]
    assert foreign["EntryID"] in kept
    assert checked.notebook.note.state == DELETED


# === THE FILE === #


def report_of(checked, **values):
    return make_report(
        checked.recorder.exchanges,
        made_with="comanage_exact",
        made_on=date(2026, 11, 22),
        site="be",
        **values,
    )


def test_file_has_no_secrets_and_no_names(simulator, checked):
    customer = checked.api.customer(
        Name="Jan De Vries & Zonen",
        VATNumber="BE0477472701",
        Email="jan@devries.example",
        City="Wommelgem",
        PaymentConditionSales="30",
    )
    checked.customer = customer
    secret = "Jan De Vries gekend"
    checked.api.booked(Customer=customer, YourRef=secret, EntryDate=str(checked.day))
    checked.run()
    text = report_of(checked)
    for account in simulator.control.accounts():
        for name in ("ID", "Name", "Email", "VATNumber", "City", "AddressLine1"):
            assert (account.get(name) or "no such text") not in text
    for code in simulator.state.divisions():
        assert str(code) not in text
    token = checked.api.session.headers["Authorization"].split()[1]
    entries = [entry["EntryID"] for entry in simulator.control.entries()]
    assert not [word for word in (token, secret, *entries) if word in text]
    assert "127.0.0.1" not in text and "Hop" not in text


def test_names_in_the_text_of_a_refusal_are_replaced(simulator, checked):
    def name_it(answer):
        if answer.payload and "error" in answer.payload:
            text = "Ongeldig: Acme Holding, jan@acme.example, BE0477472701, 3456781"
            answer.payload["error"]["message"]["value"] = text

    change(simulator, name_it)
    checked.run()
    text = report_of(checked, secrets=["Acme Holding"])
    assert "Ongeldig" in text
    for secret in ("Acme", "jan@acme", "BE0477472701", "3456781"):
        assert secret not in text


def test_file_says_the_same_when_it_is_replayed(checked):
    outcomes = checked.run()
    report = read_json(report_of(checked))
    replayed = {
        found.fact.name: found.result for found in judge(read_exchanges(report))
    }
    assert replayed == {name: found.result for name, found in outcomes.items()}
    assert report["seen_in_other_rows"] == []


# === OTHER DIVISIONS === #


def test_entry_booked_elsewhere_is_found_and_deleted_there(simulator, checked):
    before = left_behind(simulator)
    # The first POST is the one that must be refused.
    simulator.control.fault(
        "other_division", times=2, method="POST", path=ENTRIES, division=SECOND
    )
    outcomes = checked.run()
    assert outcomes["book.division"].result == PROBLEM
    assert outcomes["book.division"].values["found"] == str(SECOND)
    assert (checked.notebook.note.state, checked.notebook.note.division) == (
        DELETED,
        str(SECOND),
    )
    assert left_behind(simulator) == before
    assert len(checked.calls) <= MAX_CALLS


def test_divisions_are_listed_from_the_current_division_as_well(simulator):
    checked = Checked(simulator, division=SECOND)
    outcomes = checked.run(is_booking=False)
    assert outcomes["current_divisions.answers"].result == OK


def test_current_division_that_may_not_be_used_is_found(simulator):
    checked = Checked(simulator, division=SECOND)

    def refuse(answer):
        if answer.is_about("system/Divisions") and f"/{BELGIAN}/" in answer.path:
            return Response(json.dumps({}), 403, {"Reason": "NoDivisionAccess"})
        return None

    change(simulator, refuse)
    outcomes = checked.run()
    found = outcomes["current_divisions.answers"]
    assert found.result == INFO
    assert "NoDivisionAccess" in found.sentence % found.values
    assert len(checked.calls) <= MAX_CALLS
