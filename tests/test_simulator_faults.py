"""Faults on order."""

import time

import pytest
import requests

from .simulator import serve
from .simulator.faults import KINDS
from .simulator_api import (
    BELGIAN,
    CLIENT_ID,
    CLIENT_SECRET,
    DUTCH,
    DUTCH_USER,
    ENGLISH_USER,
    RESTRICTED_USER,
    SECOND,
    Api,
    connect,
    findings,
    fixed_clock,
    refused,
    renew,
    works,
)

JOURNALS = "financial/Journals"
ENTRIES = "salesentry/SalesEntries"
GENERIC = (
    "A problem has occurred. The cause of this issue will be investigated as soon as"
    " possible."
)


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock()) as running:
        yield running


@pytest.fixture
def api(simulator):
    return Api(simulator)


def order(simulator, route, body, **options):
    url = f"{simulator.url}/__control__/{route}"
    if body is not None:
        options["json"] = body
    return requests.post(url, timeout=10, **options)


def test_dropped_answer_leaves_the_entry_booked(simulator, api):
    body = api.entry_body(EntryNumber=17)
    simulator.control.fault("drop_answer", method="POST", path="SalesEntries")

    with pytest.raises(requests.ConnectionError):
        api.post(ENTRIES, body)

    (entry,) = simulator.control.entries()
    assert entry["EntryNumber"] == 17
    call = simulator.control.calls()[-1]
    assert (call["status"], call["fault"]) == (None, "drop_answer")
    refused(api.post(ENTRIES, body), 500, "In gebruik: Boekstuknummer")


def test_reset_before_books_nothing(simulator, api):
    body = api.entry_body()
    simulator.control.fault("reset_before", method="POST")

    with pytest.raises(requests.ConnectionError):
        api.post(ENTRIES, body)

    assert simulator.control.entries() == []
    assert api.post(ENTRIES, body).status_code == 201


def test_delay_waits_and_then_answers(simulator, api):
    simulator.control.fault("delay", seconds=0.3)
    start = time.monotonic()

    assert api.get(JOURNALS).status_code == 200

    assert time.monotonic() - start >= 0.3
    with pytest.raises(requests.ReadTimeout):
        simulator.control.fault("delay", seconds=0.5)
        api.session.get(api.url(JOURNALS), timeout=0.1)


def test_delay_does_not_stop_other_calls(simulator, api):
    simulator.control.fault("delay", path="VATCodes", seconds=3)
    with pytest.raises(requests.ReadTimeout):
        api.session.get(api.url("vat/VATCodes"), timeout=0.1)
    start = time.monotonic()

    api.get(JOURNALS)

    assert time.monotonic() - start < 2


def test_delay_goes_together_with_another_fault(simulator, api):
    simulator.control.fault("delay", seconds=0.2)
    simulator.control.fault("html_503")
    start = time.monotonic()

    assert api.get(JOURNALS).status_code == 503
    assert time.monotonic() - start >= 0.2


def test_generic_500(simulator, api):
    simulator.control.fault("status_500_generic")

    response = api.get(JOURNALS)

    refused(response, 500, GENERIC)
    assert "X-RateLimit-Remaining" in response.headers


@pytest.mark.parametrize("fault", ["status_500_generic", "html_503", "status_408"])
@pytest.mark.parametrize("process", [True, False])
def test_trouble_may_come_after_the_booking(simulator, api, fault, process):
    body = api.entry_body()
    simulator.control.fault(fault, process=process)

    assert api.post(ENTRIES, body).status_code in (500, 503, 408)

    assert len(simulator.control.entries()) == process


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        ("html_503", 503, "Server Unavailable"),
        ("status_408", 408, ""),
        ("login_html", 200, "Log in to Exact Online"),
        ("unauthorized", 401, ""),
    ],
)
def test_answers_that_are_not_json(simulator, api, fault, status, text):
    simulator.control.fault(fault)

    response = api.get(JOURNALS)

    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    assert text in response.text
    assert ("WWW-Authenticate" in response.headers) == (status == 401)
    assert api.get(JOURNALS).status_code == 200


