"""The lines of a sales entry, with the cents of Odoo's ledger."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ..booking.gl_mapping import takes_default
from ..booking.shares import fit
from ..exact_api.const import COST_MANDATORY
from .amounts import sum_items, to_decimal
from .discount_items import DiscountItems
from .tax import is_distributed, is_own_line

# Added by Odoo Enterprise, and by OCA's account_invoice_start_end_dates.
PERIOD_FIELDS = (
    ("deferred_start_date", "deferred_end_date"),
    ("start_date", "end_date"),
)


class ExactLine(NamedTuple):
    """A line of the entry with what Exact Online needs of it; records may be empty.

    :param line, account: the journal item or invoice line, and its account in Odoo.
    :param taxes: the VAT, without fixed amounts such as those for recycling.
    :param Decimal amount, vat_amount: in the currency of the invoice.
    :param Decimal amount_dc: `amount` in the currency of the company.
    :param bool needs_tax: a person chose its taxes, not Odoo.
    :param cost_center, cost_unit: codes, see `get_costs`.
    :param distribution: the analytic distribution that Odoo's ledger has of it.
    """

    line: models.Model
    account: models.Model
    gl_account: models.Model
    taxes: models.Model
    vat_code: models.Model
    amount: Decimal
    amount_dc: Decimal
    vat_amount: Decimal
    description: str
    needs_tax: bool
    from_date: date | None
    to_date: date | None
    cost_center: str | None
    cost_unit: str | None
    distribution: dict | None = None


def get_costs(gl_account, company):
    """Return what lines on a G/L account carry without an analytic distribution.

    :return: codes of the cost centre and the cost unit; None where Exact Online
        requires one and the company has none, empty where it requires none: what
        nobody distributed is no cost of a default.
    """
    return (
        _get_cost(gl_account.use_cost_center, company.exact_cost_center_id),
        _get_cost(gl_account.use_cost_unit, company.exact_cost_unit_id),
    )


def _get_cost(use, chosen):
    if use != COST_MANDATORY:
        return ""
    return chosen.code or None


def _is_fixed(tax_data):
    return is_own_line(tax_data["tax"])


@dataclass(frozen=True)
class LedgerAmounts:
    """What Odoo's ledger has of an invoice, credit notes negative.

    :param tuple rows: of ExactLine.
    :param Decimal total: with VAT, in the currency of the invoice.
    :param Decimal total_dc: the same in the currency of the company.
    :param dict vat_dc: {VAT code: VAT in the currency of the company}.
    """

    rows: tuple[ExactLine, ...]
    total: Decimal
    total_dc: Decimal
    vat_dc: dict


class FixedTaxPart(NamedTuple):
    """A fixed tax of one invoice line, on one of the accounts of the tax.

    :param dict base_line, tax_data: as Odoo computed them.
    :param list following: the data of the VAT taxes that come after it.
    :param Decimal amount, amount_dc: as Odoo computed them, before its ledger.
    """

    base_line: dict
    tax_data: dict
    following: list
    account: models.Model
    amount: Decimal
    amount_dc: Decimal


class LedgerReader:
    """Reads each journal item but those of the customer and of VAT, on its account.

    The amount of a line is that of its journal item. The VAT of a line, which no
    journal item has, is Odoo's share of it in the journal items of its tax.

    :param account.move move: credit notes become negative.
    :param res.company company: that has the settings, as sudo.
    """

    def __init__(self, move, company):
        self.move = move
        self.company = company
        self.sign = -1 if move.move_type == "out_refund" else 1
        self.currency = move.currency_id
        self.company_currency = move.company_id.currency_id

    def amounts(self) -> LedgerAmounts:
        return LedgerAmounts(
            rows=tuple(self._read_rows()),
            total=self._amount(self.move.amount_total),
            total_dc=to_decimal(self.move.amount_total_signed, self.company_currency),
            vat_dc=self._read_vat_dc(),
        )

    def _read_vat_dc(self):
        found = defaultdict(float)
        for item in self.move.line_ids:
            tax = item.tax_line_id
            if tax and not is_own_line(tax):
                found[tax.exact_vat_code_id] -= item.balance
        return {
            code: to_decimal(amount, self.company_currency)
            for code, amount in found.items()
        }

    def _read_rows(self):
        base_lines, _tax_lines = self.move._get_rounded_base_and_tax_lines()
        parts = [part for one in base_lines for part in self._get_fixed_parts(one)]
        fixed = self._read_fixed_taxes(parts)
        rows = []
        # Fixed taxes behind their line, whose VAT is theirs too.
        for row in self._read_base_lines(base_lines, fixed):
            rows += [row, *fixed.pop(row.line, ())]
        rows += [row for of_line in fixed.values() for row in of_line]
        return [*rows, *self._read_others(base_lines)]

    def _read_base_lines(self, base_lines, fixed):
        """Return the ExactLine of each invoice line, and those of discounts.

        :param dict fixed: {invoice line: the ExactLine of its fixed taxes}
        """
        rows = []
        for base_line in base_lines:
            row = self._read_base_line(base_line)
            of_fixed = sum(
                (one.vat_amount for one in fixed.get(row.line, ())), Decimal()
            )
            rows.append(row._replace(vat_amount=row.vat_amount - of_fixed))
        discounts = DiscountItems(self.move)
        if not discounts.items:
            return rows
        # Odoo gives discounts an analytic distribution of their own, which is not that
        # of the lines: only its own items have the cost centres of the ledger.
        is_distributed = any(item.analytic_distribution for item in discounts.items)
        split = None
        if not is_distributed:
            split = discounts.split(rows, self._make_line)
        if split is None:
            return [*rows, *(self._read_item(item) for item in discounts.items)]
        return split

    def _read_others(self, base_lines):
        """Return the ExactLine of each journal item that nothing else has."""
        read = self.move.line_ids.browse().union(*(one["record"] for one in base_lines))
        return [
            self._read_item(item)
            for item in self.move.line_ids - read
            if item.account_id
            and not item.tax_line_id
            and item.display_type not in ("payment_term", "discount")
        ]

    def _read_item(self, item):
        """Return the ExactLine of a journal item without VAT."""
        amount, amount_dc = sum_items(item, self.move)
        row = self._make_line(item, item.account_id, item.tax_ids.browse())
        return row._replace(amount=amount, amount_dc=amount_dc)

    def _read_base_line(self, base_line):
        """Return the ExactLine of an invoice line, with all VAT on it."""
        line = base_line["record"]
        vat = [
            tax_data
            for tax_data in base_line["tax_details"]["taxes_data"]
            if not _is_fixed(tax_data)
        ]
        taxes = self.move.env["account.tax"].union(
            *(tax_data["tax"] for tax_data in vat)
        )
        vat_amount = sum(tax_data["tax_amount_currency"] for tax_data in vat)
        amount, amount_dc = sum_items(line, self.move)
        return self._make_line(line, line.account_id, taxes)._replace(
            amount=amount,
            amount_dc=amount_dc,
            vat_amount=self._amount(vat_amount),
            needs_tax=line.display_type == "product",
        )

    # === FIXED TAXES === #

    def _get_fixed_parts(self, base_line):
        """Return a FixedTaxPart for each account of each fixed tax on a line."""
        parts = []
        taxes_data = base_line["tax_details"]["taxes_data"]
        # What comes before the VAT may be part of its base.
        following = [tax_data for tax_data in taxes_data if not _is_fixed(tax_data)]
        for tax_data in taxes_data:
            if not _is_fixed(tax_data):
                following = [other for other in following if other is not tax_data]
                continue
            for account, factor in self._get_accounts(base_line, tax_data["tax"]):
                parts.append(
                    FixedTaxPart(
                        base_line,
                        tax_data,
                        following,
                        account,
                        self._amount(factor * tax_data["tax_amount_currency"]),
                        to_decimal(
                            self.sign * factor * tax_data["tax_amount"],
                            self.company_currency,
                        ),
                    )
                )
        return parts

    def _get_accounts(self, base_line, tax):
        """Return (account, share) of a fixed tax, as Odoo books it."""
        lines = (
            tax.refund_repartition_line_ids
            if self.sign < 0
            else tax.invoice_repartition_line_ids
        ).filtered(lambda line: line.repartition_type == "tax")
        shares = defaultdict(float)
        for line in lines:
            shares[line.account_id or base_line["record"].account_id] += line.factor
        return shares.items()

    def _read_fixed_taxes(self, parts):
        """Return {invoice line: its ExactLine for fixed taxes}, as the ledger has them.

        :param list parts: of FixedTaxPart.
        """
        expected = defaultdict(lambda: defaultdict(list))
        for part in parts:
            expected[part.tax_data["tax"]][part.account].append(part)
        items = self.move.line_ids.filtered(
            lambda item: item.tax_line_id and is_own_line(item.tax_line_id)
        ).grouped("tax_line_id")
        rows = defaultdict(list)
        for tax in dict.fromkeys([*expected, *items]):
            of_tax = items.get(tax, self.move.line_ids.browse())
            for row in self._read_fixed_tax(expected[tax], of_tax):
                rows[row.line].append(row)
        return rows

    def _read_fixed_tax(self, expected, items):
        """Return the ExactLine of each line for one fixed tax.

        :param dict expected: {account: list of FixedTaxPart}
        :param items: the journal items of the tax.
        """
        rows, none = [], items.browse()
        by_account = items.grouped("account_id")
        gone = [account for account in expected if account not in by_account]
        others = [account for account in by_account if account not in expected]
        if len(gone) == len(others) == 1:
            # Somebody chose another account on the invoice.
            parts = expected.pop(gone[0])
            expected[others[0]] = [part._replace(account=others[0]) for part in parts]
        for account, parts in expected.items():
            total, total_dc = sum_items(by_account.pop(account, none), self.move)
            amounts = fit(total, [part.amount for part in parts])
            amounts_dc = fit(total_dc, [part.amount_dc for part in parts])
            rows += map(self._make_fixed_row, parts, amounts, amounts_dc)
        # Of a tax that somebody took off the lines.
        rest = none.union(*by_account.values())
        return [*rows, *(self._read_item(item) for item in rest)]

    def _make_fixed_row(self, part, amount, amount_dc):
        """Return the ExactLine of a fixed tax, with its share of the VAT."""
        tax, share, taxes = part.tax_data["tax"], 0.0, self.move.env["account.tax"]
        for other in part.following:
            if tax.include_base_amount and other["tax"].is_base_affected:
                taxes |= other["tax"]
                base = other["base_amount_currency"]
                vat = other["tax_amount_currency"]
                share += vat * float(amount) / base if base else 0.0
        line = part.base_line["record"]
        row = self._make_line(line, part.account, taxes)
        is_shared = is_distributed(tax, part.account)
        return row._replace(
            amount=amount,
            amount_dc=amount_dc,
            vat_amount=to_decimal(share, self.currency),
            description=tax.invoice_label or tax.name,
            distribution=is_shared and line.analytic_distribution,
        )

    def _make_line(self, line, account, taxes):
        """Return an ExactLine without amounts."""
        mapped = account.with_company(self.company).exact_gl_account_id
        untaxed = self.company.exact_no_vat_code_id
        gl_account = mapped
        if not mapped and takes_default(account.account_type):
            gl_account = self.company.exact_gl_account_id
        from_date, to_date = _read_period(line)
        cost_center, cost_unit = get_costs(gl_account, self.company)
        return ExactLine(
            line=line,
            account=account,
            gl_account=gl_account,
            taxes=taxes,
            vat_code=taxes[:1].exact_vat_code_id if taxes else untaxed,
            amount=Decimal(),
            amount_dc=Decimal(),
            vat_amount=Decimal(),
            description=line.name or "",
            needs_tax=False,
            from_date=from_date,
            to_date=to_date,
            cost_center=cost_center,
            cost_unit=cost_unit,
            distribution=line.analytic_distribution,
        )

    def _amount(self, amount):
        """Return what Odoo computed for a line as the entry has it."""
        return to_decimal(self.sign * amount, self.currency)


def _read_period(line):
    """Return the first and last day that revenue is spread over, or None twice."""
    for names in PERIOD_FIELDS:
        if all(name in line._fields and line[name] for name in names):
            return tuple(line[name] for name in names)
    return None, None
