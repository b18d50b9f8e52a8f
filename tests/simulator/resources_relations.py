"""The rows of the table for what `tables_relations` describes."""

from . import tables_relations as tables
from .resource import bulk_of, make_resource, sync_of

CRM, ITEMS, LEDGERS = "crm.accounts", "logistics.items", "financial.generalledgers"
DOCUMENTS, PRICES = "organization.documents", "sales.prices"


def _list(uri, model, scope, text, key="ID", verbs="G", **options):
    return make_resource(uri, key, model, scope, verbs, text, **options)


_CONTACTS = _list(
    "crm/Contacts",
    "Contact",
    CRM,
    tables.CONTACTS,
    verbs="GPUD",
    filter_fields=tuple(tables.CONTACTS_FILTER.split()),
    references={"Account": "crm/Accounts"},
)
_ADDRESSES = _list(
    "crm/Addresses",
    "Address",
    CRM,
    tables.ADDRESSES,
    verbs="GPUD",
    filter_fields=tuple(tables.ADDRESSES_FILTER.split()),
    references={"Account": "crm/Accounts", "Contact": "crm/Contacts"},
)
_ITEMS = _list(
    "logistics/Items",
    "Item",
    ITEMS,
    tables.ITEMS,
    verbs="GPUD",
    filter_fields=tuple(tables.ITEMS_FILTER.split()),
    references={
        "ItemGroup": "logistics/ItemGroups",
        "GLCosts": "financial/GLAccounts",
        "GLRevenue": "financial/GLAccounts",
        "GLStock": "financial/GLAccounts",
        "GLCostsWorkInProgress": "financial/GLAccounts",
        "GLRevenueWorkInProgress": "financial/GLAccounts",
    },
)
_SALES_ITEM_PRICES = _list(
    "logistics/SalesItemPrices",
    "SalesItemPrice",
    PRICES,
    tables.SALES_ITEM_PRICES,
    verbs="GPUD",
    select_required=True,
    filter_fields=tuple(tables.SALES_ITEM_PRICES_FILTER.split()),
    references={"Item": "logistics/Items", "Account": "crm/Accounts"},
)

ROWS = (
    _CONTACTS,
    bulk_of(_CONTACTS, "bulk/CRM/Contacts"),
    sync_of(_CONTACTS, "sync/CRM/Contacts"),
    _ADDRESSES,
    bulk_of(_ADDRESSES, "bulk/CRM/Addresses"),
    sync_of(_ADDRESSES, "sync/CRM/Addresses"),
    _list(
        "crm/BankAccounts",
        "BankAccount",
        CRM,
        tables.BANK_ACCOUNTS,
        verbs="GPUD",
        references={"Account": "crm/Accounts"},
    ),
    _list("crm/AccountClasses", "AccountClass", CRM, tables.ACCOUNT_CLASSES),
    _list(
        "crm/AccountClassificationNames",
        "AccountClassificationName",
        CRM,
        tables.ACCOUNT_CLASSIFICATION_NAMES,
    ),
    _list(
        "crm/AccountClassifications",
        "AccountClassification",
        CRM,
        tables.ACCOUNT_CLASSIFICATIONS,
    ),
    _list("crm/AddressStates", "AddressState", CRM, tables.ADDRESS_STATES),
    _ITEMS,
    bulk_of(_ITEMS, "bulk/Logistics/Items"),
    sync_of(_ITEMS, "sync/Logistics/Items"),
    _list("logistics/ItemGroups", "ItemGroup", ITEMS, tables.ITEM_GROUPS),
    _list("logistics/Units", "Unit", ITEMS, tables.UNITS),
    _SALES_ITEM_PRICES,
    bulk_of(_SALES_ITEM_PRICES, "bulk/Logistics/SalesItemPrices"),
    sync_of(_SALES_ITEM_PRICES, "sync/Logistics/SalesItemPrices"),
    _list(
        "financial/ExchangeRates",
        "ExchangeRate",
        "financial.currencies",
        tables.EXCHANGE_RATES,
        verbs="GPUD",
    ),
    _list(
        "financial/DeductibilityPercentages",
        "DeductibilityPercentage",
        LEDGERS,
        tables.DEDUCTIBILITY_PERCENTAGES,
    ),
    _list(
        "vat/VatPercentages",
        "VatPercentage",
        "financial.accounting",
        tables.VAT_PERCENTAGES,
    ),
    _list(
        "documents/DocumentCategories",
        "DocumentCategory",
        DOCUMENTS,
        tables.DOCUMENT_CATEGORIES,
    ),
    _list(
        "documents/DocumentTypeCategories",
        "DocumentTypeCategory",
        DOCUMENTS,
        tables.DOCUMENT_TYPE_CATEGORIES,
    ),
    _list("documents/DocumentTypes", "DocumentType", DOCUMENTS, tables.DOCUMENT_TYPES),
    _list(
        "documents/DocumentFolders",
        "DocumentFolder",
        DOCUMENTS,
        tables.DOCUMENT_FOLDERS,
        verbs="GPUD",
        references={"ParentFolder": "documents/DocumentFolders"},
    ),
)
