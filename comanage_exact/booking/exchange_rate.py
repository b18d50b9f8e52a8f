"""From the currency of an invoice to that of the company, to the cents of the ledger.

Exact gets a rate, and no amount in the company's currency. It converts each line of
its ledger and adds up; the VAT of a VAT code is one such line. Odoo rounds each tax as
a whole, in each currency for itself. So the rate may have to be moved a little, by less
than what some cents of the invoice make.

Exact uses a rate with so many decimals as its currency has there. Of all rates that do,
the one with the fewest decimals is sent: what is cut off of it cannot matter.
Source: AmountDC of SalesEntries ("the SUM(AmountDC) of all lines") and of
SalesEntryLines ("AmountFC * RateFC"); AmountPrecision of Currencies.
"""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

# How far the rate may be moved, in cents of the whole invoice.
_SPAN = 10
# How far off the ends of a range a rate has to be, as a part of that range: how Exact
# rounds half a cent is written nowhere.
_MARGIN = Decimal("0.000001")
# Where Exact tells no limit: a float has hardly more.
MAX_DECIMALS = 15
# Of a rate that decides nothing.
USUAL_DECIMALS = 6


class Sum(NamedTuple):
    """Amounts that Exact converts one by one and adds up.

    :param list amounts: Decimal, in the currency of the entry.
    :param Decimal wanted: what the ledger has, in the company's currency; its last
        digit tells how Exact rounds.
    :param bool is_vat: it is VAT, else amounts without VAT.
    """

    amounts: list[Decimal]
    wanted: Decimal
    is_vat: bool = False

    @property
    def cent(self) -> Decimal:
        return Decimal(1).scaleb(self.wanted.as_tuple().exponent)

    def convert(self, rate: Decimal) -> Decimal | int:
        """Return what Exact makes of it."""
        return sum(
            ((amount * rate).quantize(self.cent, ROUND_HALF_UP))
            for amount in self.amounts
        )


class Fit(NamedTuple):
    """A rate, and what Exact makes with it that the ledger has not.

    :param Decimal rate:
    :param Decimal difference: the largest that any amount has: one of the sums, all VAT
        together or the total. Zero if Exact gets the cents of the ledger.
    """

    rate: Decimal
    difference: Decimal


def fit_rate(
    rate: Decimal, sums: list[Sum], decimals: int = MAX_DECIMALS
) -> Decimal | None:
    """Find the rate under which all sums come out as in the ledger.

    :param Decimal rate: of Odoo, company currency for one unit.
    :param list sums: of Sum.
    :param int decimals: the most that the rate may have.
    :return: the one with the fewest decimals, nearest to `rate`; None if no rate does.
    """
    found = nearest_rate(rate, sums, decimals)
    return None if found.difference else found.rate


def nearest_rate(rate: Decimal, sums: list[Sum], decimals: int = MAX_DECIMALS) -> Fit:
    """Find the rate under which the sums come out nearest to the ledger.

    :param rate, sums, decimals: see `fit_rate`.
    """
    best, best_key = None, None
    for low, high, missing in _ranges(rate, sums):
        difference = _largest(missing, sums)
        if best and difference > best.difference:
            continue
        near = _shortest(rate, low, high, decimals)
        if near is None:
            continue
        key = (difference, _decimals_of(near), abs(near - rate))
        if best is None or key < best_key:
            best, best_key = Fit(near, difference), key
    return best or _rounded(rate, sums, decimals)


def _rounded(rate: Decimal, sums: list[Sum], decimals: int) -> Fit:
    """Return the rate with its decimals cut, where no other is better."""
    unit = Decimal(1).scaleb(-min(decimals, USUAL_DECIMALS))
    short = max(rate.quantize(unit, ROUND_HALF_EVEN), unit)
    missing = [one.wanted - one.convert(short) for one in sums]
    return Fit(short.normalize(), _largest(missing, sums))


def _largest(missing: list[Decimal], sums: list[Sum]) -> Decimal:
    """Return the largest difference of a sum, of all VAT, and of the total."""
    vat = sum(
        (amount for amount, one in zip(missing, sums, strict=True) if one.is_vat),
        Decimal(),
    )
    return max(map(abs, (*missing, vat, sum(missing, Decimal()))))


def _ranges(
    rate: Decimal, sums: list[Sum]
) -> Iterator[tuple[Decimal, Decimal, list[Decimal]]]:
    """Yield the lowest and the highest rate of each range with the same cents.

    From one range to the next, one amount is rounded to the next cent. With them comes
    what is then missing of each sum; the list is that of the next range afterwards.
    """
    total = sum(abs(amount) for one in sums for amount in one.amounts)
    if not total:
        return
    span = _SPAN * sums[0].cent / total
    low, highest = max(rate - span, Decimal(0)), rate + span
    missing = [one.wanted - one.convert(low) for one in sums]
    for flip, index, cent in sorted(_flips(sums, low, highest)):
        if low < flip:
            yield low, flip, missing
        missing[index] -= cent
        low = flip
    if low < highest:
        yield low, highest, missing


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


def _shortest(
    rate: Decimal, low: Decimal, high: Decimal, decimals: int
) -> Decimal | None:
    """Return the rate between two that has the fewest decimals, or None.

    Of several the one that is nearest to `rate`.
    """
    margin = (high - low) * _MARGIN
    low, high = low + margin, high - margin
    near = min(max(rate, low), high)
    for count in range(decimals + 1):
        unit = Decimal(1).scaleb(-count)
        first, last = (
            low.quantize(unit, ROUND_CEILING),
            high.quantize(unit, ROUND_FLOOR),
        )
        first = max(first, unit)
        if first <= last:
            return min(max(near.quantize(unit, ROUND_HALF_EVEN), first), last)
    return None


def _decimals_of(rate: Decimal) -> int:
    return max(0, -rate.normalize().as_tuple().exponent)
