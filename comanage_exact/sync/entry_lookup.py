"""Looking for the entry of an invoice whose answer was lost."""

from ..booking import sales_entry
from ..exact_api import odata, resources
from ..mappers.sales_entry import SalesEntryMapper
from .entry_proof import EntryProof
from .verification import WITH_A_LOOK_UP, Verification


class EntryLookup:
    """Looks for what the last request of a booking has left in Exact Online.

    :param exact.outbox outbox: in the company that has the settings, as superuser.
    :param ExactClient client: of its division.
    """

    def __init__(self, outbox, client):
        self.env = outbox.env
        self.move = outbox.move_id
        self.request = outbox.request
        self.client = client
        self.proof = EntryProof(outbox, client)

    def find(self):
        """Look in Exact for the entry of the last request.

        By journal, number and year, which Exact keeps unique; then by YourRef, for the
        year of the books need not be the calendar's, and somebody may have moved the
        entry to another journal.

        :return: (ours, foreign), each a row of Exact or None; never both.
        """
        request = self.request
        if not request:
            # The worker died before it had anything to send.
            return None, None
        journal = f"Journal eq {odata.quoted(request['Journal'])}"
        by_number = (
            f"{journal} and EntryNumber eq {request['EntryNumber']} "
            f"and ReportingYear eq {self._get_financial_year()}"
        )
        by_reference = f"YourRef eq {odata.quoted(request['YourRef'])}"
        foreign = moved = None
        verification = Verification(self.env.company.sudo(), WITH_A_LOOK_UP)
        for condition in (verification.extend(by_number), by_reference):
            rows = self.client.get(
                resources.ENTRIES,
                select=f"{resources.HEADER},Document",
                filter=condition,
            )
            for row in self._pick(rows, verification):
                is_taken = self.move._exact_find_other_of_entry(row)
                if sales_entry.is_ours(request, row) and not is_taken:
                    return row, None
                if self._is_elsewhere(row):
                    # One that stays there under a name of ours is no obstacle.
                    is_shown = not is_taken and self.proof.is_near(row)
                    moved = moved or (row if is_shown else None)
                    continue
                foreign = foreign or row
        return None, moved or foreign

    def _is_elsewhere(self, row):
        """Tell whether an entry is in another journal than the last request."""
        own = self.request["Journal"]
        return (row.get("Journal") or own).strip() != own

    def _pick(self, rows, verification):
        """Return what a look-up found, without what only a verification asked for.

        The entry that has our number may be one that is verified with it.
        """
        others = verification.take(rows)
        place = (self.request["Journal"], str(self.request["EntryNumber"]))
        year = self._get_financial_year()
        return others + [
            row
            for row in rows
            if row not in others
            and (row["Journal"].strip(), str(row["EntryNumber"])) == place
            and row.get("ReportingYear", year) == year
        ]

    def _get_financial_year(self):
        """Return the year in which Exact has the entry of the last request."""
        # The periods may not have been known when it was sent.
        sent = self.request.get("ReportingYear")
        return sent or SalesEntryMapper(self.move).financial_year
