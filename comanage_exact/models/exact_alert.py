import hashlib
import logging
from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

MANAGERS = "comanage_exact.group_exact_manager"
ADMINISTRATORS = "base.group_system"
ACTIVITY_TYPE = "comanage_exact.mail_activity_type_exact"
UNCONFIRMED_TOO_LONG = timedelta(hours=1)


class Alert(NamedTuple):
    """What somebody is to know: on which record, who, what."""

    record: models.Model
    user: models.Model
    summary: str
    note: str


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity"]

    exact_cause = fields.Char(
        "Cause at Exact", index="btree_not_null", groups=ADMINISTRATORS
    )


class ExactAlert(models.AbstractModel):
    """Activities about Exact Online: one for each cause, gone when the cause is."""

    _name = "exact.alert"
    _description = "Alerts about Exact Online"

    @api.model
    def _sync(self):
        """Make the activities those of the present causes.

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
            try:
                with self.env.cr.savepoint():
                    self._schedule(cause, alert)
            except UserError as err:
                # One that cannot be assigned keeps nobody from the others.
                _logger.warning("Alert on %s: %s", alert.record, err)

    @api.model
    def _schedule(self, cause, alert):
        alert.record.sudo().activity_schedule(
            ACTIVITY_TYPE,
            user_id=alert.user.id,
            summary=alert.summary,
            note=alert.note,
            exact_cause=cause,
        )

    # === INVOICES === #

    @api.model
    def _find_invoices(self):
        """Return {cause: Alert} of failed rows, and of those unconfirmed too long."""
        outbox = self.env["exact.outbox"].sudo()
        alerts = {}
        limit = fields.Datetime.now() - UNCONFIRMED_TOO_LONG
        for domain in (
            [("state", "=", "failed")],
            [("state", "=", "unconfirmed"), ("claimed_at", "<", limit)],
        ):
            groups = outbox._read_group(
                domain, ["company_id", "cause", "error_kind"], ["id:min", "__count"]
            )
            for company, cause, kind, first_id, count in groups:
                key = _digest(company.id, domain[0][2], kind, cause)
                alerts[key] = self._prepare_alert(outbox.browse(first_id), count)
        return alerts

    @api.model
    def _prepare_alert(self, outbox, count):
        user = self._find_responsible(outbox)
        outbox = outbox.with_context(lang=user.lang)
        more = Markup()
        if count > 1:
            more = Markup("<p>%s</p>") % outbox.env._(
                "%(count)s invoices wait for the same.", count=count
            )
        link = Markup("<p><a href='/odoo/action-%s'>%s</a></p>") % (
            "comanage_exact.exact_outbox_problem_action",
            outbox.env._("Show the invoices"),
        )
        return Alert(
            record=outbox.move_id,
            user=user,
            summary=outbox.env._("Not booked in Exact Online"),
            note=Markup("<p>%s</p>") % (outbox.error or "") + more + link,
        )

    @api.model
    def _find_responsible(self, outbox):
        """Return who sent it, else the salesperson, else a manager of the company."""
        users = outbox.user_id | outbox.move_id.invoice_user_id
        able = users.filtered(lambda user: user.active and user._is_internal())
        return able[:1] or self._find_member(MANAGERS, outbox.company_id)

    @api.model
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

    @api.model
    def _find_used(self):
        connections = self.env["exact.connection"].sudo()
        return connections.search([("state", "!=", "disconnected")])

    @api.model
    def _find_connections(self):
        """Return {cause: Alert} of connections and crons that stand still."""
        alerts = {}
        for connection in self._find_used():
            company = connection.company_id
            user = connection.user_id
            if not user.active:
                user = self._find_member(ADMINISTRATORS, company)
            env = self.with_context(lang=user.lang).env
            late = env["exact.outbox"]._get_push_problem()
            problems = {}
            if connection.state == "expired":
                problems["expired"] = env._(
                    "The connection of %(company)s with Exact Online has expired and "
                    "its invoices wait. Press Connect to Exact Online on the company.",
                    company=company.name,
                )
            if late:
                problems["late"] = late
            for kind, problem in problems.items():
                alerts[_digest(company.id, kind)] = Alert(
                    record=company.partner_id,
                    user=user,
                    summary=env._("Exact Online needs you"),
                    note=Markup("<p>%s</p>") % problem,
                )
        return alerts


def _digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
