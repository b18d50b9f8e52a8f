"""Which invoices would be refused for what others have just been refused for.

Exact blocks an app that is refused too often, and we stop before: the calls that are
left must not be spent on one cause.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from ..exact_api import refusals
from .sales_entry import SalesEntry

# One refusal may be about its own invoice. So many of one cause are not.
ENOUGH = 2
ABOUT_CUSTOMER = (
    refusals.CUSTOMER_TYPE,
    refusals.SUPPLIER_TYPE,
    refusals.RECEIVABLE_ACCOUNT,
    refusals.PAYMENT_CONDITION,
)
ABOUT_JOURNAL = (refusals.JOURNAL,)
ABOUT_DATE = refusals.PERIODS
ABOUT_CONNECTION = (
    refusals.PORTAL_USER,
    refusals.WRONG_DIVISION,
    refusals.DIVISION_BLOCKED,
    refusals.SCOPE,
    refusals.USER_BLOCKED,
    refusals.LICENCE,
)


@dataclass
class Refusal:
    """A cause, and the invoices that were refused for it.

    :param str cause: the text of Exact without what belongs to one invoice.
    :param str kind: of `refusals`.
    """

    cause: str
    kind: str
    names: list[str] = field(default_factory=list)


class RefusedTogether:
    """The refusals that one run has met, by what the refused have in common."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Hashable], Refusal] = {}

    def note(self, cause: str, kind: str, name: str, entry: SalesEntry) -> None:
        """Remember a refusal of an entry."""
        key = cause, _common(kind, entry)
        self._found.setdefault(key, Refusal(cause, kind)).names.append(name)

    def find(self, entry: SalesEntry) -> Refusal | None:
        """Return what an entry would be refused for; None if nothing says so."""
        for (_cause, common), refusal in self._found.items():
            is_known = len(refusal.names) >= ENOUGH
            if is_known and _common(refusal.kind, entry) == common:
                return refusal
        return None


def _common(kind: str, entry: SalesEntry) -> Hashable:
    """Return what all have that are refused for such a thing."""
    if kind in ABOUT_CONNECTION:
        return "connection"
    if kind in ABOUT_JOURNAL:
        return "journal", entry.journal
    if kind in ABOUT_CUSTOMER:
        return "customer", entry.customer
    if kind in ABOUT_DATE:
        return "date", entry.entry_date
    # Nobody knows: only those that agree in all of it.
    return "all", entry.journal, entry.customer, entry.entry_date
