"""Refusals of sales entries: every text, in both languages."""

import pytest

from .simulator_api import ENGLISH_USER, SECOND, Api, refused

ENTRIES = "salesentry/SalesEntries"
STRANGER = "11111111-2222-3333-4444-555555555555"
NO_VAT = (
    "Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het type"
    ' "geen btw"'
)


def nothing_booked(api):
    return api.simulator.control.entries() == []


HEADER_CASES = {
    "journal": ({"Journal": None}, "Verplicht: Dagboek", "Mandatory: Journal"),
    "lines": (
        {"SalesEntryLines": []},
        "Verplicht: Boekingsregels",
        "Mandatory: Entry lines",
    ),
    "unknown customer": (
        {"Customer": STRANGER, "PaymentCondition": "30"},
        "Ongeldige referentie: Relatie",
        "Invalid reference: Account",
    ),
    "unknown journal": (
        {"Journal": "70"},
        "Ongeldige referentie: Journals",
        "Invalid reference: Journals",
    ),
    "journal with a blank": (
        {"Journal": "700 "},
        "Ongeldige referentie: Journals",
        "Invalid reference: Journals",
    ),
    "purchase journal": (
        {"Journal": "600"},
        "Ongeldig: Dagboek (Type)",
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
        "Ongeldig: U kunt geen btw-code van het type 'Inkoop' gebruiken",
        "Invalid: You cannot use a VAT code of the type 'Purchase'",
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

    refused(api.post_entry(**values), 500, dutch)
    refused(Api(simulator, ENGLISH_USER).post_entry(**values), 500, english)
    assert nothing_booked(api)


@pytest.mark.parametrize("case", LINE_CASES)
def test_finding_on_a_line_in_both_languages(simulator, api, case):
    values, dutch, english = LINE_CASES[case]

    refused(api.post_entry(api.line(**values)), 500, dutch)
    api = Api(simulator, ENGLISH_USER)
    refused(api.post_entry(api.line(**values)), 500, english)
    assert nothing_booked(api)


def test_customer_is_mandatory(api):
    body = api.entry_body(PaymentCondition="30")
    del body["Customer"]

    refused(api.post(ENTRIES, body), 500, "Verplicht: Relatie")


@pytest.mark.parametrize(
    "code", ["400000", "440000", "451000", "550000", "570000", "580000", "590000"]
)
def test_gl_account_of_a_refused_type(api, code):
    line = api.line(GLAccount=api.gl_account(code))

    refused(api.post_entry(line), 500, "Ongeldig: Grootboekrekeningtype")


def test_blocked_gl_account(api):
    line = api.line(GLAccount=api.gl_account("706000"))

    refused(api.post_entry(line), 500, "Geblokkeerd: Grootboekrekening")


def test_cost_center_is_mandatory_where_the_gl_account_says_so(api):
    account = api.gl_account("705000")

    refused(api.post_entry(api.line(GLAccount=account)), 500, "Verplicht: Kostenplaats")
    assert api.post_entry(api.line(GLAccount=account, CostCenter="VERK")).ok


@pytest.mark.parametrize("status", ["A", "S", "P"])
def test_customer_must_have_status_c(api, status):
    customer = api.customer(Status=status)

    refused(api.post_entry(Customer=customer), 500, "Ongeldig: Klant (Type)")


def test_blocked_customer(api):
    refused(
        api.post_entry(Customer=api.customer(Blocked=True)), 500, "Geblokkeerd: Relatie"
    )


def test_receivable_account_of_the_customer_must_be_the_journals(api):
    customer = api.customer(GLAR=api.gl_account("451000"))

    refused(
        api.post_entry(Customer=customer),
        500,
        "De klantenrekening van deze relatie is niet gelijk aan de rekening van het"
        " gebruikte verkoopdagboek",
    )


def test_guids_of_another_division_are_no_reference(simulator, api):
    other = Api(simulator, division=SECOND)

    response = api.post_entry(
        api.line(GLAccount=other.gl_account()),
        Customer=other.customer(),
        PaymentCondition="30",
    )

    refused(
        response,
        500,
        "Ongeldige referentie: Relatie",
        "Ongeldige referentie: Grootboekrekening",
    )


def test_guid_of_another_resource_is_no_reference(api):
    response = api.post_entry(Customer=api.gl_account(), PaymentCondition="30")

    refused(response, 500, "Ongeldige referentie: Relatie")


def test_own_rate_where_the_journal_forbids_it(simulator, api):
    simulator.control.change_row(
        api.division, "financial/Journals", "700", AllowVariableExchangeRate=False
    )

    response = api.post_entry(Currency="USD", Rate=0.95)

    refused(response, 500, "Niet toegestaan: Wisselkoers")
    assert api.post_entry(Currency="USD", Rate=0.92).ok


def test_rate_is_mandatory_for_a_currency_without_one(simulator, api):
    (row,) = api.rows("financial/ExchangeRates", filter="SourceCurrency eq 'USD'")
    api.delete(f"financial/ExchangeRates(guid'{row['ID']}')")

    refused(api.post_entry(Currency="USD"), 500, "Verplicht: Wisselkoers")


def test_sales_journals_take_vat_though_they_do_not_say_so(api):
    (journal,) = api.rows("financial/Journals", filter="Code eq '700'")

    assert journal["AllowVAT"] is False
    assert api.post_entry().ok


def test_closed_period(simulator, api):
    simulator.control.close_period(api.division, 2026, 3)

    refused(api.post_entry(), 500, "Periode is afgesloten: 2026 - 3")
    assert api.post_entry(EntryDate="2026-04-01").ok
    simulator.control.close_period(api.division, 2026, 3, closed=False)
    assert api.post_entry().ok


def test_sent_period_is_the_one_that_has_to_be_open(simulator, api):
    simulator.control.close_period(api.division, 2026, 3)
    entry = api.booked(ReportingYear=2026, ReportingPeriod=4)
    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2026, 4)
    simulator.control.close_period(api.division, 2026, 3, closed=False)
    simulator.control.close_period(api.division, 2026, 4)

    answer = api.post_entry(ReportingYear=2026, ReportingPeriod=4)
    refused(answer, 500, "Periode is afgesloten: 2026 - 4")
    assert api.post_entry().status_code == 201


def test_period_closed_for_one_journal(simulator, api):
    simulator.control.close_period(api.division, 2026, 3, journal="700")

    refused(api.post_entry(), 500, "Periode is afgesloten: 2026 - 3")
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
        500,
        "Ongeldig: Uw ref. (maximale lengte: 30)",
        "Ongeldig: Dagboek (Type)",
        "Verplicht: Boekjaar",
        "Ongeldige referentie: Btw-code",
        "Ongeldig: Grootboekrekeningtype",
    )


def test_findings_are_400_when_so_set(simulator, api):
    simulator.control.settings(error_status=400, language="en")

    response = api.post_entry(Journal="600")

    refused(response, 400, "Invalid: Journal (type)")
    assert response.json()["error"]["code"] == ""
