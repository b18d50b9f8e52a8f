"""`make demo`: the product at work, with a simulator in the place of Exact Online."""

import argparse
import signal
import sys
import threading
import time
from datetime import date
from decimal import Decimal

from dev import demo_data
from dev.console import Problem, guarded, say
from dev.environment import Environment
from dev.stage import LOGIN, running
from dev.templates import SCOPE, Template, replace

TEMPLATE = Template(modules=("account", "l10n_be"), demo=True)
DATABASE = SCOPE + "demo"
PORTS = (8069, 8770)
BOOKED_WITHIN = 120
DONE = ("sent", "failed")


def main():
    """Book the demo's invoices and compare each with its entry.

    :return: 0 only if every invoice is booked exactly once and equal to the cent.
    """
    parser = argparse.ArgumentParser(prog="python -m dev.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the table")
    options = parser.parse_args()
    environment = Environment.start()
    replace(environment, TEMPLATE, DATABASE)
    say("Starting Odoo and the simulator")
    with running(environment, DATABASE, ports=PORTS) as stage:
        equal = _book_invoices(stage)
        if not options.once:
            _stay(stage)
    return 0 if equal else 1


def _book_invoices(stage):
    """Walk the way of a new user: connect, choose, send; then print the table."""
    odoo = stage.odoo
    company = odoo.ref("base", "demo_company_be")
    odoo.companies = [company]
    say("Connecting to Exact Online, through its consent page")
    stage.connect(company)
    demo_data.create_invoices(odoo, company, date.today().isoformat())
    _send(stage)
    say("Booking in Exact Online (the delay of one hour is set to 0 for the demo)")
    _wait_until_booked(odoo)
    return _print_table(odoo, stage.simulator.control.entries())


def _invoices(odoo):
    return odoo.find(
        "account.move",
        [("move_type", "in", ["out_invoice", "out_refund"]), ("state", "=", "posted")],
        *("name", "partner_id", "amount_total_in_currency_signed"),
        *("exact_state", "exact_number", "exact_error"),
    )


def _send(stage):
    """Send every invoice to its customer; the PDFs take a second each."""
    invoices = _invoices(stage.odoo)
    for count, invoice in enumerate(invoices, start=1):
        say(f"Sending {invoice['name']} to the customer ({count} of {len(invoices)})")
        stage.send(invoice["id"])


def _wait_until_booked(odoo):
    """Return once nothing waits.

    :raise Problem: something still waits after two minutes.
    """
    deadline = time.monotonic() + BOOKED_WITHIN
    while waiting := [
        row["name"] for row in _invoices(odoo) if row["exact_state"] not in DONE
    ]:
        if time.monotonic() > deadline:
            raise Problem(f"Not booked after two minutes: {', '.join(waiting)}.")
        time.sleep(0.5)


def _print_table(odoo, entries):
    """Print each invoice beside its entries.

    :param list entries: all that the simulator has booked.
    :return: whether each has exactly one, equal to the cent, and none is left over.
    """
    rows = _invoices(odoo)
    print(f"\n{'Invoice':17}{'Customer':30}{'Odoo':>12}  {'Entry':>9}{'Exact':>12}")
    equal = bool(rows) and len(entries) == len(rows)
    for row in rows:
        mine = [entry for entry in entries if entry["YourRef"] == row["name"]]
        total = Decimal(str(row["amount_total_in_currency_signed"]))
        booked = [Decimal(str(entry["AmountFC"])) for entry in mine]
        fine = booked == [total]
        equal = equal and fine
        print(
            f"{row['name']:17}{row['partner_id'][1][:29]:30}{total:12.2f}"
            f"  {row['exact_number'] or '-':>9}"
            f"{' / '.join(f'{amount:.2f}' for amount in booked) or '-':>12}"
            f"  {'equal' if fine else 'NOT EQUAL ' + (row['exact_error'] or '')}"
        )
    print(f"\n{len(rows)} invoices, {len(entries)} entries in Exact Online.")
    return equal


def _stay(stage):
    """Leave both running until Control-C."""
    print(
        f"\nOdoo       {stage.server.url}   log in as {LOGIN}, password {LOGIN}"
        f"\nSimulator  {stage.simulator.url}   shows what is booked"
        "\nEnd both with Control-C.\n",
        flush=True,
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_arguments: stop.set())
    stop.wait()


if __name__ == "__main__":
    sys.exit(guarded(main))
