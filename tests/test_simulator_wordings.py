"""Findings in every wording that is recorded, and in both languages."""

import pytest

from .simulator import texts
from .simulator_api import DUTCH_USER, ENGLISH_USER, Api, findings
from .simulator_finance import cost, post_purchase, supplier

ENTRIES = "salesentry/SalesEntries"


def wrong_journal(api):
    return api.post_entry(Journal="600")


def no_customer(api):
    return api.post_entry(Customer=api.customer(Status="P"))


def number_twice(api):
    api.post_entry(EntryNumber=17)
    return api.post_entry(EntryNumber=17)


def code_twice(api):
    api.post("crm/Accounts", {"Name": "x", "Code": "255"})
    return api.post("crm/Accounts", {"Name": "y", "Code": "255"})


def closed_period(api):
    api.simulator.control.close_period(api.division, 2026, 3)
    return api.post_entry()


def other_account(api):
    return api.post_entry(Customer=api.customer(GLAR=api.gl_account("451000")))


def unbalanced(api):
    api.simulator.control.settings(header_vat="check")
    return api.post_entry(VATAmountFC=20.99)


def purchase_code(api):
    return api.post_entry(api.line(VATCode="A4"))


def sales_code(api):
    return post_purchase(api, cost(api, VATCode="4"))


def no_supplier(api):
    return post_purchase(api, Supplier=supplier(api, IsSupplier=False))


def other_creditor_account(api):
    other = supplier(api, GLAP=api.gl_account("451000"))
    return post_purchase(api, Supplier=other)


CASES = {
    purchase_code: (
        (
            "Ongeldig: U kunt geen btw-code van het type 'Inkoop' gebruiken",
            "Invalid: You cannot use a VAT code of the type 'Purchase'",
        ),
        ("Niet toegestaan: Btw-code", "Not allowed: VAT code"),
    ),
    sales_code: (
        (
            "Ongeldig: U kunt geen btw-code van het type 'Verkoop' gebruiken",
            "Invalid: You cannot use a VAT code of the type 'Sales'",
        ),
        ("Niet toegestaan: Btw-code", "Not allowed: VAT code"),
    ),
    no_supplier: (
        ("Ongeldig: Leverancier (type)", "Invalid: Supplier (type)"),
        ("Ongeldig: Leverancier (Type)", "Invalid: Supplier (Type)"),
    ),
    other_creditor_account: (
        (
            "De crediteurenrekening van deze relatie is niet gelijk aan die van het"
            " dagboek",
            "The accounts payable account of this account is not equal to that of the"
            " journal",
        ),
        (
            "De leveranciersrekening van deze relatie is niet gelijk aan de rekening"
            " van het gebruikte inkoopdagboek",
            "The accounts payable account of this account is not equal to the account"
            " of the purchase journal used",
        ),
    ),
    wrong_journal: (
        ("Ongeldig: Dagboek (Type)", "Invalid: Journal (type)"),
        ("Ongeldig: Dagboek", "Invalid: Journal"),
    ),
    no_customer: (
        ("Ongeldig: Klant (Type)", "Invalid: Customer (Type)"),
        ("Ongeldig: Klant (type)", "Invalid: Customer (type)"),
    ),
    number_twice: (
        ("In gebruik: Boekstuknummer", "In use: Entry number"),
        ("In gebruik: Documentnummer", "In use: Document number"),
        ("Gegeven bestaat reeds.", "Data already exists"),
        ("Bestaat reeds: Boekstuknummer", "Already exists: Entry number"),
    ),
    code_twice: (
        ("Gegeven bestaat reeds.", "Data already exists"),
        ("Gegeven bestaat reeds", "Data already exists."),
    ),
    closed_period: (
        ("Periode is afgesloten: 2026 - 3", "Period is closed: 2026 - 3"),
        ("Periode is afgesloten: 2026 – 3", "Period is closed: 2026 – 3"),
        ("Periode is afgesloten", "Period is closed"),
    ),
    other_account: (
        (
            "De klantenrekening van deze relatie is niet gelijk aan de rekening van het"
            " gebruikte verkoopdagboek",
            "The accounts receivable account of this account is not equal to the"
            " account of the sales journal used",
        ),
        (
            "De debiteurenrekening van deze relatie is niet gelijk aan die van het"
            " dagboek",
            "The accounts receivable account of this account is not equal to that of"
            " the journal",
        ),
    ),
    unbalanced: (
        (
            "De boeking is niet in evenwicht op: 2026 / 3 (Type: Verkoopboeking) -"
            " Verschil: EUR -0,01",
            "This entry is not balanced on: 2026 / 3 (Type: Sales entry) - Difference:"
            " EUR -0,01",
        ),
        (
            "De boeking is niet in evenwicht op: 2026 / 3 – Verschil: EUR -0,01",
            "This entry is not balanced on: 2026 / 3 – Difference: EUR -0,01",
        ),
    ),
}


@pytest.mark.parametrize("user", [DUTCH_USER, ENGLISH_USER])
@pytest.mark.parametrize(
    ("provoke", "wording"),
    [(case, number) for case, pairs in CASES.items() for number in range(len(pairs))],
)
def test_finding_in_each_wording(simulator, provoke, wording, user):
    simulator.control.settings(wording=wording)

    response = provoke(Api(simulator, user))

    assert findings(response) == [CASES[provoke][wording][user == ENGLISH_USER]]
    assert response.status_code == 500


def test_beyond_the_last_wording_is_the_last(simulator, api):
    simulator.control.settings(wording=99)

    assert findings(wrong_journal(api)) == ["Ongeldig: Dagboek"]
    # A finding of which one wording is known keeps it.
    assert findings(api.post("crm/Accounts", {})) == ["Verplicht: Naam"]


def test_account_of_the_vat_code_must_be_one_for_vat(simulator, api):
    other = api.gl_account("580000")
    simulator.control.change_row(api.division, "vat/VATCodes", "4", GLToPay=other)

    for user, text in (
        (DUTCH_USER, "Btw 21% (21.0%): Ongeldig: Type (Rekening af te dragen btw)"),
        (ENGLISH_USER, "Btw 21% (21.0%): Invalid: Type (VAT payable account)"),
    ):
        assert findings(Api(simulator, user).post_entry()) == [text]


def test_document_in_use_is_no_number_in_use(simulator, api):
    simulator.control.settings(wording=1)
    document = api.post("documents/Documents", {"Subject": "x", "Type": 10}).json()["d"]
    api.booked(Document=document["ID"])

    response = api.delete(f"documents/Documents(guid'{document['ID']}')")

    assert findings(response) == ["In gebruik: Document"]


def test_findings_are_joined_by_line_ends(api):
    response = api.post_entry(Journal="600", Customer=api.customer(Status="P"))

    assert response.json()["error"]["message"]["value"] == (
        "Ongeldig: Dagboek (Type)\r\nOngeldig: Klant (Type)"
    )


@pytest.mark.parametrize("key", texts.OTHER_WORDINGS)
def test_other_wordings_differ_and_have_the_same_blanks(key):
    pairs = (texts.TEXTS[key], *texts.OTHER_WORDINGS[key])

    for language in (0, 1):
        wordings = [pair[language] for pair in pairs]
        assert len(set(wordings)) == len(wordings)
        for text in wordings:
            assert text.format(*"abcdefgh")
