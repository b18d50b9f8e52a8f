"""How records are read: blanks around codes, flags, collections, addresses, JSON."""

import json
import re

import pytest

from .simulator.resources import RESOURCES
from .simulator_api import BELGIAN, refused
from .simulator_finance import bought

ACCOUNTS = "crm/Accounts"
ENTRIES = "salesentry/SalesEntries"
GL = "financial/GLAccounts"
SYNTAX = "Bad Request - Error in query syntax."
# Flags of which nulls were recorded.
NULL_FLAGS = {
    "HasWithholdingTaxSales",
    "IsExtraDuty",
    "ShowRemarkForSales",
    "DeliveryAdvice",
    "BankAccountUseSEPA",
    "BankAccountUseSepaDirectDebit",
    "ActionRegenerateEntryProposal",
}


def read(api, guid):
    return api.get(f"{ACCOUNTS}(guid'{guid}')").json()["d"]


# === TYPES === #


@pytest.mark.parametrize(
    "uri",
    [uri for uri, row in RESOURCES.items() if not row.is_sync],
)
def test_flags_are_never_null(api, uri):
    """Neither those of new records nor those that were there from the start."""
    api.simulator.control.settings(mandatory_filter=False)
    api.booked(DueDate="2026-04-10")
    resource = RESOURCES[uri]
    scalars = [
        name for name, prop in resource.properties.items() if prop.edm != "Collection"
    ]
    options = {"select": ",".join(scalars)} if resource.select_required else {}
    flags = [
        name
        for name, prop in resource.properties.items()
        if prop.edm in ("Boolean", "Byte") and name not in NULL_FLAGS
    ]

    for row in api.rows(uri, **options):
        nulls = [name for name in flags if row[name] is None]
        assert nulls == []
        assert all(
            type(row[name])
            is (bool if resource.properties[name].edm == "Boolean" else int)
            for name in flags
        )


def test_account_reads_as_recorded(api):
    account = read(api, api.customer())

    zeros = ["CreditLinePurchase", "CreditLineSales", "DiscountPurchase"]
    zeros += ["DiscountSales", "InvoicingMethod"]
    assert {name: account[name] for name in zeros} == dict.fromkeys(zeros, 0)
    assert account["SecurityLevel"] == 10
    nulls = ["HasWithholdingTaxSales", "IsExtraDuty", "ShowRemarkForSales"]
    nulls += ["DeliveryAdvice", "Latitude", "Longitude"]
    assert {name: account[name] for name in nulls} == dict.fromkeys(nulls)


def test_what_is_read_is_what_a_filter_finds(api):
    guid = api.customer()

    for text in ("IsReseller eq false", "IsAccountant eq 0", "SecurityLevel eq 10"):
        found = api.rows(ACCOUNTS, filter=f"{text} and Name ne ''", orderby="IsMailing")
        assert [row["ID"] for row in found] == [guid]


def test_codes_come_padded(api):
    account = read(
        api,
        api.customer(
            Code="255", Country="NL", State="LI", Language="NL", SalesVATCode="4"
        ),
    )

    names = ["Code", "Country", "State", "Language", "SalesVATCode"]
    assert [account[name] for name in names] == [
        f"{255:>18}",
        "NL ",
        "LI ",
        "NL" + 8 * " ",
        "4  ",
    ]
    (vat_code,) = api.rows("vat/VATCodes", filter="Code eq '4'")
    assert vat_code["Code"] == "4  "
    division = api.get(f"system/Divisions({BELGIAN})").json()["d"]
    assert (division["Country"], division["Legislation"]) == ("BE ", "BE ")
    assert division["CustomerCode"] == f"{1000:>18}"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("current/Me", "System.Me"),
        ("system/Divisions", "System.Division"),
        ("financial/Journals", "Journal"),
    ],
)
def test_type_of_a_row(api, address, name):
    row = api.rows(address)[0]

    assert row["__metadata"]["type"] == f"Exact.Web.Api.Models.{name}"


def test_times_have_milliseconds(simulator, api):
    simulator.clock.advance(0.617)
    guid = api.customer()

    assert read(api, guid)["Created"].endswith("617)/")
    for text, count in (("eq", 1), ("gt", 0)):
        text = f"Created {text} datetime'2026-11-22T13:00:30.617'"
        assert len(api.rows(ACCOUNTS, filter=text)) == count


# === JSON === #


def test_json_is_written_as_recorded(api):
    response = api.get(f"{ACCOUNTS}(guid'{api.customer(StartDate='2026-01-01')}')")

    lines = response.text.split("\r\n")
    assert lines[:2] == ["{", '  "d": {']
    assert "\n" not in response.text.replace("\r\n", "")
    assert r'"\/Date(1767225600000)\/"' in response.text
    refusal = api.get("none/Such").text
    assert refusal.startswith('{\r\n  "error": {\r\n')


def test_a_text_that_looks_like_a_date_stays_a_text(api):
    text = 'a "/Date(1)/" \\/Date(2)\\/'

    assert read(api, api.customer(Remarks=text))["Remarks"] == text


# === ANSWER TO A POST === #


def test_account_answers_with_its_key_alone(api):
    del api.session.headers["Prefer"]

    answer = api.post(ACCOUNTS, {"Name": "x", "Blocked": True}).json()["d"]

    told = {name for name, value in answer.items() if value is not None}
    flags = {
        n for n, prop in RESOURCES[ACCOUNTS].properties.items() if prop.edm == "Byte"
    }
    assert told == {"__metadata", "ID", "BankAccounts", *flags}
    assert {answer[name] for name in flags} == {0}


