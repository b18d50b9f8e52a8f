"""Which G/L account of Exact means the same as an account of Odoo.

Charts differ by company, so an equal code alone proves nothing: 8001 may be sales of
goods on one side and services within the EU on the other. Certain is what has the
same code, the same type and a name that means the same; all else is left to a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import gl_words
from .vat_mapping import CERTAIN, DOUBTFUL, NONE

# Values of `account.account.account_type`. Any other one needs a G/L account of its
# own: a down payment on revenue would be wrong in the balance sheet and in the profit.
INCOME_TYPES = ("income", "income_other")

# GLAccounts.Type, as the classes that both sides know.
_CLASSES = {
    "income": {110, 140, 160},
    "expense": {111, 120, 121, 122, 123, 125, 126, 130, 150},
    # 90 is the general type of the balance sheet.
    "asset": {26, 30, 32, 35, 40, 90},
    "liability": {21, 25, 27, 29, 55, 60, 90, 100},
    "equity": {50, 52, 90},
}
# Of these a default for income is one; 110 is turnover.
TYPES_OF_INCOME = tuple(sorted(_CLASSES["income"]))
# The shortest code that counts as the same one with zeros behind it: 4600 and 460000.
_SHORTEST_PADDED = 3


def takes_default(account_type: str) -> bool:
    """Tell whether the company's G/L account may stand for such an account."""
    return account_type in INCOME_TYPES


@dataclass(frozen=True)
class AccountFacts:
    """An account of Odoo; `names` in one or more languages."""

    code: str
    account_type: str
    names: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """income, expense, asset, liability, equity or off."""
        return self.account_type.partition("_")[0]


@dataclass(frozen=True)
class GLFacts:
    """A G/L account as Exact gives it. `key` is the caller's."""

    key: Any
    code: str
    name: str = ""
    gl_type: int = 0


@dataclass(frozen=True)
class GLProposal:
    """The answer for one account.

    :param key: of the G/L account, None if a person has to choose.
    :param reason: key of `gl_messages.REASONS`.
    :param codes: that come into question.
    """

    confidence: str
    reason: str
    key: Any = None
    codes: tuple[str, ...] = ()


@dataclass
class Chart:
    """The G/L accounts of a division that entry lines can use."""

    accounts: Iterable[GLFacts]
    _by_code: dict[str, list[GLFacts]] = field(init=False)
    _by_stem: dict[str, list[GLFacts]] = field(init=False)

    def __post_init__(self) -> None:
        self.accounts = tuple(self.accounts)
        self._by_code, self._by_stem = {}, {}
        for account in self.accounts:
            self._by_code.setdefault(account.code, []).append(account)
            if stem := _stem(account.code):
                self._by_stem.setdefault(stem, []).append(account)

    def find(self, code: str) -> GLFacts | None:
        """Return the G/L account with the same code, as 4600 is the same as 460000."""
        found = self._by_code.get(code) or self._by_stem.get(_stem(code) or code, [])
        return found[0] if len(found) == 1 else None

    def find_sure(self, account: AccountFacts) -> GLFacts | None:
        """Return the G/L account whose code, type and name agree, if one does."""
        same = self.find(account.code)
        is_sure = same and _judge(account, same).confidence == CERTAIN
        return same if is_sure else None

    def propose(self, account: AccountFacts) -> GLProposal:
        """Propose a G/L account; certain only if code, type and name agree."""
        same = self.find(account.code)
        if same:
            return _judge(account, same)
        alike = [
            one
            for one in self.accounts
            if _same_class(account, one) and gl_words.agree(account.names, one.name)
        ]
        codes = tuple(one.code for one in alike)
        if len(alike) == 1:
            return GLProposal(DOUBTFUL, "name", alike[0].key, codes)
        if alike:
            return GLProposal(NONE, "several", codes=codes)
        is_income = takes_default(account.account_type)
        return GLProposal(NONE, "default" if is_income else "nothing")


def _stem(code: str) -> str | None:
    """Return a code without the zeros that a chart of longer codes adds."""
    stem = code.rstrip("0")
    if not code.isdecimal() or len(code) < _SHORTEST_PADDED:
        return None
    return stem.ljust(_SHORTEST_PADDED, "0")


def _judge(account: AccountFacts, same: GLFacts) -> GLProposal:
    """Return how sure a G/L account with the same code is."""
    codes = (same.code,)
    if not _same_class(account, same):
        return GLProposal(DOUBTFUL, "other_type", same.key, codes)
    if not gl_words.agree(account.names, same.name):
        return GLProposal(DOUBTFUL, "other_name", same.key, codes)
    return GLProposal(CERTAIN, "same", same.key, codes)


def _same_class(account: AccountFacts, other: GLFacts) -> bool:
    return other.gl_type in _CLASSES.get(account.group, ())
