import logging
import time
from datetime import timedelta

import requests
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exact_api import resources
from ..exact_api.exceptions import (
    ExactError,
    ExactErrorLimit,
    ExactRateLimited,
    ExactUnavailable,
)
from ..sync import messages
from ..sync.connection import open_client

_logger = logging.getLogger(__name__)

# Entries of one look-up by ID: more would make the address too long.
MOVED_BATCH = 30
# Invoices that are compared while somebody waits; more are left to the cron.
COMPARED_AT_ONCE = 500
# Where Exact cannot be reached: an hour of trying.
TRY_AGAIN = timedelta(minutes=5)
MAX_FAILED_CALLS = 12
CRON = "comanage_exact.ir_cron_exact_comparison"


class ExactComparison(models.Model):
    """Reading the entries of the period from Exact, page by page."""

    _name = "exact.comparison"
    _inherit = ["exact.comparison"]

    def _begin(self, state):
        """Drop what was compared before."""
        self.line_ids.unlink()
        self.total_ids.unlink()
        self.write(
            {
                "state": state,
                "problem": False,
                "next_url": False,
                "is_read": False,
                "asked_guids": False,
                "call_count": 0,
                "failed_calls": 0,
                "compared_at": False,
            }
        )

    def _run(self, *, until=None, on_page=None):
        """Read on where the last page ended, and compare after the last one.

        :param float until: when the cron takes over, by the monotonic clock.
        :param on_page: called after each page; the cron commits. False ends the run.
        :raise UserError: the company lacks what it takes.
        """
        self.ensure_one()
        self.company_id._exact_check_ready()
        connection, cron = self.company_id.exact_connection_id, self.env.ref(CRON)
        try:
            with requests.Session() as session:
                with open_client(connection, session=session) as client:
                    while self.state == "fetching" and self._has_time(until):
                        self._take_step(client)
                        if on_page and not on_page():
                            break
        except (ExactRateLimited, ExactErrorLimit) as err:
            cron._trigger(err.retry_at)
        except ExactUnavailable as err:
            self._try_again(err)
        except ExactError as err:
            self._stop(messages.explain_connection(self.company_id, err))
        else:
            if self.state == "fetching":
                cron._trigger()

    def _has_time(self, until):
        """Tell whether the next step may be taken while somebody waits for it."""
        if until is None:
            return True
        if time.monotonic() >= until:
            return False
        moves = self.env["account.move"]
        limit = COMPARED_AT_ONCE + 1
        is_long = self.is_read and (
            moves.search_count(self._get_moves_domain(), limit=limit) == limit
        )
        return not is_long

    def _take_step(self, client):
        """Read the next page, or compare if there is none."""
        asked, conditions = [], None
        if self.is_read:
            asked = self._get_moved()[:MOVED_BATCH]
            if not asked:
                self._compare()
                return
            conditions = " or ".join(f"EntryID eq guid'{guid}'" for guid in asked)
        elif not self.next_url:
            conditions = resources.entries_between(
                self.date_from, self.date_to, self._get_journals()
            )
        rows, next_url = client.get_page(
            resources.ENTRIES,
            self.next_url,
            select=resources.SELECT,
            expand="SalesEntryLines",
            filter=conditions,
        )
        self.env["exact.comparison.line"]._keep(self, rows)
        self.write(
            {
                "next_url": next_url,
                "is_read": not next_url,
                "asked_guids": [*(self.asked_guids or []), *asked],
                "call_count": self.call_count + 1,
                "failed_calls": 0,
                "problem": False,
            }
        )

    def _get_journals(self):
        """Return the codes of the journals in Exact that invoices are booked in.

        Those of archived journals and of former choices, too.
        """
        company = self.company_id
        journals = (
            self.env["account.journal"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "in", company._exact_get_members().ids),
                    ("type", "=", "sale"),
                ]
            )
        )
        chosen = (
            company.exact_journal_id
            | company.exact_credit_journal_id
            | journals.exact_journal_id
            | journals.exact_credit_journal_id
        )
        booked = self.env["exact.outbox"]._read_group(
            self._get_booked_domain(), ["exact_journal"]
        )
        codes = {*chosen.mapped("code"), *(code for (code,) in booked if code)}
        if not codes:
            raise UserError(
                self.env._(
                    "%(company)s has no sales journal of Exact Online to compare with. "
                    "Choose one on the company, page Exact Online.",
                    company=company.name,
                )
            )
        return codes

    # === WHAT GOES WRONG === #

    def _try_again(self, err):
        """Wait for Exact to be reached, but not for ever."""
        company, failed = self.company_id, self.failed_calls + 1
        if failed > MAX_FAILED_CALLS:
            self._stop(
                self.env._(
                    "Exact Online could not be read for %(company)s, time and again. "
                    "Press Compare now to start anew.",
                    company=company.name,
                )
            )
            return
        self.write(
            {
                "failed_calls": failed,
                "problem": messages.explain_connection(company, err),
            }
        )
        self.env.ref(CRON)._trigger(fields.Datetime.now() + TRY_AGAIN)

    def _stop(self, problem):
        self.write({"state": "failed", "problem": problem})

    def _stop_at(self, err):
        """Stop at what no class of errors of Exact stands for."""
        if isinstance(err, UserError):
            self._stop(str(err))
            return
        _logger.exception("Comparison %s", self.id)
        self._stop(
            self.env._(
                "Odoo ran into an error of its own with %(name)s. Ask your "
                "administrator to look into the log of the server, then press Compare "
                "now again.",
                name=self.name,
            )
        )

    # === CRON === #

    @api.model
    def _cron_compare(self):
        """Go on with what the limits of Exact interrupted."""
        cron = self.env["ir.cron"]
        for found in self.search([("state", "=", "fetching")], order="id"):
            # For whoever reads the sentences.
            record = found.with_context(lang=found.create_uid.lang)
            try:
                if not record.try_lock_for_update():
                    continue
                record._run(on_page=cron._commit_progress)
            except SerializationFailure:
                # Somebody started it anew: what is committed decides.
                self.env.cr.rollback()
            except Exception as err:
                # One comparison never stops the others.
                self.env.cr.rollback()
                # Somebody may have deleted it meanwhile.
                record.exists()._stop_at(err)
            if not cron._commit_progress():
                break
