"""Activities about Exact Online: one for each cause, gone when the cause is."""

import hashlib
import logging
from datetime import timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import ADMINISTRATORS, MANAGERS
from . import login_messages, messages
from .chatter import fix_link
from .messages import say

_logger = logging.getLogger(__name__)

ACTIVITY_TYPE = "comanage_exact.mail_activity_type_exact"
INVOICES = "comanage_exact.exact_outbox_problem_action"
RENAMED = "comanage_exact.exact_outbox_renamed_action"
REVIEW = "comanage_exact.exact_outbox_review_action"
COMPARISONS = "comanage_exact.exact_comparison_action"
# How long a month with differences is called to mind.
MONTHS_SHOWN = 3
# By what was found: summary, and what is said of several.
ALERT_FINDINGS = {
    "deleted": (messages.ALERT_DELETED, messages.ALERT_DELETED_TOO),
    "differs": (messages.ALERT_DIFFERS, messages.ALERT_DIFFERS_TOO),
}
UNCONFIRMED_TOO_LONG = timedelta(hours=1)


class Alert(NamedTuple):
    """What somebody has to know: on which record, who, what.

    :param list records: what it is about, as sorted texts or ids; others than those of
        an activity that is done make another activity.
    """

    record: models.Model
    user: models.Model
    summary: str
    note: str
    records: list | None = None


class Alerts:
    """Makes the activities those of the present causes."""

    def __init__(self, env):
        self.env = env

    def sync(self):
        """Add, update and remove activities.

        One that a person marked as done does not come back before its cause has gone
        and come back.
        """
        alerts = {
            **self._find_invoices(),
            **self._find_connections(),
            **self._find_differences(),
            **self._find_comparisons(),
        }
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        for activity in activities.search([("exact_cause", "!=", False)]):
            alert = alerts.get(activity.exact_cause)
            if not alert:
                self._end(activity)
            elif activity.active:
                self._update(activity, alert)
                del alerts[activity.exact_cause]
            elif self._is_covered(activity, alert):
                del alerts[activity.exact_cause]
            else:
                activity.exact_cause = False
        for cause, alert in alerts.items():
            self._schedule(cause, alert)

    @staticmethod
    def _end(activity):
        """Remove an activity whose cause has gone; one that is done stays."""
        if activity.active:
            activity.unlink()
        else:
            activity.exact_cause = False

    @staticmethod
    def _update(activity, alert):
        values = {
            "summary": alert.summary,
            "note": alert.note,
            "exact_records": alert.records or False,
        }
        if values != {name: activity[name] for name in values}:
            activity.write(values)

    @staticmethod
    def _is_covered(activity, alert):
        """Tell whether all that an alert is about was there when a person was done."""
        if alert.records is None:
            return True
        known = set(activity.exact_records or [])
        if not known.issuperset(alert.records):
            return False
        # What was fixed meanwhile would be something new.
        if activity.exact_records != alert.records:
            activity.exact_records = alert.records
        return True

    def _schedule(self, cause, alert):
        try:
            with self.env.cr.savepoint():
                alert.record.sudo().activity_schedule(
                    ACTIVITY_TYPE,
                    user_id=alert.user.id,
                    summary=alert.summary,
                    note=alert.note,
                    exact_cause=cause,
                    exact_records=alert.records or False,
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

    def _find_differences(self):
        """Return {cause: Alert} of entries that somebody changed or deleted.

        One for each kind and company, however many there are.
        """
        outboxes = self.env["exact.outbox"].sudo()
        groups = outboxes._read_group(
            [
                ("is_review_due", "=", True),
                ("is_accepted", "=", False),
                ("status", "in", list(ALERT_FINDINGS)),
            ],
            ["company_id", "status"],
            ["id:array_agg"],
        )
        alerts = {}
        for company, status, ids in groups:
            summary, same = ALERT_FINDINGS[status]
            alerts[_digest(company.id, "finding", status)] = self._invoice_alert(
                outboxes.browse(min(ids)),
                len(ids),
                summary=summary,
                same=same,
                action=REVIEW,
                records=sorted(ids),
            )
        return alerts

    def _invoice_alert(
        self,
        outbox,
        count,
        summary=messages.ALERT_INVOICE,
        same=messages.ALERT_SAME_CAUSE,
        action=INVOICES,
        records=None,
    ):
        """Return the Alert of one cause.

        :param exact.outbox outbox: the first that it concerns.
        :param int count: of all that it concerns.
        :param summary, same: texts; the second one names `count`.
        :param str action: that lists them.
        :param list records: see Alert.
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
        if outbox.is_fixable:
            link = fix_link(outbox) + link
        problem = outbox.error or outbox.difference or ""
        return Alert(
            record=outbox.move_id,
            user=user,
            summary=say(env, summary),
            note=Markup("<p>%s</p>") % problem + more + link,
            records=records,
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

    # === COMPARISONS === #

    def _find_comparisons(self):
        """Return {cause: Alert} of the last months where the two sides differ."""
        comparisons = self.env["exact.comparison"].sudo()
        since = fields.Date.today() - relativedelta(months=MONTHS_SHOWN)
        alerts = {}
        for record in comparisons.search(
            [
                ("is_automatic", "=", True),
                ("state", "in", ("done", "failed")),
                ("date_to", ">=", since),
            ]
        ):
            # Somebody may have compared the month again.
            latest = comparisons.search(
                [
                    ("company_id", "=", record.company_id.id),
                    ("date_from", "=", record.date_from),
                    ("date_to", "=", record.date_to),
                    ("state", "=", "done"),
                ],
                order="compared_at desc, id desc",
                limit=1,
            )
            latest = latest or record
            # What is said of single invoices is not said again.
            lines = latest.problem_line_ids.filtered(
                lambda line: not line.move_id.exact_outbox_id.is_review_due
            )
            if lines or latest.state == "failed":
                cause = _digest(record.company_id.id, "month", record.date_from)
                alerts[cause] = self._comparison_alert(latest, lines)
        return alerts

    def _comparison_alert(self, record, lines):
        user = self._find_member(MANAGERS, record.company_id)
        env = self.env(context={**self.env.context, "lang": user.lang})
        text = record.problem
        if record.state == "done":
            text = say(
                env,
                messages.ALERT_MONTH_DIFFERS[len(lines) != 1],
                count=len(lines),
                name=record.with_env(env).name,
            )
        link = Markup("<p><a href='/odoo/action-%s/%s'>%s</a></p>") % (
            COMPARISONS,
            record.id,
            say(env, messages.ALERT_MONTH_LINK),
        )
        return Alert(
            record=record.company_id.partner_id,
            user=user,
            summary=say(env, messages.ALERT_MONTH),
            note=Markup("<p>%s</p>") % text + link,
            records=sorted(line.exact_guid or f"{line.move_id.id}" for line in lines),
        )

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
        problems |= login_messages.login_problems(env, connection)
        if late := env["exact.outbox"]._get_push_problem():
            problems["late"] = late
        return problems


def _digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
