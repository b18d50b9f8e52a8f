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
        if move.exact_outbox_id.state not in NOT_ASKED:
            return ""
        start = self.company.exact_start_date
        if not start and self.company.exact_trigger != "manual":
            return self._say("off")
        day = move.invoice_date or move.date
        if start and day < start:
            return self._say("before_start", start=messages.shown(self.env, start))
        if move.journal_id.exact_manual_only:
            return self._say("journal", journal=move.journal_id.name)
        partner = move.commercial_partner_id
        if self._is_customer_manual(partner, move.company_id):
            return self._say("customer", customer=partner.display_name)
        return ""

    def _is_customer_manual(self, partner, company):
        key = (partner.id, company.id)
        if key not in self._is_manual:
            companies = company | self.company
            self._is_manual[key] = any(
                partner.with_company(one).exact_manual_only for one in companies
            )
        return self._is_manual[key]

    def _say(self, reason, **values):
        text = comparison_messages.LEFT_OUT[reason]
        return messages.say(self.env, text, company=self.company.name, **values)
