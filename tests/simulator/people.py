"""Who may do what: apps that are registered and users who give consent."""

import uuid
from dataclasses import dataclass

_NAMESPACE = uuid.UUID("5f2b7f4e-2f0a-4a52-9f2e-7a1d7a0c6e01")


def guid_for(*parts):
    """Return the same GUID for the same parts, in every run."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(str(part) for part in parts)))


@dataclass
class App:
    """A registration in Exact's App Center.

    :param tuple redirect_uris: what the consent page may return to.
    :param scopes: {scope: 'read' or 'manage'}; None for all.
    """

    client_id: str
    client_secret: str
    redirect_uris: tuple = ()
    scopes: dict | None = None


@dataclass(frozen=True)
class User:
    """A person who can give consent.

    :param divisions: codes that the person may open; None for all.
    """

    email: str
    full_name: str
    language: str
    divisions: tuple | None = None

    @property
    def guid(self):
        return guid_for("user", self.email)
