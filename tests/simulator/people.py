"""Who may do what: apps that are registered and users who give consent."""

import uuid
from dataclasses import dataclass, replace
from functools import lru_cache

_NAMESPACE = uuid.UUID("5f2b7f4e-2f0a-4a52-9f2e-7a1d7a0c6e01")


@lru_cache(10_000)
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
    :param current_division: as `Me` tells it; None for the first of those. It may be
        one that the person, or the app, may not open.
    :param accounting_division: as `Me` tells it; None for the current one.
    :param dossier_division: as `Me` tells it; None for none.
    :param bool has_several_users: of one One Exact Identity; consent is refused.
    :param bool is_portal_user: of an accountant's portal; may read only.
    :param bool must_migrate: to One Exact Identity, as `Me` tells it.
    """

    email: str
    full_name: str
    language: str
    divisions: tuple | None = None
    current_division: int | None = None
    accounting_division: int | None = None
    dossier_division: int | None = None
    has_several_users: bool = False
    is_portal_user: bool = False
    must_migrate: bool = False

    def may_open(self, division):
        return self.divisions is None or division in self.divisions

    def narrowed(self, divisions, current):
        """Return the person as an app sees them that was given these divisions.

        The one that they have open stays the current one, whether given or not.
        """
        given = tuple(filter(self.may_open, divisions))
        return replace(self, divisions=given, current_division=current)

    @property
    def guid(self):
        return guid_for("user", self.email)
