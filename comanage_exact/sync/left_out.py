"""Invoices that somebody left out of automatic booking on purpose."""

from . import comparison_messages, messages

# A booking that somebody asked for is no longer left out.
NOT_ASKED = (False, "cancelled")


class LeftOut:
    """Tells why invoices are not booked automatically.

    :param res.company company: that has the settings, as superuser.
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self._is_manual = {}

    def explain(self, move):
        """Return why an invoice was left out on purpose; '' if it was not."""
        reason = self.find(move)
        if not reason:
            return ""
        start = self.company.exact_start_date
        return messages.say(
            self.env,
            comparison_messages.LEFT_OUT[reason],
            company=self.company.name,
            start=messages.shown(self.env, start) if start else "",
            journal=move.journal_id.name,
            customer=move.commercial_partner_id.display_name,
        )

    def find(self, move):
        """Return the key of that reason; '' if an invoice was not left out."""
        if move.exact_outbox_id.state not in NOT_ASKED:
            return ""
        start = self.company.exact_start_date
        if not start and move._exact_get_trigger() != "manual":
            return "off"
        day = move.invoice_date or move.date
        if start and day < start:
            return "before_start"
        if move.journal_id.exact_manual_only:
            return "journal"
        is_manual = self._is_customer_manual(
            move.commercial_partner_id, move.company_id
        )
        return "customer" if is_manual else ""

    def _is_customer_manual(self, partner, company):
        key = (partner.id, company.id)
        if key not in self._is_manual:
            companies = company | self.company
            self._is_manual[key] = any(
                partner.with_company(one).exact_manual_only for one in companies
            )
        return self._is_manual[key]
