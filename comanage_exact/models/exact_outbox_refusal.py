from odoo import models

from ..exact_api import refusals
from ..exact_api.resources import ACCOUNTS


class ExactOutbox(models.Model):
    """A refusal of Exact as a person reads it: what, of which record, and the cure."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    def _say_refused(self, err):
        """Return the sentence for a refusal.

        :param ExactRejected err: its messages are quoted as Exact wrote them.
        """
        reason = "; ".join(message.rstrip(".") for message in err.messages)
        cure = self._say_cure(refusals.classify(err.messages))
        if err.resource == ACCOUNTS:
            return self.env._(
                "Exact Online refused the customer %(customer)s: %(reason)s. %(cure)s",
                customer=self.partner_id.display_name,
                reason=reason,
                cure=cure or self._say_cure_of_customer(),
            )
        return self.env._(
            "Exact Online refused %(name)s: %(reason)s. %(cure)s",
            name=self.move_id.name,
            reason=reason,
            cure=cure or self._say_cure_of_invoice(),
        )

    def _get_refusal_cause(self, err):
        """Return what other invoices are refused for as well.

        A refused customer is a cause of his own.
        """
        about = self.partner_id.id if err.resource == ACCOUNTS else ""
        texts = "; ".join(err.messages).replace(self.move_id.name, "")
        return f"{err.resource} {about} {texts}"

    def _say_cure_of_customer(self):
        return self.env._("Correct the contact and press Send to Exact again.")

    def _say_cure_of_invoice(self):
        return self.env._("Remove the cause and press Send to Exact again.")

    def _say_cure(self, kind):
        """Return what to do about a kind of refusal; None where only the text helps."""
        return self._say_cure_in_exact(kind) or self._say_cure_in_odoo(kind)

    def _say_cure_in_exact(self, kind):
        """Return the cure of what somebody has to change in Exact."""
        cures = {
            refusals.FINANCIAL_YEAR: self.env._(
                "Create the financial year of this date in Exact Online, then press "
                "Send to Exact again."
            ),
            refusals.PERIOD_CLOSED: self.env._(
                "Open the period in Exact Online, or give the invoice a date in an "
                "open one, then press Send to Exact again."
            ),
            refusals.CUSTOMER_TYPE: self.env._(
                "Give the account in Exact Online the status Customer, then press Send "
                "to Exact again."
            ),
            refusals.RATE_NOT_ALLOWED: self.env._(
                "Allow other currencies and rates on the journal in Exact Online, or "
                "choose another journal, then press Send to Exact again."
            ),
            refusals.RECEIVABLE_ACCOUNT: self.env._(
                "Give the customer in Exact Online the receivables account of the "
                "sales journal, then press Send to Exact again."
            ),
            refusals.PROCESSED: self.env._(
                "Exact Online has processed it already: ask your accountant to look at "
                "it there."
            ),
        }
        return cures.get(kind)

    def _say_cure_in_odoo(self, kind):
        """Return the cure of what is chosen or filled in here."""
        cures = {
            refusals.JOURNAL: self.env._(
                "Choose a sales journal on the company, page Exact Online, or on the "
                "journal, then press Send to Exact again."
            ),
            refusals.GL_TYPE: self.env._(
                "Choose a revenue account as the G/L account of Exact, on the account "
                "of the line or on the company, then press Send to Exact again."
            ),
            refusals.VAT_NOT_ALLOWED: self.env._(
                "Choose another VAT code of Exact on the tax, or allow VAT on the G/L "
                "account in Exact Online, then press Send to Exact again."
            ),
            refusals.VAT_WITHOUT_VAT: self.env._(
                "The tax has a VAT code of Exact without VAT: choose another one on "
                "the tax, then press Send to Exact again."
            ),
            refusals.REFERENCE: self.env._(
                "Something chosen in Odoo is gone from Exact Online: press Refresh "
                "lists on the company, page Exact Online, choose anew what is missing "
                "there, then press Send to Exact again."
            ),
            refusals.MANDATORY: self.env._(
                "Fill in what is missing, here or in Exact Online, then press Send to "
                "Exact again."
            ),
            refusals.UNBALANCED: self.env._(
                "The amounts do not add up for Exact Online: ask your administrator to "
                "report it with the calls listed on the forwarding."
            ),
            refusals.REQUEST: self.env._(
                "Exact Online did not understand Odoo: ask your administrator to "
                "report it with the calls listed on the forwarding."
            ),
        }
        return cures.get(kind)
