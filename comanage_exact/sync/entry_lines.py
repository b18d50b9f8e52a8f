"""Reading the lines of entries of which Exact Online returned only some."""

from ..exact_api import odata, resources
from ..exact_api.odata import collection

# Entries of one look-up by ID: more would make the address too long.
BATCH = 30


class EntryLineReader:
    """Reads the lines of such entries of a comparison on their own, page by page.

    :param exact.comparison record: as superuser.
    """

    def __init__(self, record):
        self.record = record
        self.entries = record.line_ids.filtered("has_more_lines")[:BATCH]

    def read_next(self, client):
        """Read the next page of lines; False if no entry has more of them."""
        record = self.record
        if not self.entries:
            return False
        ids = (f"EntryID eq guid'{one.exact_guid}'" for one in self.entries)
        rows, next_url = client.get_page(
            resources.ENTRY_LINES,
            record.next_lines_url,
            select=resources.SELECT_LINES,
            filter=" or ".join(ids),
        )
        if not record.next_lines_url:
            # Those that came with the entries come again.
            self._store({one.exact_guid: [] for one in self.entries})
        found = {}
        for row in rows:
            found.setdefault(row["EntryID"], []).append(odata.to_json(row))
        self._store(found, is_added=True)
        if not next_url:
            self.entries.has_more_lines = False
        record.write(
            {
                "next_lines_url": next_url,
                "call_count": record.call_count + 1,
                "failed_calls": 0,
                "problem": False,
            }
        )
        return True

    def _store(self, lines, *, is_added=False):
        """Replace the lines of entries, or add to them.

        :param dict lines: {GUID: lines}
        """
        for one in self.entries.filtered(lambda one: one.exact_guid in lines):
            known = collection(one.entry["SalesEntryLines"]) if is_added else []
            of_entry = {"results": [*known, *lines[one.exact_guid]]}
            one.entry = {**one.entry, "SalesEntryLines": of_entry}
