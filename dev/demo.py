"""`make demo`: the product at work, with a simulator in the place of Exact Online."""

import argparse
import signal
import sys
import threading
import time
from collections import defaultdict
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
        equal = book_invoices(stage)
        if not options.once:
            _stay(stage)
    return 0 if equal else 1


def book_invoices(stage):
    """Walk the way of a new user: connect, choose, send; then print the table."""
    odoo = stage.odoo
    company = odoo.ref("base", "demo_company_be")
    odoo.companies = [company]
    _work_in(odoo, company)
    say("Connecting to Exact Online, through its consent page")
    stage.connect(company)
    demo_data.create_invoices(odoo, company, date.today().isoformat())
    _send(stage)
    say("Booking in Exact Online (the delay of one hour is set to 0 for the demo)")
    wait_until_booked(odoo)
    return _print_table(odoo, stage.simulator.control.entries())


def _work_in(odoo, company):
    """Have whoever logs in land where the bookings are."""
    user = odoo.ref("base", "user_admin")
    # The contact of Odoo's demo data is one of another company, with its accounts.
    odoo.write("res.partner", odoo.ref("base", "partner_admin"), company_id=False)
    odoo.write("res.users", user, company_ids=[(4, company)], company_id=company)


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


def wait_until_booked(odoo):
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
    """Print each invoice beside its entries, and the amount on each G/L account.

    :param list entries: all that the simulator has booked.
    :return: whether each has exactly one, equal to the cent on each G/L account, and
        none is left over.
    """
    rows, ledger = _invoices(odoo), read_ledger(odoo)
    print(
        f"\n{'Invoice':17}{'Customer':30}{'Odoo':>12}  {'Entry':>9}{'Exact':>12}"
        f"  {'Period':8}"
    )
    equal = bool(rows) and len(entries) == len(rows)
    for row in rows:
        mine = [entry for entry in entries if entry["YourRef"] == row["name"]]
        fine = _print_invoice(row, mine)
        fine = _print_accounts(ledger[row["id"]], add_up(mine)) and fine
        equal = equal and fine
    print(f"\n{len(rows)} invoices, {len(entries)} entries in Exact Online.")
    return equal


def _print_invoice(row, entries):
    """Print an invoice beside its entries; return whether one has the same total."""
    total = Decimal(str(row["amount_total_in_currency_signed"]))
    booked = [Decimal(str(entry["AmountFC"])) for entry in entries]
    periods = (
        f"{entry['ReportingYear']}-{entry['ReportingPeriod']:02}" for entry in entries
    )
    fine = booked == [total]
    print(
        f"{row['name']:17}{row['partner_id'][1][:29]:30}{total:12.2f}"
        f"  {row['exact_number'] or '-':>9}"
        f"{' / '.join(f'{amount:.2f}' for amount in booked) or '-':>12}"
        f"  {' / '.join(periods) or '-':8}"
        f"  {'equal' if fine else 'NOT EQUAL ' + (row['exact_error'] or '')}"
    )
    return fine


def _print_accounts(ours, theirs):
    """Print the amount without VAT on each G/L account; return whether all are equal.

    :param dict ours, theirs: {code of the G/L account: amount}
    """
    equal = True
    for code in sorted(ours.keys() | theirs.keys()):
        one, other = (side.get(code, Decimal()) for side in (ours, theirs))
        equal = equal and one == other
        print(
            f"{'':17}{'on G/L account ' + code:30}{one:12.2f}  {'':9}{other:12.2f}"
            f"  {'':8}  {'equal' if one == other else 'NOT EQUAL'}"
        )
    return equal


def add_up(entries):
    """Return {code of the G/L account: amount} of the lines of entries."""
    sums = defaultdict(Decimal)
    for entry in entries:
        for line in entry["SalesEntryLines"]:
            sums[line["GLAccountCode"]] += Decimal(str(line["AmountFC"]))
    return sums


def read_ledger(odoo):
    """Return {invoice: {code of the G/L account: amount}} by Odoo's journal items."""
    [company] = odoo.find(
        "res.company", [("id", "in", odoo.companies)], "exact_gl_account_id"
    )
    mapped = {
        account["id"]: account["exact_gl_account_id"] or company["exact_gl_account_id"]
        for account in odoo.find("account.account", [], "exact_gl_account_id")
    }
    items = odoo.find(
        "account.move.line",
        [
            ("move_id.move_type", "in", ["out_invoice", "out_refund"]),
            ("parent_state", "=", "posted"),
            ("display_type", "not in", ["payment_term", "tax"]),
            ("account_id", "!=", False),
        ],
        *("move_id", "account_id", "amount_currency"),
    )
    sums = defaultdict(lambda: defaultdict(Decimal))
    for item in items:
        code = mapped[item["account_id"][0]][1].split()[0]
        amount = Decimal(str(item["amount_currency"]))
        sums[item["move_id"][0]][code] -= amount
    return sums


def _stay(stage):
    """Leave both running until Control-C."""
    print(
        f"\nOdoo       {stage.server.url}   log in as {LOGIN}, password {LOGIN}"
        f"\nSimulator  {stage.simulator.url}   shows what is booked"
        "\n"
        "\nLook first at"
        "\n  Invoicing ▸ Exact Online ▸ Overview: how it goes, each number a link"
        "\n  Invoicing ▸ Exact Online ▸ Bookings: what was booked, and how"
        "\n  Invoicing ▸ Exact Online ▸ Comparison: a month against Odoo"
        "\n  Invoicing ▸ Configuration ▸ Exact Online ▸ Set Up: the five steps, done"
        "\nThen confirm an invoice of your own and click Send to Exact."
        "\nEnd both with Control-C.\n",
        flush=True,
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_arguments: stop.set())
    stop.wait()


if __name__ == "__main__":
    sys.exit(guarded(main))
