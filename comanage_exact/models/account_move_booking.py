from dataclasses import replace

from odoo import models

from ..booking import comparison, sales_entry
from ..exact_api import bodies


class AccountMove(models.Model):
    """The invoice as one side of a comparison with Exact."""

    _name = "account.move"
    _inherit = ["account.move"]

    def _exact_get_booking(self):
        """Return what Odoo's ledger has of this invoice.

        Number, journal, customer and VAT codes are those of the booking, for the
        settings may have changed since.

        :return: comparison.Booking; with a key only if Exact said it has the entry.
        """
        self.ensure_one()
        outbox = self.exact_outbox_id
        is_sent = outbox.state == "sent"
        journal = outbox.exact_journal if is_sent else ""
        request = outbox.request if is_sent else None
        sign = -1 if self.move_type == "out_refund" else 1
        lines = self._exact_get_lines()
        total_dc, vat_dc = self._exact_get_totals_dc()
        return comparison.Booking(
            key=outbox.exact_guid or "" if is_sent else "",
            number=outbox.exact_number if is_sent else self._exact_get_likely_number(),
            day=self.invoice_date,
            journal=journal or self._exact_get_journal().code or "",
            reference=bodies.text(self.name, "your_ref"),
            customer=request["Customer"] if request else self._exact_get_customer(),
            currency=self.currency_id.name,
            total=self._exact_to_decimal(sign * self.amount_total),
            total_dc=total_dc,
            vat_dc=vat_dc,
            by_code=comparison.sum_by_code(self._exact_read_codes(lines, request)),
        )

    def _exact_read_codes(self, lines, request):
        """Return (VAT code, base, VAT) of each line, with the code that was sent.

        :param dict request: as it was sent; None if it was not, or by somebody else.
        """
        codes = [row.vat_code.code or "" for row in lines]
        sent = (
            [line["VATCode"] for line in request["SalesEntryLines"]] if request else []
        )
        if len(sent) == len(codes):
            codes = sent
        return [
            (code, row.amount, row.vat_amount)
            for code, row in zip(codes, lines, strict=True)
        ]

    def _exact_compare_booked(self, row, **booked):
        """Return how an entry differs from this invoice, as text; '' if it does not.

        :param dict row: of SalesEntries, selected by `resources.HEADER`.
        :param booked: fields of comparison.Booking, instead of what the settings say;
            None for what is not compared.
        """
        ours = replace(self._exact_get_booking(), by_code=None, **booked)
        found = comparison.differences(ours, comparison.read_header(row))
        return self._exact_say_differences(found)

    def _exact_say_differences(self, differences):
        """Return a line for each difference from an entry in Exact, '' if none.

        :param list differences: as `comparison.differences` found them.
        """
        return "\n".join(
            self._exact_say_customer_differs()
            if what == "customer"
            else self.env._(
                "%(label)s: %(ours)s in Odoo, %(theirs)s in Exact Online.",
                label=self._exact_label(what),
                ours=sales_entry.shown(ours),
                theirs=sales_entry.shown(theirs),
            )
            for what, ours, theirs in differences
        )

    def _exact_say_customer_differs(self):
        return self.env._(
            "Customer: Exact Online has it on another account than that of "
            "%(customer)s.",
            customer=self.commercial_partner_id.display_name,
        )

    def _exact_say_untold(self, names):
        """Return that Exact left something out of its answer; '' if nothing.

        :param list names: as `comparison.untold` found them.
        """
        if not names:
            return ""
        return self.env._(
            "Exact Online did not tell of its entry: %(names)s. Compare the month in "
            "Customers ▸ Compare with Exact.",
            names=", ".join(self._exact_label(name) for name in names),
        )

    def _exact_label(self, what):
        """Return the name of a difference, see `comparison.differences`."""
        labels = {
            "total": self.env._("Total"),
            "total_dc": self.env._("Total in company currency"),
            "vat": self.env._("VAT"),
            "vat_dc": self.env._("VAT in company currency"),
            "date": self.env._("Date"),
            "journal": self.env._("Journal"),
            "number": self.env._("Entry number"),
            "currency": self.env._("Currency"),
            "customer": self.env._("Customer"),
            "reference": self.env._("Reference"),
            "base": self.env._("Base"),
        }
        if isinstance(what, str):
            return labels[what]
        kind, code = what
        return self.env._("%(name)s of VAT code %(code)s", name=labels[kind], code=code)

    def _exact_get_likely_number(self):
        try:
            return str(self._exact_get_entry_number())
        except (ValueError, OverflowError):
            return ""
