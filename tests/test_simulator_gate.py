"""The gate before every resource: who may call what, and in which form."""

import pytest
import requests

from .simulator import serve
from .simulator_api import (
    ARCHIVED,
    BELGIAN,
    BLOCKED,
    DUTCH,
    ELSEWHERE_USER,
    ENGLISH_USER,
    LOST_USER,
    PORTAL_USER,
    RESTRICTED_USER,
    SECOND,
    Api,
    findings,
    fixed_clock,
    refused,
)

JOURNALS = "financial/Journals"


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock()) as running:
        yield running


@pytest.fixture
def api(simulator):
    return Api(simulator)


# === BEARER === #


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer wrong", "Bearer"])
def test_missing_or_unknown_token_is_401(simulator, api, header):
    response = api.get(JOURNALS, headers={"Authorization": header})

    assert response.status_code == 401
    assert "message%20expired" in response.headers["WWW-Authenticate"]


def test_expired_token_is_401_and_says_so_url_encoded(simulator, api):
    simulator.clock.advance(600)

    response = api.get(JOURNALS)

    assert response.status_code == 401
    assert "access%20token%20expired" in response.headers["WWW-Authenticate"]


def test_without_accept_a_missing_token_leads_to_the_login_page(simulator, api):
    headers = {"Accept": None, "Authorization": None}
    response = api.call("GET", JOURNALS, headers=headers, allow_redirects=False)

    assert response.status_code == 302
    assert "Object moved" in response.text
    assert response.headers["Location"].startswith("/docs/Login.aspx?ReturnUrl=")
    page = requests.get(simulator.url + response.headers["Location"], timeout=10)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")


def test_broken_token_leads_to_the_login_page_when_so_set(simulator, api):
    simulator.control.settings(broken_token="html")

    headers = {"Authorization": "Bearer wrong"}
    response = api.call("GET", JOURNALS, headers=headers, allow_redirects=False)

    assert response.status_code == 302


# === SCOPE, DIVISION, ROUTE, VERB === #


def test_missing_scope_is_403_with_its_text(simulator):
    scopes = {"financial.generalledgers": "read", "crm.accounts": "read"}
    simulator.control.register_app("narrow", "secret", scopes=scopes)
    api = Api(simulator, client_id="narrow")

    assert api.get(JOURNALS).status_code == 200
    refused(
        api.get("system/Divisions"),
        403,
        "Forbidden - Application Scope Violated. Cannot read"
        " 'organization.administration' scope.",
    )
    response = api.post("crm/Accounts", {"Name": "x"})
    assert "Cannot manage 'crm.accounts'" in response.text


@pytest.mark.parametrize(
    ("division", "reason"),
    [
        (999, "NoDivisionAccess"),
        (ARCHIVED, "DivisionBlocked"),
        (BLOCKED, "DivisionBlocked"),
    ],
)
def test_division_out_of_reach_is_403_with_its_reason(api, division, reason):
    response = api.get(JOURNALS, division=division)

    assert (response.status_code, response.headers["Reason"]) == (403, reason)


def test_division_of_others_is_out_of_reach(simulator):
    api = Api(simulator, user=RESTRICTED_USER)

    assert api.get(JOURNALS).headers["Reason"] == "NoDivisionAccess"
    assert api.get(JOURNALS, division=SECOND).status_code == 200


@pytest.mark.parametrize("resource", ["system/Divisions", "hrm/Divisions", JOURNALS])
@pytest.mark.parametrize("division", [BELGIAN, 999])
def test_wrong_division_is_told_by_text_and_header(simulator, resource, division):
    api = Api(simulator, user=RESTRICTED_USER)

    response = api.get(resource, division=division)

    refused(response, 403, "Forbidden - WrongDivision")
    assert response.headers["Reason"] == "NoDivisionAccess"
    assert "X-RateLimit-Remaining" in response.headers


def test_list_of_divisions_does_not_check_the_division_when_so_set(simulator, api):
    simulator.control.settings(divisions_checked=False)

    assert api.get("system/Divisions", division=999).status_code == 200
    assert api.get("hrm/Divisions", division=999).status_code == 403


