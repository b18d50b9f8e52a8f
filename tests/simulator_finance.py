"""What the tests of purchases, the ledger and payments say to the simulator."""

from .simulator_api import findings

PURCHASES = "purchaseentry/PurchaseEntries"
PURCHASE_LINES = "purchaseentry/PurchaseEntryLines"
SALES = "salesentry/SalesEntries"
TRANSACTION_LINES = "financialtransaction/TransactionLines"
TERMS = "sync/Cashflow/PaymentTerms"


def supplier(api, **values):
    body = {
        "Name": "Papier Plus",
        "IsSupplier": True,
        "PaymentConditionPurchase": "30",
        **values,
    }
    response = api.post("crm/Accounts", body)
    assert response.status_code == 201, response.text
    return response.json()["d"]["ID"]


def cost(api, **values):
    """Return a line of a purchase entry; None leaves out."""
    account = values.get("GLAccount") or api.gl_account("604000")
    body = {"AmountFC": 100, "VATCode": "A4", **values, "GLAccount": account}
    return {name: value for name, value in body.items() if value is not None}


def post_purchase(api, *lines, **values):
    body = {
        "Journal": "600",
        "Supplier": values.pop("Supplier", None) or supplier(api),
        "EntryDate": "2026-03-10",
        "PurchaseEntryLines": list(lines) or [cost(api)],
        **values,
    }
    body = {name: value for name, value in body.items() if value is not None}
    return api.post(PURCHASES, body)


def bought(api, *lines, **values):
    """Book a purchase, and return it as it is read afterwards."""
    response = post_purchase(api, *lines, **values)
    assert response.status_code == 201, response.text
    return read(api, PURCHASES, response.json()["d"]["EntryID"])


def sold(api, *lines, **values):
    return read(api, SALES, api.booked(*lines, **values)["EntryID"])


def read(api, uri, guid):
    response = api.call("GET", f"{uri}(guid'{guid}')")
    assert response.status_code == 200, response.text
    return response.json()["d"]


def refusal(response):
    """Return the findings of the bookkeeping, whatever status they come with."""
    assert response.status_code in (400, 500), response.text
    return findings(response)


def ledger_of(api, entry):
    """Return the lines of the ledger of an entry, in the order of their numbers."""
    condition = f"EntryID eq guid'{entry['EntryID']}'"
    rows = api.rows(TRANSACTION_LINES, filter=condition)
    return sorted(rows, key=lambda row: (row["LineNumber"], row["AmountFC"]))


def amounts(rows):
    return [(row["LineNumber"], row["GLAccountCode"], row["AmountDC"]) for row in rows]


def receivables(api, entry, resource="cashflow/Receivables"):
    """Return what of an entry is or was to be paid, the smallest amount first."""
    names = "ID,EntryID,TransactionID,TransactionEntryID,AmountFC,AmountDC,Status"
    names += ",TransactionAmountFC,AmountDiscountFC,DueDate,EndDate"
    names += ",PaymentMethod,PaymentReference,Account,AccountCode,EntryNumber,YourRef"
    if resource.endswith("Receivables"):
        names += ",IsFullyPaid,LastPaymentDate"
    condition = f"TransactionEntryID eq guid'{entry['EntryID']}'"
    rows = api.rows(resource, select=names, filter=condition)
    return sorted(rows, key=lambda row: (abs(row["AmountFC"]), -row["Status"]))


def payables(api, entry):
    return receivables(api, entry, "cashflow/Payments")


def open_items(api, resource="read/financial/ReceivablesList"):
    return [(row["EntryNumber"], row["Amount"]) for row in api.rows(resource)]


def changed_since(api, cursor, resource=TERMS):
    """Return all rows of a sync resource after a Timestamp, in their order."""
    names = {
        TERMS: "ID,TransactionEntryID,AmountDC,Status,LineType,Timestamp",
        "sync/Deleted": "EntityKey,EntityType,DeletedBy,Timestamp",
    }
    select = names.get(resource, "ID,EntryID,LineNumber,AmountDC,Timestamp")
    answer = api.get(resource, select=select, filter=f"Timestamp gt {cursor}L")
    assert answer.status_code == 200, answer.text
    page = answer.json()["d"]
    rows = page["results"]
    while "__next" in page:
        page = api.session.get(page["__next"], timeout=30).json()["d"]
        rows += page["results"]
    return rows


def cursor_of(api, resource=TERMS):
    return max(
        (int(row["Timestamp"]) for row in changed_since(api, 1, resource)), default=1
    )
