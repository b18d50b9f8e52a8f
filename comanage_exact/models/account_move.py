from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

USERS = "comanage_exact.group_exact_user"


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move"]

    # For nobody else: customers read their own invoices in the portal.
    exact_outbox_id = fields.Many2one(
        "exact.outbox",
        string="Exact Forwarding",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=USERS,
    )
    exact_state = fields.Selection(
        related="exact_outbox_id.state", string="Exact Online", groups=USERS
    )
    exact_guid = fields.Char(
        related="exact_outbox_id.exact_guid", string="Exact ID", groups=USERS
    )
    exact_number = fields.Char(
        related="exact_outbox_id.exact_number",
        string="Exact Entry Number",
        groups=USERS,
    )
    exact_synced_at = fields.Datetime(
        related="exact_outbox_id.synced_at",
        string="Last Sent to Exact",
        groups=USERS,
    )
    exact_scheduled_at = fields.Datetime(
        related="exact_outbox_id.scheduled_at",
        string="Planned for Exact",
        groups=USERS,
    )
    exact_error = fields.Text(
        related="exact_outbox_id.error", string="Exact Problem", groups=USERS
    )
    exact_error_kind = fields.Selection(
        related="exact_outbox_id.error_kind",
        string="Kind of Exact Problem",
        groups=USERS,
    )
    exact_conflict_html = fields.Html(
        related="exact_outbox_id.conflict_html",
        string="Entry in Exact with this Number",
        groups=USERS,
    )
    is_exact_verified = fields.Boolean(
        related="exact_outbox_id.verified",
        string="Verified with Exact",
        groups=USERS,
    )
    exact_difference = fields.Text(
        related="exact_outbox_id.difference",
        string="Difference with Exact",
        groups=USERS,
    )
    exact_document_problem = fields.Text(
        related="exact_outbox_id.document_problem",
        string="Problem with the PDF in Exact",
        groups=USERS,
    )
    exact_document_state = fields.Selection(
        related="exact_outbox_id.document_state", string="PDF in Exact", groups=USERS
    )
    is_exact_sendable = fields.Boolean(
        compute="_compute_is_exact_sendable", compute_sudo=True, groups=USERS
    )

    # === COMPUTES === #

    @api.depends("state", "move_type", "exact_state", "company_id")
    def _compute_is_exact_sendable(self):
        """Tell where the button helps: a posted invoice that may still be queued."""
        for move in self:
            move.is_exact_sendable = (
                move._exact_is_forwardable()
                and move.exact_state
                in (False, "pending", "held", "failed", "cancelled")
                and move._exact_get_company()._exact_is_ready()
            )

    # === CONSTRAINTS === #

    @api.constrains("exact_outbox_id")
    def _check_exact_outbox_id(self):
        """Keep each invoice at its own forwarding, which a caller could change."""
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
                        "%(name)s cannot have another forwarding to Exact Online than "
                        "its own. Leave it out of the import or the call.",
                        name=move.display_name,
                    )
                )

    # === CRUD === #

    def _traverse_related_sql(self, alias, field, query):
        # EXTENDS 'base', which sorts and groups by a related field whatever its groups:
        # a customer in the portal would read the states of the own invoices.
        self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)

    # === ACTIONS === #

    def action_exact_send(self):
        """Queue the selected invoices to be booked now, and tell which cannot be."""
        self._exact_check_user()
        for company in self.company_id:
            company._exact_get_owner()._exact_check_ready()
        moves = self.filtered("is_exact_sendable")
        moves._exact_queue(fields.Datetime.now(), is_awaited=True)
        return self._exact_notify(moves, self - moves)

    def action_exact_hold(self):
        """Keep waiting invoices from leaving until they are sent by the button."""
        self._exact_check_user()
        self.sudo().exact_outbox_id.filtered(
            lambda outbox: outbox.state == "pending"
        )._transition("held")

    def action_exact_release(self):
        """Let invoices go that were kept back, at the moment they had or now."""
        self._exact_check_user()
        for outbox in self.sudo().exact_outbox_id:
            if outbox.state == "held":
                moment = max(outbox.scheduled_at, fields.Datetime.now())
                outbox._transition("pending", scheduled_at=moment)
                outbox._trigger_push(moment)

    def action_exact_accept_cents(self):
        """Book invoices that Exact converts to other cents than Odoo, and note who."""
        self._exact_check_user()
        moves = self.filtered(lambda move: move.exact_error_kind == "cents")
        for move in moves:
            move.sudo().exact_outbox_id.is_cent_accepted = True
            move._message_log(
                body=self.env._("Is to be booked in Exact Online with other cents.")
            )
        return moves.action_exact_send() if moves else self._exact_notify(moves, self)

    def action_exact_send_pdf(self):
        """Try again to bring the PDFs to Exact that are not there."""
        self._exact_check_user()
        outboxes_sudo = self.sudo().exact_outbox_id.filtered("document_problem")
        outboxes_sudo._queue_documents()
        booked = outboxes_sudo.filtered(lambda outbox: outbox.state == "sent")
        message = self.env._(
            "%(count)s PDF(s) will go to Exact Online right away.", count=len(booked)
        )
        if not booked:
            message = self.env._(
                "None of these invoices lacks its PDF in Exact Online."
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

    def action_exact_view(self):
        """Open the forwarding of this invoice."""
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
            "name": self.env._("Booking in Exact Online"),
            "res_model": "exact.preview",
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _exact_check_user(self, operation="write"):
        if not self.env.user.has_group(USERS):
            raise AccessError(
                self.env._(
                    "Only users of Exact Online may send invoices there. Ask an "
                    "administrator for the right Exact Online / User."
                )
            )
        self.check_access(operation)

    def _exact_notify(self, queued, left):
        """Return the notification after the button: what goes, what does not."""
        message = self.env._(
            "%(count)s invoice(s) will be booked in Exact Online right away.",
            count=len(queued),
        )
        still = self.env["exact.outbox"]._get_push_problem()
        if still:
            message += " " + still
        if left:
            message += " " + self.env._(
                "Left out, since they are not posted customer invoices, already in "
                "Exact or on their way: %(names)s.",
                names=", ".join(move.display_name for move in left[:10])
                + ("…" if len(left) > 10 else ""),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left or still else "success",
                "message": message,
                "sticky": bool(left or still),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === QUEUE === #

    def _exact_get_company(self):
        """Return the company whose connection and settings this invoice uses."""
        return self.company_id._exact_get_owner()

    def _exact_is_forwardable(self):
        """Tell a posted customer invoice or credit note from everything else."""
        return self.state == "posted" and self.move_type in (
            "out_invoice",
            "out_refund",
        )

    def _exact_is_off(self):
        """Tell whether this journal or customer only goes by the button."""
        if self.journal_id.exact_is_off:
            return True
        partner = self.commercial_partner_id
        # Somebody may have switched the customer off in the branch or above it.
        return any(
            partner.with_company(company).exact_is_off
            for company in self.company_id | self._exact_get_company()
        )

    def _exact_queue_by_trigger(self, trigger):
        """Queue what the company wants to go by itself on this occasion.

        Makes no call and raises nothing about mappings: the mail to a customer and the
        posting of an invoice must not fail because of Exact.
        """
        by_company = self.sudo().grouped(lambda move: move._exact_get_company())
        for company, moves in by_company.items():
            if company.exact_trigger != trigger or not company._exact_is_used():
                continue
            start = company.exact_start_date
            due = moves.filtered(
                lambda move, start=start: (
                    move._exact_is_forwardable()
                    and move.exact_state in (False, "cancelled")
                    and (not start or move.invoice_date >= start)
                    and not move._exact_is_off()
                )
            )
            due._exact_queue(
                fields.Datetime.now() + timedelta(minutes=company.exact_delay)
            )

    def _exact_queue(self, scheduled_at, *, is_awaited=False):
        """Make the outbox rows of these invoices wait for `scheduled_at`.

        :param bool is_awaited: the user is told the result at once.
        """
        self.sudo()._exact_create_outboxes()
        for move in self.sudo():
            move.exact_outbox_id._schedule(
                scheduled_at, self.env.user, is_awaited=is_awaited
            )
        if self:
            self.env["exact.outbox"].sudo()._trigger_push(scheduled_at)

    def _exact_create_outboxes(self):
        """Give these invoices the outbox rows that they lack.

        Past `write` of account.move, which would balance the lines of each invoice anew
        and take many times as long.
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
