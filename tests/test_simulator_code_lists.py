"""Journals, G/L accounts, VAT codes, rates and costs: read, made, changed, deleted."""

import pytest

from .simulator.seed_data import BELGIAN_GL_ACCOUNTS
from .simulator_api import DUTCH, FINDING, RESTRICTED_USER, SECOND, Api, refused

JOURNALS, LEDGER = "financial/Journals", "financial/GLAccounts"
VAT_CODES, RATES = "vat/VATCodes", "financial/ExchangeRates"
CENTERS = "hrm/Costcenters"


def by_code(api, resource, code, **options):
    return next(
        row for row in api.rows(resource, filter=f"trim(Code) eq '{code}'", **options)
    )


def make(api, resource, **values):
    response = api.post(resource, values)
    assert response.status_code == 201, response.text
    return response.json()["d"]


def address(resource, row):
    return f"{resource}(guid'{row['ID']}')"


# === JOURNALS === #


@pytest.mark.parametrize(("division", "code"), [(SECOND, "702"), (DUTCH, "70")])
def test_sales_journal_as_delivered(simulator, division, code):
    journal = by_code(Api(simulator, division=division), JOURNALS, code)

    names = ("AllowVAT", "AllowVariableCurrency", "AllowVariableExchangeRate")
    assert [journal[name] for name in names] == [False] * 3
    assert (journal["Type"], journal["Currency"]) == (20, "EUR")


def test_new_journal_books(api):
    debtors = by_code(api, LEDGER, "400000")["ID"]

    journal = make(
        api, JOURNALS, Code="710", Description="Web", Type=20, GLAccount=debtors
    )

    assert journal["GLAccountCode"] == "400000"
    assert journal["AllowVAT"] is False
    assert api.booked(Journal="710")
    foreign = api.post_entry(Journal="710", Currency="USD")
    refused(foreign, FINDING, "Niet toegestaan: Wisselkoers")
    refused(api.delete(address(JOURNALS, journal)), FINDING, "In gebruik: Dagboek")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Type": None}, "Verplicht: Type"),
        ({"Type": 99}, "Ongeldig: Type [99]"),
        ({"Code": "700"}, "Gegeven bestaat reeds."),
        ({"Code": "70000"}, "Ongeldig: Code (maximale lengte: 4)"),
        ({"Currency": "JPY"}, "Ongeldige referentie: Valuta"),
    ],
)
def test_refused_journal(api, values, text):
    body = {"Code": "710", "Description": "Web", "Type": 20, **values}

    refused(api.post(JOURNALS, body), FINDING, text)


# === G/L ACCOUNTS === #


def test_gl_account_is_made_with_defaults_and_deleted(api):
    account = make(
        api,
        LEDGER,
        Code="700300",
        Description="Web",
        Type=110,
        VATCode="4",
        DeductibilityPercentages=[{"VATNonDeductiblePercentage": 0.5}],
    )

    assert (account["BalanceSide"], account["BalanceType"]) == ("C", "W")
    assert (account["TypeDescription"], account["VATDescription"]) == (
        "Omzet",
        "Btw 21%",
    )
    below = api.rows(f"{address(LEDGER, account)}/DeductibilityPercentages")
    assert [row["VATNonDeductiblePercentage"] for row in below] == [0.5]
    assert api.delete(address(LEDGER, account)).status_code == 204
    (gone,) = api.rows("sync/Deleted", filter="Timestamp gt 1L", select="EntityType")
    assert gone["EntityType"] == 7


def test_gl_account_in_use_stays(api):
    api.booked()
    account = api.gl_account()

    response = api.delete(f"{LEDGER}(guid'{account}')")

    refused(response, FINDING, "In gebruik: Grootboekrekening")


def test_gl_accounts_come_by_sync_and_with_their_percentages(api):
    options = {"filter": "Timestamp gt 1L", "select": "Code,AllowCostsInSales"}
    rows = api.rows("sync/Financial/GLAccounts", **options)

    assert len(rows) == len(BELGIAN_GL_ACCOUNTS)
    assert {row["AllowCostsInSales"] for row in rows} == {0}
    expanded = by_code(api, LEDGER, "700000", expand="DeductibilityPercentages")
    assert expanded["DeductibilityPercentages"] == {"results": []}


# === VAT === #


def test_vat_codes_show_what_live_rows_show(api):
    goods = by_code(api, VAT_CODES, "6")

    assert (goods["Country"], goods["TaxReturnType"]) == (None, None)
    assert (goods["VatDocType"], goods["IntrastatType"]) == ("P", "L")
    assert by_code(api, VAT_CODES, "4")["IntrastatType"] == "N"


def test_percentages_of_a_vat_code(api):
    (row,) = api.rows(
        VAT_CODES,
        filter="trim(Code) eq '4'",
        select="ID,Code,VATPercentages",
        expand="VATPercentages",
    )
    (below,) = row["VATPercentages"]["results"]

    assert (below["Percentage"], below["Type"], below["EndDate"]) == (0.21, 0, None)
    (same,) = api.rows(f"{address(VAT_CODES, row)}/VATPercentages")
    assert same["ID"] == below["ID"]
    listed = api.rows("vat/VatPercentages", filter=f"VATCodeID eq guid'{row['ID']}'")
    assert [each["ID"] for each in listed] == [same["ID"]]