def test_current_division_may_be_out_of_reach(simulator):
    api = Api(simulator, user=ELSEWHERE_USER)
    (me,) = api.rows("current/Me")
    assert (me["CurrentDivision"], me["AccountingDivision"]) == (BELGIAN, SECOND)

    list_of = {
        code: api.get("system/Divisions", division=code)
        for code in me.values()
        if code in (BELGIAN, SECOND)
    }

    refused(list_of[BELGIAN], 403, "Forbidden - WrongDivision")
    assert list_of[SECOND].status_code == 200


def test_no_division_that_me_names_may_be_in_reach(simulator):
    api = Api(simulator, user=LOST_USER)
    (me,) = api.rows("current/Me")
    named = [me[f"{kind}Division"] for kind in ("Current", "Accounting", "Dossier")]
    assert named == [BELGIAN, SECOND, BLOCKED]

    for code in named:
        assert api.get("system/Divisions", division=code).status_code == 403
    rows = api.rows("system/Divisions", division=DUTCH)
    assert [(row["Code"], row["Current"]) for row in rows] == [(DUTCH, False)]


# === DIVISIONS OF A LICENCE === #


def test_divisions_of_a_licence_have_names_of_their_own(api):
    rows = api.rows("hrm/Divisions", filter="Main eq true")

    (row,) = rows
    assert (row["Code"], row["HID"], row["Main"], row["Status"]) == (
        BELGIAN,
        "1",
        True,
        1,
    )
    assert (row["CountryDescription"], row["CurrencyDescription"]) == ("België", "Euro")
    assert row["Website"] is None
    single = api.get(f"hrm/Divisions({BELGIAN})", select="HID").json()["d"]
    assert single["HID"] == "1"


@pytest.mark.parametrize(
    ("resource", "names"),
    [
        ("hrm/Divisions", "Hid Current Legislation IsMainDivision IsDossierDivision"),
        ("system/Divisions", "HID Main CountryDescription CurrencyDescription"),
    ],
)
def test_names_of_the_other_list_of_divisions_are_unknown(api, resource, names):
    for name in names.split():
        assert api.get(resource, select=f"Code,{name}").status_code == 400
        assert api.get(resource, filter=f"{name} ne null").status_code == 400


def test_me_tells_who_must_migrate(simulator, api):
    (eva,) = api.rows("current/Me")
    (luc,) = Api(simulator, user=ENGLISH_USER).rows("current/Me")

    assert eva["IsOEIMigrationMandatory"] is False
    assert luc["IsOEIMigrationMandatory"] is True
    assert (eva["ServerUtcOffset"], eva["IsMyFirmPortalUser"]) == (3600, False)


def test_all_divisions_names_those_of_others_too(simulator):
    api = Api(simulator, user=RESTRICTED_USER, division=SECOND)

    codes = [row["Code"] for row in api.rows("system/AllDivisions", select="Code")]

    assert codes == [BELGIAN, SECOND, ARCHIVED, BLOCKED, DUTCH]
    assert api.get("system/AllDivisions", division=BELGIAN).status_code == 403


# === PORTAL === #


def test_portal_user_reads_and_writes_nothing(simulator, api):
    customer = api.customer()
    line = api.line()
    portal = Api(simulator, user=PORTAL_USER)
    assert portal.rows("current/Me")[0]["IsMyFirmPortalUser"] is True
    assert portal.get(JOURNALS).status_code == 200
    key = f"crm/Accounts(guid'{customer}')"
    body = {"Journal": "700", "Customer": customer, "SalesEntryLines": [line]}

    for response in (
        portal.post("salesentry/SalesEntries", body),
        portal.post("crm/Accounts", {"Name": "x"}),
        portal.post("documents/Documents", {"Subject": "x", "Type": 10}),
        portal.put(key, {"Name": "y"}),
        portal.delete(key),
    ):
        assert findings(response) == ["Document Type not allowed"]
    assert simulator.control.entries() == []


def test_reason_can_be_ordered(simulator, api):
    simulator.control.settings(forbidden_reason="LicenseExpired")

    assert api.get(JOURNALS).headers["Reason"] == "LicenseExpired"


@pytest.mark.parametrize(
    "resource",
    ["none/Such", "$batch", "financial/Journals(guid'x')/Lines", "current/Such"],
)
def test_unknown_address_is_404(api, resource):
    assert api.call("GET", resource).status_code == 404


def test_unknown_record_is_404(api):
    guid = "11111111-2222-3333-4444-555555555555"

    assert api.get(f"salesentry/SalesEntries(guid'{guid}')").status_code == 404


