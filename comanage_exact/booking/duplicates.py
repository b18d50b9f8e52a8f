"""Which entries of Exact may be invoices that Odoo has not booked: who typed them in?

Somebody who books manually lets Exact number, and types what he likes as reference: the
number of the invoice in his own spelling, the customer's order, or nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .comparison import Booking
from .names import loose_key

# Of two dates of one invoice, where nothing but the total is the same.
DAYS_APART = 3

Keys = Iterable[Hashable]


@dataclass(frozen=True)
class Invoice:
    """What is known of an invoice without a booking; credit notes are negative.

    :param int key: of the caller.
    :param str reference: what Odoo would send as reference.
    :param str order: the reference of the customer.
    :param str journal, number: of the entry that Odoo would make; may be empty.
    :param str customer: GUID, empty while Exact has none.
    """

    key: int
    reference: str
    order: str
    total: Decimal
    currency: str
    day: date
    customer: str
    customer_name: str
    journal: str = ""
    number: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Entry:
    """An entry that is not the booking of an invoice."""

    booking: Booking
    customer_name: str

    @property
    def amount(self) -> tuple[str | None, Decimal | None]:
        return self.booking.currency, self.booking.total


@dataclass(frozen=True)
class Match:
    """An entry that may be an invoice.

    :param str reason: reference, number, order, customer or day.
    """

    invoice: Invoice
    entry: Entry
    reason: str


def reference_key(reference: str | None) -> str:
    """Return a reference without case, spaces and punctuation."""
    return "".join(char for char in (reference or "").casefold() if char.isalnum())


class DuplicateFinder:
    """Finds for each invoice the entry that it may be; each explains one of the other.

    :param invoices: of Invoice, without bookings.
    :param entries: of Entry.
    """

    def __init__(self, invoices: Iterable[Invoice], entries: Iterable[Entry]) -> None:
        self.matches: list[Match] = []
        self._invoices = {invoice.key: invoice for invoice in invoices}
        self._entries = {entry.booking.key: entry for entry in entries}
        for reason, of_invoice, of_entry in STEPS:
            self._match(reason, of_invoice, of_entry)

    @property
    def remaining(self) -> list[Entry]:
        """The entries that no invoice explains."""
        return list(self._entries.values())

    def _match(
        self,
        reason: str,
        of_invoice: Callable[[Invoice], Keys],
        of_entry: Callable[[Entry], Keys],
    ) -> None:
        """Match what has a key in common: equal totals first, then the nearest dates.

        Else of two subscriptions of one customer each would get the entry of the other.
        """
        by_key = defaultdict(list)
        for entry in self._entries.values():
            for key in of_entry(entry):
                by_key[key].append(entry)
        pairs = [
            (*_distance(invoice, entry), index, invoice, entry)
            for index, invoice in enumerate(self._invoices.values())
            for key in of_invoice(invoice)
            for entry in by_key.get(key, ())
            if reason != "day" or _distance(invoice, entry)[1] <= DAYS_APART
        ]
        for *_rank, invoice, entry in sorted(pairs, key=lambda pair: pair[:3]):
            key = entry.booking.key
            if invoice.key in self._invoices and key in self._entries:
                del self._invoices[invoice.key], self._entries[key]
                self.matches.append(Match(invoice, entry, reason))


def _distance(invoice: Invoice, entry: Entry) -> tuple[bool, int]:
    """Return whether the totals differ, and how many days the dates are apart."""
    is_other = (invoice.currency, invoice.total) != entry.amount
    day = entry.booking.day
    return is_other, abs((invoice.day - day).days) if day else DAYS_APART + 1


# === WHAT BOTH HAVE IN COMMON === #


def _references(invoice: Invoice) -> Iterator[Hashable]:
    if key := reference_key(invoice.reference):
        yield key


def _typed_reference(entry: Entry) -> Iterator[Hashable]:
    if key := reference_key(entry.booking.reference):
        yield key


def _numbers_in_journal(invoice: Invoice) -> Iterator[Hashable]:
    if invoice.number:
        # Exact starts again each year, and may leave the year out.
        yield invoice.journal, invoice.number, invoice.year
        yield invoice.journal, invoice.number, None


def _typed_number_in_journal(entry: Entry) -> Iterator[Hashable]:
    booking = entry.booking
    yield booking.journal, booking.number, booking.year


def _numbers(invoice: Invoice) -> Iterator[Hashable]:
    """The number in any journal, or the digits of the invoice's own one."""
    digits = "".join(filter(str.isdigit, invoice.reference))
    for number in filter(None, dict.fromkeys((invoice.number, digits.lstrip("0")))):
        yield number, invoice.currency, invoice.total


def _typed_number(entry: Entry) -> Iterator[Hashable]:
    if entry.booking.number:
        yield (entry.booking.number, *entry.amount)


def _orders(invoice: Invoice) -> Iterator[Hashable]:
    if key := reference_key(invoice.order):
        yield key, invoice.currency, invoice.total


def _typed_order(entry: Entry) -> Iterator[Hashable]:
    if key := reference_key(entry.booking.reference):
        yield (key, *entry.amount)


def _customers(invoice: Invoice) -> Iterator[Hashable]:
    for key in filter(None, (invoice.customer, loose_key(invoice.customer_name))):
        yield key, invoice.currency, invoice.total


def _typed_customer(entry: Entry) -> Iterator[Hashable]:
    for key in filter(None, (entry.booking.customer, loose_key(entry.customer_name))):
        yield (key, *entry.amount)


def _totals(invoice: Invoice) -> Iterator[Hashable]:
    yield invoice.currency, invoice.total


def _typed_total(entry: Entry) -> Iterator[Hashable]:
    yield entry.amount


# From the strongest to the weakest; what the stronger one explains, the weaker leaves.
STEPS = (
    ("reference", _references, _typed_reference),
    ("number", _numbers_in_journal, _typed_number_in_journal),
    ("number", _numbers, _typed_number),
    ("order", _orders, _typed_order),
    ("customer", _customers, _typed_customer),
    ("day", _totals, _typed_total),
)
