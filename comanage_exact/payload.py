"""Bodies of the requests to Exact.

Everything here is plain data in and out; amounts are Decimal until the very edge.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .const import MAX_LENGTH

# Not storable in XML 1.0, which Exact keeps texts in.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_JOINER = "\u200d"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Account:
    """A customer. Country is ISO 3166 alpha-2, language ISO 639-1.

    :param str payment_condition: code.
    :param str peppol_id, peppol_scheme: e.g. '0477472701' and '0208'.
    """

    name: str
    address_line1: str = ""
    address_line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    vat_number: str = ""
    chamber_of_commerce: str = ""
    payment_condition: str = ""
    peppol_id: str = ""
    peppol_scheme: str = ""


@dataclass(frozen=True)
class SalesEntryLine:
    """One line; amounts without VAT and of VAT, in the currency of the entry.

    :param date from_date, to_date: the period that revenue is spread over.
    """

    gl_account: str
    amount: Decimal
    vat_code: str
    vat_amount: Decimal
    description: str = ""
    cost_center: str = ""
    cost_unit: str = ""
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True)
class SalesEntry:
    """An invoice, or a credit note with negative amounts.

    :param str journal, payment_condition, currency: codes, not GUIDs.
    :param str customer: GUID.
    :param Decimal rate: company currency for one unit of `currency`; None when same.
    :param Decimal total_dc, vat_dc: what the ledger has in the company's currency.
    :param str document: GUID of the document with the PDF.
    """

    journal: str
    customer: str
    entry_number: int
    entry_date: date
    due_date: date
    your_ref: str
    description: str
    currency: str
    lines: tuple
    rate: Decimal | None = None
    payment_condition: str = ""
    payment_reference: str = ""
    total_dc: Decimal | None = None
    vat_dc: Decimal | None = None
    document: str = ""

    @property
    def vat_total(self):
        return sum((line.vat_amount for line in self.lines), Decimal())

    @property
    def total(self):
        """Amount with VAT, in the currency of the entry."""
        return sum((line.amount for line in self.lines), self.vat_total)


def account(customer):
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


def sales_entry(entry):
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


def _sales_entry_line(line):
    # A float shows each amount with its own two or three decimals: repr() is exact
    # for the fifteen digits that an invoice may have.
    body = {
        "GLAccount": line.gl_account,
        "Description": text(line.description, "description"),
        "AmountFC": float(line.amount),
        "VATCode": line.vat_code,
        # Exact would round by itself and be a cent off.
        "VATAmountFC": float(line.vat_amount),
        "CostCenter": line.cost_center,
        "CostUnit": line.cost_unit,
        "From": line.from_date and line.from_date.isoformat(),
        "To": line.to_date and line.to_date.isoformat(),
    }
    return {key: value for key, value in body.items() if value not in (None, "")}


def is_guid(value):
    """Tell whether a text is an ID as Exact writes it."""
    return bool(_GUID.fullmatch(value or ""))


def _require_guids(*guids):
    for guid in guids:
        if not is_guid(guid):
            raise ValueError(f"not a GUID: {guid!r}")


def text(value, field):
    """Make a text that Exact stores unchanged: one line, cut to its length."""
    cleaned = " ".join(_CONTROL.sub("", value or "").split())
    return _cut(cleaned, MAX_LENGTH[field]).rstrip()


def _cut(value, limit):
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


def _continues(before, after):
    """Tell whether `after` belongs to the same visible character as `before`."""
    is_mark = unicodedata.combining(after) or unicodedata.category(after) == "Mn"
    is_skin = "\U0001f3fb" <= after <= "\U0001f3ff"
    return bool(is_mark or is_skin or _JOINER in (before, after))


def quoted(value):
    """Write a text as a literal of an OData filter."""
    return "'" + value.replace("'", "''") + "'"


def is_ours(request, row):
    """Tell whether an entry in Exact is the one that a request asked for.

    :param dict request: body of POST SalesEntries, as `sales_entry` made it.
    :param dict row: EntryID, YourRef and AmountFC of an entry; amounts Decimal.
    """
    reference = (row["YourRef"] or "").strip()
    return reference == request["YourRef"] and row["AmountFC"] == total(request)


def total(request):
    """Return the amount with VAT that a request asks for, as Decimal."""
    return sum(
        (Decimal(str(line["AmountFC"])) + Decimal(str(line["VATAmountFC"])))
        for line in request["SalesEntryLines"]
    )


def shown(value):
    """Return a value as a person reads it: an amount with its cents."""
    if isinstance(value, Decimal) and value == round(value, 2):
        return f"{value:.2f}"
    return str(value)


def read_date(value):
    """Read '/Date(1756684800000)/' as the day it names; None for anything else.

    Exact labels local days as UTC midnight, so the day is never shifted.
    """
    match = re.fullmatch(r"/Date\((-?\d+)\)/", value or "")
    if not match:
        return None
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(match[1]) // 86_400_000)
