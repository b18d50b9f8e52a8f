"""What was last sent of a customer, without keeping the customer's data twice."""

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
    before = dict(part.split("=", 1) for part in fingerprint.split())
    found = {
        name: value
        for name, value in body.items()
        if before.get(name) != _digest(value)
    }
    return {**found, **{name: None for name in before if name not in body}}


def without(fingerprint: str, name: str) -> str:
    """Return a fingerprint that takes a property for unsent, so that it is sent."""
    parts = fingerprint.split()
    return " ".join(part for part in parts if not part.startswith(f"{name}="))


def _digest(value: Any) -> str:
    return blake2b(str(value).encode(), digest_size=6).hexdigest()
