"""What texts say about a VAT rate, in Dutch, French, English and German.

Texts are the last resort: the properties of Exact and the grids of Odoo go first. The
rules go from the special to the general, since "steuerfreie innergemeinschaftliche
Lieferung" is a delivery within the EU before it is exempt.
"""

import re
import unicodedata
from dataclasses import dataclass

DOMESTIC = "domestic"
REVERSE_CHARGE = "reverse_charge"
EU_GOODS = "eu_goods"
EU_SERVICES = "eu_services"
TRIANGULAR = "triangular"
EXPORT = "export"
DISTANCE = "distance"
EXEMPT = "exempt"
OUT_OF_SCOPE = "out_of_scope"
MARGIN = "margin"
OSS = "oss"

EU_KINDS = frozenset((EU_GOODS, EU_SERVICES, TRIANGULAR))


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE)


_MARGIN = _words(r"\b(winst)?marge | \bmargin | \bdifferenz")
_OSS = _words(
    r"""\bm?oss\b | one.?stop | \b(een|unie)?loket | guichet.unique | anlaufstelle
    | \bunieregeling"""
)
_TRIANGULAR = _words(r"\ba-?b-?c\b | driehoek | triang | dreieck")
_DISTANCE = _words(
    r"""\binst\w*\W+(\w+\W+)?(rem|afstand|distan|fern|montage)
    | \binstallati(e|on)s?\b | afstandsverko | op\safstand | \b(distance|remote)\ss
    | ventes?\sa\sdistance | fernverk | versandhandel | \bmontage"""
)
_OUT_OF_SCOPE = _words(
    r"""\b(geen|zonder|no|without|sans|ohne|keine?|pas\sde|buiten)
    \s(btw|b\.t\.w\.|vat|tva|mwst|ust|umsatzsteuer|steuer)\b
    | \b(buiten|outside|hors|ausserhalb)\s(\w+\s)?(\w*sfeer|scope|champ)
    | nicht\ssteuerbar | niet[\s-]onderworpen | non\s(soumis|assujetti)
    | non.?taxable"""
)
_OUTSIDE = _words(
    r"""\bbuiten\b(?!\sbtw) | \boutside\b | \bhors\b(?!\s(tva|taxe)) | ausserhalb
    | drittl | \bderde\sland
    | \bpays\stiers | \b(niet|non|nicht).?(eu|ue)\b | \bextra.?comm | third\scountr"""
)
_EXPORT = _words(r"\buitvoer | \bexport | ausfuhr | \bex\b")
_INTRA = _words(
    r"""\bintra(?!stat) | innergemeinsch | \big\b | \bi\.\s?g\. | \bic[dlpt]?\b | \beu\b
    | \bue\b | europese\sunie | european\sunion | union\seurop | eu-(ausland|lieferung)
    | gemeenschap | communaut"""
)
_GOODS = _words(
    r"\bgoederen | \bgoods | \bproduct | \bbiens | marchand | \bwaren | lieferung"
    r" | \blevering | livraison | \bsuppl(y|ies)\b(?!\sof\sservice) | \bicl\b"
)
_SERVICES = _words(r"\bdienst | \bservice | prestation | (?<!waren)leistung | \bicd\b")
_REVERSE = _words(
    r"""verleg[gd] | mede-?contract | co-?cont | \breverse | autoliq | steuerschuld
    | \b13b\b | onderaann | sous-?trait | subcontract | report\sde\sperception"""
)
_EXEMPT = _words(
    r"vrij(ge|st) | \bexempt | exoner | befreit | steuerfrei | \bfranchise"
)
_ZERO_RATE = _words(r"\bnul | \bzero")
_ZERO = _words(r"(?<![\d.,])0(?:[.,]0+)?\s?(%|procent|percent|pct|prozent)")
_PURCHASE = _words(
    r"""aankoop | aankopen | \binko(op|pen) | purchas | \bachat | einkauf | vorsteuer
    | verwerving | acquisition | \berwerb | \binvoer | \bimport | \beinfuhr
    | \binvest | aftrekba | deducti | dedouan"""
)
_SALE = _words(r"\bverko(op|pen) | omzet | \bsale | turnover | \bvente | verkauf")
# The code exists for a purpose of its own; a plain one next to it is the right one.
_SPECIAL = _words(
    r"""\bprive | \bprivate | eigenverbr | privatentnahme | usage\sprive
    | \boude?\b | \bold\b | \bancien | \balte?r?\b | vervallen | obsolet | perime
    | credit | gutschrift | avoir\b
    | \boverig | \bother\b | \bautres?\b | sonstig(?!\w*\sleistung) | varia | divers
    | voorschot | acompte | anzahlung | prepay | herziening | correcti | regularis
    | abzieh | forfait | landbouw | pauschal | autofactur"""
)
# No VAT, though it is a percentage: levies of towns, fees, recycling, withholdings.
_LEVY = _words(
    r"""toerist | \btourist | verblijfs(belasting|taks) | logies | taxe\sde\ssejour
    | \b(city|bed|lodging|occupancy|municipal)\s?tax | stadsbelasting | kurtaxe
    | gemeente(belasting|taks)
    | bettensteuer | beherbergung | ubernachtung | accommodation | \bfees?\b
    | \blevy\b | \blevies\b | \bheffing(en)?\b(?!\sverlegd) | \bbijdrage | \bredevance
    | eco-?(tax|taks|part|contrib|bijdrage) | \beco\b | environment | milieu | umwelt
    | environnement | recupel | bebat | auvibel | reprobel | valorlub | recytyre
    | verwijderingsb | thuiskopie | statiegeld | leeggoed | consigne | \bpfand
    | \bempt(y|ies|ying)\b | \bdeposit | withh(old|eld) | retenci | retenue
    | ritenuta | \birpf\b | inhouding | voorheffing | service\scharge"""
)
_VAT = _words(
    r"""\b(btw|b\.t\.w|vat|tva|t\.v\.a|mwst|m\.w\.st|u\.?st|iva|omzetbelasting)\b
    | umsatzsteuer | mehrwertsteuer"""
)


