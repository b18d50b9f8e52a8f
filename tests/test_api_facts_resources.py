"""What is known of Exact Online's resources, as a specification of the simulator.

Each test is a fact that is documented or was seen, by the section it belongs to: 6.1
divisions, 6.2 accounts, 6.3 relations, 6.4 journals to 6.9 currencies, 6.13 documents,
6.14 items, 12 odd values.
"""

import base64
from decimal import Decimal

import pytest

from .facts import (
    ACCOUNTS,
    DOCUMENTS,
    ENTRIES,
    ITEMS,
    TODAY,
    brief,
    by_guid,
    changed,
    ledger,
    made,
    not_taken,
    one,
)
from .simulator_api import (
    BELGIAN,
    DUTCH,
    SECOND,
    Api,
    findings,
    refused,
)


@pytest.fixture
def customer(api):
    return api.customer(PaymentConditionSales="30")


@pytest.fixture
def supplier(api):
    values = {"Name": "Leverancier", "IsSupplier": True}
    return made(api, ACCOUNTS, **values, PaymentConditionPurchase="30")["ID"]


# === 6.1 DIVISIONS === #


def test_6_1_division_has_a_code_and_a_number_for_the_eye(api):
    rows = {row["Code"]: row for row in api.rows("system/Divisions")}

    assert rows[BELGIAN]["Hid"] == "1" and rows[DUTCH]["Country"] == "NL "
    assert rows[BELGIAN]["Legislation"] == "BE "
    assert {row["Status"] for row in rows.values()} == {1, 2}
    assert {row["BlockingStatus"] for row in rows.values()} == {0, 3}


def test_6_1_names_of_hrm_divisions(api):
    names = (
        "Code HID Description CustomerName CustomerCode Customer Country"
        " CountryDescription Currency CurrencyDescription Main Status BlockingStatus"
        " ArchiveDate StartDate Class_01 OBNumber SiretNumber TaxOfficeNumber"
        " TaxReferenceNumber TemplateCode VATNumber Website"
    ).split()

    (row, *_others) = api.rows("hrm/Divisions", select=",".join(names))

    assert set(names) <= set(row)
    assert row["HID"].isdigit() and isinstance(row["Main"], bool)


# === 6.2 ACCOUNTS === #


def test_6_2_what_a_new_account_is_filled_with(api):
    guid = made(api, ACCOUNTS, Name="Deco", IsPurchase=False)["ID"]

    row = by_guid(api, ACCOUNTS, guid)

    expected = {
        "StartDate": TODAY,
        "SalesCurrency": "EUR",
        "Source": 2,
        "ConsolidationScenario": 6,
        "GlnNumber": "",
        "IsPurchase": True,
        "PaymentConditionSales": None,
        "Language": None,
        "SearchCode": None,
        "Type": "A",
    }
    assert {name: row[name] for name in expected} == expected


def test_6_2_code_is_the_highest_and_one_more(api):
    api.customer(Code="11")

    row = made(api, ACCOUNTS, Name="Deco")

    assert row["Code"] == "           0000012"


def test_6_2_code_is_padded_and_found_so_or_trimmed(api):
    api.customer(Code="100100")

    for text in ("Code eq '            100100'", "trim(Code) eq '100100'"):
        (row,) = api.rows(ACCOUNTS, filter=text)
        assert row["Code"] == "            100100"
    assert api.rows(ACCOUNTS, filter="Code eq '100100'") == []


@pytest.mark.parametrize("code", ["AB12", "12-3", "1" * 19, "١٢٣"])
def test_6_2_code_must_be_digits(api, code):
    not_taken(api.post(ACCOUNTS, {"Name": "Deco", "Code": code}))


@pytest.mark.parametrize("code", [None, "", " "])
def test_6_2_change_to_no_code_breaks_nothing(api, customer, code):
    api.put(f"{ACCOUNTS}(guid'{customer}')", {"Code": code})

    assert made(api, ACCOUNTS, Name="Next")["Code"].strip().isdigit()


