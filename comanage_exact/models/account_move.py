from dataclasses import replace
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..booking.life_cycle import IN_EXACT_MAYBE, UNDER_WAY
from ..const import READERS
from ..exact_api import bodies
from ..mappers.sales_entry import SalesEntryMapper
from ..sync import messages
from ..sync.isolation import additional


class AccountMove(models.Model):
    _inherit = [
        "account.move",
        "exact.correction.mixin",
        "exact.fix.mixin",
        "exact.hold.mixin",
        "exact.requeue.mixin",
        "exact.strip.mixin",
    ]

    # Not for portal users: customers read their own invoices in the portal.
    exact_outbox_id = fields.Many2one(
        "exact.outbox",
        string="Exact Online Booking",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=READERS,
    )
    # For decisions; people see `exact_status`.
    exact_state = fields.Selection(
        related="exact_outbox_id.state", string="Exact Online Stage", groups=READERS
    )
    exact_status = fields.Selection(
        related="exact_outbox_id.status", string="Exact Online", groups=READERS
    )
    exact_compared_at = fields.Datetime(
        related="exact_outbox_id.compared_at",
        string="Compared with Exact Online On",
        groups=READERS,
    )
    exact_guid = fields.Char(
        related="exact_outbox_id.exact_guid", string="Exact Online ID", groups=READERS
    )
    exact_number = fields.Char(
        related="exact_outbox_id.exact_number",
        string="Exact Online Entry Number",
        groups=READERS,
    )
    exact_synced_at = fields.Datetime(
        related="exact_outbox_id.synced_at",
        string="Last Sent to Exact",
        groups=READERS,
    )
    exact_scheduled_at = fields.Datetime(
        related="exact_outbox_id.scheduled_at",
        string="Booking Scheduled For",
        groups=READERS,
    )
    exact_error = fields.Text(
        related="exact_outbox_id.error", string="Exact Online Problem", groups=READERS
    )
    exact_error_html = fields.Html(
        related="exact_outbox_id.error_html",
        string="Exact Online Problem with What to Change",
        groups=READERS,
    )
    exact_error_kind = fields.Selection(
        related="exact_outbox_id.error_kind",
        string="Exact Online Problem Type",
        groups=READERS,
    )
    exact_conflict_html = fields.Html(
        related="exact_outbox_id.conflict_html",
        string="Exact Online Entry with This Number",
        groups=READERS,
    )
    is_exact_verified = fields.Boolean(
        related="exact_outbox_id.verified",
        string="Verified with Exact Online",
        groups=READERS,
    )
    is_exact_verification_due = fields.Boolean(
        related="exact_outbox_id.is_verification_due",
        string="Not Verified with Exact Online Yet",
        groups=READERS,
    )
    exact_stop_problem = fields.Text(
        related="exact_outbox_id.stop_problem",
        string="Exact Online Stop",
        groups=READERS,
    )
    exact_difference = fields.Text(
        related="exact_outbox_id.difference",
        string="Difference from Exact Online",
        groups=READERS,
    )
    exact_changes_html = fields.Html(
        related="exact_outbox_id.changes_html",
        string="Changes Since Booked in Exact Online",
        groups=READERS,
    )
    is_exact_accepted = fields.Boolean(
        related="exact_outbox_id.is_accepted",
        string="Exact Online Difference Accepted",
        groups=READERS,
    )
    is_exact_rounding = fields.Boolean(
        related="exact_outbox_id.is_rounding_shown",
        string="Booked in Exact with Rounding Difference",
        groups=READERS,
    )
    exact_document_problem = fields.Text(
        related="exact_outbox_id.document_problem",
        string="Exact Online PDF Problem",
        groups=READERS,
    )
    exact_document_state = fields.Selection(
        related="exact_outbox_id.document_state", string="PDF in Exact", groups=READERS
    )
    is_exact_fixable = fields.Boolean(
        string="Has a Fix for Exact Online",
        related="exact_outbox_id.is_fixable",
        groups=READERS,
    )
    exact_document_url = fields.Char(
        string="Exact Online Address",
        related="exact_outbox_id.document_id.view_url",
        groups=READERS,
    )
    is_exact_sendable = fields.Boolean(
        string="Can Be Sent to Exact",
        compute="_compute_is_exact_sendable",
        compute_sudo=True,
        groups=READERS,
    )

    # === COMPUTES === #

    @api.depends("state", "move_type", "exact_state", "company_id")
    def _compute_is_exact_sendable(self):
        """Tell where the button helps: a posted invoice that may still be queued."""
        for move in self:
            move.is_exact_sendable = (
                move._exact_is_bookable()
                and move.exact_state
                in (False, "pending", "held", "failed", "cancelled")
                and move.company_id.sudo().exact_owner_id._exact_is_ready()
            )

    # === CONSTRAINTS === #

    @api.constrains("exact_outbox_id")
    def _check_exact_outbox_id(self):
        """Keep each invoice at its own booking, which a caller could change."""
        outboxes = self.env["exact.outbox"].sudo()
        for move in self.sudo():
            own = move.exact_outbox_id
            if not own:
                own = outboxes.search([("move_id", "=", move.id)], limit=1)
            elif own.move_id == move:
                continue
            if own:
                raise ValidationError(
                    self.env._(
                        "%(name)s can only have its own Exact Online booking. Leave "
                        "this field out of the import or API call.",
                        name=move.display_name,
                    )
                )

    @api.constrains("state")
    def _check_exact_stays_posted(self):
        """Keep a booked invoice posted, even where its state is written directly."""
        for move in self.sudo():
            if move.state == "posted" or not move.exact_outbox_id:
                continue
            move._exact_check_not_sending()
            is_booked = move.exact_outbox_id.state == "sent"
            if is_booked and not self.env.user._exact_has_role("accountant"):
                raise UserError(move._exact_get_booked_text())

    @api.constrains("name")
    def _check_exact_name(self):
        """Tell that a booked invoice got another number; Exact keeps the old one."""
        for move in self.sudo():
            # Resequencing takes the numbers away before it gives new ones.
            if move.exact_outbox_id.state == "sent" and move.name:
                move._exact_note_renamed()

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exact_booked(self):
        for move in self.sudo().filtered("exact_outbox_id"):
            move._exact_check_not_sending()
            if move.exact_state == "sent":
                raise UserError(move._exact_get_booked_text())

    def _traverse_related_sql(self, alias, field, query):
        # EXTENDS 'base', which sorts and groups by a related field whatever its groups:
        # a customer in the portal would read the states of the own invoices.
        self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        with additional(posted):
            posted._exact_follow_posting()
        return posted

    def _exact_follow_posting(self):
        """Queue what was just posted, or note how it differs from what is booked."""
        self.sudo()._exact_recheck_booked()
        self._exact_requeue()
        self._exact_queue_by_trigger("posted")
        # Those that are confirmed on a day to come are mailed by nobody either.
        self.filtered(lambda move: move.auto_post != "no")._exact_queue_reversals()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # EXTENDS 'account': what credits an invoice at once is mailed by nobody.
        reverses = super()._reverse_moves(default_values_list, cancel)
        if cancel:
            with additional(reverses):
                reverses._exact_queue_reversals()
        return reverses

    def button_draft(self):
        # EXTENDS 'account'
        self._exact_cancel_bookings()
        return super().button_draft()

    def button_cancel(self):
        # EXTENDS 'account'
        self._exact_cancel_bookings()
        return super().button_cancel()

    # === ACTIONS === #

    def action_exact_send(self):
        """Queue the selected invoices to be booked now, and tell which cannot be."""
        self._exact_check_user()
        for company in self.company_id:
            company.sudo().exact_owner_id._exact_check_ready()
        moves = self.filtered("is_exact_sendable")
        moves.sudo().exact_outbox_id._forget_refused_period()
        moves._exact_queue(fields.Datetime.now(), "button", is_awaited=True)
        return self._exact_notify(moves, self - moves)

    def action_exact_accept_rounding(self):
        """Book invoices with a rounding difference, and note who accepted it."""
        self.env.user._exact_check_role("accountant")
        self._exact_check_user()
        moves = self.filtered(lambda move: move.exact_error_kind == "cents")
        for move in moves:
            move.sudo().exact_outbox_id.is_rounding_accepted = True
            move._message_log(
                body=self.env._(
                    "Approved for booking in Exact Online with a rounding difference."
                )
            )
        return moves.action_exact_send() if moves else self._exact_notify(moves, self)

    def action_exact_book_in_open_period(self):
        """Book invoices whose period is closed in the first one that may be open.

        Entry and invoice date stay the same.
        """
        self._exact_check_user()
        for company in self.company_id:
            company.sudo().exact_owner_id._exact_check_ready()
        waiting = self.filtered(
            lambda move: move.is_exact_sendable and move.exact_error_kind == "period"
        )
        chosen = waiting.sudo().exact_outbox_id._choose_open_period()
        moves = waiting.filtered(lambda move: move.sudo().exact_outbox_id in chosen)
        if waiting and not moves:
            raise UserError(
                self.env._(
                    "Exact Online has no later financial period that may be open for "
                    "%(names)s. Open a period or create the next financial year there, "
                    "then ask an Exact Online accountant to click Refresh Lists in Set "
                    "Up.",
                    names=", ".join(waiting[:10].mapped("display_name")),
                )
            )
        moves._exact_queue(fields.Datetime.now(), "button", is_awaited=True)
        return self._exact_notify(moves, self - moves)

    def action_exact_send_pdf(self):
        """Send the PDFs again that Exact does not have."""
        self._exact_check_user()
        outboxes_sudo = self.sudo().exact_outbox_id.filtered("document_problem")
        outboxes_sudo.document_id._queue()
        booked = outboxes_sudo.filtered(lambda outbox: outbox.state == "sent")
        message = self.env._(
            "%(count)s PDF(s) will be sent to Exact Online right away.",
            count=len(booked),
        )
        if not booked:
            message = self.env._(
                "None of these invoices has a PDF problem in Exact Online."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if booked else "warning",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_exact_resume(self):
        """Let bookings go on after an answer from another division was checked."""
        self.check_access("read")
        self.sudo().exact_outbox_id.with_user(self.env.user).action_resume()

    def action_exact_view(self):
        """Open the Exact Online booking of this invoice."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "exact.outbox",
            "res_id": self.exact_outbox_id.id,
            "views": [(False, "form")],
        }

    def action_exact_preview(self):
        """Show the booking as Exact will get it; nothing is sent."""
        self.ensure_one()
        self._exact_check_user(operation="read")
        preview = self.env["exact.preview"].sudo()._make(self.sudo())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Booking Preview"),
            "res_model": "exact.preview",
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_exact_link(self):
        """Look for an entry that is this invoice, to link it instead of sending."""
        self.ensure_one()
        self._exact_check_user()
        self._exact_check_linkable()
        link = self.env["exact.link"].sudo()._make(self.sudo())
        return link._open()

    def _exact_check_user(self, operation="write"):
        self.env.user._exact_check_role("user")
        self.check_access(operation)

    # === ENTRY === #

    def _exact_prepare_sales_entry(self, entry):
        """Change what Exact Online gets of this invoice; for other add-ons.

        :param SalesEntry entry: with all that is read from this invoice.
        :return: SalesEntry
        """
        return entry

    # === QUEUE === #

    def _exact_is_bookable(self):
        """Tell a posted customer invoice or credit note from everything else."""
        return SalesEntryMapper(self).is_bookable

    def _exact_is_manual_only(self):
        """Tell whether this journal or customer is booked with the button only."""
        if self.journal_id.exact_manual_only:
            return True
        partner = self.commercial_partner_id
        # Somebody may have switched the customer off in the branch or above it.
        return any(
            partner.with_company(company).exact_manual_only
            for company in self.company_id | self.company_id.sudo().exact_owner_id
        )

    def _exact_get_trigger(self):
        """Return when it is booked: the choice of its journal, or of the company."""
        move = self.sudo()
        return (
            move.journal_id.exact_trigger
            or move.company_id.exact_owner_id.exact_trigger
        )

    def _exact_queue_by_trigger(self, trigger):
        """Queue what is to be booked automatically on this occasion.

        Makes no call and raises nothing about mappings: the mail to a customer and the
        posting of an invoice must not fail because of Exact.
        """
        by_company = self.sudo().grouped(
            lambda move: move.company_id.sudo().exact_owner_id
        )
        for company, moves in by_company.items():
            if not company._exact_is_used():
                continue
            start = company.exact_start_date
            due = moves.filtered(
                lambda move, start=start: (
                    move._exact_get_trigger() == trigger
                    and move._exact_is_bookable()
                    and move.exact_state in (False, "cancelled")
                    # Without a start date nobody has switched it on.
                    and start
                    and move.invoice_date >= start
                    and not move._exact_is_manual_only()
                )
            )
            due._exact_queue_later(company, trigger)

    def _exact_queue_later(self, company, origin):
        """Queue these invoices for the moment that the company wants.

        :param res.company company: that has the settings, as superuser.
        :param str origin: see `exact.outbox`.
        """
        wait = timedelta(minutes=company.exact_delay)
        self._exact_queue(fields.Datetime.now() + wait, origin)

    def _exact_queue(self, scheduled_at, origin, *, is_awaited=False):
        """Make the outbox rows of these invoices wait for `scheduled_at`.

        :param str origin: see `exact.outbox`.
        :param bool is_awaited: the user is notified of the result at once.
        """
        self.sudo()._exact_create_outboxes()
        for move in self.sudo():
            move.exact_outbox_id._schedule(
                scheduled_at, self.env.user, origin, is_awaited=is_awaited
            )
        if self:
            self.env["exact.outbox"].sudo()._trigger_push(scheduled_at)

    def _exact_create_outboxes(self):
        """Give these invoices the outbox rows that they lack.

        Past `write` of account.move, which would balance the lines of each invoice
        again and take many times as long.
        """
        new = self.filtered(lambda move: not move.exact_outbox_id)
        if not new:
            return
        outboxes = self.env["exact.outbox"].create(
            [{"move_id": move.id} for move in new]
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move move
                   SET exact_outbox_id = outbox.id
                  FROM exact_outbox outbox
                 WHERE outbox.move_id = move.id AND outbox.id IN %s
                """,
                tuple(outboxes.ids),
            )
        )
        new.invalidate_recordset(["exact_outbox_id"])
        new.modified(["exact_outbox_id"])

    # === RESET AND CANCEL === #

    def _exact_cancel_bookings(self):
        """Cancel the bookings of waiting invoices; refuse those that Exact may have.

        What is booked only an Exact manager may change, because its entry has to be
        changed manually.
        """
        # Whoever may not change the invoice does not learn where it stands.
        self.check_access("write")
        for move in self.sudo().filtered("exact_outbox_id"):
            move._exact_check_not_sending()
            if move.exact_state == "sent":
                move._exact_warn_of_change()
            elif move.exact_state != "cancelled":
                move.exact_outbox_id._transition(
                    "cancelled",
                    was_held=move.exact_state == "held",
                    is_rounding_accepted=False,
                    period_id=False,
                )
                if move.exact_outbox_id.document_id.exact_guid:
                    move.message_post(
                        body=messages.booking_text(
                            move.exact_outbox_id, messages.PDF_WITHOUT_ENTRY
                        )
                    )

    def _exact_check_not_sending(self):
        self.ensure_one()
        # Not `exact_state`, which the same call may have written.
        if self.exact_outbox_id.state == "misplaced":
            raise UserError(self.exact_outbox_id.error)
        if self.exact_outbox_id.state == "withdrawing":
            raise UserError(
                self.env._(
                    "%(name)s is being withdrawn from Exact Online. Try again in a few "
                    "minutes, when its entry is deleted.",
                    name=self.name,
                )
            )
        if self.exact_outbox_id.state in IN_EXACT_MAYBE:
            raise UserError(
                self.env._(
                    "%(name)s is being sent to Exact Online. Try again in a few "
                    "minutes, when its booking is confirmed.",
                    name=self.name,
                )
            )

    def _exact_get_booked_text(self):
        if self.exact_outbox_id.finding_before:
            # A credit note would credit what Exact does not have.
            return self.env._(
                "%(name)s is booked in Exact Online as entry %(number)s, which does "
                "not follow changes made in Odoo, and was changed since. Ask an Exact "
                "Online manager to withdraw it or to restore what was booked.",
                name=self.display_name,
                number=self.exact_number,
            )
        return self.env._(
            "%(name)s is booked in Exact Online as entry %(number)s, which does not "
            "follow changes made in Odoo. Create a credit note instead, or ask an "
            "Exact Online accountant.",
            name=self.name,
            number=self.exact_number,
        )

    def _exact_warn_of_change(self):
        """Leave a warning where a manager changes what is booked; refuse all others."""
        if not self.env.user._exact_has_role("accountant"):
            raise UserError(self._exact_get_booked_text())
        warning = self.env._(
            "%(name)s was reset to draft or cancelled in Odoo but is still booked "
            "in Exact Online as entry %(number)s. Click Withdraw from Exact to have "
            "that entry deleted, or delete it there manually.",
            name=self.name,
            number=self.exact_number,
        )
        self.exact_outbox_id._note_changed(warning)
        self.message_post(body=warning)

    def _exact_recheck_booked(self):
        """Note whether invoices that were posted again still equal what is booked."""
        for move in self.filtered(lambda move: move.exact_state == "sent"):
            outbox = move.exact_outbox_id
            if move._exact_is_as_sent():
                outbox._note_unchanged()
                continue
            warning = self.env._(
                "%(name)s was confirmed again in Odoo with changes after it was booked "
                "in Exact Online as entry %(number)s. Withdraw that entry and book the "
                "invoice again, or accept the difference. To correct it with a credit "
                "note, first reset the invoice to what was booked, then credit it and "
                "create a new one.",
                name=move.name,
                number=move.exact_number,
            )
            outbox._note_changed(warning)
            move.message_post(body=warning)

    def _exact_note_renamed(self):
        """Note that this booked invoice has another number, or the old one again."""
        self.ensure_one()
        outbox = self.exact_outbox_id
        if self.state != "posted" or not outbox.booked_name:
            return
        if bodies.text(self.name, "your_ref") == outbox.booked_name.strip():
            outbox._forget_rename()
            return
        warning = self.env._(
            "%(name)s was called %(old)s when it was booked in Exact Online as entry "
            "%(number)s, which keeps that number and reference. Give the invoice its "
            "old number again, or change the reference of the entry manually.",
            name=self.name,
            old=outbox.booked_name,
            number=self.exact_number,
        )
        outbox._note_renamed(warning)
        self.message_post(body=warning)

    def _exact_is_as_sent(self):
        """Tell whether this invoice would be sent as it was."""
        request, mapper = self.exact_outbox_id.request, SalesEntryMapper(self)
        if not request or mapper.problems():
            return False
        entry = mapper.entry(request["Customer"])
        # The PDF is no part of what was booked.
        entry = replace(entry, document=request.get("Document", ""))
        if "ReportingYear" not in request:
            # The periods were not known yet.
            entry = replace(entry, reporting_year=None, reporting_period=None)
        return bodies.sales_entry(entry) == request

    # === LINKING === #

    def _exact_link_entry(self, row):
        """Note an entry of Exact as the booking of this invoice; nothing is sent.

        :raise UserError: the invoice is on its way, booked, or the entry is another's.
        """
        self.ensure_one()
        self._exact_check_linkable()
        self._exact_check_free_entry(row)
        outbox = self._exact_lock_for_link()
        if outbox.state == "sent":
            outbox._forget_entry("pending")
        found = SalesEntryMapper(self).differences_from_manual(row)
        outbox.rounding_limit = 0
        text = messages.differences_text(self.env, found, self.commercial_partner_id)
        try:
            with self.env.cr.savepoint():
                outbox._note_linked(row, text)
        except UniqueViolation as err:
            # Somebody else did the same at the same moment.
            raise UserError(
                self.env._(
                    "Entry %(number)s was just linked to another invoice. Choose "
                    "another entry for %(name)s.",
                    number=row["EntryNumber"],
                    name=self.name,
                )
            ) from err
        outbox.document_id._reset()
        self.message_post(
            body=self.env._(
                "Linked to entry %(number)s, which already existed in Exact Online. "
                "Nothing was sent.",
                number=row["EntryNumber"],
            )
        )

    def _exact_lock_for_link(self):
        """Return the row of this invoice, locked and not booked."""
        self._exact_create_outboxes()
        outbox = self.exact_outbox_id
        locked = outbox.try_lock_for_update()
        is_gone = outbox.state == "sent" and outbox.finding == "deleted"
        if not locked or (outbox.state in (*UNDER_WAY, "sent") and not is_gone):
            raise UserError(
                self.env._(
                    "%(name)s is already booked in Exact Online or is being sent. "
                    "Reload the page to see its current status.",
                    name=self.name,
                )
            )
        return outbox

    def _exact_check_linkable(self):
        if not self._exact_is_bookable():
            raise UserError(
                self.env._(
                    "%(name)s is not a confirmed customer invoice. Confirm it, then "
                    "link it.",
                    name=self.display_name,
                )
            )

    def _exact_find_other_of_entry(self, row):
        """Return the row of another invoice whose booking an entry of Exact is."""
        # Of any company: several may book in one division.
        return (
            self.env["exact.outbox"]
            .sudo()
            .search(
                [("exact_guid", "=", row["EntryID"]), ("move_id", "!=", self.id)],
                limit=1,
            )
        )

    def _exact_check_free_entry(self, row):
        other = self._exact_find_other_of_entry(row)
        if other:
            raise UserError(
                self.env._(
                    "Entry %(number)s is already the booking of %(other)s of "
                    "%(company)s. Choose another entry for %(name)s.",
                    number=row["EntryNumber"],
                    other=other.move_id.name,
                    company=other.company_id.name,
                    name=self.name,
                )
            )
