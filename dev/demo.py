"""`make demo`: the product at work, with a simulator in the place of Exact Online."""

import argparse
import signal
import sys
import threading
import time
from contextlib import ExitStack
from datetime import date
from decimal import Decimal

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from dev import consent, demo_data
from dev.console import Problem, guarded, say
from dev.environment import Environment
from dev.rpc import OdooSession
from dev.server import HOST, free_port, odoo_server
from dev.templates import SCOPE, Template, replace
from tests.simulator import serve

TEMPLATE = Template(modules=("account", "l10n_be"), demo=True)
DATABASE = SCOPE + "demo"
LOGIN = "admin"
DIVISION = "3456781"
BOOKED_WITHIN = 120
DONE = ("sent", "failed")
SETTINGS = {
    "exact_site": "be",
    "exact_client_id": "comanage-demo",
    "exact_client_secret": "comanage-secret",
    # An hour is what one wants at work and not in front of a demo.
    "exact_delay": 0,
    "exact_start_date": f"{date.today().year - 1}-01-01",
}


def main():
    """Book the demo's invoices and compare each with its entry.

    :return: 0 only if every invoice is booked exactly once and equal to the cent.
    """
    parser = argparse.ArgumentParser(prog="python -m dev.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the table")
    options = parser.parse_args()
    environment = Environment.start()
    replace(environment, TEMPLATE, DATABASE)
    with ExitStack() as stack:
        simulator = stack.enter_context(serve(port=free_port(8770)))
        sink = Controller(Sink(), hostname=HOST, port=free_port())
        sink.start()
        stack.callback(sink.stop)
        say("Starting Odoo")
        mail = (f"--smtp={HOST}", f"--smtp-port={sink.port}")
        server = stack.enter_context(
            odoo_server(environment, DATABASE, *mail, port=free_port(8069))
        )
        equal = _book_invoices(server, simulator)
        if not options.once:
            _stay(server, simulator)
    return 0 if equal else 1


def _book_invoices(server, simulator):
    """Walk the way of a new user: connect, choose, send; then print the table."""
    odoo = OdooSession(server.url, DATABASE, LOGIN, LOGIN)
    company = odoo.ref("base", "demo_company_be")
    odoo.companies = [company]
    _connect(odoo, company, simulator)
    demo_data.create_invoices(odoo, company, date.today().isoformat())
    _send(odoo)
    say("Booking in Exact Online (the delay of one hour is set to 0 for the demo)")
    _wait_until_booked(odoo)
    return _print_table(odoo, simulator.control.entries())


def _connect(odoo, company, simulator):
    """Connect as an administrator does, then choose what cannot be guessed."""
    say("Connecting to Exact Online, through its consent page")
    parameters = "ir.config_parameter"
    odoo.call(parameters, "set_param", "comanage_exact.base_url", simulator.url)
    odoo.call(parameters, "set_param", "web.base.url", odoo.url)
    odoo.write("res.company", company, **SETTINGS)
    button = odoo.call("res.company", "action_exact_connect", [company])
    consent.allow(odoo.http, button["url"])
    odoo.write(
        "res.company", company, exact_division_id=_find(odoo, "division", DIVISION)
    )
    odoo.call("res.company", "action_exact_fetch", [company])
    odoo.write(
        "res.company",
        company,
        exact_journal_id=_find(odoo, "journal", "700"),
        exact_gl_account_id=_find(odoo, "gl.account", "700000"),
    )
    demo_data.choose_vat_codes(odoo, company)


def _find(odoo, code_list, code):
    return odoo.find(f"exact.{code_list}", [("code", "=", code)], "id")[0]["id"]


def _invoices(odoo):
    return odoo.find(
        "account.move",
        [("move_type", "in", ["out_invoice", "out_refund"]), ("state", "=", "posted")],
        *("name", "partner_id", "amount_total_in_currency_signed"),
        *("exact_state", "exact_number", "exact_error"),
    )


def _send(odoo):
    """Send every invoice by the wizard behind the button Send."""
    invoices = _invoices(odoo)
    for count, invoice in enumerate(invoices, start=1):
        say(f"Sending {invoice['name']} to the customer ({count} of {len(invoices)})")
        context = {"active_model": "account.move", "active_ids": [invoice["id"]]}
        wizard = odoo.call(
            "account.move.send.wizard",
            "create",
            [{"move_id": invoice["id"], "sending_methods": ["email"]}],
            context=context,
        )
        odoo.call("account.move.send.wizard", "action_send_and_print", wizard)


def _wait_until_booked(odoo):
    """Return once nothing waits any more.

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
    equal = len(entries) == len(rows)
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


def _stay(server, simulator):
    """Leave both running until Control-C."""
    print(
        f"\nOdoo       {server.url}   log in as {LOGIN}, password {LOGIN}"
        f"\nSimulator  {simulator.url}   shows what is booked"
        "\nEnd both with Control-C.\n",
        flush=True,
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_arguments: stop.set())
    stop.wait()


if __name__ == "__main__":
    sys.exit(guarded(main))
