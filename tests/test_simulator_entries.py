"""Refusals of sales entries: every text, in both languages."""

import threading

import pytest

from .simulator import serve
from .simulator_api import DUTCH, ENGLISH_USER, SECOND, Api, fixed_clock, refused

ENTRIES = "salesentry/SalesEntries"
STRANGER = "11111111-2222-3333-4444-555555555555"
NO_VAT = (
    "Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het type"
    ' "geen btw"'
)
TOP_LEVEL = (
    "Error processing request stream. The request should be a valid top-level resource"
    " object."
)


@pytest.fixture
def simulator():
    with serve(clock=fixed_clock(), minute_limit=1000, error_limit=1000) as running:
        yield running


@pytest.fixture
def api(simulator):
    return Api(simulator)


def nothing_booked(api):
    return api.simulator.control.entries() == []


# === BODIES === #


@pytest.mark.parametrize("content", ["", "[]", "1", "{", '{"a":}', "NaN", "[" * 10_000])
def test_body_must_be_one_object(api, content):
    headers = {"Content-Type": "application/json"}

    refused(api.call("POST", ENTRIES, data=content, headers=headers), 400, TOP_LEVEL)


@pytest.mark.parametrize("wrap", [lambda line: {"results": [line]}, lambda line: line])
def test_lines_must_be_a_plain_array(api, wrap):
    body = api.entry_body(SalesEntryLines=wrap(api.line()))

    refused(api.post(ENTRIES, body), 400, TOP_LEVEL)
    assert nothing_booked(api)


@pytest.mark.parametrize("name", ["Foo", "customer", "entryNumber", "Item"])
def test_unknown_property_is_refused(api, name):
    response = api.post_entry(**{name: "x"})

    refused(
        response,
        400,
        f"Error processing request stream. The property name '{name}' specified for type"
        " 'Exact.Web.Api.Models.SalesEntry' is not valid.",
    )
    assert api.post_entry(api.line(Item="x")).status_code == 400


@pytest.mark.parametrize(
    ("name", "edm", "value"),
    [
        ("EntryDate", "DateTime", "/Date(1756684800000)/"),
        ("EntryDate", "DateTime", "01-09-2025"),
        ("EntryDate", "DateTime", "2025-02-30"),
        ("EntryDate", "DateTime", 20250901),
        ("EntryNumber", "Int32", "26700017"),
        ("EntryNumber", "Int32", 2147483648),
        ("EntryNumber", "Int32", 1.5),
        ("EntryNumber", "Int32", True),
        ("ReportingYear", "Int16", 40000),
        ("Rate", "Double", "one"),
        ("Rate", "Double", True),
        ("Reversal", "Boolean", "true"),
        ("Reversal", "Boolean", 1),
        ("YourRef", "String", ["x"]),
        ("YourRef", "String", False),
        ("Customer", "Guid", 5),
    ],
)
def test_value_of_another_type_is_refused(api, name, edm, value):
    response = api.post_entry(**{"Customer": api.customer(), name: value})

    refused(
        response,
        400,
        "Error processing request stream. Error encountered in converting the value from"
        f" request payload for property '{name}' to type '{edm}', which is the"
        " property's expected type. See inner exception for more detail.",
    )
    assert nothing_booked(api)


@pytest.mark.parametrize("status", [400, 500])
def test_malformed_guid_is_400_always(simulator, api, status):
    simulator.control.settings(error_status=status)

    response = api.post_entry(Customer="{x}")

    refused(response, 400, "Niet herkende GUID-indeling.")


def test_numeric_texts_are_accepted_for_doubles(api):
    entry = api.booked(api.line(AmountFC="100.10", VATAmountFC=" 21.02 "))

    assert entry["AmountFC"] == 121.12


@pytest.mark.parametrize("date", ["2026-03-10", "2026-03-10T00:00:00Z"])
def test_dates_in_iso_form(api, date):
    # Midnight UTC of that day.
    assert api.booked(EntryDate=date)["EntryDate"] == "/Date(1773100800000)/"


def test_read_only_properties_are_ignored(api):
    entry = api.booked(
        AmountDC="5", Type=21, VATAmountDC=[], Status="x", EntryID=STRANGER
    )

    assert (entry["AmountDC"], entry["Type"], entry["Status"]) == (121, 20, 20)
    assert entry["EntryID"] != STRANGER


# === FINDINGS === #

