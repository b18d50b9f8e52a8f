from odoo import models

from ..booking import sales_entry
from ..exact_api import odata, resources

# Of an entry that is not ours: what a person needs to find and judge it.
SHOWN = (
    "Journal",
    "EntryNumber",
    "EntryDate",
    "YourRef",
    "CustomerName",
    "AmountFC",
)


class ExactOutbox(models.Model):
    """The look-up: finding in Exact what a lost answer would have told."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    def _find_entry(self, client):
        """Look in Exact for the entry of the last request.

        By journal, number and year, which Exact keeps unique; then by YourRef, for the
        year of the books need not be the calendar's.

        :return: (ours, foreign), each a row of Exact or None; never both.
        """
        request = self.request
        if not request:
            # The worker died before it had anything to send.
            return None, None
        journal = f"Journal eq {odata.quoted(request['Journal'])}"
        by_number = (
            f"{journal} and EntryNumber eq {request['EntryNumber']} "
            f"and ReportingYear eq {request['EntryDate'][:4]}"
        )
        by_reference = f"{journal} and YourRef eq {odata.quoted(request['YourRef'])}"
        foreign = None
        for condition in (by_number, by_reference):
            rows = client.get(
                resources.ENTRIES,
                select=f"{resources.HEADER},Document",
                filter=condition,
            )
            for row in rows:
                is_taken = self.move_id._exact_find_other_of_entry(row)
                if sales_entry.is_ours(request, row) and not is_taken:
                    return row, None
                foreign = foreign or row
        return None, foreign

    def _adopt(self, row):
        """Take an entry that Exact has as the result of our request."""
        request = self.request
        self._note_booked(
            row["EntryID"],
            row["EntryNumber"],
            request["Journal"],
            self.move_id._exact_compare_booked(
                row,
                number=str(request["EntryNumber"]),
                journal=request["Journal"],
                customer=request["Customer"],
            ),
            **self._get_document_values(row.get("Document")),
        )
