"""One run of the soak, from empty books to the comparison."""

import random
import threading
import time
from contextlib import ExitStack
from datetime import date, datetime, timedelta, timezone

from dev import postgres_cluster
from dev.console import say

from . import invoices
from .faults import SLOWEST, RandomFaults
from .figures import Figures
from .ledger import Ledger
from .stage import running

FAULT_RATE = 0.15
CUSTOMERS = 24
KILL_SECONDS = (2, 5)
TICK = 0.5
# Longer than any call that may still be under way.
IDLE_SECONDS = SLOWEST + 2
# What the add-on calls so; a claim older than this is looked up.
LEASE = timedelta(minutes=15)
RESTART_AT, LATE_AT, CALM_AT = 0.5, 0.8, 0.97

WAITING = """
    SELECT CASE o.state WHEN 'sending' THEN o.claimed_at + %(lease)s
                ELSE GREATEST(o.scheduled_at, c.paused_until) END
      FROM exact_outbox o
      JOIN exact_connection c ON c.company_id = o.company_id
     WHERE o.state IN ('pending', 'sending', 'unconfirmed')
"""
FREE_CRONS = """
    SELECT id FROM ir_cron WHERE id = ANY(%(crons)s)
       FOR NO KEY UPDATE SKIP LOCKED
"""
CUT_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Storm:
    """A run: users post, workers book, and everything goes wrong now and then.

    :param dev.environment.Environment environment: where the database shall be.
    :param int count: of invoices.
    :param bool is_own_server: PostgreSQL is ours alone and may be restarted.
    :param float seconds: after these it ends, whatever still waits.
    """

    def __init__(self, environment, seed, count, *, is_own_server, seconds):
        self._environment = environment
        self._count = count
        self._is_own_server = is_own_server
        self._started = time.monotonic()
        self._deadline = self._started + seconds
        self._idle_since = None
        self._expired = set()
        self.figures = Figures(seed)

    def run(self):
        """Return the Figures, and the first and the last Verdict."""
        with ExitStack() as stack:
            self._stage = stack.enter_context(running(self._environment))
            control = self._stage.simulator.control
            self._faults = RandomFaults(self._rng("faults"), FAULT_RATE)
            self._stage.simulator.state.faults = self._faults
            ledger = Ledger(self._stage.sql, self._stage.companies, control)
            say(f"Posting {self._count} invoices while everything goes wrong")
            self._rage()
            say("Letting what still waits come to its end")
            self._drain()
            first = ledger.compare()
            self._press_send(first)
            self._drain()
            last = ledger.compare()
        self._note(first, last)
        return self.figures, first, last

    def _rng(self, purpose):
        return random.Random(f"{self.figures.seed}/{purpose}")

    def _note(self, first, last):
        figures = self.figures
        figures.invoices = last.invoices
        figures.faults = dict(self._faults.counts)
        figures.kills = self._stage.workers.kills
        for name in ("duplicates", "lost", "unequal"):
            found = {*getattr(first, name), *getattr(last, name)}
            setattr(figures, name, len(found))
        figures.asking, figures.left = len(first.asking), len(last.asking)
        figures.seconds = round(time.monotonic() - self._started)

    # === THE STORM === #

    def _rage(self):
        posters = self._start_posting()
        rng = self._rng("kills")
        self._faults.is_on = True
        next_kill = time.monotonic() + rng.uniform(*KILL_SECONDS)
        while self._has_time() and not self._is_nearly_done():
            self._beat()
            posted = sum(poster.posted for poster in posters)
            self._faults.is_late = posted >= LATE_AT * self._count
            if posted >= RESTART_AT * self._count and not self._is_restarted():
                self._restart_postgres()
            if time.monotonic() >= next_kill:
                self._stage.workers.kill_one(rng)
                next_kill = time.monotonic() + rng.uniform(*KILL_SECONDS)
            time.sleep(TICK)
        self._faults.is_on = False

    def _start_posting(self):
        stage, rng = self._stage, self._rng("invoices")
        day = date.today().isoformat()
        odoo = stage.companies[0].odoo
        customers = invoices.create_customers(odoo, min(CUSTOMERS, self._count // 5))
        posters = []
        for index, company in enumerate(stage.companies):
            share = len(range(index, self._count, len(stage.companies)))
            values = invoices.plan(rng, company, customers, share, day)
            own_rng = self._rng(f"user {index}")
            posters.append(invoices.Poster(own_rng, company, values))
        for poster in posters:
            threading.Thread(target=poster.run, daemon=True).start()
        return posters

    def _is_nearly_done(self):
        query = "SELECT COUNT(*) FROM exact_outbox WHERE state IN ('sent', 'failed')"
        ((count,),) = self._stage.sql(query)
        return count >= CALM_AT * self._count and self._is_restarted()

    def _is_restarted(self):
        return self.figures.restarts or self.figures.cuts

    def _restart_postgres(self):
        if self._is_own_server:
            postgres_cluster.stop()
            postgres_cluster.ensure_running()
            self.figures.restarts += 1
        else:
            self._stage.sql(CUT_SESSIONS)
            self.figures.cuts += 1

    # === THE CALM === #

    def _drain(self):
        """Return when nothing waits any more, or time is up."""
        while self._has_time() and self._get_moments():
            self._beat()
            time.sleep(TICK)

    def _fly(self):
        """Put the clock forward where nothing can happen before a known moment."""
        moments = self._get_moments()
        if not moments or min(moments) <= self._now() or self._is_busy():
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = time.monotonic()
        elif time.monotonic() - self._idle_since > IDLE_SECONDS:
            wait = min(moments) - self._now()
            self._stage.clock.jump(wait.total_seconds() + 1)
            self._idle_since = None

    def _get_moments(self):
        """Return when each invoice goes on that waits for something."""
        return [moment for (moment,) in self._stage.sql(WAITING, lease=LEASE)]

    def _is_busy(self):
        crons = self._stage.crons
        return len(self._stage.sql(FREE_CRONS, crons=crons)) < len(crons)

    def _press_send(self, verdict):
        """Be the person whom the invoices ask: press the button on each."""
        for company in self._stage.companies:
            odoo = company.odoo
            domain = [
                ("id", "in", list(verdict.asking)),
                ("company_id", "=", company.id),
            ]
            if rows := odoo.find("account.move", domain, "id"):
                ids = [row["id"] for row in rows]
                odoo.call("account.move", "action_exact_send", ids)

    # === ALL THE TIME === #

    def _beat(self):
        self._stage.workers.keep_running()
        self._stage.wake_crons()
        self._fly()
        expired = "SELECT company_id FROM exact_connection WHERE state = 'expired'"
        numbers = {number for (number,) in self._stage.sql(expired)}
        self.figures.consents += bool(numbers - self._expired)
        self._expired = numbers
        for company in self._stage.companies:
            if company.id in numbers:
                # The others get the new tokens with it.
                company.reconnect()
                break

    def _now(self):
        seconds = self._stage.clock.now()
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def _has_time(self):
        return time.monotonic() < self._deadline