@pytest.mark.parametrize(
    ("fault", "prefixes"),
    [
        ("rate_limited_minute", {"X-RateLimit-Minutely"}),
        ("rate_limited_day", {"X-RateLimit"}),
        ("rate_limited_bare", set()),
    ],
)
def test_rate_limits_on_order(simulator, api, fault, prefixes):
    simulator.control.fault(fault)

    response = api.get(JOURNALS)

    assert (response.status_code, response.content) == (429, b"")
    names = {name for name in response.headers if name.startswith("X-RateLimit")}
    assert {name.rpartition("-")[0] for name in names} == prefixes
    for prefix in prefixes:
        assert response.headers[f"{prefix}-Remaining"] == "0"


def test_truncated_json_is_booked_but_unreadable(simulator, api):
    body = api.entry_body()
    simulator.control.fault("truncated_json", method="POST")

    response = api.post(ENTRIES, body)

    assert response.status_code == 201
    assert response.text.startswith('{\r\n  "d": {')
    with pytest.raises(requests.JSONDecodeError):
        response.json()
    assert len(simulator.control.entries()) == 1


def test_readable_error_with_any_text(simulator, api):
    simulator.control.fault("body500", text="Object reference not set")
    simulator.control.fault("body500", text="Iets", status=400)

    refused(api.get(JOURNALS), 500, "Object reference not set")
    refused(api.get(JOURNALS), 400, "Iets")


def test_token_endpoint_is_down_alone(simulator, api):
    simulator.control.fault("token_down", times=None)

    assert api.get(JOURNALS).status_code == 200
    url = f"{simulator.url}/api/oauth2/token"
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert requests.post(url, data=form, timeout=10).status_code == 503
    assert order(simulator, "faults", {"clear": True}).json() == {"faults": []}
    assert requests.post(url, data=form, timeout=10).status_code == 400


def test_division_that_moves_is_out_of_reach_and_gets_a_stamp(simulator, api):
    simulator.control.fault("division_moved")

    response = api.get(JOURNALS)

    assert response.headers["Reason"] == "DivisionBlocked"
    division = api.get(f"system/Divisions({BELGIAN})").json()["d"]
    assert division["DivisionMoveDate"] == "/Date(1795352430000)/"
    assert api.get(JOURNALS).status_code == 200


def test_fault_strikes_as_often_as_ordered_and_only_what_matches(simulator, api):
    simulator.control.fault("html_503", times=2, method="get", path="VATCodes")

    assert api.get(JOURNALS).status_code == 200
    statuses = [api.get("vat/VATCodes").status_code for _call in range(3)]
    assert statuses == [503, 503, 200]


def test_match_sees_the_query_decoded(simulator, api):
    simulator.control.fault("html_503", path="Code eq '700'")

    assert api.get(JOURNALS, filter="Code eq '701'").status_code == 200
    assert api.get(JOURNALS, filter="Code eq '700'").status_code == 503


def test_faults_strike_in_the_order_they_were_ordered(simulator, api):
    simulator.control.fault("html_503")
    simulator.control.fault("status_408")

    assert [api.get(JOURNALS).status_code for _call in range(3)] == [503, 408, 200]


# === TROUBLE OF MANY KINDS === #


@pytest.mark.parametrize(
    ("user", "params", "text"),
    [
        (DUTCH_USER, {"text": "problem"}, GENERIC),
        (DUTCH_USER, {"text": "problem", "language": "nl"}, GENERIC),
        (
            DUTCH_USER,
            {"text": "null_reference"},
            "De objectverwijzing is niet op een exemplaar ingesteld.",
        ),
        (
            ENGLISH_USER,
            {"text": "null_reference"},
            "Object reference not set to an instance of an object.",
        ),
        (
            ENGLISH_USER,
            {"text": "null_reference", "language": "nl"},
            "De objectverwijzing is niet op een exemplaar ingesteld.",
        ),
        (
            ENGLISH_USER,
            {"text": "null_reference", "language": "de"},
            "Der Objektverweis wurde nicht auf eine Objektinstanz festgelegt.",
        ),
    ],
)
def test_generic_500_in_the_language_of_the_user(simulator, user, params, text):
    simulator.control.fault("status_500_generic", **params)

    refused(Api(simulator, user).get(JOURNALS), 500, text)


@pytest.mark.parametrize("status", [503, 504])
def test_maintenance_says_so_in_one_line(simulator, api, status):
    simulator.control.fault("maintenance", status=status)

    response = api.get(JOURNALS)

    assert response.status_code == status
    assert response.text == (
        "Server maintenance: Due to server maintenance the Exact Online server is"
        " unavailable."
    )


