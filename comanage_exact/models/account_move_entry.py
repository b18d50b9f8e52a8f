from odoo import models

from ..booking import entry_number, sales_entry


class AccountMove(models.Model):
    """From an invoice to the sales entry that Exact gets."""

    _name = "account.move"
    _inherit = ["account.move"]

    # === WHAT KEEPS IT HERE === #

    def _exact_get_problems(self, lines=None):
        """Return all that keeps this invoice from Exact, a sentence each.

        Makes no call. An invoice without problems can be prepared.

        :param list lines: of ExactLine, where they are known already.
        """
        self.ensure_one()
        if not self._exact_is_forwardable():
            return [
                self.env._(
                    "%(name)s is not a confirmed customer invoice any more. Confirm "
                    "it, then press Send to Exact again.",
                    name=self.display_name,
                )
            ]
        lines = self._exact_get_lines() if lines is None else lines
        return [
            *self._exact_get_booking_problems(lines),
            *self._exact_get_number_problems(),
        ]

    def _exact_get_booking_problems(self, lines):
        """Return what is wrong whether the invoice is confirmed or not."""
        return [
            *self._exact_get_company_problems(self._exact_get_company()),
            *self._exact_get_line_problems(lines),
            *self._exact_get_amount_problems(lines),
            *self._exact_get_customer_problems(lines),
            *self._exact_get_rate_problems(),
            *self._exact_get_cent_problems(lines),
        ]

    def _exact_get_company_problems(self, company):
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
        return problems

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

    def _exact_prepare_sales_entry(self, customer, lines=None):
        """Return the invoice as Exact gets it, credit notes negative.

        :param str customer: GUID in Exact.
        :param list lines: of ExactLine, where they are known already.
        :return: sales_entry.SalesEntry
        """
        self.ensure_one()
        lines = self._exact_get_lines() if lines is None else lines
        total_dc, vat_dc = self._exact_get_totals_dc()
        return sales_entry.SalesEntry(
            journal=self._exact_get_journal().code,
            customer=customer,
            entry_number=self._exact_get_entry_number(),
            entry_date=self.invoice_date,
            due_date=self.invoice_date_due or self.invoice_date,
            your_ref=self.name,
            description=self._exact_get_description(),
            currency=self.currency_id.name,
            rate=self._exact_get_rate(lines),
            payment_condition=self._exact_get_payment_condition().code or "",
            payment_reference=self.payment_reference or "",
            total_dc=total_dc,
            vat_dc=vat_dc,
            lines=tuple(
                sales_entry.SalesEntryLine(
                    gl_account=row.gl_account.exact_guid,
                    amount=row.amount,
                    vat_code=row.vat_code.code or "",
                    vat_amount=row.vat_amount,
                    description=row.description,
                    **self._exact_get_costs(row.gl_account),
                    from_date=row.from_date,
                    to_date=row.to_date,
                )
                for row in lines
            ),
        )

    def _exact_get_costs(self, gl_account):
        center, unit = gl_account._get_costs(self._exact_get_company())
        return {"cost_center": center or "", "cost_unit": unit or ""}

    def _exact_get_description(self):
        """Return what people see in Exact: our number, what it credits, whose it is."""
        original = self.reversed_entry_id.name
        # Odoo's own reference of a reversal names the original once more.
        is_told = self.ref in (self.name, False) or (original and original in self.ref)
        parts = (
            self.name,
            original,
            self.commercial_partner_id.name,
            "" if is_told else self.ref,
        )
        return " ".join(part for part in parts if part)

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

    def _exact_get_entry_number(self, company=None, *, after=0):
        """Return the number of the entry, from prefix, sequence and suffix.

        :param res.company company: with a format that is not saved yet.
        :param int after: for an invoice that comes so many after this one.
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
        digits = entry_number.sequence_digits(self.name, self.sequence_prefix)
        return entry_number.entry_number(
            entry_number.fill(prefix, **values),
            str(int(digits) + after).zfill(len(digits)),
            entry_number.fill(company.exact_number_suffix, **values),
        )