def test_malformed_guid_is_400(api):
    text = "Unrecognized 'Edm.Guid' literal 'guid'x'' in '0'."

    refused(api.get("salesentry/SalesEntries(guid'x')"), 400, text)


def test_address_may_be_of_any_case(api):
    assert api.get("Financial/journals").status_code == 200


@pytest.mark.parametrize(
    ("method", "resource"),
    [
        ("POST", "vat/VatPercentages"),
        ("DELETE", "financial/Journals"),
        ("PUT", "salesentry/SalesEntries"),
        ("POST", "salesentry/SalesEntries(guid'11111111-2222-3333-4444-555555555555')"),
        ("PATCH", "crm/Accounts"),
    ],
)
def test_other_verb_is_405(api, method, resource):
    assert api.call(method, resource, json={}).status_code == 405


# === FORM === #


@pytest.mark.parametrize("accept", ["*/*", "application/atom+xml", None])
def test_who_does_not_ask_for_json_gets_atom(api, accept):
    response = api.get(JOURNALS, headers={"Accept": accept}, select="Code")

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert "<d:Code>700</d:Code>" in response.text


def test_other_form_is_406(api):
    assert api.get(JOURNALS, headers={"Accept": "text/csv"}).status_code == 406


def test_body_must_be_labelled_as_json(api):
    response = api.call("POST", "crm/Accounts", data='{"Name": "x"}')

    assert response.status_code == 415


@pytest.mark.parametrize("longest", [6000, 200])
def test_address_counts_as_it_was_sent(simulator, api, longest):
    """Every blank and quote counts as the three signs that it is sent as."""
    simulator.control.settings(max_url=longest)
    start = api.url("financial/Journals?$filter=Code%20ne%20%27")
    room = longest - len(start) - len("%27")

    for length, status in ((room, 200), (room + 1, 414)):
        address = f"{start}{'x' * length}%27"
        assert api.session.get(address, timeout=10).status_code == status
    blanks = "%20" * (room // 3 + 1)
    assert api.session.get(f"{start}{blanks}%27", timeout=10).status_code == 414


# === ORDER === #


def test_checks_come_in_the_order_of_exact(simulator, api):
    """Each call is wrong in all the ways that are still left."""
    simulator.control.register_app(
        "narrow", "secret", scopes={"crm.accounts": "manage"}
    )
    simulator.control.settings(error_limit=0, minute_limit=1)
    narrow = Api(simulator, client_id="narrow")
    wrong = {"Accept": "text/csv"}
    bearer = {**wrong, "Authorization": "Bearer wrong"}

    statuses = [
        narrow.get("vat/VATCodes", division=999, headers=bearer).status_code,
        narrow.get("vat/VATCodes", division=999, headers=wrong).status_code,
        narrow.get("vat/VATCodes", division=999, headers=wrong).status_code,
    ]

    assert statuses == [401, 403, 429]
    assert "API rate limit" in narrow.get("vat/VATCodes", division=999).text
    simulator.control.settings(error_limit=100, minute_limit=100)
    simulator.clock.advance(3600)
    narrow = Api(simulator, client_id="narrow")
    assert "Scope" in narrow.get("vat/VATCodes", division=999).text
    no_access = narrow.get("none/Such", division=999, headers=wrong)
    assert no_access.headers["Reason"] == "NoDivisionAccess"
    assert narrow.call("PATCH", "none/Such", headers=wrong).status_code == 404
    assert narrow.call("PATCH", "crm/Accounts", headers=wrong).status_code == 405
    assert narrow.get("crm/Accounts", headers=wrong, select="Wrong").status_code == 406
    assert "Wrong" in findings(narrow.get("crm/Accounts", select="Wrong"))[0]


def test_calls_are_recorded_with_their_status(simulator, api):
    api.get(JOURNALS, select="Code", top=1)
    api.get("none/Such")
    requests.get(simulator.url + "/__control__/calls", timeout=10)

    assert simulator.control.calls() == [
        {
            "time": "2026-11-22T12:00:30.000",
            "method": "GET",
            "path": f"/api/v1/{BELGIAN}/financial/Journals?$select=Code&$top=1",
            "status": 200,
        },
        {
            "time": "2026-11-22T12:00:30.000",
            "method": "GET",
            "path": f"/api/v1/{BELGIAN}/none/Such",
            "status": 404,
        },
    ]
