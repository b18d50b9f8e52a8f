"""What a run needs: simulator, database, companies, a web server and the workers."""

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.server import odoo_server
from dev.templates import TESTS, fresh_copy
from tests.simulator import serve
from tests.simulator.clock import Clock

from . import companies
from .clock import FastClock
from .environment import FastEnvironment
from .workers import CRON_WORKERS, SERVERS, Workers

# How fast time runs: a minute takes five seconds.
SPEED = 12


@dataclass
class SoakStage:
    """What is running.

    :param dev.server.OdooServer web: where users are; it runs no crons.
    :param Workers workers: not started yet.
    :param list crons: ids of the crons that book.
    """

    environment: FastEnvironment
    clock: FastClock
    simulator: object
    web: object
    companies: list
    workers: Workers
    crons: list

    def sql(self, query, **values):
        """Run one statement in a transaction of its own; return its rows, if any."""
        with self.environment.server.cursor(self.web.database) as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def wake_crons(self):
        """Do now what cron workers do each minute by themselves: look what is due."""
        with self.environment.server.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.web.database])


@contextmanager
def running(environment):
    """Yield a SoakStage with connected companies, on a database of its own.

    :param dev.environment.Environment environment: where the database shall be.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        clock = FastClock.create(Path(folder) / "clock.json", SPEED)
        simulator = stack.enter_context(serve(clock=Clock(clock.now)))
        database = stack.enter_context(fresh_copy(environment, TESTS))
        fast = FastEnvironment.based_on(environment, Path(folder) / "clock.json")
        web = stack.enter_context(odoo_server(fast, database, cron_threads=0))
        found = companies.make(web, simulator)
        workers = Workers(fast, database)
        stack.callback(workers.stop)
        crons = _make_crons(found[0].odoo)
        yield SoakStage(fast, clock, simulator, web, found, workers, crons)


def _make_crons(odoo):
    """Make the push cron as many times as there are workers; return all ids.

    Odoo runs a cron in one worker at a time. The promise must not lean on that: an
    interrupted worker may linger, and an administrator may press Run Manually.
    """
    values = {
        "name": "Book once more",
        "model_id": odoo.ref("comanage_exact", "model_exact_outbox"),
        "state": "code",
        "code": "model._cron_push()",
        "user_id": odoo.ref("base", "user_root"),
        "interval_number": 1,
        "interval_type": "minutes",
    }
    more = [values] * (SERVERS * CRON_WORKERS - 1)
    own = odoo.ref("comanage_exact", "ir_cron_exact_push")
    return [own, *odoo.call("ir.cron", "create", more)]
