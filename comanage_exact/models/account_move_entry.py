from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import float_compare

from .. import numbering, payload, vat_mapping


class ExactLine(NamedTuple):
    """An invoice line with what Exact needs of it; records may be empty."""

    line: models.Model
    gl_account: models.Model
    taxes: models.Model
    vat_code: models.Model
    amount: Decimal
    vat_amount: Decimal


class AccountMove(models.Model):
    """From an invoice to the sales entry that Exact gets."""

    _name = "account.move"
    _inherit = ["account.move"]

    # === WHAT KEEPS IT HERE === #

    def _exact_get_problems(self):
        """Return all that keeps this invoice from Exact, a sentence each.

        Makes no call. An invoice without problems can be prepared.
        """
        self.ensure_one()
        company = self._exact_get_company()
        partner = self.commercial_partner_id.with_company(company)
        problems = []
        if not self._exact_get_journal():
            problems.append(
                self.env._(
                    "%(company)s has no sales journal of Exact Online. Choose one on "
                    "the company, page Exact Online.",
                    company=company.name,
                )
            )
        mismatch = company._exact_get_division_problem()
        if mismatch and not company.exact_mismatch_reason:
            problems.append(
                self.env._(
                    "%(mismatch)s Choose another division on the company, page Exact "
                    "Online, or fill in there why this one is right.",
                    mismatch=mismatch,
                )
            )
        lines = self._exact_get_lines()
        problems += self._exact_get_line_problems(lines)
        problems += self._exact_get_amount_problems(lines)
        problems += self._exact_get_number_problems()
        return problems + partner._exact_get_problems()

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
            if len(row.taxes) > 1 or row.taxes.filtered(
                lambda t: t.amount_type == "group"
            ):
                problems.append(
                    self.env._(
                        "Line “%(line)s” has more than one tax, which Exact Online "
                        "books on separate lines. Split the line.",
                        line=row.line.name,
                    )
                )
            elif not row.taxes:
                problems.append(
                    self.env._(
                        "Line “%(line)s” has no tax. Choose one, if need be one of "
                        "0%%.",
                        line=row.line.name,
                    )
                )
            elif not row.vat_code:
                problems.append(
                    self.env._(
                        "Tax %(tax)s has no VAT code of Exact Online. Choose one on "
                        "the tax, field VAT Code of Exact.",
                        tax=row.taxes.display_name,
                    )
                )
            elif not self._exact_fits(row.taxes, row.vat_code):
                problems.append(
                    self.env._(
                        "VAT code %(code)s of Exact Online does not fit tax %(tax)s: "
                        "it is for purchases, includes VAT in the price, has another "
                        "rate or is not in use any more. Choose another one on the "
                        "tax.",
                        code=row.vat_code.display_name,
                        tax=row.taxes.display_name,
                    )
                )
        return list(dict.fromkeys(problems))

    def _exact_fits(self, tax, code):
        """Tell whether Exact books this tax with this code to the cent."""
        refusal = vat_mapping.refusal(code._get_facts(), tax._exact_get_rate())
        return code.company_id == self._exact_get_company() and not refusal

    def _exact_get_amount_problems(self, lines):
        """Refuse what would not be equal to the cent in Exact."""
        if not lines:
            return [
                self.env._(
                    "%(name)s has no invoice line, so there is nothing to book in "
                    "Exact Online. Reset it to draft and add a line.",
                    name=self.name,
                )
            ]
        base = float(sum(row.amount for row in lines))
        total = base + float(sum(row.vat_amount for row in lines))
        sign = -1 if self.move_type == "out_refund" else 1
        digits = self.currency_id.decimal_places
        if not (
            float_compare(base, sign * self.amount_untaxed, precision_digits=digits)
            or float_compare(total, sign * self.amount_total, precision_digits=digits)
        ):
            return []
        return [
            self.env._(
                "The lines of %(name)s add up to %(lines).2f, its total is "
                "%(total).2f: cash rounding and cash discounts cannot be booked in "
                "Exact Online yet. Book this invoice there by hand.",
                name=self.name,
                lines=total,
                total=sign * self.amount_total,
            )
        ]

    def _exact_get_number_problems(self):
        try:
            self._exact_get_entry_number()
        except OverflowError as err:
            reason = self.env._("%(number)s is over 2147483647", number=err)
        except ValueError as err:
            reason = self.env._("“%(part)s” is not a number", part=err)
        else:
            return []
        return [
            self.env._(
                "%(name)s gives no entry number for Exact Online: %(reason)s. Change "
                "the prefix or the suffix on the company, page Exact Online.",
                name=self.name,
                reason=reason,
            )
        ]

    # === WHAT GOES === #

    def _exact_prepare_sales_entry(self, customer):
        """Return the invoice as Exact gets it, credit notes negative.

        :param str customer: GUID in Exact.
        :return: payload.SalesEntry
        """
        self.ensure_one()
        partner_name = self.commercial_partner_id.name
        return payload.SalesEntry(
            journal=self._exact_get_journal().code,
            customer=customer,
            entry_number=self._exact_get_entry_number(),
            entry_date=self.invoice_date,
            due_date=self.invoice_date_due or self.invoice_date,
            your_ref=self.name,
            description=f"{self.name} {partner_name}",
            currency=self.currency_id.name,
            rate=self._exact_get_rate(),
            payment_condition=self._exact_get_payment_condition().code or "",
            lines=tuple(
                payload.SalesEntryLine(
                    gl_account=row.gl_account.exact_guid,
                    amount=row.amount,
                    vat_code=row.vat_code.code,
                    vat_amount=row.vat_amount,
                    description=row.line.name or "",
                )
                for row in self._exact_get_lines()
            ),
        )

    def _exact_get_lines(self):
        """Return the product lines with the amounts of Odoo's own rounding.

        Odoo spreads the difference between the sum of rounded lines and the rounded
        total over the lines (its "delta"), so that they add up to the ledger.

        :return: list of ExactLine, in the currency of the invoice.
        """
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        sign = -1 if self.move_type == "out_refund" else 1
        return [
            self._exact_get_line(base_line, sign)
            for base_line in base_lines
            if base_line["record"].display_type == "product"
        ]

    def _exact_get_line(self, base_line, sign):
        line = base_line["record"]
        details = base_line["tax_details"]
        amount = (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
        )
        vat_amount = sum(
            tax_data["tax_amount_currency"] for tax_data in details["taxes_data"]
        )
        company = self._exact_get_company()
        mapped = line.account_id.with_company(company).exact_gl_account_id
        return ExactLine(
            line=line,
            gl_account=mapped or company.exact_gl_account_id,
            taxes=line.tax_ids,
            vat_code=line.tax_ids[:1].exact_vat_code_id,
            amount=self._exact_to_decimal(sign * amount),
            vat_amount=self._exact_to_decimal(sign * vat_amount),
        )

    def _exact_to_decimal(self, amount):
        """Leave float for good: the amount to the last digit of the currency."""
        digits = self.currency_id.decimal_places
        # Adding zero turns the minus zero of an empty credit line into zero.
        return Decimal(f"{amount:.{digits}f}") + 0

    def _exact_get_journal(self):
        """Return the journal in Exact: what stands on the Odoo journal comes first."""
        journal, company = self.journal_id, self._exact_get_company()
        if self.move_type == "out_refund":
            # A journal that has its own for invoices keeps its credit notes there.
            own = journal.exact_credit_journal_id or journal.exact_journal_id
            default = company.exact_credit_journal_id or company.exact_journal_id
            return own or default
        return self._exact_get_invoice_journal()

    def _exact_get_invoice_journal(self):
        company_journal = self._exact_get_company().exact_journal_id
        return self.journal_id.exact_journal_id or company_journal

    def _exact_get_payment_condition(self):
        company = self._exact_get_company()
        term = self.invoice_payment_term_id.with_company(company)
        default = company.exact_payment_condition_id
        return term.exact_payment_condition_id or default

    def _exact_get_rate(self):
        """Return the company currency for one unit of the invoice's; None if same."""
        if self.currency_id == self.company_id.currency_id:
            return None
        return Decimal(1) / Decimal(repr(self.invoice_currency_rate))

    def _exact_get_entry_number(self, company=None):
        """Return the number of the entry, from prefix, sequence and suffix.

        :param res.company company: with a format that is not saved yet.
        :raise ValueError, OverflowError: see `numbering`.
        """
        company = company or self._exact_get_company()
        prefix = company.exact_number_prefix
        if (
            self.move_type == "out_refund"
            and self.journal_id.refund_sequence
            and self._exact_get_journal() == self._exact_get_invoice_journal()
        ):
            # Invoice 1 and credit note 1 would get the same number, for Exact numbers
            # each journal on its own.
            prefix = company.exact_credit_note_prefix
        journal = self.journal_id.exact_journal_id or company.exact_journal_id
        values = {
            "journal": journal.code or "",
            "gl": company.exact_gl_account_id.code or "",
            "year": self.invoice_date.year,
        }
        return numbering.entry_number(
            numbering.fill(prefix, **values),
            numbering.sequence_digits(self.name, self.sequence_prefix),
            numbering.fill(company.exact_number_suffix, **values),
        )
