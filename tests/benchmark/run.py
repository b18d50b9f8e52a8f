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

from . import (
    budget,
    button,
    invoices,
    lists,
    overhead,
    push,
    records,
    rival,
    scale,
)
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
# In their order; all but `scale` share one database and one simulator.
PARTS = (
    *("button", "push", "customers", "rival", "budget", "overhead", "memory"),
    *("lists", "records", "scale"),
)


def main():
    """Measure, print the table and the lines of JSON."""
    options = _read_options()
    size = _read_size(options)
    parts = options.only or [part for part in PARTS if part not in size.without]
    environment = Environment.start()
    read_configuration(environment)
    figures = []
    if {*parts} != {"scale"}:
        figures += _measure(environment, size, parts)
    if "scale" in parts:
        figures += scale.measure(environment, size)
    print(f"\n{HEAD}")
    for figure in figures:
        print(figure.as_row())
    print()
    for figure in figures:
        print(figure.as_json())
    return 0


def _read_options():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark")
    parser.add_argument("--quick", action="store_true", help="fewer invoices")
    parser.add_argument("--smallest", action="store_true", help="as the tests run it")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="a part; may be given again"
    )
    return parser.parse_args()


def _read_size(options):
    if options.smallest:
        return SMALLEST
    return QUICK if options.quick else FULL


def _measure(environment, size, parts):
    with (
        fresh_copy(environment, TEMPLATE) as name,
        remote_simulator(**SIMULATOR) as simulator,
    ):
        figures = []
        with _connected(environment, name, simulator) as stage:
            database = Database(name)
            if "button" in parts:
                figures.append(button.measure(database, stage, size))
        _multiply(database, simulator, size)
        return figures + _measure_backlog(environment, database, simulator, size, parts)


def _measure_backlog(environment, database, simulator, size, parts):
    """Return the figures of the parts that want a database full of invoices."""
    pushed = []
    if {"push", "rival"} & {*parts}:
        pushed += push.measure(database, simulator, size)
    measures = {
        "push": lambda: pushed,
        "customers": lambda: [push.measure_new_customers(database, simulator, size)],
        "rival": lambda: rival.measure(database, simulator, size, _ours(pushed)),
        "budget": lambda: budget.measure(database, simulator, size),
        "overhead": lambda: overhead.measure(environment, database, size),
        "memory": lambda: [push.measure_memory(database, simulator, size)],
        "lists": lambda: lists.measure(database, size),
        "records": lambda: records.measure(database, size),
    }
    wanted = [measure for part, measure in measures.items() if part in parts]
    return [figure for measure in wanted for figure in measure()]


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
