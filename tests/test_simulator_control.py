"""The control routes and the pages."""

import time

import pytest
import requests

from .simulator import handlers, serve
from .simulator.__main__ import main
from .simulator_api import BELGIAN, DUTCH_USER, SECOND, Api, fixed_clock

JOURNALS = "financial/Journals"


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


def look(simulator, route):
    return requests.get(f"{simulator.url}/__control__/{route}", timeout=10).json()


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("faults", {}),
        ("faults", {"fault": "nothing"}),
        ("faults", {"fault": ["delay"]}),
        ("faults", {"fault": "delay", "times": 0}),
        ("faults", {"fault": "delay", "times": True}),
        ("faults", {"fault": "delay", "match": "POST"}),
        ("faults", {"fault": "delay", "match": {"url": "x"}}),
        ("faults", {"fault": "delay", "match": {"method": 1}}),
        ("faults", {"fault": "delay", "params": {"seconds": "1"}}),
        ("faults", {"fault": "delay", "params": {"seconds": -1}}),
        ("faults", {"fault": "delay", "params": {"minutes": 1}}),
        ("faults", {"fault": "delay", "params": []}),
        ("faults", {"fault": "body500", "params": {"status": 200}}),
        ("faults", {"fault": "delay", "more": 1}),
        ("faults", {"fault": "maintenance", "params": {"status": 500}}),
        ("faults", {"fault": "maintenance", "params": {"status": True}}),
        ("faults", {"fault": "status_500_generic", "params": {"text": "other"}}),
        ("faults", {"fault": "token_empty", "params": {"chain_moves": 1}}),
        ("faults", {"fault": "other_division", "params": {"division": 999}}),
        ("people", {}),
        ("people", {"user": "nobody@example.com"}),
        ("people", {"user": ["x"]}),
        ("people", {"user": DUTCH_USER, "password_changed": 1}),
        ("people", {"user": DUTCH_USER, "current_division": 999}),
        ("people", {"user": DUTCH_USER, "divisions": []}),
        ("people", {"user": DUTCH_USER, "divisions": [[BELGIAN]]}),
        ("people", {"user": DUTCH_USER, "language": "nl"}),
        ("clock", {}),
        ("clock", {"advance": "10"}),
        ("clock", {"advance": 1e12}),
        ("clock", {"set": "tomorrow"}),
        ("clock", {"set": 5}),
        ("clock", {"set": "1000-01-01"}),
        ("clock", {"freeze": 1}),
        ("clock", {"jump": 1}),
        ("settings", {"colour": "red"}),
        ("settings", {"error_status": 404}),
        ("settings", {"error_status": True}),
        ("settings", {"minute_limit": -1}),
        ("settings", {"minute_limit": 1.5}),
        ("settings", {"minute_limit": None}),
        ("settings", {"language": "fr"}),
        ("settings", {"language": ["nl"]}),
        ("settings", {"post_expands": 1}),
        ("settings", {"select_required": [1]}),
        ("reset", {"all": True}),
        ("apps", {"client_id": "x"}),
        ("apps", {"client_id": "x", "client_secret": "y", "redirect_uris": "z"}),
        ("apps", {"client_id": "x", "client_secret": "y", "scopes": {"a": "all"}}),
        ("periods", {"division": BELGIAN}),
        ("periods", {"division": BELGIAN, "year": 2026, "period": 3, "journal": []}),
        ("periods", {"division": BELGIAN, "year": 2026, "period": 3, "closed": 1}),
        ("rows", {"resource": "x"}),
        ("rows", {"resource": JOURNALS, "values": {}, "key": [], "division": BELGIAN}),
        ("rows", {"resource": JOURNALS, "values": {}, "key": "7", "division": BELGIAN}),
        (
            "rows",
            {
                "resource": JOURNALS,
                "values": {"IsBlocked": "yes"},
                "key": "700",
                "division": BELGIAN,
            },
        ),
    ],
)
def test_wrong_order_is_400_with_a_sentence_and_changes_nothing(simulator, route, body):
    before = look(simulator, "settings")

    response = order(simulator, route, body)

    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert look(simulator, "settings") == before
    assert look(simulator, "faults") == []


@pytest.mark.parametrize("content", ["[", "[]", '"x"', "[" * 100_000])
def test_body_that_is_no_object_is_400(simulator, content):
    response = order(simulator, "clock", None, data=content)

    assert response.status_code == 400


def test_settings_are_all_changed_or_none(simulator):
    order(simulator, "settings", {"language": "en", "colour": "red"})

    assert look(simulator, "settings")["language"] == "user"


def test_unknown_control_route_and_verb(simulator):
    assert order(simulator, "nothing", {}).status_code == 404
    assert order(simulator, "entries", {}).status_code == 405
    url = f"{simulator.url}/__control__/reset"
    assert requests.get(url, timeout=10).status_code == 405


