"""Books one invoice of a customer that Exact knows, with its PDF; prints its way."""

import logging
import sys
from datetime import UTC, datetime

from freezegun import freeze_time

# Sets up `odoo`, which all others import from.
import odoo.init  # noqa: F401

from dev import paths
from dev.console import Problem, guarded, say
from dev.demo import TEMPLATE
from dev.environment import Environment
from dev.stage import running
from dev.templates import fresh_copy
from tests.benchmark import invoices
from tests.benchmark.overhead import neither_paper_nor_mail
from tests.benchmark.stage import Database, read_configuration

from .listing import lines
from .trace import count, part_of, recorded, visits

ADDON = paths.ROOT / paths.ADDON
PUSH = "_cron_push"
# The first one makes the customer in Exact, the second fills the caches of the process.
BEFORE = 2
HEAD = """
One invoice of one line, its customer known to Exact, with its PDF.
Own functions of {addon}, in the order they are called. Lambdas, comprehensions and
generator expressions are not counted; what is not the add-on's own is not shown. A file
is named where it is another than that of the call before. "× 3" stands for three calls
in a row that led to the same; the figures count all three."""


def main():
    """Print the calls and the figures; return the exit status."""
    environment = Environment.start()
    read_configuration(environment)
    # The mail sink greets whoever looks whether it is there.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with (
        fresh_copy(environment, TEMPLATE) as name,
        running(environment, name, cron_threads=0) as stage,
        neither_paper_nor_mail(),
    ):
        stage.connect(_belgian_company(stage.odoo))
        say("Booking invoices")
        # A new minute has calls of its own; it shall not begin on the way.
        with freeze_time(datetime.now(UTC)):
            queueing, pushing = _walk(Database(name), stage.simulator.control)
    print(HEAD.format(addon=paths.ADDON))
    _show("Sending queues it (account.move.send)", queueing)
    _show(f"The push books it (exact.outbox.{PUSH})", pushing)
    return 0


def _belgian_company(odoo):
    company = odoo.ref("base", "demo_company_be")
    odoo.companies = [company]
    return company


def _walk(database, control):
    """Book one invoice after others of its customer.

    :return: the calls of sending it, and those of the push.
    """
    with database.env() as env:
        customer = invoices.create_customer(env, "Known to Exact").id
    for _index in range(BEFORE):
        _book(database, control, customer)
    return _book(database, control, customer)


def _book(database, control, customer):
    with database.env() as env:
        partner = env["res.partner"].browse(customer)
        move = invoices.create_invoice(env, partner, lines=1)
        name = move.name
        env.flush_all()
        with recorded(ADDON) as queueing:
            env["account.move.send"]._generate_and_send_invoices(
                move, sending_methods=["email"]
            )
            env.flush_all()
    with recorded(ADDON) as pushing:
        database.push()
    entries = [entry for entry in control.entries() if entry["YourRef"] == name]
    if len(entries) != 1 or not entries[0]["Document"]:
        raise Problem(f"{name} is not booked once with its PDF: {entries}")
    pushing = part_of(pushing, PUSH)
    if not pushing:
        raise Problem(f"The invoice is booked, but not by {PUSH}.")
    return queueing, pushing


def _show(title, calls):
    print(f"\n=== {title} ===\n")
    for line in lines(calls):
        print(line)
    print("\nCome to     Calls  File")
    for file, times, made in visits(calls):
        print(f"{times:7}{made:10}  {file}")
    figures = count(calls)
    print(
        f"\n{figures.calls} calls, {figures.files} files, {figures.moves} moves between"
        f" files, {figures.returns} of them returns to a file left before."
    )


if __name__ == "__main__":
    sys.exit(guarded(main))
