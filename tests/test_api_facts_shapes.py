"""What is known of Exact Online's answers and writes, as a specification.

Each test is a fact that is documented or was seen, by the section it belongs to: 3.4
shapes, 3.5 types, 3.6 sync, 3.7 writes.
"""

import pytest

from .facts import (
    ACCOUNTS,
    ATOM,
    DAY,
    ENTRIES,
    GL,
    ITEMS,
    JOURNALS,
    LINES,
    PURCHASES,
    STREAM,
    SYNC,
    WITHOUT_PREFER,
    atom,
    brief,
    by_guid,
    made,
    one,
)
from .simulator_api import (
    DUTCH,
    ENGLISH_USER,
    SECOND,
    Api,
    findings,
    refused,
)


@pytest.fixture
def customer(api):
    return api.customer(PaymentConditionSales="30")


@pytest.fixture
def entry(api, customer):
    return api.booked(Customer=customer)


# === 3.4 SHAPES === #


def test_3_4_empty_short_list_is_bare_too(api):
    assert one(api.get(JOURNALS, top=60, filter="Code eq 'x'")) == []


@pytest.mark.parametrize(("top", "bare"), [(1, True), (60, True), (61, False)])
def test_3_4_page_size_decides_the_shape(api, top, bare):
    assert isinstance(one(api.get(JOURNALS, top=top)), list) == bare


def test_3_4_single_record_is_not_wrapped(api, customer):
    assert by_guid(api, ACCOUNTS, customer)["ID"] == customer


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        (JOURNALS, "Journal"),
        (GL, "GLAccount"),
        ("vat/VATCodes", "VATCode"),
        ("cashflow/PaymentConditions", "PaymentCondition"),
        ("general/Currencies", "Currency"),
        ("financial/FinancialPeriods", "FinancialPeriod"),
        ("documents/DocumentTypes", "DocumentType"),
        ("logistics/Units", "Unit"),
        ("logistics/ItemGroups", "ItemGroup"),
    ],
)
def test_3_4_type_of_a_model(simulator, api, resource, name):
    simulator.control.settings(mandatory_filter=False)

    (row,) = api.rows(resource, top=1)

    assert row["__metadata"]["type"].endswith(f".{name}")
    assert row["__metadata"]["uri"].startswith(f"{api.url(resource)}(")


def test_3_4_vat_is_null_in_the_answer_to_an_entry(simulator, api, customer):
    entry = made(api, ENTRIES, api.entry_body(Customer=customer))
    assert (entry["VATAmountDC"], entry["VATAmountFC"]) == (None, None)
    assert entry["SalesEntryLines"].keys() == {"__deferred"}

    read = by_guid(api, ENTRIES, entry["EntryID"])

    assert (read["VATAmountDC"], read["VATAmountFC"]) == (21, 21)
    simulator.control.settings(post_vat="filled")
    again = made(api, ENTRIES, api.entry_body(Customer=customer))
    assert again["VATAmountFC"] == 21


def test_3_4_vat_may_come_by_prefer_alone(simulator, api, customer):
    simulator.control.settings(post_vat="prefer")

    body = api.entry_body(Customer=customer)
    assert made(api, ENTRIES, body)["VATAmountFC"] == 21
    plain = made(api, ENTRIES, body, headers=WITHOUT_PREFER)
    assert plain["VATAmountFC"] is None


@pytest.mark.parametrize(
    ("resource", "size"), [(ACCOUNTS, 60), ("bulk/CRM/Accounts", 1000), (SYNC, 1000)]
)
def test_3_4_page_size(api, resource, size):
    for number in range(61):
        api.customer(Code=str(5000 + number))
    text = "Timestamp gt 0L" if resource == SYNC else "Status eq 'C'"

    content = one(api.get(resource, select="ID", filter=text))

    assert len(content["results"]) == min(size, 61)
    assert ("__next" in content) == (size == 60)


# === 3.5 TYPES === #


def test_3_5_malformed_guid_in_a_body(api):
    response = api.post(ENTRIES, api.entry_body(Customer="no-guid"))

    assert response.status_code == 400


@pytest.mark.parametrize("date", ["2026-03-10", "2026-03-10T00:00:00"])
def test_3_5_dates_come_out_as_midnight(api, customer, date):
    entry = api.booked(Customer=customer, EntryDate=date)

    assert entry["EntryDate"] == "/Date(1773100800000)/"


