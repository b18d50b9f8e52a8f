"""How much of the time is left that Odoo gives the process of a scheduled action.

Odoo kills a process in the middle of whatever it does once it worked for longer than
`limit_time_real`. A call that is cut off leaves an invoice in doubt, so none is begun
that may last longer than what is left, and none waits longer for its answer.
"""

import time

from odoo.tools import config

from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB

from . import watchdog

NO_LIMIT = float("inf")
# Of the limit; the rest is for the commits after the last call.
USABLE = 0.8
# What a call takes that is not answered: five to connect, thirty to wait.
CALL_SECONDS = 35
# A booking takes one call to five. It is begun only where two may go unanswered.
BOOKING_SECONDS = 60
# Of a limit that is too short for that.
CALL_SHARE, BOOKING_SHARE = 0.4, 0.5


class JobTime:
    """The time of the process that this run is a part of.

    :param odoo.api.Environment env: of the scheduled action.
    """

    def __init__(self, env):
        limit = _get_limit()
        self.call_seconds = min(CALL_SECONDS, limit * CALL_SHARE)
        self.booking_seconds = min(BOOKING_SECONDS, limit * BOOKING_SHARE)
        now, usable = time.monotonic(), limit * USABLE
        # Odoo tells when its first slice of the job ends.
        slice_ends_at = env.context.get("cron_end_time")
        self.slice_ends_at = slice_ends_at or NO_LIMIT
        # Without it nothing is known about the process, as in a shell.
        self.ends_at = now + usable if slice_ends_at else NO_LIMIT
        if slice_ends_at:
            began_at = slice_ends_at - MIN_TIME_PER_JOB
            self.ends_at = min(self.ends_at, began_at + usable)
            if self.left() > 0:
                # What the process did before, or slept, is not ours.
                watchdog.restart()

    def is_slice_over(self):
        """Tell whether other scheduled actions want to run as well."""
        return self.slice_left() <= 0

    def slice_left(self):
        """Return the seconds until other scheduled actions want to run as well."""
        return self.slice_ends_at - time.monotonic()

    def allows_booking(self):
        """Tell whether the next booking may begin."""
        return self.left() >= self.booking_seconds and not self.is_slice_over()

    def allows_call(self):
        """Tell whether a call may begin, which then ends in time."""
        return self.left() >= self.call_seconds

    def left(self):
        """Return the seconds until the last call has to be over."""
        return self.ends_at - time.monotonic()


def _get_limit():
    """Return after how many seconds Odoo ends the process.

    That of a scheduled action, or of a request where a person runs one.
    """
    limits = config["limit_time_real_cron"], config["limit_time_real"]
    return min((limit for limit in limits if limit and limit > 0), default=NO_LIMIT)
