"""Purchase entries: what they are booked as, and what is refused."""

import pytest

from .simulator_api import DUTCH, ENGLISH_USER, Api
from .simulator_finance import (
    PURCHASE_LINES,
    PURCHASES,
    amounts,
    bought,
    cost,
    ledger_of,
    payables,
    post_purchase,
    read,
    refusal,
    sold,
    supplier,
)

STRANGER = "11111111-2222-3333-4444-555555555555"


def url(entry):
    return f"{PURCHASES}(guid'{entry['EntryID']}')"


def lines_of(api, entry):
    rows = api.rows(f"{url(entry)}/PurchaseEntryLines")
    return sorted(rows, key=lambda row: row["LineNumber"])


# === WHAT IS BOOKED === #


def test_a_purchase_is_booked_with_what_exact_derives(api):
    guid = supplier(api)
    entry = bought(api, Supplier=guid, Description="Paper", YourRef="F-7")

    wanted = {
        "Supplier": guid,
        "SupplierName": "Papier Plus",
        "Type": 30,
        "Status": 20,
        "Rate": 1,
        "ProcessNumber": 0,
        "EntryNumber": 26600001,
        "InvoiceNumber": 26600001,
        "ReportingYear": 2026,
        "ReportingPeriod": 3,
        "PaymentCondition": "30",
        "DueDate": "/Date(1775692800000)/",
        "AmountFC": 121,
        "AmountDC": 121,
        "VATAmountFC": 21,
        "VATAmountDC": 21,
        "YourRef": "F-7",
    }
    assert {name: entry[name] for name in wanted} == wanted


def test_a_new_purchase_leaves_its_lines_deferred(api):
    answer = post_purchase(api).json()["d"]

    assert "__deferred" in answer["PurchaseEntryLines"]
    assert (answer["Type"], answer["AmountFC"]) == (30, 121)


def test_without_an_amount_a_line_is_booked_as_nothing(api):
    entry = bought(api, cost(api, AmountFC=None, AmountDC=100))

    assert (entry["AmountFC"], entry["AmountDC"]) == (0, 0)
    assert [line["AmountFC"] for line in lines_of(api, entry)] == [0]


def test_negative_lines_are_a_credit_note(api):
    entry = bought(api, cost(api, AmountFC=-50))

    assert (entry["Type"], entry["AmountFC"], entry["VATAmountDC"]) == (
        31,
        -60.5,
        -10.5,
    )
    assert lines_of(api, entry)[0]["Type"] == 31


def test_purchases_have_numbers_of_their_own_journal(api):
    sold(api)

    numbers = [bought(api)["EntryNumber"], bought(api, EntryNumber=7)["EntryNumber"]]
    assert [*numbers, bought(api)["EntryNumber"]] == [26600001, 7, 26600002]


def test_a_number_is_used_once_in_a_year(api):
    bought(api, EntryNumber=7)

    assert refusal(post_purchase(api, EntryNumber=7)) == ["In gebruik: Boekstuknummer"]
    assert bought(api, EntryNumber=7, EntryDate="2025-03-10")["EntryNumber"] == 7


def test_foreign_amounts_are_converted_line_by_line(api):
    lines = [cost(api, AmountFC=10.01), cost(api, AmountFC=10.01, VATCode="0")]
    entry = bought(api, *lines, Currency="USD", Rate=0.95)

    # 9.51 twice, and 2.00 of VAT for 2.10.
    assert (entry["AmountFC"], entry["AmountDC"]) == (22.12, 21.02)


def test_charged_vat_is_claimed_and_paid_but_not_owed(api):
    entry = bought(api, cost(api, VATCode="A6"))

    assert (entry["AmountFC"], entry["VATAmountFC"]) == (100, 0)
    rows = [(row["LineNumber"], row["AmountDC"]) for row in ledger_of(api, entry)]
    assert rows == [(0, -100), (1, 100), (9999, -21), (9999, 21)]


def test_a_purchase_without_a_date_is_of_today(api):
    assert bought(api, EntryDate=None)["EntryDate"] == "/Date(1795305600000)/"


# === DOCUMENT === #


def test_exact_makes_a_document_by_itself(api):
    entry = bought(api, Description="Paper for March")

    document = read(api, "documents/Documents", entry["Document"])
    assert document["Subject"] == "Paper for March"
    assert document["Type"] == 20
    assert document["Account"] == entry["Supplier"]
    assert document["FinancialTransactionEntryID"] == entry["EntryID"]
    assert entry["DocumentNumber"] == document["HID"]


def test_a_given_document_is_kept(api):
    body = {"Subject": "Bill", "Type": 20}
    guid = api.post("documents/Documents", body).json()["d"]["ID"]
    entry = bought(api, Document=guid)

    assert entry["Document"] == guid
    assert len(api.rows("documents/Documents")) == 1


def test_a_sale_gets_no_document(api):
    assert sold(api)["Document"] is None


# === REFUSALS === #

