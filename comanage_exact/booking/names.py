"""Names of customers as people write them: in full, and whether they resemble."""

import re
import unicodedata

# Legal forms that two languages or two times call differently stand on one line.
_FORM_GROUPS = (
    "nv sa ag plc se spa oyj asa",
    "bv bvba ebvba srl sprl sarl sagl gmbh ug ltd limited eurl lda sl mbh",
    "sas sasu",
    "vof snc ohg og",
    "cv cvba sc scrl scs eg",
    "kg commv comm gcv",
    "vzw asbl ivzw aisbl ev",
    "stichting stiftung fondation",
    "llp lp",
    "inc llc corp",
    "sci",
    "eenmanszaak eg ei",
)
_FORMS = {
    form: number
    for number, group in reversed([*enumerate(_FORM_GROUPS)])
    for form in group.split()
}
# In front of a name they are a part of it: AG Insurance.
_ONLY_LAST = frozenset("ag se ltd limited plc inc llc corp lp sl ev ei".split())
_CONNECTORS = frozenset("en et und and".split())
_ARTICLES = frozenset(
    "de het t the le la les l der die das den dem van von of du des d ter ten te "
    "aan am an im in op sur sous zu zur voor pour fur for a".split()
)
# Alone they tell no company from another.
_GENERIC = frozenset(
    "groep group groupe gruppe holding belgium belgie belgique nederland netherlands "
    "holland france deutschland germany schweiz suisse svizzera switzerland uk europe "
    "international services service diensten transport transports logistics bouw "
    "bouwwerken construction constructions bakkerij boulangerie backerei garage "
    "restaurant cafe hotel apotheek pharmacie handel trading solutions consulting "
    "management invest immo design studio bureau kantoor etablissements ets firma "
    "maison societe maatschappij company compagnie co cie gebroeders freres gebruder "
    "brothers zonen fils sohne sons".split()
)
# One legal person has many of them: each may be a customer of its own.
_PARTS = frozenset(
    "stad ville stadt city gemeente commune gemeinde council provincie province county "
    "ocmw cpas universiteit universite university universitat hogeschool dienst "
    "afdeling departement department service abteilung division direction campus "
    "filiaal vestiging agence succursale niederlassung branch faculteit faculte "
    "ministerie ministere kanton canton borough nhs".split()
)
_SPECIAL = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ø": "oe",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "å": "aa",
        "ĳ": "ij",
        "ı": "i",
    }
)
# Forms in full, as registers print them; after accents are gone.
_SPELLED_FORMS = {
    "aktiengesellschaft": "ag",
    "gesellschaft mit beschraenkter haftung": "gmbh",
    "kommanditgesellschaft": "kg",
    "eingetragener verein": "ev",
    "besloten vennootschap met beperkte aansprakelijkheid": "bvba",
    "besloten vennootschap": "bv",
    "naamloze vennootschap": "nv",
    "vennootschap onder firma": "vof",
    "commanditaire vennootschap": "commv",
    "cooperatieve vennootschap": "cv",
    "vereniging zonder winstoogmerk": "vzw",
    "association sans but lucratif": "asbl",
    "societe anonyme": "sa",
    "societe a responsabilite limitee": "sarl",
    "societe par actions simplifiee": "sas",
    "public limited company": "plc",
    "comm.v": "commv",
    "comm. v": "commv",
}
_APOSTROPHES = re.compile(r"['`´’‘]")
_SEPARATORS = re.compile(r"\s[-–—/:|]\s|[(:|]|,\s")
_SAINT = re.compile(r"^(sint|saint|sainte|sankt|ste|san|santa)$")


def tokens(name: str | None) -> list[str]:
    """Return the words of a name: no capitals, accents, marks or dots."""
    text = unicodedata.normalize("NFC", name or "").casefold().translate(_SPECIAL)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    for phrase, form in _SPELLED_FORMS.items():
        text = text.replace(phrase, form)
    found: list[str] = []
    for word in _APOSTROPHES.sub(" ", text).split():
        for part in re.split(r"[^\w.]+|_+", word):
            found += _undot(part)
    return _join_letters(found)


def _undot(word: str) -> list[str]:
    """Take the dots out of a word: B.V. is one, St.Niklaas are two."""
    parts = [part for part in word.split(".") if part]
    if len(parts) > 1 and all(len(part) <= 2 for part in parts):
        return ["".join(parts)]
    return parts


def _join_letters(words: list[str]) -> list[str]:
    """Join letters that stand alone, as in B V."""
    joined: list[str] = []
    is_open = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and is_open:
            joined[-1] += word
        else:
            joined.append(word)
        is_open = is_letter
    return joined