@pytest.mark.parametrize("process", [True, False])
def test_maintenance_page_may_come_with_200(simulator, api, process):
    body = api.entry_body()
    simulator.control.fault("maintenance", status=200, process=process)

    response = api.post(ENTRIES, body)

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    assert len(simulator.control.entries()) == process


@pytest.mark.parametrize("fault", ["maintenance", "status_500_generic", "login_html"])
def test_trouble_strikes_the_token_endpoint_too(simulator, fault):
    tokens = connect(simulator)
    simulator.clock.advance(580)
    simulator.control.fault(fault, path="/api/oauth2/token")

    response = renew(simulator, tokens["refresh_token"])

    assert (response.status_code == 200) == (fault == "login_html")
    assert "access_token" not in response.text
    assert renew(simulator, tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("chain_moves", "status"), [(True, 400), (False, 200)])
def test_empty_token_answer_leaves_open_whether_the_chain_moved(
    simulator, chain_moves, status
):
    tokens = connect(simulator)
    simulator.clock.advance(580)
    simulator.control.fault("token_empty", chain_moves=chain_moves)
    assert works(simulator, tokens)

    empty = renew(simulator, tokens["refresh_token"])

    assert (empty.status_code, empty.content) == (200, b"")
    assert renew(simulator, tokens["refresh_token"]).status_code == status


@pytest.mark.parametrize("name", [name for name in KINDS if name != "delay"])
@pytest.mark.parametrize("what", ["get", "post", "token"])
def test_every_fault_may_strike_every_kind_of_call(simulator, api, name, what):
    """None makes the simulator itself fail, and the next call is answered again."""
    tokens = connect(simulator)
    api = Api(simulator, ENGLISH_USER)
    body = api.entry_body()
    simulator.clock.advance(0 if what != "token" else 580)
    call = {
        "get": lambda: api.get(JOURNALS),
        "post": lambda: api.post(ENTRIES, body),
        "token": lambda: renew(simulator, tokens["refresh_token"]),
    }[what]
    simulator.control.fault(name)

    try:
        response = call()
    except requests.ConnectionError:
        assert name in ("drop_answer", "reset_before")
    else:
        assert "X-Simulator-Failed" not in response.headers
    simulator.control.clear_faults()

    assert simulator.control.crashes() == []
    assert call().status_code in (200, 201, 400)


# === ANOTHER DIVISION === #


def test_entry_gets_into_another_division_and_the_answer_tells_where(simulator, api):
    body = api.entry_body(EntryNumber=17)
    simulator.control.fault("other_division", division=DUTCH)

    response = api.post(ENTRIES, body)

    assert response.status_code == 201
    answer = response.json()["d"]
    assert answer["Division"] == DUTCH
    assert f"/api/v1/{DUTCH}/salesentry" in answer["__metadata"]["uri"]
    (entry,) = simulator.control.entries()
    assert (entry["Division"], entry["EntryNumber"]) == (DUTCH, 17)
    assert [line["AmountFC"] for line in entry["SalesEntryLines"]] == [100.0]
    assert api.rows(ENTRIES, filter="EntryNumber eq 17", select="EntryID") == []
    assert api.rows(ENTRIES, division=DUTCH, select="EntryID")
    # Only the ordered one is lost.
    assert api.booked(EntryNumber=17)["Division"] == BELGIAN


def test_entry_in_another_division_takes_its_number_there(simulator, api):
    body = api.entry_body(EntryNumber=17)
    simulator.control.fault("other_division", times=2)

    assert api.post(ENTRIES, body).json()["d"]["Division"] == SECOND
    response = api.post(ENTRIES, body)

    assert findings(response) == ["In gebruik: Boekstuknummer"]
    assert [row["Division"] for row in simulator.control.entries()] == [SECOND]


def test_only_entries_get_into_another_division(simulator, api):
    simulator.control.fault("other_division")

    api.customer()
    api.rows(ENTRIES, select="EntryID")

    assert [row["Division"] for row in simulator.control.accounts()] == [BELGIAN]
    assert len(simulator.state.faults.as_list()) == 1


def test_user_of_one_division_books_there_for_want_of_another(simulator):
    api = Api(simulator, RESTRICTED_USER, division=SECOND)
    simulator.control.fault("other_division")

    assert api.booked()["Division"] == SECOND