def test_3_5_time_of_day_is_not_kept(api, customer):
    entry = api.booked(
        Customer=customer,
        EntryDate="2026-03-10T14:30:00",
        DueDate="2026-04-09T08:15:00",
    )

    assert entry["EntryDate"] == "/Date(1773100800000)/"
    assert int(entry["DueDate"][6:-2]) % 86_400_000 == 0


def test_3_5_date_as_it_is_read_is_refused(api):
    response = api.post(ACCOUNTS, {"Name": "A", "StartDate": "/Date(1773100800000)/"})

    refused(
        response,
        400,
        f"{STREAM}Error encountered in converting the value from request payload for"
        " property 'StartDate' to type 'DateTime', which is the property's expected"
        " type. See inner exception for more detail.",
    )


def test_3_5_date_with_escaped_slashes(simulator, api):
    body = r'{"Name": "A", "StartDate": "\/Date(1773100800000)\/"}'
    headers = {"Content-Type": "application/json"}
    assert api.call("POST", ACCOUNTS, data=body, headers=headers).status_code == 400

    simulator.control.settings(escaped_dates="take")

    row = one(api.call("POST", ACCOUNTS, data=body, headers=headers), 201)
    assert row["StartDate"] == "/Date(1773100800000)/"


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("current/Me", "Legislation"),
        ("system/Divisions", "Hid"),
        ("hrm/Divisions", "HID"),
    ],
)
def test_3_5_int64_is_a_text(api, resource, name):
    for row in api.rows(resource, select=name):
        assert isinstance(row[name], str) and row[name].isdigit()


def test_3_5_timestamp_is_a_text(api, customer):
    rows = api.rows(SYNC, select="Timestamp", filter="Timestamp gt 0L")

    assert rows and all(row["Timestamp"].isdigit() for row in rows)


def test_3_5_numbers_are_taken_as_texts(api, customer):
    line = api.line(AmountFC="12.50", VATAmountFC="2.63")

    entry = api.booked(line, Customer=customer, EntryNumber="26700123")

    assert (entry["EntryNumber"], entry["AmountFC"]) == (26700123, 15.13)


def test_3_5_byte_flags_are_numbers(api, customer):
    row = by_guid(api, ACCOUNTS, customer)

    for name in (
        "IsAccountant",
        "IsAgency",
        "IsCompetitor",
        "IsMailing",
        "IsAnonymised",
    ):
        assert type(row[name]) is int, name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Blocked", False),
        ("CanDropShip", False),
        ("IsBank", False),
        ("IsMember", False),
        ("IsPilot", False),
        ("IsReseller", False),
        ("IsSupplier", False),
        ("CreditLinePurchase", 0),
        ("CreditLineSales", 0),
        ("DiscountPurchase", 0),
        ("DiscountSales", 0),
        ("InvoicingMethod", 0),
        ("SecurityLevel", 10),
        ("HasWithholdingTaxSales", None),
        ("IsExtraDuty", None),
        ("ShowRemarkForSales", None),
        ("DeliveryAdvice", None),
        ("Latitude", None),
        ("Longitude", None),
    ],
)
def test_3_5_flags_of_an_account_that_is_read(api, customer, name, value):
    found = by_guid(api, ACCOUNTS, customer)[name]

    assert (found, isinstance(found, bool)) == (value, isinstance(value, bool))


@pytest.mark.parametrize("resource", [JOURNALS, GL, "vat/VATCodes", ITEMS, ENTRIES])
def test_3_5_flags_are_not_null(simulator, api, entry, resource):
    simulator.control.settings(mandatory_filter=False)
    made(api, ITEMS, {"Code": "TAFEL", "Description": "Tafel"})
    feed = atom(api, resource)
    allowed = {"bankaccountusesepa", "bankaccountusesepadirectdebit"}
    null = f"{{{ATOM['m']}}}null"

    for row in feed.findall("a:entry/a:content/m:properties", ATOM):
        for value in row:
            name = value.tag.partition("}")[2]
            kind = value.get(f"{{{ATOM['m']}}}type")
            if kind in ("Edm.Boolean", "Edm.Byte") and name.lower() not in allowed:
                assert value.get(null) is None, name


def test_3_5_created_has_milliseconds(simulator, api, customer):
    simulator.control.clock(advance=0.123)
    row = by_guid(api, ACCOUNTS, api.customer(Name="Later"))

    for name in ("Created", "Modified"):
        assert int(row[name][6:-2]) % 1000 == 123, name


