from odoo import models


class ExactOutbox(models.Model):
    """How an entry in Exact differs from its invoice, in the words of users."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    def _say_differences(self, differences):
        """Return a line for each difference; '' if there is none.

        :param list differences: as `payload.differences` found them.
        """
        return "\n".join(
            self._say_difference(name, wanted, found)
            for name, wanted, found in differences
        )

    def _say_difference(self, name, wanted, found):
        if name == "Customer":
            return self.env._(
                "Customer: Exact Online booked it on another account than that of "
                "%(customer)s.",
                customer=self.partner_id.display_name,
            )
        labels = {
            "AmountFC": self.env._("Total"),
            "AmountDC": self.env._("Total in company currency"),
            "VATAmountFC": self.env._("VAT"),
            "VATAmountDC": self.env._("VAT in company currency"),
            "Journal": self.env._("Journal"),
            "EntryNumber": self.env._("Entry number"),
            "EntryDate": self.env._("Date"),
            "Currency": self.env._("Currency"),
            "YourRef": self.env._("Reference"),
        }
        return self.env._(
            "%(label)s: %(wanted)s in Odoo, %(found)s in Exact Online.",
            label=labels.get(name, name),
            wanted=wanted,
            found=found,
        )
