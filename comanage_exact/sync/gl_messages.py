"""The sentences about G/L accounts: proposals, and what is not mapped."""

from odoo.tools.translate import LazyTranslate

from .messages import say

_lt = LazyTranslate(__name__)

# By `GLProposal.reason`.
REASONS = {
    "same": _lt("%(account)s has the same code and type, and its name means the same."),
    "other_name": _lt(
        "%(account)s has the same code but another name. Check that it means the same."
    ),
    "other_type": _lt(
        "%(account)s has the same code but is of another type. Check it in Exact "
        "Online, or choose another one."
    ),
    "name": _lt("Only the name of %(account)s means the same. Check it."),
    "several": _lt("The names of %(codes)s mean the same. Choose one."),
    "default": _lt(
        "No G/L account matches. Lines are booked to the company’s default, "
        "%(default)s, unless you choose one."
    ),
    "no_default": _lt(
        "No G/L account matches. Choose one, or a default for income accounts on the "
        "company, Exact Online tab."
    ),
    "nothing": _lt(
        "No G/L account matches. Choose one, or add it in Exact Online and refresh "
        "the lists."
    ),
}
NOT_MAPPED = _lt(
    "%(count)s accounts of customer invoices have no Exact Online G/L account: "
    "%(names)s. Choose one for each in %(menu_gl_accounts)s. The default is for income "
    "accounts only."
)
BLOCKED = _lt(
    "%(gl_account)s, the Exact Online G/L account of %(account)s, is blocked there or "
    "takes no entry lines. Choose another one."
)
NO_PROPOSAL = _lt(
    "There is no proposal for %(accounts)s. Choose a G/L account manually in the "
    "column “Exact Online G/L Account”."
)
OTHER_COMPANY = _lt(
    "%(company)s uses the Exact Online settings of %(owner)s. Switch to %(owner)s to "
    "choose its G/L accounts."
)
# Of a long list, so many are named.
NAMED = 5


def proposal_text(env, proposal, default):
    """Return one sentence on why a G/L account is proposed, or none is.

    :param GLProposal proposal: of an account.
    :param exact.gl.account default: of the company; may be empty.
    """
    reason = proposal.reason
    if reason == "default" and not default:
        reason = "no_default"
    return say(
        env,
        REASONS[reason],
        account=proposal.key.display_name if proposal.key else "",
        codes=_name_some(proposal.codes),
        default=default.display_name or "",
    )


def not_mapped_text(env, accounts):
    """Return which accounts need a G/L account of their own and have none."""
    names = _name_some(accounts.mapped("display_name"))
    return say(env, NOT_MAPPED, count=len(accounts), names=names)


def _name_some(names):
    """Return the first names of a list as a text."""
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
