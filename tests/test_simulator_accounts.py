"""Accounts and the code lists of the simulator."""

import pytest

from .simulator import serve
from .simulator_api import DUTCH, FINDING, SECOND, Api, refused

ACCOUNTS = "crm/Accounts"
STRANGER = "11111111-2222-3333-4444-555555555555"


def read(api, guid):
    return api.get(f"{ACCOUNTS}(guid'{guid}')").json()["d"]


def put(api, guid, **values):
    return api.put(f"{ACCOUNTS}(guid'{guid}')", values)


def test_account_is_created_with_padding_and_defaults(api):
    account = api.post(ACCOUNTS, {"Name": "Deco Addict", "Status": "C"}).json()["d"]

    expected = {
        "Code": f"{'0000001':>18}",
        "Country": "BE ",
        "Status": "C",
        "IsSales": True,
        "IsSupplier": False,
        "Type": "A",
        "SearchCode": None,
        "SalesCurrency": "EUR",
        "StartDate": "/Date(1795305600000)/",
        "Source": 2,
        "ConsolidationScenario": 6,
        "SecurityLevel": 10,
        "GlnNumber": "",
        "IsPurchase": True,
        "PaymentConditionSales": None,
        "Language": None,
        "CreditLineSales": 0,
        "DiscountSales": 0,
        "InvoicingMethod": 0,
        "AutomaticProcessProposedEntry": 0,
        "IsPilot": False,
        "IsMailing": 0,
        "IsExtraDuty": None,
        "DeliveryAdvice": None,
        "Latitude": None,
        "Website": None,
    }
    assert {name: account[name] for name in expected} == expected
    assert "__deferred" in account["BankAccounts"]


def test_next_code_is_the_highest_and_one(api):
    api.customer(Code="100100")

    assert read(api, api.customer())["Code"].strip() == "0100101"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Name": None}, "Verplicht: Naam"),
        ({"Name": "  "}, "Verplicht: Naam"),
        ({"Name": "x" * 51}, "Ongeldig: Naam (maximale lengte: 50)"),
        ({"City": "x" * 31}, "Ongeldig: Plaats (maximale lengte: 30)"),
        ({"Code": "A1"}, "Ongeldig: Code [A1]"),
        ({"Code": "1" * 19}, "Ongeldig: Code (maximale lengte: 18)"),
        ({"Status": "X"}, "Ongeldig: Status [X]"),
        ({"Country": "XX"}, "Ongeldige referentie: Land"),
        ({"Language": "Q"}, "Ongeldige referentie: Taal"),
        ({"Email": "nobody"}, "Ongeldig: E-mail [nobody]"),
        ({"VATNumber": "BE12"}, "Ongeldig: Btw-nummer [BE12]"),
        ({"VATNumber": "12", "Country": "NL"}, "Ongeldig: Btw-nummer [12]"),
        ({"PaymentConditionSales": "99"}, "Ongeldige referentie: Betalingsconditie"),
        ({"SalesVATCode": "99"}, "Ongeldige referentie: Btw-code"),
        ({"GLAR": STRANGER}, "Ongeldige referentie: GLAR"),
        ({"Classification1": STRANGER}, "Ongeldige referentie: Classification1"),
    ],
)
def test_refused_account(simulator, api, values, text):
    response = api.post(ACCOUNTS, {"Name": "Deco Addict", **values})

    refused(response, 500, text)
    assert simulator.control.accounts() == []


@pytest.mark.parametrize(
    "number",
    ["BE0477472701", "BE 0477.472.701", "0477472701", "NL123456782B90", "XI123456"],
)
def test_vat_number_is_stored_as_it_was_sent(api, number):
    guid = api.customer(VATNumber=number)

    assert read(api, guid)["VATNumber"] == number
    assert len(api.rows(ACCOUNTS, filter=f"VATNumber eq '{number}'")) == 1
    assert api.rows(ACCOUNTS, filter="VATNumber eq 'BE477472701'") == []


def test_code_is_unique(api):
    api.customer(Code="255")

    response = api.post(ACCOUNTS, {"Name": "x", "Code": f"{255:>18}"})

    refused(response, 500, "Gegeven bestaat reeds.")
    assert Api(api.simulator, division=SECOND).customer(Code="255")


def test_inactive_currency_is_silently_emptied(api):
    account = read(api, api.customer(SalesCurrency="JPY", PurchaseCurrency="USD"))

    assert (account["SalesCurrency"], account["PurchaseCurrency"]) == ("EUR", "USD")


def test_put_changes_only_what_it_names(api):
    guid = api.customer(City="Gent", Country="BE")

    assert put(api, guid, City="Brugge", Country="FR").status_code == 204

    account = read(api, guid)
    assert (account["City"], account["Country"]) == ("Brugge", "FR ")
    assert account["Name"] == "Deco Addict"


def test_put_of_the_status_decides_on_sales(api):
    guid = api.customer()

    put(api, guid, Status="P")

    assert read(api, guid)["IsSales"] is False


def test_put_cannot_empty_the_name(api):
    refused(put(api, api.customer(), Name=None), 500, "Verplicht: Naam")


@pytest.mark.parametrize(("setting", "status"), [("refuse", 500), ("accept", 204)])
def test_put_of_the_own_code(simulator, api, setting, status):
    simulator.control.settings(put_own_code=setting)

    assert put(api, api.customer(Code="255"), Code="255").status_code == status


