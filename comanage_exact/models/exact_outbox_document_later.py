import logging
from datetime import timedelta

import requests
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

from ..exact_api.exceptions import ExactError, ExactRateLimited
from ..sync.connection import open_client, pause_after
from ..sync.follow_up import commit_result
from ..sync.isolation import is_time_over

_logger = logging.getLogger(__name__)

DOCUMENT_CRON = "comanage_exact.ir_cron_exact_document"
# A PDF that is made while its entry is on its way finds nobody to tell.
LATE = timedelta(hours=2)
LATE_LIMIT = 5000


class ExactOutbox(models.Model):
    """PDFs that go after their entry: what failed, and what was made later.

    The entry is not touched; the document is linked to it.
    """

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    # === ACTIONS === #

    def action_send_pdf(self):
        """Try again to bring the PDFs to Exact that are not there."""
        return self.move_id.action_exact_send_pdf()

    # === QUEUE === #

    @api.model
    def _trigger_documents(self, moment):
        """Wake the cron at that moment, which may be now."""
        self.env.ref(DOCUMENT_CRON).sudo()._trigger(moment)

    def _queue_documents(self):
        """Let the PDFs of booked invoices go now, with a clean slate."""
        now = fields.Datetime.now()
        booked = self.filtered(lambda outbox: outbox.state == "sent")
        booked.write(
            {
                "document_state": "waiting",
                "document_due_at": now,
                "document_attempts": 0,
                "document_problem": False,
            }
        )
        # The others take it along when they go.
        (self - booked).write(self._get_clean_document())
        if booked:
            # The cron itself comes by here: woken for nothing, it would never rest.
            self._trigger_documents(now)

    @api.model
    def _get_clean_document(self):
        """Return the values of a row whose PDF is tried anew."""
        return {
            "document_state": False,
            "document_attempts": 0,
            "document_problem": False,
        }

    def _queue_new_documents(self):
        """The same for PDFs that were just made, raising nothing.

        The mail to the customer must not be sent twice because of us.
        """
        try:
            with self.env.cr.savepoint():
                rows = self.try_lock_for_update()
                rows.filtered(
                    lambda outbox: (
                        outbox.state == "sent"
                        and outbox.attempts
                        and outbox.document_state in (False, "refused")
                        and outbox._get_pdf()
                    )
                )._queue_documents()
        except SerializationFailure:
            _logger.info("Outbox rows %s: found by the cron", self.ids)

    @api.model
    def _find_late_documents(self):
        """Queue PDFs that were made while their entry was on its way."""
        rows = self.search(
            [
                ("state", "=", "sent"),
                # Not an entry that somebody booked in Exact and linked here.
                ("attempts", ">", 0),
                ("document_state", "=", False),
                ("synced_at", ">=", fields.Datetime.now() - LATE),
            ],
            limit=LATE_LIMIT,
        )
        rows.filtered(lambda outbox: outbox._get_pdf())._queue_new_documents()
        self.env["ir.cron"]._commit_progress()

    # === CRON === #

    @api.model
    def _cron_documents(self):
        """Bring the PDFs to Exact that are due, company by company."""
        self._find_late_documents()
        domain = self._get_due_documents()
        due = self._read_group(
            domain, ["company_id"], order="document_due_at:min", limit=LATE_LIMIT
        )
        with requests.Session() as session:
            for company_id in [company.id for (company,) in due]:
                last_id = 0
                while last_id is not None and not is_time_over(self.env):
                    last_id = self._send_next_document(company_id, session, last_id)

    @api.model
    def _get_due_documents(self):
        return [
            ("state", "=", "sent"),
            ("document_state", "=", "waiting"),
            ("document_due_at", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _send_next_document(self, company_id, session, last_id):
        """Bring one PDF to Exact.

        :param int last_id: rows up to this one had their turn.
        :return: id of the row; None if the company has no further turn.
        """
        domain = [
            *self._get_due_documents(),
            ("company_id", "=", company_id),
            ("id", ">", last_id),
        ]
        outbox = self.search(domain, order="id", limit=1)
        if not outbox:
            return None
        owner = outbox.company_id._exact_get_owner()
        if not owner.exact_division_id:
            return None
        connection = owner.exact_connection_id
        outbox = outbox.with_company(owner).with_context(lang=outbox.user_id.lang)
        try:
            # Invoices go first: some calls are left to them.
            with open_client(connection, session=session, is_recorded=True) as client:
                outbox._process_document(client)
        except ExactError as err:
            self.env.cr.rollback()
            self._end_documents(owner, err)
            return None
        except SerializationFailure:
            self.env.cr.rollback()
        except Exception:
            # One PDF never stops the others.
            self.env.cr.rollback()
            _logger.exception("PDF of outbox row %s", outbox.id)
        return outbox.id

    @api.model
    def _end_documents(self, owner, err):
        """Let the PDFs of a company wait, and its invoices too unless calls are few."""
        if isinstance(err, ExactRateLimited):
            self._trigger_documents(err.retry_at)
        elif until := pause_after(owner.exact_connection_id, err):
            self._trigger_documents(until)

    def _process_document(self, client):
        """Take the PDF of one booked invoice as far as it goes.

        :raise ExactError: the company has to wait; the row is in order already.
        """
        if not self.try_lock_for_update() or self.document_state != "waiting":
            return
        pdf = self._get_pdf()
        if not pdf:
            # Switched off, or taken back with the invoice.
            self.write(self._get_clean_document())
        else:
            customer = self.request["Customer"]
            try:
                self._try_document(client, pdf, customer, self.exact_guid)
            except ExactError:
                commit_result(self, client)
                raise
            if self.attachment_guid and self.is_document_linked:
                self.write({"document_state": "done", "document_problem": False})
        commit_result(self, client)
