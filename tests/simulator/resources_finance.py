"""The table's rows of purchases, the ledger and what is still to be paid."""

from . import tables_finance as tables
from .resource import make_resource, parse_properties

ACCOUNTING, CASHFLOW = "financial.accounting", "financial.cashflow"
TERMS = "sync/Cashflow/PaymentTerms"
TRANSACTIONS = "financialtransaction/Transactions"
TRANSACTION_LINES = "financialtransaction/TransactionLines"
# Pages of sync and bulk.
LARGE = 1000


def _all_but(text, allowed):
    return tuple(set(parse_properties(text)) - set(allowed.split()))


_LINES_FILTER = tuple(tables.TRANSACTION_LINES_FILTER.split())
# The reference names the allowed fields of receivables only.
_PAYMENTS_FILTER = tables.BULK_RECEIVABLES_FILTER.replace("EndToEndID", "")
_RECEIVABLE = {"rows_of": TERMS, "rows_where": ("LineType", 20)}
_PAYABLE = {"rows_of": TERMS, "rows_where": ("LineType", 22)}

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
        answered=("EntryNumber",),
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
    make_resource(
        TRANSACTION_LINES,
        "ID",
        "TransactionLine",
        ACCOUNTING,
        "G",
        tables.TRANSACTION_LINES,
        filter_fields=_LINES_FILTER,
    ),
    make_resource(
        "bulk/Financial/TransactionLines",
        "ID",
        "TransactionLine",
        ACCOUNTING,
        "G",
        tables.TRANSACTION_LINES,
        filter_fields=_LINES_FILTER,
        select_required=True,
        page_size=LARGE,
        rows_of=TRANSACTION_LINES,
    ),
    make_resource(
        "sync/Financial/TransactionLines",
        "ID",
        "TransactionLine",
        ACCOUNTING,
        "G",
        tables.TRANSACTION_LINES + tables.SYNC,
        select_required=True,
        page_size=LARGE,
        rows_of=TRANSACTION_LINES,
        is_sync=True,
    ),
    make_resource(
        TERMS,
        "ID",
        "PaymentTerm",
        CASHFLOW,
        "G",
        tables.PAYMENT_TERMS,
        select_required=True,
        page_size=LARGE,
        is_sync=True,
    ),
    make_resource(
        "cashflow/Receivables",
        "ID",
        "Receivable",
        "financial.receivables",
        "GU",
        tables.RECEIVABLES,
        select_required=True,
        **_RECEIVABLE,
    ),
    make_resource(
        "bulk/Cashflow/Receivables",
        "ID",
        "Receivable",
        "financial.receivables",
        "G",
        tables.RECEIVABLES,
        unfilterable=_all_but(tables.RECEIVABLES, tables.BULK_RECEIVABLES_FILTER),
        select_required=True,
        page_size=LARGE,
        **_RECEIVABLE,
    ),
    make_resource(
        "cashflow/Payments",
        "ID",
        "Payment",
        CASHFLOW,
        "GU",
        tables.PAYMENTS,
        select_required=True,
        **_PAYABLE,
    ),
    make_resource(
        "bulk/Cashflow/Payments",
        "ID",
        "Payment",
        CASHFLOW,
        "G",
        tables.PAYMENTS,
        unfilterable=_all_but(tables.PAYMENTS, _PAYMENTS_FILTER),
        select_required=True,
        page_size=LARGE,
        **_PAYABLE,
    ),
    make_resource(
        "read/financial/ReceivablesList",
        "HID",
        "ReceivablesList",
        "financial.receivables",
        "G",
        tables.RECEIVABLES_LIST,
    ),
    make_resource(
        "read/financial/PayablesList",
        "HID",
        "PayablesList",
        "financial.payables",
        "G",
        tables.PAYABLES_LIST,
    ),
)
