"""A customer in Odoo beside the same customer in Exact."""

from collections.abc import Callable, Mapping

from . import names, places, registries

ADDRESS = ("AddressLine1", "AddressLine2", "Postcode", "City", "Country")


def _phone(value: str) -> str:
    # +32 2 123 45 67 and 02 123 45 67 are one.
    return "".join(filter(str.isdigit, value))[-8:]


def _lower(value: str) -> str:
    return " ".join(value.split()).casefold()


def _country(value: str) -> str:
    return value.strip().upper()


# How a property of crm/Accounts is compared; what is missing here is not.
_KEYS: dict[str, Callable[[str], str]] = {
    "Name": names.full_key,
    "VATNumber": registries.bare,
    "ChamberOfCommerce": registries.bare,
    "AddressLine1": places.street_key,
    "AddressLine2": registries.bare,
    "Postcode": places.postcode_key,
    "City": places.city_key,
    "Country": _country,
    "Phone": _phone,
    "Email": _lower,
    "Language": lambda value: value.strip().upper()[:2],
}
COMPARED = tuple(_KEYS)


def compare(
    ours: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Return what Exact lacks of a customer, and what it has otherwise.

    An address is one thing: where a part of it differs, none is filled in.

    :param Mapping ours: body of POST crm/Accounts.
    :param Mapping theirs: the same properties as Exact has them; may be empty.
    """
    lacking, differing = [], []
    for name in COMPARED:
        if not ours.get(name):
            continue
        if not theirs.get(name):
            lacking.append(name)
        elif _key(name, ours) != _key(name, theirs):
            differing.append(name)
    if set(differing) & set(ADDRESS):
        differing += [name for name in lacking if name in ADDRESS]
        lacking = [name for name in lacking if name not in ADDRESS]
    return lacking, [name for name in COMPARED if name in differing]


def _key(name: str, values: Mapping[str, str]) -> str:
    value, country = values[name], values.get("Country", "").strip()
    if name == "VATNumber":
        return registries.vat_key(value, country)
    if name == "ChamberOfCommerce":
        found = registries.registry(value, country)
        return f"{found.company} {found.establishment}"
    return _KEYS[name](value)