@pytest.mark.parametrize(("country", "status"), [("NL", 201), ("BE", 201), ("ZZ", 500)])
def test_6_2_country(api, country, status):
    response = api.post(ACCOUNTS, {"Name": "Deco", "Country": country})

    assert response.status_code == status, brief(response)
    if status == 201:
        assert response.json()["d"]["Country"] == f"{country} "


def test_6_2_padded_country_is_taken_back(api):
    row = made(api, ACCOUNTS, Name="Deco", Country="NL ", Language="NL        ")

    assert (row["Country"], row["Language"]) == ("NL ", "NL        ")


def test_6_2_search_code_is_kept_as_sent(api):
    row = made(api, ACCOUNTS, Name="Deco", SearchCode="DECO")

    assert row["SearchCode"].rstrip() == "DECO" and row["SearchCode"] != "DECO"


def test_6_2_currency_that_is_not_active_is_emptied(api):
    row = made(api, ACCOUNTS, Name="Deco", PurchaseCurrency="JPY", SalesCurrency="USD")
    assert row["PurchaseCurrency"] != "JPY" and row["SalesCurrency"] == "USD"

    row = changed(api, ACCOUNTS, row["ID"], SalesCurrency="JPY")

    assert row["SalesCurrency"] is None


def test_6_2_discount_is_a_fraction(api):
    assert (
        made(api, ACCOUNTS, Name="Deco", DiscountSales=0.055)["DiscountSales"] == 0.055
    )


def test_6_2_state_of_another_country_is_refused(api):
    values = {"Country": "NL", "State": "UT"}
    guid = made(api, ACCOUNTS, Name="Deco", **values)["ID"]

    not_taken(api.put(f"{ACCOUNTS}(guid'{guid}')", {"Country": "BE"}))

    assert changed(api, ACCOUNTS, guid, Country="BE", State="")["Country"] == "BE "


def test_6_2_account_in_use_is_not_deleted(api, customer):
    api.booked(Customer=customer)

    not_taken(api.delete(f"{ACCOUNTS}(guid'{customer}')"))


def test_6_2_name_is_mandatory_and_limited(api):
    assert not_taken(api.post(ACCOUNTS, {})) == ["Verplicht: Naam"]
    not_taken(api.post(ACCOUNTS, {"Name": "x" * 51}))


@pytest.mark.parametrize(
    "name", ["Status", "VATNumber", "Email", "AddressLine1", "City"]
)
def test_6_2_common_fields_are_written(api, customer, name):
    values = {"Status": "C", "VATNumber": "BE0403019261", "Email": "a@example.com"}
    value = values.get(name, "Gent")

    assert changed(api, ACCOUNTS, customer, **{name: value})[name] == value


# === 6.3 RELATIONS === #


@pytest.mark.parametrize(
    "values",
    [
        {"FirstName": "Eva"},
        {"LastName": "Peeters"},
        {"FirstName": "E", "LastName": "P"},
    ],
)
def test_6_3_contact_has_one_name_at_least(api, customer, values):
    row = made(api, "crm/Contacts", Account=customer, **values)

    assert (row["Account"], bool(row["FullName"])) == (customer, True)


def test_6_3_contact_without_a_name_or_account(api, customer):
    not_taken(api.post("crm/Contacts", {"Account": customer}))
    not_taken(api.post("crm/Contacts", {"LastName": "Peeters"}))


def test_6_3_contact_is_no_account(api, customer):
    contact = made(api, "crm/Contacts", Account=customer, LastName="Peeters")

    found = not_taken(api.post_entry(Customer=contact["ID"]))

    assert any(text.startswith("Ongeldige referentie") for text in found)


def test_6_3_main_contact_is_set_at_the_account(api, customer):
    contact = made(api, "crm/Contacts", Account=customer, LastName="Peeters")["ID"]

    row = changed(api, ACCOUNTS, customer, MainContact=contact)

    assert row["MainContact"] == contact
    assert by_guid(api, "crm/Contacts", contact)["IsMainContact"] is True


def test_6_3_same_address_is_the_same_record(api, customer):
    values = {
        "Account": customer,
        "Type": 3,
        "AddressLine1": "Kerkstraat 1",
        "City": "Gent",
    }

    first = made(api, "crm/Addresses", **values)["ID"]

    assert made(api, "crm/Addresses", **values)["ID"] == first
    assert made(api, "crm/Addresses", **{**values, "City": "Brugge"})["ID"] != first


