"""Why a booking cannot leave yet, as data; `sync/messages.py` has the sentences."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# Of the financial period: a later one may be chosen.
PERIOD_PROBLEMS = (
    "no_period",
    "no_period_last",
    "period_closed",
    "period_closed_last",
)
# Cents that Exact makes and the ledger has not; a user may accept them.
ROUNDING_PROBLEMS = ("cents", "rate_decimals")


@dataclass(frozen=True)
class Amount:
    """An amount that a sentence names.

    :param currency: ISO 4217 code.
    """

    value: Decimal
    currency: str


@dataclass(frozen=True)
class Problem:
    """One thing that someone has to fix first.

    :param kind: key of `messages.PROBLEMS`.
    :param values: what its sentence names.
    :param record: model and id of what has to be changed, where the sentence names
        one; no part of what the problem is.
    """

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    record: tuple[str, int] | None = field(default=None, compare=False)
