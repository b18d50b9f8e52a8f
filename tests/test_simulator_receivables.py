"""What is still to be paid, and what payments of every kind make of it."""

import pytest

from .simulator.errors import ControlError
from .simulator_api import BELGIAN
from .simulator_finance import (
    TERMS,
    bought,
    changed_since,
    cost,
    cursor_of,
    ledger_of,
    open_items,
    payables,
    receivables,
    refusal,
    sold,
)

SALES = "salesentry/SalesEntries"
RECEIVABLES = "cashflow/Receivables"
BULK = "bulk/Cashflow/Receivables"
LIST = "read/financial/ReceivablesList"
TODAY = "/Date(1795305600000)/"


def pay(simulator, entry, how, amount=None, other=None):
    guid = other["EntryID"] if other else None
    return simulator.control.payments(BELGIAN, entry["EntryID"], how, amount, guid)


def states(rows):
    return [(row["AmountFC"], row["Status"]) for row in rows]


def deleted_terms(api):
    rows = changed_since(api, 1, "sync/Deleted")
    return [row["EntityKey"] for row in rows if row["EntityType"] == 10]


# === OPEN === #


def test_a_claim_has_the_opposite_sign_of_its_entry(api):
    entry = sold(api, YourRef="INV/1", EntryNumber=77)

    (row,) = receivables(api, entry)
    assert (row["AmountFC"], row["AmountDC"]) == (-121, -121)
    assert row["TransactionAmountFC"] == 121
    assert (row["Status"], row["IsFullyPaid"]) == (20, False)
    assert (row["EntryNumber"], row["YourRef"]) == (77, "INV/1")
    assert row["TransactionID"] == ledger_of(api, entry)[0]["ID"]
    assert row["EntryID"] != entry["EntryID"]
    assert row["DueDate"] == entry["DueDate"]


def test_a_credit_note_has_the_signs_the_other_way_round(api):
    (row,) = receivables(api, sold(api, api.line(AmountFC=-100)))

    assert (row["AmountFC"], row["TransactionAmountFC"]) == (121, -121)


def test_a_purchase_is_to_be_paid_and_no_receivable(api):
    entry = bought(api)

    (row,) = payables(api, entry)
    assert (row["AmountFC"], row["TransactionAmountFC"]) == (-121, 121)
    assert receivables(api, entry) == []
    assert open_items(api, "read/financial/PayablesList") == [
        (entry["EntryNumber"], -121)
    ]


def test_foreign_claims_are_in_both_currencies(api):
    entry = sold(api, Currency="USD", Rate=0.95)

    (row,) = receivables(api, entry)
    assert (row["AmountFC"], row["AmountDC"]) == (-121, -114.95)


def test_the_list_has_negative_amounts_and_the_entry_number_as_invoice_number(api):
    entry = sold(api, InvoiceNumber=5000, EntryNumber=77)
    sold(api, api.line(AmountFC=-50))

    rows = api.rows(LIST)
    assert [row["Amount"] for row in rows] == [-121, 60.5]
    assert (rows[0]["EntryNumber"], rows[0]["InvoiceNumber"]) == (77, 77)
    assert rows[0]["AccountId"] == entry["Customer"]
    assert (rows[0]["CurrencyCode"], rows[0]["JournalCode"]) == ("EUR", "700")
    one = api.call("GET", f"{LIST}({rows[0]['HID']})").json()["d"]
    assert one["EntryNumber"] == 77


def test_an_entry_of_nothing_is_no_open_item(api):
    sold(api, api.line(), api.line(AmountFC=-100))

    assert open_items(api) == []


def test_a_changed_line_changes_the_claim(api):
    entry = sold(api)
    (before,) = receivables(api, entry)
    (line,) = api.lines_of(entry)
    cursor = cursor_of(api)
    api.put(f"salesentry/SalesEntryLines(guid'{line['ID']}')", {"AmountFC": 10})

    (after,) = receivables(api, entry)
    assert (after["ID"], after["AmountFC"]) == (before["ID"], -12.1)
    assert [row["AmountDC"] for row in changed_since(api, cursor)] == [-12.1]


def test_another_customer_rebuilds_the_claim(api):
    entry = sold(api)
    (before,) = receivables(api, entry)
    guid = api.customer(Name="Azure", Code="4711")
    address = f"{SALES}(guid'{entry['EntryID']}')"
    assert api.put(address, {"Customer": guid}).ok

    (after,) = receivables(api, entry)
    assert after["Account"] == guid
    assert {after["ID"], after["EntryID"]} & {before["ID"], before["EntryID"]} == set()
    assert after["PaymentReference"] == f"4711/{entry['EntryNumber']}"
    assert deleted_terms(api) == [before["ID"]]


