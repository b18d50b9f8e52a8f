"""How the cases are played that need more than their one request."""

import base64
from datetime import datetime, timezone

from ..simulator.people import guid_for
from ..simulator_api import (
    BELGIAN,
    CLIENT_ID,
    CLIENT_SECRET,
    DUTCH,
    DUTCH_USER,
    REDIRECT_URI,
    RESTRICTED_USER,
    SECOND,
    answer_of,
    connect,
    consent,
    works,
)
from .cases import CASES

MULTI_USER, PORTAL_USER = "jan.dubois@example.com", "pia.claes@example.com"
# Cases that cannot be played at the simulator, with the reason.
NOT_PLAYED = {}
PLAYS = {}
MEGABYTE = 1_000_000


def plays(*ids):
    """Register a function as the way to play these cases."""

    def register(function):
        PLAYS.update(dict.fromkeys(ids, function))
        return function

    return register


def play(world, case_id):
    """Play a case, by a function of its own or as it stands."""
    case = CASES[case_id]
    return PLAYS.get(case_id, lambda world, case: world.play(case))(world, case)


# === LISTS === #


def _many_gl_accounts(world, count):
    """Fill up the chart of accounts, as nobody could by API within a moment."""
    state, uri = world.simulator.state, "financial/GLAccounts"
    with state.lock:
        (pattern, *others) = state.rows(BELGIAN, uri).values()
        for number in range(count - len(others) - 1):
            code = str(800000 + number)
            row = {**pattern, "ID": guid_for("evidence", code), "Code": code}
            state.insert(BELGIAN, uri, row)


@plays("list-top-60-bare")
def _short_lists_are_bare(world, case):
    account = world.record("customer")
    world.make("crm/Contacts", Account=account, LastName="Peeters")
    world.make("logistics/Items", Code="TAFEL", Description="Tafel")
    world.play(case)
    bill = CASES["not-balanced"].request
    world.check(world.send(bill), {"status": 201})
    for path in ("logistics/Items", "vat/VATCodes", "cashflow/Payments"):
        request = {**case.request, "path": f"/api/v1/{{division}}/{path}"}
        answer = world.send({**request, "query": "$top=60&$select=ID"})
        world.check(answer, {"status": 200, "body": {"d": ["$each", {"ID": "$guid"}]}})
    empty = world.send({**case.request, "query": "$top=60&$filter=LastName eq '-'"})
    world.check(empty, {"status": 200, "body": {"d": []}})


@plays("list-top-60-wrapped", "raw-escapes", "transactions-exist")
def _with_an_entry(world, case):
    world.record("entry")
    world.play(case)


@plays("list-no-top")
def _next_page_is_there(world, case):
    _many_gl_accounts(world, 61)
    body = world.play(case)
    assert len(body["d"]["results"]) == 60
    rest = world.send({"method": "GET", "path": body["d"]["__next"]})
    world.check(rest, {"status": 200, "body": {"d": {"results": [{"ID": "$guid"}]}}})


@plays("next-top-shrinks")
def _top_shrinks(world, case):
    _many_gl_accounts(world, 130)
    body = world.play(case)
    assert len(body["d"]["results"]) == 60
    query = body["d"]["__next"].partition("?")[2].replace("%24", "$")
    names = [option.partition("=")[0] for option in query.split("&")]
    assert names == ["$select", "$top", "$skiptoken"]
    assert "$top=40&" in query
    last = world.send({"method": "GET", "path": body["d"]["__next"]})
    rows = world.check(last, {"status": 200, "body": {"d": "$any"}})["d"]
    rows = rows if isinstance(rows, list) else rows["results"]
    assert len(rows) == 40


@plays("accounts-no-filter", "glaccounts-no-filter")
def _filter_is_mandatory_or_not(world, case):
    world.record("customer")
    world.play(case)
    world.settings(mandatory_filter=True)
    (text,) = world.findings(world.send(case.request), 400)
    assert text.startswith("This endpoint has mandatory filtering applied.")


@plays("peppol-type-int")
def _type_of_peppol_identifier(world, case):
    for name, kind in (("A", None), ("B", 9)):
        values = {"Name": name, "Status": "C", "PeppolIdentifierType": kind}
        world.make("crm/Accounts", **values)
    body = world.play(case)
    kinds = [row["PeppolIdentifierType"] for row in body["d"]["results"]]
    assert kinds == [None, 9]


