"""Runs all measurements on one database and prints what they found."""

import argparse
import sys
from contextlib import contextmanager

# Sets up `odoo`, which all others import from.
import odoo.init  # noqa: F401

from dev.console import guarded, say
from dev.demo import TEMPLATE
from dev.environment import Environment
from dev.rpc import OdooSession
from dev.server import odoo_server
from dev.stage import LOGIN, Stage
from dev.templates import fresh_copy

from . import budget, button, invoices, lists, overhead, push, records, rival
from .figures import HEAD
from .remote import remote_simulator
from .stage import FULL, QUICK, SMALLEST, Database, read_configuration

SIMULATOR = {
    # The clock is moved on by minutes; that shall not end the tokens.
    "token_life": 10_000_000,
    "minute_limit": 1_000_000,
    "day_limit": 1_000_000,
    "contract_limit": None,
}


def main():
    """Measure, print the table and the lines of JSON."""
    size = _read_size()
    environment = Environment.start()
    read_configuration(environment)
    with (
        fresh_copy(environment, TEMPLATE) as name,
        remote_simulator(**SIMULATOR) as simulator,
    ):
        figures = _measure(environment, name, simulator, size)
    print(f"\n{HEAD}")
    for figure in figures:
        print(figure.as_row())
    print()
    for figure in figures:
        print(figure.as_json())
    return 0


def _read_size():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark")
    parser.add_argument("--quick", action="store_true", help="fewer invoices")
    parser.add_argument("--smallest", action="store_true", help="as the tests run it")
    options = parser.parse_args()
    if options.smallest:
        return SMALLEST
    return QUICK if options.quick else FULL


def _measure(environment, name, simulator, size):
    with _connected(environment, name, simulator) as stage:
        database = Database(name)
        figures = [button.measure(database, stage, size)]
    _multiply(database, simulator, size)
    figures += push.measure(database, simulator, size)
    figures.append(push.measure_new_customers(database, simulator, size))
    figures += rival.measure(database, simulator, size, _ours(figures))
    figures += budget.measure(database, simulator, size)
    figures += overhead.measure(environment, database, size)
    figures.append(push.measure_memory(database, simulator, size))
    figures += lists.measure(database, size)
    figures += records.measure(database, size)
    return figures


def _ours(figures):
    """Return calls and milliseconds of the add-on for each invoice, HTTP included."""
    calls = next(one for one in figures if one.name.startswith("Calls, known"))
    cpu = [one.median for one in figures if one.name.startswith("CPU ")]
    # Beyond HTTP and in HTTP, with the smallest backlog.
    return calls.median, sum(cpu[:2])


@contextmanager
def _connected(environment, name, simulator):
    """Give a stage with crons, whose company in Belgium is connected."""
    with odoo_server(environment, name) as server:
        odoo = OdooSession(server.url, name, LOGIN, LOGIN)
        stage = Stage(server, simulator, odoo)
        company = odoo.ref("base", "demo_company_be")
        odoo.companies = [company]
        stage.connect(company)
        yield stage


def _multiply(database, simulator, size):
    """Fill the database with invoices of a customer that Exact knows."""
    wanted = max(*size.backlogs, size.drained, size.throttled)
    used = (
        size.proven
        + size.minute * (size.samples * len(size.backlogs) + 2)
        + 2 * size.throttled
    )
    say(f"Copying {wanted + used:,} invoices of {invoices.LINES} lines")
    with database.env() as env:
        customer = invoices.create_customer(env, "Known to Exact")
        invoice = invoices.create_invoice(env, customer)
        invoice.action_exact_send()
    database.start_minute(simulator)
    database.push()
    with database.env() as env:
        move = env["account.move"].browse(invoice.id)
        invoices.multiply(env, move, wanted + used)


if __name__ == "__main__":
    sys.exit(guarded(main))
