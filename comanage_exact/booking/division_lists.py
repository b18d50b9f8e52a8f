"""What is relied on at each list that is read: its properties, types and pages."""

from __future__ import annotations

from ..exact_api import resources
from . import division_evidence as see
from .division_evidence import (
    DATE,
    DOCUMENTED,
    FLAG,
    GUID,
    INT64,
    INTEGER,
    LARGE_PAGE,
    NUMBER,
    PAGE,
    READABLE,
    TEXT,
    Judge,
)
from .division_fact import INFO, PROBLEM, Fact, _lt

# Steps by name: (resource, section, rows of a page, types of the properties).
LISTS: dict[str, tuple[str, str, int, dict[str, str]]] = {
    "divisions": (
        "system/Divisions",
        "6.1",
        PAGE,
        {
            "Code": INTEGER,
            "Description": TEXT,
            "BlockingStatus": INTEGER,
            "VATNumber": TEXT,
            "Currency": TEXT,
            "DivisionMoveDate": DATE,
            "DivisionHRLinkUnlinkDate": DATE,
        },
    ),
    "journals": (
        resources.JOURNALS,
        "6.4",
        PAGE,
        {
            "Code": TEXT,
            "Description": TEXT,
            "ID": GUID,
            "Currency": TEXT,
            "AllowVariableCurrency": FLAG,
            "AllowVariableExchangeRate": FLAG,
        },
    ),
    "gl_accounts": (
        resources.GL_ACCOUNTS,
        "6.5",
        LARGE_PAGE,
        {
            "Code": TEXT,
            "Description": TEXT,
            "ID": GUID,
            "Type": INTEGER,
            "UseCostcenter": INTEGER,
            "UseCostunit": INTEGER,
        },
    ),
    "vat_codes": (
        resources.VAT_CODES,
        "6.7",
        PAGE,
        {
            "Code": TEXT,
            "Description": TEXT,
            "ID": GUID,
            "Percentage": NUMBER,
            "Type": TEXT,
            "VATTransactionType": TEXT,
            "Charged": FLAG,
            "EUSalesListing": TEXT,
            "IntraStat": FLAG,
        },
    ),
    "payment_conditions": (
        resources.PAYMENT_CONDITIONS,
        "6.8",
        PAGE,
        {
            "Code": TEXT,
            "Description": TEXT,
            "ID": GUID,
            "PaymentDays": INTEGER,
            "PaymentEndOfMonths": INTEGER,
        },
    ),
    "currencies": (
        resources.CURRENCIES,
        "6.9",
        PAGE,
        {"Code": TEXT, "Description": TEXT, "AmountPrecision": NUMBER},
    ),
    "periods": (
        resources.FINANCIAL_PERIODS,
        "6.6",
        PAGE,
        {
            "ID": GUID,
            "FinYear": INTEGER,
            "FinPeriod": INTEGER,
            "StartDate": DATE,
            "EndDate": DATE,
        },
    ),
    "cost_centers": (
        resources.COST_CENTERS,
        "6.10",
        PAGE,
        {"Code": TEXT, "Description": TEXT, "ID": GUID},
    ),
    "cost_units": (
        resources.COST_UNITS,
        "6.10",
        PAGE,
        {"Code": TEXT, "Description": TEXT, "ID": GUID},
    ),
    "accounts": (resources.ACCOUNTS, "6.2", PAGE, {"ID": GUID, "Code": TEXT}),
    "changed_accounts": (
        resources.CHANGED_ACCOUNTS,
        "3.6",
        LARGE_PAGE,
        {"ID": GUID, "Code": TEXT, "Name": TEXT, "Status": TEXT, "Timestamp": INT64},
    ),
    "deleted": (
        resources.DELETED,
        "3.6",
        LARGE_PAGE,
        {"EntityKey": GUID, "EntityType": INTEGER, "Timestamp": INT64},
    ),
    "entries": (
        resources.ENTRIES,
        "6.10",
        PAGE,
        {
            "EntryID": GUID,
            "EntryNumber": INTEGER,
            "EntryDate": DATE,
            "Journal": TEXT,
            "YourRef": TEXT,
            "Customer": GUID,
            "CustomerName": TEXT,
            "Currency": TEXT,
            "AmountFC": NUMBER,
            "AmountDC": NUMBER,
            "VATAmountDC": NUMBER,
        },
    ),
    "documents": (resources.DOCUMENTS, "6.13", PAGE, {"ID": GUID}),
    "attachments": (resources.ATTACHMENTS, "6.13", PAGE, {"ID": GUID}),
}
# What a company may do without.
OPTIONAL = ("cost_centers", "cost_units", "documents", "attachments")


# Of every list: (name, weight, expected, otherwise).
_ROWS = {
    "answers": (
        PROBLEM,
        _lt("%(resource)s can be read."),
        _lt(
            "%(resource)s could not be read: %(reason)s. Check the rights of the Exact "
            "Online user and of the app, then check again."
        ),
    ),
    "optional": (
        INFO,
        _lt("%(resource)s can be read."),
        _lt(
            "%(resource)s could not be read: %(reason)s. Odoo works without it, but "
            "not with what needs it: cost centres, cost units or PDFs."
        ),
    ),
    "properties": (
        PROBLEM,
        _lt("%(resource)s returns every property that Odoo asks for."),
        _lt(
            "%(resource)s does not return %(properties)s. Odoo takes missing values as "
            "empty, so mappings and checks may be wrong."
        ),
    ),
    "readable": (
        PROBLEM,
        _lt("Odoo can read the values of %(resource)s."),
        _lt(
            "%(resource)s returns values of another type for %(properties)s, which "
            "Odoo cannot read."
        ),
    ),
    "types": (
        INFO,
        _lt("The values of %(resource)s have the documented types."),
        _lt(
            "%(resource)s returns values of another type than documented for "
            "%(properties)s. Odoo reads them where they mean the same."
        ),
    ),
    "page": (
        INFO,
        _lt("Pages of %(resource)s have the documented length."),
        _lt(
            "A page of %(resource)s has %(count)s rows instead of %(size)s. Odoo reads "
            "pages of any length; estimates of API calls may be off."
        ),
    ),
    "shape": (
        INFO,
        _lt("The rows of %(resource)s come in “results”."),
        _lt("The rows of %(resource)s come as a bare list. Odoo handles both forms."),
    ),
}


def list_facts(step: str) -> list[Fact]:
    """Return what is relied on at every list."""
    resource, section, size, types = LISTS[step]
    judges = {
        "answers": (section, see.is_answered(step)),
        "properties": (section, see.has_properties(step)),
        "readable": ("3.5", see.has_types(step, types, READABLE)),
        "types": ("3.5", see.has_types(step, types, DOCUMENTED)),
        "page": ("3.4", see.has_page_size(step, size)),
        "shape": ("3.4", see.is_wrapped(step)),
    }
    # With $top a list is bare; the other form has a fact of its own.
    if step == "accounts":
        del judges["shape"]
    return [list_fact(step, resource, name, *judge) for name, judge in judges.items()]


def list_fact(step: str, resource: str, name: str, section: str, judge: Judge) -> Fact:
    """Return one fact about a list, by the name of its row."""
    is_optional = name == "answers" and step in OPTIONAL
    row = _ROWS["optional" if is_optional else name]
    return Fact(
        f"{step}.{name}", section, row[0], judge, *row[1:], {"resource": resource}
    )