HEADER_CASES = {
    "journal": ({"Journal": None}, "Verplicht: Dagboek", "Mandatory: Journal"),
    "lines": (
        {"SalesEntryLines": []},
        "Verplicht: Boekingsregels",
        "Mandatory: Entry lines",
    ),
    "unknown customer": (
        {"Customer": STRANGER},
        "Ongeldige referentie: Relatie",
        "Invalid reference: Account",
    ),
    "unknown journal": (
        {"Journal": "70"},
        "Ongeldige referentie: Journals",
        "Invalid reference: Journals",
    ),
    "purchase journal": (
        {"Journal": "600"},
        "Ongeldig: Dagboek",
        "Invalid: Journal (type)",
    ),
    "blocked journal": ({"Journal": "705"}, "Geblokkeerd: Dagboek", "Blocked: Journal"),
    "condition": (
        {"PaymentCondition": "99"},
        "Ongeldige referentie: Betalingsconditie",
        "Invalid reference: Payment condition",
    ),
    "no period": (
        {"EntryDate": "2023-12-31"},
        "Verplicht: Boekjaar",
        "Mandatory: Financial year",
    ),
    "no such period": (
        {"ReportingYear": 2026, "ReportingPeriod": 13},
        "Verplicht: Boekjaar",
        "Mandatory: Financial year",
    ),
    "number": (
        {"EntryNumber": 0},
        "Ongeldig: Boekstuknummer [0]",
        "Invalid: Entry number [0]",
    ),
    "unknown currency": (
        {"Currency": "JPY"},
        "Ongeldige referentie: Valuta",
        "Invalid reference: Currency",
    ),
    "rate of own currency": (
        {"Currency": "EUR", "Rate": 1.1},
        "Niet toegestaan: Wisselkoers",
        "Not allowed: Exchange rate",
    ),
    "foreign currency": (
        {"Journal": "702", "Currency": "USD"},
        "Niet toegestaan: Wisselkoers",
        "Not allowed: Exchange rate",
    ),
    "negative rate": (
        {"Currency": "USD", "Rate": -1},
        "Ongeldig: Wisselkoers [-1]",
        "Invalid: Exchange rate [-1]",
    ),
    "document": (
        {"Document": STRANGER},
        "Ongeldige referentie: Document",
        "Invalid reference: Document",
    ),
    "too long": (
        {"YourRef": "x" * 31},
        "Ongeldig: Uw ref. (maximale lengte: 30)",
        "Invalid: Your ref. (maximum length: 30)",
    ),
    "control character": (
        {"Description": "a\x00b"},
        "Ongeldig: Omschrijving []",
        "Invalid: Description []",
    ),
}
LINE_CASES = {
    "amount": ({"AmountFC": None}, "Verplicht: Bedrag", "Mandatory: Amount"),
    "unknown account": (
        {"GLAccount": STRANGER},
        "Ongeldige referentie: Grootboekrekening",
        "Invalid reference: G/L account",
    ),
    "unknown VAT code": (
        {"VATCode": "77"},
        "Ongeldige referentie: Btw-code",
        "Invalid reference: VAT code",
    ),
    "blocked VAT code": (
        {"VATCode": "VH"},
        "Geblokkeerd: Btw-code",
        "Blocked: VAT code",
    ),
    "purchase VAT code": (
        {"VATCode": "A4"},
        "Niet toegestaan: Btw-code",
        "Not allowed: VAT code",
    ),
    "VAT without VAT": (
        {"VATCode": "0", "VATAmountFC": 21},
        NO_VAT,
        'A VAT amount is not allowed if you use a VAT code of the type "No VAT"',
    ),
    "VAT on base only": (
        {"VATCode": "6", "VATAmountFC": 21},
        "Niet toegestaan: Btw-bedrag",
        "Not allowed: VAT amount",
    ),
    "percentage": (
        {"VATPercentage": 0.06},
        "Ongeldig: Btw-percentage [0.06]",
        "Invalid: VAT percentage [0.06]",
    ),
    "cost center": (
        {"CostCenter": "NONE"},
        "Ongeldige referentie: Kostenplaats",
        "Invalid reference: Cost center",
    ),
    "cost unit": (
        {"CostUnit": "NONE"},
        "Ongeldige referentie: Kostendrager",
        "Invalid reference: Cost unit",
    ),
    "project": (
        {"Project": STRANGER},
        "Ongeldige referentie: Project",
        "Invalid reference: Project",
    ),
}


@pytest.mark.parametrize("case", HEADER_CASES)
def test_finding_on_the_header_in_both_languages(simulator, api, case):
    values, dutch, english = HEADER_CASES[case]

    refused(api.post_entry(**values), 400, dutch)
    refused(Api(simulator, ENGLISH_USER).post_entry(**values), 400, english)
    assert nothing_booked(api)


