"""Many companies whose invoices are due at once, and an Exact that takes its time.

One worker of Odoo's scheduled action serves them in turn. With OCA's queue_job each has
a worker of its own, as far as there are any.
"""

import asyncio
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import cycle

from odoo import SUPERUSER_ID, Command, api
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

from .figures import Figure
from .invoices import multiply
from .remote import remote_simulator

TEMPLATE = replace(TESTS, addons=(paths.ADDON, "queue_job"))
ANSWER_SECONDS = 0.5
MINUTE = 60
PATIENCE_SECONDS = 240
# Without the add-on for jobs, whose scheduled action books nothing itself.
ONE_WORKER = """
from odoo.addons.comanage_exact.sync.push_run import PushRun
PushRun(env).run()
"""


@dataclass(frozen=True)
class JobEnvironment(Environment):
    """An environment whose servers run jobs and are reached by one address.

    :param int port: of the balancer in front of them.
    :param int jobs: at a time.
    """

    port: int = 0
    jobs: int = 1

    def variables(self):
        return {
            **super().variables(),
            "ODOO_QUEUE_JOB_CHANNELS": f"root:{self.jobs},root.exact:{self.jobs}",
            "ODOO_QUEUE_JOB_PORT": str(self.port),
        }


def measure(environment, size):
    """Return what one worker books in a minute, and what jobs do."""
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
        return [backlog.one_worker(), *backlog.jobs()]


class Backlog:
    """Companies with twice the invoices that Exact takes within a minute."""

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
                self._make_one(server, odoo, name, vat_number)
        self._simulator.settings(minute_limit=self._size.minute)
        self._simulator.delay(ANSWER_SECONDS)

    def _make_one(self, server, odoo, name, vat_number):
        company = companies.make_one(
            *(server, odoo, name, vat_number, "be", "be_comp", "700", "700000")
        )
        self._simulator.advance(MINUTE)
        threading.current_thread().dbname = self._name
        with Registry(self._name).cursor() as cr:
            env = api.Environment(
                cr, SUPERUSER_ID, {"allowed_company_ids": [company.id]}
            )
            customer = env["res.partner"].create({"name": f"Customer of {name}"})
            invoice = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Hop pellets",
                                "price_unit": 100,
                                "tax_ids": [Command.set(company.taxes[:1])],
                            }
                        )
                    ],
                }
            )
            invoice.action_post()
            cr.commit()
            env["exact.outbox"]._push_company(env.company)
            if invoice.exact_state != "sent":
                raise Problem(invoice.exact_error or "The first one was not booked.")
            multiply(env, invoice, 2 * self._size.minute)

    # === MEASURING === #

    def one_worker(self):
        """Return the calls that one worker makes within a minute."""
        self._let_wait()
        workers = Workers(self._environment, self._name)
        ends_at = time.monotonic() + min(MINUTE, self._size.minute)
        with self._counted() as booked:
            try:
                while time.monotonic() < ends_at and self._count_due():
                    worker = workers.start(ONE_WORKER)
                    worker.wait(max(ends_at - time.monotonic(), 1))
            except AssertionError:
                pass
            finally:
                workers.close()
        seconds = (booked[-1][0] - booked[0][0]).total_seconds()
        rate = (len(booked) - 1) / seconds
        return Figure("Calls of one worker for all companies", "per second", (rate,))

    def jobs(self):
        """Return how much of its minute each company uses, and how long it took."""
        self._let_wait()
        size = self._size
        port, ports = free_port(), [free_port() for _server in range(size.servers)]
        environment = JobEnvironment(
            self._environment.odoo,
            self._environment.server,
            port=port,
            jobs=size.servers * size.workers,
        )
        options = ("--load=base,web,queue_job", f"--workers={size.workers}")
        with ExitStack() as stack:
            stack.enter_context(balancer(port, ports))
            booked = stack.enter_context(self._counted())
            for own in ports:
                stack.enter_context(
                    odoo_server(environment, self._name, *options, port=own)
                )
            deadline = time.monotonic() + PATIENCE_SECONDS
            while self._count_due():
                if time.monotonic() > deadline:
                    raise Problem(f"{self._count_due()} invoices still wait.")
                time.sleep(0.5)
        return self._judge(booked)

    def _judge(self, booked):
        first = booked[0][0]
        by_company = Counter(division for _moment, division in booked)
        in_time = Counter(
            division
            for moment, division in booked
            if (moment - first).total_seconds() <= MINUTE
        )
        shares = tuple(
            100 * in_time[division] / self._size.minute for division in by_company
        )
        if set(by_company.values()) != {self._size.minute}:
            raise Problem(f"Not each was booked once: {by_company}")
        if any(status == 429 for _moment, status in self._simulator.calls_with_time()):
            raise Problem("Exact refused a call, for too many were made in a minute.")
        seconds = (booked[-1][0] - first).total_seconds()
        return [
            Figure("Minute's budget used by jobs", "% of each company", shares),
            Figure("All companies booked by jobs", "seconds", (seconds,)),
        ]

    @contextmanager
    def _counted(self):
        """Give a list that has the bookings of the block at its end, in their order."""
        before, booked = len(self._simulator.bookings()), []
        yield booked
        booked += sorted(self._simulator.bookings()[before:])

    def _let_wait(self):
        """Make a minute's invoices of each company due, at the start of a minute."""
        self._simulator.advance(MINUTE)
        self._sql("UPDATE exact_outbox SET state = 'held' WHERE state = 'pending'")
        self._sql(
            "UPDATE exact_outbox SET state = 'pending', scheduled_at ="
            " now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE id IN"
            " (SELECT id FROM (SELECT id, row_number() OVER"
            " (PARTITION BY company_id ORDER BY id) AS place FROM exact_outbox"
            " WHERE state = 'held') held WHERE place <= %s)",
            self._size.minute,
        )
        self._sql("UPDATE exact_connection SET paused_until = NULL, problem = NULL")
        self._sql("DELETE FROM exact_budget")
        self._sql(
            "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id,"
            " now() AT TIME ZONE 'UTC' FROM ir_model_data"
            " WHERE module = 'comanage_exact' AND name = 'ir_cron_exact_push'"
        )

    def _count_due(self):
        query = (
            "SELECT count(*) FROM exact_outbox"
            " WHERE state IN ('pending', 'sending', 'unconfirmed')"
        )
        return self._sql(query)[0][0]

    def _sql(self, query, *values):
        with self._environment.server.cursor(self._name) as cursor:
            cursor.execute(query, values)
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
