"""Many companies whose invoices are due at once, and an Exact that takes its time.

One worker of Odoo's scheduled action serves them in turn. With OCA's queue_job several
are served side by side, by the worker processes of two servers. Those are Odoo's
prefork servers, as in production: threads of one process wait for each other.
"""

import asyncio
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import cycle

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from dev import paths
from dev.console import Problem, say
from dev.environment import Environment
from dev.rpc import OdooSession
from dev.server import HOST, free_port, odoo_server
from dev.stage import LOGIN
from dev.templates import TESTS, fresh_copy
from tests.simulator.seed_data import more_division
from tests.soak import companies
from tests.workers import Workers

from . import invoices
from .figures import Figure
from .remote import remote_simulator

TEMPLATE = replace(TESTS, addons=(paths.ADDON, "queue_job"))
ANSWER_SECONDS = 0.5
MINUTE = 60
# How long the one worker is watched, and jobs at most.
WATCHED_SECONDS, PATIENCE_SECONDS = 20, 300
# Past the add-on for jobs, whose scheduled action books nothing itself.
ONE_WORKER = f"""
import time
from odoo.addons.comanage_exact.sync.push_run import PushRun

ends_at = time.monotonic() + {WATCHED_SECONDS}
PushRun(env(context=dict(env.context, cron_end_time=ends_at))).run()
"""


@dataclass(frozen=True)
class JobEnvironment(Environment):
    """An environment whose servers run jobs and are reached by one address.

    :param int port: of the balancer in front of them.
    :param int jobs: at a time, all servers together.
    """

    port: int = 0
    jobs: int = 1

    def variables(self):
        return {
            **super().variables(),
            "ODOO_QUEUE_JOB_CHANNELS": f"root:{self.jobs},root.exact:{self.jobs}",
            "ODOO_QUEUE_JOB_HOST": HOST,
            "ODOO_QUEUE_JOB_PORT": str(self.port),
        }


def measure(environment, size):
    """Return what one worker books within a second, and what jobs do in a minute."""
    with ExitStack() as stack:
        simulator = stack.enter_context(
            remote_simulator(
                more_divisions=size.companies,
                minute_limit=1_000_000,
                contract_limit=1_000_000,
            )
        )
        name = stack.enter_context(fresh_copy(environment, TEMPLATE))
        backlog = Backlog(environment, name, simulator, size)
        backlog.make()
        return [backlog.measure_one_worker(), *backlog.measure_jobs()]