def test_documents_answer_with_everything(api):
    del api.session.headers["Prefer"]

    answer = api.post("documents/Documents", {"Subject": "x", "Type": 10}).json()["d"]
    assert (answer["Subject"], answer["Type"]) == ("x", 10)
    body = {"Attachment": "aGk=", "FileName": "a.pdf", "Document": answer["ID"]}
    answer = api.post("documents/DocumentAttachments", body).json()["d"]
    assert (answer["Attachment"], answer["FileSize"]) == (None, 2)


# === COLLECTIONS === #


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (row.uri, name)
        for row in RESOURCES.values()
        for name, prop in row.properties.items()
        if prop.edm == "Collection" and not row.rows_of
    ],
)
def test_every_collection_is_expanded_and_read_at_its_address(api, uri, name):
    api.simulator.control.settings(mandatory_filter=False)
    api.booked()
    bought(api)

    (row,) = api.rows(uri, top=1)
    listed = api.session.get(row[name]["__deferred"]["uri"], timeout=10).json()["d"]
    (found,) = api.rows(uri, expand=name, top=1)

    assert found["__metadata"] == row["__metadata"]
    assert _by_address(found[name]) == _by_address(listed)
    selected = api.rows(uri, expand=name, select=name)[0]
    assert set(selected) == {"__metadata", name}


def _by_address(content):
    return sorted(content["results"], key=lambda row: row["__metadata"]["uri"])


def test_selection_below_a_collection(api):
    api.booked()
    lines = "SalesEntryLines"

    (row,) = api.rows(ENTRIES, expand=lines, select=f"YourRef,{lines}/AmountFC")
    assert set(row) == {"__metadata", "YourRef", lines}
    assert set(row[lines]["results"][0]) == {"__metadata", "AmountFC"}
    refused(
        api.get(ENTRIES, expand=lines, select=f"{lines}/Foo"),
        400,
        "No property 'Foo' exists in type 'Exact.Web.Api.Models.SalesEntryLine' at"
        " position 0.",
    )


# === OPTIONS === #


@pytest.mark.parametrize("select", ["*", "*,Code"])
def test_everything_may_be_selected(api, select):
    everything = api.rows("financial/Journals", select=select)

    assert everything == api.rows("financial/Journals")
    assert api.get("financial/Journals", select=f"{select},Foo").status_code == 400


def test_everything_may_not_be_selected_from_sync(api):
    response = api.get("sync/CRM/Accounts", select="*", filter="Timestamp gt 1L")

    refused(response, 400, SYNTAX)


@pytest.mark.parametrize(
    "option", ["$select", "$top", "$filter", "$orderby", "$expand"]
)
def test_option_given_twice(api, option):
    values = {"$filter": "Type eq 20", "$top": "5"}
    value = values.get(option, "Code")
    address = f"{api.url('financial/Journals')}?{option}={value}&{option}={value}"

    refused(api.session.get(address, timeout=10), 400, SYNTAX)


@pytest.mark.parametrize("resource", ["bulk/Financial/GLAccounts", "sync/CRM/Accounts"])
def test_nothing_is_skipped_in_bulk_and_sync(api, resource):
    text = "The $skip parameter is not supported for this resource"
    filters = {"b": "Type eq 20", "s": "Timestamp gt 1L"}

    options = {"select": "ID", "filter": filters[resource[0]]}
    refused(api.get(resource, skip=0, **options), 400, text)
    assert api.get(resource, **options).status_code == 200


def test_number_of_the_rows_is_plain_text(api):
    response = api.get("financial/Journals/$count", headers={"Accept": None})

    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.text == str(len(api.rows("financial/Journals")))
    assert api.get(f"{ACCOUNTS}/$count").text == "0"
    address = f"{ENTRIES}(guid'{api.booked()['EntryID']}')/SalesEntryLines/$count"
    assert api.get(address).text == "1"


def test_number_of_the_rows_takes_no_option(api):
    refused(api.get("financial/Journals/$count", filter="Type eq 20"), 400, SYNTAX)
    assert api.post(f"{ACCOUNTS}/$count", {"Name": "x"}).status_code == 405
    assert api.get(f"{ACCOUNTS}(guid'{api.customer()}')/$count").status_code == 404


@pytest.mark.parametrize("path", ["/api/v1//Current/Me", "/api/v1/CURRENT/me/"])
def test_address_of_me(simulator, api, path):
    response = api.session.get(simulator.url + path, timeout=10)

    assert response.json()["d"]["results"][0]["CurrentDivision"] == api.division


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/xml", 406),
        ("text/xml", 406),
        ("text/*", 406),
        ("application/jsonx", 406),
        ("text/html, application/json;odata=verbose", 200),
        ("application/atom+xml;type=feed", 200),
    ],
)
def test_forms_that_are_taken(api, accept, status):
    response = api.get("financial/Journals", headers={"Accept": accept})

    assert response.status_code == status


def test_body_that_is_json_by_another_name(api):
    response = api.call(
        "POST",
        ACCOUNTS,
        data=json.dumps({"Name": "x"}),
        headers={"Content-Type": "text/json"},
    )

    assert response.status_code == 415
    assert re.match("Unsupported", response.json()["error"]["message"]["value"])
