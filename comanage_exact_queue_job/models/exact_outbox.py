import time
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.comanage_exact.sync.push_run import PushRun
from odoo.addons.queue_job.exception import RetryableJobError

# Short, so that companies beyond the number of workers soon have their turn, too, and
# use their minute. Far below the time after which Odoo kills a worker, since the last
# booking that is begun may take several calls.
JOB_SECONDS = 14
# How long a second job of a company leaves the first one alone; it is what follows on
# the first one, so that a company with much to book hardly waits for it.
BUSY_SECONDS = 1
# A pause that is longer is left to the scheduled action.
LONGEST_PAUSE = timedelta(minutes=2)
# Of our locks in PostgreSQL; the number of the company makes them whole.
LOCK = 1165525876


class ExactOutbox(models.Model):
    _inherit = "exact.outbox"

    @api.model
    def _cron_push(self):
        # OVERRIDES comanage_exact, where one worker serves all companies in turn.
        for owner in PushRun(self.env).find_owners():
            self._delay_push(owner)

    @api.model
    def _delay_push(self, owner, eta=None):
        """Have a job book what is due of a company; one waits at a time.

        :param datetime eta: naive UTC, not before then.
        """
        self.with_company(owner).with_delay(
            eta=eta,
            identity_key=f"exact push {owner.id}",
            description=self.env._("Book invoices in Exact Online: %s", owner.name),
        )._push_company(owner)

    @api.model
    def _push_company(self, owner):
        """Book what is due of a company; the job.

        :raise RetryableJobError: another one does so right now.
        """
        owner = owner.sudo()
        with self._alone(owner):
            ends_at = time.monotonic() + JOB_SECONDS
            run = PushRun(self.with_context(cron_end_time=ends_at).env, owner)
            run.run()
        if run.is_unfinished:
            self._delay_push(owner)
        elif self._is_due(run):
            # The limits of a minute: no scheduled action is woken at its very end.
            self._delay_after_pause(owner)

    @api.model
    def _is_due(self, run):
        return bool(self.search_count(run._get_due_domain(), limit=1))

    @api.model
    def _delay_after_pause(self, owner):
        until = owner.exact_connection_id.paused_until
        now = fields.Datetime.now()
        if until and now < until <= now + LONGEST_PAUSE:
            self._delay_push(owner, until)

    @contextmanager
    def _alone(self, owner):
        """Keep other jobs of a company away.

        Not for the sake of the bookings, each of which has a claim of its own, but of
        the workers: those of one company share one minute's calls.
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK, owner.id))
            if not cr.fetchone()[0]:
                raise RetryableJobError(
                    "Another job books the invoices of this company.",
                    seconds=BUSY_SECONDS,
                    ignore_retry=True,
                )
            yield
