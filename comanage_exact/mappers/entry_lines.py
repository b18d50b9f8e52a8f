"""The lines of a sales entry, with the cents of Odoo's ledger."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ..exact_api.const import COST_MANDATORY
from .tax import is_distributed, is_own_line

# Added by Odoo Enterprise, and by OCA's account_invoice_start_end_dates.
PERIOD_FIELDS = (
    ("deferred_start_date", "deferred_end_date"),
    ("start_date", "end_date"),
)


class ExactLine(NamedTuple):
    """A line of the entry with what Exact Online needs of it; records may be empty.

    :param taxes: the VAT, without fixed amounts such as those for recycling.
    :param Decimal amount, vat_amount: in the currency of the invoice.
    :param Decimal amount_dc: `amount` in the currency of the company.
    :param bool needs_tax: a person chose its taxes, not Odoo.
    :param cost_center, cost_unit: codes, see `get_costs`.
    :param distribution: the analytic distribution that Odoo's ledger has of it.
    """

    line: models.Model
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


def to_decimal(amount, currency):
    """Leave float for good: the amount to the last digit of the currency."""
    # Adding zero turns the minus zero of an empty credit line into zero.
    return Decimal(f"{amount:.{currency.decimal_places}f}") + 0


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


class LedgerReader:
    """Reads what Exact Online books: products, roundings, discounts, fixed taxes.

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
        rows = []
        for base_line in base_lines:
            rows += self._split(base_line)
        return rows

    def _split(self, base_line):
        """Return the ExactLine of an invoice line, and one for each fixed tax on it."""
        line = base_line["record"]
        taxes_data = base_line["tax_details"]["taxes_data"]
        vat = [tax_data for tax_data in taxes_data if not _is_fixed(tax_data)]
        vat_amount = self._amount(
            sum(tax_data["tax_amount_currency"] for tax_data in vat)
        )
        rows = []
        # What comes before the VAT may be part of its base.
        following = vat
        for tax_data in taxes_data:
            if not _is_fixed(tax_data):
                following = [other for other in following if other is not tax_data]
                continue
            row = self._read_fixed_tax(line, tax_data, following)
            vat_amount -= row.vat_amount
            rows.append(row)
        taxes = self.move.env["account.tax"].union(
            *(tax_data["tax"] for tax_data in vat)
        )
        main = self._make_line(line, line.account_id, taxes)._replace(
            amount=to_decimal(-line.amount_currency, self.currency),
            amount_dc=to_decimal(-line.balance, self.company_currency),
            vat_amount=vat_amount,
            needs_tax=line.display_type == "product",
        )
        return [main, *rows]

    def _read_fixed_tax(self, line, tax_data, following):
        """Return the ExactLine of a fixed tax, with its share of the VAT.

        :param list following: the data of the VAT taxes that come after it.
        """
        tax, amount = tax_data["tax"], tax_data["tax_amount_currency"]
        share = 0.0
        taxes = tax.browse()
        for other in following:
            if tax.include_base_amount and other["tax"].is_base_affected:
                taxes |= other["tax"]
                base = other["base_amount_currency"]
                share += other["tax_amount_currency"] * amount / base if base else 0.0
        repartition = tax.invoice_repartition_line_ids.filtered("account_id")
        account = repartition[:1].account_id or line.account_id
        return self._make_line(line, account, taxes)._replace(
            amount=self._amount(amount),
            amount_dc=to_decimal(
                self.sign * tax_data["tax_amount"], self.company_currency
            ),
            vat_amount=self._amount(share),
            description=tax.invoice_label or tax.name,
            distribution=is_distributed(tax, account) and line.analytic_distribution,
        )

    def _make_line(self, line, account, taxes):
        """Return an ExactLine without amounts."""
        mapped = account.with_company(self.company).exact_gl_account_id
        untaxed = self.company.exact_no_vat_code_id
        gl_account = mapped or self.company.exact_gl_account_id
        from_date, to_date = _read_period(line)
        cost_center, cost_unit = get_costs(gl_account, self.company)
        return ExactLine(
            line=line,
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
