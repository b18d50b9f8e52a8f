"""The description of an entry: what people look for in Exact Online, in few characters.

It holds the number and what the customer or the company refers to. The name comes last,
for the entry has its customer anyway.
"""

import re
from dataclasses import dataclass

from ..exact_api.bodies import text

# Less of a reason or a name tells nobody anything.
_SHORTEST_PART = 4


@dataclass(frozen=True)
class Texts:
    """What a description is made of; all but the number may be empty.

    :param str number: of the invoice.
    :param str reference: of the customer, such as the number of a purchase order.
    :param str original: number of the invoice that it credits or adds to.
    :param str reason: why it does.
    :param str name: of the customer.
    :param bool is_collective: many customers are one in Exact, so that the name stands
        nowhere else.
    """

    number: str
    reference: str = ""
    original: str = ""
    reason: str = ""
    name: str = ""
    is_collective: bool = False

    def describe(self) -> str:
        """Return the description, cut to what Exact stores.

        A reference is cut only where it alone is too long. The number of the original
        is whole or left out: half of it would be that of another invoice.
        """
        line = _join(self.number, self.reference)
        if self.is_collective:
            line = _append(line, self.name)
        if _join(line, self.original).endswith(self.original):
            line = _join(line, self.original)
        line = _append(line, self.reason)
        return line if self.is_collective else _append(line, self.name)


def _join(line: str, part: str) -> str:
    return text(f"{line} {part}", "description")


def _append(line: str, part: str) -> str:
    """Add as much of a text as there is room for, if that tells anything."""
    longer = _join(line, part)
    gained = len(longer) - len(line) - 1
    is_whole = longer.endswith(text(part, "description"))
    return longer if is_whole or gained >= _SHORTEST_PART else line


def split_reference(reference: str, original: str) -> tuple[str, str]:
    """Tell the reference of a customer from what Odoo writes of a credit or debit note.

    Odoo's own is, in any language, "Reversal of: INV/2026/00017, reason", or without
    the first words.

    :param str original: number of the invoice that it is about; '' if there is none.
    :return: reference of the customer, reason; either may be empty.
    """
    if not original:
        return reference, ""
    pattern = rf"(?:[^:]*:\s*)?{re.escape(original)}(?:\s*,\s*(.*))?"
    found = re.fullmatch(pattern, reference.strip(), re.DOTALL)
    return ("", found[1] or "") if found else (reference, "")
