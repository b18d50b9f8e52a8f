"""What is known of Exact Online's entries and payments, as a specification.

Each test is a fact that is documented or was seen, by the section it belongs to: 6.10
sales, 6.11 purchases, 6.15 payments, 6.16 lengths.
"""

import pytest

from .facts import (
    ACCOUNTS,
    DAY,
    DOCUMENTS,
    ENTRIES,
    LINES,
    OPEN_ITEMS,
    RECEIVABLES,
    TERMS,
    TODAY,
    bill,
    by_guid,
    changed,
    deleted,
    ledger,
    made,
    not_taken,
    one,
    terms,
)
from .simulator_api import (
    BELGIAN,
    DUTCH,
    Api,
)


@pytest.fixture
def customer(api):
    return api.customer(PaymentConditionSales="30")


@pytest.fixture
def supplier(api):
    values = {"Name": "Leverancier", "IsSupplier": True}
    return made(api, ACCOUNTS, **values, PaymentConditionPurchase="30")["ID"]


# === 6.10 SALES ENTRIES === #


def test_6_10_entry_is_booked_at_once(api, customer):
    entry = api.booked(Customer=customer)

    assert (entry["Status"], entry["Type"], entry["AmountFC"]) == (20, 20, 121)
    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2026, 3)


def test_6_10_numbers_go_up_in_eight_digits(simulator):
    api = Api(simulator, division=DUTCH)
    customer = api.customer(PaymentConditionSales="30")
    line = api.line(GLAccount=api.gl_account("8000"), VATCode="2")
    values = {"Customer": customer, "Journal": "70", "EntryDate": "2024-05-06"}

    numbers = [api.booked(line, **values)["EntryNumber"] for _entry in range(2)]

    assert numbers == [24700001, 24700002]


@pytest.mark.parametrize("number", [2_147_483_648, -1, 1e20, "a", 1.5])
def test_6_10_number_is_a_whole_number_of_32_bits(api, customer, number):
    not_taken(api.post_entry(Customer=customer, EntryNumber=number))


def test_6_10_your_ref_is_not_unique_and_found(api, customer):
    for _entry in range(2):
        api.booked(Customer=customer, YourRef="PO 7")

    assert len(api.rows(ENTRIES, filter="YourRef eq 'PO 7'")) == 2


def test_6_10_year_and_period_may_be_sent(api, customer):
    entry = api.booked(Customer=customer, ReportingYear=2026, ReportingPeriod=4)

    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2026, 4)


@pytest.mark.parametrize(
    ("values", "days"), [({}, 30), ({"PaymentCondition": "14"}, 14)]
)
def test_6_10_due_date_from_the_condition(api, customer, values, days):
    entry = api.booked(Customer=customer, EntryDate="2026-03-10", **values)

    found = [int(entry[name][6:-2]) for name in ("EntryDate", "DueDate")]
    assert found[1] - found[0] == days * DAY


def test_6_10_due_date_may_be_sent(api, customer):
    entry = api.booked(Customer=customer, DueDate="2026-05-01")

    assert entry["DueDate"] == "/Date(1777593600000)/"


def test_6_10_vat_code_of_the_gl_account_is_the_default(api, customer):
    line = api.line(VATCode=None)

    entry = api.booked(line, Customer=customer)

    assert api.lines_of(entry)[0]["VATCode"].strip() == "4"


def test_6_10_vat_is_computed_by_line_unless_sent(api, customer):
    lines = [api.line(AmountFC=0.05), api.line(AmountFC=0.05)]
    computed = api.booked(*lines, Customer=customer)
    sent = [api.line(AmountFC=0.05, VATAmountFC=0.02), api.line(AmountFC=0.05)]

    given = api.booked(*sent, Customer=customer)

    assert (computed["AmountFC"], given["AmountFC"]) == (0.12, 0.13)