@dataclass(frozen=True)
class Words:
    """What a text says.

    `kinds` is empty if it says nothing about the meaning. `is_zero_rate` is said in
    words, as a rate of its own; `is_zero` also by "0%". `has_goods` and
    `has_services` are said in so many words.
    """

    kinds: frozenset[str] = frozenset()
    is_zero: bool = False
    is_zero_rate: bool = False
    is_special: bool = False
    is_purchase: bool = False
    has_goods: bool = False
    has_services: bool = False


def plain(text: str | None) -> str:
    """Return the text in lower case, without accents and with single spaces."""
    decomposed = unicodedata.normalize("NFKD", (text or "").replace("ß", "ss"))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(letters.lower().replace("’", "'").split())


def is_levy(*texts: str | None) -> bool:
    """Tell whether texts name an amount that is no VAT, though it is a percentage."""
    text = " . ".join(plain(part) for part in texts if part)
    return bool(_LEVY.search(text)) and not _VAT.search(text)


def read(*texts: str | None) -> Words:
    """Read what texts say together.

    :param texts: names and descriptions; empty ones are skipped.
    :return: Words
    """
    text = " . ".join(plain(part) for part in texts if part)
    goods, services = bool(_GOODS.search(text)), bool(_SERVICES.search(text))
    return Words(
        kinds=frozenset(_kinds(text, goods, services)),
        is_zero=bool(_ZERO.search(text) or _ZERO_RATE.search(text)),
        is_zero_rate=bool(_ZERO_RATE.search(text)),
        is_special=bool(_SPECIAL.search(text)),
        is_purchase=bool(_PURCHASE.search(text) and not _SALE.search(text)),
        has_goods=goods,
        has_services=services,
    )


def _kinds(text: str, goods: bool, services: bool) -> set[str]:
    for pattern, kind in (
        (_MARGIN, MARGIN),
        (_OSS, OSS),
        (_TRIANGULAR, TRIANGULAR),
        (_DISTANCE, DISTANCE),
        (_OUT_OF_SCOPE, OUT_OF_SCOPE),
    ):
        if pattern.search(text):
            return {kind}
    if _OUTSIDE.search(text):
        return {EXPORT}
    if _INTRA.search(text):
        if goods != services:
            return {EU_GOODS if goods else EU_SERVICES}
        return {EU_GOODS, EU_SERVICES}
    found = set()
    if _EXPORT.search(text):
        found.add(EXPORT)
    if _REVERSE.search(text):
        found.add(REVERSE_CHARGE)
    if not found and _EXEMPT.search(text):
        found.add(EXEMPT)
    return found