def test_6_3_visit_address_is_that_of_the_account(api):
    guid = api.customer(AddressLine1="Kerkstraat 1", City="Gent", Country="BE")

    text = f"Account eq guid'{guid}' and Type eq 1"
    (row,) = api.rows("crm/Addresses", filter=text)

    assert (row["AddressLine1"], row["City"]) == ("Kerkstraat 1", "Gent")


@pytest.mark.parametrize(
    ("number", "status"), [("BE71096123456769", 201), ("BE71096123456768", 500)]
)
def test_6_3_iban_is_checked(api, customer, number, status):
    body = {"Account": customer, "BankAccount": number}

    assert api.post("crm/BankAccounts", body).status_code == status


def test_6_3_bank_accounts_of_an_account(api, customer):
    made(api, "crm/BankAccounts", Account=customer, BankAccount="BE71096123456769")

    row = one(api.get(f"{ACCOUNTS}(guid'{customer}')", expand="BankAccounts"))

    (bank,) = row["BankAccounts"]["results"]
    assert bank["BankAccount"] == "BE71096123456769"


# === 6.4 TO 6.9 CODE LISTS === #


def test_6_4_journal_currency_alone_unless_ticked(simulator, api, customer):
    body = {"Customer": customer, "Journal": "702", "Currency": "USD", "Rate": 0.9}
    not_taken(api.post_entry(**body))

    key = ("financial/Journals", "702")
    flags = {"AllowVariableCurrency": True, "AllowVariableExchangeRate": True}
    simulator.control.change_row(BELGIAN, *key, **flags)

    assert api.post_entry(**body).status_code == 201


def test_6_6_periods_do_not_tell_whether_they_are_closed(api):
    rows = api.rows("financial/FinancialPeriods", filter="FinYear eq 2026")

    assert {row["FinPeriod"] for row in rows} == set(range(1, 13))
    assert not [name for name in rows[0] if "clos" in name.lower()]


def test_6_7_vat_codes_come_padded_and_are_sent_stripped(api, customer):
    entry = api.booked(api.line(VATCode="4"), Customer=customer)

    assert api.lines_of(entry)[0]["VATCode"] == "4  "


def test_6_7_dated_percentages(api):
    (code,) = api.rows("vat/VATCodes", filter="Code eq '4'")

    rows = api.rows("vat/VatPercentages", filter=f"VATCodeID eq guid'{code['ID']}'")

    assert {(row["Percentage"], row["Type"]) for row in rows} == {(0.21, 0)}


@pytest.mark.parametrize("code", ["4", "4  "])
def test_6_7_code_with_and_without_padding_in_a_filter(api, code):
    assert len(api.rows("vat/VATCodes", filter=f"trim(Code) eq '{code.strip()}'")) == 1


def test_6_7_type_i_contains_the_vat(api, customer):
    entry = api.booked(api.line(AmountFC=121, VATCode="3"), Customer=customer)

    assert entry["AmountFC"] == 121
    assert api.lines_of(entry)[0]["VATAmountFC"] == 21


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_6_8_payment_conditions_are_not_changed(api, method):
    guid = api.rows("cashflow/PaymentConditions")[0]["ID"]

    response = api.call(method, f"cashflow/PaymentConditions(guid'{guid}')", json={})

    assert response.status_code == 405


