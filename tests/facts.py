"""What the tests of the known facts about Exact Online share."""

from xml.etree import ElementTree

from .simulator_api import findings

ACCOUNTS, ENTRIES = "crm/Accounts", "salesentry/SalesEntries"
LINES, PURCHASES = "salesentry/SalesEntryLines", "purchaseentry/PurchaseEntries"
LEDGER, ITEMS = "financialtransaction/TransactionLines", "logistics/Items"
GL, JOURNALS = "financial/GLAccounts", "financial/Journals"
DOCUMENTS, SYNC = "documents/Documents", "sync/CRM/Accounts"
TERMS, RECEIVABLES = "sync/Cashflow/PaymentTerms", "cashflow/Receivables"
OPEN_ITEMS = "read/financial/ReceivablesList"
WITHOUT_PREFER = {"Prefer": None}
STREAM = "Error processing request stream. "
DAY = 86_400_000
TODAY = "/Date(1795305600000)/"
ATOM = {
    "a": "http://www.w3.org/2005/Atom",
    "m": "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata",
    "d": "http://schemas.microsoft.com/ado/2007/08/dataservices",
}


def brief(response):
    """Return an answer on one line, for the message of a failure."""
    return f"{response.status_code} {' '.join(response.text.split())[:300]}"


def one(response, status=200):
    """Return the record of an answer."""
    assert response.status_code == status, brief(response)
    return response.json()["d"]


def made(api, resource, body=None, *, headers=None, **values):
    """Return the record that a POST makes."""
    body = {**(body or {}), **values}
    return one(api.post(resource, body, headers=headers), 201)


def by_guid(api, resource, guid):
    return one(api.get(f"{resource}(guid'{guid}')"))


def changed(api, resource, guid, **values):
    """Change a record; return it as it is then."""
    response = api.put(f"{resource}(guid'{guid}')", values)
    assert response.status_code in (200, 204), brief(response)
    return by_guid(api, resource, guid)


def not_taken(response):
    """Assert a refusal by the bookkeeping or by OData; return its findings."""
    assert response.status_code in (400, 500), brief(response)
    return findings(response)


def atom(api, resource, accept="application/atom+xml", **options):
    """Return a list as Atom."""
    response = api.get(resource, headers={"Accept": accept}, **options)
    assert response.status_code == 200, brief(response)
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def ledger(api, entry):
    """Return the lines of an entry in the ledger, in their order."""
    rows = api.rows(
        LEDGER,
        filter=f"EntryID eq guid'{entry['EntryID']}'",
        select="LineNumber,AmountDC,AmountFC,GLAccountCode,VATCode,Type,YourRef",
    )
    return sorted(rows, key=lambda row: row["LineNumber"])


def terms(api, entry, resource=TERMS):
    """Return the rows of an entry in a list of claims."""
    select, text = TERM_FIELDS, f"TransactionEntryID eq guid'{entry['EntryID']}'"
    if resource.startswith("sync/"):
        select, text = f"{TERM_FIELDS},Timestamp,LineType", "Timestamp gt 1L"
    elif resource.startswith("bulk/"):
        text = f"InvoiceNumber eq {entry['InvoiceNumber']}"
    rows = api.rows(resource, select=select, filter=text)
    return [row for row in rows if row["TransactionEntryID"] == entry["EntryID"]]


def deleted(api, kind=10):
    """Return the GUIDs of deleted records of a type."""
    rows = api.rows(
        "sync/Deleted", select="EntityKey,EntityType", filter="Timestamp gt 0L"
    )
    return {row["EntityKey"] for row in rows if row["EntityType"] == kind}


def bill(api, supplier, *lines, **values):
    """Send an entry of a purchase; return the answer."""
    account = api.gl_account("604000")
    line = {"GLAccount": account, "AmountFC": 100, "VATCode": "A4"}
    body = {"Journal": "600", "Supplier": supplier, "EntryDate": "2026-03-10", **values}
    body["PurchaseEntryLines"] = list(lines) or [line]
    return api.post(PURCHASES, body)


TERM_FIELDS = (
    "ID,Account,Status,IsFullyPaid,AmountDC,AmountFC,TransactionAmountDC,TransactionID"
    ",TransactionEntryID,EntryNumber,YourRef,LastPaymentDate,DueDate,Journal"
)
