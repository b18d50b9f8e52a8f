"""What is known of Exact Online's tokens and limits, as a specification.

Each test is a fact that is documented or was seen, by the section it belongs to: 2.2 to
2.4 consent and tokens, 5 limits, 12 what comes first.
"""

import pytest
import requests

from .facts import (
    ACCOUNTS,
    ENTRIES,
    JOURNALS,
    brief,
)
from .simulator import serve
from .simulator_api import (
    BELGIAN,
    CLIENT_ID,
    CLIENT_SECRET,
    DUTCH,
    DUTCH_USER,
    ENGLISH_USER,
    REDIRECT_URI,
    RESTRICTED_USER,
    Api,
    answer_of,
    connect,
    consent,
    exchange,
    fixed_clock,
    renew,
    token,
    works,
)

DEAD = "Token is not allowed, because of invalid or empty chainId"
MINUTE = ("X-RateLimit-Minutely-Limit", "X-RateLimit-Minutely-Reset")
MINUTE = (*MINUTE, "X-RateLimit-Minutely-Remaining")
DAY_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Reset", "X-RateLimit-Remaining")


# === 2.3 AND 2.4 TOKENS === #


def dead(response):
    assert response.status_code == 400, brief(response)
    content = response.json()
    assert (content["error"], content["error_description"]) == ("invalid_grant", DEAD)
    assert response.headers["Reason"].startswith("Unknown: ")


def test_2_2_address_of_the_consent_may_end_with_a_slash(simulator):
    params = {"client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI}
    params["response_type"] = "code"
    url = f"{simulator.url}/api/oauth2/auth/"

    response = requests.get(url, params=params, timeout=10)

    assert response.status_code == 200


def test_2_2_refused_consent_comes_back_without_a_code(simulator):
    answer = answer_of(consent(simulator, decision="refuse"))

    assert "error" in answer and "code" not in answer


def test_2_2_code_works_once(simulator):
    code = answer_of(consent(simulator))["code"]
    assert exchange(simulator, code).status_code == 200

    dead(exchange(simulator, code))


def test_2_2_code_lives_three_minutes(simulator):
    code = answer_of(consent(simulator))["code"]
    simulator.control.advance(181)

    dead(exchange(simulator, code))


def test_2_3_secret_in_http_basic(simulator):
    code = answer_of(consent(simulator))["code"]
    form = {"grant_type": "authorization_code", "code": code}
    form["redirect_uri"] = REDIRECT_URI
    url = f"{simulator.url}/api/oauth2/token"

    response = requests.post(
        url, data=form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=10
    )

    assert response.status_code == 200, brief(response)


def test_2_3_wrong_secret_in_http_basic(simulator):
    form = {"grant_type": "authorization_code", "code": "x"}
    form["redirect_uri"] = REDIRECT_URI
    url = f"{simulator.url}/api/oauth2/token"

    response = requests.post(url, data=form, auth=(CLIENT_ID, "wrong"), timeout=10)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_2_3_bearer_at_the_token_endpoint(simulator):
    tokens = connect(simulator)
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    form.update(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    simulator.control.advance(571)

    url = f"{simulator.url}/api/oauth2/token"
    response = requests.post(url, data=form, headers=headers, timeout=10)

    assert response.status_code == 401
    assert renew(simulator, tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"client_secret": "wrong"}, {"client_id": "wrong"}]
)
def test_2_4_wrong_client(simulator, changes):
    response = renew(simulator, connect(simulator)["refresh_token"], **changes)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("form", [{}, {"grant_type": "refresh_token"}])
def test_2_4_malformed_form(simulator, form):
    assert token(simulator, **form).status_code == 400


def test_2_4_unknown_code_and_unknown_token(simulator):
    dead(exchange(simulator, "no-code"))
    dead(renew(simulator, "no-token"))


