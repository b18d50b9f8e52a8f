"""From the button Send to Exact until Odoo shows the entry, with a real server."""

import time

from dev.console import Problem, say

from . import invoices
from .figures import Figure

GOAL_SECONDS = 5
PATIENCE_SECONDS = 20


def measure(database, stage, size):
    """Return the seconds that a person waits when nothing else does.

    :param dev.stage.Stage stage: with crons.
    """
    say("Pressing the button Send to Exact")
    with database.env() as env:
        customer = invoices.create_customer(env, "Button")
        ids = [
            invoices.create_invoice(env, customer).id
            for _index in range(size.samples + 1)
        ]
    # The first one is of a customer that Exact does not know yet.
    _until_booked(stage.odoo, ids.pop())
    samples = tuple(_until_booked(stage.odoo, invoice) for invoice in ids)
    return Figure("Button to booked", "seconds", samples, at_most=GOAL_SECONDS)


def _until_booked(odoo, invoice):
    started = time.monotonic()
    odoo.call("account.move", "action_exact_send", [invoice])
    while time.monotonic() < started + PATIENCE_SECONDS:
        fields = ("exact_state", "exact_error")
        (row,) = odoo.find("account.move", [("id", "=", invoice)], *fields)
        if row["exact_state"] == "sent":
            return time.monotonic() - started
        if row["exact_state"] == "failed":
            raise Problem(row["exact_error"])
        time.sleep(0.02)
    raise Problem(f"Not booked after {PATIENCE_SECONDS} seconds: {row['exact_error']}")
