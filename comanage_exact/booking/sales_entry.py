"""An invoice as a sales entry, and whether an entry in Exact Online is that one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..exact_api.odata import read_date


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
    :param int reporting_year, reporting_period: of the accounting date; None to leave
        them to Exact, which takes those of the entry date.
    """

    journal: str
    customer: str
    entry_number: int
    entry_date: date
    due_date: date
    your_ref: str
    description: str
    currency: str
    lines: tuple[SalesEntryLine, ...]
    rate: Decimal | None = None
    payment_condition: str = ""
    payment_reference: str = ""
    total_dc: Decimal | None = None
    vat_dc: Decimal | None = None
    document: str = ""
    reporting_year: int | None = None
    reporting_period: int | None = None

    @property
    def vat_total(self) -> Decimal:
        return sum((line.vat_amount for line in self.lines), Decimal())

    @property
    def total(self) -> Decimal:
        """Amount with VAT, in the currency of the entry."""
        return sum((line.amount for line in self.lines), self.vat_total)


def is_ours(request: dict[str, Any], row: dict[str, Any]) -> bool:
    """Tell whether an entry in Exact is the one that a request asked for.

    Journal, number, reference, customer, date, currency and total have to agree; only
    what Exact does not tell says nothing.

    :param dict request: body of POST SalesEntries, as `sales_entry` made it.
    :param dict row: of SalesEntries, selected by `resources.HEADER`; amounts Decimal.
    """
    reference = (row["YourRef"] or "").strip()
    if reference != request["YourRef"] or row["AmountFC"] != total(request):
        return False
    day = read_date(row.get("EntryDate"))
    if day and day.isoformat() != request["EntryDate"]:
        return False
    return all(
        row.get(name) is None
        or str(row[name]).strip().lower() == str(request[name]).lower()
        for name in ("Journal", "EntryNumber", "Customer", "Currency")
    )


def total(request: dict[str, Any]) -> Decimal:
    """Return the amount with VAT that a request asks for, as Decimal."""
    return sum(
        (Decimal(str(line["AmountFC"])) + Decimal(str(line["VATAmountFC"])))
        for line in request["SalesEntryLines"]
    )
