"""A thing that is relied on at Exact Online, and what a division does about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .division_evidence import Judge

OK, INFO, PROBLEM, UNKNOWN = "ok", "info", "problem", "unknown"


def _lt(text: str) -> str:
    """Mark a sentence for translation, which only those who show it can do."""
    return text


@dataclass(frozen=True)
class Fact:
    """One thing that is relied on.

    :param str weight: what it is where a division does otherwise, INFO or PROBLEM.
    :param str expected, otherwise: sentences, the second with what that means.
    :param dict values: for both sentences, beside those of the judge.
    """

    name: str
    section: str
    weight: str
    judge: Judge
    expected: str
    otherwise: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a division does about a fact: OK, INFO, PROBLEM, or UNKNOWN."""

    fact: Fact
    result: str
    values: dict[str, Any]

    @property
    def sentence(self) -> str:
        """The sentence to show, to be translated and then filled with `values`."""
        return self.fact.otherwise if self.is_deviation else self.fact.expected

    @property
    def is_deviation(self) -> bool:
        return self.result in (INFO, PROBLEM)
