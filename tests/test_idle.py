"""An idle database is idle: the real scheduler watched for a minute."""

import re
import time
from collections import Counter

import pytest

from dev.demo import TEMPLATE
from dev.rpc import OdooSession
from dev.server import odoo_server
from dev.stage import LOGIN, Stage
from dev.templates import fresh_copy

from .workers import wait_for

WATCHED_SECONDS = 60
CARE = "Exact Online: Recheck Failed Invoices"
ONCE_EACH = Counter(
    [
        "Exact Online: Book Scheduled Invoices",
        "Exact Online: Send Pending PDFs",
        "Exact Online: Refresh Lists",
        "Exact Online: Compare Invoices with Entries",
        CARE,
    ]
)
LINE = re.compile(
    r"^\S+ \S+ \d+ [A-Z]+ (?P<database>\S+) (?P<logger>\S+): (?P<text>.*)$",
    re.MULTILINE,
)
START = re.compile(r"Job '(?P<name>Exact Online: .*)' \(\d+\) starting")


class Scheduler:
    """A server that runs the scheduled actions of several databases.

    :param dev.environment.Environment environment: where the databases are.
    :param dev.server.OdooServer server: as `odoo_server` yields it.
    """

    def __init__(self, environment, server):
        self._environment = environment
        self._server = server

    def wake(self, database):
        """Make it look for what is due, as it does by itself once a minute."""
        with self._environment.server.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [database])

    def starts(self, database):
        """Return how often each of our actions ran."""
        lines = self._lines(database)
        found = (START.fullmatch(text) for _name, text in lines)
        return Counter(match["name"] for match in found if match)

    def own_lines(self, database):
        """Return what our code wrote to the log."""
        return [
            text
            for logger, text in self._lines(database)
            if logger.startswith("odoo.addons.comanage_exact")
        ]

    def _lines(self, database):
        log = self._server.log.read_text(errors="replace")
        return [
            (line["logger"], line["text"].rstrip())
            for line in LINE.finditer(log)
            if line["database"] == database
        ]


@pytest.fixture(scope="module")
def fresh(environment):
    """Give the name of a database where the add-on was just installed."""
    with fresh_copy(environment, TEMPLATE) as database:
        yield database


@pytest.fixture
def busy(books):
    """Give a database with a company in each state, the main one being unconnected."""
    connect_second_company(books)
    customer = books.create_customer("Idle")
    booked, refused, held = (books.create_invoice(customer) for _index in range(3))
    unmapped = books.create_invoice(customer, tax=create_unmapped_tax(books))
    books.stage.send(booked)
    books.push()
    books.queue(held)
    books.odoo.call("account.move", "action_exact_hold", [held])
    # What nobody knows is cured by nothing; a closed period is tried once a night.
    refusal = {"text": "Ongeldig: Iets onbekends", "status": 400}
    books.control.fault("body500", method="POST", path="SalesEntries", **refusal)
    books.queue(refused, unmapped)
    books.push()
    invoices = (booked, refused, unmapped, held)
    states = [books.state(invoice) for invoice in invoices]
    assert states == ["sent", "failed", "failed", "held"]
    return books.stage.server.database


def connect_second_company(books):
    """Make a company that is connected and has no invoices."""
    stage = books.stage
    # Else Odoo would install more modules for the country.
    (company,) = books.odoo.call(
        "res.company",
        "create",
        [{"name": "Connected", "country_id": books.odoo.ref("base", "be")}],
        context={"install_mode": True},
    )
    odoo = OdooSession(stage.server.url, stage.server.database, LOGIN, LOGIN)
    odoo.companies = [company]
    Stage(stage.server, stage.simulator, odoo).connect(
        company, user="luc.martin@example.com", vat="BE0403019261"
    )


def create_unmapped_tax(books):
    """Return a tax that no VAT code of Exact is for."""
    return books.odoo.create(
        "account.tax", name="13%", amount=13, company_id=books.company
    )


def make_all_due(environment, database):
    """Plan one run of each of our actions for now, and none of Odoo's own.

    Only ours are watched, and some of Odoo's would call other hosts.
    """
    with environment.server.cursor(database) as cursor:
        cursor.execute(
            "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC'"
            " + CASE WHEN cron_name LIKE 'Exact Online: %'"
            " THEN interval '0' ELSE interval '1 day' END"
        )


def read_actions(environment, database):
    """Return the failures and the triggers of our actions, each as a list of names."""
    with environment.server.cursor(database) as cursor:
        cursor.execute(
            "SELECT cron_name, failure_count > 0, t.id IS NOT NULL"
            " FROM ir_cron c LEFT JOIN ir_cron_trigger t ON t.cron_id = c.id"
            " WHERE cron_name LIKE 'Exact Online: %'"
        )
        rows = cursor.fetchall()
    return [[row[0] for row in rows if row[index]] for index in (1, 2)]


def watch(scheduler, databases):
    """Wait for the first runs, then for a minute.

    The scheduler is woken far more often than by itself: what is due too early shows.
    """

    def has_begun():
        for database in databases:
            scheduler.wake(database)
        time.sleep(0.5)
        return all(scheduler.starts(database) for database in databases)

    wait_for(has_begun)
    end = time.monotonic() + WATCHED_SECONDS
    while time.monotonic() < end:
        has_begun()


# What Exact answers matters little here, and a minute is long.
@pytest.mark.parametrize("profile", ["modern"], indirect=True, scope="module")
def test_each_action_runs_when_it_is_planned_and_never_else(
    environment, books, busy, fresh
):
    databases = (fresh, busy)
    for database in databases:
        make_all_due(environment, database)
    calls_before = len(books.control.calls())
    with odoo_server(environment, ",".join(databases), cron_threads=1) as server:
        scheduler = Scheduler(environment, server)
        watch(scheduler, databases)
        runs = {name: scheduler.starts(name) for name in databases}
        lines = [scheduler.own_lines(name) for name in databases]
    # Lists that were just read may cure what failed, so it is looked at again.
    assert runs == {fresh: ONCE_EACH, busy: ONCE_EACH + Counter([CARE])}
    assert lines == [[], []]
    for database in databases:
        assert read_actions(environment, database) == [[], []]
    methods = {call["method"] for call in books.control.calls()[calls_before:]}
    assert methods == {"GET"}, "Only lists are read"
