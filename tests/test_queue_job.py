"""Jobs of OCA's queue_job book the invoices of several companies side by side."""

from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest

from dev import paths
from dev.environment import Environment
from dev.server import odoo_server
from dev.templates import TESTS, fresh_copy

from .simulator import serve
from .soak import companies
from .workers import wait_for

TEMPLATE = replace(TESTS, addons=(paths.ADDON, "queue_job"))
INVOICES = 6


@dataclass(frozen=True)
class QueueEnvironment(Environment):
    """An environment whose servers run four jobs at a time."""

    def variables(self):
        return {**super().variables(), "ODOO_QUEUE_JOB_CHANNELS": "root:4,root.exact:4"}


class Queue:
    """Three connected companies on a server that runs jobs.

    :param environment: where the database is.
    """

    def __init__(self, environment, server, simulator):
        self._environment = environment
        self._database = server.database
        self.simulator = simulator
        self.companies = companies.make(server, simulator)

    def sql(self, query, *values):
        with self._environment.server.cursor(self._database) as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def post(self, company, count):
        """Post invoices of a company, which are due at once."""
        odoo = company.odoo
        (customer,) = odoo.call(
            "res.partner", "create", [{"name": f"Klant {company.id}", "city": "Gent"}]
        )
        line = {
            "name": "Hop",
            "price_unit": 10.0,
            "tax_ids": [(6, 0, company.taxes[:1])],
        }
        values = {
            "move_type": "out_invoice",
            "partner_id": customer,
            "invoice_line_ids": [(0, 0, line)],
        }
        moves = odoo.call("account.move", "create", [values] * count)
        odoo.call("account.move", "action_post", moves)

    def states(self):
        return dict(self.sql("SELECT state, count(*) FROM exact_outbox GROUP BY state"))


@pytest.fixture(scope="module")
def queue(environment):
    environment = QueueEnvironment(odoo=environment.odoo, server=environment.server)
    with ExitStack() as stack:
        simulator = stack.enter_context(serve(minute_limit=1000))
        database = stack.enter_context(fresh_copy(environment, TEMPLATE))
        server = stack.enter_context(
            odoo_server(environment, database, "--load=base,web,queue_job")
        )
        yield Queue(environment, server, simulator)


def test_jobs_book_each_invoice_once(queue):
    for company in queue.companies:
        queue.post(company, INVOICES)
    total = INVOICES * len(queue.companies)
    wait_for(lambda: queue.states() == {"sent": total}, seconds=90)
    entries = queue.simulator.control.entries()
    assert len(entries) == total
    assert (
        len({entry["YourRef"] + str(entry["Division"]) for entry in entries}) == total
    )
    jobs = queue.sql(
        "SELECT company_id, count(*) FROM queue_job"
        " WHERE method_name = '_push_company' GROUP BY company_id"
    )
    assert {company for company, _count in jobs} == {
        company.id for company in queue.companies
    }
    wait_for(lambda: not queue.sql("SELECT 1 FROM queue_job WHERE state <> 'done'"))
