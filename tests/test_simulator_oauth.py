"""Consent page and codes of the simulator."""

import pytest
import requests

from .simulator import App, serve
from .simulator_api import (
    CLIENT_ID,
    CLIENT_SECRET,
    CONSENT_REQUEST,
    REDIRECT_URI,
    answer_of,
    connect,
    consent,
    exchange,
    fixed_clock,
    works,
)


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock()) as running:
        yield running


# === CONSENT === #


def test_page_names_the_app_and_has_both_buttons(simulator):
    page = requests.get(
        f"{simulator.url}/api/oauth2/auth", params=CONSENT_REQUEST, timeout=10
    )

    assert page.status_code == 200
    assert CLIENT_ID in page.text
    assert 'value="allow"' in page.text and 'value="refuse"' in page.text


def test_page_escapes_what_it_was_sent(simulator):
    params = {**CONSENT_REQUEST, "state": '"><script>alert(1)</script>'}

    page = requests.get(f"{simulator.url}/api/oauth2/auth", params=params, timeout=10)

    assert "<script>" not in page.text


def test_allowed_consent_returns_a_long_code_and_the_state(simulator):
    response = consent(simulator)

    answer = answer_of(response)
    assert response.headers["Location"].startswith(REDIRECT_URI + "?")
    assert answer["state"] == CONSENT_REQUEST["state"]
    assert len(answer["code"]) > 300
    assert {"+", "/", "="} <= set(answer["code"])


def test_address_with_a_query_is_kept(simulator):
    response = consent(simulator, redirect_uri=REDIRECT_URI + "?db=x")

    assert answer_of(response)["db"] == "x"
    assert response.headers["Location"].count("?") == 1


def test_refused_consent_returns_access_denied_and_the_state(simulator):
    answer = answer_of(consent(simulator, decision="refuse"))

    assert answer == {"error": "access_denied", "state": CONSENT_REQUEST["state"]}


def test_other_response_type_is_refused(simulator):
    answer = answer_of(consent(simulator, response_type="token"))

    assert answer["error"] == "unsupported_response_type"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://elsewhere.example/return"},
        {"redirect_uri": "javascript:alert(1)"},
        {"user": "nobody@example.com"},
        {"decision": "perhaps"},
    ],
)
def test_wrong_request_is_never_sent_back(simulator, changes):
    response = consent(simulator, **changes)

    assert response.status_code == 400
    assert "Location" not in response.headers


def test_only_the_registered_address_counts_when_so_set():
    app = App(CLIENT_ID, CLIENT_SECRET, (REDIRECT_URI,))
    with serve(apps=[app], any_local_redirect=False) as simulator:
        assert consent(simulator).status_code == 302
        other = consent(simulator, redirect_uri=REDIRECT_URI + "/")
        assert other.status_code == 400


# === CODE === #


def test_code_is_exchanged_for_tokens(simulator):
    tokens = connect(simulator)

    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == "600"
    assert works(simulator, tokens)


def test_code_works_once(simulator):
    code = answer_of(consent(simulator))["code"]
    exchange(simulator, code)

    response = exchange(simulator, code)

    assert (response.status_code, response.json()) == (
        400,
        {"error": "invalid_request"},
    )


@pytest.mark.parametrize(("age", "status"), [(180, 200), (181, 400)])
def test_code_lives_three_minutes(simulator, age, status):
    code = answer_of(consent(simulator))["code"]
    simulator.clock.advance(age)

    assert exchange(simulator, code).status_code == status


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_secret": "wrong"},
        {"redirect_uri": REDIRECT_URI + "/"},
        {"code": "wrong"},
        {"code": ""},
        {"grant_type": "password"},
    ],
)
def test_wrong_exchange_is_an_invalid_request(simulator, changes):
    code = answer_of(consent(simulator))["code"]

    response = exchange(simulator, code, **changes)

    assert (response.status_code, response.json()) == (
        400,
        {"error": "invalid_request"},
    )
    assert exchange(simulator, code).status_code == 200


def test_token_call_must_be_a_form(simulator):
    body = {"grant_type": "refresh_token", "client_id": CLIENT_ID}
    url = f"{simulator.url}/api/oauth2/token"

    assert requests.post(url, json=body, timeout=10).json() == {
        "error": "invalid_request"
    }
    assert requests.get(url, params=body, timeout=10).status_code == 400
