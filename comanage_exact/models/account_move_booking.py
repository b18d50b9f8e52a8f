from odoo import models

from .. import payload, proof


class AccountMove(models.Model):
    """The invoice as one side of a comparison with Exact."""

    _name = "account.move"
    _inherit = ["account.move"]

    def _exact_get_booking(self):
        """Return what Odoo's ledger has of this invoice.

        :return: proof.Booking; with a key only if Exact told that it has the entry.
        """
        self.ensure_one()
        outbox = self.exact_outbox_id
        is_sent = outbox.state == "sent"
        sign = -1 if self.move_type == "out_refund" else 1
        lines = self._exact_get_lines()
        total_dc, vat_dc = self._exact_get_totals_dc()
        return proof.Booking(
            key=outbox.exact_guid or "" if is_sent else "",
            number=outbox.exact_number if is_sent else self._exact_get_likely_number(),
            day=self.invoice_date,
            journal=self._exact_get_journal().code or "",
            reference=payload.text(self.name, "your_ref"),
            customer=self._exact_get_customer(),
            currency=self.currency_id.name,
            total=self._exact_to_decimal(sign * self.amount_total),
            total_dc=total_dc,
            vat_dc=vat_dc,
            by_code=proof.sum_by_code(
                (row.vat_code.code or "", row.amount, row.vat_amount) for row in lines
            ),
        )

    def _exact_get_likely_number(self):
        try:
            return str(self._exact_get_entry_number())
        except (ValueError, OverflowError):
            return ""
