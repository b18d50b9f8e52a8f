"""Loaded with --load into the servers of the soak; never installed.

The add-on keeps its own leases, waits and limits: it is the time that runs faster, here
as in the simulator.
"""

import os
from datetime import datetime, timezone

from odoo import fields, sql_db
from odoo.addons.comanage_exact.exact_api import client, oauth

from tests.soak.clock import FastClock

clock = FastClock(os.environ["COMANAGE_SOAK_CLOCK"])


class FastDatetime(datetime):
    """What `datetime.now` is to the client, which has no Odoo."""

    @classmethod
    def now(cls, tz=None):
        return datetime.fromtimestamp(clock.now(), tz)


def now(*_arguments):
    moment = datetime.fromtimestamp(clock.now(), timezone.utc)
    return moment.replace(tzinfo=None, microsecond=0)


def cursor_now(self):
    """Tell the moment of a transaction, by which crons become due."""
    if self._now is None:
        self._now = now()
    return self._now


fields.Datetime.now = staticmethod(now)
sql_db.BaseCursor.now = cursor_now
client.datetime = FastDatetime
oauth.TIMEOUT = tuple(seconds / clock.speed for seconds in oauth.TIMEOUT)
client.ExactClient.__init__.__kwdefaults__["timeout"] = oauth.TIMEOUT
