"""What is known of Exact Online's requests, as a specification of the simulator.

Each test is a fact that is documented or was seen, by the section it belongs to: 3.1
addresses, 3.2 headers, 3.3 query options.
"""

import json
import re
from xml.etree import ElementTree

import pytest

from .facts import (
    ACCOUNTS,
    ATOM,
    ENTRIES,
    GL,
    ITEMS,
    JOURNALS,
    PURCHASES,
    SYNC,
    WITHOUT_PREFER,
    atom,
    brief,
    made,
    one,
)
from .simulator_api import (
    BELGIAN,
    ELSEWHERE_USER,
    SECOND,
    Api,
    findings,
    refused,
)

SYNTAX = "Bad Request - Error in query syntax."
SELECT_NEEDED = "Please add a $select or a $top=1 statement to the query string."


def codes(api, **options):
    return [row["Code"].strip() for row in api.rows(JOURNALS, **options)]


@pytest.fixture
def customer(api):
    return api.customer(PaymentConditionSales="30")


@pytest.fixture
def entry(api, customer):
    return api.booked(Customer=customer)


# === 3.1 ADDRESSES === #


@pytest.mark.parametrize(
    "path", ["FINANCIAL/journals", "Financial/JOURNALS", "financial/Journals"]
)
def test_3_1_addresses_do_not_mind_the_case(api, path):
    assert api.get(path).status_code == 200


def test_3_1_me_needs_no_division(api):
    (row,) = api.rows("current/Me", select="CurrentDivision,UserID,ServerUtcOffset")

    assert row["CurrentDivision"] == BELGIAN


@pytest.mark.parametrize("name", ["Hid", "Current", "Legislation", "IsMainDivision"])
def test_3_1_hrm_divisions_lack_what_system_divisions_have(api, name):
    assert api.get("system/Divisions", select=name).status_code == 200
    assert api.get("hrm/Divisions", select=name).status_code == 400


@pytest.mark.parametrize(
    "name", ["HID", "Main", "CountryDescription", "CurrencyDescription"]
)
def test_3_1_hrm_divisions_have_names_of_their_own(api, name):
    assert api.get("hrm/Divisions", select=name).status_code == 200
    assert api.get("system/Divisions", select=name).status_code == 400


def test_3_1_all_divisions_of_the_licence(api):
    found = {row["Code"] for row in api.rows("system/AllDivisions", select="Code")}

    assert {BELGIAN, SECOND} <= found


def test_3_1_unknown_resource_is_not_found(api):
    assert api.get("financial/Nothings").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1//Current/Me", "/api/v1/current/me"])
def test_3_1_address_of_me_may_be_odd(simulator, api, path):
    response = api.session.get(f"{simulator.url}{path}", timeout=10)

    assert response.status_code == 200, brief(response)


def test_3_1_current_division_may_be_out_of_reach(simulator):
    api = Api(simulator, ELSEWHERE_USER)
    (me,) = api.rows("current/Me")

    first = api.get("system/Divisions", division=me["CurrentDivision"])

    assert first.status_code == 403
    second = api.get("system/Divisions", division=me["AccountingDivision"])
    assert second.status_code == 200, brief(second)


# === 3.2 HEADERS === #


@pytest.mark.parametrize("accept", [None, "*/*", "application/atom+xml"])
def test_3_2_without_json_the_answer_is_atom(api, accept):
    assert atom(api, JOURNALS, accept).tag == "{http://www.w3.org/2005/Atom}feed"


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "text/plain"])
def test_3_2_nothing_else_is_served(api, accept):
    response = api.get(JOURNALS, headers={"Accept": accept})

    assert 400 <= response.status_code < 500


def test_3_2_atom_says_types_and_nulls(api, customer):
    feed = atom(api, ACCOUNTS, filter="Status eq 'C'")

    (row,) = feed.findall("a:entry/a:content/m:properties", ATOM)
    kind, null = f"{{{ATOM['m']}}}type", f"{{{ATOM['m']}}}null"
    space = "{http://www.w3.org/XML/1998/namespace}space"
    found = {name: row.find(f"d:{name}", ATOM) for name in ("ID", "Code", "Blocked")}
    assert found["ID"].get(kind) == "Edm.Guid" and found["ID"].text == customer
    assert (found["Blocked"].get(kind), found["Blocked"].text) == (
        "Edm.Boolean",
        "false",
    )
    assert found["Code"].get(kind) is None
    assert found["Code"].get(space) == "preserve"
    assert row.find("d:Parent", ATOM).get(null) == "true"
    assert row.find("d:Name", ATOM).get(null) is None


