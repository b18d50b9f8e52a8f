"""Parts of an amount that add up to it, to the cent."""

from collections.abc import Sequence
from decimal import Decimal


def fit(total: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Return the parts with the cents that are left over on the largest one.

    Not in proportion to their sum, which is zero where a line is taken back.

    :param parts: rounded, at least one.
    """
    fitted = list(parts)
    largest = max(range(len(fitted)), key=lambda index: abs(fitted[index]))
    fitted[largest] += total - sum(fitted, Decimal())
    return fitted
