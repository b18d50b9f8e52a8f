"""Verifying booked invoices whose answer left something out, such as its VAT.

Exact Online may answer a booking without VAT and lines. The entries are read once with
the next list of entries that is read anyway: a look-up, a comparison, else the nightly
lists, 60 entries a call. Until then the invoice says that it is not verified yet.
"""

import logging
from dataclasses import replace

from ..booking import comparison
from ..exact_api import resources
from ..exact_api.exceptions import ExactError
from ..mappers.sales_entry import SalesEntryMapper
from . import messages
from .connection import open_client
from .late_entries import find_due, find_late_entries

_logger = logging.getLogger(__name__)

# Entries of one call: a page, and far below the longest address that Exact takes.
BATCH = 60
# Those that a look-up of another invoice takes along.
WITH_A_LOOK_UP = 30


class Verification:
    """The next bookings of a company that are to be verified.

    :param res.company owner: that has the connection, as superuser.
    :param int after: id of the booking that comes before them.
    """

    def __init__(self, owner, limit=BATCH, *, after=0):
        self.owner = owner
        self.env = owner.env
        self.due = self.env["exact.outbox"].search(
            [
                ("id", ">", after),
                ("is_verification_due", "=", True),
                # The others are found by `late_entries` first.
                ("exact_guid", "!=", False),
                ("state", "=", "sent"),
                ("company_id", "in", owner._exact_get_members().ids),
                # A draft is compared once it is confirmed again.
                ("move_id.state", "=", "posted"),
            ],
            order="id",
            limit=limit,
        )

    @property
    def condition(self):
        """The filter that finds their entries."""
        return " or ".join(f"EntryID eq guid'{row.exact_guid}'" for row in self.due)

    def extend(self, condition):
        """Return a filter that finds their entries as well."""
        return f"({condition}) or {self.condition}" if self.due else condition

    def take(self, rows):
        """Verify the bookings whose entries are among `rows`; return the others.

        :param list rows: of SalesEntries, with or without their lines.
        """
        by_guid = {row["EntryID"]: row for row in rows}
        for outbox in self.due.try_lock_for_update():
            row = by_guid.get(outbox.exact_guid)
            if row and outbox.is_verification_due:
                self._verify(outbox, row)
        known = set(self.due.mapped("exact_guid"))
        return [row for row in rows if row["EntryID"] not in known]

    def run(self, client):
        """Read their entries with one call, and verify them.

        :raise ExactError: see `ExactClient.get`.
        """
        rows = client.get(
            resources.ENTRIES,
            select=resources.SELECT,
            expand="SalesEntryLines",
            filter=self.condition,
        )
        self.take(rows)
        found = {row["EntryID"] for row in rows}
        for outbox in self.due.filtered(lambda one: one.exact_guid not in found):
            note_missing(self._localize(outbox))

    def _verify(self, outbox, row):
        outbox = self._localize(outbox)
        note_verified(outbox, comparison.read_entry(row))

    def _localize(self, outbox):
        """Return a booking in the language of who reads the sentence."""
        outbox = outbox.with_company(self.owner)
        return outbox.with_context(lang=outbox.user_id.lang)


def note_verified(outbox, theirs):
    """Store whether an entry, read again, is equal to its invoice.

    :param exact.outbox outbox: booked, in the company that has the settings.
    :param comparison.Booking theirs: the entry.
    """
    move = outbox.move_id
    # People may write a text of their own there.
    ours = replace(SalesEntryMapper(move).booked(), reference=None)
    found = comparison.differences(ours, theirs)
    if not found and outbox._may_differ_in_lines(theirs):
        # Its lines did not come with it.
        return
    missing = comparison.unconfirmed_fields(theirs)
    text = messages.booked_text(outbox, found, missing)
    outbox._note_verified(
        text,
        found=comparison.describe(found, theirs),
        **({} if missing else rounding_values(outbox, found, ours)),
    )


def note_missing(outbox):
    """Store that Exact Online has no entry of a booking any longer."""
    text = messages.booking_text(
        outbox, messages.ENTRY_NOT_FOUND, number=outbox.exact_number
    )
    outbox._note_finding("deleted", text, is_verification_due=False)


def rounding_values(outbox, found, ours=None):
    """Return the field values that say whether only accepted cents differ.

    :param exact.outbox outbox: booked.
    :param list found: as `comparison.differences` found them.
    :param comparison.Booking ours: the invoice, if its lines were compared.
    """
    is_only = comparison.is_rounding(found, outbox._get_rounding_limit(), ours)
    difference = comparison.rounding_of(found) if is_only else 0
    return {
        "is_rounding_only": is_only,
        "rounding_difference": float(difference),
    }


def _find_late_entries(company):
    if find_due(company):
        with open_client(company.exact_connection_id) as client:
            find_late_entries(company, client)
        company.env["ir.cron"]._commit_progress()


def verify_booked(company):
    """Verify what is due of a company with the nightly lists; commits each call."""
    company, last_id = company.sudo(), 0
    try:
        _find_late_entries(company)
        while (verification := Verification(company, after=last_id)).due:
            last_id = verification.due[-1].id
            with open_client(company.exact_connection_id) as client:
                verification.run(client)
            if not company.env["ir.cron"]._commit_progress():
                break
    except ExactError as err:
        company.env.cr.rollback()
        _logger.info("Bookings of company %s are not verified: %s", company.id, err)