@pytest.mark.parametrize("fraction", [".5", ".1234567", ".123456789"])
def test_3_5_seconds_may_have_many_digits(api, fraction):
    row = made(api, ACCOUNTS, Name="A", StartDate=f"2026-03-10T00:00:00{fraction}")

    assert int(row["StartDate"][6:-2]) // DAY == 1773100800000 // DAY


@pytest.mark.parametrize("value", ["10-03-2026", "2026-13-01", "20260310", 5, True, ""])
def test_3_5_what_is_no_date(api, value):
    assert api.post(ACCOUNTS, {"Name": "A", "StartDate": value}).status_code == 400


@pytest.mark.parametrize("value", ["12,50", "abc", "", True, [], "1e400"])
def test_3_5_what_is_no_number(api, customer, value):
    response = api.post_entry(api.line(AmountFC=value), Customer=customer)

    assert response.status_code == 400, brief(response)


@pytest.mark.parametrize("value", ["yes", 2, "", []])
def test_3_5_what_is_no_flag(api, value):
    assert api.post(ACCOUNTS, {"Name": "A", "Blocked": value}).status_code == 400


# === 3.6 SYNC === #


@pytest.mark.parametrize("suffix", ["", "L"])
def test_3_6_timestamp_with_and_without_its_suffix(simulator, api, customer, suffix):
    options = {"select": "ID,Timestamp", "filter": f"Timestamp gt 0{suffix}"}
    assert len(api.rows(SYNC, **options)) == 1

    simulator.control.settings(timestamp_suffix="required")

    assert api.get(SYNC, **options).status_code == (200 if suffix else 400)


@pytest.mark.parametrize(
    "text", ["Name eq 'a'", "ID ne null", "Modified gt datetime'2026-01-01'"]
)
def test_3_6_only_the_timestamp_may_be_filtered(api, text):
    assert api.get(SYNC, select="ID", filter=text).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("resource", [SYNC, "bulk/CRM/Accounts", "sync/Deleted"])
def test_3_6_sync_and_bulk_are_read_only(api, resource, method):
    assert api.call(method, resource, json={}).status_code in (400, 405)


def test_3_6_timestamp_grows_with_each_change(api, customer):
    def cursor():
        (row,) = api.rows(SYNC, select="Timestamp", filter="Timestamp gt 1L")
        return int(row["Timestamp"])

    before = cursor()
    api.put(f"{ACCOUNTS}(guid'{customer}')", {"Name": "Anders"})

    assert cursor() > before


@pytest.mark.parametrize(
    "resource",
    [ENTRIES, PURCHASES, JOURNALS, "vat/VATCodes", "cashflow/PaymentConditions"],
)
def test_3_6_no_twin(api, resource):
    service, name = resource.split("/")
    response = api.get(f"sync/{service}/{name}", select="Timestamp")

    assert response.status_code == 404


@pytest.mark.parametrize(
    "resource",
    [
        "CRM/Accounts",
        "CRM/Contacts",
        "CRM/Addresses",
        "Documents/Documents",
        "Documents/DocumentAttachments",
        "Financial/GLAccounts",
        "Financial/TransactionLines",
        "Logistics/Items",
        "Logistics/SalesItemPrices",
        "Cashflow/PaymentTerms",
    ],
)
def test_3_6_twin(api, resource):
    options = {"select": "ID,Timestamp", "filter": "Timestamp gt 1L"}

    assert api.get(f"sync/{resource}", **options).status_code == 200


DELETED = (
    (ACCOUNTS, 2, {"Name": "A"}),
    ("crm/Addresses", 3, {"Account": "{customer}", "Type": 3, "City": "Gent"}),
    ("crm/Contacts", 5, {"Account": "{customer}", "LastName": "Peeters"}),
    ("documents/Documents", 6, {"Type": 10, "Subject": "Factuur"}),
    (GL, 7, {"Code": "700900", "Description": "Andere"}),
    (ITEMS, 9, {"Code": "TAFEL", "Description": "Tafel"}),
    (
        "crm/BankAccounts",
        48,
        {"Account": "{customer}", "BankAccount": "BE71096123456769"},
    ),
)


