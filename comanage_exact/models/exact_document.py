from odoo import api, fields, models

from ..booking.life_cycle import LEASE, LOOK_UP_AFTER
from ..const import CRON_DOCUMENTS
from ..sync.document_run import DocumentRun
from ..sync.scheduled_actions import wake


class ExactDocument(models.Model):
    """The PDF of one invoice as a document in Exact Online: state and result.

    Made when there is something to note about the PDF; see `sync/documents.py`.
    """

    _name = "exact.document"
    _description = "PDF in Exact Online"
    _rec_name = "outbox_id"
    _check_company_auto = True

    outbox_id = fields.Many2one(
        "exact.outbox",
        string="Booking",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="outbox_id.company_id", store=True, readonly=True
    )
    state = fields.Selection(
        [
            ("waiting", "Scheduled"),
            ("uploading", "Uploading"),
            ("done", "In Exact"),
            ("refused", "Not in Exact"),
        ],
        string="PDF",
        readonly=True,
        help="Empty if the customer has not received a PDF yet.",
    )
    problem = fields.Text("PDF Problem", readonly=True)
    exact_guid = fields.Char("Document ID", readonly=True)
    attachment_guid = fields.Char("Attachment ID", readonly=True)
    view_url = fields.Char(
        "Exact Online Address",
        readonly=True,
        help="Where Exact Online shows the document to users who are logged in there.",
    )
    checksum = fields.Char(readonly=True, help="Checksum of the PDF in the document.")
    is_linked = fields.Boolean(
        readonly=True, help="The document is linked to the Exact Online entry."
    )
    requested = fields.Selection(
        [("document", "Document"), ("attachment", "Attachment")],
        readonly=True,
        help="The request that Exact Online has not confirmed yet. Its result is "
        "checked before the next attempt.",
    )
    attempts = fields.Integer(readonly=True)
    claimed_at = fields.Datetime("PDF Upload Started On", readonly=True)
    claim_number = fields.Integer(
        readonly=True,
        help="Counts the workers that took this PDF. Only the last one writes the "
        "result.",
    )
    due_at = fields.Datetime("PDF Scheduled For", readonly=True)

    _outbox_unique = models.Constraint(
        "UNIQUE(outbox_id)", "A booking has one PDF in Exact Online."
    )
    _due_idx = models.Index("(company_id, due_at) WHERE state = 'waiting'")
    _claimed_idx = models.Index("(claimed_at) WHERE state = 'uploading'")
    _served_idx = models.Index("(company_id, claimed_at)")

    # === STATE === #

    @api.model
    def _get_or_create(self, outboxes):
        """Return the documents of bookings, each made at its first use."""
        missing = outboxes.filtered(lambda outbox: not outbox.document_id)
        for document in self.create([{"outbox_id": outbox.id} for outbox in missing]):
            document.outbox_id.document_id = document
        return outboxes.document_id

    def _claim(self):
        """Mark the locked PDF as being uploaded; the caller commits.

        :return: number of this claim.
        """
        self.ensure_one()
        self.write(
            {
                "state": "uploading",
                "claimed_at": fields.Datetime.now(),
                "claim_number": self.claim_number + 1,
            }
        )
        return self.claim_number

    def _recover(self):
        """Give back what a worker claimed that died, counted as an attempt."""
        now = fields.Datetime.now()
        for document in self:
            is_booked = document.outbox_id.state == "sent"
            document.write(
                {
                    "state": "waiting" if is_booked else False,
                    "due_at": now,
                    "attempts": document.attempts + 1,
                }
            )

    def _is_claimed(self):
        """Tell whether a worker is uploading the PDF right now."""
        limit = fields.Datetime.now() - LEASE
        return self.state == "uploading" and self.claimed_at >= limit

    def _queue(self):
        """Upload the PDFs of booked invoices now, as if that had never been tried.

        What is on its way is left to the worker that has it.
        """
        now = fields.Datetime.now()
        free = self.filtered(lambda document: not document._is_claimed())
        booked = free.filtered(lambda document: document.outbox_id.state == "sent")
        booked.write(
            {"state": "waiting", "due_at": now, "attempts": 0, "problem": False}
        )
        # The others are uploaded when their invoice is booked.
        (free - booked)._reset()
        if booked:
            # The cron itself calls this: triggered without work, it would loop forever.
            self._trigger(now)

    def _postpone(self, until):
        """Leave the PDF for after a pause in which its booking goes without it."""
        self.write({"state": "waiting", "due_at": until})
        self._trigger(until)

    def _reset(self):
        """Let the next booking try the PDF as if that had never been tried."""
        self.write({"state": False, "attempts": 0, "problem": False})

    def _refuse(self, problem):
        self.write({"state": "refused", "problem": problem})

    def _forget(self):
        """Make another document the next time; this one is gone from Exact Online."""
        self.write(
            {
                "exact_guid": False,
                "view_url": False,
                "attachment_guid": False,
                "checksum": False,
                "requested": False,
                "is_linked": False,
            }
        )

    def _note_booked(self, shown):
        """Store what follows for the PDF from an entry that is booked.

        :param str shown: GUID of the document that the entry shows in Exact Online.
        """
        if not self.exact_guid:
            return
        if shown == self.exact_guid:
            self.is_linked = True
            if self.attachment_guid:
                self.write({"state": "done", "problem": False})
        elif self.state != "refused":
            # It was booked without, now or in an earlier attempt.
            now = fields.Datetime.now()
            due_at = max(self.due_at or now, now)
            self.write({"state": "waiting", "due_at": due_at})

    def _note_unbooked(self):
        """Keep the document for the next entry; the one that showed it is gone."""
        self.is_linked = False
        self._reset()

    def _wake(self, owner, count):
        """Make all due now that waits for Exact Online to answer.

        :param res.company owner: that has the connection which was answered.
        :param int count: of the failures in a row that this ends. What failed more
            often did so for itself.
        """
        now = fields.Datetime.now()
        waiting = self.search(
            [
                ("company_id", "in", owner._exact_get_members().ids),
                ("state", "=", "waiting"),
                ("due_at", ">", now),
                ("attempts", ">", 0),
                ("attempts", "<=", count),
            ]
        )
        # What is asked for may still be under way.
        begun = now - LOOK_UP_AFTER
        free = waiting.try_lock_for_update().filtered(
            lambda document: (
                not document.requested
                or not document.claimed_at
                or document.claimed_at <= begun
            )
        )
        if free:
            free.due_at = now
            self._trigger(now)

    # === CRON === #

    @api.model
    def _cron_upload(self):
        DocumentRun(self.env).run()

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "=", "waiting"),
            ("due_at", "<=", fields.Datetime.now()),
            ("outbox_id.state", "=", "sent"),
            # It shows the PDF once it is known.
            ("outbox_id.exact_guid", "!=", False),
        ]

    @api.model
    def _trigger(self, moment):
        """Wake the cron at that moment, which may be now."""
        wake(self.env, CRON_DOCUMENTS, moment)