def bare_words(name: str | None) -> list[str]:
    """Return the words of a name without the form of the company and without 'and'."""
    words = [word for word in tokens(name) if word not in _CONNECTORS]
    kept = list(words)
    while len(kept) > 1 and _is_form(kept[-1], kept):
        kept.pop()
    while len(kept) > 1 and kept[0] in _FORMS and kept[0] not in _ONLY_LAST:
        kept.pop(0)
    return kept


def _is_form(word: str, words: list[str]) -> bool:
    # GmbH & Co. KG.
    return word in _FORMS or (word == "co" and words[-2:-1] == ["gmbh"])


def forms(name: str | None) -> frozenset[int]:
    """Return the legal forms that a name states; equal numbers mean one form."""
    words = [word for word in tokens(name) if word not in _CONNECTORS]
    rest = len(bare_words(name))
    if rest == len(words):
        return frozenset()
    found = {word for word in (*words[:1], *words[1:][rest - 1 :]) if word in _FORMS}
    # The limited partnership, not the company that manages it.
    found = {"kg"} if "kg" in found else found
    return frozenset(_FORMS[word] for word in found)


def full_key(name: str | None) -> str:
    """Return a name to compare in full."""
    return " ".join(bare_words(name))


def loose(word: str) -> str:
    """Return a word in which ü, ue and u are one, and all saints St."""
    if _SAINT.match(word):
        return "st"
    return re.sub(r"([aou])e", r"\1", word)


def loose_key(name: str | None) -> str:
    """Return a name to search by: all that may be written alike have one."""
    return " ".join(map(loose, bare_words(name)))


def resemble(one: str | None, other: str | None) -> bool:
    """Tell whether two names may well be those of one company.

    Abbreviated, with or without accents, initials, an addition, or a slip of the pen.
    """
    mine, others = _core(one), _core(other)
    if not mine or not others:
        return False
    if "".join(mine) == "".join(others):
        return True
    if _is_acronym(one, other) or _is_acronym(other, one):
        return True
    mine, others = _significant(mine, others)
    few, many = sorted((mine, others), key=len)
    matched = [word for word in few if any(_same_word(word, one) for one in many)]
    if len(matched) == len(few):
        return any(len(word) > 1 for word in matched)
    letters = sum(map(len, few))
    known = [word for word in matched if len(word) >= 4]
    return bool(known) and sum(map(len, matched)) >= 0.6 * letters


def _core(name: str | None) -> list[str]:
    words = [loose(word) for word in bare_words(name)]
    return [word for word in words if word not in _ARTICLES] or words


def _significant(mine: list[str], others: list[str]) -> tuple[list[str], list[str]]:
    """Leave out what many companies are called, if both have more than that."""
    generic = {loose(word) for word in _GENERIC}
    kept = [[word for word in words if word not in generic] for words in (mine, others)]
    return (kept[0], kept[1]) if all(kept) else (mine, others)


def _is_acronym(short: str | None, long: str | None) -> bool:
    words = bare_words(short)
    names = (bare_words(long), _core(long))
    if len(words) != 1 or not 2 <= len(words[0]) <= 7:
        return False
    initials = {"".join(word[0] for word in name) for name in names if len(name) > 1}
    return words[0] in initials


def _same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if short.isdigit() or long.isdigit():
        return False
    if long.startswith(short):
        # An initial, or an abbreviation.
        return len(short) == 1 or len(short) >= 3
    if len(short) >= 3 and short[0] == long[0] and len(long) - len(short) >= 3:
        letters = iter(long)
        return all(letter in letters for letter in short)
    return len(short) >= 5 and _distance(short, long) <= (2 if len(short) >= 9 else 1)


def _distance(one: str, other: str) -> int:
    """Return how many letters two words differ in, exchanged neighbours as one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for y, mine in enumerate(one, start=1):
        older, before, row = before, row, [y]
        for x, theirs in enumerate(other, start=1):
            cost = min(before[x] + 1, row[-1] + 1, before[x - 1] + (mine != theirs))
            is_swap = y > 1 and x > 1 and (one[y - 2], mine) == (theirs, other[x - 2])
            row.append(min(cost, older[x - 2] + 1) if is_swap else cost)
    return row[-1]


def are_parts(one: str | None, other: str | None) -> bool:
    """Tell whether two names are two parts of one body: Sport and Culture of a town."""
    mine, others = _core(one), _core(other)
    shared = 0
    for left, right in zip(mine, others, strict=False):
        if not _same_word(left, right):
            break
        shared += 1
    rests = mine[shared:], others[shared:]
    if not shared or not all(rests):
        return False
    if any(_same_word(left, right) for left in rests[0] for right in rests[1]):
        digits = [{word for word in rest if word.isdigit()} for rest in rests]
        return all(digits) and not (digits[0] & digits[1])
    if any(word.isdigit() for rest in rests for word in rest):
        return True
    has_part = {loose(word) for word in _PARTS} & {*mine, *others}
    return bool(has_part) or all(
        _SEPARATORS.search(name or "") for name in (one, other)
    )
