"""Limits on calls and on client errors."""

import pytest
import requests

from .simulator import serve
from .simulator_api import (
    CLIENT_ID,
    CLIENT_SECRET,
    DUTCH,
    ENGLISH_USER,
    NOW,
    SECOND,
    Api,
    fixed_clock,
    refused,
)

JOURNALS = "financial/Journals"
MINUTE = "X-RateLimit-Minutely-"
DAY = "X-RateLimit-"


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock()) as running:
        yield running


@pytest.fixture
def api(simulator):
    return Api(simulator)


# === LIMITS === #


def test_every_answer_has_the_six_rate_headers(simulator, api):
    response = api.get(JOURNALS)

    # 12:00:30: the minute ends at 12:01, the day at midnight UTC.
    midnight = NOW.replace(hour=0, minute=0, second=0).timestamp() + 86_400
    assert {
        name: value
        for name, value in response.headers.items()
        if name.startswith("X-RateLimit")
    } == {
        DAY + "Limit": "5000",
        DAY + "Remaining": "4999",
        DAY + "Reset": str(int(midnight * 1000)),
        MINUTE + "Limit": "60",
        MINUTE + "Remaining": "59",
        MINUTE + "Reset": str(int(NOW.timestamp() + 30) * 1000),
    }


def test_refusals_have_rate_headers_too(api):
    assert MINUTE + "Remaining" in api.get("none/Such").headers


def test_minute_is_exhausted_after_its_limit(simulator, api):
    simulator.control.settings(minute_limit=2)
    assert [api.get(JOURNALS).status_code for _call in range(3)] == [200, 200, 429]

    response = api.get(JOURNALS)

    assert response.content == b""
    assert response.headers[MINUTE + "Remaining"] == "0"
    assert DAY + "Remaining" not in response.headers
    simulator.clock.advance(30)
    assert api.get(JOURNALS).status_code == 200


def test_day_is_exhausted_after_its_limit(simulator, api):
    simulator.control.settings(day_limit=1)
    api.get(JOURNALS)

    response = api.get(JOURNALS)

    assert (response.status_code, response.content) == (429, b"")
    assert response.headers[DAY + "Remaining"] == "0"
    assert MINUTE + "Remaining" not in response.headers
    simulator.clock.advance(12 * 3600)
    assert Api(simulator).get(JOURNALS).status_code == 200


def test_limits_count_per_division_and_app(simulator, api):
    simulator.control.settings(minute_limit=1)
    simulator.control.register_app("other", "secret")
    api.get(JOURNALS)

    assert api.get(JOURNALS).status_code == 429
    assert api.get(JOURNALS, division=SECOND).status_code == 200
    assert Api(simulator, client_id="other").get(JOURNALS).status_code == 200


@pytest.mark.parametrize(("counts", "left"), [(True, "58"), (False, "59")])
def test_me_draws_from_the_current_division_when_so_set(simulator, api, counts, left):
    simulator.control.settings(me_counts=counts)
    api.get("current/Me")

    assert api.get(JOURNALS).headers[MINUTE + "Remaining"] == left


def test_me_counts_nowhere_and_has_no_rate_headers(simulator, api):
    simulator.control.settings(minute_limit=1)
    for _call in range(3):
        response = api.get("current/Me")
        assert response.status_code == 200
        assert not [name for name in response.headers if "RateLimit" in name]

    assert api.get(JOURNALS).status_code == 200


def test_list_of_divisions_counts(simulator, api):
    api.get("system/Divisions")

    assert api.get(JOURNALS).headers[MINUTE + "Remaining"] == "58"


def test_contract_is_exhausted_over_all_divisions_and_apps(simulator, api):
    simulator.control.register_app("other", "secret")
    simulator.control.settings(contract_limit=3)
    api.get("current/Me")
    api.get(JOURNALS)
    api.get(JOURNALS, division=SECOND)
    response = Api(simulator, client_id="other").get(JOURNALS)
    assert (response.status_code, response.headers[DAY + "Remaining"]) == (200, "4999")

    for more in (api, Api(simulator, ENGLISH_USER, client_id="other")):
        response = more.get(JOURNALS, division=DUTCH)

        assert (response.status_code, response.content) == (429, b"")
        shown = {name for name in response.headers if name.startswith("X-RateLimit")}
        assert shown == {DAY + "Limit", DAY + "Remaining", DAY + "Reset"}
        assert response.headers[DAY + "Limit"] == "3"
        assert response.headers[DAY + "Remaining"] == "0"
        assert more.get("current/Me").status_code == 200
    simulator.clock.advance(12 * 3600)
    assert Api(simulator).get(JOURNALS).status_code == 200


def test_contract_may_have_no_limit(simulator, api):
    simulator.control.settings(contract_limit=None)

    assert api.get(JOURNALS).status_code == 200


def test_address_of_nothing_counts_where_it_names_a_division(api):
    url = f"{api.simulator.url}/api/v1/{api.division}"
    for path in ("$batch", "a/b/c/d/e", "beta"):
        response = api.session.get(f"{url}/{path}", timeout=10)
        assert response.status_code == 404
        assert MINUTE + "Remaining" in response.headers

    assert api.get(JOURNALS).headers[MINUTE + "Remaining"] == "56"


def test_token_calls_do_not_count(simulator, api):
    url = f"{simulator.url}/api/oauth2/token"
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    requests.post(url, data=form, timeout=10)

    assert api.get(JOURNALS).headers[MINUTE + "Remaining"] == "59"


# === ERRORS === #


def test_eleventh_client_error_blocks_the_app_for_an_hour(simulator, api):
    statuses = [api.get("none/Such").status_code for _call in range(12)]
    assert statuses == [404] * 11 + [429]

    response = api.get(JOURNALS)

    refused(response, 429, "API rate limit exceeded")
    assert MINUTE + "Remaining" not in response.headers
    simulator.clock.advance(3600)
    assert Api(simulator).get(JOURNALS).status_code == 200


def test_ten_client_errors_do_not_block(api):
    for _call in range(10):
        api.get("none/Such")

    assert api.get(JOURNALS).status_code == 200


def test_errors_count_per_endpoint(api):
    for number in range(15):
        api.get(f"none/Such{number}")

    assert api.get(JOURNALS).status_code == 200


def test_errors_of_the_past_hour_count(simulator, api):
    for _call in range(10):
        api.get("none/Such")
    simulator.clock.advance(3600)
    api = Api(simulator)
    api.get("none/Such")

    assert api.get(JOURNALS).status_code == 200


def test_status_500_is_no_client_error(simulator, api):
    simulator.control.settings(error_status=500)
    for _call in range(15):
        assert api.post("crm/Accounts", {}).status_code == 500

    assert api.get(JOURNALS).status_code == 200


def test_block_can_be_of_one_endpoint(simulator, api):
    simulator.control.settings(block_scope="endpoint", error_limit=0)
    api.get("none/Such")

    assert api.get("none/Such").status_code == 429
    assert api.get(JOURNALS).status_code == 200


def test_second_block_is_longer(simulator):
    simulator.control.settings(error_limit=0)
    Api(simulator).get("none/Such")
    simulator.clock.advance(3600)
    Api(simulator).get("none/Such")
    simulator.clock.advance(3600)

    assert Api(simulator).get(JOURNALS).status_code == 429