def test_new_vat_code_counts(api):
    to_pay = by_code(api, LEDGER, "451000")["ID"]
    code = make(
        api,
        VAT_CODES,
        Code="17",
        Description="Btw 17%",
        Type="E",
        VATTransactionType="S",
        GLToPay=to_pay,
        VATPercentages=[{"Percentage": 0.17}],
    )

    entry = api.booked(api.line(VATCode="17"))

    assert code["Percentage"] == 0.17
    assert entry["AmountFC"] == 117
    refused(api.delete(address(VAT_CODES, code)), FINDING, "In gebruik: Btw-code")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Type": "X"}, "Ongeldig: Type [X]"),
        ({"Code": "4"}, "Gegeven bestaat reeds."),
        ({"VATPercentages": [{"Percentage": 17}]}, "Ongeldig: Percentage [17]"),
        ({"VATPercentages": [{}]}, "Verplicht: Percentage"),
    ],
)
def test_refused_vat_code(api, values, text):
    response = api.post(VAT_CODES, {"Code": "17", "Description": "x", **values})

    refused(response, FINDING, text)
    assert len(api.rows(VAT_CODES)) == 16


# === RATES === #


def test_rates_are_the_value_of_one_foreign_unit(api):
    rows = {row["SourceCurrency"]: row for row in api.rows(RATES)}

    assert (rows["USD"]["Rate"], rows["USD"]["TargetCurrency"]) == (0.92, "EUR")
    assert api.booked(Currency="USD")["AmountDC"] == 111.32


def test_the_rate_in_force_on_the_day_is_used(api):
    make(api, RATES, SourceCurrency="USD", Rate=0.5, StartDate="2026-03-01")
    make(api, RATES, SourceCurrency="USD", Rate=0.7, StartDate="2026-03-11")

    assert api.booked(Currency="USD", EntryDate="2026-02-28")["Rate"] == 0.92
    assert api.booked(Currency="USD", EntryDate="2026-03-10")["Rate"] == 0.5
    assert api.booked(Currency="USD", EntryDate="2026-03-11")["Rate"] == 0.7


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"Rate": None}, "Verplicht: Wisselkoers"),
        ({"Rate": 0}, "Ongeldig: Wisselkoers [0]"),
        ({"SourceCurrency": "JPY"}, "Ongeldige referentie: Valuta"),
        ({"SourceCurrency": "EUR"}, "Ongeldig: Valuta [EUR]"),
        ({"StartDate": "2020-01-01"}, "Gegeven bestaat reeds."),
    ],
)
def test_refused_rate(api, values, text):
    body = {"SourceCurrency": "USD", "Rate": 0.9, **values}

    refused(api.post(RATES, body), FINDING, text)


# === COSTS, CONDITIONS, FOLDERS === #


def test_cost_center_is_made_used_and_deleted(api):
    center = make(api, CENTERS, Code="WEB", Description="Webwinkel")

    api.booked(api.line(CostCenter="WEB"))

    refused(api.delete(address(CENTERS, center)), FINDING, "In gebruik: Kostenplaats")
    other = make(api, CENTERS, Code="NEW", Description="Nieuw")
    assert api.delete(address(CENTERS, other)).status_code == 204
    refused(
        api.post_entry(api.line(CostCenter="NEW")),
        FINDING,
        "Ongeldige referentie: Kostenplaats",
    )


def test_payment_conditions_can_be_made_but_not_changed(api):
    uri = "cashflow/PaymentConditions"
    condition = make(api, uri, Code="45", Description="45 dagen", PaymentDays=45)

    assert api.put(address(uri, condition), {"PaymentDays": 1}).status_code == 405
    assert api.booked(PaymentCondition="45")["DueDate"] == "/Date(1776988800000)/"
    body = {"Code": "46", "Description": "x", "PaymentDays": 10**6}
    refused(api.post(uri, body), FINDING, "Ongeldig: PaymentDays [1000000]")


def test_own_code_is_refused_in_a_put_unless_told_otherwise(simulator, api):
    journal = by_code(api, JOURNALS, "700")
    body = {"Code": "700", "Description": "Verkoop"}

    refused(
        api.put(address(JOURNALS, journal), body), FINDING, "Gegeven bestaat reeds."
    )
    simulator.control.settings(put_own_code="accept")
    assert api.put(address(JOURNALS, journal), body).status_code == 204


# === DIVISIONS === #


def test_all_divisions_of_the_licence_are_listed_for_everybody(simulator):
    api = Api(simulator, user=RESTRICTED_USER, division=SECOND)

    assert len(api.rows("system/AllDivisions")) == 5
    (own,) = api.rows("system/Divisions")
    assert own["IsMainDivision"] is False
    found = api.get(f"system/AllDivisions({DUTCH})").json()["d"]
    assert found["Legislation"].strip() == "NL"


def test_a_sole_division_may_be_no_main_one(simulator):
    simulator.control.change_row(None, "system/Divisions", SECOND, IsMainDivision=False)
    api = Api(simulator, user=RESTRICTED_USER, division=SECOND)

    (row,) = api.rows("system/Divisions")
    assert (row["IsMainDivision"], row["Current"]) == (False, True)


def test_states_belong_to_countries(api):
    rows = api.rows("crm/AddressStates", filter="Country eq 'NL'")

    assert {row["State"].strip() for row in rows} >= {"UT", "ZH"}
