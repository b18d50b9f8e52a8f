import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

CARE_CRON = "comanage_exact.ir_cron_exact_care"
CARE_BATCH = 100
# What Odoo itself finds, and can look at again.
CHECKED = ("check", "cents")


class ExactOutbox(models.Model):
    """What was cured goes on: failed rows are looked at again."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    @api.model
    def _trigger_care(self):
        """Look after what failed, soon; used where a mapping or a state changes."""
        cron = self.env.ref(CARE_CRON).sudo()
        waiting = self.env["ir.cron.trigger"].sudo()
        if not waiting.search_count(
            [("cron_id", "=", cron.id), ("call_at", "<=", fields.Datetime.now())],
            limit=1,
        ):
            cron._trigger()

    @api.model
    def _trigger_care_of_checks(self):
        """The same, if anything waits for a mapping at all."""
        by_check = [("state", "=", "failed"), ("error_kind", "in", CHECKED)]
        if self.sudo().search_count(by_check, limit=1):
            self._trigger_care()

    @api.model
    def _cron_care(self):
        """Send what was cured, and tell people what still needs them."""
        self.env["exact.match"]._review()
        self.env["ir.cron"]._commit_progress()
        last_id = 0
        while True:
            rows = self.search(
                [
                    ("state", "=", "failed"),
                    ("error_kind", "in", CHECKED),
                    ("id", ">", last_id),
                ],
                order="id",
                limit=CARE_BATCH,
            )
            for outbox in rows:
                outbox._care()
            last_id = rows[-1:].id
            time_left = self.env["ir.cron"]._commit_progress(len(rows))
            if len(rows) < CARE_BATCH or not time_left:
                break
        self.env["exact.alert"]._sync()

    def _care(self):
        """Look at one row again; whatever is wrong with it, the others have a turn."""
        try:
            with self.env.cr.savepoint():
                self._retry_if_cured()
        except SerializationFailure:
            _logger.info("Outbox row %s: another worker has it", self.id)
        except Exception:
            # A bug in one row must not keep the others from being cured.
            _logger.exception("Outbox row %s", self.id)

    def _retry_if_cured(self):
        """Queue a row anew if nothing keeps its invoice here any more."""
        owner = self.company_id._exact_get_owner()
        move = self.move_id.with_company(owner)
        if not owner._exact_is_used() or move._exact_get_problems():
            return
        self._retry_now()

    def _retry_now(self):
        """Queue failed rows for now, with a clean slate."""
        now = fields.Datetime.now()
        for outbox in self.try_lock_for_update():
            moment = max(outbox.scheduled_at or now, now)
            outbox._transition(
                "pending",
                scheduled_at=moment,
                attempts=0,
                error=False,
                error_kind=False,
                foreign_entry=False,
            )
            outbox._trigger_push(moment)

    def _wake_same_cause(self):
        """Let the invoices go that Exact refused for what a retry has just got over."""
        if self.state != "sent" or not self.cause:
            return
        members = self.company_id._exact_get_owner()._exact_get_members()
        self.search(
            [
                ("state", "=", "failed"),
                ("error_kind", "=", "refused"),
                ("cause", "=", self.cause),
                ("company_id", "in", members.ids),
            ]
        )._retry_now()
        self.cause = False

    @api.model
    def _retry_refused_customers(self, company, partners):
        """Let the invoices go that Exact refused for an account that is gone."""
        self.search(
            [
                ("state", "=", "failed"),
                ("error_kind", "=", "refused"),
                ("company_id", "in", company._exact_get_members().ids),
                ("move_id.commercial_partner_id", "in", partners.ids),
            ]
        )._retry_now()

    # === CRON THAT STANDS STILL === #

    @api.model
    def _get_push_problem(self):
        """Return why nothing goes by itself, as a sentence; None if it does."""
        cron = self.env.ref("comanage_exact.ir_cron_exact_push").sudo()
        if not cron.active:
            return self.env._(
                "The scheduled action “%(name)s” is switched off, so no invoice goes "
                "to Exact Online. Switch it on in Settings ▸ Technical ▸ Automation "
                "▸ Scheduled Actions (developer mode).",
                name=cron.name,
            )
        if cron.nextcall < fields.Datetime.now() - timedelta(minutes=30):
            return self.env._(
                "The scheduled action “%(name)s” is over half an hour late, so "
                "invoices wait. Ask whoever runs the server whether such "
                "actions work there.",
                name=cron.name,
            )
        return None