def test_2_3_token_turns_at_each_renewal(simulator):
    first = connect(simulator)
    simulator.control.advance(571)
    second = renew(simulator, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    simulator.control.advance(571)

    dead(renew(simulator, first["refresh_token"]))

    assert renew(simulator, second["refresh_token"]).status_code == 200


def test_2_3_access_token_lives_ten_minutes(simulator):
    tokens = connect(simulator)
    simulator.control.advance(599)
    assert works(simulator, tokens)

    simulator.control.advance(2)

    assert not works(simulator, tokens)


def test_2_4_unused_token_dies_after_thirty_days(simulator):
    tokens = connect(simulator)
    simulator.control.advance(30 * 86_400 + 1)

    response = renew(simulator, tokens["refresh_token"])

    assert response.status_code == 400
    content = response.json()
    assert content["error"] == "invalid_request"
    text = content["error_description"]
    assert text.startswith("The refresh token expired at ") and "it is now" in text


def test_2_3_reuse_may_end_the_chain(simulator):
    simulator.control.settings(reuse_kills_newest=True)
    first = connect(simulator)
    simulator.control.advance(571)
    second = renew(simulator, first["refresh_token"]).json()
    dead(renew(simulator, first["refresh_token"]))
    simulator.control.advance(571)

    dead(renew(simulator, second["refresh_token"]))


def test_2_3_connection_of_another_user_lives_on(simulator):
    first = connect(simulator)
    connect(simulator, ENGLISH_USER)
    simulator.control.advance(571)

    assert renew(simulator, first["refresh_token"]).status_code == 200


@pytest.mark.parametrize("moves", [False, True])
def test_2_3_empty_answer_leaves_open_whether_the_chain_moved(simulator, moves):
    tokens = connect(simulator)
    simulator.control.advance(571)
    simulator.control.fault("token_empty", chain_moves=moves)

    answer = renew(simulator, tokens["refresh_token"])

    assert (answer.status_code, answer.content) == (200, b"")
    again = renew(simulator, tokens["refresh_token"])
    assert again.status_code == (400 if moves else 200)


def test_2_3_password_ends_the_connections_of_that_user_alone(simulator):
    mine, other = connect(simulator), connect(simulator, ENGLISH_USER)

    simulator.control.change_password(DUTCH_USER)

    assert (works(simulator, mine), works(simulator, other)) == (False, True)


# === 5 LIMITS === #


@pytest.fixture
def limited():
    with serve(clock=fixed_clock()) as running:
        yield Api(running)


def test_5_1_sixty_calls_a_minute(limited):
    for _call in range(60):
        assert limited.get(JOURNALS).status_code == 200
    assert limited.get(JOURNALS).status_code == 429

    # The clock stands at half past a minute.
    limited.simulator.control.advance(30)

    assert limited.get(JOURNALS).status_code == 200


def test_5_1_each_division_and_app_has_its_own_count(limited):
    simulator = limited.simulator
    simulator.control.settings(minute_limit=1)
    simulator.control.register_app("second", "secret")
    assert limited.get(JOURNALS).status_code == 200
    assert limited.get(JOURNALS).status_code == 429

    assert limited.get(JOURNALS, division=DUTCH).status_code == 200
    assert Api(simulator, client_id="second").get(JOURNALS).status_code == 200
    assert Api(simulator, ENGLISH_USER).get(JOURNALS).status_code == 429


def test_5_1_list_of_divisions_counts(limited):
    limited.simulator.control.settings(minute_limit=1)
    assert limited.get("system/Divisions").status_code == 200

    assert limited.get(JOURNALS).status_code == 429


def test_5_1_day_begins_at_midnight_utc(limited):
    limited.simulator.control.settings(day_limit=1)
    first = limited.get(JOURNALS)
    reset = int(first.headers["X-RateLimit-Reset"])
    assert reset % 86_400_000 == 0
    assert limited.get(JOURNALS).status_code == 429

    limited.simulator.control.clock(set="2026-11-23T00:00:01+00:00")

    assert Api(limited.simulator).get(JOURNALS).status_code == 200


def test_5_2_minute_ends_at_the_whole_minute(limited):
    reset = int(limited.get(JOURNALS).headers["X-RateLimit-Minutely-Reset"])

    assert reset % 60_000 == 0
    now = limited.simulator.clock.moment().timestamp() * 1000
    assert 0 < reset - now <= 60_000


@pytest.mark.parametrize(
    ("limit", "shown", "hidden"),
    [("minute_limit", MINUTE, DAY_HEADERS), ("day_limit", DAY_HEADERS, MINUTE)],
)
def test_5_2_headers_of_the_exhausted_window_alone(limited, limit, shown, hidden):
    limited.simulator.control.settings(**{limit: 1})
    limited.get(JOURNALS)

    response = limited.get(JOURNALS)

    assert (response.status_code, response.content) == (429, b"")
    assert set(shown) <= set(response.headers)
    assert not set(hidden) & set(response.headers)


def test_5_2_429_without_any_header(simulator, api):
    simulator.control.fault("rate_limited_bare")

    response = api.get(JOURNALS)

    assert response.status_code == 429
    assert not [name for name in response.headers if name.startswith("X-RateLimit")]


def test_5_1_contract_has_one_count_for_apps_and_divisions(limited):
    simulator = limited.simulator
    simulator.control.settings(contract_limit=2)
    simulator.control.register_app("second", "secret")
    assert limited.get(JOURNALS).status_code == 200
    other = Api(simulator, client_id="second", division=DUTCH)
    assert other.get(JOURNALS).status_code == 200

    assert {limited.get(JOURNALS).status_code, other.get(JOURNALS).status_code} == {429}
    assert limited.get("current/Me").status_code == 200


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda api: api.get(ACCOUNTS, select="Nothing", filter="Name eq 'a'"), 400),
        (
            lambda api: api.get(
                f"{ACCOUNTS}(guid'{'0' * 8}-0000-0000-0000-{'0' * 12}')"
            ),
            404,
        ),
    ],
)
def test_5_3_more_than_ten_client_errors_block_the_app(limited, call, status):
    for _call in range(10):
        assert call(limited).status_code == status
    assert limited.get(JOURNALS).status_code == 200
    call(limited)

    response = limited.get(JOURNALS)

    assert response.status_code == 429
    assert not [name for name in response.headers if name.startswith("X-RateLimit")]


