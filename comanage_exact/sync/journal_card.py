"""Where invoices stand in Exact Online, on the cards of the Invoicing dashboard."""

from collections import Counter

from odoo.tools import formatLang

from . import figures, overview_messages
from .messages import say

# What a card says, by whether there are several, and of which bookings.
LINES = {
    "waiting": (overview_messages.CARD_WAITING, figures.WAITING),
    "attention": (overview_messages.CARD_ATTENTION, figures.ATTENTION),
    "customer": (overview_messages.CARD_CUSTOMER, figures.CUSTOMER),
}
STATUSES = [status for _texts, statuses in LINES.values() for status in statuses]


class JournalCards:
    """The bookings of some journals that wait or need somebody.

    A journal of a company without Exact Online has no bookings, and no lines.
    """

    def __init__(self, journals):
        self.env = journals.env
        self.journals = journals.filtered(lambda journal: journal.type == "sale")

    def describe(self):
        """Return {journal: {line: its text}} of those that have any, with one query."""
        rows = self.env["exact.outbox"]._read_group(
            [("journal_id", "in", self.journals.ids), ("status", "in", STATUSES)],
            ["journal_id", "status"],
            ["__count"],
        )
        counts = {}
        for journal, status, count in rows:
            counts.setdefault(journal, Counter())[status] += count
        return {journal: self._lines(found) for journal, found in counts.items()}

    def _lines(self, counts):
        lines = {}
        for key, (texts, statuses) in LINES.items():
            if count := sum(counts[status] for status in statuses):
                shown = formatLang(self.env, count, digits=0)
                lines[key] = say(self.env, texts[count > 1], count=shown)
        return lines

    def open(self, journal, key):
        """Return the action that shows what a line counts; all without one.

        :param str key: of the line.
        """
        _texts, statuses = LINES.get(key, (None, STATUSES))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "comanage_exact.exact_outbox_action"
        )
        return {
            **action,
            "domain": [
                ("journal_id", "=", journal.id),
                ("status", "in", list(statuses)),
            ],
        }