@pytest.mark.parametrize(
    ("amounts", "kind", "total"),
    [
        ((100,), 20, 121),
        ((-100,), 21, -121),
        ((100, -40), 20, 72.6),
        ((40, -100), 21, -72.6),
    ],
)
def test_6_10_sign_makes_the_type(api, customer, amounts, kind, total):
    lines = [api.line(AmountFC=amount) for amount in amounts]

    entry = api.booked(*lines, Customer=customer, Type=20)

    assert (entry["Type"], entry["AmountFC"]) == (kind, total)


def test_6_10_lines_are_mandatory(api, customer):
    not_taken(api.post_entry(Customer=customer, SalesEntryLines=[]))


@pytest.mark.parametrize("name", ["AmountFC", "GLAccount"])
def test_6_10_what_a_line_needs(api, customer, name):
    line = api.line()
    del line[name]

    found = not_taken(api.post_entry(line, Customer=customer))

    assert found[0].startswith("Verplicht: ")


def test_6_10_line_is_added_changed_and_deleted_on_its_own(api, customer):
    entry = api.booked(Customer=customer)
    line = made(api, LINES, **api.line(AmountFC=50), EntryID=entry["EntryID"])
    assert by_guid(api, ENTRIES, entry["EntryID"])["AmountFC"] == 181.5

    changed(api, LINES, line["ID"], AmountFC=10)
    assert by_guid(api, ENTRIES, entry["EntryID"])["AmountFC"] == 133.1

    assert api.delete(f"{LINES}(guid'{line['ID']}')").status_code == 204
    assert by_guid(api, ENTRIES, entry["EntryID"])["AmountFC"] == 121


def test_6_10_entry_goes_with_its_last_line(api, customer):
    entry = api.booked(Customer=customer)
    (line,) = api.lines_of(entry)

    assert api.delete(f"{LINES}(guid'{line['ID']}')").status_code == 204

    assert api.get(f"{ENTRIES}(guid'{entry['EntryID']}')").status_code == 404


def test_6_10_other_customer_makes_a_new_claim(api, customer):
    entry = api.booked(Customer=customer)
    (before,) = terms(api, entry)

    changed(
        api,
        ENTRIES,
        entry["EntryID"],
        Customer=api.customer(PaymentConditionSales="30"),
    )

    (after,) = terms(api, entry)
    assert after["ID"] != before["ID"] and after["Account"] != before["Account"]
    assert before["ID"] in deleted(api)


def test_6_10_ledger(api, customer):
    entry = api.booked(Customer=customer, YourRef="INV/7")

    rows = ledger(api, entry)

    found = [
        (row["LineNumber"], row["GLAccountCode"].strip(), row["AmountDC"])
        for row in rows
    ]
    assert found == [(0, "400000", 121), (1, "700000", -100), (9999, "451000", -21)]
    assert {row["YourRef"] for row in rows} == {"INV/7"}


def test_6_10_entry_in_a_closed_period_is_not_deleted(simulator, api, customer):
    entry = api.booked(Customer=customer, EntryDate="2026-03-10")
    simulator.control.close_period(BELGIAN, 2026, 3)

    not_taken(api.delete(f"{ENTRIES}(guid'{entry['EntryID']}')"))


def test_6_10_blocked_journal_account_and_code(simulator, api, customer):
    not_taken(api.post_entry(Customer=customer, Journal="705"))
    blocked = api.line(GLAccount=api.gl_account("706000"))
    not_taken(api.post_entry(blocked, Customer=customer))
    not_taken(api.post_entry(api.line(VATCode="VH"), Customer=customer))


def test_6_10_other_customer_makes_the_payment_reference(api, customer):
    entry = api.booked(Customer=customer)
    other = api.customer(Code="4711")

    row = changed(api, ENTRIES, entry["EntryID"], Customer=other)

    assert row["PaymentReference"] == f"4711/{entry['EntryNumber']}"


@pytest.mark.parametrize("code", ["0", "5", "6"])
def test_6_10_ledger_without_vat(api, customer, code):
    entry = api.booked(api.line(VATCode=code), Customer=customer)

    rows = ledger(api, entry)

    assert [row["AmountDC"] for row in rows if row["LineNumber"] in (0, 1)] == [
        100,
        -100,
    ]
    assert sum(row["AmountDC"] for row in rows) == 0