def test_a_deleted_entry_leaves_no_claim(api):
    entry = sold(api)
    (before,) = receivables(api, entry)
    api.delete(f"{SALES}(guid'{entry['EntryID']}')")

    assert receivables(api, entry) == open_items(api) == []
    assert deleted_terms(api) == [before["ID"]]


# === PAID === #


def test_paid_in_full(simulator, api):
    entry = sold(api)
    (before,) = receivables(api, entry)
    cursor = cursor_of(api)
    pay(simulator, entry, "full")

    (row,) = receivables(api, entry)
    assert (row["ID"], row["Status"], row["IsFullyPaid"]) == (before["ID"], 50, True)
    assert row["LastPaymentDate"] == row["EndDate"] == TODAY
    assert open_items(api) == []
    (told,) = changed_since(api, cursor)
    assert (told["ID"], told["Status"], told["LineType"]) == (row["ID"], 50, 20)


def test_a_part_splits_the_claim_into_new_rows_of_one_line(simulator, api):
    entry = sold(api)
    (before,) = receivables(api, entry)
    pay(simulator, entry, "part", 21)

    paid, rest = rows = receivables(api, entry)
    assert states(rows) == [(-21, 50), (-100, 20)]
    assert {row["TransactionID"] for row in rows} == {before["TransactionID"]}
    assert len({row["EntryID"] for row in (before, *rows)}) == 3
    assert before["ID"] not in (paid["ID"], rest["ID"])
    assert paid["LastPaymentDate"] == TODAY
    assert (rest["LastPaymentDate"], rest["IsFullyPaid"]) == (None, False)
    assert deleted_terms(api) == [before["ID"]]
    assert open_items(api) == [(entry["EntryNumber"], -100)]


def test_several_parts_until_all_is_paid(simulator, api):
    entry = sold(api)
    for amount in (21, 30, 70):
        pay(simulator, entry, "part", amount)

    assert states(receivables(api, entry)) == [(-21, 50), (-30, 50), (-70, 50)]


def test_cents_of_a_foreign_claim_are_not_lost(simulator, api):
    entry = sold(api, Currency="USD", Rate=0.9123)
    for amount in (33.33, 40.01):
        pay(simulator, entry, "part", amount)

    rows = receivables(api, entry)
    assert sum(round(row["AmountDC"] * 100) for row in rows) == -round(
        entry["AmountDC"] * 100
    )
    assert sum(round(row["AmountFC"] * 100) for row in rows) == -12100


def test_undone_payments_make_one_open_claim_of_another_key(simulator, api):
    entry = sold(api)
    (first,) = receivables(api, entry)
    pay(simulator, entry, "part", 21)
    split = receivables(api, entry)
    cursor = cursor_of(api)
    pay(simulator, entry, "undo")

    (row,) = receivables(api, entry)
    assert states([row]) == [(-121, 20)]
    assert (row["IsFullyPaid"], row["LastPaymentDate"], row["EndDate"]) == (
        False,
        None,
        None,
    )
    assert set(deleted_terms(api)) == {first["ID"], *(one["ID"] for one in split)}
    assert [told["ID"] for told in changed_since(api, cursor)] == [row["ID"]]


def test_set_off_against_a_credit_note(simulator, api):
    entry, credit = sold(api), sold(api, api.line(AmountFC=-50))
    pay(simulator, entry, "set_off", other=credit)

    assert states(receivables(api, entry)) == [(-60.5, 50), (-60.5, 20)]
    (row,) = receivables(api, credit)
    assert (row["Status"], row["LastPaymentDate"]) == (50, None)
    assert open_items(api) == [(entry["EntryNumber"], -60.5)]


def test_undoing_a_set_off_opens_both(simulator, api):
    entry, credit = sold(api), sold(api, api.line(AmountFC=-50))
    pay(simulator, entry, "set_off", other=credit)
    pay(simulator, credit, "undo")

    assert {state for _amount, state in states(receivables(api, entry))} == {20}
    assert states(receivables(api, credit)) == [(60.5, 20)]


def test_written_off_is_matched_without_a_payment(simulator, api):
    entry = sold(api)
    pay(simulator, entry, "part", 120.5)
    pay(simulator, entry, "write_off")

    rows = receivables(api, entry)
    assert states(rows) == [(-0.5, 50), (-120.5, 50)]
    assert [row["LastPaymentDate"] for row in rows] == [None, TODAY]
    assert open_items(api) == []


