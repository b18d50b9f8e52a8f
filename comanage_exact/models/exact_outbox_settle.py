from decimal import Decimal

from odoo import models

from ..booking import sales_entry
from ..exact_api import odata
from ..exact_api.exceptions import (
    ExactCustomerInDoubt,
    ExactErrorLimit,
    ExactRateLimited,
    ExactRejected,
    ExactUnconfirmed,
)
from .exact_outbox_lookup import SHOWN


class ExactOutbox(models.Model):
    """What an error means for a row, and how a person reads it."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    def _settle(self, err):
        """Write the state that the class of an error stands for."""
        if isinstance(err, ExactUnconfirmed) or self.state == "unconfirmed":
            # A look-up that is refused tells nothing of the entry.
            self._doubt(self._say_in_doubt())
        elif isinstance(err, ExactRejected):
            cause = self._get_refusal_cause(err)
            self._fail("refused", self._say_refused(err), cause)
        elif isinstance(err, ExactErrorLimit):
            self._postpone(err.retry_at, "refused", self._say_error_limit(err))
        elif isinstance(err, ExactCustomerInDoubt):
            self._postpone(err.retry_at, "unconfirmed", self._say_customer_in_doubt())
        elif isinstance(err, ExactRateLimited):
            self._postpone(err.retry_at, "unreachable", self._say_unreachable())
        else:
            self._retry_later("unreachable", self._say_unreachable())

    def _settle_bug(self):
        """Leave a row in order after an error of ours, whatever it had reached."""
        if self.state == "pending":
            self._fail("internal", self._say_bug())
        elif self.state in ("sending", "unconfirmed"):
            # Exact may have it: the look-up will tell, and then try again.
            self._doubt(self._say_bug())

    def _fail_on_conflict(self, row):
        """Stop at an entry in Exact that is not ours, and keep it to be shown."""
        shown = {name: str(row.get(name) or "").strip() for name in SHOWN}
        shown["EntryDate"] = str(odata.read_date(row.get("EntryDate")) or "")
        self.foreign_entry = shown
        self._fail("conflict", self._say_conflict(row))

    def _note_difference(self, difference):
        """Keep how the entry in Exact differs from the invoice; False if not at all."""
        self.write({"difference": difference, "verified": not difference})

    def _say_conflict(self, row):
        if (row["YourRef"] or "").strip() == self.request["YourRef"]:
            return self.env._(
                "Entry %(number)s of journal %(journal)s in Exact Online has the "
                "reference %(name)s, but the total %(amount)s. Correct or delete it in "
                "Exact, then press Send to Exact again.",
                number=row["EntryNumber"],
                journal=self.request["Journal"],
                name=self.move_id.name,
                amount=sales_entry.shown(Decimal(row["AmountFC"] or 0)),
            )
        return self.env._(
            "Entry %(number)s of journal %(journal)s in Exact Online is not %(name)s: "
            "it has the reference “%(reference)s”, the customer %(customer)s and the "
            "total %(amount)s. Change the prefix or suffix on the company, or the "
            "entry in Exact, and press Send to Exact again.",
            number=row["EntryNumber"],
            journal=self.request["Journal"],
            name=self.move_id.name,
            reference=(row["YourRef"] or "").strip(),
            customer=(row["CustomerName"] or "").strip(),
            amount=sales_entry.shown(Decimal(row["AmountFC"] or 0)),
        )

    def _say_in_doubt(self):
        return self.env._(
            "The answer of Exact Online for %(name)s was lost on the way. Odoo looks "
            "in Exact whether it arrived before it tries again; nothing is to be done.",
            name=self.move_id.name,
        )

    def _say_customer_in_doubt(self):
        return self.env._(
            "%(name)s waits until it is sure whether Exact Online has created the "
            "customer %(customer)s; nothing is to be done.",
            name=self.move_id.name,
            customer=self.partner_id.display_name,
        )

    def _say_interrupted(self):
        return self.env._(
            "Odoo was interrupted while it sent %(name)s. It looks in Exact Online "
            "whether the invoice arrived; nothing is to be done.",
            name=self.move_id.name,
        )

    def _say_error_limit(self, err):
        return self.env._(
            "%(name)s waits for the next hour, since Exact Online refused %(count)s "
            "calls to %(resource)s within this one. Solve the failed invoices "
            "meanwhile.",
            name=self.move_id.name,
            count=err.count,
            resource=err.resource,
        )

    def _say_unreachable(self):
        return self.env._(
            "Exact Online could not be reached or takes no more calls, so %(name)s "
            "waits. Odoo tries again by itself; after six attempts press Send to "
            "Exact.",
            name=self.move_id.name,
        )

    def _say_bug(self):
        return self.env._(
            "Odoo ran into an error of its own with %(name)s. Ask your administrator "
            "to look into the log of the server, then press Send to Exact again.",
            name=self.move_id.name,
        )
