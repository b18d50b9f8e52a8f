"""How far the codes of a company's taxes, accounts and payment terms are chosen."""

from typing import NamedTuple

from ..booking.gl_mapping import takes_default
from .payment import find_used_terms
from .used_accounts import UsedAccounts


class Counts(NamedTuple):
    """How many are chosen or certain, wait for a person, or have no proposal."""

    certain: int
    to_confirm: int
    missing: int


def count_taxes(company):
    """Count the sales taxes of a company that need a VAT code.

    :param res.company company: that has the code lists, as superuser.
    """
    taxes = company.env["account.tax"].search(
        [
            *company.env["account.tax"]._check_company_domain(
                company._exact_get_members()
            ),
            *company.env["account.tax"]._exact_get_vat_domain(),
        ]
    )
    open_taxes = taxes.filtered(lambda tax: not tax.exact_vat_code_id.active)
    proposed = open_taxes.filtered(
        lambda tax: tax.exact_proposed_vat_code_id or tax.is_exact_proposed_levy
    )
    return Counts(
        len(taxes - open_taxes), len(proposed), len(open_taxes) - len(proposed)
    )


def count_accounts(company):
    """Count the accounts that customer invoices of a company are booked on.

    An income account without a mapping is as certain as the company's default.
    """
    company = company.with_company(company)
    used = UsedAccounts(company).needed.with_company(company)
    has_default = bool(company.exact_gl_account_id.active)
    open_accounts = used.filtered(
        lambda account: (
            not account.exact_gl_account_id.active
            and not (has_default and takes_default(account.account_type))
        )
    )
    proposed = open_accounts.filtered("exact_proposed_gl_account_id")
    return Counts(
        len(used - open_accounts), len(proposed), len(open_accounts) - len(proposed)
    )


def count_terms(company):
    """Count the payment terms of a company.

    None has to be mapped: the company's default stands for the others, else the
    condition of the customer.
    """
    terms = find_used_terms(company.with_company(company))
    open_terms = terms.filtered(lambda term: not term.exact_payment_condition_id.active)
    proposed = open_terms.filtered("exact_proposed_payment_condition_id")
    return Counts(
        len(terms - open_terms), len(proposed), len(open_terms) - len(proposed)
    )
