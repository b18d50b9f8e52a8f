"""Activities about Exact Online: one for each cause, gone when the cause is."""

import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import fields
from odoo.exceptions import UserError

from ..const import ACCOUNTANTS
from . import messages
from .alert import Alert, AlertFinder, digest, link_to
from .chatter import fix_link
from .health_alerts import HealthAlerts
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


class Alerts(AlertFinder):
    """Makes the activities those of the present causes."""

    def sync(self):
        """Add, update and remove activities.

        One that a person marked as done does not come back before its cause has gone
        and come back.
        """
        health = HealthAlerts(self.env)
        alerts = {
            **health.find(),
            **self._find_invoices(health.members),
            **self._find_renamed(),
            **self._find_differences(),
            **self._find_comparisons(),
        }
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        for activity in activities.search([("exact_cause", "!=", False)]):
            alert = alerts.get(activity.exact_cause)
            if not alert:
                self._end(activity)
            elif activity.active and activity.res_model != alert.record._name:
                # It lies where an earlier version looked for the fix.
                activity.unlink()
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

    def _find_invoices(self, told):
        """Return {cause: Alert} of what failed, and what is unconfirmed too long.

        :param res.company told: companies in whose connection more is wrong than one
            answer, which is told by another alert.
        """
        outboxes = self.env["exact.outbox"].sudo()
        alerts = {}
        limit = fields.Datetime.now() - UNCONFIRMED_TOO_LONG
        for domain in (
            [("state", "=", "failed")],
            [("state", "=", "misplaced")],
            [
                ("state", "=", "unconfirmed"),
                ("claimed_at", "<", limit),
                # Where more is wrong than this one answer, that is told.
                ("company_id", "not in", told.ids),
            ],
        ):
            groups = outboxes._read_group(
                domain, ["company_id", "cause", "error_kind"], ["id:min", "__count"]
            )
            for company, cause, kind, first_id, count in groups:
                key = digest(company.id, domain[0][2], kind, cause)
                summary = messages.ALERT_INVOICE
                if kind == "customer":
                    summary = messages.ALERT_CUSTOMER
                alerts[key] = self._invoice_alert(
                    outboxes.browse(first_id), count, summary=summary
                )
        return alerts

    def _find_renamed(self):
        """Return {cause: Alert} of booked invoices that have another number now.

        Resequencing renames many at once: one for all of a company.
        """
        outboxes = self.env["exact.outbox"].sudo()
        alerts = {}
        renamed = [("state", "=", "sent"), ("is_renamed", "=", True)]
        groups = outboxes._read_group(renamed, ["company_id"], ["id:min", "__count"])
        for company, first_id, count in groups:
            key = digest(company.id, "renamed")
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
            alerts[digest(company.id, "finding", status)] = self._invoice_alert(
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
        user = self.find_responsible(outbox)
        outbox = outbox.with_context(lang=user.lang)
        env = outbox.env
        more = Markup()
        if count > 1:
            more = Markup("<p>%s</p>") % say(env, same, count=count)
        link = link_to(env, action)
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
                cause = digest(record.company_id.id, "month", record.date_from)
                alerts[cause] = self._comparison_alert(latest, lines)
        return alerts

    def _comparison_alert(self, record, lines):
        user = self.find_member(ACCOUNTANTS, record.company_id)
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
