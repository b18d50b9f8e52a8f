"""Ledger accounts of both sides as the code sees them that finds their counterpart."""

from ..booking.gl_mapping import AccountFacts, Chart, GLFacts


def read_account(account):
    """Return what an account of Odoo is, as AccountFacts.

    :param account.account account: a single one, in the company that has the codes.
    """
    languages = ["en_US", *(code for code, _name in _get_languages(account.env))]
    names = (account.with_context(lang=lang).name or "" for lang in languages)
    return AccountFacts(
        code=account.code or "",
        account_type=account.account_type,
        # In every language, so that every user sees the same proposal.
        names=tuple(dict.fromkeys(names)),
    )


def _get_languages(env):
    return env["res.lang"].get_installed()


def read_chart(company):
    """Return the Chart of the G/L accounts that entries of a company can have."""
    rows = company.env["exact.gl.account"].search(
        [("company_id", "=", company.id), ("is_bookable", "=", True)]
    )
    return Chart(
        GLFacts(row, row.code, row.name or "", row.account_type) for row in rows
    )
