"""The resources of Exact Online that the add-on uses: path, key, right, properties."""

from collections.abc import Iterable
from datetime import date

from .odata import quoted

# Rows of a page of an ordinary resource.
PAGE_SIZE = 60
ENTRIES = "salesentry/SalesEntries"
ENTRY_LINES = "salesentry/SalesEntryLines"
HEADER = (
    "EntryID,EntryNumber,EntryDate,Journal,YourRef,Customer,CustomerName,Currency,"
    "AmountFC,AmountDC,VATAmountDC,ReportingYear,ReportingPeriod"
)
# What a line has to have before its amounts are compared, and what it may have.
ENTRY_LINE = ("VATCode", "AmountFC", "VATAmountFC")
GL_ACCOUNT_CODE = "GLAccountCode"
COMPARED_LINE = (
    *ENTRY_LINE,
    GL_ACCOUNT_CODE,
    "AmountDC",
    "VATAmountDC",
    "CostCenter",
    "CostUnit",
)
SELECT = ",".join(
    (HEADER, "Rate", *(f"SalesEntryLines/{name}" for name in COMPARED_LINE))
)
# The same of lines that are read on their own.
SELECT_LINES = ",".join(("EntryID", *COMPARED_LINE))
# All that decides what an entry means in the books.
WHOLE = f"{SELECT},Status,SalesEntryLines/GLAccount"
JOURNALS = "financial/Journals"
GL_ACCOUNTS = "bulk/Financial/GLAccounts"
VAT_CODES = "vat/VATCodes"
PAYMENT_CONDITIONS = "cashflow/PaymentConditions"
CURRENCIES = "general/Currencies"
FINANCIAL_PERIODS = "financial/FinancialPeriods"
COST_CENTERS = "hrm/Costcenters"
COST_UNITS = "hrm/Costunits"
DIVISIONS = "hrm/Divisions"
ME = "current/Me"
# The divisions that it names, any of which the app may not be allowed to use.
ME_DIVISIONS = ("CurrentDivision", "AccountingDivision", "DossierDivision")
# Who gave the consent.
ME_USER = ("UserID", "FullName")
ACCOUNTS = "crm/Accounts"
CHANGED_ACCOUNTS = "sync/CRM/Accounts"
DELETED = "sync/Deleted"
DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"

# What the add-on reads and writes: the right that Exact's App Center asks for, the
# property and the filter of a GET that does no harm.
RIGHTS = {
    JOURNALS: ("financial/generalledgers", "ID", None),
    GL_ACCOUNTS: (
        "financial/generalledgers",
        "ID",
        "IsBlocked eq false",
    ),
    VAT_CODES: ("financial/accounting", "ID", None),
    PAYMENT_CONDITIONS: ("financial/cashflow", "ID", None),
    CURRENCIES: ("financial/currencies", "Code", None),
    FINANCIAL_PERIODS: ("financial/accounting", "ID", None),
    ACCOUNTS: ("crm/accounts", "ID", "Status eq 'C'"),
    ENTRIES: ("financial/accounting", "EntryID", None),
}
# The same for what a company may do without.
OPTIONAL_RIGHTS = {
    DOCUMENTS: ("organization/documents", "ID", "Type eq 10"),
}


def entries_between(
    first: date,
    last: date,
    journals: Iterable[str] = (),
    periods: Iterable[tuple[int, int, int]] = (),
) -> str:
    """Return the filter for the entries of sales journals, from one day to another.

    :param date first, last: both included.
    :param journals: codes; none for all sales journals, of which alone these entries
        are.
    :param periods: (year, first, last number) of those whose entries are wanted as
        well, whatever their day.
    """
    wanted = " or ".join(f"Journal eq {quoted(code)}" for code in sorted(journals))
    conditions = [f"EntryDate ge datetime'{first}' and EntryDate le datetime'{last}'"]
    conditions += [
        f"ReportingYear eq {year} and ReportingPeriod ge {low} "
        f"and ReportingPeriod le {high}"
        for year, low, high in periods
    ]
    either = conditions[0]
    if len(conditions) > 1:
        either = "(" + " or ".join(f"({condition})" for condition in conditions) + ")"
    return f"{either} and ({wanted})" if wanted else either
