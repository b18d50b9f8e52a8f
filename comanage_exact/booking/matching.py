"""Which account of Exact a customer may be: keys to compare, and contradictions."""

import unicodedata
from dataclasses import dataclass

# The letters before a VAT number where they are not those of the country.
VAT_PREFIXES = {"GR": "EL"}
EU_VAT_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI "
    "SK".split()
)
# Company forms, which one writes and the other leaves out.
_FORMS = frozenset(
    "bv bvba nv sa srl sprl sas sarl vof cv cvba scrl asbl vzw gmbh ag ltd plc inc "
    "llc".split()
)


@dataclass(frozen=True)
class Party:
    """What tells one customer from another; all keys are normalised, '' is unknown."""

    name: str = ""
    vat: str = ""
    registry: str = ""
    email: str = ""
    country: str = ""
    postcode: str = ""


def party(
    *,
    name: str | None,
    vat: str | None,
    registry: str | None,
    email: str | None,
    country: str | None,
    postcode: str | None,
) -> Party:
    """Return a party from texts as people wrote them; None is unknown."""
    country = (country or "").upper()
    return Party(
        name=name_key(name),
        vat=vat_key(vat, country),
        registry=registry_key(registry, country),
        email=(email or "").lower(),
        country=country,
        postcode=bare(postcode),
    )


def vat_key(number: str | None, country: str) -> str:
    """Return a VAT number with its letters and without blanks or dots.

    :param str country: ISO 3166 alpha-2, for numbers written without their letters.
    """
    key = bare(number)
    if len(key) < 4:
        # Odoo's word for a customer without one is '/'.
        return ""
    if not key[:2].isalpha():
        key = country + key
    prefix = VAT_PREFIXES.get(key[:2], key[:2])
    # The old Belgian numbers have nine digits.
    return prefix + (key[2:].zfill(10) if prefix == "BE" else key[2:])


def registry_key(number: str | None, country: str) -> str:
    """Return a number of the chamber of commerce without the name of the register.

    Elsewhere than here the letters are a part of it, as in HRB of Germany.
    """
    key = bare(number)
    digits = "".join(filter(str.isdigit, key))
    if country == "BE":
        return digits and digits.zfill(10)
    return digits if country == "NL" else key


def bare(value: str | None) -> str:
    """Return letters and digits alone, in capitals."""
    return "".join(filter(str.isalnum, value or "")).upper()


def name_key(name: str | None) -> str:
    """Return a name without accents, marks, capitals and the form of the company."""
    plain = unicodedata.normalize("NFKD", name or "").casefold()
    letters = "".join(
        " " if char in "-/&+,;:" else char
        for char in plain
        if char.isalnum() or char.isspace() or char in "-/&+,;:"
    )
    words = letters.split()
    return " ".join(word for word in words if word not in _FORMS) or " ".join(words)


def contradicts(one: Party, other: Party, *, is_person: bool) -> bool:
    """Tell whether two parties with the same name or e-mail are surely not the same.

    :param bool is_person: companies have several addresses for mail, people one.
    """
    if differ(one, other, "vat", "registry", "country"):
        return True
    if one.email and one.email == other.email:
        return False
    # Two people may have one name, and so may two shops in two towns.
    has_other_mail = is_person and differ(one, other, "email")
    return has_other_mail or differ(one, other, "postcode")


def resembles(one: Party, other: Party) -> bool:
    """Tell whether one name has all the words of the other.

    Many a mailbox serves several companies, so an e-mail alone says nothing.
    """
    mine, others = set(one.name.split()), set(other.name.split())
    return bool(mine and others) and (mine <= others or others <= mine)


def may_be_same(one: Party, other: Party, *, is_person: bool) -> bool:
    """Tell whether two parties are one customer, for sure or possibly."""
    if one.vat and one.vat == other.vat:
        return True
    if differ(one, other, "vat", "registry"):
        return False
    if one.registry and one.registry == other.registry:
        return True
    has_same_name = bool(one.name) and one.name == other.name
    has_same_mail = bool(one.email) and one.email == other.email
    if has_same_name and has_same_mail:
        return True
    if not (has_same_name or has_same_mail and resembles(one, other)):
        return False
    return not contradicts(one, other, is_person=is_person)


def differ(one: Party, other: Party, *keys: str) -> bool:
    """Tell whether two parties have a key both, and not the same."""
    pairs = ((getattr(one, key), getattr(other, key)) for key in keys)
    return any(left and right and left != right for left, right in pairs)