@pytest.mark.parametrize("case", LINE_CASES)
def test_finding_on_a_line_in_both_languages(simulator, api, case):
    values, dutch, english = LINE_CASES[case]

    refused(api.post_entry(api.line(**values)), 400, dutch)
    api = Api(simulator, ENGLISH_USER)
    refused(api.post_entry(api.line(**values)), 400, english)
    assert nothing_booked(api)


def test_customer_is_mandatory(api):
    body = api.entry_body()
    del body["Customer"]

    refused(api.post(ENTRIES, body), 400, "Verplicht: Relatie")


@pytest.mark.parametrize(
    "code", ["400000", "440000", "451000", "550000", "570000", "580000", "590000"]
)
def test_gl_account_of_a_refused_type(api, code):
    line = api.line(GLAccount=api.gl_account(code))

    refused(api.post_entry(line), 400, "Ongeldig: Grootboekrekeningtype")


def test_blocked_gl_account(api):
    line = api.line(GLAccount=api.gl_account("706000"))

    refused(api.post_entry(line), 400, "Geblokkeerd: Grootboekrekening")


def test_cost_center_is_mandatory_where_the_gl_account_says_so(api):
    account = api.gl_account("705000")

    refused(api.post_entry(api.line(GLAccount=account)), 400, "Verplicht: Kostenplaats")
    assert api.post_entry(api.line(GLAccount=account, CostCenter="VERK")).ok


@pytest.mark.parametrize("status", ["A", "S", "P"])
def test_customer_must_have_status_c(api, status):
    customer = api.customer(Status=status)

    refused(api.post_entry(Customer=customer), 400, "Ongeldig: Klant (Type)")


def test_blocked_customer(api):
    refused(
        api.post_entry(Customer=api.customer(Blocked=True)), 400, "Geblokkeerd: Relatie"
    )


def test_receivable_account_of_the_customer_must_be_the_journals(api):
    customer = api.customer(GLAR=api.gl_account("451000"))

    refused(
        api.post_entry(Customer=customer),
        400,
        "De klantenrekening van deze relatie is niet gelijk aan de rekening van het"
        " gebruikte verkoopdagboek",
    )


def test_guids_of_another_division_are_no_reference(simulator, api):
    other = Api(simulator, division=SECOND)

    response = api.post_entry(
        api.line(GLAccount=other.gl_account()), Customer=other.customer()
    )

    refused(
        response,
        400,
        "Ongeldige referentie: Relatie",
        "Ongeldige referentie: Grootboekrekening",
    )


def test_guid_of_another_resource_is_no_reference(api):
    response = api.post_entry(Customer=api.gl_account())

    refused(response, 400, "Ongeldige referentie: Relatie")


def test_own_rate_where_the_journal_forbids_it(simulator, api):
    simulator.control.change_row(
        api.division, "financial/Journals", "700", AllowVariableExchangeRate=False
    )

    response = api.post_entry(Currency="USD", Rate=0.95)

    refused(response, 400, "Niet toegestaan: Wisselkoers")
    assert api.post_entry(Currency="USD", Rate=0.92).ok


def test_rate_is_mandatory_for_a_currency_without_one(simulator, api):
    del simulator.state.rates[api.division]["USD"]

    refused(api.post_entry(Currency="USD"), 400, "Verplicht: Wisselkoers")


def test_vat_where_the_journal_has_none(simulator, api):
    simulator.control.change_row(
        api.division, "financial/Journals", "700", AllowVAT=False
    )

    refused(api.post_entry(), 400, "Niet toegestaan: Btw-code")
    assert api.post_entry(api.line(VATCode="0")).ok


def test_closed_period(simulator, api):
    simulator.control.close_period(api.division, 2026, 3)

    refused(api.post_entry(), 400, "Periode is afgesloten: 2026 - 3")
    assert api.post_entry(EntryDate="2026-04-01").ok
    simulator.control.close_period(api.division, 2026, 3, closed=False)
    assert api.post_entry().ok


def test_period_closed_for_one_journal(simulator, api):
    simulator.control.close_period(api.division, 2026, 3, journal="700")

    refused(api.post_entry(), 400, "Periode is afgesloten: 2026 - 3")
    assert api.post_entry(Journal="701").ok


