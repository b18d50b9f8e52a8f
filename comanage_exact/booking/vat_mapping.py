"""Which VAT code of Exact means the same as a tax of Odoo.

No list of the codes that Exact delivers is public and companies change theirs, so no
code is known by its number: both sides are read for what they mean. Each source of the
tax allows some kinds; what all of them allow is the meaning. What contradicts, or is
said by a name only, is left to a person.
"""

from collections.abc import Iterable

from ..exact_api.const import (
    VAT_LISTING_NONE,
    VAT_TRANSACTION_PURCHASE,
    VAT_TYPE_BASE_ONLY,
    VAT_TYPE_EXCLUSIVE,
    VAT_TYPE_INCLUSIVE,
    VAT_TYPE_NONE,
)
from . import vat_words
from .vat_facts import CodeFacts, CodeMeaning, Proposal, TaxFacts, TaxMeaning
from .vat_words import (
    DISTANCE,
    DOMESTIC,
    EU_GOODS,
    EU_KINDS,
    EU_SERVICES,
    EXEMPT,
    EXPORT,
    MARGIN,
    OSS,
    OUT_OF_SCOPE,
    REVERSE_CHARGE,
    TRIANGULAR,
    Words,
)

CERTAIN, DOUBTFUL, NONE = "certain", "doubtful", "none"
# A reason of `Proposal`: the tax is no VAT.
LEVY = "levy"

# UNCL 5305. Services within the EU are invoiced as reverse charge too.
_CATEGORIES = {
    "S": {DOMESTIC, OSS},
    "Z": {DOMESTIC},
    "E": {EXEMPT},
    "AE": {REVERSE_CHARGE, EU_SERVICES},
    "K": EU_KINDS,
    "G": {EXPORT},
    "O": {OUT_OF_SCOPE},
}
# Travel agents, second-hand goods, works of art, collectors' items.
_VATEX_MARGIN = ("VATEX-EU-D", "VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J")

# Boxes of the return by country. Belgium: "special regime" is 0% or exempt, 47 also
# holds other exempt sales. The Netherlands: 1e is 0%, or not charged by the seller.
_GRIDS = {
    "BE": {
        "00": {DOMESTIC, MARGIN},
        "01": {DOMESTIC},
        "02": {DOMESTIC},
        "03": {DOMESTIC},
        "44": {EU_SERVICES},
        "45": {REVERSE_CHARGE},
        "46": {EU_GOODS, TRIANGULAR},
        "46L": {EU_GOODS},
        "46T": {TRIANGULAR},
        "47": {EXPORT, EXEMPT},
    },
    "NL": {
        "1a": {DOMESTIC},
        "1b": {DOMESTIC},
        "1c": {DOMESTIC},
        "1e": {DOMESTIC, REVERSE_CHARGE, EXEMPT},
        "3a": {EXPORT},
        "3b": EU_KINDS,
        "3bg": {EU_GOODS},
        "3bs": {EU_SERVICES},
        "3bt": {TRIANGULAR},
        "3c": {DISTANCE},
    },
}
OSS_GRID = "OSS"
_LISTINGS = {"L": EU_GOODS, "S": EU_SERVICES, "T": TRIANGULAR}


# === WHAT A TAX MEANS === #


def is_levy(facts: TaxFacts) -> bool:
    """Tell whether a tax is no VAT: it is in no box, and its name says what it is."""
    is_vat = facts.grids or facts.vatex or facts.category not in (None, "O")
    return not is_vat and facts.rate != 0 and vat_words.is_levy(*facts.texts)


def read_tax(facts: TaxFacts) -> TaxMeaning:
    """Return the TaxMeaning of TaxFacts."""
    said = vat_words.read(*facts.texts)
    sources = _tax_sources(facts)
    allowed = frozenset.intersection(*sources) if sources else None
    if not sources:
        kinds, is_sure = _kinds_by_words(facts, said)
    elif not allowed:
        # The sources contradict: all that any of them allows comes into question.
        kinds, is_sure = frozenset.union(*sources), False
    else:
        kinds, is_sure = _narrow(facts, allowed, said)
    is_sure = is_sure and len(kinds) == 1 and not said.is_special
    if OSS in kinds and not facts.oss_country:
        is_sure = False
    return TaxMeaning(round(facts.rate, 3), kinds, is_sure, facts.oss_country, said)


