"""Which cost centre or cost unit of Exact is an analytic account of Odoo.

Codes alone are no proof: an account 100 may be another one than cost centre 100. An
account of Odoo often has no code at all, so that its name has to be the code or the
description there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .vat_words import plain

CERTAIN, DOUBTFUL, NONE = "certain", "doubtful", "none"


@dataclass(frozen=True)
class CostFacts:
    """A cost centre or unit of Exact, or an analytic account; `key` is ours."""

    key: Any
    code: str
    name: str


@dataclass(frozen=True)
class CostProposal:
    """The answer for one analytic account.

    :param reason: both, name, other_name (the codes agree), other_code (the names
        agree), several or no_match.
    """

    confidence: str
    reason: str
    key: Any = None


def propose(account: CostFacts, costs: Iterable[CostFacts]) -> CostProposal:
    """Propose the cost centre or unit that an analytic account stands for.

    :return: certain only if one agrees in code and name, as far as both have them.
    """
    found: dict[str, list[CostFacts]] = {}
    for cost in costs:
        if reason := _reason(account, cost):
            found.setdefault(reason, []).append(cost)
    for reason in ("both", "name", "other_name", "other_code"):
        if len(same := found.get(reason, [])) == 1:
            confidence = CERTAIN if reason in ("both", "name") else DOUBTFUL
            return CostProposal(confidence, reason, same[0].key)
        if same:
            return CostProposal(NONE, "several")
    return CostProposal(NONE, "no_match")


def _reason(account: CostFacts, cost: CostFacts) -> str:
    """Return what an account and a cost centre have in common, '' if nothing."""
    code, name = plain(account.code), plain(account.name)
    cost_code, cost_name = plain(cost.code), plain(cost.name)
    # Where Exact has no description, there is only the code.
    is_named = name and name in (cost_name, cost_code)
    if code and code == cost_code:
        return "both" if is_named or not cost_name else "other_name"
    if not is_named:
        return ""
    return "other_code" if code else "name"
