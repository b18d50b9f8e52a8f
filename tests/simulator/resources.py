"""The table of resources."""

from . import resources_finance, resources_relations, tables
from .resource import bulk_of, make_resource, sync_of

_ROWS = (
    make_resource("current/Me", "UserID", "System.Me", "", "G", tables.ME),
    make_resource(
        "system/Divisions",
        "Code",
        "System.Division",
        "organization.administration",
        "G",
        tables.DIVISIONS,
        any_division=True,
    ),
    make_resource(
        "system/AllDivisions",
        "Code",
        "System.Division",
        "organization.administration",
        "G",
        tables.DIVISIONS,
    ),
    make_resource(
        "system/AllDivisions",
        "Code",
        "System.Division",
        "organization.administration",
        "G",
        tables.DIVISIONS,
    ),
    make_resource(
        "hrm/Divisions",
        "Code",
        "Division",
        "organization.administration",
        "G",
        tables.HRM_DIVISIONS,
    ),
    make_resource(
        "crm/Accounts",
        "ID",
        "Account",
        "crm.accounts",
        "GPUD",
        tables.ACCOUNTS,
        filter_fields=tuple(tables.ACCOUNTS_FILTER.split()),
        references={
            "Parent": "crm/Accounts",
            "InvoiceAccount": "crm/Accounts",
            "Accountant": "crm/Accounts",
            "Reseller": "crm/Accounts",
            "GLAccountSales": "financial/GLAccounts",
            "GLAccountPurchase": "financial/GLAccounts",
            "GLAR": "financial/GLAccounts",
            "GLAP": "financial/GLAccounts",
            "MainContact": "crm/Contacts",
            **{
                f"Classification{number}": "crm/AccountClassifications"
                for number in range(1, 9)
            },
        },
        children={"BankAccounts": ("crm/BankAccounts", "Account")},
    ),
    make_resource(
        "sync/Deleted",
        "ID",
        "Deleted",
        "organization.administration",
        "G",
        tables.DELETED,
        select_required=True,
        page_size=1000,
        is_sync=True,
    ),
    make_resource(
        "financial/Journals",
        "ID",
        "Journal",
        "financial.generalledgers",
        "GPUD",
        tables.JOURNALS,
        references={"GLAccount": "financial/GLAccounts"},
    ),
    make_resource(
        "financial/GLAccounts",
        "ID",
        "GLAccount",
        "financial.generalledgers",
        "GPUD",
        tables.GL_ACCOUNTS,
        filter_fields=tuple(tables.GL_ACCOUNTS_FILTER.split()),
        references={
            "PrivateGLAccount": "financial/GLAccounts",
            "VATNonDeductibleGLAccount": "financial/GLAccounts",
            "YearEndCostGLAccount": "financial/GLAccounts",
            "YearEndReflectionGLAccount": "financial/GLAccounts",
        },
        children={
            "DeductibilityPercentages": (
                "financial/DeductibilityPercentages",
                "GLAccount",
            )
        },
    ),
    make_resource(
        "vat/VATCodes",
        "ID",
        "VATCode",
        "financial.accounting",
        "GPUD",
        tables.VAT_CODES,
        references={
            "Account": "crm/Accounts",
            "GLDiscountPurchase": "financial/GLAccounts",
            "GLDiscountSales": "financial/GLAccounts",
            "GLToClaim": "financial/GLAccounts",
            "GLToPay": "financial/GLAccounts",
        },
        children={"VATPercentages": ("vat/VatPercentages", "VATCodeID")},
    ),
    make_resource(
        "cashflow/PaymentConditions",
        "ID",
        "PaymentCondition",
        "financial.cashflow",
        "GP",
        tables.PAYMENT_CONDITIONS,
    ),
    make_resource(
        "general/Currencies",
        "Code",
        "Currency",
        "financial.currencies",
        "G",
        tables.CURRENCIES,
    ),
    make_resource(
        "hrm/Costcenters",
        "ID",
        "Costcenter",
        "financial.costcenters",
        "GPUD",
        tables.COST_CENTERS,
    ),
    make_resource(
        "hrm/Costunits",
        "ID",
        "Costunit",
        "financial.costcenters",
        "GPUD",
        tables.COST_UNITS,
    ),
    make_resource(
        "financial/FinancialPeriods",
        "ID",
        "FinancialPeriod",
        "financial.accounting",
        "G",
        tables.FINANCIAL_PERIODS,
    ),
    make_resource(
        "salesentry/SalesEntries",
        "EntryID",
        "SalesEntry",
        "financial.accounting",
        "GPUD",
        tables.SALES_ENTRIES,
        unfilterable=("StatusDescription", "TypeDescription"),
        children={"SalesEntryLines": ("salesentry/SalesEntryLines", "EntryID")},
        references={"Customer": "crm/Accounts", "Document": "documents/Documents"},
    ),
    make_resource(
        "salesentry/SalesEntryLines",
        "ID",
        "SalesEntryLine",
        "financial.accounting",
        "GPUD",
        tables.SALES_ENTRY_LINES,
        references={
            "EntryID": "salesentry/SalesEntries",
            "GLAccount": "financial/GLAccounts",
        },
        answered=("EntryID",),
    ),
    make_resource(
        "documents/Documents",
        "ID",
        "Document",
        "organization.documents",
        "GPUD",
        tables.DOCUMENTS,
        references={
            "Account": "crm/Accounts",
            "Category": "documents/DocumentCategories",
            "Contact": "crm/Contacts",
            "DocumentFolder": "documents/DocumentFolders",
            # The entries of every kind.
            "FinancialTransactionEntryID": resources_finance.TRANSACTIONS,
            "Item": "logistics/Items",
        },
        unfilterable=("TypeDescription", "DocumentViewUrl"),
    ),
    make_resource(
        "documents/DocumentAttachments",
        "ID",
        "DocumentAttachment",
        "organization.documents",
        "GPD",
        tables.DOCUMENT_ATTACHMENTS,
        references={"Document": "documents/Documents"},
        unfilterable=("Attachment", "Url"),
    ),
)
_BASES = {resource.uri: resource for resource in _ROWS}
_TWINS = (
    bulk_of(_BASES["crm/Accounts"], "bulk/CRM/Accounts"),
    sync_of(_BASES["crm/Accounts"], "sync/CRM/Accounts"),
    bulk_of(_BASES["financial/GLAccounts"], "bulk/Financial/GLAccounts"),
    sync_of(_BASES["financial/GLAccounts"], "sync/Financial/GLAccounts"),
    bulk_of(_BASES["documents/Documents"], "bulk/Documents/Documents"),
    sync_of(_BASES["documents/Documents"], "sync/Documents/Documents"),
    bulk_of(
        _BASES["documents/DocumentAttachments"], "bulk/Documents/DocumentAttachments"
    ),
    sync_of(
        _BASES["documents/DocumentAttachments"], "sync/Documents/DocumentAttachments"
    ),
)
RESOURCES = {
    resource.uri: resource
    for resource in (
        *_ROWS,
        *_TWINS,
        *resources_finance.ROWS,
        *resources_relations.ROWS,
    )
}
# The server does not mind the case of an address.
_BY_LOWER_URI = {uri.lower(): resource for uri, resource in RESOURCES.items()}


def find_resource(uri):
    return _BY_LOWER_URI.get(uri.lower())
