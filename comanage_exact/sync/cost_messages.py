"""Every sentence about cost centres, cost units and their analytic accounts."""

from odoo.tools.translate import LazyTranslate

from .messages import say

_lt = LazyTranslate(__name__)

# By `CostProposal.reason`.
COST_REASONS = {
    "both": _lt("Code and name are equal."),
    "name": _lt("The names are equal."),
    "other_name": _lt("The codes are equal, the names are not."),
    "other_code": _lt("The names are equal, the codes are not."),
    "several": _lt("Several in Exact Online have this name. Choose one."),
    "no_match": _lt("Exact Online has none of this code or name."),
}


def proposals_text(env, proposals):
    """Return why an analytic account has its proposals; '' where it needs none.

    :param dict proposals: {field: CostProposal} of one account.
    """
    useful = [one for one in proposals.values() if one.key]
    reasons = dict.fromkeys(one.reason for one in useful or proposals.values())
    return " ".join(say(env, COST_REASONS[reason]) for reason in reasons)
