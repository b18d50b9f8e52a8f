"""Query options: the parser alone, and a GET with a filter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .simulator import odata
from .simulator.errors import Refusal
from .simulator_api import refused

SYNTAX = "Bad Request - Error in query syntax."
GL = "financial/GLAccounts"
ENTRIES = "salesentry/SalesEntries"
GUID = "11111111-2222-3333-4444-555555555555"


def codes(api, text, resource=GL, **options):
    rows = api.rows(resource, filter=text, select="Code", **options)
    return sorted(row["Code"].strip() for row in rows)


# === PARSER === #


def test_and_binds_stronger_than_or():
    tree = odata.parse_filter("A eq 1 or B eq 2 and C eq 3")

    assert tree.word == "or"
    assert tree.parts[1].word == "and"


def test_parentheses_bind_strongest():
    tree = odata.parse_filter("(A eq 1 or B eq 2) and C eq 3")

    assert tree.word == "and"


def test_names_are_found_everywhere():
    tree = odata.parse_filter("trim(A) eq 'x' and (B gt 1 or substringof('y',C))")

    assert odata.names(tree) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("'it''s'", "string", "it's"),
        ("''", "string", ""),
        ("123L", "number", 123),
        ("-1.5", "number", -1.5),
        ("true", "flag", True),
        ("null", "null", None),
        (f"guid'{GUID.upper()}'", "guid", GUID),
    ],
)
def test_literals(text, kind, value):
    right = odata.parse_filter(f"A eq {text}").right

    assert (right.kind, right.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "A eq",
        "eq 1",
        "A eq 1 and",
        "A eq 1 B eq 2",
        "(A eq 1",
        "A eq 1)",
        "A = 1",
        "A EQ 1",
        "A eq 'x",
        "A eq it's",
        "A eq 1.5L",
        "A eq 12ab",
        "trim(A",
        "trim(A,B) eq 'x'",
        "nothing(A) eq 'x'",
        "datetime'31-01-2025' lt A",
        "A eq datetime'2025-02-30'",
        "(" * 60 + "A eq 1" + ")" * 60,
    ],
)
def test_wrong_syntax(text, api):
    text = text.replace("A", "Code").replace("B", "Type")

    refused(api.get(GL, filter=text), 400, SYNTAX)


@given(st.text(alphabet="AB eqandor'()1,Lguidtrm/-_\"", max_size=60))
def test_parser_either_reads_or_refuses(text):
    try:
        odata.parse_filter(text)
    except Refusal as refusal:
        assert refusal.status in (400, 501)


# === FILTER === #


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code eq '700000'", ["700000"]),
        ("Type ne 110 and Code ge '700000'", ["757000", "757100"]),
        ("Code gt '705000' and Code le '708000'", ["706000", "708000"]),
        ("Code lt '200000'", ["100000"]),
        ("Type eq 20 or Type eq 22", ["400000", "440000"]),
        ("Type eq 110 and (Code eq '700000' or Code eq '1')", ["700000"]),
        ("IsBlocked eq true", ["706000"]),
        ("IsBlocked and Type eq 110", ["706000"]),
        ("VATCode eq null and Type eq 110", ["744000"]),
        ("startswith(Code,'57')", ["570000"]),
        ("startswith(Code,'57') eq true", ["570000"]),
        ("substringof('kredietkaart',tolower(Description))", ["590000"]),
        ("Description eq 'Creditnota''s'", []),
        ("Type eq 50L", ["100000"]),
        ("Created gt datetime'2026-11-22' and Type eq 50", ["100000"]),
        ("Created gt datetime'2026-11-23T00:00:00'", []),
        ("VATCode eq '6'", ["700100"]),
        ("VATCode eq '6  '", ["700100"]),
    ],
)
def test_filter(api, text, expected):
    assert codes(api, text) == expected


def test_quote_is_doubled(api):
    text = "Description eq 'Creditnota''s verkoop'"

    assert codes(api, text, "financial/Journals") == ["701"]


def test_guid_is_found(api):
    guid = api.gl_account("570000")

    assert codes(api, f"ID eq guid'{guid}'") == ["570000"]


def test_account_code_is_padded_in_filters(api):
    api.customer(Code="255")

    assert codes(api, "Code eq '255'", "crm/Accounts") == []
    assert codes(api, f"Code eq '{255:>18}'", "crm/Accounts") == ["255"]
    assert codes(api, "trim(Code) eq '255'", "crm/Accounts") == ["255"]


@pytest.mark.parametrize(("loose", "count"), [(False, 0), (True, 1)])
def test_case_counts_unless_set(simulator, api, loose, count):
    simulator.control.settings(case_insensitive=loose)

    assert len(codes(api, "Description eq 'KAS'")) == count


@pytest.mark.parametrize(
    ("text", "left", "right", "position"),
    [
        ("ID eq 1", "Guid", "Int32", 3),
        ("Code eq 700000", "String", "Int32", 5),
        ("Type eq 1 and (Code gt 1.5)", "String", "Double", 20),
        (f"Code eq guid'{GUID}'", "String", "Guid", 5),
        ("Type ne '1'", "Int32", "String", 5),
        ("ID eq 'x'", "Guid", "String", 3),
        ("1L lt Code", "Int64", "String", 3),
        ("Created ge '2026-01-01'", "DateTime", "String", 8),
        ("IsBlocked eq 1", "Boolean", "Int32", 10),
        ("trim(Code) eq 5", "String", "Int32", 11),
    ],
)
def test_types_must_fit(api, text, left, right, position):
    refused(
        api.get(GL, filter=text),
        400,
        f"Operator '{text[position:][:2]}' incompatible with operand types"
        f" 'System.{left}' and 'System.{right}' at position {position}.",
    )


@pytest.mark.parametrize(("setting", "status"), [("optional", 200), ("required", 400)])
def test_suffix_of_a_timestamp(simulator, api, setting, status):
    simulator.control.settings(timestamp_suffix=setting)
    sync = "sync/CRM/Accounts"

    assert api.get(sync, select="ID", filter="Timestamp gt 1L").status_code == 200
    response = api.get(sync, select="ID", filter="Timestamp gt 1")
    assert response.status_code == status
    # An Int32 is compared with any number.
    assert api.get(GL, filter="Type eq 20L").status_code == 200


@pytest.mark.parametrize(
    ("text", "literal", "position"),
    [
        ("ID eq guid'1'", "guid'1'", 6),
        ("Type eq 1 or ID ne guid''", "guid''", 19),
        ("guid'{x}' eq ID", "guid'{x}'", 0),
    ],
)
def test_malformed_guid(api, text, literal, position):
    text_of_refusal = f"Unrecognized 'Edm.Guid' literal '{literal}' in '{position}'."

    refused(api.get(GL, filter=text), 400, text_of_refusal)


def test_function_that_exact_lacks(api):
    response = api.get(GL, filter="substring(Code,1) eq 'x'")

    refused(response, 501, "Not Implemented")


def test_unknown_property(api):
    for options in ({"filter": "code eq '1'"}, {"select": "code"}, {"orderby": "code"}):
        refused(
            api.get(GL, **options),
            400,
            "No property 'code' exists in type 'Exact.Web.Api.Models.GLAccount' at"
            " position 0.",
        )


def test_filter_that_is_not_supported(api):
    text = "This $filter parameter is not supported for this resource"

    refused(api.get(ENTRIES, filter="SalesEntryLines eq 'x'"), 400, text)
    refused(api.get(ENTRIES, filter="SalesEntryLines/AmountFC eq 1"), 400, text)
    refused(
        api.get(ENTRIES, filter="StatusDescription eq 'x' and TypeDescription eq 'y'"),
        400,
        "Filtering on these fields is not supported:"
        " StatusDescription, TypeDescription",
    )


# === MANDATORY OPTIONS === #


@pytest.mark.parametrize("resource", ["crm/Accounts", GL])
def test_mandatory_filter(api, resource):
    start = (
        "This endpoint has mandatory filtering applied. A GET request for this endpoint"
        " must have a $filter parameter with one of the following fields in the url: "
    )
    response = api.get(resource, select="ID", top=1)
    fields = response.json()["error"]["message"]["value"].removeprefix(start)
    assert response.status_code == 400
    assert "Code" in fields.split(", ")

    assert api.get(resource, filter="Code eq '1'").status_code == 200


def test_filter_must_be_on_a_listed_field(api):
    assert api.get("crm/Accounts", filter="Website eq 'x'").status_code == 400
    text = "Website eq 'x' and Name eq 'y'"
    assert api.get("crm/Accounts", filter=text).status_code == 200


@pytest.mark.parametrize("resource", ["crm/Accounts", GL])
def test_filter_is_mandatory_unless_set(simulator, api, resource):
    simulator.control.settings(mandatory_filter=False)

    assert api.get(resource).status_code == 200


def test_one_record_needs_no_filter(api):
    assert api.get(f"crm/Accounts(guid'{api.customer()}')").status_code == 200


def test_mandatory_select(simulator, api):
    simulator.control.settings(select_required=[ENTRIES])

    text = "Please add a $select or a $top=1 statement to the query string."
    refused(api.get(ENTRIES), 400, text)
    refused(api.get(ENTRIES, top=2), 400, text)
    assert api.get(ENTRIES, top=1).status_code == 200
    assert api.get(ENTRIES, select="EntryID").status_code == 200


@pytest.mark.parametrize(
    "options",
    [
        {"top": "x"},
        {"top": "-1"},
        {"skip": "1.5"},
        {"inlinecount": "some"},
        {"orderby": "Code up"},
        {"orderby": "Code desc asc"},
        {"expand": "Code"},
        {"skiptoken": "x"},
        {"skiptoken": "'700'"},
        {"wrong": "1"},
        {"select": "Code/Name"},
    ],
)
def test_wrong_option(api, options):
    refused(api.get("financial/Journals", **options), 400, SYNTAX)
