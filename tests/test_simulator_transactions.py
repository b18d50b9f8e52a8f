"""The ledger: transactions and their lines, their twins, and how VAT is converted."""

import pytest

from .simulator_finance import (
    TRANSACTION_LINES,
    amounts,
    bought,
    changed_since,
    cost,
    cursor_of,
    ledger_of,
    read,
    sold,
)

TRANSACTIONS = "financialtransaction/Transactions"
SYNC = "sync/Financial/TransactionLines"
BULK = "bulk/Financial/TransactionLines"
SALES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"


def test_a_sale_makes_the_lines_that_were_recorded(api):
    entry = sold(api)

    assert amounts(ledger_of(api, entry)) == [
        (0, "400000", 121),
        (1, "700000", -100),
        (9999, "451000", -21),
    ]


def test_a_purchase_makes_the_same_with_the_other_sign(api):
    entry = bought(api)

    assert amounts(ledger_of(api, entry)) == [
        (0, "440000", -121),
        (1, "604000", 100),
        (9999, "411000", 21),
    ]


def test_each_vat_code_has_a_line_of_vat(api):
    entry = sold(api, api.line(VATCode="4"), api.line(VATCode="1", AmountFC=50))

    rows = ledger_of(api, entry)
    assert [(row["VATCode"].strip(), row["AmountDC"]) for row in rows[3:]] == [
        ("4", -21),
        ("1", -3),
    ]
    assert sum(row["AmountDC"] for row in rows) == 0


def test_lines_say_what_the_entry_says(api):
    entry = sold(
        api,
        api.line(Description="Desk", CostCenter="ALG", Quantity=2),
        YourRef="INV/1",
        Description="Sale",
        EntryNumber=77,
    )

    party, base, vat = ledger_of(api, entry)
    for row in (party, base, vat):
        assert row["EntryNumber"] == row["InvoiceNumber"] == 77
        assert row["Account"] == entry["Customer"]
        assert (row["JournalCode"], row["Type"], row["Status"]) == ("700", 20, 20)
        assert (row["FinancialYear"], row["FinancialPeriod"]) == (2026, 3)
        assert (row["YourRef"], row["Currency"]) == ("INV/1", "EUR")
    assert (party["Description"], base["Description"]) == ("Sale", "Desk")
    assert (base["CostCenter"], base["Quantity"]) == ("ALG", 2)
    assert (base["AmountVATBaseFC"], base["AmountVATFC"]) == (100, 21)
    assert (base["VATType"], vat["VATType"]) == ("V", "A")
    assert party["DueDate"] == entry["DueDate"]
    assert vat["DueDate"] is None


def test_a_base_line_has_the_key_of_its_line(api):
    entry = sold(api)

    (line,) = api.lines_of(entry)
    assert ledger_of(api, entry)[1]["ID"] == line["ID"]


def test_a_list_wants_a_filter_on_one_of_the_fields(api):
    sold(api)

    assert api.get(TRANSACTION_LINES).status_code == 400
    assert api.get(TRANSACTION_LINES, filter="AmountDC gt 0").status_code == 400
    assert len(api.rows(TRANSACTION_LINES, filter="GLAccountCode eq '700000'")) == 1


def test_a_transaction_is_the_header_of_its_lines(api):
    entry = sold(api, Description="Sale")

    names = "EntryID,EntryNumber,JournalCode,FinancialYear,Type,TransactionLines"
    rows = api.rows(TRANSACTIONS, select=names, expand="TransactionLines")
    assert [row["EntryID"] for row in rows] == [entry["EntryID"]]
    assert len(rows[0]["TransactionLines"]["results"]) == 3
    assert rows[0]["__metadata"]["type"].endswith("Models.Financial.Transaction")
    one = read(api, TRANSACTIONS, entry["EntryID"])
    assert (one["Description"], one["Type"]) == ("Sale", 20)


def test_the_ledger_takes_no_writing(api):
    for uri in (TRANSACTIONS, TRANSACTION_LINES):
        assert api.post(uri, {}).status_code == 405


# === TWINS === #


def test_bulk_and_sync_tell_the_same_lines(api):
    entry = sold(api)
    bought(api)

    condition = f"EntryID eq guid'{entry['EntryID']}'"
    bulk = api.rows(BULK, select="ID", filter=condition)
    assert {row["ID"] for row in bulk} == {row["ID"] for row in ledger_of(api, entry)}
    assert len(changed_since(api, 1, SYNC)) == 6