HEADER = {
    "supplier": ({"Supplier": STRANGER}, "Ongeldige referentie: Relatie"),
    "journal of sales": ({"Journal": "700"}, "Ongeldig: Dagboek"),
    "no journal": ({"Journal": None}, "Verplicht: Dagboek"),
    "unknown journal": ({"Journal": "60"}, "Ongeldige referentie: Journals"),
    "financial year": ({"EntryDate": "1999-01-01"}, "Verplicht: Boekjaar"),
    "condition": (
        {"PaymentCondition": "XX"},
        "Ongeldige referentie: Betalingsconditie",
    ),
    "long text": (
        {"YourRef": "x" * 31},
        "Ongeldig: Uw ref. (maximale lengte: 30)",
    ),
    "no lines": ({"PurchaseEntryLines": []}, "Verplicht: Boekingsregels"),
}
LINES = {
    "VAT of sales": (
        {"VATCode": "4"},
        "Ongeldig: U kunt geen btw-code van het type 'Verkoop' gebruiken",
    ),
    "G/L account": ({"GLAccount": STRANGER}, "Ongeldige referentie: Grootboekrekening"),
    "VAT code": ({"VATCode": "77"}, "Ongeldige referentie: Btw-code"),
}


@pytest.mark.parametrize("case", HEADER)
def test_refused_header(api, case):
    values, finding = HEADER[case]

    assert any(
        text.startswith(finding) for text in refusal(post_purchase(api, **values))
    )
    assert api.rows(PURCHASES, select="EntryID") == []


@pytest.mark.parametrize("case", LINES)
def test_refused_line(api, case):
    values, finding = LINES[case]

    assert refusal(post_purchase(api, cost(api, **values))) == [finding]


def test_account_must_be_a_supplier(api):
    answer = post_purchase(api, Supplier=api.customer(PaymentConditionPurchase="30"))

    assert refusal(answer) == ["Ongeldig: Leverancier (type)"]


def test_creditor_account_must_be_the_one_of_the_journal(api):
    guid = supplier(api, GLAP=api.gl_account("400000"))

    (finding,) = refusal(post_purchase(api, Supplier=guid))
    assert finding.startswith("De crediteurenrekening van deze relatie is niet gelijk")


def test_findings_come_all_at_once_and_in_the_language_of_the_user(simulator):
    api = Api(simulator, ENGLISH_USER)
    answer = post_purchase(
        api,
        cost(api, VATCode="4", GLAccount=api.gl_account("440000")),
        Supplier=supplier(api, IsSupplier=False),
        Journal="999",
    )

    assert refusal(answer) == [
        "Invalid reference: Journals",
        "Invalid: Supplier (type)",
        "Invalid: G/L account type",
        "Invalid: You cannot use a VAT code of the type 'Sales'",
    ]


def test_account_of_another_division_is_unknown(simulator, api):
    guid = supplier(Api(simulator, division=DUTCH))

    assert "Ongeldige referentie: Relatie" in refusal(post_purchase(api, Supplier=guid))


# === READING AND CHANGING === #


def test_reading_the_list_wants_a_selection(api):
    entry = bought(api)

    assert api.get(PURCHASES).status_code == 400
    (row,) = api.rows(PURCHASES, select="EntryID,AmountFC", filter="AmountFC gt 100")
    assert row["EntryID"] == entry["EntryID"]
    (row,) = api.rows(
        PURCHASES, select="PurchaseEntryLines", expand="PurchaseEntryLines"
    )
    assert row["PurchaseEntryLines"]["results"][0]["AmountFC"] == 100


def test_a_changed_line_changes_the_entry(api):
    entry = bought(api)
    (line,) = lines_of(api, entry)

    assert api.put(f"{PURCHASE_LINES}(guid'{line['ID']}')", {"AmountFC": 200}).ok

    assert read(api, PURCHASES, entry["EntryID"])["AmountFC"] == 242
    assert [row["AmountFC"] for row in payables(api, entry)] == [-242]
    assert amounts(ledger_of(api, entry)) == [
        (0, "440000", -242),
        (1, "604000", 200),
        (9999, "411000", 42),
    ]


def test_an_added_line_and_the_last_one_deleted(api):
    entry = bought(api)
    body = {"EntryID": entry["EntryID"], **cost(api, AmountFC=10)}
    assert api.post(PURCHASE_LINES, body).status_code == 201
    assert read(api, PURCHASES, entry["EntryID"])["AmountFC"] == 133.1

    for line in lines_of(api, entry):
        assert api.delete(f"{PURCHASE_LINES}(guid'{line['ID']}')").ok

    assert api.rows(PURCHASES, select="EntryID") == []
    assert ledger_of(api, entry) == payables(api, entry) == []


def test_a_deleted_purchase_leaves_its_document(api):
    entry = bought(api)

    assert api.delete(url(entry)).ok

    document = read(api, "documents/Documents", entry["Document"])
    assert document["FinancialTransactionEntryID"] is None
    assert ledger_of(api, entry) == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_paid_purchase_stays(simulator, api, method):
    entry = bought(api)
    simulator.control.payments(api.division, entry["EntryID"], "full")

    answer = api.call(method, url(entry), json={"YourRef": "x"})
    assert refusal(answer) == ["Reeds verwerkt"]


def test_a_supplier_with_purchases_stays(api):
    entry = bought(api)

    assert refusal(api.delete(f"crm/Accounts(guid'{entry['Supplier']}')"))


def test_purchases_are_shown_by_the_control_route(simulator, api):
    entry = bought(api)

    (shown,) = simulator.control.purchases()
    assert shown["EntryID"] == entry["EntryID"]
    assert [row["AmountDC"] for row in shown["Ledger"]] == [-121, 100, 21]
    assert simulator.control.entries() == []