@pytest.mark.parametrize("code", ["1", "2", "4"])
def test_6_10_ledger_is_balanced(api, customer, code):
    lines = [api.line(AmountFC=amount, VATCode=code) for amount in (0.07, 19.99, -5.55)]

    rows = ledger(api, api.booked(*lines, Customer=customer))

    assert round(sum(row["AmountDC"] for row in rows), 2) == 0
    assert [row["LineNumber"] for row in rows] == [0, 1, 2, 3, 9999]


def test_6_10_credit_note_in_the_ledger(api, customer):
    entry = api.booked(api.line(AmountFC=-100), Customer=customer)

    rows = ledger(api, entry)

    assert [row["AmountDC"] for row in rows] == [-121, 100, 21]


def test_6_10_lines_are_numbered(api, customer):
    entry = api.booked(*[api.line() for _line in range(3)], Customer=customer)

    assert [line["LineNumber"] for line in api.lines_of(entry)] == [1, 2, 3]


def test_6_10_entry_that_is_paid_is_not_deleted(simulator, api, customer):
    entry = api.booked(Customer=customer)
    _pay(simulator, entry)

    not_taken(api.delete(f"{ENTRIES}(guid'{entry['EntryID']}')"))


def test_6_10_deleted_entry_frees_its_number(api, customer):
    entry = api.booked(Customer=customer, EntryNumber=26700400)
    assert api.delete(f"{ENTRIES}(guid'{entry['EntryID']}')").status_code == 204

    again = api.booked(Customer=customer, EntryNumber=26700400)

    assert again["EntryID"] != entry["EntryID"]


# === 6.11 PURCHASE ENTRIES === #


def test_6_11_document_is_made_by_exact(api, supplier):
    entry = one(bill(api, supplier, Description="Bill of March"), 201)

    document = by_guid(api, DOCUMENTS, entry["Document"])

    assert (document["Subject"], document["Type"]) == ("Bill of March", 20)


@pytest.mark.parametrize(("amount", "kind"), [(100, 30), (-100, 31)])
def test_6_11_type_by_sign(api, supplier, amount, kind):
    line = {"GLAccount": api.gl_account("604000"), "AmountFC": amount, "VATCode": "A4"}

    entry = one(bill(api, supplier, line), 201)

    assert (entry["Type"], entry["Status"], entry["AmountFC"]) == (
        kind,
        20,
        amount * 1.21,
    )


def test_6_11_line_without_amount_is_booked_as_nothing(api, supplier):
    line = {"GLAccount": api.gl_account("604000"), "AmountDC": 100, "VATCode": "A4"}

    entry = one(bill(api, supplier, line), 201)

    assert (entry["AmountFC"], entry["AmountDC"]) == (0, 0)


def test_6_11_invoice_number_is_the_entry_number_unless_sent(api, supplier):
    own = one(bill(api, supplier), 201)
    sent = one(bill(api, supplier, InvoiceNumber=99000077), 201)

    assert own["InvoiceNumber"] == own["EntryNumber"]
    assert sent["InvoiceNumber"] == 99000077


def test_6_11_ledger_of_a_purchase(api, supplier):
    entry = one(bill(api, supplier), 201)

    rows = ledger(api, entry)

    assert [(row["LineNumber"], row["AmountDC"]) for row in rows] == [
        (0, -121),
        (1, 100),
        (9999, 21),
    ]


def test_6_11_charged_vat_is_not_paid_to_the_supplier(api, supplier):
    line = {"GLAccount": api.gl_account("604000"), "AmountFC": 100, "VATCode": "A6"}

    entry = one(bill(api, supplier, line), 201)

    assert entry["AmountFC"] == 100


def test_6_11_charged_vat_is_paid_and_claimed(api, supplier):
    line = {"GLAccount": api.gl_account("604000"), "AmountFC": 100, "VATCode": "A6"}

    rows = ledger(api, one(bill(api, supplier, line), 201))

    amounts = sorted(row["AmountDC"] for row in rows)
    assert amounts == [-100, -21, 21, 100]


