from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..booking import life_cycle


class ExactRetryMixin(models.AbstractModel):
    """When a booking is tried again that failed for a passing reason.

    Such a reason never ends in a final state: the wait grows to four hours and stays
    there, and the first answer of Exact Online ends it.
    """

    _name = "exact.retry.mixin"
    _description = "Exact Online Retry"

    failures = fields.Integer(
        "Failures in a Row",
        readonly=True,
        help="How often Exact Online was unavailable or its response was lost since "
        "something of this booking last succeeded.",
    )

    def _postpone(self, until, kind, error):
        """Wait for a known moment, without counting an attempt."""
        # The clocks of Odoo and Exact may differ: never at once.
        until = max(until, fields.Datetime.now() + timedelta(seconds=5))
        attempts = max(self.attempts - (self.state == "sending"), 0)
        self._wait(until, kind, error, attempts=attempts)

    def _get_next_retry(self):
        """Return when to try again after one failure more: later each time."""
        return fields.Datetime.now() + life_cycle.retry_after(self.failures + 1)

    def _get_next_look_up(self):
        """Return the same of a lost answer, whose request may still be under way."""
        earliest = fields.Datetime.now() + life_cycle.LOOK_UP_AFTER
        return max(earliest, self._get_next_retry())

    def _is_look_up_early(self):
        """Tell whether the request may still be under way."""
        since = self.claimed_at or self.scheduled_at
        wait = life_cycle.LOOK_UP_AFTER if self.claimed_at else timedelta()
        return since + wait > fields.Datetime.now()

    def _retry_later(self, until, kind, error):
        """Count a failure and wait; see `_get_next_retry`."""
        self._wait(until, kind, error, failures=self.failures + 1)

    def _look_up_later(self, until, error, kind="unconfirmed"):
        """Count a failure, and leave it to a look-up whether Exact has the entry."""
        failures = self.failures + 1
        self._mark_unconfirmed(error, until=until, error_kind=kind, failures=failures)

    def _return_to_queue(self):
        """Undo the claim of a booking for which no call was made that matters."""
        self._transition("pending", attempts=max(self.attempts - 1, 0))

    def _wait(self, until, kind, error, **values):
        self._transition(
            "pending", scheduled_at=until, error_kind=kind, error=error, **values
        )
        self._trigger_push(until)

    def _mark_unconfirmed(self, error, *, until=None, **values):
        """Leave it to a look-up whether Exact has it.

        :param datetime until: not before then; at once if it is not given.
        :param values: further fields to write in the same query.
        """
        until = until or fields.Datetime.now()
        self._transition(
            "unconfirmed",
            **{"error_kind": "unconfirmed", **values},
            scheduled_at=until,
            error=error,
        )
        self._trigger_push(until)

    def _wake(self, owner, count):
        """Make all due now that waits for Exact Online to answer.

        :param res.company owner: that has the connection which was answered.
        :param int count: of the failures in a row that this ends. What failed more
            often did so for itself, and waits as long as its own failures make it.
        """
        now = fields.Datetime.now()
        self.flush_model(["state", "scheduled_at", "failures", "claimed_at"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE exact_outbox
                   SET scheduled_at = GREATEST(%(now)s, CASE state
                           WHEN 'unconfirmed' THEN claimed_at + %(look_up_after)s
                           ELSE %(now)s END)
                 WHERE id IN (
                       SELECT id
                         FROM exact_outbox
                        WHERE company_id IN %(companies)s
                          AND state IN %(states)s
                          AND scheduled_at > %(now)s
                          AND failures BETWEEN 1 AND %(count)s
                          FOR UPDATE SKIP LOCKED)
             RETURNING id
                """,
                now=now,
                look_up_after=life_cycle.LOOK_UP_AFTER,
                companies=tuple(owner._exact_get_members().ids),
                states=life_cycle.DUE,
                count=count,
            )
        )
        if self.env.cr.fetchall():
            self.invalidate_model(["scheduled_at"])
            self._trigger_push(now)
