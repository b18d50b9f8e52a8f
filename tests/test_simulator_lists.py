"""Lists: selection, lines, order and pages."""

from urllib.parse import parse_qs, urlsplit

import pytest

from .simulator_api import BELGIAN, refused, rows_of

SYNTAX = "Bad Request - Error in query syntax."
GL = "financial/GLAccounts"
ENTRIES = "salesentry/SalesEntries"


# === SELECT, EXPAND, ORDER === #


def test_select_gives_these_alone(api):
    (row,) = api.rows(GL, filter="Code eq '570000'", select="Code,Type")

    assert set(row) == {"__metadata", "Code", "Type"}
    guid = api.gl_account("570000")
    assert row["__metadata"] == {
        "uri": f"{api.url(GL)}(guid'{guid}')",
        "type": "Exact.Web.Api.Models.GLAccount",
    }


def test_order(api):
    rows = api.rows("financial/Journals", orderby="Type desc,Code", select="Code")

    found = [row["Code"] for row in rows]
    assert found == ["900", "600", "701", "700", "702", "705", "550"]


def test_top_and_skip(api):
    rows = api.rows("financial/Journals", orderby="Code", top=2, skip=1)

    assert [row["Code"] for row in rows] == ["600", "700"]


def test_lines_are_deferred(api):
    entry = api.booked()

    found = api.rows(ENTRIES)[0]["SalesEntryLines"]

    uri = found["__deferred"]["uri"]
    assert uri == f"{api.url(ENTRIES)}(guid'{entry['EntryID']}')/SalesEntryLines"
    assert len(api.session.get(uri, timeout=10).json()["d"]["results"]) == 1


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("EntryNumber,SalesEntryLines/AmountFC", {"__metadata", "AmountFC"}),
        ("SalesEntryLines", None),
        ("EntryNumber", "absent"),
    ],
)
def test_lines_are_expanded_where_the_selection_names_them(api, select, expected):
    api.booked()

    (row,) = api.rows(ENTRIES, select=select, expand="SalesEntryLines")

    if expected == "absent":
        assert "SalesEntryLines" not in row
        return
    (line,) = row["SalesEntryLines"]["results"]
    assert line["AmountFC"] == 100
    assert expected is None or set(line) == expected


def test_path_in_the_selection_needs_expand(api):
    refused(api.get(ENTRIES, select="SalesEntryLines/AmountFC"), 400, SYNTAX)


# === PAGES === #


@pytest.fixture
def many(simulator, api):
    for number in range(130):
        api.customer(Name=f"Customer {number % 7}", Code=str(1000 + number))
    return api


def pages(api, response):
    """Follow `__next` to the end; return the pages and their addresses."""
    found, addresses = [], []
    while True:
        assert response.status_code == 200, response.text
        content = response.json()["d"]
        found.append([row["Code"].strip() for row in rows_of(response)])
        if isinstance(content, list) or "__next" not in content:
            return found, addresses
        addresses.append(content["__next"])
        response = api.session.get(content["__next"], timeout=10)


@pytest.mark.parametrize("orderby", ["Name", "Name desc", "Code", "ID", "Email"])
def test_pages_of_sixty_hold_every_row_once(many, orderby):
    response = many.get("crm/Accounts", filter="Status eq 'C'", orderby=orderby)

    found, addresses = pages(many, response)

    assert [len(page) for page in found] == [60, 60, 10]
    assert sorted(sum(found, [])) == [str(1000 + number) for number in range(130)]
    start = f"{many.simulator.url}/api/v1/{BELGIAN}/crm/Accounts?"
    assert all(address.startswith(start) for address in addresses)


def test_next_address_has_all_options_and_a_token(many):
    options = {"filter": "Name ne 'it''s'", "select": "ID,Code"}
    content = many.get("crm/Accounts", **options).json()["d"]

    query = parse_qs(urlsplit(content["__next"]).query)

    last = content["results"][-1]["ID"]
    assert query == {
        "$filter": ["Name ne 'it''s'"],
        "$select": ["ID,Code"],
        "$skiptoken": [f"guid'{last}'"],
    }


def test_next_address_keeps_the_order_lowers_top_and_skips_no_more(many):
    address = many.url("crm/Accounts?$skip=5&$select=ID&$top=100&x=a%20b&$filter=")
    content = many.session.get(f"{address}Name%20ne%20''", timeout=10).json()["d"]

    last = content["results"][-1]["ID"]
    assert content["__next"] == (
        many.url("crm/Accounts?$select=ID&$top=40&x=a%20b&$filter=Name%20ne%20''")
        + f"&$skiptoken=guid'{last}'"
    )
    rest = many.session.get(content["__next"], timeout=10)
    assert len(rows_of(rest)) == 40


def test_row_that_comes_in_between_does_not_shift_the_pages(many):
    response = many.get("crm/Accounts", filter="Status eq 'C'", orderby="Code")
    many.customer(Code="1")

    found, _addresses = pages(many, response)

    assert sorted(sum(found, [])) == [str(1000 + number) for number in range(130)]


@pytest.mark.parametrize(
    ("options", "sizes"),
    [({"top": 70}, [60, 10]), ({"top": 60}, [60]), ({"skip": 100}, [30])],
)
def test_top_over_several_pages(many, options, sizes):
    found, _ = pages(many, many.get("crm/Accounts", filter="Name ne ''", **options))

    assert [len(page) for page in found] == sizes


def test_count_of_all_pages_is_a_text(many):
    text = "Name eq 'Customer 1' or Name eq 'Customer 2'"
    response = many.get("crm/Accounts", filter=text, inlinecount="allpages", top=1)

    assert response.json()["d"]["__count"] == "38"