def test_6_11_your_ref_of_a_bill_is_not_unique(api, supplier):
    for _bill in range(2):
        assert bill(api, supplier, YourRef="F-2026/7").status_code == 201


def test_6_11_lines_are_read_on_their_own(api, supplier):
    entry = one(bill(api, supplier), 201)

    text = f"EntryID eq guid'{entry['EntryID']}'"
    options = {"filter": text, "select": "AmountFC,VATCode,GLAccountCode"}
    (line,) = api.rows("purchaseentry/PurchaseEntryLines", **options)

    assert (line["AmountFC"], line["VATCode"].strip()) == (100, "A4")


def test_6_11_customer_that_is_no_supplier(api, customer):
    assert "Ongeldig: Leverancier (type)" in not_taken(bill(api, customer))


def test_6_11_one_account_may_be_both(api, supplier):
    changed(api, ACCOUNTS, supplier, Status="C", PaymentConditionSales="30")

    assert bill(api, supplier).status_code == 201
    assert api.post_entry(Customer=supplier).status_code == 201


# === 6.15 PAYMENTS === #


def _pay(simulator, entry, kind="full", division=BELGIAN, **more):
    order = {"division": division, "entry": entry["EntryID"], "kind": kind, **more}
    simulator.control.payments(**order)


@pytest.mark.parametrize("resource", [TERMS, RECEIVABLES, f"bulk/{RECEIVABLES}"])
@pytest.mark.parametrize(("amount", "sign"), [(100, -1), (-100, 1)])
def test_6_15_claim_has_the_sign_turned(api, customer, resource, amount, sign):
    entry = api.booked(api.line(AmountFC=amount), Customer=customer, YourRef="INV/7")

    (row,) = terms(api, entry, resource)

    assert row["AmountFC"] == row["AmountDC"] == sign * 121
    assert row["TransactionAmountDC"] == -sign * 121
    assert (row["Status"], row["IsFullyPaid"], row["YourRef"]) == (20, False, "INV/7")
    assert (row["EntryNumber"], row["Journal"].strip()) == (entry["EntryNumber"], "700")


def test_6_15_type_of_a_term(api, customer, supplier):
    sale = api.booked(Customer=customer)
    purchase = one(bill(api, supplier), 201)

    assert [row["LineType"] for row in terms(api, sale)] == [20]
    assert [row["LineType"] for row in terms(api, purchase)] == [22]


def test_6_15_list_has_open_items_alone(simulator, api, customer):
    entry = api.booked(Customer=customer)
    (row,) = api.rows(OPEN_ITEMS)
    assert (row["Amount"], row["InvoiceNumber"]) == (-121, entry["EntryNumber"])
    assert row["HID"].lstrip("-").isdigit()

    _pay(simulator, entry)

    assert api.rows(OPEN_ITEMS) == []


def test_6_15_paid_in_full(simulator, api, customer):
    entry = api.booked(Customer=customer)
    (before,) = terms(api, entry)

    _pay(simulator, entry)

    rows = terms(api, entry)
    assert {(row["Status"], row["IsFullyPaid"]) for row in rows} == {(50, True)}
    assert rows[0]["LastPaymentDate"] == TODAY
    assert int(rows[0]["Timestamp"]) > int(before["Timestamp"])


def test_6_15_part_payment_splits_the_term(simulator, api, customer):
    entry = api.booked(Customer=customer)
    (before,) = terms(api, entry)

    _pay(simulator, entry, "part", amount=21)

    rows = terms(api, entry)
    assert sorted((row["AmountDC"], row["Status"]) for row in rows) == [
        (-100, 20),
        (-21, 50),
    ]
    assert len({row["TransactionID"] for row in rows}) == 1
    gone = {before["ID"]} - {row["ID"] for row in rows}
    assert gone <= deleted(api)
    (open_item,) = api.rows(OPEN_ITEMS)
    assert open_item["Amount"] == -100