def test_clock_is_set_frozen_and_advanced(simulator):
    order(simulator, "clock", {"set": "2026-12-31T23:59:00", "freeze": True})

    answer = order(simulator, "clock", {"advance": 60}).json()

    assert answer == {"now": "2027-01-01T00:00:00"} == look(simulator, "clock")
    order(simulator, "clock", {"freeze": False})
    order(simulator, "clock", {"set": "2026-01-31T12:00:00+01:00"})
    assert look(simulator, "clock") == {"now": "2026-01-31T11:00:00"}


def test_clock_runs_on_after_it_was_set():
    with serve() as simulator:
        order(simulator, "clock", {"set": "2026-01-01T00:00:00"})
        first = look(simulator, "clock")["now"]
        time.sleep(0.01)
        assert first < look(simulator, "clock")["now"] < "2026-01-01T00:01"


def test_reset_goes_back_to_the_seed_but_keeps_the_apps(simulator, api):
    simulator.control.register_app("other", "secret")
    simulator.control.settings(language="en", minute_limit=7)
    simulator.control.fault("html_503", path="Nothing", times=None)
    simulator.control.advance(100)
    simulator.control.close_period(BELGIAN, 2026, 3)
    api.booked(EntryDate="2026-04-01")

    assert order(simulator, "reset", {}).json() == {"reset": True}

    for route in ("entries", "accounts", "calls", "faults"):
        assert look(simulator, route) == []
    assert look(simulator, "settings")["minute_limit"] == 60
    assert look(simulator, "clock") == {"now": "2026-11-22T12:00:30"}
    assert api.get(JOURNALS).status_code == 401
    assert Api(simulator, client_id="other").booked()


def test_reset_keeps_the_settings_of_the_start():
    with serve(language="en") as simulator:
        simulator.control.settings(language="nl")
        simulator.control.reset()
        assert simulator.state.settings.language == "en"


def test_entries_and_accounts_are_shown_plainly(simulator, api):
    customer = api.customer(Code="255", Country="NL")
    api.booked(api.line(Description="Desk"), Customer=customer, EntryNumber=17)

    (entry,) = look(simulator, "entries")
    (account,) = look(simulator, "accounts")

    assert (entry["EntryNumber"], entry["AmountFC"]) == (17, 121.0)
    assert (entry["EntryDate"], entry["Division"]) == ("2026-03-10", BELGIAN)
    (line,) = entry["SalesEntryLines"]
    assert (line["Description"], line["VATCode"]) == ("Desk", "4")
    assert (account["Code"], account["Country"]) == ("255", "NL")


def test_overview_shows_what_is_booked_escaped(simulator, api):
    assert "Nothing yet" in requests.get(simulator.url, timeout=10).text
    api.booked(Customer=api.customer(Name="<b>Deco</b>"), YourRef="INV/17")

    page = requests.get(simulator.url, timeout=10).text

    assert "INV/17" in page and "121.00" in page
    assert "&lt;b&gt;Deco&lt;/b&gt;" in page and "<b>Deco" not in page


def test_fault_of_the_simulator_itself_never_passes_for_one_of_exact(
    simulator, api, monkeypatch, capsys
):
    def fail(*_arguments):
        raise KeyError("é\nodd")

    monkeypatch.setattr(handlers, "handle", fail)

    response = api.get(JOURNALS)

    assert response.status_code == 500
    assert response.headers["X-Simulator-Failed"].startswith("KeyError")
    assert "X-RateLimit-Limit" not in response.headers
    assert capsys.readouterr().err.rstrip().endswith("KeyError: 'é\\nodd'")
    (line,) = look(simulator, "crashes")
    assert line.startswith(f"GET /api/v1/{BELGIAN}/{JOURNALS}: KeyError")
    simulator.control.reset()
    assert simulator.control.crashes() == []


def test_ordered_500_is_no_fault_of_the_simulator(simulator, api):
    simulator.control.fault("status_500_generic")

    assert "X-Simulator-Failed" not in api.get(JOURNALS).headers
    assert look(simulator, "crashes") == []


def test_person_is_moved_to_other_divisions(simulator, api):
    simulator.control.person(
        DUTCH_USER,
        divisions=[SECOND],
        current_division=BELGIAN,
        dossier_division=SECOND,
    )

    (me,) = api.rows("current/Me")
    assert (me["CurrentDivision"], me["AccountingDivision"]) == (BELGIAN, BELGIAN)
    assert me["DossierDivision"] == SECOND
    assert api.get(JOURNALS, division=BELGIAN).status_code == 403
    assert api.get(JOURNALS, division=SECOND).status_code == 200


def test_page_that_does_not_exist(simulator):
    assert requests.get(f"{simulator.url}/nothing", timeout=10).status_code == 404


def test_command_line_refuses_a_wrong_setting():
    with pytest.raises(SystemExit) as caught:
        main(["--set", "error_status=404"])

    assert "error_status" in str(caught.value)