class Backlog:
    """Connected companies with invoices that wait, on servers and without any."""

    def __init__(self, environment, name, simulator, size):
        self._environment = environment
        self._name = name
        self._simulator = simulator
        self._size = size

    # === MAKING === #

    def make(self):
        say(f"Connecting {self._size.companies} companies")
        with odoo_server(self._environment, self._name, cron_threads=0) as server:
            odoo = OdooSession(server.url, self._name, LOGIN, LOGIN)
            parameters = {
                "comanage_exact.base_url": self._simulator.url,
                "web.base.url": server.url,
            }
            for name, value in parameters.items():
                odoo.call("ir.config_parameter", "set_param", name, value)
            for number in range(1, self._size.companies + 1):
                _code, _hid, name, _country, vat_number, *_flags = more_division(number)
                company = companies.make_one(
                    *(server, odoo, name, vat_number, "be", "be_comp", "700", "700000")
                )
                self._fill(company)
        self._simulator.settings(minute_limit=self._size.due)
        self._simulator.delay(ANSWER_SECONDS)

    def _fill(self, company):
        """Book an invoice of a company, and put copies of it on hold."""
        threading.current_thread().dbname = self._name
        # What is cached of companies lacks the one that the server has just created.
        with Registry(self._name).check_signaling().cursor() as cr:
            context = {"allowed_company_ids": [company.id]}
            env = api.Environment(cr, SUPERUSER_ID, context)
            customer = invoices.create_customer(env, f"Customer of {company.id}")
            invoice = invoices.create_invoice(env, customer)
            cr.commit()
            env["exact.outbox"]._push_company(env.company)
            if invoice.exact_state != "sent":
                raise Problem(invoice.exact_error or "The first one was not booked.")
            # The one worker takes some of them.
            invoices.multiply(env, invoice, 2 * self._size.due)

    # === MEASURING === #

    def measure_one_worker(self):
        say("Booking for all companies in one worker")
        self._let_wait()
        workers = Workers(self._environment, self._name)
        with self._counted() as booked:
            try:
                workers.start(ONE_WORKER).wait(PATIENCE_SECONDS)
            finally:
                workers.close()
        seconds = (booked[-1][0] - booked[0][0]).total_seconds()
        rate = (len(booked) - 1) / seconds
        return Figure("Calls of one worker for all companies", "per second", (rate,))

    def measure_jobs(self):
        """Return how much of its minute each company uses, and how long it took."""
        size = self._size
        say(f"Booking in {size.servers} servers with {size.workers} workers each")
        with self._servers(), self._counted() as booked:
            # Exact counts by whole minutes, and the one worker has used some of this.
            start = self._wait_for_minute()
            self._let_wait()
            self._wake_cron()
            deadline = time.monotonic() + PATIENCE_SECONDS
            while self._count_due():
                if time.monotonic() > deadline:
                    raise Problem(f"{self._count_due()} invoices still wait.")
                time.sleep(0.5)
        return self._judge(start, booked)

    def _judge(self, start, booked):
        due = self._size.due
        in_time = Counter(
            division
            for moment, division in booked
            if (moment - start).total_seconds() < MINUTE
        )
        shares = [100 * in_time[division] / due for _moment, division in booked]
        seconds = (booked[-1][0] - start).total_seconds()
        refused = [call for call in self._simulator.calls() if call[2] == 429]
        twice = len(booked) - self._size.companies * due
        least = "Minute used by jobs, company with the least"
        return [
            Figure(least, "%", (min(shares),), at_least=100),
            Figure("All companies booked by jobs", "s", (seconds,)),
            Figure("Refused because of too many calls", "", (len(refused),), at_most=0),
            Figure("Booked twice by jobs", "", (twice,), at_most=0),
        ]

    @contextmanager
    def _servers(self):
        """Run the servers behind one address, which the runner of jobs calls."""
        size = self._size
        port, ports = free_port(), [free_port() for _server in range(size.servers)]
        environment = JobEnvironment(
            self._environment.odoo,
            self._environment.server,
            port=port,
            jobs=size.servers * size.workers,
        )
        with ExitStack() as stack:
            stack.enter_context(balancer(port, ports))
            for own in ports:
                options = (
                    "--load=base,web,queue_job",
                    f"--workers={size.workers}",
                    f"--gevent-port={free_port()}",
                )
                stack.enter_context(
                    odoo_server(environment, self._name, *options, port=own)
                )
            yield

    @contextmanager
    def _counted(self):
        """Give a list that has the bookings of the block at its end, in their order."""
        before, booked = len(self._simulator.bookings()), []
        yield booked
        booked += sorted(self._simulator.bookings()[before:])

    def _wait_for_minute(self):
        """Return the moment at which a minute has just begun for Exact."""
        seconds = self._simulator.now().timestamp() % MINUTE
        time.sleep(MINUTE - seconds)
        return self._simulator.now().replace(second=0, microsecond=0)

    # === DATABASE === #

    def _let_wait(self):
        """Make a minute's invoices of each company due; the others are on hold."""
        self._sql("UPDATE exact_outbox SET state = 'held' WHERE state = 'pending'")
        self._sql(
            "UPDATE exact_outbox SET state = 'pending', scheduled_at ="
            " now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE id IN"
            " (SELECT id FROM (SELECT id, row_number() OVER"
            " (PARTITION BY company_id ORDER BY id) AS place FROM exact_outbox"
            " WHERE state = 'held') held WHERE place <= %s)",
            self._size.due,
        )
        self._sql("UPDATE exact_connection SET paused_until = NULL, problem = NULL")

    def _wake_cron(self):
        self._sql(
            "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id,"
            " now() AT TIME ZONE 'UTC' FROM ir_model_data"
            " WHERE module = 'comanage_exact' AND name = 'ir_cron_exact_push'"
        )
        with self._environment.server.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self._name])

    def _count_due(self):
        query = (
            "SELECT count(*) FROM exact_outbox"
            " WHERE state IN ('pending', 'sending', 'unconfirmed')"
        )
        return self._sql(query)[0][0]

    def _sql(self, query, *values):
        with self._environment.server.cursor(self._name) as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []


# === BALANCER === #


@contextmanager
def balancer(port, ports):
    """Hand each connection to the next of several servers, as in front of a cluster."""
    targets = cycle(ports)

    async def serve(reader, writer):
        try:
            ours, theirs = await asyncio.open_connection(HOST, next(targets))
        except OSError:
            writer.close()
        else:
            await asyncio.gather(_pipe(reader, theirs), _pipe(ours, writer))

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(serve, HOST, port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _pipe(reader, writer):
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
