"""Discounts that Odoo's ledger has on an account of their own."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from ..booking.shares import fit
from .amounts import sum_items, to_decimal
from .tax import TaxMapper


class Discount(NamedTuple):
    """A discount in both currencies, and the VAT on it."""

    amount: Decimal
    amount_dc: Decimal
    vat_amount: Decimal


class DiscountItems:
    """Moves discounts to where the journal items of them are, a setting of Odoo.

    Odoo adds the discount of a line to its account, and subtracts it from the account
    of discounts. So does the entry, with the VAT code of the line, so that base and VAT
    of each code stay what they are.

    :param account.move move: credit notes are negative.
    """

    def __init__(self, move):
        self.move = move
        self.currency = move.currency_id
        self.items = move.line_ids.filtered(lambda one: one.display_type == "discount")
        self.by_account = self.items.grouped("account_id")
        self.account = self._find_account()

    def _find_account(self):
        """Return the account of discounts; the setting may be another by now."""
        discounted = self.move.line_ids.filtered("discount")
        found = self.items.account_id - discounted.account_id
        setting = self.move._get_discount_allocation_account()
        return found if len(found) == 1 else setting or found.browse()

    def split(self, rows, make_line):
        """Return the lines before discount, and those that grant it.

        :param list rows: an ExactLine for each invoice line.
        :param make_line: returns an ExactLine without amounts for a journal item, an
            account and taxes.
        :return: list; None where the journal items are not those of the lines, because
            somebody changed them.
        """
        if not self._is_ledger(rows):
            return None
        discounts = self._get_discounts(rows)
        granted = defaultdict(list)
        for row in rows:
            if row.line in discounts:
                granted[row.taxes].append(discounts[row.line])
        gross = [_add(row, discounts.get(row.line)) for row in rows]
        return [*gross, *self._grant(granted, make_line)]

    def _compute(self, line):
        """Return the discount on a line as Odoo computes it; positive on an invoice."""
        if line.display_type != "product" or line.account_id == self.account:
            return Decimal()
        price = line.quantity * line.price_unit * line.discount / 100
        amount = self.currency.round(self.move.direction_sign * price)
        return to_decimal(-amount, self.currency)

    def _is_ledger(self, rows):
        """Tell whether the journal items are what the lines make."""
        expected = defaultdict(Decimal)
        for row in rows:
            amount = self._compute(row.line)
            expected[row.line.account_id] += amount
            expected[self.account] -= amount
        return all(
            expected.get(account, Decimal()) == self._sum(account)[0]
            for account in {*expected, *self.by_account}
        )

    def _sum(self, account):
        return sum_items(self.by_account.get(account, self.items.browse()), self.move)

    def _get_discounts(self, rows):
        """Return {invoice line: Discount}, whose sums are the journal items."""
        by_account = defaultdict(list)
        for row in rows:
            if amount := self._compute(row.line):
                by_account[row.line.account_id].append((row, amount))
        return {
            row.line: Discount(amount, amount_dc, self._get_vat(row, amount))
            for account, of_account in by_account.items()
            for (row, amount), amount_dc in zip(
                of_account,
                fit(self._sum(account)[1], [self._convert(*one) for one in of_account]),
                strict=True,
            )
        }

    def _convert(self, row, amount):
        company_currency = self.move.company_id.currency_id
        rate = row.line.currency_rate or 1.0
        return to_decimal(float(amount) / rate, company_currency)

    def _get_vat(self, row, amount):
        """Return the VAT on a discount at the rate of the line."""
        rate = (TaxMapper(row.taxes).rate if len(row.taxes) == 1 else 0) or 0
        return to_decimal(float(amount) * rate / 100, self.currency)

    def _grant(self, granted, make_line):
        """Return the lines on the account of discounts, one for each VAT code.

        :param dict granted: {taxes: list of Discount}
        """
        item = self.by_account.get(self.account, self.items)[:1]
        sums = [
            [sum(column) for column in zip(*of_tax, strict=True)]
            for of_tax in granted.values()
        ]
        total_dc = self._sum(self.account)[1]
        amounts_dc = fit(total_dc, [-amount_dc for _amount, amount_dc, _vat in sums])
        return [
            make_line(item, self.account, taxes)._replace(
                amount=-amount, amount_dc=amount_dc, vat_amount=-vat_amount
            )
            for taxes, (amount, _dc, vat_amount), amount_dc in zip(
                granted, sums, amounts_dc, strict=True
            )
        ]


def _add(row, discount):
    if not discount:
        return row
    return row._replace(
        amount=row.amount + discount.amount,
        amount_dc=row.amount_dc + discount.amount_dc,
        vat_amount=row.vat_amount + discount.vat_amount,
    )
