"""Whether the entry of a booking still is in Exact Online, and what is in its place."""

from datetime import timedelta

from ..booking import comparison
from ..exact_api import bodies, odata, resources
from ..mappers.sales_entry import SalesEntryMapper
from .late_entries import find_late_entries

# References may start again, but not within a year.
SAME_REFERENCE = timedelta(days=366)


class EntryProof:
    """Looks for the entry of a booking by its ID, then by number and reference.

    :param exact.outbox outbox: in the company that has the settings, as superuser.
    :param ExactClient client: of its division.
    """

    def __init__(self, outbox, client):
        self.outbox = outbox
        self.move = outbox.move_id
        self.client = client

    def find(self):
        """Return the entry with its lines; None if Exact no longer has it.

        One that is known by its number alone gets its ID first.
        """
        if not self.outbox.exact_guid:
            owner = self.outbox.company_id.sudo().exact_owner_id
            find_late_entries(owner, self.client)
        if not self.outbox.exact_guid:
            return None
        rows = self.client.get(
            resources.ENTRIES,
            select=resources.WHOLE,
            expand="SalesEntryLines",
            filter=f"EntryID eq guid'{self.outbox.exact_guid}'",
        )
        guid = self.outbox.exact_guid.lower()
        return next((row for row in rows if row["EntryID"].lower() == guid), None)

    def find_other(self):
        """Return an entry that has number or reference of the booking; None if none.

        Entries of other invoices do not count.
        """
        for condition in (self._by_number(), self._by_reference()):
            rows = self.client.get(
                resources.ENTRIES, select=resources.HEADER, filter=condition
            )
            if others := self._pick(rows):
                return others[0]
        return None

    def find_reference(self):
        """Return the entries with the reference of the invoice, whatever the journal.

        Entries of other invoices do not count.
        """
        rows = self.client.get(
            resources.ENTRIES,
            select=f"{resources.HEADER},Document",
            filter=self._by_reference(),
        )
        return self._pick(rows)

    def _by_number(self):
        outbox = self.outbox
        sent = (outbox.request or {}).get("ReportingYear")
        year = sent or SalesEntryMapper(self.move).financial_year
        return (
            f"Journal eq {odata.quoted(outbox.exact_journal)} "
            f"and EntryNumber eq {outbox.exact_number} and ReportingYear eq {year}"
        )

    def _by_reference(self):
        names = {self.outbox.booked_name, self.move.name} - {False, None, ""}
        references = {bodies.text(name, "your_ref") for name in names}
        return " or ".join(
            f"YourRef eq {odata.quoted(name)}" for name in sorted(references)
        )

    def _pick(self, rows):
        return [
            row
            for row in rows
            if self.is_near(row) and not self.move._exact_find_other_of_entry(row)
        ]

    def is_near(self, row):
        """Tell whether an entry is of a time when its reference is that of ours."""
        day, own = comparison.read_header(row).day, self.move.invoice_date
        return not day or not own or abs(day - own) <= SAME_REFERENCE
