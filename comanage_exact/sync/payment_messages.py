"""The sentences about payment conditions: proposals, and what they rest on."""

from odoo.tools.misc import formatLang
from odoo.tools.translate import LazyTranslate

from .messages import say

_lt = LazyTranslate(__name__)

# By `PaymentProposal.reason`.
REASONS = {
    "same": _lt("%(condition)s means the same: %(meaning)s."),
    "several": _lt("%(codes)s mean the same: %(meaning)s. Choose one."),
    "method": _lt(
        "%(codes)s are due at the same time, but the amount is collected or paid at "
        "once. Check it."
    ),
    "discount": _lt(
        "%(codes)s are due at the same time, but the discount differs. Check it."
    ),
    "nothing": _lt(
        "No payment condition means the same: %(meaning)s. Choose one, or add it in "
        "Exact Online and refresh the lists."
    ),
    "parts": _lt(
        "The payment term has several parts or amounts, and a payment condition has "
        "one. Choose the condition that comes closest: Exact Online gets the due date "
        "of the invoice."
    ),
    "month_end": _lt(
        "No payment condition counts to the end of a month in this way. Choose the one "
        "that comes closest: Exact Online gets the due date of the invoice."
    ),
}
DAYS = (_lt("%(days)s day"), _lt("%(days)s days"))
AT_ONCE = _lt("due at once")
MONTH_ENDS = (
    _lt("%(days)s days after the end of the next month"),
    _lt("%(days)s days after %(count)s month ends"),
)
DISCOUNT = _lt("%(discount)s%% discount within %(days)s days")
NO_PROPOSAL = _lt(
    "There is no proposal for %(terms)s. Choose a payment condition manually in the "
    "column “Exact Online Payment Condition”."
)
OTHER_COMPANY = _lt(
    "%(company)s uses the Exact Online settings of %(owner)s. Switch to %(owner)s to "
    "choose its payment conditions."
)


def proposal_text(env, proposal, meaning):
    """Return one sentence on why a condition is proposed, or none is.

    :param PaymentProposal proposal: of a term.
    :param PaymentTerms meaning: of that term; None if it has no like in Exact.
    """
    return say(
        env,
        REASONS[proposal.reason],
        condition=proposal.key.display_name if proposal.key else "",
        codes=", ".join(proposal.codes),
        meaning=meaning_text(env, meaning) if meaning else "",
    )


def meaning_text(env, meaning):
    """Return in words when an invoice is due, and what early payment gives."""
    if meaning.month_ends:
        text = MONTH_ENDS[meaning.month_ends > 1]
    else:
        text = DAYS[meaning.days != 1] if meaning.days else AT_ONCE
    parts = [say(env, text, days=meaning.days, count=meaning.month_ends)]
    if meaning.discount:
        discount = formatLang(env, meaning.discount, digits=2)
        days = meaning.discount_days
        parts.append(say(env, DISCOUNT, discount=discount, days=days))
    return ", ".join(parts)
