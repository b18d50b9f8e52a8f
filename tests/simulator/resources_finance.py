"""The table's rows of purchases, the ledger and what is still to be paid."""

from dataclasses import replace

from . import tables_finance as tables
from .resource import bulk_of, make_resource, sync_of

ACCOUNTING, CASHFLOW = "financial.accounting", "financial.cashflow"
RECEIVABLE, PAYABLE = "financial.receivables", "financial.payables"
TERMS = "sync/Cashflow/PaymentTerms"
SYNC_TIMESTAMP = "read/sync/Sync/SyncTimestamp"
TRANSACTIONS = "financialtransaction/Transactions"
TRANSACTION_LINES = "financialtransaction/TransactionLines"
# The reference names the allowed fields of receivables only.
_PAYMENTS_FILTER = tables.BULK_RECEIVABLES_FILTER.replace("EndToEndID", "")

_TRANSACTION_LINES = make_resource(
    TRANSACTION_LINES,
    "ID",
    "TransactionLine",
    ACCOUNTING,
    "G",
    tables.TRANSACTION_LINES,
    filter_fields=tuple(tables.TRANSACTION_LINES_FILTER.split()),
)
_RECEIVABLES = make_resource(
    "cashflow/Receivables",
    "ID",
    "Receivable",
    RECEIVABLE,
    "GU",
    tables.RECEIVABLES,
    select_required=True,
    rows_of=TERMS,
    rows_where=("LineType", 20),
)
_PAYMENTS = make_resource(
    "cashflow/Payments",
    "ID",
    "Payment",
    CASHFLOW,
    "GU",
    tables.PAYMENTS,
    select_required=True,
    rows_of=TERMS,
    rows_where=("LineType", 22),
)


def _bulk_terms(resource, uri, allowed):
    """Return the twin in long pages, which can be filtered by few properties."""
    return replace(
        bulk_of(resource, uri),
        rows_of=TERMS,
        unfilterable=tuple(set(resource.properties) - set(allowed.split())),
    )


ROWS = (
    make_resource(
        "purchaseentry/PurchaseEntries",
        "EntryID",
        "PurchaseEntry",
        ACCOUNTING,
        "GPUD",
        tables.PURCHASE_ENTRIES,
        select_required=True,
        unfilterable=("StatusDescription", "TypeDescription"),
        children={
            "PurchaseEntryLines": ("purchaseentry/PurchaseEntryLines", "EntryID")
        },
        references={"Supplier": "crm/Accounts", "Document": "documents/Documents"},
    ),
    make_resource(
        "purchaseentry/PurchaseEntryLines",
        "ID",
        "PurchaseEntryLine",
        ACCOUNTING,
        "GPUD",
        tables.PURCHASE_ENTRY_LINES,
        references={
            "EntryID": "purchaseentry/PurchaseEntries",
            "GLAccount": "financial/GLAccounts",
        },
        answered=("EntryID",),
    ),
    make_resource(
        TRANSACTIONS,
        "EntryID",
        "Financial.Transaction",
        ACCOUNTING,
        "G",
        tables.TRANSACTIONS,
        select_required=True,
        unfilterable=("StatusDescription", "TypeDescription"),
        children={"TransactionLines": (TRANSACTION_LINES, "EntryID")},
    ),
    _TRANSACTION_LINES,
    bulk_of(_TRANSACTION_LINES, "bulk/Financial/TransactionLines"),
    sync_of(_TRANSACTION_LINES, "sync/Financial/TransactionLines"),
    make_resource(
        TERMS,
        "ID",
        "PaymentTerm",
        CASHFLOW,
        "G",
        tables.PAYMENT_TERMS,
        select_required=True,
        page_size=1000,
        is_sync=True,
    ),
    _RECEIVABLES,
    _bulk_terms(
        _RECEIVABLES, "bulk/Cashflow/Receivables", tables.BULK_RECEIVABLES_FILTER
    ),
    _PAYMENTS,
    _bulk_terms(_PAYMENTS, "bulk/Cashflow/Payments", _PAYMENTS_FILTER),
    make_resource(
        "read/financial/ReceivablesList",
        "HID",
        "ReceivablesList",
        RECEIVABLE,
        "G",
        tables.RECEIVABLES_LIST,
    ),
    make_resource(
        "read/financial/ReceivablesListByAccount",
        "HID",
        "ReceivablesListByAccount",
        RECEIVABLE,
        "G",
        tables.OPEN_ITEMS,
    ),
    make_resource(
        "read/financial/PayablesList",
        "HID",
        "PayablesList",
        PAYABLE,
        "G",
        tables.PAYABLES_LIST,
    ),
    make_resource(
        "read/financial/PayablesListByAccount",
        "HID",
        "PayablesListByAccount",
        PAYABLE,
        "G",
        tables.OPEN_PAYABLES,
    ),
    make_resource(
        SYNC_TIMESTAMP,
        "EndPoint",
        "SyncTimestamp",
        "organization.administration",
        "G",
        tables.SYNC_TIMESTAMP,
    ),
)
