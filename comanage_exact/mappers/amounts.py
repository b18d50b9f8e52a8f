"""Amounts of journal items as the entry has them."""

from decimal import Decimal


def to_decimal(amount, currency):
    """Leave float for good: the amount to the last digit of the currency."""
    # Adding zero turns the minus zero of an empty credit line into zero.
    return Decimal(f"{amount:.{currency.decimal_places}f}") + 0


def sum_items(items, move):
    """Return the sum of journal items in the currency of the invoice and the company's.

    :return: two Decimal, positive on the credit side.
    """
    currency, company_currency = move.currency_id, move.company_id.currency_id
    return (
        to_decimal(-sum(items.mapped("amount_currency")), currency),
        to_decimal(-sum(items.mapped("balance")), company_currency),
    )
