"""Comparing a period with Exact Online: reading its entries, then the comparison."""

import functools
import time
from datetime import timedelta

import requests

from odoo import fields
from odoo.exceptions import UserError

from ..booking import comparison
from ..const import CRON_COMPARISON
from ..exact_api import odata, resources
from ..exact_api.exceptions import (
    ExactError,
    ExactErrorLimit,
    ExactRateLimited,
    ExactUnavailable,
)
from . import comparison_messages, messages
from .automatic_comparison import MonthlyComparisons, NightlyComparisons
from .comparison_result import ComparedInvoices, ComparisonResult
from .connection import open_client
from .entry_lines import EntryLineReader
from .isolation import each, isolated
from .other_journals import find_used_codes
from .scheduled_actions import wake

# Entries of one look-up by ID: more would make the address too long.
LOOKUP_BATCH = 30
# Invoices that are compared while somebody waits; more are left to the cron.
COMPARED_AT_ONCE = 500
# Where Exact cannot be reached: an hour of trying.
RETRY_AFTER = timedelta(minutes=5)
MAX_FAILED_CALLS = 12


class ComparisonRun:
    """Reads the entries of a period page by page, and compares after the last one.

    What it has read is on the record, so another run continues where this one ends.

    :param exact.comparison record: as superuser, locked, in the language of who reads
        the sentences.
    """

    def __init__(self, record):
        record.ensure_one()
        self.record = record
        self.env = record.env
        self.company = record.company_id

    def run(self, *, until=None, on_page=None):
        """Read and compare, as far as the limits of Exact Online and `until` allow.

        :param float until: when to leave the rest to the cron, by the monotonic clock.
        :param on_page: called after each page; the cron commits. False ends the run.
        :raise UserError: the company is not ready, or has no journal to compare.
        """
        self.company._exact_check_ready()
        connection = self.company.exact_connection_id
        try:
            with requests.Session() as session:
                with open_client(connection, session=session) as client:
                    while self.is_unfinished and self._has_time(until):
                        self._read_next(client)
                        if on_page and not on_page():
                            break
        except (ExactRateLimited, ExactErrorLimit) as err:
            wake(self.env, CRON_COMPARISON, err.retry_at)
        except ExactUnavailable as err:
            self._retry_later(err)
        except ExactError as err:
            self._fail(messages.explain_connection(self.company, err))
        else:
            if self.is_unfinished:
                wake(self.env, CRON_COMPARISON)

    @property
    def invoices(self):
        """Odoo's side; read again, because somebody may change the days meanwhile."""
        return ComparedInvoices(self.record)

    @property
    def is_unfinished(self):
        return self.record.state == "fetching"

    def _has_time(self, until):
        """Tell whether the next step may be taken while somebody waits for it."""
        if until is None:
            return True
        if time.monotonic() >= until:
            return False
        is_long = self.record.is_read and self.invoices.are_more_than(COMPARED_AT_ONCE)
        return not is_long

    # === READING === #

    def _read_next(self, client):
        """Read the next page, or compare if there is none."""
        record, looked_up, conditions = self.record, [], None
        if record.is_read:
            looked_up = self._get_moved_guids()[:LOOKUP_BATCH]
            if not looked_up:
                if not EntryLineReader(record).read_next(client):
                    ComparisonResult(record).store()
                return
            conditions = " or ".join(f"EntryID eq guid'{guid}'" for guid in looked_up)
        elif not record.next_url:
            record.journal_codes = sorted(self._get_journal_codes())
            # Of all sales journals: somebody may have typed an invoice into another. An
            # entry of another day may be in these periods, and the reverse.
            conditions = resources.entries_between(
                record.date_from,
                record.date_to,
                (),
                self.invoices.calendar.spans(record.date_from, record.date_to),
            )
        rows, next_url = client.get_page(
            resources.ENTRIES,
            record.next_url,
            select=resources.SELECT,
            expand="SalesEntryLines",
            filter=conditions,
        )
        self._store(rows)
        record.write(
            {
                "next_url": next_url,
                "is_read": not next_url,
                "asked_guids": [*(record.asked_guids or []), *looked_up],
                "call_count": record.call_count + 1,
                "failed_calls": 0,
                "problem": False,
            }
        )

    def _store(self, rows):
        """Store entries as Exact returned them, each once."""
        lines = self.env["exact.comparison.line"]
        new = {row["EntryID"]: row for row in rows}
        known = lines.search(
            [("comparison_id", "=", self.record.id), ("exact_guid", "in", list(new))]
        )
        for guid in known.mapped("exact_guid"):
            del new[guid]
        lines.create(
            [
                {
                    "comparison_id": self.record.id,
                    "kind": "fetched",
                    "exact_guid": guid,
                    "entry": odata.to_json(row),
                    "has_more_lines": comparison.has_more_lines(row),
                }
                for guid, row in new.items()
            ]
        )

    def _get_moved_guids(self):
        """Return GUIDs of our entries that are no longer in the period in Exact.

        Somebody gave them another date, period or journal there, or deleted them.
        """
        record = self.record
        known = {*record.line_ids.mapped("exact_guid"), *(record.asked_guids or [])}
        return [guid for guid in self.invoices.get_booked_guids() if guid not in known]

    def _get_journal_codes(self):
        """Return the codes of the journals in Exact that invoices are booked in.

        :raise UserError: there is none.
        """
        codes = find_used_codes(self.invoices)
        if not codes:
            raise UserError(
                messages.say(
                    self.env,
                    comparison_messages.COMPARISON_WITHOUT_JOURNAL,
                    company=self.company.name,
                )
            )
        return codes

    # === WHAT FAILS === #

    def _retry_later(self, err):
        """Wait for Exact to be reached, but not for ever."""
        failed = self.record.failed_calls + 1
        if failed > MAX_FAILED_CALLS:
            self._fail(
                messages.say(
                    self.env,
                    comparison_messages.COMPARISON_UNREACHABLE,
                    company=self.company.name,
                )
            )
            return
        self.record.write(
            {
                "failed_calls": failed,
                "problem": messages.explain_connection(self.company, err),
            }
        )
        moment = fields.Datetime.now() + RETRY_AFTER
        wake(self.env, CRON_COMPARISON, moment)

    def _fail(self, problem):
        self.record.write({"state": "failed", "problem": problem})


