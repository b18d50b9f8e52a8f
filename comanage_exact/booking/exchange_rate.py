"""From the currency of an invoice to that of the company, to the cents of the ledger.

Exact gets a rate, and no amount in the company's currency. It converts each line of
its ledger and adds up; the VAT of a VAT code is one such line. Odoo rounds each tax as
a whole, in each currency for itself. So the rate may have to be moved a little, by less
than what some cents of the invoice make.
Source: AmountDC of SalesEntries ("the SUM(AmountDC) of all lines") and of
SalesEntryLines ("AmountFC * RateFC").
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

# How far the rate may be moved, in cents of the whole invoice.
_SPAN = 10
# How far off the ends of a range a rate has to be, as a part of that range: how Exact
# rounds half a cent is written nowhere.
_MARGIN = Decimal("0.000001")
_MARGIN_OF_MOVED = Decimal("0.05")


class Sum(NamedTuple):
    """Amounts that Exact converts one by one and adds up.

    :param list amounts: Decimal, in the currency of the entry.
    :param Decimal wanted: what the ledger has, in the company's currency; its last
        digit tells how Exact rounds.
    """

    amounts: list[Decimal]
    wanted: Decimal

    @property
    def cent(self) -> Decimal:
        return Decimal(1).scaleb(self.wanted.as_tuple().exponent)

    def convert(self, rate: Decimal) -> Decimal | int:
        """Return what Exact makes of it."""
        return sum(
            ((amount * rate).quantize(self.cent, ROUND_HALF_UP))
            for amount in self.amounts
        )


def fit_rate(rate: Decimal, sums: list[Sum]) -> Decimal | None:
    """Find the rate under which all sums come out as in the ledger.

    :param Decimal rate: of Odoo, company currency for one unit.
    :param list sums: of Sum.
    :return: the rate, `rate` itself wherever it does, else one near it with as few
        digits as possible; None if no rate does.
    """
    if not any(amount for one in sums for amount in [*one.amounts, one.wanted]):
        return rate
    found = [
        fitting
        for low, high in _ranges(rate, sums)
        if (fitting := _within(rate, low, high)) is not None
    ]
    return min(found, key=lambda one: abs(one - rate), default=None)


def _ranges(rate: Decimal, sums: list[Sum]) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield the lowest and the highest rate of each range in which all come out.

    From one range to the next, one amount is rounded to the next cent.
    """
    total = sum(abs(amount) for one in sums for amount in one.amounts)
    if not total:
        return
    span = _SPAN * sums[0].cent / total
    low, highest = max(rate - span, Decimal(0)), rate + span
    missing = [one.wanted - one.convert(low) for one in sums]
    for flip, index, cent in sorted(_flips(sums, low, highest)):
        if low < flip and not any(missing):
            yield low, flip
        missing[index] -= cent
        low = flip
    if not any(missing):
        yield low, highest


def _flips(
    sums: list[Sum], low: Decimal, high: Decimal
) -> Iterator[tuple[Decimal, int, Decimal]]:
    """Yield the rates between two at which an amount is rounded to the next cent.

    :return: tuples of rate, index of the sum, and what the sum then gains.
    """
    for index, one in enumerate(sums):
        for amount in filter(None, one.amounts):
            cent, size = one.cent, abs(amount)
            half = (size * low).quantize(cent, ROUND_HALF_UP) + cent / 2
            while half <= size * high:
                yield half / size, index, cent.copy_sign(amount)
                half += cent


def _within(rate: Decimal, low: Decimal, high: Decimal) -> Decimal | None:
    """Return `rate` if it is between two others, else one with few digits, or None."""
    width = high - low
    margin = width * _MARGIN
    if low + margin <= rate <= high - margin:
        return rate
    margin = width * _MARGIN_OF_MOVED
    near = min(max(rate, low + margin), high - margin)
    for digits in range(4, 20):
        short = near.quantize(Decimal(1).scaleb(-digits))
        if 0 < low + margin / 2 <= short <= high - margin / 2:
            return short
    return None
