"""Which sales journal of Exact is meant, where a division has several."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple


class JournalFacts(NamedTuple):
    """A sales journal of Exact; `currency` is empty where it has none of its own."""

    key: Any
    name: str
    currency: str
    is_any_currency: bool


# What bookkeepers call the one journal of their ordinary invoices.
_PLAIN = re.compile(
    r"(journal (des |de )?|dagboek )?"
    r"(verkoop|verkopen|sales|ventes?|verkauf|verkäufe|ventas)"
    r"(s?boek|s?dagboek|s?facturen|s?journal| journal| invoices| ledger|sbuch"
    r"|srechnungen)?"
)
# A journal of something else: credit notes, cash registers, other markets.
_SPECIAL = re.compile(
    r"credit|cr[eé]dit|avoir|gutschrift|abono|kassa|kasse|caisse|cash|\bpos\b|webshop"
    r"|web shop|export|intra|\beu\b|\bold\b|\boud\b|ancien|\balt\b|\btest",
)


def find_plain(journals: Iterable[JournalFacts], currency: str) -> Any:
    """Return the key of the journal of ordinary invoices; None where one must ask.

    :param currency: of the company, in which the journal must take invoices.
    """
    usable = [
        journal
        for journal in journals
        if not journal.currency
        or journal.currency == currency
        or journal.is_any_currency
    ]
    likely = [one for one in usable if not _SPECIAL.search(one.name.lower())]
    if len(likely) > 1:
        likely = [one for one in likely if _PLAIN.fullmatch(one.name.lower().strip())]
    return likely[0].key if len(likely) == 1 else None