def test_3_2_atom_links_the_next_page(simulator, api):
    simulator.control.settings(page_size=3)

    feed = atom(api, JOURNALS)

    (link,) = feed.findall("a:link[@rel='next']", ATOM)
    assert link.get("href").startswith(f"{api.url(JOURNALS)}?")
    assert len(feed.findall("a:entry", ATOM)) == 3


def test_3_2_body_needs_its_content_type(api, customer):
    body = json.dumps({"Name": "Peeters"})

    response = api.call(
        "POST", ACCOUNTS, data=body, headers={"Content-Type": "text/plain"}
    )

    assert 400 <= response.status_code < 500


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        (ACCOUNTS, {"Name": "Peeters"}),
        ("crm/Contacts", {"LastName": "Peeters"}),
        (ITEMS, {"Code": "TAFEL", "Description": "Tafel"}),
    ],
)
def test_3_2_plain_post_answers_the_guid_alone(api, resource, body):
    if resource == "crm/Contacts":
        body = {**body, "Account": api.customer()}

    row = made(api, resource, body, headers=WITHOUT_PREFER)

    flat = {name: value for name, value in row.items() if not isinstance(value, dict)}
    assert re.fullmatch(r"[0-9a-f-]{36}", flat.pop("ID"))
    assert set(flat.values()) <= {None, 0} and False not in map(id, flat.values())


def test_3_2_prefer_answers_the_record(api):
    row = made(api, ACCOUNTS, {"Name": "Peeters"})

    assert (
        row["Name"] == "Peeters" and row["Code"].strip() and row["Division"] == BELGIAN
    )


def test_3_2_entries_come_filled_without_prefer(api, customer):
    body = api.entry_body(Customer=customer)

    row = made(api, ENTRIES, body, headers=WITHOUT_PREFER)

    assert (row["AmountFC"], row["Status"], row["Type"]) == (121, 20, 20)


def test_3_2_documents_and_attachments_come_filled_without_prefer(api):
    values = {"Type": 10, "Subject": "Factuur"}
    document = made(api, "documents/Documents", values, headers=WITHOUT_PREFER)
    body = {"Document": document["ID"], "FileName": "a.pdf", "Attachment": "aGFsbG8="}
    file = made(api, "documents/DocumentAttachments", body, headers=WITHOUT_PREFER)

    assert document["Subject"] == "Factuur"
    assert (file["FileName"], file["FileSize"], file["Attachment"]) == (
        "a.pdf",
        5,
        None,
    )


@pytest.mark.parametrize("language", ["NL", "FR-BE", "NL-BE"])
def test_3_2_language_of_descriptions_may_be_asked(api, language):
    headers = {"CustomDescriptionLanguage": language}

    assert api.get(JOURNALS, headers=headers).status_code == 200


def test_3_2_single_record_as_atom(api, customer):
    headers = {"Accept": "application/atom+xml"}

    response = api.get(f"{ACCOUNTS}(guid'{customer}')", headers=headers)

    row = ElementTree.fromstring(response.content)
    assert row.tag == f"{{{ATOM['a']}}}entry"
    assert row.find("a:content/m:properties/d:ID", ATOM).text == customer


def test_3_2_prefer_makes_a_change_answer_the_record(api, customer):
    uri = f"{ACCOUNTS}(guid'{customer}')"

    row = one(api.call("PUT", uri, json={"Name": "Anders"}))
    body = {"Name": "Nogmaals"}
    plain = api.call("PUT", uri, json=body, headers=WITHOUT_PREFER)

    assert row["Name"] == "Anders"
    assert (plain.status_code, plain.content) == (204, b"")
    assert "Content-Type" not in plain.headers


# === 3.3 QUERY OPTIONS === #