@plays("unit-padded")
def _unit_of_an_item(world, case):
    values = {"Code": "TAFEL", "Description": "Tafel", "Unit": "stuk"}
    world.make("logistics/Items", **values, SalesVatCode="4")
    world.play(case)


@plays("url-length")
def _long_address(world, case):
    base = f"{world.simulator.url}/api/v1/{BELGIAN}/financial/Journals?$filter="
    for spare, status in ((0, 200), (1, 414)):
        text = "a" * (6000 + spare - len(f"{base}Codeeq''") - 2 * len("%20"))
        world.name("long", f"Code eq '{text}'")
        # The quotes go as they are, each blank as three characters.
        request = world.filled(case.request)
        path = f"{request['path']}?{request['query'].replace(' ', '%20')}"
        answer = world.send({"method": "GET", "path": path})
        expected = {"status": 200} if status == 200 else case.answer
        world.check(answer, expected)


@plays("skip-new-endpoints")
def _skip(world, case):
    world.play(case)
    old = {**case.request, "path": "/api/v1/{division}/financial/Journals"}
    world.check(world.send({**old, "query": "$skip=1"}), {"status": 200})


@plays("filter-navigation")
def _filter_on_lines(world, case):
    world.record("entry")
    world.play(case)


@plays("count-accept")
def _count(world, case):
    text = world.play(case)
    assert int(text) == len(world.api.rows("financial/Journals"))


# === ACCOUNTS === #


@plays("account-put")
def _account_is_changed(world, case):
    world.play(case)
    row = world.api.get(f"crm/Accounts(guid'{world.record('customer')}')").json()["d"]
    assert row["Name"] == "Andere naam"


@plays("account-delete")
def _account_is_deleted(world, case):
    world.play(case)
    guid = world.record("customer")
    assert world.api.get(f"crm/Accounts(guid'{guid}')").status_code == 404


@plays("put-prefer")
def _both_answers_to_a_change(world, case):
    world.play(case)
    world.settings(put_prefer="nothing")
    world.check(world.send(case.request), CASES["account-put"].answer)


# === ENTRIES === #


@plays("salesinvoice-get-vat")
def _vat_is_read_back(world, case):
    booking = CASES["date-midnight"].request
    untold = {"VATAmountDC": None, "VATAmountFC": None, "SalesEntryLines": "$deferred"}
    answer = {"status": 201, "body": {"d": untold}}
    entry = world.check(world.send(booking), answer)["d"]
    world.name("entry", entry["EntryID"])
    body = world.play(case)
    assert body["d"]["VATAmountFC"] == 21


@plays("purchaseentry-post")
def _purchase_entry(world, case):
    entry = world.play(case)["d"]
    assert (entry["AmountDC"], entry["AmountFC"], entry["Rate"]) == (0, 0, 1)
    days = [int(entry[name][6:-2]) for name in ("EntryDate", "DueDate")]
    assert days[1] - days[0] == 30 * 86_400_000
    row = world.api.get(f"documents/Documents(guid'{entry['Document']}')")
    assert row.status_code == 200, row.text


@plays("entry-number-form")
def _numbers_by_journal(world, case):
    world = world.as_user(DUTCH_USER, DUTCH)
    revenue, costs = world.api.gl_account("8000"), world.api.gl_account("7000")
    line = {"AmountFC": 100, "VATCode": "2"}
    sales = {"Journal": "70", "Customer": world.record("customer")}
    world.make(
        "salesentry/SalesEntries",
        **sales,
        SalesEntryLines=[{**line, "GLAccount": revenue}],
    )
    purchase = {"Journal": "60", "Supplier": world.record("supplier")}
    world.make(
        "purchaseentry/PurchaseEntries",
        **purchase,
        PurchaseEntryLines=[{"AmountFC": 100, "VATCode": "0", "GLAccount": costs}],
    )
    rows = world.play(case)["d"]["results"]
    numbers = {row["JournalCode"].strip(): row["EntryNumber"] for row in rows}
    assert numbers == {"70": 26700001, "60": 26600001}


@plays("entry-own-number")
def _number_outside_the_range(world, case):
    world.play(case)
    world.settings(number_range="journal")
    request = {**case.request, "json": {**case.request["json"]}}
    request["json"]["EntryNumber"] = 20170909
    world.findings(world.send(request), [400, 500])