def test_all_findings_come_at_once(api):
    response = api.post_entry(
        api.line(VATCode="77"),
        api.line(GLAccount=api.gl_account("400000")),
        Journal="600",
        EntryDate="2019-01-01",
        YourRef="x" * 31,
    )

    refused(
        response,
        400,
        "Ongeldig: Uw ref. (maximale lengte: 30)",
        "Ongeldig: Dagboek",
        "Verplicht: Boekjaar",
        "Ongeldige referentie: Btw-code",
        "Ongeldig: Grootboekrekeningtype",
    )


def test_findings_are_500_when_so_set(simulator, api):
    simulator.control.settings(error_status=500, language="en")

    response = api.post_entry(Journal="600")

    refused(response, 500, "Invalid: Journal (type)")
    assert response.json()["error"]["code"] == ""


# === NUMBER === #


def test_used_number_is_refused(simulator, api):
    api.booked(EntryNumber=26700017)

    refused(api.post_entry(EntryNumber=26700017), 400, "In gebruik: Boekstuknummer")
    response = Api(simulator, ENGLISH_USER).post_entry(EntryNumber=26700017)
    refused(response, 400, "In use: Entry number")
    assert len(simulator.control.entries()) == 1


def test_number_is_unique_per_journal_year_and_division(simulator, api):
    api.booked(EntryNumber=17)

    api.booked(EntryNumber=17, Journal="701")
    api.booked(EntryNumber=17, EntryDate="2025-03-10")
    api.booked(EntryNumber=17, ReportingYear=2025, ReportingPeriod=1, Journal="701")
    dutch = Api(simulator, division=DUTCH)
    line = dutch.line(GLAccount=dutch.gl_account("8000"), VATCode="2")
    dutch.booked(line, EntryNumber=17, Journal="70")


@pytest.mark.parametrize("round_", range(3))
def test_two_threads_with_the_same_number_book_it_once(simulator, api, round_):
    bodies = [api.entry_body(EntryNumber=26700017) for _number in range(6)]
    gate = threading.Barrier(len(bodies))
    statuses = []

    def post(body):
        api = Api(simulator, ENGLISH_USER)
        gate.wait()
        statuses.append(api.post(ENTRIES, body).status_code)

    threads = [threading.Thread(target=post, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [201] + [400] * 5
    assert len(simulator.control.entries()) == 1


# === SETTINGS FOR WHAT IS UNSURE === #


def test_given_vat_is_taken_as_it_is(api):
    assert api.booked(api.line(VATAmountFC=55.55))["VATAmountFC"] == 55.55


def test_given_vat_may_have_a_tolerance(simulator, api):
    simulator.control.settings(vat_tolerance=0.02)

    assert api.post_entry(api.line(VATAmountFC=21.02)).ok
    refused(
        api.post_entry(api.line(VATAmountFC=21.03)), 400, "Ongeldig: Btw-bedrag [21.03]"
    )


def test_vat_of_the_header_may_be_compared(simulator, api):
    assert api.post_entry(VATAmountFC=20.99).ok
    simulator.control.settings(header_vat="check")

    refused(
        api.post_entry(VATAmountFC=20.99),
        400,
        "De boeking is niet in evenwicht op: 2026 / 3 (Type: Verkoopboeking) - Verschil:"
        " EUR -0,01",
    )
    assert api.post_entry(VATAmountFC=21).ok


def test_vat_on_base_only_may_be_accepted(simulator, api):
    simulator.control.settings(vat_on_base_only="accept")

    assert api.booked(api.line(VATCode="6", VATAmountFC=21))["AmountFC"] == 121


def test_payment_condition_may_be_mandatory(simulator, api):
    simulator.control.settings(payment_condition_required=True)

    refused(api.post_entry(), 400, "Verplicht: Betalingsconditie")
    assert api.post_entry(Customer=api.customer(PaymentConditionSales="14")).ok


def test_long_texts_may_be_cut(simulator, api):
    simulator.control.settings(overlong="cut")

    assert api.booked(YourRef="x" * 40)["YourRef"] == "x" * 30


def test_control_characters_may_be_replaced(simulator, api):
    simulator.control.settings(control_characters="replace")

    assert api.booked(Description="a\x01b")["Description"] == "a?b"


def test_client_may_choose_the_guid_when_so_set(simulator, api):
    simulator.control.settings(keep_client_guid=True)

    assert api.booked(EntryID=STRANGER)["EntryID"] == STRANGER
    refused(api.post_entry(EntryID=STRANGER), 400, "Gegeven bestaat reeds.")


def test_numbers_for_texts_are_refused_when_so_set(simulator, api):
    assert api.post_entry(YourRef=5).ok
    simulator.control.settings(numbers_as_text=False)

    assert api.post_entry(YourRef=5).status_code == 400