def _tax_sources(facts: TaxFacts) -> list[frozenset[str]]:
    """Return a set of kinds for each source that says something."""
    sources = []
    if facts.vatex in _VATEX_MARGIN:
        sources.append(frozenset({MARGIN}))
    elif facts.category in _CATEGORIES:
        sources.append(frozenset(_CATEGORIES[facts.category]))
    boxes = _boxes(facts.grids)
    if OSS_GRID in boxes:
        return [*sources, frozenset({OSS})]
    known = _GRIDS.get(facts.country, {})
    meant = [frozenset(known[box]) for box in boxes if box in known]
    if meant:
        sources.append(frozenset.union(*meant))
    if sources and facts.scope:
        other = {EU_SERVICES} if facts.scope == "goods" else {EU_GOODS, TRIANGULAR}
        sources.append(frozenset().union(*sources) - other)
    return [source for source in sources if source]


def _boxes(grids: Iterable[str]) -> list[str]:
    """Return the boxes that tags name; the text behind may be translated."""
    return [grid.lstrip("+-").split()[0] for grid in grids if grid.strip("+- ")]


def _narrow(
    facts: TaxFacts, allowed: frozenset[str], said: Words
) -> tuple[frozenset[str], bool]:
    """Choose among the kinds that grids and categories allow, by the words."""
    if said.kinds and not said.kinds & allowed:
        # An intra-community sale is a reverse charge in the words of some.
        return allowed | said.kinds, False
    if said.kinds:
        return allowed & said.kinds, True
    if len(allowed) == 1:
        return allowed, True
    if DOMESTIC in allowed and (facts.rate or said.is_zero):
        # Every tax of 0% has that in its name, exempt or not.
        is_sure = bool(facts.rate) or (said.is_zero_rate and not facts.is_replacement)
        return frozenset({DOMESTIC}), is_sure
    return allowed, False


def _kinds_by_words(facts: TaxFacts, said: Words) -> tuple[frozenset[str], bool]:
    """Read a tax without grid and category; only a plain domestic rate is sure."""
    if said.kinds:
        return said.kinds, False
    if facts.rate:
        return frozenset({DOMESTIC}), not facts.is_replacement
    if facts.is_for_eu_companies:
        kinds = {"goods": {EU_GOODS}, "services": {EU_SERVICES}}
        return frozenset(kinds.get(facts.scope, {EU_GOODS, EU_SERVICES})), False
    return frozenset({DOMESTIC, EXEMPT, OUT_OF_SCOPE}), False


# === WHAT A CODE OF EXACT MEANS === #


def refusal(code: CodeFacts, rate: float | None = None) -> str | None:
    """Return why entries with a sales tax cannot have this code, or None.

    :param rate: of the tax as a percentage, None where it has none.
    :return: 'inclusive', 'blocked', 'purchase' or 'rate'
    """
    if code.vat_type == VAT_TYPE_INCLUSIVE:
        return "inclusive"
    if code.is_blocked:
        return "blocked"
    if code.transaction_type == VAT_TRANSACTION_PURCHASE:
        return "purchase"
    # VAT on the margin is on no invoice; the code has the rate that Exact needs for it.
    is_margin = bool(code.margin and not rate)
    if rate is not None and code.rate != round(rate, 3) and not is_margin:
        return "rate"
    return None


def read_code(facts: CodeFacts) -> CodeMeaning:
    """Return the CodeMeaning of CodeFacts: properties first, then the description."""
    said = vat_words.read(facts.description)
    kinds, source = _code_kinds(facts, said)
    is_sure = len(kinds) == 1 and _agrees(kinds, said.kinds)
    if facts.vat_type == VAT_TYPE_BASE_ONLY and facts.fraction:
        is_sure = False
    if facts.is_intrastat and not kinds <= {EU_GOODS, TRIANGULAR}:
        is_sure = False
    is_sure = is_sure and not said.is_special
    return CodeMeaning(facts, kinds, is_sure, source, said)