def test_account_is_deleted_unless_it_is_used(api):
    used, unused = api.customer(), api.customer()
    api.booked(Customer=used)

    refused(api.delete(f"{ACCOUNTS}(guid'{used}')"), 500, "In gebruik: Relatie")
    assert api.delete(f"{ACCOUNTS}(guid'{unused}')").status_code == 204
    assert api.get(f"{ACCOUNTS}(guid'{unused}')").status_code == 404


@pytest.mark.parametrize("code", [None, "", "  ", "٣٤", "1²", "12 3"])
def test_odd_codes_never_break_the_next_account(api, code):
    guid = api.customer(Code="255")

    assert put(api, guid, Code=code).status_code == FINDING
    assert read(api, guid)["Code"].strip() == "255"
    made = api.post(ACCOUNTS, {"Name": "x", "Code": code})
    assert made.status_code == (FINDING if (code or "").strip() else 201)
    assert api.customer()


def test_after_the_highest_code_a_gap_is_filled(api):
    api.customer(Code="9" * 18)

    assert read(api, api.customer())["Code"].strip() == "0000001"


def test_state_must_suit_the_country(api):
    guid = api.customer(Country="NL", State="UT")

    refused(put(api, guid, Country="BE"), FINDING, "Ongeldige referentie: Provincie")
    refused(put(api, guid, State="VAN"), FINDING, "Ongeldige referentie: Provincie")
    assert put(api, guid, Country="BE", State="VAN").status_code == 204
    assert put(api, guid, Country="FR", State="").status_code == 204
    account = read(api, guid)
    assert (account["Country"].strip(), account["State"]) == ("FR", None)


def test_nothing_becomes_null_that_never_is(api):
    flags = ("Blocked", "IsSupplier", "IsMailing", "IsReseller")
    guid = api.customer()

    assert put(api, guid, **dict.fromkeys(flags)).status_code == 204

    account = read(api, guid)
    assert [account[name] for name in flags] == [False, False, 0, False]


def test_guid_of_the_client_is_not_taken_twice(simulator, api):
    simulator.control.settings(keep_client_guid=True)
    assert api.customer(ID=STRANGER) == STRANGER

    response = api.post(ACCOUNTS, {"Name": "x", "ID": STRANGER})

    refused(response, FINDING, "Gegeven bestaat reeds.")


def test_logo_must_be_base64(api):
    assert api.post(ACCOUNTS, {"Name": "x", "Logo": "aGk="}).ok
    assert api.post(ACCOUNTS, {"Name": "x", "Logo": "%%"}).status_code == 400


# === CODE LISTS === #


def test_me(api):
    (me,) = api.rows("current/Me")

    assert (me["FullName"], me["CurrentDivision"]) == ("Eva Peeters", api.division)
    assert me["ServerTime"] == "2026-11-22T13:00:30"


def test_divisions_are_of_every_kind(api):
    rows = api.rows("system/Divisions")

    found = [(row["Country"], row["Status"], row["BlockingStatus"]) for row in rows]
    assert sorted(found) == [
        ("BE ", 1, 0),
        ("BE ", 1, 0),
        ("BE ", 1, 3),
        ("BE ", 2, 0),
        ("NL ", 1, 0),
    ]
    assert {row["Currency"] for row in rows} == {"EUR"}
    assert api.get(f"system/Divisions({api.division})").json()["d"]["Hid"] == "1"


@pytest.mark.parametrize(("setting", "hid"), [("string", "1"), ("number", 1)])
def test_int64_is_a_text_or_a_number(simulator, api, setting, hid):
    simulator.control.settings(int64=setting)

    assert api.get(f"system/Divisions({api.division})").json()["d"]["Hid"] == hid


def test_belgian_vat_codes(api):
    rows = api.rows("vat/VATCodes", filter="IsBlocked eq false")

    found = {
        row["Code"]: (row["Type"], row["VATTransactionType"], row["Percentage"])
        for row in rows
    }
    assert found == {
        "0  ": ("N", "B", 0),
        "1  ": ("E", "S", 0.06),
        "2  ": ("E", "S", 0.12),
        "3  ": ("I", "S", 0.21),
        "4  ": ("E", "S", 0.21),
        "5  ": ("B", "S", 0),
        "6  ": ("B", "S", 0),
        "7  ": ("B", "S", 0),
        "8  ": ("B", "S", 0),
        "9  ": ("B", "S", 0),
        "A4 ": ("E", "P", 0.21),
        "A6 ": ("E", "P", 0.21),
        "T  ": ("B", "S", 0),
        "MA ": ("E", "S", 0.21),
        "ON ": ("E", "S", 0.21),
    }
    listings = {row["Code"].strip(): row["EUSalesListing"] for row in rows}
    assert (listings["6"], listings["7"], listings["9"]) == ("L", "S", "N")


def test_currencies_have_their_code_as_key(api):
    found = api.get("general/Currencies('USD')").json()["d"]

    assert (found["Code"], found["AmountPrecision"]) == ("USD", 6)


def test_periods_reach_from_two_years_back_to_the_next(api):
    rows = []
    for year in range(2020, 2030):
        rows += api.rows("financial/FinancialPeriods", filter=f"FinYear eq {year}")

    assert {row["FinYear"] for row in rows} == {2024, 2025, 2026, 2027}
    assert len(rows) == 48


def test_guids_are_the_same_in_every_run_and_differ_per_division(simulator, api):
    with serve() as other:
        assert Api(other).gl_account() == api.gl_account()
    assert Api(simulator, division=SECOND).gl_account() != api.gl_account()


def test_dutch_division_has_dutch_lists(simulator):
    api = Api(simulator, division=DUTCH)

    codes = {row["Code"].strip() for row in api.rows("vat/VATCodes")}
    assert codes == {*"01236789", "10", "MA", "OB"}