@pytest.mark.parametrize(("resource", "kind", "body"), DELETED)
def test_3_6_deletions_are_told(api, customer, resource, kind, body):
    body = {k: customer if v == "{customer}" else v for k, v in body.items()}
    guid = made(api, resource, body)["ID"]
    response = api.delete(f"{resource}(guid'{guid}')")
    assert response.status_code == 204, brief(response)

    rows = api.rows(
        "sync/Deleted",
        select="Timestamp,EntityKey,EntityType,DeletedDate,DeletedBy",
        filter="Timestamp gt 0L",
    )

    assert (guid, kind) in [(row["EntityKey"], row["EntityType"]) for row in rows]


def test_3_6_deleted_entry_takes_its_rows_along(api, entry):
    before = api.rows(
        "sync/Cashflow/PaymentTerms", select="ID", filter="Timestamp gt 0L"
    )
    assert api.delete(f"{ENTRIES}(guid'{entry['EntryID']}')").status_code == 204

    rows = api.rows(
        "sync/Deleted", select="EntityKey,EntityType", filter="Timestamp gt 0L"
    )

    found = {(row["EntityKey"], row["EntityType"]) for row in rows}
    assert {(row["ID"], 10) for row in before} <= found
    assert {1, 10} <= {kind for _key, kind in found}


def test_3_6_transaction_lines_stream_headers_and_lines(api, entry):
    rows = api.rows(
        "sync/Financial/TransactionLines",
        select="LineNumber,EntryID,Timestamp",
        filter="Timestamp gt 1L",
    )

    assert sorted(row["LineNumber"] for row in rows) == [0, 1, 9999]


# === 3.7 WRITES === #


@pytest.mark.parametrize("lines", [{"results": []}, {"AmountFC": 100}, "x", 5])
def test_3_7_lines_must_be_a_plain_array(api, customer, lines):
    body = {**api.entry_body(Customer=customer), "SalesEntryLines": lines}

    response = api.post(ENTRIES, body)

    assert response.status_code == 400
    assert findings(response)[0].startswith(STREAM)


def test_3_7_change_names_only_what_changes(api, entry):
    uri = f"{ENTRIES}(guid'{entry['EntryID']}')"
    assert api.put(uri, {"YourRef": "PO 7"}, headers=WITHOUT_PREFER).status_code == 204

    row = one(api.get(uri))

    assert (row["YourRef"], row["EntryNumber"]) == ("PO 7", entry["EntryNumber"])


def test_3_7_deferred_lines_of_a_record_pass(api, entry):
    body = {"YourRef": "PO 7", "SalesEntryLines": {"__deferred": {"uri": "x"}}}

    response = api.put(f"{ENTRIES}(guid'{entry['EntryID']}')", body)

    assert response.status_code in (200, 204), brief(response)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_3_7_key_is_needed(api, method):
    assert api.call(method, ACCOUNTS, json={}).status_code in (400, 405)


@pytest.mark.parametrize("resource", [ACCOUNTS, ENTRIES, "documents/Documents"])
def test_3_7_deletion_of_a_guid_of_nobody_is_forbidden(api, resource):
    guid = "00000000-0000-0000-0000-000000000001"

    assert api.delete(f"{resource}(guid'{guid}')").status_code == 403


def test_3_7_read_only_properties_are_ignored(api, customer):
    entry = api.booked(Customer=customer, AmountDC=5, VATAmountDC=5, Type=21, Status=50)

    assert (entry["AmountDC"], entry["Type"], entry["Status"]) == (121, 20, 20)


@pytest.mark.parametrize("resource", [ACCOUNTS, ENTRIES, LINES, "documents/Documents"])
def test_3_7_unknown_property_is_refused(api, resource):
    response = api.post(resource, {"NotAField": 1})

    assert response.status_code == 400
    (text,) = findings(response)
    assert text.startswith(f"{STREAM}The property name 'NotAField' specified for type")


def test_3_7_guid_of_another_division_is_no_reference(simulator, api):
    other = Api(simulator, division=SECOND).customer(PaymentConditionSales="30")

    response = api.post_entry(Customer=other)

    assert response.status_code in (400, 500)
    assert [
        text for text in findings(response) if text.startswith("Ongeldige referentie")
    ]


def test_3_7_same_code_has_another_guid_in_each_division(simulator, api):
    other = Api(simulator, ENGLISH_USER, SECOND)

    assert api.gl_account() != other.gl_account()
    assert api.gl_account() != Api(simulator, division=DUTCH).gl_account("8000")
