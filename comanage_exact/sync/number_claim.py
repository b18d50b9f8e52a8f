"""Claiming an entry number, so that no two invoices are sent with the same one."""

from psycopg2.errors import UniqueViolation

from . import number_messages


class NumberClaim:
    """Claims a booking with its number before anything of it is sent.

    Exact Online keeps numbers unique per division, journal and financial year,
    whichever companies of Odoo book there.

    :param exact.outbox outbox: locked, in the company that has the settings.
    :param SalesEntry entry: that is sent next.
    :param int division: that it is sent to.
    """

    def __init__(self, outbox, entry, division):
        self.outbox = outbox
        self.env = outbox.env
        self.journal = entry.journal
        self.number = entry.entry_number
        # What is left to Exact Online goes into the year of the entry date.
        self.year = entry.reporting_year or entry.entry_date.year
        site = self.env.company.sudo().exact_site
        self.key = claim_key(site, division, self.journal, self.year, self.number)

    def take(self, request, rounding_limit):
        """Claim booking and number, as `exact.outbox._claim`; the caller commits.

        :return: False if another invoice has the number: the booking failed.
        """
        holder = self.outbox._find_claim(self.key)
        if not holder:
            try:
                self.outbox._claim(request, rounding_limit, claimed_number=self.key)
                self.outbox.flush_recordset()
                return True
            except UniqueViolation:
                # Another worker was faster; a new transaction sees what it claimed.
                self.env.cr.rollback()
            holder = self.outbox._find_claim(self.key)
            if not self.outbox.try_lock_for_update() or self.outbox.state != "pending":
                return False
        text = number_messages.claimed_text(self, holder)
        self.outbox._fail("conflict", text)
        return False


def claim_key(site, division, journal, year, number):
    """Return what no two invoices may claim; False if a part is not known."""
    parts = (site, division, (journal or "").strip(), year, number)
    return " ".join(map(str, parts)) if all(parts) else False