def test_6_15_payment_is_undone(simulator, api, customer):
    entry = api.booked(Customer=customer)
    _pay(simulator, entry)

    _pay(simulator, entry, "undo")

    rows = terms(api, entry)
    assert sum(row["AmountDC"] for row in rows) == -121
    assert {row["Status"] for row in rows} == {20}
    assert sum(row["Amount"] for row in api.rows(OPEN_ITEMS)) == -121


@pytest.mark.parametrize("kind", ["discount", "write_off"])
def test_6_15_paid_without_money(simulator, api, customer, kind):
    entry = api.booked(Customer=customer)

    _pay(simulator, entry, kind)

    assert {row["Status"] for row in terms(api, entry)} == {50}


def test_6_15_set_off_against_a_credit_note(simulator, api, customer):
    entry = api.booked(Customer=customer)
    credit = api.booked(api.line(AmountFC=-100), Customer=customer)

    _pay(simulator, entry, "set_off", other=credit["EntryID"])

    for each in (entry, credit):
        assert {row["Status"] for row in terms(api, each)} == {50}
    assert api.rows(OPEN_ITEMS) == []


def test_6_15_credit_note_is_positive_in_the_list(api, customer):
    api.booked(api.line(AmountFC=-100), Customer=customer)

    (row,) = api.rows(OPEN_ITEMS)

    assert row["Amount"] == 121


def test_6_15_list_of_payables(api, supplier):
    entry = one(bill(api, supplier), 201)

    (row,) = api.rows("read/financial/PayablesList")

    assert row["EntryNumber"] == entry["EntryNumber"]
    assert abs(row["Amount"]) == 121 and "ApprovalStatus" in row


@pytest.mark.parametrize("name", ["PaymentReference", "Description"])
def test_6_15_some_of_a_claim_is_changed(api, customer, name):
    (row,) = terms(api, api.booked(Customer=customer))

    found = changed(api, RECEIVABLES, row["ID"], **{name: "RF18"})

    assert found[name] == "RF18"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_6_15_claims_are_not_made_or_deleted(api, customer, method):
    (row,) = terms(api, api.booked(Customer=customer))
    uri = RECEIVABLES if method == "POST" else f"{RECEIVABLES}(guid'{row['ID']}')"

    assert api.call(method, uri, json={}).status_code == 405


def test_6_15_cursor_finds_what_changed_since(simulator, api, customer):
    first, second = (api.booked(Customer=customer) for _entry in range(2))
    options = {"select": "Timestamp,TransactionEntryID"}
    rows = api.rows(TERMS, filter="Timestamp gt 1L", **options)
    cursor = max(int(row["Timestamp"]) for row in rows)

    _pay(simulator, second)

    rows = api.rows(TERMS, filter=f"Timestamp gt {cursor}L", **options)
    assert {row["TransactionEntryID"] for row in rows} == {second["EntryID"]}
    assert first["EntryID"] not in {row["TransactionEntryID"] for row in rows}


def test_6_15_part_payments_add_up(simulator, api, customer):
    entry = api.booked(Customer=customer)
    for amount in (21, 50, 50):
        _pay(simulator, entry, "part", amount=amount)

    rows = terms(api, entry)

    assert sum(row["AmountDC"] for row in rows) == -121
    assert {row["Status"] for row in rows} == {50}
    assert api.rows(OPEN_ITEMS) == []


def test_6_15_list_in_another_currency(api, customer):
    api.booked(Customer=customer, Currency="USD", Rate=0.5)

    (row,) = api.rows(OPEN_ITEMS)

    assert (row["Amount"], row["CurrencyCode"]) == (-121, "USD")


# === 6.16 LENGTHS === #


@pytest.mark.parametrize(
    ("name", "length"), [("YourRef", 30), ("Description", 60), ("PaymentReference", 35)]
)
def test_6_16_texts_of_an_entry(api, customer, name, length):
    assert api.post_entry(Customer=customer, **{name: "1" * length}).status_code == 201

    not_taken(api.post_entry(Customer=customer, **{name: "1" * 300}))