@pytest.mark.parametrize(
    "select", ["Nothing", "code", "Code,Nothing", "SalesEntryLines/Nothing"]
)
def test_3_3_unknown_name_in_select_is_refused(api, select):
    resource = ENTRIES if "/" in select else JOURNALS
    options = {"expand": "SalesEntryLines"} if "/" in select else {}

    assert api.get(resource, select=select, **options).status_code == 400


def test_3_3_star_selects_all_but_not_on_sync(api):
    assert "Description" in api.rows(JOURNALS, select="*")[0]
    assert api.get(SYNC, select="*", filter="Timestamp gt 0L").status_code == 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code eq '700'", ["700"]),
        ("Code ne '700' and Type eq 20", ["702", "705"]),
        ("Code eq '700' or Code eq '600'", ["600", "700"]),
        ("(Code eq '700' or Code eq '600') and Type eq 22", ["600"]),
        ("Type gt 21 and Type lt 90", ["600"]),
        ("Type ge 22 and Type le 22", ["600"]),
        ("IsBlocked eq true", ["705"]),
        ("trim(Code) eq '700'", ["700"]),
        ("substringof('oud',Description)", ["705"]),
        ("substringof('oud',Description) eq true", ["705"]),
        ("startswith(Description,'Verkopen,')", ["702"]),
        ("tolower(Description) eq 'aankopen'", ["600"]),
    ],
)
def test_3_3_filter(api, text, expected):
    assert sorted(codes(api, filter=text)) == expected


def test_3_3_quote_in_a_text_is_doubled(api):
    api.customer(Name="L'Oréal")

    (row,) = api.rows(ACCOUNTS, filter="Name eq 'L''Oréal'")

    assert row["Name"] == "L'Oréal"


@pytest.mark.parametrize(
    "text",
    [
        "EntryDate eq datetime'2026-03-10'",
        "EntryDate eq datetime'2026-03-10T00:00:00'",
        "EntryDate ge datetime'2026-03-01' and EntryDate lt datetime'2026-04-01'",
        "Customer eq guid'{customer}'",
        "EntryNumber gt 0 and AmountFC gt 120.5",
    ],
)
def test_3_3_literals_in_a_filter(api, customer, entry, text):
    (row,) = api.rows(ENTRIES, filter=text.replace("{customer}", customer))

    assert row["EntryID"] == entry["EntryID"]


@pytest.mark.parametrize(
    "text", ["Code eq", "Code eq 'a", "Code is 'a'", "(Code eq 'a'", "eq eq eq"]
)
def test_3_3_filter_with_wrong_syntax(api, text):
    refused(api.get(JOURNALS, filter=text), 400, SYNTAX)


def test_3_3_types_in_a_filter_must_fit(api):
    response = api.get(JOURNALS, filter="ID eq 700")

    assert response.status_code == 400
    assert findings(response)[0].startswith(
        "Operator 'eq' incompatible with operand types 'System.Guid' and 'System.Int32'"
    )


def test_3_3_unknown_name_in_a_filter(api):
    assert api.get(JOURNALS, filter="Nothing eq 'a'").status_code == 400


def test_3_3_order(api):
    assert codes(api, orderby="Code desc")[0] == "900"
    assert codes(api, orderby="Code asc")[0] == "550"


def test_3_3_top_above_the_page_size_gives_one_page(simulator, api):
    simulator.control.settings(page_size=3)

    content = one(api.get(JOURNALS, top=5, orderby="Code"))

    assert len(content["results"]) == 3
    rest = api.session.get(content["__next"], timeout=10).json()["d"]
    assert len(rest if isinstance(rest, list) else rest["results"]) == 2


def test_3_3_skiptoken_of_an_order_has_its_value_and_the_guid(simulator, api):
    for name in "ABCD":
        api.customer(Name=name)
    simulator.control.settings(page_size=2)

    content = one(api.get(ACCOUNTS, filter="Status eq 'C'", orderby="Modified"))

    token = content["__next"].partition("skiptoken=")[2].replace("%27", "'")
    assert re.match(r"datetime'\d{4}-\d\d-\d\dT.+',guid'[0-9a-f-]{36}'", token)