class ComparisonCron:
    """Starts what is compared without being asked, and continues all comparisons."""

    def __init__(self, env):
        self.env = env

    def run(self):
        """Do what is due; one comparison never stops the others."""
        MonthlyComparisons(self.env).start()
        self._continue_all()
        NightlyComparisons(self.env).run()

    def _continue_all(self):
        found = self.env["exact.comparison"].search(
            # The one that was read last waits for the others.
            [("state", "=", "fetching")],
            order="write_date, id",
        )
        for record in each(found):
            # For whoever reads the sentences.
            record = record.with_context(lang=record._get_reader().lang)
            # Somebody may have started it again: what is committed decides.
            with isolated(record, functools.partial(self._fail, record)):
                self._continue(record)
                if record.is_automatic and record.state != "fetching":
                    # Somebody has to know what it found.
                    self.env["exact.outbox"]._trigger_recheck()

    def _continue(self, record):
        if not record.try_lock_for_update():
            return
        try:
            ComparisonRun(record).run(on_page=self.env["ir.cron"]._commit_progress)
        except UserError as err:
            self.env.cr.rollback()
            record.exists().write({"state": "failed", "problem": str(err)})

    def _fail(self, record, _err):
        """Say that Odoo failed, unless somebody deleted the comparison meanwhile."""
        record = record.exists()
        problem = messages.say(
            record.env, comparison_messages.COMPARISON_FAILED, name=record.name
        )
        record.write({"state": "failed", "problem": problem})
