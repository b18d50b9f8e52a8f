from collections import defaultdict
from decimal import Decimal

from odoo import fields, models

from ..booking import exchange_rate


class AccountMove(models.Model):
    """The rate of an entry, and its amounts in the currency of the company."""

    _name = "account.move"
    _inherit = ["account.move"]

    # === AMOUNTS === #

    def _exact_get_rate(self, lines):
        """Return the company currency for one unit of the invoice's; None if same.

        It is Odoo's rate, moved a little where Exact would come to other cents than the
        ledger.

        :param list lines: of ExactLine.
        """
        if self.currency_id == self.company_id.currency_id:
            return None
        rate = self._exact_get_ledger_rate()
        fitting = exchange_rate.fit_rate(rate, self._exact_get_sums(lines))
        return rate if fitting is None else fitting

    def _exact_get_ledger_rate(self):
        return Decimal(1) / Decimal(repr(self.invoice_currency_rate or 1.0))

    def _exact_get_sums(self, lines):
        """Return what Exact converts for each VAT code: its lines, and its VAT.

        :return: list of exchange_rate.Sum, base and VAT in turns.
        """
        rows, vat_dc = defaultdict(list), self._exact_get_vat_dc()
        for row in lines:
            rows[row.vat_code].append(row)
        zero = self._exact_to_decimal(0.0, self.company_id.currency_id)
        sums = []
        for code in dict.fromkeys([*rows, *vat_dc]):
            vat = sum((row.vat_amount for row in rows[code]), Decimal())
            base_dc = sum((row.amount_dc for row in rows[code]), zero)
            sums += [
                exchange_rate.Sum([row.amount for row in rows[code]], base_dc),
                exchange_rate.Sum([vat], vat_dc.get(code, zero)),
            ]
        return sums

    def _exact_get_vat_dc(self):
        """Return {VAT code: VAT in the company's currency}, from the journal items."""
        found = defaultdict(float)
        for item in self.line_ids:
            tax = item.tax_line_id
            if tax and tax.amount_type != "fixed":
                found[tax.exact_vat_code_id] -= item.balance
        own = self.company_id.currency_id
        return {
            code: self._exact_to_decimal(amount, own) for code, amount in found.items()
        }

    def _exact_get_totals_dc(self):
        """Return total and VAT in the company's currency, as the ledger has them."""
        zero = self._exact_to_decimal(0.0, self.company_id.currency_id)
        total = self._exact_to_decimal(
            self.amount_total_signed, self.company_id.currency_id
        )
        return total, sum(self._exact_get_vat_dc().values(), zero)

    # === PROBLEMS === #

    def _exact_get_rate_problems(self):
        """Refuse a currency without a rate."""
        currency = self.currency_id
        # A draft may get its date, which is that of the day, when it is confirmed.
        day = self.invoice_date or fields.Date.context_today(self)
        if (
            currency == self.company_id.currency_id
            or self.invoice_currency_rate not in (0.0, 1.0)
            or currency.with_company(self.company_id).rate_ids.filtered(
                lambda rate: rate.name <= day
            )
        ):
            return []
        return [
            self.env._(
                "%(currency)s has no rate on %(date)s, the date of %(name)s. Enter "
                "it in Invoicing ▸ Configuration ▸ Currencies, then reset the "
                "invoice to draft and confirm it again.",
                currency=currency.name,
                date=day,
                name=self.name or self.display_name,
            )
        ]

    def _exact_get_cent_problems(self, lines):
        """Refuse what Exact would convert to other cents, unless a person wants it."""
        own = self.company_id.currency_id
        if self.currency_id == own or self.sudo().exact_outbox_id.is_cent_accepted:
            return []
        sums, rate = self._exact_get_sums(lines), self._exact_get_ledger_rate()
        if exchange_rate.fit_rate(rate, sums) is not None:
            return []
        total, vat = self._exact_get_totals_dc()
        return [
            self.env._(
                "Exact Online would book %(name)s as %(found).2f %(currency)s with "
                "%(found_vat).2f of VAT; in Odoo it is %(total).2f with %(vat).2f, "
                "since each rounds what it converts from %(foreign)s in its own way. "
                "Send it and press Book with Other Cents, or book it in Exact by hand.",
                name=self.name or self.display_name,
                currency=own.name,
                foreign=self.currency_id.name,
                found=sum(one.convert(rate) for one in sums),
                found_vat=sum(one.convert(rate) for one in sums[1::2]),
                total=total,
                vat=vat,
            )
        ]
