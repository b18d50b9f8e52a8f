"""Bodies of the requests to Exact Online.

Everything here is plain data in and out; amounts are Decimal until the very edge.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from .const import MAX_LENGTH
from .odata import is_guid

if TYPE_CHECKING:
    # Types only: at run time this layer knows nothing of those above it.
    from ..booking.customer import Account
    from ..booking.sales_entry import SalesEntry, SalesEntryLine

# Not storable in XML 1.0, which Exact keeps texts in.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_JOINER = "\u200d"


def account(customer: Account) -> dict[str, Any]:
    """Build the body of POST crm/Accounts.

    :param Account customer: texts of any length; they are cut to what Exact stores.
    :return: JSON-ready dict; empty values left out; Code is left to Exact.
    :raise ValueError: the name is empty.
    Source: HlpRestAPIResourcesDetails.aspx?name=CRMAccounts
    """
    body = {
        "Name": text(customer.name, "account_name"),
        # Only a customer (C) may stand on a sales entry.
        "Status": "C",
        "AddressLine1": text(customer.address_line1, "address_line"),
        "AddressLine2": text(customer.address_line2, "address_line"),
        "Postcode": text(customer.postcode, "postcode"),
        "City": text(customer.city, "city"),
        "Country": customer.country,
        "Phone": text(customer.phone, "phone"),
        "Email": text(customer.email, "email"),
        "Language": customer.language.upper(),
        "VATNumber": text(customer.vat_number, "vat_number"),
        "ChamberOfCommerce": text(customer.chamber_of_commerce, "chamber_of_commerce"),
        "PaymentConditionSales": customer.payment_condition,
    }
    if customer.peppol_id and customer.peppol_scheme.isdigit():
        # The scheme is a number of four digits, such as 0208; Exact keeps an integer.
        body["PeppolIdentifier"] = text(customer.peppol_id, "peppol_id")
        body["PeppolIdentifierType"] = int(customer.peppol_scheme)
    if not body["Name"]:
        raise ValueError("a customer needs a name")
    return {key: value for key, value in body.items() if value}


def sales_entry(entry: SalesEntry) -> dict[str, Any]:
    """Build the body of POST salesentry/SalesEntries.

    :param SalesEntry entry: credit notes negative.
    :return: JSON-ready dict; dates 'YYYY-MM-DD'; empty values left out.
    :raise ValueError: a GUID is missing or there is no line.
    Source: HlpRestAPIResourcesDetails.aspx?name=SalesEntrySalesEntries
    """
    if not entry.lines:
        raise ValueError("an entry needs a line")
    _require_guids(entry.customer, *(line.gl_account for line in entry.lines))
    body = {
        "Journal": entry.journal,
        "Customer": entry.customer,
        "EntryNumber": entry.entry_number,
        "EntryDate": entry.entry_date.isoformat(),
        "DueDate": entry.due_date.isoformat(),
        # Else Exact takes those of the entry date, whatever the ledger of Odoo says.
        "ReportingYear": entry.reporting_year,
        "ReportingPeriod": entry.reporting_period,
        "YourRef": text(entry.your_ref, "your_ref"),
        "Description": text(entry.description, "description"),
        "Currency": entry.currency,
        "Rate": None if entry.rate is None else float(entry.rate),
        "PaymentCondition": entry.payment_condition,
        "PaymentReference": text(entry.payment_reference, "payment_reference"),
        "Document": entry.document,
        "SalesEntryLines": [_sales_entry_line(line) for line in entry.lines],
    }
    return {key: value for key, value in body.items() if value not in (None, "")}


def _sales_entry_line(line: SalesEntryLine) -> dict[str, Any]:
    # A float shows each amount with its own two or three decimals: repr() is exact
    # for the fifteen digits that an invoice may have.
    body = {
        "GLAccount": line.gl_account,
        "Description": text(line.description, "description"),
        "AmountFC": float(line.amount),
        "VATCode": line.vat_code,
        # Otherwise Exact rounds on its own and may be a cent off.
        "VATAmountFC": float(line.vat_amount),
        "CostCenter": line.cost_center,
        "CostUnit": line.cost_unit,
        "From": line.from_date and line.from_date.isoformat(),
        "To": line.to_date and line.to_date.isoformat(),
    }
    return {key: value for key, value in body.items() if value not in (None, "")}


def _require_guids(*guids: str) -> None:
    for guid in guids:
        if not is_guid(guid):
            raise ValueError(f"not a GUID: {guid!r}")


def text(value: str | None, field: str) -> str:
    """Make a text that Exact stores unchanged: one line, cut to its length."""
    cleaned = " ".join(_CONTROL.sub("", value or "").split())
    return _cut(cleaned, MAX_LENGTH[field]).rstrip()


def _cut(value: str, limit: int) -> str:
    """Cut a text between two characters as people see them.

    Exact counts in UTF-16, where an emoji has the length of two; marks, joiners and
    what they join to stay with their letter or go with it.
    """
    if len(value.encode("utf-16-le")) <= 2 * limit:
        return value
    kept = value
    while len(kept.encode("utf-16-le")) > 2 * limit:
        kept = kept[:-1]
    while kept and _continues(value[len(kept) - 1], value[len(kept)]):
        kept = kept[:-1]
    return kept


def _continues(before: str, after: str) -> bool:
    """Tell whether `after` belongs to the same visible character as `before`."""
    is_mark = unicodedata.combining(after) or unicodedata.category(after) == "Mn"
    is_skin = "\U0001f3fb" <= after <= "\U0001f3ff"
    return bool(is_mark or is_skin or _JOINER in (before, after))