def test_discount_is_told_with_the_claim(simulator, api):
    entry = sold(api)
    pay(simulator, entry, "discount", 2.42)

    (row,) = receivables(api, entry)
    assert (row["AmountFC"], row["AmountDiscountFC"], row["Status"]) == (
        -121,
        -2.42,
        50,
    )
    assert row["LastPaymentDate"] == TODAY


def test_condition_with_a_discount_says_how_much(simulator, api):
    uri = "cashflow/PaymentConditions"
    simulator.control.change_row(
        BELGIAN, uri, "30", DiscountPercentage=0.02, DiscountPaymentDays=8
    )
    entry = sold(api, PaymentCondition="30")

    (row,) = receivables(api, entry)
    assert row["AmountDiscountFC"] == -2.42
    pay(simulator, entry, "discount")
    assert receivables(api, entry)[0]["Status"] == 50


def test_selected_and_processed_claims_are_in_transit(simulator, api):
    entry = sold(api)
    for how, status in (("select", 30), ("process", 40)):
        pay(simulator, entry, how)

        assert states(receivables(api, entry)) == [(-121, status)]
        assert api.rows(LIST)[0]["AmountInTransit"] == -121


def test_credit_notes_and_purchases_are_paid_too(simulator, api):
    credit, purchase = sold(api, api.line(AmountFC=-100)), bought(api)
    pay(simulator, credit, "part", 21)
    pay(simulator, purchase, "part", 21)

    assert states(receivables(api, credit)) == [(21, 50), (100, 20)]
    assert states(payables(api, purchase)) == [(-21, 50), (-100, 20)]
    told = changed_since(api, 1)
    assert [row["LineType"] for row in told] == [20, 20, 22, 22]


