"""Alerts about what stands still: one activity for each company and cause."""

from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.fields import Domain

from ..booking.life_cycle import RETRY_AFTER
from ..const import ACCOUNTANTS, CRON_PUSH, MANAGERS
from . import health_messages, messages
from .alert import Alert, AlertFinder, digest, link_to
from .chatter import fix_link
from .figures import OVERDUE_AFTER
from .health import (
    blocking_problem,
    connection_problem,
    find_overdue,
    overdue_text,
)
from .messages import say
from .scheduled_actions import find_missing, find_push_problem, missing_text

OVERDUE = "comanage_exact.exact_outbox_overdue_action"
PDFS = "comanage_exact.exact_outbox_pdf_action"
# How long the lists of a company may be out of date.
LISTS_FAIL_FOR = timedelta(days=1)


class HealthAlerts(AlertFinder):
    """Finds what nobody would notice: what waits without a problem of its own."""

    def __init__(self, env):
        super().__init__(env)
        # Companies whose bookings wait for the same, with their branches.
        self.members = env["res.company"]

    def find(self):
        """Return {cause: Alert}."""
        return {
            **self._find_standing(),
            **self._find_actions(),
            **self._find_credit_notes(),
            **self._find_pdfs(),
            **self._find_notes(),
        }

    # === CONNECTIONS === #

    def _find_standing(self):
        """Find companies whose bookings wait, or will once there are any.

        One alert for a company, whatever is wrong with its connection: an outage has
        several faces.
        """
        overdue = find_overdue(self.env)
        connections = self.env["exact.connection"].sudo()
        used = connections.search([("state", "!=", "disconnected")])
        alerts = {}
        for owner in used.company_id | self.env["res.company"].union(*overdue):
            owner = owner.sudo()
            user = self._find_owner_of(owner)
            env = self._env_of(user)
            problem = self._explain(env, owner, overdue.get(owner))
            if not problem:
                continue
            self.members |= owner._exact_get_members() | owner
            more = link_to(env, OVERDUE) if owner in overdue else Markup()
            alert = self._setup_alert(owner, user, messages.ALERT_CONNECTION, problem)
            alerts[digest(owner.id, "standing")] = alert._replace(
                note=alert.note + more
            )
        return alerts

    def _explain(self, env, owner, overdue):
        """Return what is wrong with a company; None if nothing."""
        is_answer = overdue and overdue.kinds == {"unconfirmed"}
        if is_answer and not blocking_problem(env, owner):
            # The invoice has an alert of its own.
            return None
        if overdue:
            return overdue_text(env, overdue, blocking_problem(env, owner))
        connection = owner.exact_connection_id
        # A division is chosen after the connection, perhaps by somebody else.
        if connection._is_stopped() or owner.exact_division_id:
            return connection_problem(env, connection, owner)
        if connection.state == "expired":
            return say(env, messages.CONNECTION_EXPIRED, company=owner.name)
        return None

    def _find_owner_of(self, owner):
        """Return who connected a company, else a manager of Exact Online."""
        user = owner.exact_connection_id.user_id
        return user if user.active else self.find_member(MANAGERS, owner)

    def _setup_alert(self, owner, user, summary, problem):
        """Return the Alert on the set-up of a company, with the way to its step."""
        env = self._env_of(user)
        setup = env["exact.setup"].sudo()._get_or_create(owner)
        return Alert(
            record=setup,
            user=user,
            summary=say(env, summary),
            note=Markup("<p>%s</p>") % problem + fix_link(setup),
        )

    def _env_of(self, user):
        return self.env(context={**self.env.context, "lang": user.lang})

    # === SCHEDULED ACTIONS === #

    def _find_actions(self):
        """Find actions that were deleted, and a push that is off or stalled."""
        connection = self.env["exact.connection"].sudo()
        connection = connection.search(
            [("state", "!=", "disconnected")], order="id", limit=1
        )
        if not connection:
            return {}
        owner = connection.company_id
        user = self._find_owner_of(owner)
        env = self._env_of(user)
        missing = find_missing(env)
        if missing and CRON_PUSH not in missing:
            problem = find_push_problem(env) or missing_text(env, missing)
        else:
            problem = find_push_problem(env)
        if not problem:
            return {}
        alert = self._setup_alert(owner, user, messages.ALERT_CONNECTION, problem)
        return {digest("actions"): alert}

    # === CREDIT NOTES === #

    def _find_credit_notes(self):
        """Find credit notes that wait for an invoice that nobody books."""
        limit = fields.Datetime.now() - OVERDUE_AFTER
        rows = (
            self.env["exact.outbox"]
            .sudo()
            .search(
                [
                    ("state", "=", "pending"),
                    ("error_kind", "=", "original"),
                    ("due_since", "<", limit),
                ],
                order="id",
            )
        )
        by_owner = rows.grouped(lambda row: row.company_id.exact_owner_id)
        return {
            digest(owner.id, "original"): self._credit_note_alert(waiting)
            for owner, waiting in by_owner.items()
        }

    def _credit_note_alert(self, waiting):
        move = waiting[0].move_id
        original = move.reversed_entry_id
        user = self.find_responsible(waiting[0])
        env = self._env_of(user)
        is_held = original.exact_outbox_id.state == "held"
        texts = health_messages.WAITING_ORIGINAL
        if is_held:
            texts = health_messages.HELD_ORIGINAL
        problem = say(
            env,
            texts[len(waiting) > 1],
            count=len(waiting),
            name=move.name,
            original=original.name,
        )
        return Alert(
            record=move,
            user=user,
            summary=say(env, health_messages.ALERT_HELD_ORIGINAL),
            note=Markup("<p>%s</p>") % problem,
            records=waiting.ids,
        )

    # === PDFS === #

    def _find_pdfs(self):
        """Find PDFs of booked invoices that Exact Online does not take."""
        stuck = Domain(
            [
                ("state", "=", "waiting"),
                ("attempts", ">", len(RETRY_AFTER)),
                # Where more is wrong than the PDFs, that is told.
                ("company_id", "not in", self.members.ids),
            ]
        )
        missing = Domain("state", "=", "refused") | stuck
        groups = (
            self.env["exact.document"]
            .sudo()
            ._read_group(
                missing & Domain("outbox_id.state", "=", "sent"),
                ["company_id"],
                ["id:array_agg"],
            )
        )
        alerts = {}
        for company, ids in groups:
            first = self.env["exact.document"].sudo().browse(min(ids))
            user = self.find_responsible(first.outbox_id)
            env = self._env_of(user)
            note = Markup("<p>%s</p>") % (first.problem or "")
            if len(ids) > 1:
                text = say(env, health_messages.ALERT_PDF_TOO, count=len(ids))
                note += Markup("<p>%s</p>") % text
            alerts[digest(company.id, "pdf")] = Alert(
                record=first.outbox_id.move_id,
                user=user,
                summary=say(env, health_messages.ALERT_PDF),
                note=note + link_to(env, PDFS),
                records=sorted(ids),
            )
        return alerts

    # === LISTS AND SWEEP === #

    def _find_notes(self):
        """Find what the nightly run left undone."""
        alerts = {}
        for connection in self.env["exact.connection"].sudo().search([]):
            owner = connection.company_id
            if alert := self._list_alert(connection):
                alerts[digest(owner.id, "lists")] = alert
            if moves := connection._get_unqueued():
                alerts[digest(owner.id, "unqueued")] = self._sweep_alert(owner, moves)
        return alerts

    def _list_alert(self, connection):
        """Return the Alert of lists that are out of date; None if they are not."""
        since = connection.lists_failing_since
        if not since or since >= fields.Datetime.now() - LISTS_FAIL_FOR:
            return None
        owner = connection.company_id
        user = self.find_member(ACCOUNTANTS, owner)
        return self._setup_alert(
            owner, user, health_messages.ALERT_LISTS, connection.list_problem
        )

    def _sweep_alert(self, owner, moves):
        user = self.find_member(ACCOUNTANTS, owner)
        env = self._env_of(user)
        problem = say(
            env,
            health_messages.UNQUEUED[len(moves) > 1],
            count=len(moves),
            company=owner.name,
            name=moves[0].name,
        )
        return Alert(
            record=moves[0],
            user=user,
            summary=say(env, health_messages.ALERT_UNQUEUED),
            note=Markup("<p>%s</p>") % problem,
            records=moves.ids,
        )
