from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ..booking import vat_mapping

# Whoever has such fields: Odoo Enterprise, and OCA's account_invoice_start_end_dates.
PERIOD_FIELDS = (
    ("deferred_start_date", "deferred_end_date"),
    ("start_date", "end_date"),
)


class ExactLine(NamedTuple):
    """A line of the entry with what Exact needs of it; records may be empty.

    :param taxes: the VAT, without fixed amounts such as those for recycling.
    :param Decimal amount, vat_amount: in the currency of the invoice.
    :param Decimal amount_dc: `amount` in the currency of the company.
    :param bool needs_tax: a person chose its taxes, not Odoo.
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


def _is_fixed(tax_data):
    return tax_data["tax"].amount_type == "fixed"


class AccountMove(models.Model):
    """The lines of the sales entry, with the cents of Odoo's ledger."""

    _name = "account.move"
    _inherit = ["account.move"]

    # === LINES === #

    def _exact_get_lines(self):
        """Return what Exact books: products, roundings, discounts, fixed taxes.

        The amount of a line is that of its journal item. The VAT of a line, which no
        journal item has, is Odoo's share of it in the journal items of its tax.

        :return: list of ExactLine, in the currency of the invoice, credit notes
            negative.
        """
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        rows = []
        for base_line in base_lines:
            rows += self._exact_split(base_line)
        return rows

    def _exact_split(self, base_line):
        """Return the ExactLine of an invoice line, and one for each fixed tax on it."""
        sign = -1 if self.move_type == "out_refund" else 1
        taxes_data = base_line["tax_details"]["taxes_data"]
        line, own = base_line["record"], self.company_id.currency_id
        vat = [data for data in taxes_data if not _is_fixed(data)]
        taxes = self.env["account.tax"].union(*(data["tax"] for data in vat))
        vat_amount = self._exact_to_decimal(
            sign * sum(data["tax_amount_currency"] for data in vat)
        )
        rows = []
        # What comes before the VAT may be part of its base.
        following = vat
        for tax_data in taxes_data:
            if not _is_fixed(tax_data):
                following = [data for data in following if data is not tax_data]
                continue
            row = self._exact_get_fixed_line(line, tax_data, sign, following)
            vat_amount -= row.vat_amount
            rows.append(row)
        main = self._exact_get_line(line, line.account_id, taxes)._replace(
            amount=self._exact_to_decimal(-line.amount_currency),
            amount_dc=self._exact_to_decimal(-line.balance, own),
            vat_amount=vat_amount,
            needs_tax=line.display_type == "product",
        )
        return [main, *rows]

    def _exact_get_fixed_line(self, line, tax_data, sign, following):
        """Return the ExactLine of a fixed tax, with its share of the VAT.

        :param list following: the data of the VAT taxes that come after it.
        """
        tax, amount = tax_data["tax"], tax_data["tax_amount_currency"]
        share = 0.0
        taxes = tax.browse()
        for data in following:
            if tax.include_base_amount and data["tax"].is_base_affected:
                taxes |= data["tax"]
                base = data["base_amount_currency"]
                share += data["tax_amount_currency"] * amount / base if base else 0.0
        repartition = tax.invoice_repartition_line_ids.filtered("account_id")
        account = repartition[:1].account_id or line.account_id
        return self._exact_get_line(line, account, taxes)._replace(
            amount=self._exact_to_decimal(sign * amount),
            amount_dc=self._exact_to_decimal(
                sign * tax_data["tax_amount"], self.company_id.currency_id
            ),
            vat_amount=self._exact_to_decimal(sign * share),
            description=tax.invoice_label or tax.name,
        )

    def _exact_get_line(self, line, account, taxes):
        company = self._exact_get_company()
        mapped = account.with_company(company).exact_gl_account_id
        from_date, to_date = self._exact_get_period(line)
        return ExactLine(
            line=line,
            gl_account=mapped or company.exact_gl_account_id,
            taxes=taxes,
            vat_code=taxes[:1].exact_vat_code_id
            if taxes
            else company.exact_no_vat_code_id,
            amount=Decimal(),
            amount_dc=Decimal(),
            vat_amount=Decimal(),
            description=line.name or "",
            needs_tax=False,
            from_date=from_date,
            to_date=to_date,
        )

    def _exact_get_period(self, line):
        """Return the first and last day that revenue is spread over, or None twice."""
        for names in PERIOD_FIELDS:
            if all(name in line._fields and line[name] for name in names):
                return tuple(line[name] for name in names)
        return None, None

    def _exact_to_decimal(self, amount, currency=None):
        """Leave float for good: the amount to the last digit of the currency."""
        digits = (currency or self.currency_id).decimal_places
        # Adding zero turns the minus zero of an empty credit line into zero.
        return Decimal(f"{amount:.{digits}f}") + 0

    # === PROBLEMS === #

    def _exact_get_line_problems(self, lines):
        problems = []
        for row in lines:
            if not row.gl_account:
                problems.append(
                    self.env._(
                        "Account %(account)s has no G/L account of Exact Online. "
                        "Choose one on the account, or a default on the company, page "
                        "Exact Online.",
                        account=row.line.account_id.display_name,
                    )
                )
            elif None in row.gl_account._get_costs(self._exact_get_company()):
                problems.append(self._exact_say_cost_missing(row.gl_account))
            problem = self._exact_get_tax_problem(row)
            if problem:
                problems.append(problem)
        return list(dict.fromkeys(problems))

    def _exact_say_cost_missing(self, gl_account):
        return self.env._(
            "G/L account %(account)s of Exact Online wants a cost centre or cost unit, "
            "and %(company)s has none. Choose it on the company, page Exact Online, or "
            "make it optional on the account in Exact.",
            account=gl_account.display_name,
            company=self._exact_get_company().name,
        )

    def _exact_get_tax_problem(self, row):
        """Return what is wrong with the VAT of a line, as a sentence, or None."""
        tax, code = row.taxes, row.vat_code
        if len(tax) > 1:
            return self.env._(
                "Line “%(line)s” has more than one VAT tax, which Exact Online books "
                "on separate lines. Split the line.",
                line=row.description,
            )
        if not tax and row.needs_tax:
            return self.env._(
                "Line “%(line)s” has no tax. Choose one, if need be one of 0%%.",
                line=row.description,
            )
        if not tax and not code:
            return self.env._(
                "“%(line)s” has no VAT, and %(company)s no VAT code of Exact Online "
                "for such lines. Choose it on the company, page Exact Online, field "
                "Lines without VAT.",
                line=row.description,
                company=self._exact_get_company().name,
            )
        if not code:
            return self.env._(
                "Tax %(tax)s has no VAT code of Exact Online. Choose one on the tax, "
                "field VAT Code of Exact.",
                tax=tax.display_name,
            )
        if not self._exact_fits(tax, code):
            return self.env._(
                "VAT code %(code)s of Exact Online does not fit tax %(tax)s: it is for "
                "purchases, includes VAT in the price, has another rate or is not in "
                "use any more. Choose another one on the tax.",
                code=code.display_name,
                tax=tax.display_name or "0%",
            )
        return None

    def _exact_fits(self, tax, code):
        """Tell whether Exact books this tax with this code to the cent."""
        rate = tax._exact_get_rate() if tax else 0.0
        refusal = vat_mapping.refusal(code._get_facts(), rate)
        return code.company_id == self._exact_get_company() and not refusal

    def _exact_get_amount_problems(self, lines):
        """Refuse what would not be equal to the cent in Exact."""
        if not lines:
            return [
                self.env._(
                    "%(name)s has no invoice line, so there is nothing to book in "
                    "Exact Online. Reset it to draft and add a line.",
                    name=self.name or self.display_name,
                )
            ]
        sign = -1 if self.move_type == "out_refund" else 1
        total = self._exact_to_decimal(sign * self.amount_total)
        found = sum((row.amount + row.vat_amount for row in lines), Decimal())
        if found == total:
            return []
        return [
            self.env._(
                "The lines of %(name)s add up to %(lines).2f, its total is "
                "%(total).2f, so it would not be equal in Exact Online. Book this "
                "invoice there by hand.",
                name=self.name or self.display_name,
                lines=found,
                total=total,
            )
        ]