def test_5_3_findings_with_500_do_not_count(limited):
    for _call in range(12):
        assert limited.post(ACCOUNTS, {}).status_code == 500

    assert limited.get(JOURNALS).status_code == 200


def test_5_3_errors_of_an_hour_ago_are_forgotten(limited):
    def wrong():
        return limited.get(ACCOUNTS, select="Nothing", filter="Name eq 'a'")

    for _call in range(10):
        wrong()
    limited.simulator.control.advance(3601)
    limited = Api(limited.simulator)
    wrong()

    assert limited.get(JOURNALS).status_code == 200


@pytest.mark.parametrize("extension", ["pdf", "txt", "xml", "jpg", "png"])
def test_5_4_files_that_are_taken(api, extension):
    assert _attach(api, f"a.{extension}").status_code == 201


@pytest.mark.parametrize("extension", ["exe", "bat", "EXE"])
def test_5_4_executables_are_refused(api, extension):
    assert _attach(api, f"a.{extension}").status_code >= 400


def _attach(api, name):
    body = {"Type": 55, "Subject": "Factuur"}
    document = api.post("documents/Documents", body).json()["d"]["ID"]
    body = {"Document": document, "FileName": name, "Attachment": "aGFsbG8="}
    return api.post("documents/DocumentAttachments", body)


# === 12 ORDER OF THE GATE === #


def test_12_token_comes_before_all_else(api):
    headers = {"Authorization": "Bearer nobody"}

    response = api.get("financial/Nothings", headers=headers, division=999)

    assert response.status_code == 401


def test_12_exhausted_limit_comes_before_rights_and_routes(limited):
    limited.simulator.control.settings(minute_limit=1)
    limited.get(JOURNALS)

    assert limited.get("financial/Nothings").status_code == 429
    assert limited.get(JOURNALS, select="Nothing").status_code == 429


def test_12_scope_comes_before_the_division(simulator):
    simulator.control.register_app("narrow", "secret", scopes={"crm.accounts": "read"})
    api = Api(simulator, RESTRICTED_USER, BELGIAN, client_id="narrow")

    response = api.get(JOURNALS)

    assert response.status_code == 403
    assert "Scope" in response.text


def test_12_route_comes_before_verb_and_verb_before_accept(api):
    headers = {"Accept": "text/html"}

    assert api.delete("financial/Nothings(guid'x')").status_code == 404
    response = api.call("POST", "general/Currencies", json={}, headers=headers)
    assert response.status_code == 405


@pytest.mark.parametrize(
    "fault", ["division_moved", "login_html", "html_503", "status_408"]
)
def test_12_other_trouble_can_be_ordered(simulator, api, fault):
    simulator.control.fault(fault)

    response = api.get(JOURNALS, headers={"Accept": "application/json"})

    assert response.status_code != 200 or "<html" in response.text.lower()


def test_12_lost_answer_of_a_booking(simulator, api):
    body = api.entry_body(Customer=api.customer(PaymentConditionSales="30"))
    simulator.control.fault("drop_answer", method="POST")

    with pytest.raises(requests.RequestException):
        api.post(ENTRIES, body)

    assert len(simulator.control.entries()) == 1


def test_12_entry_in_another_division_is_told_by_division_and_address(simulator, api):
    body = api.entry_body(Customer=api.customer(PaymentConditionSales="30"))
    simulator.control.fault("other_division", method="POST", division=DUTCH)

    entry = api.post(ENTRIES, body).json()["d"]

    assert entry["Division"] == DUTCH
    assert f"/api/v1/{DUTCH}/" in entry["__metadata"]["uri"]
    assert api.rows(ENTRIES) == []