@plays("entry-document-put")
def _document_on_an_entry(world, case):
    world.play(case)
    uri = f"salesentry/SalesEntries(guid'{world.record('entry')}')"
    assert world.api.get(uri).json()["d"]["Document"] == world.record("document")
    world.settings(document_links=["create", "change"])
    world.findings(world.send(case.request), [400, 500])


@plays("entry-document-link-processed")
def _document_of_a_processed_entry(world, case):
    entry, uri = world.record("entry"), "salesentry/SalesEntries"
    world.control.change_row(BELGIAN, uri, entry, Status=50)
    document = world.play(case)["d"]["ID"]
    assert world.api.get(f"{uri}(guid'{entry}')").json()["d"]["Document"] is None
    voucher = world.api.rows(
        "financialtransaction/TransactionLines",
        filter=f"EntryID eq guid'{entry}'",
        select="Document,LineNumber",
    )
    assert [row["Document"] for row in voucher if row["LineNumber"] == 0] == [document]


@plays("vatcodes")
def _vat_codes(world, case):
    rows = {row["Code"]: row for row in world.play(case)["d"]}
    assert rows["4  "]["Percentage"] == 0.21


@plays("journals-defaults")
def _journals_as_delivered(world, case):
    world.play(case)
    sales = [row for row in world.api.rows("financial/Journals") if row["Type"] == 20]
    assert sales and not any(row["AllowVAT"] for row in sales)
    customer = world.record("customer")
    entry = world.api.booked(Journal="702", Customer=customer)
    assert world.api.lines_of(entry)[0]["VATAmountFC"] == 21


@plays("vat-not-allowed-journal")
def _vat_in_a_general_journal(world, case):
    journal = ("financial/Journals", "900")
    world.control.change_row(BELGIAN, *journal, AllowVAT=False)
    world.play(case)
    world.control.change_row(BELGIAN, *journal, AllowVAT=True)
    findings = world.findings(world.send(case.request), [400, 500])
    assert not [text for text in findings if "Btw-code" in text]


@plays("wrong-division-booked")
def _booked_elsewhere(world, case):
    world.record("customer"), world.record("revenue")
    world.control.fault("other_division", method="POST", division=SECOND)
    world.play(case)
    (entry,) = world.control.entries()
    assert entry["Division"] == SECOND
    assert world.api.rows("salesentry/SalesEntries") == []


@plays("foreign-guid-dropped")
def _guid_of_another_division(world, case):
    entry = world.play(case)["d"]
    (line,) = world.api.lines_of(entry)
    assert line["GLAccount"] is None
    world.settings(foreign_guid="refuse")
    world.findings(world.send(case.request), [400, 500])


@plays("purchase-first-refusal")
def _first_refusals_of_a_purchase(world, case):
    def refused(*, status=500, **values):
        request = {**case.request, "json": {**case.request["json"], **values}}
        return world.findings(world.send(request), status)

    def line(code):
        guid = world.api.gl_account("604000")
        return [{"GLAccount": guid, "AmountFC": 100, "VATCode": code}]

    world.play(case)
    found = refused()
    assert {"Verplicht: Vervaldatum", "Verplicht: Betalingsconditie"} <= set(found)
    supplier = world.record("supplier")
    assert "Ongeldig: Dagboek (Type)" in refused(Journal="700", Supplier=supplier)
    assert refused(Supplier=supplier, PurchaseEntryLines=line("4")) == [
        "Ongeldig: U kunt geen btw-code van het type 'Verkoop' gebruiken"
    ]
    other = world.make(
        "crm/Accounts",
        Name="Andere crediteurenrekening",
        IsSupplier=True,
        PaymentConditionPurchase="30",
        GLAP=world.api.gl_account("451000"),
    )
    found = refused(Supplier=other["ID"])
    assert (
        "De crediteurenrekening van deze relatie is niet gelijk aan die van het dagboek"
    ) in found
    world.settings(error_status=400)
    assert "Verplicht: Betalingsconditie" in refused(status=400)