def test_6_8_days_and_ends_of_months(api, customer):
    entry = api.booked(Customer=customer, EntryDate="2026-01-17", PaymentCondition="EM")

    # Of January the end is one month end away; the next is that of February.
    assert entry["DueDate"] in ("/Date(1769817600000)/", "/Date(1772236800000)/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_6_9_currencies_are_read_only(api, method):
    assert api.call(method, "general/Currencies", json={}).status_code in (400, 405)


@pytest.mark.parametrize("uri", ["financial/ExchangeRates"])
def test_6_9_rate_is_the_value_of_a_foreign_unit(api, customer, uri):
    made(api, uri, SourceCurrency="USD", Rate=0.8, StartDate="2026-03-01")

    entry = api.booked(Customer=customer, EntryDate="2026-03-10", Currency="USD")

    assert (entry["Rate"], entry["AmountFC"]) == (0.8, 121)
    assert entry["AmountDC"] == pytest.approx(96.8)


@pytest.mark.parametrize("conversion", ["code", "line", "sum"])
def test_6_9_amount_of_the_header_is_the_sum_of_the_lines(
    simulator, api, customer, conversion
):
    simulator.control.settings(vat_conversion=conversion)
    lines = [api.line(AmountFC=amount) for amount in (10.01, 20.02, 30.05)]
    entry = api.booked(*lines, Customer=customer, Currency="USD", Rate=0.913)

    rows = ledger(api, entry)

    base = [Decimal(str(row["AmountDC"])) for row in rows if row["LineNumber"]]
    assert Decimal(str(entry["AmountDC"])) == -sum(base)
    for line in api.lines_of(entry):
        expected = round(line["AmountFC"] * 0.913, 2)
        assert line["AmountDC"] == pytest.approx(expected, abs=0.0051)


# === 6.13 DOCUMENTS === #


def test_6_13_what_a_document_needs(api):
    found = not_taken(api.post(DOCUMENTS, {}))

    assert len(found) == 2 and all(text.startswith("Verplicht: ") for text in found)


def test_6_13_types_tell_which_may_be_made(api):
    rows = {row["ID"]: row for row in api.rows("documents/DocumentTypes")}

    assert {10, 20, 55} <= set(rows)
    assert rows[10]["DocumentIsCreatable"] is True


@pytest.fixture
def attachment(api):
    guid = made(api, DOCUMENTS, Type=10, Subject="Factuur")["ID"]
    content = base64.b64encode(b"%PDF-1.7").decode()
    values = {"Document": guid, "FileName": "factuur.pdf", "Attachment": content}
    return made(api, "documents/DocumentAttachments", **values)


def test_6_13_attachment_is_not_changed(api, attachment):
    uri = f"documents/DocumentAttachments(guid'{attachment['ID']}')"

    assert api.put(uri, {"FileName": "other.pdf"}).status_code == 405
    assert api.delete(uri).status_code == 204


def test_6_13_attachment_is_downloaded_with_the_token(api, attachment):
    assert attachment["Attachment"] is None and attachment["FileSize"] == 8
    url = attachment["Url"]
    assert "/docs/SysAttachment.aspx?ID=" in url
    assert f"&_Division_={BELGIAN}&Stamp=" in url

    file = api.session.get(f"{url}&Download=1", timeout=10)

    assert (file.status_code, file.content) == (200, b"%PDF-1.7")
    headers = {"Authorization": None}
    nobody = api.session.get(url, headers=headers, timeout=10, allow_redirects=False)
    assert nobody.status_code != 200 or nobody.content != b"%PDF-1.7"


def test_6_13_document_of_an_entry(api, customer):
    guid = made(api, DOCUMENTS, Type=10, Subject="Factuur")["ID"]

    entry = api.booked(Customer=customer, Document=guid)

    assert entry["Document"] == guid


def test_6_13_document_stays_when_the_entry_is_refused(api):
    guid = made(api, DOCUMENTS, Type=10, Subject="Factuur")["ID"]

    not_taken(api.post_entry(Customer=api.customer(Status="P"), Document=guid))

    assert by_guid(api, DOCUMENTS, guid)["ID"] == guid


@pytest.mark.parametrize("way", ["POST", "PUT"])
def test_6_13_document_names_its_entry(api, customer, way):
    entry = api.booked(Customer=customer)["EntryID"]
    link = {"FinancialTransactionEntryID": entry}
    body = {"Type": 10, "Subject": "Factuur", **(link if way == "POST" else {})}
    guid = made(api, DOCUMENTS, **body)["ID"]

    row = (
        changed(api, DOCUMENTS, guid, **link)
        if way == "PUT"
        else by_guid(api, DOCUMENTS, guid)
    )

    assert row["FinancialTransactionEntryID"] == entry


# === 6.14 ITEMS === #


def test_6_14_item_needs_code_and_description(api):
    found = not_taken(api.post(ITEMS, {}))

    assert len(found) == 2 and all(text.startswith("Verplicht: ") for text in found)


def test_6_14_unit_and_group_have_defaults(api):
    row = made(api, ITEMS, Code="TAFEL", Description="Tafel")

    assert row["Unit"].strip() and row["ItemGroup"]
    (group,) = api.rows(
        "logistics/ItemGroups", filter=f"ID eq guid'{row['ItemGroup']}'"
    )
    assert group["IsDefault"] == 1


def test_6_14_code_of_an_item_is_unique(api):
    made(api, ITEMS, Code="TAFEL", Description="Tafel")

    response = api.post(ITEMS, {"Code": "TAFEL", "Description": "Andere"})

    refused(response, 500, "Gegeven bestaat reeds.")


@pytest.mark.parametrize(
    "values", [{"Code": "x" * 31}, {"Description": "x" * 61}, {"Unit": "none"}]
)
def test_6_14_what_an_item_refuses(api, values):
    body = {"Code": "TAFEL", "Description": "Tafel", **values}

    not_taken(api.post(ITEMS, body))


def test_6_14_price_is_a_row_of_its_own(api):
    item = made(api, ITEMS, Code="TAFEL", Description="Tafel")["ID"]
    values = {"Item": item, "Price": 99.5, "Unit": "stuk", "StartDate": "2026-01-01"}

    made(api, "logistics/SalesItemPrices", **values)

    text = f"Item eq guid'{item}'"
    (row,) = api.rows("logistics/SalesItemPrices", filter=text, select="Price,Item")
    assert row["Price"] == 99.5


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("resource", ["logistics/ItemGroups", "logistics/Units"])
def test_6_14_groups_and_units_are_read_only(api, resource, method):
    assert api.call(method, resource, json={}).status_code in (400, 405)


def test_6_14_units_are_padded(api):
    codes = [row["Code"] for row in api.rows("logistics/Units")]

    assert "stuk    " in codes and {len(code) for code in codes} == {8}


# === 12 NOTHING ACCEPTED BREAKS A LATER CALL === #

ODD = ["", " ", None, "\ud83d", "\x00", "💶", "١٢", "x" * 5000, "../..", "{{}}", "<b>&"]


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("name", ["Name", "Code", "SearchCode", "Email", "Remarks"])
def test_12_odd_texts_break_nothing(simulator, api, customer, name, value):
    answers = [
        api.post(ACCOUNTS, {"Name": "Deco", name: value}),
        api.put(f"{ACCOUNTS}(guid'{customer}')", {name: value}),
    ]

    for response in answers:
        assert response.status_code in (200, 201, 204, 400, 500), brief(response)
        if response.status_code in (400, 500):
            assert findings(response)[0]
    assert api.rows(ACCOUNTS, filter="Name ne 'a'")
    assert api.post(ACCOUNTS, {"Name": "Next"}).status_code == 201


def test_12_null_number_of_a_document_breaks_nothing(api):
    guid = made(api, DOCUMENTS, Type=10, Subject="Factuur")["ID"]
    api.put(f"{DOCUMENTS}(guid'{guid}')", {"HID": None})

    assert made(api, DOCUMENTS, Type=10, Subject="Tweede")["HID"] > 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"1e400",
        b'{"Name": 1e400}',
        b'{"Name": NaN}',
        b'{"a":' * 2000,
        b"\xff\xfe{}",
        b'{"Name": "a", "Name": "b"}',
        b'{"": ""}',
    ],
    ids=range(10),
)
def test_12_odd_bodies_break_nothing(api, content):
    headers = {"Content-Type": "application/json"}

    response = api.call("POST", ACCOUNTS, data=content, headers=headers)

    assert response.status_code < 600 and response.headers["Content-Type"].startswith(
        "application/json"
    )
    assert api.get(ACCOUNTS, filter="Name ne 'a'").status_code == 200


def test_12_state_of_one_division_is_not_that_of_another(simulator, api, customer):
    api.booked(Customer=customer)

    assert Api(simulator, division=SECOND).rows(ENTRIES) == []
