"""An invoice as a sales entry, and whether an entry in Exact Online is that one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


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

    :param dict request: body of POST SalesEntries, as `sales_entry` made it.
    :param dict row: EntryID, YourRef and AmountFC of an entry; amounts Decimal.
    """
    reference = (row["YourRef"] or "").strip()
    return reference == request["YourRef"] and row["AmountFC"] == total(request)


def total(request: dict[str, Any]) -> Decimal:
    """Return the amount with VAT that a request asks for, as Decimal."""
    return sum(
        (Decimal(str(line["AmountFC"])) + Decimal(str(line["VATAmountFC"])))
        for line in request["SalesEntryLines"]
    )
