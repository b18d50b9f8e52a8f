"""Parts of an amount whose cents add up to it, and what the parts are for.

An analytic distribution gives percentages to accounts of one plan or of several, in one
key or in keys of their own. Exact has two dimensions on a line, cost centre and cost
unit, so that a line becomes one line for each pair of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal

WHOLE = Decimal(100)
# Odoo keeps percentages with two digits: what is missing below that is no rest.
_NOTHING = Decimal("0.005")

# Code of the cost centre and of the cost unit, '' for none.
Pair = tuple[str, str]


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount by weights, to the last digit that it has.

    The digits left over go to the parts that lost most by rounding down. A credit note
    is split as its invoice.

    :param weights: with a sum that is not zero; one below zero gives to the others.
    """
    total = sum(weights, Decimal())
    digit = Decimal(1).scaleb(amount.as_tuple().exponent)
    exact = [abs(amount) * weight / total for weight in weights]
    parts = [part.quantize(digit, ROUND_FLOOR) for part in exact]
    left = int((abs(amount) - sum(parts, Decimal())) / digit)
    by_loss = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_loss[:left]:
        parts[index] += digit
    # Adding zero turns a minus zero into zero.
    return [part.copy_sign(amount * part) + 0 for part in parts]


def pairs(parts: Iterable[tuple[str, str, Decimal]]) -> dict[Pair, Decimal]:
    """Return the percentage of each pair of cost centre and unit; they add up to 100.

    Centres and units that are distributed apart from each other are taken to be
    independent. What either leaves of the whole has none.

    :param parts: (centre, unit, percentage) of each key of a distribution.
    """
    found: dict[Pair, Decimal] = defaultdict(Decimal)
    centers: dict[str, Decimal] = defaultdict(Decimal)
    units: dict[str, Decimal] = defaultdict(Decimal)
    for center, unit, percentage in parts:
        if center and unit:
            found[center, unit] += percentage
        elif center:
            centers[center] += percentage
        elif unit:
            units[unit] += percentage
    rest = _rest(WHOLE, found)
    centers[""], units[""] = _rest(rest, centers), _rest(rest, units)
    if rest:
        for center, left in centers.items():
            for unit, right in units.items():
                found[center, unit] += left * right / rest
    else:
        # More than the whole is distributed: what is too much is taken off again.
        for center, left in centers.items():
            found[center, ""] += left
        for unit, right in units.items():
            found["", unit] += right
    return {pair: share for pair, share in found.items() if share}


def _rest(whole: Decimal, shares: dict) -> Decimal:
    """Return what shares leave of a whole; nothing where percentages were rounded."""
    rest = whole - sum(shares.values(), Decimal())
    if abs(rest) >= _NOTHING or not shares:
        return rest
    largest = max(shares, key=shares.__getitem__)
    shares[largest] += rest
    return Decimal()
