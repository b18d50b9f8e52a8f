"""Which account of Exact a customer may be: a key finds it, the facts decide."""

from dataclasses import dataclass, field

from . import names, places, registries
from .registries import (
    EU_VAT_PREFIXES,
    VAT_PREFIXES,
    bare,
    company_in_vat,
    registry_key,
    swiss_number,
    vat_key,
)

__all__ = (
    "EU_VAT_PREFIXES",
    "VAT_PREFIXES",
    "Party",
    "Verdict",
    "bare",
    "judge",
    "may_be_same",
    "party",
    "registry_key",
    "swiss_number",
    "vat_key",
)

SAME = "same"
ASK = "ask"
DIFFERENT = "different"

# What two parties have in common, the strongest first, with its weight.
FOR = {
    "establishment": 64,
    "vat": 48,
    "registry": 32,
    "code": 24,
    "email": 16,
    "name": 12,
    "similar_name": 6,
    "street": 8,
    "postcode": 4,
    "city": 2,
}
# What speaks against it.
AGAINST = {
    "taken": 20,
    "vat": 24,
    "registry": 24,
    "establishment": 24,
    "part": 16,
    "country": 10,
    "name": 10,
    "form": 6,
    "place": 6,
    "email": 2,
}
_STRONG = ("establishment", "vat", "registry", "code")
# The finest first.
_PLACE = ("street", "postcode", "city")
_RESEMBLING = frozenset({"name", "similar_name", "street", "postcode", "city"})


@dataclass(frozen=True)
class Party:
    """What tells one customer from another; keys are normalised, '' is unknown.

    :param str name: as it is written, for what depends on its words.
    :param str full_name: to compare in full; `name_key` to search by.
    :param bool is_cut: Exact may have cut the name: equal letters prove nothing then.
    :param str company: number of the legal person, from its register or VAT number.
    """

    name: str = ""
    full_name: str = ""
    name_key: str = ""
    is_cut: bool = False
    vat: str = ""
    registry: str = ""
    establishment: str = ""
    company: str = ""
    email: str = ""
    country: str = ""
    postcode: str = ""
    city: str = ""
    street: str = ""
    code: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether two parties are one customer, and why.

    :param str answer: SAME, ASK or DIFFERENT.
    :param tuple reasons: keys of FOR that hold, the strongest first.
    :param tuple doubts: keys of AGAINST that hold.
    """

    answer: str
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    strength: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """The key that found it: the strongest number, '' without one."""
        return next((key for key in _STRONG if key in self.reasons), "")


def party(
    *,
    name: str | None,
    vat: str | None,
    registry: str | None,
    email: str | None,
    country: str | None,
    postcode: str | None,
    city: str | None = None,
    street: str | None = None,
    code: str | None = None,
    is_cut: bool = False,
) -> Party:
    """Return a party from texts as people wrote them; None is unknown."""
    country = (country or "").upper()
    number = vat_key(vat, country)
    own = registries.registry(registry, country)
    return Party(
        name=name or "",
        full_name=names.full_key(name),
        name_key=names.loose_key(name),
        is_cut=is_cut,
        vat=number,
        registry=own.company,
        establishment=own.establishment,
        company=own.company or company_in_vat(number),
        email=(email or "").strip().lower(),
        country={"UK": "GB", "XI": "GB", "EL": "GR"}.get(country, country),
        postcode=places.postcode_key(postcode),
        city=places.city_key(city),
        street=places.street_key(street),
        code=(code or "").strip().lstrip("0"),
    )


def judge(
    one: Party, other: Party, *, is_person: bool, is_taken: bool = False
) -> Verdict:
    """Decide whether two parties are one customer.

    :param bool is_person: companies have several addresses for mail, people one.
    :param bool is_taken: the account belongs to another contact already.
    """
    reasons, doubts = _reasons(one, other), _doubts(one, other, is_person=is_person)
    if "name" in doubts and {"name", "similar_name"} & reasons:
        doubts.discard("name")
    if reasons & {*_STRONG}:
        answer = _judge_by_number(one, other, reasons, doubts)
    else:
        answer = _judge_by_name(one, other, reasons, doubts)
    if is_taken and answer != DIFFERENT:
        answer = ASK
        doubts.add("taken")
    return Verdict(
        answer,
        tuple(key for key in FOR if key in reasons),
        tuple(key for key in AGAINST if key in doubts),
        sum(FOR[key] for key in reasons) - sum(AGAINST[key] for key in doubts),
    )


def may_be_same(one: Party, other: Party, *, is_person: bool) -> bool:
    """Tell whether two parties are one customer, for sure or possibly."""
    return judge(one, other, is_person=is_person).answer != DIFFERENT


def _reasons(one: Party, other: Party) -> set[str]:
    """Return what two parties have in common."""
    keys = ("establishment", "vat", "code", "email", "street", "postcode", "city")
    found = {key for key in keys if _is_equal(one, other, key)}
    is_abroad = _differ(one, other, "country")
    if _is_equal(one, other, "company") and (one.registry or other.registry):
        # The same digits in two countries mean nothing.
        found |= set() if is_abroad else {"registry"}
    if is_abroad:
        found -= {"street", "postcode", "city", "establishment"}
    if "street" in found and not found & {"postcode", "city"}:
        # Every town has a station road.
        found.discard("street")
    if _is_equal(one, other, "full_name") and not (one.is_cut or other.is_cut):
        found.add("name")
    elif _is_cut_of(one, other) or names.resemble(one.name, other.name):
        found.add("similar_name")
    return found


def _doubts(one: Party, other: Party, *, is_person: bool) -> set[str]:
    """Return what speaks against two parties being one."""
    keys = ("vat", "registry", "establishment", "country")
    found = {key for key in keys if _differ(one, other, key)}
    if is_person and _differ(one, other, "email"):
        found.add("email")
    if _differ(one, other, "postcode") and not _is_equal(one, other, "city"):
        found.add("place")
    elif not (one.postcode and other.postcode) and _differ(one, other, "city"):
        found.add("place")
    mine, others = names.forms(one.name), names.forms(other.name)
    if mine and others and not mine & others:
        found.add("form")
    if names.are_parts(one.name, other.name):
        found.add("part")
    if one.name and other.name and not names.resemble(one.name, other.name):
        found.add("name")
    return found


def _judge_by_number(
    one: Party, other: Party, reasons: set[str], doubts: set[str]
) -> str:
    """Decide where a number of an authority or of Exact is the same."""
    if not reasons & {"establishment", "vat", "registry"}:
        # The number in Exact alone: anybody may have chosen it.
        if doubts & {"vat", "registry"}:
            return DIFFERENT
        # Two of one family name in one town are no rarity.
        is_like = "similar_name" in reasons and reasons & {"street", "email"}
        names_agree = "name" in reasons or is_like
        has_doubt = doubts & {"country", "place", "part", "establishment"}
        return SAME if names_agree and not has_doubt else ASK
    if doubts & {"vat", "registry", "establishment"}:
        return ASK
    if "part" in doubts and "establishment" not in reasons:
        return ASK
    if one.country == "DE" and "vat" not in reasons and "place" in doubts:
        # Each court has its own number one.
        return ASK
    if "name" in doubts and "establishment" not in reasons:
        # Else it is a trade name, where the place says so.
        if _is_elsewhere(one, other) or any(map(_has_unit_number, (one, other))):
            return ASK
    return SAME if reasons & _RESEMBLING else ASK


def _is_elsewhere(one: Party, other: Party) -> bool:
    """Tell whether two places differ in the finest that is known of both."""
    pairs = ((getattr(one, key), getattr(other, key)) for key in _PLACE)
    left, right = next((pair for pair in pairs if all(pair)), ("", ""))
    return left != right


def _has_unit_number(one: Party) -> bool:
    """Tell whether the VAT number is not the company's own, but that of its unit."""
    return bool(one.registry) and company_in_vat(one.vat) not in ("", one.registry)


