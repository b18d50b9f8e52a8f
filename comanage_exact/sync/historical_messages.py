"""The sentences about booking historical invoices and their duplicates."""

from odoo.tools.translate import LazyTranslate

from .messages import say

_lt = LazyTranslate(__name__)

# Each for one and for several.
DAYS = (_lt("about 1 day"), _lt("about %(count)s days"))
MINUTES = (_lt("about 1 minute"), _lt("about %(count)s minutes"))
BOOK = (_lt("Book 1 Invoice"), _lt("Book %(count)s Invoices"))
LINK = (_lt("Link 1 Match"), _lt("Link %(count)s Matches"))
UNEXPLAINED = (
    _lt(
        "Journal %(journal)s: 1 entry there belongs to no invoice in Odoo, total "
        "%(total)s (%(examples)s)."
    ),
    _lt(
        "Journal %(journal)s: %(count)s entries there belong to no invoice in Odoo, "
        "total %(total)s (%(examples)s)."
    ),
)
AND_OTHERS = _lt("%(numbers)s and others")


def counted(env, texts, count, **values):
    """Return a text for one or for several of something."""
    return say(env, texts[count != 1], count=count, **values)