def test_bulk_wants_selection_and_filter(api):
    assert api.get(BULK, filter="EntryNumber eq 1").status_code == 400
    assert api.get(BULK, select="ID").status_code == 400


def test_sync_tells_of_the_lines_that_changed_alone(api):
    entry = sold(api, api.line(), api.line(VATCode="0"))
    cursor = cursor_of(api, SYNC)
    line = api.lines_of(entry)[1]
    api.put(f"{LINES}(guid'{line['ID']}')", {"AmountFC": 70})

    changed = changed_since(api, cursor, SYNC)
    assert sorted((row["LineNumber"], row["AmountDC"]) for row in changed) == [
        (0, 191),
        (2, -70),
    ]


def test_sync_tells_of_lines_that_vanished(api):
    entry = sold(api, api.line(), api.line(VATCode="0"))
    gone = api.lines_of(entry)[1]["ID"]
    api.delete(f"{LINES}(guid'{gone}')")
    rest = {row["ID"] for row in ledger_of(api, entry)}
    api.delete(f"{SALES}(guid'{entry['EntryID']}')")

    deleted = changed_since(api, 1, "sync/Deleted")
    lines = [row["EntityKey"] for row in deleted if row["EntityType"] == 1]
    assert lines[0] == gone
    assert set(lines[1:]) == rest
    assert all(row["DeletedBy"] for row in deleted)


def test_a_new_number_is_told_by_every_line(api):
    entry = sold(api)
    cursor = cursor_of(api, SYNC)
    api.put(f"{SALES}(guid'{entry['EntryID']}')", {"EntryNumber": 99})

    assert len(changed_since(api, cursor, SYNC)) == 3
    assert {row["EntryNumber"] for row in ledger_of(api, entry)} == {99}


def test_pages_of_a_twin_have_1000_rows(simulator, api):
    lines = [api.line(VATCode="0", AmountFC=1)] * 1005
    sold(api, *lines)

    page = api.get(SYNC, select="ID", filter="Timestamp gt 1L").json()["d"]
    assert len(page["results"]) == 1000
    assert "__next" in page
    assert len(changed_since(api, 1, SYNC)) == 1006


# === CONVERSION === #

# 2.07 and 3.84 of the one code, 0.13 of the other, at 0.95: what the VAT lines have
# for two lines of one code, and for all three.
CONVERSIONS = {
    "code": ([-5.61], [-5.61, -0.12]),
    "line": ([-5.62], [-5.62, -0.12]),
    # 5.73 and 0.01 more, which the largest bears.
    "sum": ([-5.61], [-5.62, -0.12]),
}


def in_dollars(api):
    values = ((9.87, "4"), (18.28, "4"), (2.18, "1"))
    return [api.line(AmountFC=amount, VATCode=code) for amount, code in values]


@pytest.mark.parametrize("conversion", CONVERSIONS)
def test_vat_is_converted_by_code_line_or_sum(simulator, api, conversion):
    simulator.control.settings(vat_conversion=conversion)
    lines = in_dollars(api)
    two = ledger_of(api, sold(api, *lines[:2], Currency="USD", Rate=0.95))
    three = ledger_of(api, sold(api, *lines, Currency="USD", Rate=0.95))

    found = [
        [row["AmountDC"] for row in rows if row["LineNumber"] == 9999]
        for rows in (two, three)
    ]
    assert tuple(found) == CONVERSIONS[conversion]


def test_header_is_the_sum_of_the_lines_in_every_conversion(simulator, api):
    for conversion in CONVERSIONS:
        simulator.control.settings(vat_conversion=conversion)
        lines = [api.line(AmountFC=33.33), api.line(AmountFC=0.07, VATCode="1")]
        entry = sold(api, *lines, Currency="USD", Rate=0.9123)

        rows = ledger_of(api, entry)
        assert sum(round(row["AmountDC"] * 100) for row in rows) == 0
        assert entry["AmountDC"] == rows[0]["AmountDC"]


def test_purchases_can_be_converted_by_line_too(simulator, api):
    simulator.control.settings(vat_conversion="line")
    lines = [cost(api, AmountFC=amount) for amount in (9.87, 18.28)]
    entry = bought(api, *lines, Currency="USD", Rate=0.95)

    assert (entry["VATAmountDC"], entry["AmountDC"]) == (5.62, 32.37)
