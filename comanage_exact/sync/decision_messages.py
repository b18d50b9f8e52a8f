"""The sentences about what a manager decides."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

NOTHING_TO_DECIDE = _lt(
    "Odoo is still finding out whether %(name)s is in Exact Online. You can decide one "
    "hour after it was sent; reload the page to see its current status."
)
NO_SUCH_ENTRY = _lt(
    "Exact Online has no sales entry %(number)s. Check the entry number of %(name)s "
    "there, or choose that it is not in Exact Online."
)
SEVERAL_ENTRIES = _lt(
    "Exact Online has several sales entries %(number)s, and none has reference "
    "%(name)s. Enter %(name)s as “Your ref.” of the right one in Exact Online, then "
    "decide again."
)
IS_THERE = _lt(
    "Decided that %(name)s is entry %(number)s in Exact Online, and linked to it."
)
IS_THERE_UNREAD = _lt(
    "Decided that %(name)s is entry %(number)s in Exact Online, which cannot be read "
    "now. Odoo compares the two as soon as it can."
)
IS_NOT_THERE = _lt(
    "Decided that %(name)s is not in Exact Online. Odoo looks for it once more before "
    "it is booked."
)
STILL_THERE = _lt("Decided that the entry of %(name)s is still in Exact Online.")
IS_DELETED = _lt("Decided that the entry of %(name)s is deleted in Exact Online.")
NOT_DELETED = _lt(
    "The entry of %(name)s was not deleted in Exact Online. Click Withdraw from Exact "
    "to try again, or create a credit note in Odoo."
)
