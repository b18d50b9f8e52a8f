"""What the measurements share: a connected company, and a look into its database."""

import gc
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from dev.stage import LOGIN

SAMPLES = 5


@dataclass(frozen=True)
class Size:
    """How much is measured; the smallest is for the tests."""

    backlogs: tuple = (100, 1_000, 10_000)
    # Invoices of one sample: what Exact allows within a minute.
    minute: int = 60
    drained: int = 10_000
    samples: int = SAMPLES
    # Invoices that are posted and sent in each sample of the overhead.
    pairs: int = 30
    new_customers: int = 4
    throttled: int = 300
    # Of a long chart of Exact.
    accounts: int = 20_000
    # Invoices of a month that is compared with Exact.
    proven: int = 5_000
    # Side by side, each with the invoices of a minute.
    companies: int = 20
    due: int = 60
    servers: int = 2
    # Of each server.
    workers: int = 8
    # Parts that are left out.
    without: tuple = ()


FULL = Size()
QUICK = Size(
    backlogs=(100, 1_000),
    drained=500,
    pairs=10,
    proven=500,
    companies=3,
    due=20,
    workers=2,
)
SMALLEST = Size(
    backlogs=(4, 8),
    minute=2,
    drained=4,
    samples=2,
    pairs=1,
    new_customers=1,
    throttled=6,
    accounts=50,
    proven=4,
    # Takes more than a minute to start; `tests/test_queue_job.py` runs jobs.
    without=("scale",),
    companies=2,
    due=4,
    workers=2,
)


def read_configuration(environment):
    """Make Odoo in this process the one of the environment; once is enough."""
    options = [f"--config={environment.config}", "--log-level=error", "--no-http"]
    config.parse_config(options, setup_logging=True)


class Database:
    """An Odoo database, seen from this process as the administrator in Belgium."""

    def __init__(self, name):
        self.name = name
        self.registry = Registry(name)

    @contextmanager
    def env(self):
        """Give an environment, whose changes are committed at the end."""
        threading.current_thread().dbname = self.name
        with self.registry.cursor() as cr:
            su = api.Environment(cr, api.SUPERUSER_ID, {})
            user = su["res.users"].search([("login", "=", LOGIN)])
            company = su.ref("base.demo_company_be").id
            context = {"allowed_company_ids": [company], "lang": user.lang}
            yield api.Environment(cr, user.id, context)

    def sql(self, query, *values):
        """Run one statement in a transaction of its own; return its rows, if any."""
        with self.registry.cursor() as cr:
            cr.execute(query, values)
            return cr.fetchall() if cr.description else []

    def push(self):
        """Run the cron that books what is due, as the scheduler does."""
        with self.env() as env:
            cron = env(su=True).ref("comanage_exact.ir_cron_exact_push")
            cron.method_direct_trigger()

    def count(self, state):
        query = "SELECT count(*) FROM exact_outbox WHERE state = %s"
        return self.sql(query, state)[0][0]

    def let_wait(self, count):
        """Make so many invoices due and put the others on hold."""
        self.sql("UPDATE exact_outbox SET state = 'held' WHERE state = 'pending'")
        self.sql(
            "UPDATE exact_outbox SET state = 'pending', scheduled_at ="
            " now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE id IN"
            " (SELECT id FROM exact_outbox WHERE state = 'held' ORDER BY id LIMIT %s)",
            count,
        )

    def start_minute(self, simulator):
        """Let the minute begin in which Exact takes calls again; nobody waits."""
        simulator.advance(60)
        self.sql("DELETE FROM exact_budget")
        self.sql("UPDATE exact_connection SET paused_until = NULL, problem = NULL")
        self.sql("DELETE FROM ir_cron_trigger")


@dataclass
class Meter:
    """What this thread spends inside the block.

    :param float cpu: seconds of processor time, all in all.
    :param float http: seconds of it inside `requests`: its call, headers, connection,
        the body as bytes. Making and reading JSON is not part of it.
    :param int queries: of SQL, commits not counted.
    """

    cpu: float = 0.0
    http: float = 0.0
    queries: int = 0
    _started: float = field(default=0.0, repr=False)

    def __enter__(self):
        original = requests.Session.request

        def request(session, *args, **kwargs):
            started = time.thread_time()
            try:
                return original(session, *args, **kwargs)
            finally:
                self.http += time.thread_time() - started

        self._original, requests.Session.request = original, request
        gc.collect()
        threading.current_thread().query_count = 0
        self._started = time.thread_time()
        return self

    def __exit__(self, *exc_info):
        self.cpu = time.thread_time() - self._started
        self.queries = threading.current_thread().query_count
        requests.Session.request = self._original