def _agrees(kinds: frozenset[str], said: frozenset[str]) -> bool:
    """Tell whether a description does not contradict the properties.

    A sale within the EU is also called exempt or reverse charge, and a triangular
    one a delivery of goods.
    """
    if kinds <= EU_KINDS:
        said = said - {EXEMPT, REVERSE_CHARGE}
        if TRIANGULAR in kinds:
            said = said - {EU_GOODS}
    return not said or bool(said & kinds)


def _code_kinds(facts: CodeFacts, said: Words) -> tuple[frozenset[str], str]:
    """Return the kinds a code can have, and the property that says so."""
    listing = facts.listing or VAT_LISTING_NONE
    if facts.oss_country:
        return frozenset({OSS}), "oss"
    if facts.margin:
        return frozenset({MARGIN}), "margin"
    # France has no EU sales list in Exact, and says it by the Intrastat type.
    listed = _LISTINGS.get(listing) or _LISTINGS.get(facts.intrastat_type)
    if listed:
        return frozenset({listed}), "listing"
    if facts.is_charged:
        return frozenset({REVERSE_CHARGE}), "charged"
    if said.kinds:
        return said.kinds, "description"
    if facts.vat_type == VAT_TYPE_EXCLUSIVE and facts.rate:
        return frozenset({DOMESTIC}), "rate"
    if facts.vat_type == VAT_TYPE_NONE:
        return frozenset({OUT_OF_SCOPE}), "type"
    if said.is_zero:
        return frozenset({DOMESTIC}), "description"
    return frozenset(), "description"


# === THE PROPOSAL === #


def propose(tax: TaxFacts, codes: list[CodeMeaning]) -> Proposal:
    """Propose a code for a tax.

    :param TaxFacts tax: of a sales tax that is a percentage.
    :param codes: list of CodeMeaning, of one division.
    :return: Proposal; certain only if one code fits beyond doubt. Without a code, and
        certain, for what is no VAT.
    """
    if is_levy(tax):
        return Proposal(CERTAIN, LEVY)
    if tax.is_foreign and OSS_GRID not in _boxes(tax.grids):
        return Proposal(NONE, "foreign")
    meaning = read_tax(tax)
    kinds = tuple(sorted(meaning.kinds))
    fitting = [code for code in codes if _fits(meaning, code)]
    sure = [code for code in fitting if code.is_sure]
    candidates = sure or fitting
    if not candidates:
        return Proposal(NONE, "no_code", kinds=kinds)
    numbers = tuple(code.facts.code for code in candidates)
    if len(candidates) > 1:
        best = _by_goods_or_services(tax, meaning, candidates)
        key = best.facts.key if best else None
        return Proposal(DOUBTFUL, "several", key, kinds, numbers)
    [only] = candidates
    if not meaning.is_sure:
        return Proposal(DOUBTFUL, "unclear_tax", only.facts.key, kinds, numbers)
    if not only.is_sure:
        return Proposal(DOUBTFUL, "unclear_code", only.facts.key, kinds, numbers)
    return Proposal(CERTAIN, only.source, only.facts.key, kinds, numbers)


def _fits(meaning: TaxMeaning, code: CodeMeaning) -> bool:
    if refusal(code.facts, meaning.rate) or code.words.is_purchase:
        return False
    if not code.kinds & meaning.kinds:
        return False
    # The rate of a margin code is no proof, so that the meaning has to be.
    if code.facts.rate != meaning.rate and meaning.kinds != {MARGIN}:
        return False
    if OSS in code.kinds:
        return bool(meaning.country) and code.facts.oss_country == meaning.country
    return True


def _by_goods_or_services(
    tax: TaxFacts, meaning: TaxMeaning, candidates: list[CodeMeaning]
) -> CodeMeaning | None:
    """Return the one of several codes that is named for what the tax is for."""
    if not meaning.is_sure:
        return None
    goods = tax.scope == "goods" or (not tax.scope and meaning.words.has_goods)
    services = tax.scope == "services" or (not tax.scope and meaning.words.has_services)
    if goods == services:
        return None
    named = [
        code
        for code in candidates
        if code.words.has_goods is goods and code.words.has_services is services
    ]
    return named[0] if len(named) == 1 else None
