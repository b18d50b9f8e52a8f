"""Access and refresh tokens of the simulator."""

import pytest
import requests

from .simulator import serve
from .simulator_api import (
    DUTCH_USER,
    ENGLISH_USER,
    SECOND,
    answer_of,
    connect,
    consent,
    exchange,
    fixed_clock,
    renew,
    works,
)


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock()) as running:
        yield running


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
        "error_description": "The refresh token expired at 12/22/2026 12:00:30 PM and"
        " it is now 12/22/2026 12:00:31 PM.",
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
    url = f"{simulator.url}/api/v1/{SECOND}/system/Divisions?$select=Code"

    rows = requests.get(url, headers=headers, timeout=10).json()["d"]["results"]

    assert [row["Code"] for row in rows] == [SECOND]


def test_new_password_ends_all_connections_of_the_user(simulator):
    simulator.control.register_app("other", "secret")
    other = simulator.sign_in(client_id="other")
    tokens = connect(simulator)
    code = answer_of(consent(simulator))["code"]
    mine = connect(simulator, ENGLISH_USER)

    simulator.control.change_password(DUTCH_USER)

    assert not works(simulator, tokens) and not works(simulator, other)
    assert works(simulator, mine)
    assert exchange(simulator, code).json()["error"] == "invalid_grant"
    simulator.clock.advance(580)
    assert renew(simulator, tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert works(simulator, connect(simulator))
