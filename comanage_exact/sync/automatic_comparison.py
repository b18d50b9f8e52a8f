"""Comparing without being asked: what was booked each night, the last month once.

The night finds what somebody changed or deleted in Exact Online, with one call for what
was changed and one for each 50 bookings. The month finds the rest: what is missing on
either side.
"""

import logging
from datetime import datetime, timedelta

import requests
from dateutil.relativedelta import relativedelta

from odoo import fields

from ..booking import comparison
from ..const import CRON_COMPARISON
from ..exact_api import resources
from ..exact_api.exceptions import (
    ExactError,
    ExactErrorLimit,
    ExactRateLimited,
    ExactRejected,
)
from .connection import open_client
from .isolation import each, isolated, isolated_in_batch
from .scheduled_actions import wake
from .verification import note_missing, note_verified

_logger = logging.getLogger(__name__)

# When the month before is compared: invoices of its last days are booked by then.
FIRST_DAY = 3
MONTHS_KEPT = 24
# Bookings that are read each night; a closed month is changed less often.
RECENT = timedelta(days=35)
# Fewer than the entries of a page, so that none is on a second one.
BATCH = 50
# Calls of a night. Where they do not suffice, the longest not compared come first.
MAX_BATCHES = 20
MAX_CHANGED_PAGES = 10
# Exact writes when an entry was changed in Dutch time and calls it UTC, which is ahead
# of ours; in autumn one hour comes twice.
OVERLAP = timedelta(hours=3)


def find_companies(env):
    """Return the companies that book automatically with a connection of their own."""
    connections = env["exact.connection"].sudo().search([("state", "=", "connected")])
    return connections.company_id.filtered(
        lambda company: (
            company._exact_is_ready()
            and company.exact_trigger != "manual"
            and not company.exact_connection_id._is_stopped()
        )
    )


class MonthlyComparisons:
    """Starts a comparison of the month before, once for each company."""

    def __init__(self, env):
        self.env = env
        today = fields.Date.today()
        self.is_time = today.day >= FIRST_DAY
        self.first = today + relativedelta(months=-1, day=1)
        self.last = today + relativedelta(day=1, days=-1)

    def start(self):
        if not self.is_time:
            return
        for company in each(find_companies(self.env).filtered(self._is_due)):
            with isolated(company):
                self._remove_old(company)
                self._start(company)

    def _is_due(self, company):
        """Tell whether something was booked in the month, and it was not compared."""
        is_started = self.env["exact.comparison"].search_count(
            [
                ("company_id", "=", company.id),
                ("is_automatic", "=", True),
                ("date_from", "=", self.first),
            ],
            limit=1,
        )
        return not is_started and self.env["exact.outbox"].search_count(
            [
                ("company_id", "in", company._exact_get_members().ids),
                ("state", "=", "sent"),
                ("move_id.date", ">=", self.first),
                ("move_id.date", "<=", self.last),
            ],
            limit=1,
        )

    def _start(self, company):
        comparisons = self.env["exact.comparison"].sudo()
        comparisons.create(
            {
                "company_id": company.id,
                "date_from": self.first,
                "date_to": self.last,
                "is_automatic": True,
            }
        )._reset("fetching")

    def _remove_old(self, company):
        limit = self.first - relativedelta(months=MONTHS_KEPT - 1)
        self.env["exact.comparison"].sudo().search(
            [
                ("company_id", "=", company.id),
                ("is_automatic", "=", True),
                ("date_from", "<", limit),
            ]
        ).unlink()


class NightlyComparisons:
    """Compares, once a day for each company, recent bookings with their entries."""

    def __init__(self, env):
        self.env = env

    def run(self):
        companies = find_companies(self.env)
        due = companies.filtered(lambda company: NightlyComparison(company).is_due())
        # Those first that wait longest.
        due = due.sorted(
            lambda company: company.exact_connection_id.compared_at or datetime.min
        )
        for company in each(due):
            with isolated(company):
                NightlyComparison(company).run()