def _judge_by_name(
    one: Party, other: Party, reasons: set[str], doubts: set[str]
) -> str:
    """Decide where no number is the same: by mailbox, name and place."""
    has_name, has_mail = "name" in reasons, "email" in reasons
    if "registry" in doubts:
        return DIFFERENT
    if "vat" in doubts:
        # One company may have VAT numbers of several countries.
        is_abroad = one.vat[:2] != other.vat[:2]
        return ASK if is_abroad and has_name and _has_second(reasons) else DIFFERENT
    if has_name and has_mail:
        return ASK if doubts & {"form", "place", "country", "part"} else SAME
    if "country" in doubts:
        return DIFFERENT
    if has_mail:
        return ASK if "similar_name" in reasons else DIFFERENT
    is_like = has_name or _is_cut_of(one, other)
    is_like = is_like or _is_equal(one, other, "name_key")
    return ASK if is_like and not doubts & {"email", "place", "part"} else DIFFERENT


def _has_second(reasons: set[str]) -> bool:
    return bool(reasons & {"email", "postcode", "street"})


def _is_cut_of(one: Party, other: Party) -> bool:
    """Tell whether one name is the beginning of the other, as far as Exact keeps it."""
    pairs = ((one, other), (other, one))
    return any(
        short.is_cut
        and bool(short.name)
        and _plain(long.name).startswith(_plain(short.name))
        for short, long in pairs
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_equal(one: Party, other: Party, key: str) -> bool:
    value = getattr(one, key)
    return bool(value) and value == getattr(other, key)


def _differ(one: Party, other: Party, key: str) -> bool:
    """Tell whether two parties have a key both, and not the same."""
    left, right = getattr(one, key), getattr(other, key)
    return bool(left and right) and left != right
