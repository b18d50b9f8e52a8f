"""What a push costs for each invoice, however many wait."""

import subprocess
import sys

from dev import paths
from dev.console import Problem, say

from . import invoices
from .figures import Figure
from .stage import Meter

MAX_QUERIES = 25
MAX_CPU = 25
MAX_MEMORY = 50
POST_ENTRY = ("POST", "SalesEntries", 201)


def measure(database, simulator, size):
    """Return calls, queries and processor time for each invoice of a known customer."""
    say("Pushing invoices while others wait")
    simulator.settings(minute_limit=size.minute)
    # The first run fills caches that a server has filled long since.
    _push_one_minute(database, simulator, size)
    by_backlog = {
        backlog: [
            _sample(database, simulator, size, backlog)
            for _index in range(size.samples)
        ]
        for backlog in size.backlogs
    }
    figures = [_calls(by_backlog)]
    for backlog, samples in by_backlog.items():
        figures += _cost(backlog, samples)
    figures.append(_growth(by_backlog, size))
    simulator.settings(minute_limit=1_000_000, day_limit=1_000_000)
    return figures


def _sample(database, simulator, size, backlog):
    """Return (calls, queries, CPU beyond HTTP, CPU in HTTP) for each invoice."""
    database.let_wait(backlog)
    return _push_one_minute(database, simulator, size)


def _push_one_minute(database, simulator, size):
    if not database.count("pending"):
        database.let_wait(size.minute)
    database.start_minute(simulator)
    before, calls_before = database.count("sent"), len(simulator.calls())
    with Meter() as meter:
        database.push()
    sent = database.count("sent") - before
    if not sent:
        raise Problem("The push booked nothing: is the company connected?")
    calls = len(simulator.calls()) - calls_before
    milliseconds = 1000 / sent
    return (
        calls / sent,
        meter.queries / sent,
        (meter.cpu - meter.http) * milliseconds,
        meter.http * milliseconds,
    )


def _calls(by_backlog):
    samples = [sample[0] for rows in by_backlog.values() for sample in rows]
    return Figure("Calls, known customer", "per invoice", tuple(samples), at_most=1)


def _cost(backlog, samples):
    _calls, queries, cpu, http = zip(*samples, strict=True)
    waiting = f"{backlog:,} waiting"
    return [
        Figure(f"SQL queries, {waiting}", "per invoice", queries, at_most=MAX_QUERIES),
        Figure(f"CPU beyond HTTP, {waiting}", "ms per invoice", cpu, at_most=MAX_CPU),
        Figure(f"CPU in HTTP, {waiting}", "ms per invoice", http),
    ]


def _growth(by_backlog, size):
    few, many = min(size.backlogs), max(size.backlogs)
    ratios = tuple(
        after[1] / before[1]
        for before, after in zip(by_backlog[few], by_backlog[many], strict=True)
    )
    name = f"SQL queries, {many:,} waiting to {few:,} waiting"
    return Figure(name, "ratio", ratios, at_most=1)


def measure_new_customers(database, simulator, size):
    """Return the calls for the first invoice of a customer."""
    say("Pushing invoices of customers that Exact does not know")
    samples = []
    for sample in range(size.samples):
        with database.env() as env:
            database.let_wait(0)
            for index in range(size.new_customers):
                customer = invoices.create_customer(env, f"New {sample}.{index}")
                invoices.create_invoice(env, customer).action_exact_send()
        database.start_minute(simulator)
        before, calls_before = database.count("sent"), len(simulator.calls())
        database.push()
        sent = database.count("sent") - before
        samples.append((len(simulator.calls()) - calls_before) / sent)
    return Figure("Calls, new customer", "per invoice", tuple(samples), at_most=2)


# === MEMORY === #


def measure_memory(database, simulator, size):
    """Return how much the memory of a fresh process grows while it books them all."""
    say(f"Pushing {size.drained:,} invoices in one process")
    calls_before = len(simulator.calls())
    database.let_wait(size.drained)
    database.start_minute(simulator)
    command = [sys.executable, "-m", "tests.benchmark.drain", database.name]
    grown = subprocess.check_output(command, cwd=paths.ROOT, text=True)
    made = simulator.calls()[calls_before:]
    if made != [POST_ENTRY] * size.drained:
        raise Problem(f"{len(made)} calls for {size.drained} invoices.")
    return Figure(
        f"Memory growth, {size.drained:,} pushed",
        "MB",
        (float(grown),),
        at_most=MAX_MEMORY,
    )
