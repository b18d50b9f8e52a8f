"""Consent page and codes of the simulator."""

import pytest
import requests

from .simulator import App, serve
from .simulator_api import (
    ARCHIVED,
    BELGIAN,
    BLOCKED,
    CLIENT_ID,
    CLIENT_SECRET,
    CONSENT_REQUEST,
    DUTCH,
    DUTCH_USER,
    MULTI_USER,
    REDIRECT_URI,
    RESTRICTED_USER,
    SECOND,
    Api,
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


@pytest.mark.parametrize("kind", ["token", "id_token", "Code", "code token"])
def test_other_response_type_is_refused_with_a_sentence(simulator, kind):
    answer = answer_of(consent(simulator, response_type=kind))

    assert answer["error"] == "unsupported_response_type"
    assert f"'{kind}'" in answer["error_description"]
    assert "code" not in answer


def test_missing_response_type_is_refused_with_a_sentence(simulator):
    answer = answer_of(consent(simulator, response_type=""))

    assert answer["error"] == "invalid_request"
    assert "response_type" in answer["error_description"]


def test_page_may_be_asked_for_with_a_slash_at_the_end(simulator):
    url = f"{simulator.url}/api/oauth2/auth/"

    assert requests.get(url, params=CONSENT_REQUEST, timeout=10).status_code == 200
    form = {**CONSENT_REQUEST, "user": DUTCH_USER, "decision": "allow"}
    assert "code" in answer_of(
        requests.post(url, data=form, allow_redirects=False, timeout=10)
    )


@pytest.mark.parametrize("decision", ["allow", "refuse"])
def test_identity_with_several_users_is_refused_and_the_app_not_told(
    simulator, decision
):
    response = consent(simulator, MULTI_USER, decision)

    assert "Location" not in response.headers
    assert (
        "Your One Exact Identity account is configured for multiple users. API"
        " Connections do not support this type of account." in response.text
    )


def test_page_offers_the_divisions(simulator):
    page = requests.get(
        f"{simulator.url}/api/oauth2/auth", params=CONSENT_REQUEST, timeout=10
    )

    for code in (BELGIAN, SECOND, ARCHIVED, BLOCKED, DUTCH):
        assert f'name="division_{code}" value="on" checked' in page.text


def test_app_may_use_only_the_divisions_that_were_ticked(simulator):
    choice = {"choose_divisions": "1", f"division_{SECOND}": "on"}
    code = answer_of(consent(simulator, **choice))["code"]
    tokens = exchange(simulator, code).json()
    simulator.clock.advance(580)
    renewed = renew(simulator, tokens["refresh_token"]).json()

    for given in (tokens, renewed):
        api = Api(simulator, RESTRICTED_USER, division=SECOND)
        api.session.headers["Authorization"] = f"Bearer {given['access_token']}"
        codes = [row["Code"] for row in api.rows("system/Divisions", select="Code")]
        assert codes == [SECOND]
        assert api.get("financial/Journals").status_code == 200
        assert api.get("financial/Journals", division=BELGIAN).status_code == 403
        # What the user has open is not of the app's choosing.
        assert api.rows("current/Me")[0]["CurrentDivision"] == BELGIAN


@pytest.mark.parametrize(
    ("user", "choice"),
    [
        (DUTCH_USER, {"choose_divisions": "1"}),
        (RESTRICTED_USER, {"choose_divisions": "1", f"division_{BELGIAN}": "on"}),
    ],
)
def test_consent_without_a_division_is_not_sent_back(simulator, user, choice):
    response = consent(simulator, user, **choice)

    assert response.status_code == 400
    assert "at least one division" in response.text


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


def dead_code(response):
    text = "Token is not allowed, because of invalid or empty chainId"
    assert (response.status_code, response.json()) == (
        400,
        {"error": "invalid_grant", "error_description": text},
    )
    assert response.headers["Reason"] == f"Unknown: {text}"


def test_code_is_exchanged_for_tokens(simulator):
    tokens = connect(simulator)

    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == "600"
    assert works(simulator, tokens)


def test_code_works_once(simulator):
    code = answer_of(consent(simulator))["code"]
    exchange(simulator, code)

    dead_code(exchange(simulator, code))


@pytest.mark.parametrize(
    "changes", [{"redirect_uri": REDIRECT_URI + "/"}, {"code": "wrong"}]
)
def test_wrong_code_answers_like_a_dead_chain(simulator, changes):
    code = answer_of(consent(simulator))["code"]

    dead_code(exchange(simulator, code, **changes))

    assert exchange(simulator, code).status_code == 200


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


# === SECRET === #


def code_form(simulator, **more):
    code = answer_of(consent(simulator))["code"]
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}
    return {**form, "code": code, **more}


def post_form(simulator, form, **options):
    url = f"{simulator.url}/api/oauth2/token"
    return requests.post(url, data=form, timeout=10, **options)


def test_secret_may_come_in_http_basic(simulator):
    right = (CLIENT_ID, CLIENT_SECRET)

    assert post_form(simulator, code_form(simulator), auth=right).status_code == 200
    named = code_form(simulator, client_id=CLIENT_ID)
    assert post_form(simulator, named, auth=right).status_code == 200
    both = code_form(simulator, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    assert post_form(simulator, both, auth=right).status_code == 200


def test_secret_in_http_basic_may_be_url_encoded(simulator):
    simulator.control.register_app("an app", "a/secret")

    for pair in (("an app", "a/secret"), ("an+app", "a%2Fsecret")):
        answer = post_form(simulator, {"grant_type": "refresh_token"}, auth=pair)
        assert answer.json() == {"error": "invalid_request"}
        form = {"grant_type": "refresh_token", "refresh_token": "wrong"}
        answer = post_form(simulator, form, auth=pair)
        assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("auth", "more"),
    [
        ((CLIENT_ID, "wrong"), {}),
        (("nobody", CLIENT_SECRET), {}),
        ((CLIENT_ID, CLIENT_SECRET), {"client_secret": "wrong"}),
        ((CLIENT_ID, CLIENT_SECRET), {"client_id": "nobody"}),
        (None, {"client_id": CLIENT_ID}),
    ],
)
def test_wrong_secret_is_an_invalid_request(simulator, auth, more):
    response = post_form(simulator, code_form(simulator, **more), auth=auth)

    assert (response.status_code, response.json()) == (
        400,
        {"error": "invalid_request"},
    )


def test_bearer_header_at_the_token_endpoint_is_401_and_spends_nothing(simulator):
    secret = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    form = code_form(simulator, **secret)

    response = post_form(simulator, form, headers={"Authorization": "Bearer abc"})

    assert response.status_code == 401
    assert post_form(simulator, form).status_code == 200
