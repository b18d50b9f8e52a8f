"""Consent page and token endpoint of the simulator."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from .simulator import App, serve
from .simulator_api import (
    BELGIAN,
    CLIENT_ID,
    CLIENT_SECRET,
    DUTCH_USER,
    ENGLISH_USER,
    REDIRECT_URI,
    fixed_clock,
)

REQUEST = {
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT_URI,
    "response_type": "code",
    "state": "a state/with signs",
    "force_login": "0",
}


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock()) as running:
        yield running


def consent(simulator, user=DUTCH_USER, decision="allow", **changes):
    form = {**REQUEST, "user": user, "decision": decision, **changes}
    url = f"{simulator.url}/api/oauth2/auth"
    return requests.post(url, data=form, allow_redirects=False, timeout=10)


def answer_of(response):
    assert response.status_code == 302, response.text
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def token(simulator, **form):
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **form}
    url = f"{simulator.url}/api/oauth2/token"
    return requests.post(url, data=form, timeout=10)


def exchange(simulator, given_code, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": given_code,
        "redirect_uri": REDIRECT_URI,
        **changes,
    }
    return token(simulator, **form)


def renew(simulator, refresh_token, **changes):
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **changes}
    return token(simulator, **form)


def connect(simulator, user=DUTCH_USER):
    code = answer_of(consent(simulator, user))["code"]
    return exchange(simulator, code).json()


def works(simulator, tokens):
    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "Accept": "application/json",
    }
    url = f"{simulator.url}/api/v1/current/Me"
    return requests.get(url, headers=headers, timeout=10).status_code == 200


# === CONSENT === #


def test_page_names_the_app_and_has_both_buttons(simulator):
    page = requests.get(f"{simulator.url}/api/oauth2/auth", params=REQUEST, timeout=10)

    assert page.status_code == 200
    assert CLIENT_ID in page.text
    assert 'value="allow"' in page.text and 'value="refuse"' in page.text


def test_page_escapes_what_it_was_sent(simulator):
    params = {**REQUEST, "state": '"><script>alert(1)</script>'}

    page = requests.get(f"{simulator.url}/api/oauth2/auth", params=params, timeout=10)

    assert "<script>" not in page.text


def test_allowed_consent_returns_a_long_code_and_the_state(simulator):
    response = consent(simulator)

    answer = answer_of(response)
    assert response.headers["Location"].startswith(REDIRECT_URI + "?")
    assert answer["state"] == REQUEST["state"]
    assert len(answer["code"]) > 300
    assert {"+", "/", "="} <= set(answer["code"])


def test_address_with_a_query_is_kept(simulator):
    response = consent(simulator, redirect_uri=REDIRECT_URI + "?db=x")

    assert answer_of(response)["db"] == "x"
    assert response.headers["Location"].count("?") == 1


def test_refused_consent_returns_access_denied_and_the_state(simulator):
    answer = answer_of(consent(simulator, decision="refuse"))

    assert answer == {"error": "access_denied", "state": REQUEST["state"]}


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


# === RENEWAL === #


@pytest.mark.parametrize(("age", "status"), [(569, 400), (570, 200)])
def test_renewal_is_accepted_after_nine_and_a_half_minutes(simulator, age, status):
    tokens = connect(simulator)
    simulator.clock.advance(age)

    assert renew(simulator, tokens["refresh_token"]).status_code == status


def test_early_renewal_says_so(simulator):
    tokens = connect(simulator)

    response = renew(simulator, tokens["refresh_token"])

    text = "Rate limit exceeded: access_token not expired"
    assert response.status_code == 400
    assert response.json() == {"error": "access_denied", "error_description": text}
    assert response.headers["Reason"] == f"TooEarlyToRefreshTokens: {text}"


def test_early_renewal_as_the_documentation_has_it(simulator):
    simulator.control.settings(too_early_status=401)
    tokens = connect(simulator)

    response = renew(simulator, tokens["refresh_token"])

    assert response.status_code == 401
    assert response.headers["Reason"] == "Access Token not expired"


def test_early_renewal_does_not_spend_the_token(simulator):
    tokens = connect(simulator)
    renew(simulator, tokens["refresh_token"])
    simulator.clock.advance(570)

    assert renew(simulator, tokens["refresh_token"]).status_code == 200


def test_renewal_gives_new_tokens_and_kills_the_old_one(simulator):
    old = connect(simulator)
    simulator.clock.advance(580)

    new = renew(simulator, old["refresh_token"]).json()

    assert new["refresh_token"] != old["refresh_token"]
    assert works(simulator, new)
    text = "Token is not allowed, because of invalid or empty chainId"
    reused = renew(simulator, old["refresh_token"])
    assert reused.status_code == 400
    assert reused.json() == {"error": "invalid_grant", "error_description": text}
    assert reused.headers["Reason"] == f"Unknown: {text}"


def test_reuse_in_the_old_wording(simulator):
    simulator.control.settings(token_wording="old")
    old = connect(simulator)
    simulator.clock.advance(580)
    renew(simulator, old["refresh_token"])

    reused = renew(simulator, old["refresh_token"])

    assert reused.status_code == 401
    assert reused.json() == {
        "error": "unauthorized_client",
        "error_description": "Old refresh token used.",
    }


@pytest.mark.parametrize(("kills", "status"), [(False, 200), (True, 400)])
def test_reuse_kills_the_newest_token_when_so_set(simulator, kills, status):
    simulator.control.settings(reuse_kills_newest=kills)
    old = connect(simulator)
    simulator.clock.advance(580)
    new = renew(simulator, old["refresh_token"]).json()
    renew(simulator, old["refresh_token"])
    assert works(simulator, new) is not kills
    simulator.clock.advance(580)

    assert renew(simulator, new["refresh_token"]).status_code == status


def test_unknown_refresh_token_is_an_invalid_grant(simulator):
    assert renew(simulator, "wrong").json()["error"] == "invalid_grant"


def test_refresh_token_of_another_app_is_an_invalid_grant(simulator):
    simulator.control.register_app("other", "secret")
    tokens = connect(simulator)
    simulator.clock.advance(580)

    response = renew(
        simulator, tokens["refresh_token"], client_id="other", client_secret="secret"
    )

    assert response.json()["error"] == "invalid_grant"


def test_unused_refresh_token_lives_thirty_days(simulator):
    tokens = connect(simulator)
    simulator.clock.advance(30 * 86_400 + 1)

    response = renew(simulator, tokens["refresh_token"])

    assert response.status_code == 400
    assert response.json() == {
        "error": "invalid_request",
        "error_description": "The refresh token expired at 12/22/2026 12:00:30 PM and it"
        " is now 12/22/2026 12:00:31 PM.",
    }


def test_new_consent_kills_the_older_chain(simulator):
    older = connect(simulator)
    simulator.clock.advance(580)

    newer = connect(simulator)

    assert renew(simulator, older["refresh_token"]).json()["error"] == "invalid_grant"
    simulator.clock.advance(580)
    assert renew(simulator, newer["refresh_token"]).status_code == 200


def test_consent_of_another_user_leaves_the_chain_alone(simulator):
    tokens = connect(simulator)
    connect(simulator, ENGLISH_USER)
    simulator.clock.advance(580)

    assert renew(simulator, tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("ends", [True, False])
def test_new_consent_ends_old_access_tokens_when_so_set(simulator, ends):
    simulator.control.settings(consent_kills_access=ends)
    older = connect(simulator)

    connect(simulator)

    assert works(simulator, older) is not ends


@pytest.mark.parametrize(("age", "is_fresh"), [(599, True), (600, False)])
def test_access_token_lives_ten_minutes(simulator, age, is_fresh):
    tokens = connect(simulator)
    simulator.clock.advance(age)

    assert works(simulator, tokens) is is_fresh


def test_token_calls_a_day_are_limited_when_so_set(simulator):
    simulator.control.settings(token_day_limit=1)
    connect(simulator)
    code = answer_of(consent(simulator))["code"]

    assert exchange(simulator, code).json()["error"] == "access_denied"
    simulator.clock.advance(86_400)
    simulator.control.settings(code_life=100_000)
    assert exchange(simulator, code).status_code == 200


def test_user_of_one_division_sees_only_that_one(simulator):
    tokens = connect(simulator, "sofie.maes@example.com")
    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "Accept": "application/json",
    }
    url = f"{simulator.url}/api/v1/{BELGIAN}/system/Divisions?$select=Code"

    rows = requests.get(url, headers=headers, timeout=10).json()["d"]["results"]

    assert [row["Code"] for row in rows] == [3456782]