@plays("payment-condition-missing")
def _no_condition(world, case):
    world.play(case)
    world.settings(payment_condition_required=False)
    entry = world.check(
        world.send(case.request), {"status": 201, "body": {"d": {"DueDate": "$day"}}}
    )
    assert entry["d"]["PaymentCondition"].strip() == "30"


@plays("500-business-old")
def _status_of_findings(world, case):
    world.play(case)
    world.settings(error_status=400)
    (text,) = world.findings(world.send(case.request), 400)
    assert text.startswith("Ongeldig: Grootboekrekeningtype")


@plays("number-in-use-nl")
def _number_in_use(world, case):
    world.check(world.send(case.request), {"status": 201})
    world.play(case)


@plays("document-type")
def _portal_user(world, case):
    world = world.as_user(PORTAL_USER)
    assert world.api.get("current/Me").status_code == 200
    world.play(case)


@plays("period-closed")
def _closed_period(world, case):
    world.record("customer"), world.record("revenue")
    world.control.close_period(BELGIAN, 2026, 3)
    world.play(case)


@plays("not-balanced")
def _unbalanced(world, case):
    world.record("supplier")
    world.settings(header_vat="check")
    request = {**case.request, "json": {**case.request["json"], "VATAmountFC": 20.99}}
    world.check(world.send(request), case.answer)


# === DIVISIONS === #


@plays("divisions")
def _list_of_divisions(world, case):
    rows = world.play(case)["d"]["results"]
    assert [row["Current"] for row in rows].count(True) == 1
    world.control.change_row(None, "system/Divisions", BELGIAN, IsMainDivision=False)
    row = next(
        row for row in world.play(case)["d"]["results"] if row["Code"] == BELGIAN
    )
    assert (row["IsMainDivision"], row["Current"]) == (False, True)


@plays("divisions-wrong-division")
def _division_not_allowed(world, case):
    world = world.as_user(RESTRICTED_USER)
    world.play(case)
    other = {**case.request, "path": "/api/v1/999/system/Divisions"}
    world.check(world.send(other), {"status": 403})
    world.settings(divisions_checked=False)
    body = {"d": {"results": [{"Code": SECOND}]}}
    world.check(world.send(case.request), {"status": 200, "body": body})


# === DOCUMENTS === #


def _attach(world, case, size, name="factuur.pdf"):
    content = base64.b64encode(b"x" * int(size)).decode()
    body = {"Document": "{document}", "FileName": name, "Attachment": content}
    return world.send({**case.request, "json": body})


@plays("attachment-content-length")
def _body_limit(world, case):
    for site, allowed, refused in (("com", 6.9, 7.2), ("nl", 9.9, None)):
        world.settings(site=site)
        answer = _attach(world, case, allowed * MEGABYTE)
        world.check(answer, {"status": 201})
        if refused:
            world.check(_attach(world, case, refused * MEGABYTE), case.answer)


@plays("post-size-limit")
def _attachment_limit(world, case):
    world.check(_attach(world, case, 10 * MEGABYTE), {"status": 201})
    world.check(_attach(world, case, 10 * MEGABYTE + 1), case.answer)


@plays("attachment-vendor-limit")
def _what_a_vendor_sends(world, case):
    for extension in ("pdf", "jpg", "jpeg", "png", "gif", "bmp"):
        world.check(_attach(world, case, 10, f"a.{extension}"), case.answer)
    world.settings(site="com")
    world.check(_attach(world, case, 7 * MEGABYTE), case.answer)


# === CONSENT AND TOKENS === #


def _connected(world):
    tokens = connect(world.simulator)
    world.name("client_id", CLIENT_ID)
    world.name("client_secret", CLIENT_SECRET)
    world.name("refresh_token", tokens["refresh_token"])
    return tokens


@plays("token-ok")
def _code_for_tokens(world, case):
    _connected(world)
    answer = consent(world.simulator)
    assert "%21" in answer.headers["Location"]
    world.name("code", answer_of(answer)["code"])
    world.name("redirect_uri", REDIRECT_URI)
    world.play(case)


@plays("token-early")
def _renewed_too_early(world, case):
    tokens = _connected(world)
    world.control.advance(569)
    world.play(case)
    assert works(world.simulator, tokens)
    world.control.advance(2)
    world.check(world.send(case.request), CASES["token-ok"].answer)


@plays("token-old")
def _used_twice(world, case):
    _connected(world)
    world.control.advance(571)
    world.check(world.send(case.request), CASES["token-ok"].answer)
    world.play(case)


