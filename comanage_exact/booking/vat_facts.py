"""What is known of a tax of Odoo and of a VAT code of Exact, and what it means."""

from dataclasses import dataclass
from typing import Any

from ..exact_api.const import VAT_TYPE_BASE_ONLY, VAT_TYPE_NONE
from .vat_words import Words


@dataclass(frozen=True)
class TaxFacts:
    """What a tax of Odoo carries. `rate` is a percentage: 21.0; None if it has none.

    `grids` are the names of its tags, `country` that of the tax, `oss_country` that of
    its fiscal positions where they agree on one; `scope` is goods, services or None.
    `is_replacement`: fiscal positions put it in the place of another tax.
    """

    rate: float
    country: str = ""
    scope: str | None = None
    category: str | None = None
    vatex: str | None = None
    grids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    oss_country: str | None = None
    is_foreign: bool = False
    is_replacement: bool = False
    is_for_eu_companies: bool = False


@dataclass(frozen=True)
class TaxMeaning:
    """`kinds` has one element when the tax is clear; `is_sure` if no doubt is left."""

    rate: float
    kinds: frozenset[str]
    is_sure: bool
    country: str | None = None
    words: Words = Words()


@dataclass(frozen=True)
class CodeFacts:
    """A VAT code as Exact gives it; `fraction` 0.21 is 21%. `key` is the caller's."""

    key: Any
    code: str
    description: str = ""
    fraction: float = 0.0
    vat_type: str = ""
    transaction_type: str = ""
    is_charged: bool = False
    listing: str = ""
    is_intrastat: bool = False
    intrastat_type: str = ""
    oss_country: str = ""
    margin: int = 0
    is_blocked: bool = False

    @property
    def rate(self) -> float:
        """The percentage that an entry line gets; B and N never add VAT."""
        if self.vat_type in (VAT_TYPE_BASE_ONLY, VAT_TYPE_NONE):
            return 0.0
        return round(self.fraction * 100, 3)


@dataclass(frozen=True)
class CodeMeaning:
    """`source` is the property that said it: see `Proposal.reason`."""

    facts: CodeFacts
    kinds: frozenset[str]
    is_sure: bool
    source: str
    words: Words


@dataclass(frozen=True)
class Proposal:
    """The answer for one tax.

    :param key: of the code, None if a person has to choose.
    :param reason: what the code was known by (rate, listing, charged, oss, margin,
        type, description), or why it is not certain (unclear_tax, unclear_code,
        several), or why there is none (levy, foreign, no_code).
    :param codes: that come into question, by their number in Exact.
    """

    confidence: str
    reason: str
    key: Any = None
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
