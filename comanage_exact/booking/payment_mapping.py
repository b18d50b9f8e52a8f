"""Which payment condition of Exact means the same as a payment term of Odoo.

The due date goes with each entry, so that a condition decides less than a VAT code:
what early payment gives, and whether the customer pays or the amount is collected.
Certain is the only one that means the same in all of that; all else is left to a
person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .names import resemble
from .payment_terms import METHOD_CREDIT, PaymentTerms
from .vat_mapping import CERTAIN, DOUBTFUL, NONE

# Why a term means nothing that a condition can mean.
PARTS = "parts"
MONTH_END = "month_end"


@dataclass(frozen=True)
class TermFacts:
    """A payment term of Odoo.

    :param meaning: None if it has no like in Exact.
    :param obstacle: then why: PARTS or MONTH_END.
    """

    name: str
    meaning: PaymentTerms | None
    obstacle: str = ""


@dataclass(frozen=True)
class ConditionFacts:
    """A payment condition of Exact. `key` is the caller's.

    :param meaning: of one that is due in one part, however it is paid; else None.
    """

    key: Any
    code: str
    name: str
    meaning: PaymentTerms | None
    method: str = METHOD_CREDIT


@dataclass(frozen=True)
class PaymentProposal:
    """The answer for one term.

    :param key: of the condition, None if a person has to choose.
    :param reason: key of `payment_messages.REASONS`.
    :param codes: that come into question.
    """

    confidence: str
    reason: str
    key: Any = None
    codes: tuple[str, ...] = ()


def propose(term: TermFacts, conditions: Iterable[ConditionFacts]) -> PaymentProposal:
    """Return the condition for a term, with how sure it is and why."""
    if term.meaning is None:
        return PaymentProposal(NONE, term.obstacle)
    alike = [one for one in conditions if one.meaning]
    same = [one for one in alike if term.meaning.is_same(one.meaning)]
    paid = [one for one in same if one.method == METHOD_CREDIT]
    if len(paid) == 1:
        return PaymentProposal(CERTAIN, "same", paid[0].key, (paid[0].code,))
    for found, reason in (
        (paid, "several"),
        (same, "method"),
        (_find_due_alike(term.meaning, alike), "discount"),
    ):
        if found:
            best = _find_named_alike(term.name, found)
            codes = tuple(one.code for one in found)
            return PaymentProposal(DOUBTFUL, reason, best.key, codes)
    return PaymentProposal(NONE, "nothing")


def _find_due_alike(
    meaning: PaymentTerms, conditions: Sequence[ConditionFacts]
) -> list[ConditionFacts]:
    """Return those that are due at the same time, if another discount is given."""
    due = (meaning.days, meaning.month_ends)
    return [
        one
        for one in conditions
        if one.method == METHOD_CREDIT
        and one.meaning
        and (one.meaning.days, one.meaning.month_ends) == due
    ]


def _find_named_alike(
    name: str, conditions: Sequence[ConditionFacts]
) -> ConditionFacts:
    """Return the one with such a name, else the first by its code."""
    ordered = sorted(conditions, key=lambda one: one.code)
    return next((one for one in ordered if resemble(name, one.name)), ordered[0])
