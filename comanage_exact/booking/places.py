"""Places of customers: one town has names in two languages, and postcodes prefixes."""

import re

from .names import loose, tokens

# Towns with a name in another language; the first one is only ours.
_NAMES = (
    "gent gand ghent",
    "brussel bruxelles brussels brussel-stad bruxelles-ville bruessel",
    "antwerpen anvers antwerp",
    "brugge bruges",
    "leuven louvain loewen",
    "mechelen malines",
    "kortrijk courtrai",
    "luik liege luettich",
    "bergen mons",
    "namen namur",
    "doornik tournai",
    "aalst alost",
    "dendermonde termonde",
    "oostende ostende ostend",
    "ieper ypres",
    "tongeren tongres",
    "vilvoorde vilvorde",
    "halle hal",
    "aarlen arlon",
    "moeskroen mouscron",
    "komen comines komen-waasten comines-warneton",
    "elsene ixelles",
    "ukkel uccle",
    "schaarbeek schaerbeek",
    "vorst forest",
    "oudergem auderghem",
    "sint-gillis saint-gilles",
    "sint-jans-molenbeek molenbeek-saint-jean molenbeek",
    "sint-lambrechts-woluwe woluwe-saint-lambert",
    "sint-pieters-woluwe woluwe-saint-pierre",
    "watermaal-bosvoorde watermael-boitsfort",
    "sint-agatha-berchem berchem-sainte-agathe",
    "sint-joost-ten-node saint-josse-ten-noode",
    "sint-niklaas saint-nicolas",
    "sint-truiden saint-trond",
    "waver wavre",
    "nijvel nivelles",
    "tienen tirlemont",
    "lier lierre",
    "roeselare roulers",
    "veurne furnes",
    "diksmuide dixmude",
    "oudenaarde audenarde",
    "geraardsbergen grammont",
    "ronse renaix",
    "zinnik soignies",
    "edingen enghien",
    "lessen lessines",
    "geldenaken jodoigne",
    "eigenbrakel braine-l'alleud",
    "hoei huy",
    "borgworm waremme",
    "den-haag s-gravenhage the-hague la-haye haag",
    "den-bosch s-hertogenbosch bois-le-duc",
    "rijsel lille",
    "duinkerke dunkerque dunkirk",
    "parijs paris",
    "keulen koeln cologne",
    "aken aachen aix-la-chapelle",
    "muenchen munich",
    "nuernberg nuremberg",
    "hannover hanover",
    "frankfurt frankfurt-am-main frankfurt-m frankfurt-main frankfurt-am "
    "frankfurt-a-main",
    "geneve genf geneva ginevra",
    "zuerich zurich",
    "basel bale basle",
    "bern berne berna",
    "luzern lucerne",
    "neuchatel neuenburg",
    "fribourg freiburg",
    "biel bienne biel-bienne",
    "sion sitten",
    "straatsburg strasbourg strassburg",
    "londen london londres",
    "luxemburg luxembourg letzebuerg",
    "wenen wien vienna",
    "kopenhagen koebenhavn copenhagen",
    "rome roma",
    "milaan milano milan",
    "lissabon lisboa lisbon",
    "warschau warszawa warsaw",
    "praag praha prague",
)
# What follows the name of a town without being one.
_ADDITIONS = re.compile(
    r"^(cedex|arr|arrondissement|\d+(e|er|eme|de|ste)?|stad|ville)$"
)


def _town(city: str | None) -> str:
    words = [loose(word) for word in tokens(city)]
    kept = words[:1] + [word for word in words[1:] if not _ADDITIONS.match(word)]
    return " ".join(kept)


_TOWNS = {
    _town(name.replace("-", " ")): group.split()[0]
    for group in _NAMES
    for name in group.split()
}


def city_key(city: str | None) -> str:
    """Return a town, whatever language names it; '' if it is unknown."""
    town = _town(city)
    return _TOWNS.get(town, town)


def postcode_key(postcode: str | None) -> str:
    """Return a postcode without blanks and without its country in front."""
    text = "".join(filter(str.isalnum, postcode or "")).upper()
    # B-1000; not M1 1AE, EC1A 1BB of the United Kingdom.
    return re.sub(r"^[A-Z]{1,3}(?=\d{4,5}([A-Z]{2})?$)", "", text)


def street_key(street: str | None) -> str:
    """Return a street and its number, with the words that are always abbreviated."""
    text = " ".join(map(loose, tokens(street)))
    text = re.sub(r"(stras?se|strass|straat|str)\b", "str", text)
    text = re.sub(r"\b(avenue|av|ave)\b", "av", text)
    text = re.sub(r"\b(boulevard|bd|bld|blvd|boul)\b", "bd", text)
    text = re.sub(r"(laan|ln)\b", "ln", text)
    text = re.sub(r"(steenweg|stwg)\b", "stwg", text)
    text = re.sub(r"\b(road|rd)\b", "rd", text)
    return re.sub(r"\b(street|st)$", "str", text).replace(" ", "")