class NightlyComparison:
    """Compares the bookings of one company with their entries; commits each call.

    :param res.company company: with the connection.
    """

    def __init__(self, company):
        self.company = company.sudo()
        self.env = self.company.env
        self.connection = self.company.exact_connection_id
        self.cron = self.env["ir.cron"]
        self.midnight = datetime.combine(fields.Date.today(), datetime.min.time())
        self.asked = set()
        self.is_new = False

    # === WHAT IS DUE === #

    def is_due(self):
        """Tell whether bookings of an earlier day were not compared today."""
        last = self.connection.compared_at
        return not (last and last >= self.midnight) and bool(self._find_next(1))

    def _find_next(self, limit):
        """Return the recent bookings that wait longest to be compared."""
        since = fields.Datetime.now() - RECENT
        return self.env["exact.outbox"].search(
            [
                *self._own_domain(),
                ("id", "not in", list(self.asked)),
                "|",
                ("create_date", ">=", since),
                ("synced_at", ">=", since),
                "|",
                ("compared_at", "=", False),
                ("compared_at", "<", self.midnight),
            ],
            order="compared_at ASC NULLS FIRST, id",
            limit=limit,
        )

    def _own_domain(self):
        return [
            ("company_id", "in", self.company._exact_get_members().ids),
            ("state", "=", "sent"),
            ("exact_guid", "!=", False),
            # A draft is compared once it is confirmed again.
            ("move_id.state", "=", "posted"),
        ]

    # === RUNNING === #

    def run(self):
        """Compare, as far as the limits of Exact Online and the time allow."""
        began_at = fields.Datetime.now()
        try:
            if self._compare():
                self.connection._note_compared(began_at)
            else:
                wake(self.env, CRON_COMPARISON)
        except ExactError as err:
            self.env.cr.rollback()
            _logger.info(
                "Bookings of company %s not compared: %s", self.company.id, err
            )
            if isinstance(err, (ExactRateLimited, ExactErrorLimit)):
                # Else the next run of the scheduled action is near enough.
                wake(self.env, CRON_COMPARISON, err.retry_at)
        if self.is_new:
            # Somebody has to know.
            self.env["exact.outbox"]._trigger_recheck()

    def _compare(self):
        """Return whether nothing is left for today; False where the time is up."""
        with requests.Session() as session:
            if not self._call(session, self._read_changed):
                return False
            for _index in range(MAX_BATCHES):
                outboxes = self._find_next(BATCH)
                if not outboxes:
                    break
                if not self._call(session, self._read_again, outboxes):
                    return False
        return True

    def _call(self, session, read, *args):
        """Read with a client, then commit; return whether there is time left."""
        with open_client(self.connection, session=session) as client:
            read(client, *args)
        return self.cron._commit_progress()

    # === READING === #

    def _read_changed(self, client):
        """Compare what was changed in Exact Online since the last time, however old."""
        since = self.connection.compared_at
        if not since:
            return
        moment = (since - OVERLAP).isoformat(timespec="seconds")
        next_url, pages = None, 0
        try:
            while not pages or (next_url and pages < MAX_CHANGED_PAGES):
                rows, next_url = client.get_page(
                    resources.ENTRIES,
                    next_url,
                    select=resources.SELECT,
                    expand="SalesEntryLines",
                    filter=f"Modified ge datetime'{moment}'",
                )
                pages += 1
                by_guid = {row["EntryID"]: row for row in rows}
                found = self.env["exact.outbox"].search(
                    [*self._own_domain(), ("exact_guid", "in", list(by_guid))]
                )
                self._take(found, by_guid)
        except ExactRejected as err:
            # Not each division allows it; the bookings are read one by one below.
            _logger.info("Changes of company %s: %s", self.company.id, err)

    def _read_again(self, client, outboxes):
        """Compare bookings with their entries; what is not found was deleted."""
        self.asked.update(outboxes.ids)
        wanted = (f"EntryID eq guid'{outbox.exact_guid}'" for outbox in outboxes)
        rows = client.get(
            resources.ENTRIES,
            select=resources.SELECT,
            expand="SalesEntryLines",
            filter=" or ".join(wanted),
        )
        by_guid = {row["EntryID"]: row for row in rows}
        self._take(outboxes, by_guid, is_complete=True)

    def _take(self, outboxes, by_guid, *, is_complete=False):
        """Note how bookings compare with their entries.

        :param bool is_complete: bookings whose entry is not among these have none.
        """
        outboxes.move_id.line_ids.fetch(["tax_ids", "tax_tag_ids"])
        for outbox in outboxes.with_company(self.company).try_lock_for_update():
            self.asked.add(outbox.id)
            with isolated_in_batch(outbox):
                self._note(outbox, by_guid.get(outbox.exact_guid), is_complete)

    def _note(self, outbox, row, is_complete):
        # In the language of who reads the sentence.
        outbox = outbox.with_context(lang=outbox.user_id.lang)
        before = outbox.status
        if row:
            note_verified(outbox, comparison.read_entry(row))
        elif is_complete:
            note_missing(outbox)
        self.is_new |= outbox.status != before
