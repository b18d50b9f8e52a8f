"""Every sentence about taxes of Odoo and their VAT codes in Exact Online."""

from odoo.tools.translate import LazyTranslate

from ..mappers.tax import read_code_facts
from .messages import say

_lt = LazyTranslate(__name__)

# By the reason of `vat_mapping.refusal`.
VAT_CODE_REFUSALS = {
    "inclusive": _lt(
        "VAT code %(code)s cannot be used for tax %(tax)s: it expects amounts "
        "including VAT, but invoices are sent with amounts excluding VAT. Choose a "
        "code of type “Excluding VAT”."
    ),
    "blocked": _lt(
        "VAT code %(code)s cannot be used for tax %(tax)s: it is blocked in "
        "Exact Online. Choose another code, or unblock it there and refresh "
        "the lists."
    ),
    "purchase": _lt(
        "VAT code %(code)s cannot be used for tax %(tax)s: in Exact Online it "
        "is for purchases only. Choose a code for sales."
    ),
    "rate": _lt(
        "VAT code %(code)s cannot be used for tax %(tax)s: the code is %(its)s%%, "
        "but the tax is %(rate)s%%. Choose a code with the same rate as the tax."
    ),
}
# By the kinds of a tax in `Proposal.kinds`.
TAX_KINDS = {
    "domestic": _lt("domestic sales"),
    "reverse_charge": _lt("reverse charge (co-contractor)"),
    "eu_goods": _lt("goods within the EU"),
    "eu_services": _lt("services within the EU"),
    "triangular": _lt("triangular sales within the EU"),
    "export": _lt("export"),
    "distance": _lt("installation and distance sales"),
    "exempt": _lt("exempt sales"),
    "out_of_scope": _lt("sales without VAT"),
    "margin": _lt("the margin scheme"),
    "oss": _lt("the one-stop shop"),
}
# By `Proposal.reason`.
PROPOSAL_REASONS = {
    "rate": _lt("Only code %(code)s is for %(kind)s at %(rate)s%%."),
    "listing": _lt(
        "Only code %(code)s is reported in the EU sales listing as %(kind)s."
    ),
    "charged": _lt("Only code %(code)s is marked as charged, for %(kind)s."),
    "oss": _lt("Only code %(code)s is for this country and rate."),
    "margin": _lt("Only code %(code)s is for the margin scheme."),
    "type": _lt("Only code %(code)s books no VAT."),
    "description": _lt("Only code %(code)s is described as %(kind)s."),
    "levy": _lt(
        "No VAT by its name. It is booked on a line of its own, to the G/L account of "
        "the tax."
    ),
    "several": _lt("Codes %(codes)s match %(kind)s at %(rate)s%%. Choose one."),
    "unclear_tax": _lt(
        "The tax may be for %(kind)s. Check whether code %(code)s is right."
    ),
    "unclear_code": _lt("Code %(code)s may be for %(kind)s. Check it in Exact Online."),
    "foreign": _lt(
        "The tax belongs to another country. Choose a code manually if this "
        "division has one for it."
    ),
    "no_code": _lt(
        "No VAT code matches %(kind)s at %(rate)s%%. Choose one, or add it in Exact "
        "Online and refresh the lists."
    ),
}


def vat_code_refusal_text(env, reason, tax, code):
    """Return why a tax cannot have a VAT code, and what to do.

    :param str reason: see `vat_mapping.refusal`.
    :param TaxMapper tax:
    :param exact.vat.code code:
    """
    return say(
        env,
        VAT_CODE_REFUSALS[reason],
        tax=tax.tax.display_name,
        code=code.display_name,
        its=f"{read_code_facts(code).rate:g}",
        rate=_rate_text(tax),
    )


def proposal_text(env, proposal, tax):
    """Return one sentence on why a VAT code is proposed for a tax, or none is.

    :param Proposal proposal: of the tax.
    :param TaxMapper tax:
    """
    return say(
        env,
        PROPOSAL_REASONS[proposal.reason],
        code=proposal.key.code if proposal.key else "",
        codes=", ".join(proposal.codes),
        rate=_rate_text(tax),
        kind=" / ".join(env._(TAX_KINDS[kind]) for kind in proposal.kinds),
    )


def _rate_text(tax):
    # A tax without a percentage has no refusal that names it.
    return f"{round(tax.rate or 0.0, 3):g}"