@pytest.mark.parametrize("resource", ["bulk/Financial/GLAccounts", SYNC])
def test_3_3_no_skip_in_bulk_and_sync(api, resource):
    text = "Timestamp gt 0L" if resource == SYNC else "Code gt ''"

    response = api.get(resource, select="ID", filter=text, skip=1)

    assert response.status_code == 400


def test_3_3_count_keeps_the_list_wrapped(api):
    content = one(api.get(JOURNALS, top=2, inlinecount="allpages"))

    assert content["__count"] == "7" and len(content["results"]) == 2


@pytest.mark.parametrize(
    ("resource", "collection"),
    [
        (ENTRIES, "SalesEntryLines"),
        (ACCOUNTS, "BankAccounts"),
        ("vat/VATCodes", "VATPercentages"),
        (GL, "DeductibilityPercentages"),
    ],
)
def test_3_3_collections_can_be_expanded_and_read(api, entry, resource, collection):
    options = {"filter": "Created gt datetime'2000-01-01'", "top": 1}
    if resource == "vat/VATCodes":
        options["filter"] = "Code eq '4'"

    (row,) = api.rows(resource, expand=collection, **options)
    (plain,) = api.rows(resource, **options)

    assert isinstance(row[collection]["results"], list)
    address = plain[collection]["__deferred"]["uri"]
    response = api.session.get(address, timeout=10)
    assert response.status_code == 200, brief(response)
    content = response.json()["d"]
    rows = content if isinstance(content, list) else content["results"]
    assert len(rows) == len(row[collection]["results"])


def test_3_3_selection_names_the_lines(api, entry):
    (row,) = api.rows(
        ENTRIES, select="EntryNumber,SalesEntryLines/AmountFC", expand="SalesEntryLines"
    )

    (line,) = row["SalesEntryLines"]["results"]
    assert line["AmountFC"] == 100 and "VATCode" not in line


@pytest.mark.parametrize("option", ["$select=Code", "$filter=Type eq 20", "$top=1"])
def test_3_3_option_given_twice_is_refused(api, option):
    response = api.call("GET", f"{JOURNALS}?{option}&{option}")

    assert response.status_code == 400


@pytest.mark.parametrize(
    "resource",
    [
        PURCHASES,
        "cashflow/Receivables",
        "logistics/SalesItemPrices",
        "bulk/Financial/GLAccounts",
        "bulk/CRM/Accounts",
        "bulk/Cashflow/Receivables",
        "sync/CRM/Accounts",
        "sync/Cashflow/PaymentTerms",
        "sync/Deleted",
    ],
)
def test_3_3_select_is_mandatory(simulator, api, resource):
    simulator.control.settings(mandatory_filter=False)

    refused(api.get(resource), 400, SELECT_NEEDED)
    assert api.get(resource, top=1).status_code == 200


@pytest.mark.parametrize(
    ("resource", "field"),
    [
        (ACCOUNTS, "Name"),
        (GL, "Code"),
        (ITEMS, "Code"),
        ("financialtransaction/TransactionLines", "YourRef"),
        ("crm/Contacts", "LastName"),
    ],
)
def test_3_3_filter_is_mandatory_where_a_twin_exists(api, resource, field):
    response = api.get(resource, select=field)

    assert response.status_code == 400
    (text,) = findings(response)
    assert text.startswith("This endpoint has mandatory filtering applied.")
    assert field in text
    found = api.get(resource, select=field, filter=f"{field} eq 'x'")
    assert found.status_code == 200, brief(found)


@pytest.mark.parametrize(
    "resource",
    [ENTRIES, PURCHASES, JOURNALS, "vat/VATCodes", "cashflow/PaymentConditions"],
)
def test_3_3_no_filter_needed_without_a_twin(api, resource):
    assert api.get(resource, select="Created").status_code == 200


def test_3_3_bulk_receivables_take_few_filters(api):
    options = {"select": "ID", "headers": None}
    resource = "bulk/Cashflow/Receivables"

    assert api.get(resource, filter="InvoiceNumber eq 1", **options).status_code == 200
    assert api.get(resource, filter="YourRef eq 'a'", **options).status_code == 400
