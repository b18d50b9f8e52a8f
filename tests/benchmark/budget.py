"""How much of Exact's minute is used while more wait than it takes.

The clock of Odoo and that of the simulator are one, which only moves when it is told
to: a quarter of a second for each call, and to the moment for which the add-on asked
when it pauses.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta

import requests
from freezegun import freeze_time

from dev.console import Problem, say

from .figures import Figure

MINUTE = timedelta(minutes=1)
CALL_SECONDS = 0.25
POLL_SECONDS = 60
"""How long Odoo's scheduler sleeps after a look at what is due. Nothing wakes it at a
moment of the future, not even a trigger."""


def measure(database, simulator, size):
    """Return the share of each minute that is used, and the share as Odoo wakes."""
    say(f"Pushing {size.throttled} invoices through a minute of {size.minute} calls")
    simulator.settings(minute_limit=size.minute, day_limit=1_000_000)
    asked = _shares(database, simulator, size, _moment_asked_for)
    polled = _shares(database, simulator, size, _next_poll)
    simulator.settings(minute_limit=1_000_000)
    return [
        Figure("Minute's budget used, when woken in time", "%", asked, at_least=100),
        Figure(
            "Minute's budget used, as Odoo's scheduler wakes",
            "% over all minutes",
            (sum(polled) / len(polled),),
        ),
    ]


def _shares(database, simulator, size, next_moment):
    """Return what part of each minute's calls was made, in percent.

    :param next_moment: function of the database and the time that says when the push
        runs again.
    :raise Problem: Exact had to refuse a call.
    """
    calls_before = len(simulator.calls_with_time())
    database.let_wait(size.throttled)
    simulator.advance(60)
    start = simulator.now().replace(second=0, microsecond=0) + MINUTE
    database.start_minute(simulator)
    with _one_clock(simulator, start) as clock:
        while True:
            with database.env() as env:
                env(su=True)["exact.outbox"]._cron_push()
            if not database.count("pending"):
                break
            clock.move_to(next_moment(database, datetime.now()))
    simulator.let_go()
    calls = simulator.calls_with_time()[calls_before:]
    if any(status == 429 for _moment, status in calls):
        raise Problem("Exact refused a call, for too many were made in a minute.")
    minutes = Counter((moment - start) // MINUTE for moment, _status in calls)
    return tuple(
        100 * minutes[index] / size.minute for index in range(max(minutes) + 1)
    )


def _moment_asked_for(database, now):
    """Return when the add-on wants to be woken."""
    rows = database.sql(
        "SELECT min(call_at) FROM ir_cron_trigger WHERE call_at > %s", now
    )
    if not rows[0][0]:
        raise Problem("The push stopped and asked for no other moment.")
    return rows[0][0]


def _next_poll(_database, now):
    return now + timedelta(seconds=POLL_SECONDS)


@contextmanager
def _one_clock(simulator, start):
    """Stop the clocks at `start`; each call of the API moves both on a little."""
    original = requests.Session.request
    with freeze_time(start) as clock:
        simulator.freeze(start)

        def request(session, *args, **kwargs):
            simulator.freeze(datetime.now())
            try:
                return original(session, *args, **kwargs)
            finally:
                clock.tick(CALL_SECONDS)

        requests.Session.request = request
        try:
            yield clock
        finally:
            requests.Session.request = original