@plays("token-empty-200")
def _empty_answer(world, case):
    _connected(world)
    world.control.advance(571)
    world.control.fault("token_empty", chain_moves=False)
    world.play(case)
    world.check(world.send(case.request), CASES["token-ok"].answer)


@plays("oei-multi-user")
def _identity_of_several_users(world, case):
    answer = consent(world.simulator, MULTI_USER)
    assert "Location" not in answer.headers
    answer = world.distort(answer.status_code, {}, answer.text)
    text = world.check(answer, case.answer)
    assert "code=" not in text


@plays("one-connection-per-login")
def _second_consent(world, case):
    _connected(world)
    second = connect(world.simulator)
    world.control.advance(571)
    world.play(case)
    world.name("refresh_token", second["refresh_token"])
    world.check(world.send(case.request), CASES["token-ok"].answer)


@plays("password-change")
def _new_password(world, case):
    tokens = _connected(world)
    world.control.change_password(DUTCH_USER)
    assert not works(world.simulator, tokens)
    world.control.advance(571)
    world.play(case)


# === LIMITS === #


@plays("me-not-counted")
def _me_is_free(world, case):
    before = _remaining(world)
    for _call in range(3):
        world.play(case)
    assert _remaining(world) == before - 1


def _remaining(world):
    headers = world.api.get("financial/Journals").headers
    return int(headers["X-RateLimit-Remaining"])


@plays("limit-varies")
def _limits_of_another_app(world, case):
    world.control.clock(set="2021-12-02T12:15:30+00:00")
    world = world.as_user(DUTCH_USER)
    world.play(case)


@plays("limit-contract")
def _calls_of_a_contract(world, case):
    world.settings(**case.settings)
    elsewhere = {**case.request, "path": f"/api/v1/{DUTCH}/financial/Journals"}
    for request in (case.request, elsewhere) * 2:
        world.check(world.send(request), {"status": 200})
    world.play(case)
    world.control.advance(86_400)
    world = world.as_user(DUTCH_USER)
    world.check(world.send(case.request), {"status": 200})


@plays("limit-429-headers")
def _exhausted_minute(world, case):
    world.settings(**case.settings)
    for _call in range(3):
        world.check(world.send(case.request), {"status": 200})
    world.play(case)
    world.settings(minute_limit=60, day_limit=3)
    headers = {"X-RateLimit-Limit": "3", "X-RateLimit-Minutely-Limit": "$absent"}
    expected = {"status": 429, "headers": headers, "text": ""}
    world.check(world.send(case.request), expected)


@plays("error-limit")
def _blocked_by_errors(world, case):
    journals = {**case.request, "path": "/api/v1/{division}/financial/Journals"}
    for hours in (1, 2):
        for _call in range(10):
            world.play(case)
        world.check(world.send(journals), {"status": 200})
        world.play(case)
        for wait, status in ((0, 429), (hours * 3600 - 2, 429), (3, 200)):
            world.control.advance(wait)
            # The token lives ten minutes.
            world = world.as_user(DUTCH_USER)
            world.check(world.send(journals), {"status": status})


# === TROUBLE === #


@plays("null-reference-nl")
def _trouble_in_dutch(world, case):
    order = {"text": "null_reference", "language": "nl"}
    world.control.fault("status_500_generic", **order)
    world.play(case)


@plays("maintenance")
def _maintenance(world, case):
    for status in (503, 504):
        world.control.fault("maintenance", status=status)
        world.play(case)


# === PURCHASES AND PAYMENTS === #


@plays("sync-terms-date")
def _terms(world, case):
    entry = world.record("entry")
    rows = world.play(case)["d"]["results"]
    assert [row["LastPaymentDate"] for row in rows] == [None]
    world.control.payments(division=BELGIAN, entry=entry, kind="full")
    rows = world.play(case)["d"]["results"]
    assert [row["IsFullyPaid"] for row in rows] == [True]
    paid = int(rows[0]["LastPaymentDate"][6:-2]) / 1000
    today = datetime.fromtimestamp(paid, timezone.utc).date().isoformat()
    assert today == "2026-11-22"


@plays("receivableslist-sign")
def _open_claims(world, case):
    world.record("entry")
    world.play(case)