@pytest.mark.parametrize("how", ["full", "part", "select", "write_off", "discount"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_entry_with_a_payment_stays_as_it_is(simulator, api, how, method):
    entry = sold(api)
    amount = None if how in ("full", "select") else 1
    pay(simulator, entry, how, amount)

    address = f"{SALES}(guid'{entry['EntryID']}')"
    assert refusal(api.call(method, address, json={"YourRef": "x"})) == [
        "Reeds verwerkt"
    ]
    pay(simulator, entry, "undo")
    assert api.call(method, address, json={"YourRef": "x"}).ok


def test_lines_of_an_entry_with_a_payment_stay_too(simulator, api):
    entry = sold(api)
    (line,) = api.lines_of(entry)
    pay(simulator, entry, "part", 1)

    address = f"salesentry/SalesEntryLines(guid'{line['ID']}')"
    more = {"EntryID": entry["EntryID"], **api.line()}
    for answer in (
        api.put(address, {"AmountFC": 1}),
        api.delete(address),
        api.post("salesentry/SalesEntryLines", more),
    ):
        assert refusal(answer) == ["Reeds verwerkt"]


# === ORDERS THAT CANNOT BE === #


def test_orders_that_cannot_be(simulator, api):
    entry, other = sold(api), sold(api)
    for how, amount, partner in (
        ("part", None, None),
        ("part", 121.01, None),
        ("part", 0, None),
        ("part", 0.001, None),
        ("write_off", 122, None),
        ("discount", 122, None),
        ("undo", None, None),
        ("set_off", None, None),
        ("set_off", None, other),
        ("borrow", None, None),
    ):
        with pytest.raises(ControlError):
            pay(simulator, entry, how, amount, partner)
    with pytest.raises(ControlError):
        simulator.control.payments(BELGIAN, "nobody", "full")
    assert states(receivables(api, entry)) == [(-121, 20)]


def test_nothing_is_paid_twice(simulator, api):
    entry = sold(api)
    pay(simulator, entry, "full")

    for how in ("full", "write_off", "discount", "select"):
        with pytest.raises(ControlError):
            pay(simulator, entry, how)


def test_payments_are_ordered_over_http(simulator, api):
    entry = sold(api)
    order = {
        "division": BELGIAN,
        "entry": entry["EntryID"],
        "kind": "part",
        "amount": 21,
    }
    url = f"{simulator.url}/__control__/payments"
    answer = api.session.post(url, json=order, timeout=10)

    assert [row["Status"] for row in answer.json()["terms"]] == [50, 20]
    shown = api.session.get(f"{simulator.url}/__control__/terms", timeout=10).json()
    assert [row["AmountFC"] for row in shown] == [-21, -100]
    for wrong in ({"amount": "x"}, {"division": "x"}, {"entry": 1}, {"else": 1}):
        answer = api.session.post(url, json={**order, **wrong}, timeout=10)
        assert answer.status_code == 400


# === READING === #


def test_what_a_bulk_list_may_be_filtered_by(api):
    entry = sold(api)

    assert api.get(BULK, filter="Status eq 20").status_code == 400
    assert len(api.rows(BULK, select="ID", filter="Status eq 20")) == 1
    for condition in ("YourRef eq 'x'", "AmountFC lt 0", "EntryNumber eq 1"):
        assert api.get(BULK, select="ID", filter=condition).status_code == 400
    number = entry["EntryNumber"]
    rows = api.rows(RECEIVABLES, select="ID", filter=f"EntryNumber eq {number}")
    assert len(rows) == 1


def test_lists_want_a_selection(api):
    for resource in (RECEIVABLES, BULK, "cashflow/Payments", TERMS):
        assert api.get(resource).status_code == 400


def test_terms_are_filtered_by_timestamp_alone(api):
    assert api.get(TERMS, select="ID", filter="Status eq 20").status_code == 400


def test_a_put_changes_how_a_claim_is_paid(simulator, api):
    entry = sold(api)
    (row,) = receivables(api, entry)
    address = f"{RECEIVABLES}(guid'{row['ID']}')"
    cursor = cursor_of(api)
    changes = {"PaymentMethod": "I", "PaymentReference": "RF18", "AmountFC": 5}
    assert api.put(address, changes).ok

    (row,) = receivables(api, entry)
    assert (row["PaymentMethod"], row["PaymentReference"]) == ("I", "RF18")
    assert row["AmountFC"] == -121
    assert len(changed_since(api, cursor)) == 1
    api.put(f"{SALES}(guid'{entry['EntryID']}')", {"YourRef": "new"})
    assert receivables(api, entry)[0]["PaymentMethod"] == "I"
    pay(simulator, entry, "full")
    assert refusal(api.put(address, {"PaymentMethod": "B"})) == ["Reeds verwerkt"]


def test_a_receivable_is_no_payment(api):
    (row,) = receivables(api, sold(api))

    address = f"cashflow/Payments(guid'{row['ID']}')"
    assert api.call("GET", address).status_code == 404
    assert api.put(address, {"PaymentMethod": "B"}).status_code in (403, 404)


def test_pages_of_terms_have_1000_rows(simulator, api):
    customer = api.customer()
    state = simulator.state
    entry = sold(api, Customer=customer)
    pattern = next(iter(state.rows(BELGIAN, TERMS).values()))
    for number in range(1004):
        row = {**pattern, "ID": f"{number:08}-0000-4000-8000-000000000000"}
        state.insert(BELGIAN, TERMS, row)

    page = api.get(TERMS, select="ID", filter="Timestamp gt 1L").json()["d"]
    assert len(page["results"]) == 1000
    assert len(changed_since(api, 1)) == 1005
    assert len(receivables_in_pages(api, entry)) == 1005


def receivables_in_pages(api, entry):
    condition = f"TransactionEntryID eq guid'{entry['EntryID']}'"
    page = api.get(RECEIVABLES, select="ID", filter=condition).json()["d"]
    rows = page["results"]
    assert len(rows) == 60
    while "__next" in page:
        page = api.session.get(page["__next"], timeout=30).json()["d"]
        rows += page["results"]
    return {row["ID"] for row in rows}


def test_a_moved_division_gives_terms_new_versions(simulator, api):
    sold(api)
    cursor = cursor_of(api)
    simulator.state.renew_row_versions()

    assert len(changed_since(api, cursor)) == 1


def test_cost_of_a_supplier_is_in_the_payables_until_it_is_paid(simulator, api):
    entry = bought(api, cost(api, AmountFC=10))
    pay(simulator, entry, "full")

    assert open_items(api, "read/financial/PayablesList") == []


def test_open_items_of_one_account(simulator, api):
    mine, other = sold(api), sold(api)
    address = f"{LIST}ByAccount"
    answer = api.call("GET", address, params={"accountId": f"guid'{mine['Customer']}'"})

    rows = answer.json()["d"]["results"]
    assert [row["AccountId"] for row in rows] == [mine["Customer"]]
    assert other["Customer"] != mine["Customer"]
    assert api.rows(address) == []
    for options in ({"accountId": "x"}, {"accountId": "'x'"}):
        assert api.call("GET", address, params=options).status_code == 400
