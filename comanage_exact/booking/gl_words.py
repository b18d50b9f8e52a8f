"""What the name of a ledger account says, in Dutch, French, English and German.

Charts of Odoo and of Exact seldom share a wording, so names are compared by the
concepts in them. What makes two accounts different must be a concept of its own;
what every chart adds as it likes (the country, "on orders") must be none.
"""

import re
from collections.abc import Iterable

from .vat_words import plain

SALES = "sales"
INCOME = "income"
ADVANCE = "advance"
DISCOUNT = "discount"
DELIVERY = "delivery"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE)


_CONCEPTS = {
    SALES: _words(
        r"""verko(op|pen) | omzet | \bsales?\b | turnover | revenue | \bventes?\b
        | chiffre\sd'affaires | verkauf | umsatz | \berlose"""
    ),
    INCOME: _words(r"opbrengst | \bbaten | \bincome | \bproduits\b | ertrag"),
    DELIVERY: _words(r"\blevering | deliver | livraison | lieferung"),
    "goods": _words(
        r"goederen | \bgoods | merchandise | marchandise | \bwaren | handelswar"
    ),
    "services": _words(r"dienst | \bservice | prestation | (?<!waren)leistung"),
    "eu": _words(
        r"""\bintra(?!stat|gro) | innergemeinsch | \bic[dl]?\b | \bim\seu
        | (binnen|within|inside|innerhalb)\s(de\s|the\s|der\s)?(eu\b|europ)
        | (?<!non-)(?<!non\s)(?<!hors\s)(?<!buiten\sde\s)(?<!buiten\s)
        (?<!outside\s)(?<!outside\sthe\s)(?<!ausserhalb\sder\s)(?<!niet-)(?<!extra-)\b(eu|ue)\b"""
    ),
    "outside": _words(
        r"""\bbuiten\b | \boutside | \bhors\b | ausserhalb | \bnon[\s-](eu|ue)\b
        | \bniet[\s-]eu\b | uitvoer | export | ausfuhr | pays\stiers | drittl
        | third\scountr | extra.?comm"""
    ),
    "co_contractor": _words(
        r"mede-?contract | co-?contract | verlegd | vertragspartner | autoliq | reverse"
    ),
    "distance": _words(r"afstand | \bremote | distan | fernverk | fernabs | installat"),
    "intercompany": _words(
        r"intercompany | intragro | konzernint | verbonden | affili"
    ),
    "third_party": _words(
        r"derden | third[\s-]part | \btiers\b(?<!pays\stiers) | dritte"
    ),
    ADVANCE: _words(
        r"""vooruit | voorschot | advance | prepa(y|id) | down\s?payment | acompte
        | \bavances?\b | anzahlung | im\svoraus | vorauszahl"""
    ),
    "deferred": _words(
        r"over\ste\sdragen | deferred | a\sreporter | vorzutragen | transitor"
    ),
    DISCOUNT: _words(
        r"""korting | discount | remise | ristourne | rabais | rabatt | nachlass
        | escompte | skont | rebate | disconto | allowance | bonus"""
    ),
    "cash": _words(
        r"""financi | finanz | contant | betalingskort | payment\sdisc | cash\sdisc
        | escompte | skont"""
    ),
    "rounding": _words(r"afrond | \bround | arrondi | rundung"),
    "payment_difference": _words(
        r"""(betalings|kas)\s?versch | (payment|cash)\sdiff | zahlungsdiff
        | (differences?|ecarts?)\sde\s(paiement|reglement|caisse)
        | unterschiede\sbei\sden\szahl"""
    ),
    "exchange": _words(
        r"koers | wissel | exchange | \bde\schange | wechselk | devise | valuta"
    ),
    "recharged": _words(r"doorge | doorber | recharg | refactur | weiterb | rebill"),
    "rent": _words(r"\bver?huur | \brent(al)?\b | \bloyers?\b | \blocations? | miet"),
    "commission": _words(r"commiss | provis"),
    "subscription": _words(r"abonnement | subscription"),
    "licence": _words(r"licen[cs]"),
    "transport": _words(r"vervoer | transport | vracht | freight | fracht | \bport\b"),
    "recycling": _words(
        r"""recupel | bebat | auvibel | valorfrit | recyc | verwijderingsbijdr | milieu
        | ecotax | eco-tax | environment | umwelt"""
    ),
    "empties": _words(
        r"leeggoed | statiegeld | emballage | consign | pfand | empties | leergut"
    ),
    "guarantee": _words(r"waarborg | guarantee | caution\b | kaution"),
    "tax": _words(r"\bbtw\b | \bvat\b | \btva\b | mwst | belasting | \btax | steuer"),
    "cost": _words(r"\w*kost(en)?\b | \bcosts? | \bcharges?\b | \bfrais\b | aufwand"),
    "purchase": _words(r"aanko | inko(op|pen) | purchas | \bachats? | einkauf"),
    "stock": _words(r"voorra | \bstock | inventor | vorrat"),
    "loss": _words(r"verlies | \bloss | \bpertes? | verlust | minderwaard"),
    "gain": _words(r"\bwinst | \bgain | profit | gewinn | meerwaard | plus-value"),
    "past": _words(r"voorga | \bprior | previous | anterieur | vorjahr | \boude?\b"),
    "other": _words(
        r"divers | overig | \bother | misc | sundry | \bautres? | sonstig | ubrig"
    ),
}
# Compared only where both names say one of them.
_OPPOSITES = (
    (
        _words(
            r"toegekend | verleend | allowed | granted | accorde | gewahr | debit"
            r" | debt | kunden | klant | client | customer"
        ),
        _words(r"verkregen | obtain | obtenu | erlangt | credit | leverancier | suppl"),
    ),
    (_words(r"negati"), _words(r"positi")),
    (
        _words(r"\bhoog | \bhigh | normaal"),
        _words(r"\blaag | \blow | reduced | reduit"),
    ),
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?![\w.,])")


def agree(names: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether names of two accounts mean the same; False if it is not said.

    :param names, others: of one account each, in one or more languages.
    """
    theirs = [plain(name) for name in others if name]
    return any(
        one == other or _mean_the_same(one, other)
        for one in map(plain, filter(None, names))
        for other in theirs
    )


def _mean_the_same(one: str, other: str) -> bool:
    concepts = read(one)
    return (
        bool(concepts)
        and concepts == read(other)
        and sorted(_NUMBER.findall(one)) == sorted(_NUMBER.findall(other))
        and not any(
            (first.search(one) and second.search(other) and not first.search(other))
            or (first.search(other) and second.search(one) and not first.search(one))
            for first, second in _OPPOSITES
        )
    )


def read(text: str) -> frozenset[str]:
    """Return the concepts of a name as `plain` writes it."""
    found = {name for name, pattern in _CONCEPTS.items() if pattern.search(text)}
    if ADVANCE in found:
        # Invoiced in advance is no sale yet, whatever it will be.
        found -= {SALES, INCOME, "past"}
    if DELIVERY in found:
        found = found - {DELIVERY} | {SALES, "goods"}
    if SALES in found:
        found.discard(INCOME)
    if found & {"goods", "services"}:
        # Services in Belgium: in a chart of income they are sold.
        found.discard(SALES)
    return frozenset(found)
