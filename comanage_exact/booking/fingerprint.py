"""What was last sent of a customer, without keeping the customer's data twice."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any


def make(body: dict[str, Any]) -> str:
    """Return the fingerprint of a request: each property with a digest of its value.

    :param dict body: of POST crm/Accounts, as `bodies.account` made it.
    """
    return " ".join(f"{name}={_digest(body[name])}" for name in sorted(body))


def changes(body: dict[str, Any], fingerprint: str) -> dict[str, Any]:
    """Return what of a request differs from what was sent before.

    :return: dict for a PUT: changed properties, and None for those that were emptied.
    """
    before = _read(fingerprint)
    found = {
        name: value
        for name, value in body.items()
        if before.get(name) != _digest(value)
    }
    return {**found, **{name: None for name in before if name not in body}}


def without(fingerprint: str, *names: str) -> str:
    """Return a fingerprint that takes properties for unsent, so that they are sent."""
    kept = [part for part in _read(fingerprint).items() if part[0] not in names]
    return " ".join(map("=".join, kept))


def merged(before: str, body: dict[str, Any], sent: Iterable[str]) -> str:
    """Return the fingerprint after some of the properties of a body were sent.

    :param str before: the fingerprint until now.
    :param dict body: all that Exact is to get; what is missing here was emptied.
    """
    names = set(sent)
    known = {name: value for name, value in _read(before).items() if name not in names}
    known.update(_read(make({name: body[name] for name in body if name in names})))
    return " ".join(map("=".join, sorted(known.items())))


def has(fingerprint: str, name: str) -> bool:
    """Tell whether a property was sent."""
    return name in _read(fingerprint)


def note_refused(body: dict[str, Any], names: Iterable[str]) -> str:
    """Return a note of what Exact refused, good until anything of the body changes.

    :param dict body: all that Exact was to get.
    """
    return " ".join((_digest(make(body)), *sorted(names)))


def read_refused(body: dict[str, Any], note: str) -> frozenset[str]:
    """Return what a note says of a body; nothing if the body has changed since."""
    digest, *names = note.split() or [""]
    return frozenset(names if digest == _digest(make(body)) else ())


def _read(fingerprint: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in fingerprint.split())


def _digest(value: Any) -> str:
    return blake2b(str(value).encode(), digest_size=6).hexdigest()
