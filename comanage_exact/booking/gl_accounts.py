"""Which accounts of Odoo may be booked on the company's default G/L account."""

# Values of `account.account.account_type`. Any other one needs a G/L account of its
# own: a down payment on revenue would be wrong in the balance sheet and in the profit.
INCOME_TYPES = ("income", "income_other")


def takes_default(account_type: str) -> bool:
    """Tell whether the company's G/L account may stand for such an account."""
    return account_type in INCOME_TYPES
