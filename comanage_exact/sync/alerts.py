"""Activities about Exact Online: one for each cause, gone when the cause is."""

import hashlib
import logging
from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import ADMINISTRATORS, MANAGERS
from . import messages
from .messages import say

_logger = logging.getLogger(__name__)

ACTIVITY_TYPE = "comanage_exact.mail_activity_type_exact"
INVOICES = "comanage_exact.exact_outbox_problem_action"
RENAMED = "comanage_exact.exact_outbox_renamed_action"
UNCONFIRMED_TOO_LONG = timedelta(hours=1)


class Alert(NamedTuple):
    """What somebody has to know: on which record, who, what."""

    record: models.Model
    user: models.Model
    summary: str
    note: str


class Alerts:
    """Makes the activities those of the present causes."""

    def __init__(self, env):
        self.env = env

    def sync(self):
        """Add, update and remove activities.

        One that a person marked as done does not come back before its cause has gone
        and come back.
        """
        alerts = {**self._find_invoices(), **self._find_connections()}
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        for activity in activities.search([("exact_cause", "!=", False)]):
            alert = alerts.pop(activity.exact_cause, None)
            if alert and activity.active:
                texts = {"summary": alert.summary, "note": alert.note}
                if texts != {name: activity[name] for name in texts}:
                    activity.write(texts)
            elif not alert and activity.active:
                activity.unlink()
            elif not alert:
                activity.exact_cause = False
        for cause, alert in alerts.items():
            self._schedule(cause, alert)

    def _schedule(self, cause, alert):
        try:
            with self.env.cr.savepoint():
                alert.record.sudo().activity_schedule(
                    ACTIVITY_TYPE,
                    user_id=alert.user.id,
                    summary=alert.summary,
                    note=alert.note,
                    exact_cause=cause,
                )
        except UserError as err:
            # One that cannot be assigned keeps nobody from the others.
            _logger.warning("Alert on %s: %s", alert.record, err)

    # === INVOICES === #

    def _find_invoices(self):
        """Return {cause: Alert} of what failed, and what is unconfirmed too long."""
        outboxes = self.env["exact.outbox"].sudo()
        alerts = {}
        limit = fields.Datetime.now() - UNCONFIRMED_TOO_LONG
        for domain in (
            [("state", "=", "failed")],
            [("state", "=", "misplaced")],
            [("state", "=", "unconfirmed"), ("claimed_at", "<", limit)],
        ):
            groups = outboxes._read_group(
                domain, ["company_id", "cause", "error_kind"], ["id:min", "__count"]
            )
            for company, cause, kind, first_id, count in groups:
                key = _digest(company.id, domain[0][2], kind, cause)
                summary = messages.ALERT_INVOICE
                if kind == "customer":
                    summary = messages.ALERT_CUSTOMER
                alerts[key] = self._invoice_alert(
                    outboxes.browse(first_id), count, summary=summary
                )
        # Resequencing renames many at once: one for all of a company.
        renamed = [("state", "=", "sent"), ("is_renamed", "=", True)]
        groups = outboxes._read_group(renamed, ["company_id"], ["id:min", "__count"])
        for company, first_id, count in groups:
            key = _digest(company.id, "renamed")
            alerts[key] = self._invoice_alert(
                outboxes.browse(first_id),
                count,
                summary=messages.ALERT_RENAMED,
                same=messages.ALERT_RENAMED_TOO,
                action=RENAMED,
            )
        return alerts

    def _invoice_alert(
        self,
        outbox,
        count,
        summary=messages.ALERT_INVOICE,
        same=messages.ALERT_SAME_CAUSE,
        action=INVOICES,
    ):
        """Return the Alert of one cause.

        :param exact.outbox outbox: the first that it concerns.
        :param int count: of all that it concerns.
        :param summary, same: texts; the second one names `count`.
        :param str action: that lists them.
        """
        user = self._find_responsible(outbox)
        outbox = outbox.with_context(lang=user.lang)
        env = outbox.env
        more = Markup()
        if count > 1:
            more = Markup("<p>%s</p>") % say(env, same, count=count)
        link = Markup("<p><a href='/odoo/action-%s'>%s</a></p>") % (
            action,
            say(env, messages.ALERT_LINK),
        )
        problem = outbox.error or outbox.difference or ""
        return Alert(
            record=outbox.move_id,
            user=user,
            summary=say(env, summary),
            note=Markup("<p>%s</p>") % problem + more + link,
        )

    def _find_responsible(self, outbox):
        """Return who sent it, else the salesperson, else a manager of the company."""
        users = outbox.user_id | outbox.move_id.invoice_user_id
        able = users.filtered(lambda user: user.active and user._is_internal())
        return able[:1] or self._find_member(MANAGERS, outbox.company_id)

    def _find_member(self, group, company):
        """Return the first user with a group who may work in a company."""
        members = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(
                lambda user: user.active and company in user.company_ids
            )
        )
        return members.sorted("id")[:1] or self.env.ref("base.user_admin")

    # === CONNECTIONS === #

    def _find_connections(self):
        """Return {cause: Alert} of expired connections and of a push that stands."""
        connections = self.env["exact.connection"].sudo()
        alerts = {}
        for connection in connections.search([("state", "!=", "disconnected")]):
            company = connection.company_id
            user = connection.user_id
            if not user.active:
                user = self._find_member(ADMINISTRATORS, company)
            env = self.env(context={**self.env.context, "lang": user.lang})
            for kind, problem in self._connection_problems(env, connection).items():
                alerts[_digest(company.id, kind)] = Alert(
                    record=company.partner_id,
                    user=user,
                    summary=say(env, messages.ALERT_CONNECTION),
                    note=Markup("<p>%s</p>") % problem,
                )
        return alerts

    def _connection_problems(self, env, connection):
        """Return {kind: sentence} of what is wrong with a connection."""
        problems = {}
        if connection.state == "expired":
            name = connection.company_id.name
            problems["expired"] = say(env, messages.CONNECTION_EXPIRED, company=name)
        if connection._is_stopped():
            problems["stopped"] = messages.stopped_text(connection.with_env(env))
        if late := env["exact.outbox"]._get_push_problem():
            problems["late"] = late
        return problems


def _digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
