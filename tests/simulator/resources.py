"""The table of resources: address, key, verbs, properties and what a GET must have."""

from dataclasses import dataclass, field

from . import tables


@dataclass(frozen=True)
class Property:
    name: str
    edm: str
    writable: bool
    mandatory: bool
    length: int | None


@dataclass(frozen=True)
class Resource:
    """One row of the table.

    :param str uri: service and name, e.g. 'crm/Accounts'.
    :param str model: last part of the type's name in `__metadata`.
    :param str scope: what the app's registration must allow; empty for none.
    :param dict children: collection property -> (uri of the lines, their link).
    :param dict references: GUID property -> uri it points to; others point nowhere.
    :param tuple answered: properties that a POST tells even without `Prefer`.
    :param int page_size: other than that of ordinary resources.
    :param str rows_of: the resource whose rows these are.
    :param bool is_sync: filtered by Timestamp alone, and in its order.
    """

    uri: str
    key: str
    model: str
    scope: str
    verbs: str
    properties: dict
    filter_fields: tuple = ()
    unfilterable: tuple = ()
    select_required: bool = False
    children: dict = field(default_factory=dict)
    references: dict = field(default_factory=dict)
    answered: tuple = ()
    any_division: bool = False
    page_size: int | None = None
    rows_of: str | None = None
    is_sync: bool = False

    @property
    def type_name(self):
        return f"Exact.Web.Api.Models.{self.model}"

    @property
    def methods(self):
        names = {"G": "GET", "P": "POST", "U": "PUT", "D": "DELETE"}
        return {names[verb] for verb in self.verbs}


def parse_properties(text):
    """Read a table of properties, in the form that `tables` describes."""
    found = {}
    for line in text.strip().splitlines():
        head, names = line.split(":")
        access, edm = head.split()
        for word in names.split():
            name, _slash, length = word.partition("/")
            found[name.rstrip("!")] = Property(
                name=name.rstrip("!"),
                edm=edm,
                writable=access == "rw",
                mandatory=name.endswith("!"),
                length=int(length) if length else None,
            )
    return found


def _resource(uri, key, model, scope, verbs, text, **options):
    return Resource(uri, key, model, scope, verbs, parse_properties(text), **options)


_ROWS = (
    _resource("current/Me", "UserID", "Me", "", "G", tables.ME),
    _resource(
        "system/Divisions",
        "Code",
        "Division",
        "organization.administration",
        "G",
        tables.DIVISIONS,
        any_division=True,
    ),
    _resource(
        "hrm/Divisions",
        "Code",
        "Division",
        "organization.administration",
        "G",
        tables.DIVISIONS,
    ),
    _resource(
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
        },
    ),
    _resource(
        "sync/CRM/Accounts",
        "ID",
        "Account",
        "crm.accounts",
        "G",
        tables.ACCOUNTS + tables.SYNC,
        select_required=True,
        page_size=1000,
        rows_of="crm/Accounts",
        is_sync=True,
    ),
    _resource(
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
    _resource(
        "financial/Journals",
        "ID",
        "Journal",
        "financial.generalledgers",
        "G",
        tables.JOURNALS,
    ),
    _resource(
        "financial/GLAccounts",
        "ID",
        "GLAccount",
        "financial.generalledgers",
        "G",
        tables.GL_ACCOUNTS,
        filter_fields=tuple(tables.GL_ACCOUNTS_FILTER.split()),
    ),
    _resource(
        "bulk/Financial/GLAccounts",
        "ID",
        "GLAccount",
        "financial.generalledgers",
        "G",
        tables.GL_ACCOUNTS,
        filter_fields=tuple(tables.GL_ACCOUNTS_FILTER.split()),
        select_required=True,
        page_size=1000,
        rows_of="financial/GLAccounts",
    ),
    _resource(
        "vat/VATCodes",
        "ID",
        "VATCode",
        "financial.accounting",
        "G",
        tables.VAT_CODES,
    ),
    _resource(
        "cashflow/PaymentConditions",
        "ID",
        "PaymentCondition",
        "financial.cashflow",
        "G",
        tables.PAYMENT_CONDITIONS,
    ),
    _resource(
        "general/Currencies",
        "Code",
        "Currency",
        "financial.currencies",
        "G",
        tables.CURRENCIES,
    ),
    _resource(
        "hrm/Costcenters",
        "ID",
        "Costcenter",
        "financial.costcenters",
        "G",
        tables.COST_CENTERS,
    ),
    _resource(
        "hrm/Costunits",
        "ID",
        "Costunit",
        "financial.costcenters",
        "G",
        tables.COST_UNITS,
    ),
    _resource(
        "financial/FinancialPeriods",
        "ID",
        "FinancialPeriod",
        "financial.accounting",
        "G",
        tables.FINANCIAL_PERIODS,
    ),
    _resource(
        "salesentry/SalesEntries",
        "EntryID",
        "SalesEntry",
        "financial.accounting",
        "GPUD",
        tables.SALES_ENTRIES,
        unfilterable=("StatusDescription", "TypeDescription"),
        children={"SalesEntryLines": ("salesentry/SalesEntryLines", "EntryID")},
        references={"Customer": "crm/Accounts", "Document": "documents/Documents"},
        answered=("EntryNumber",),
    ),
    _resource(
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
    _resource(
        "documents/Documents",
        "ID",
        "Document",
        "organization.documents",
        "GPUD",
        tables.DOCUMENTS,
        references={
            "Account": "crm/Accounts",
            "FinancialTransactionEntryID": "salesentry/SalesEntries",
        },
        unfilterable=("TypeDescription", "DocumentViewUrl"),
    ),
    _resource(
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
RESOURCES = {resource.uri: resource for resource in _ROWS}
# The server does not mind the case of an address.
_BY_LOWER_URI = {uri.lower(): resource for uri, resource in RESOURCES.items()}


def find_resource(uri):
    return _BY_LOWER_URI.get(uri.lower())
