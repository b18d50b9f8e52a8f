"""Customers and invoices of a seed, posted by users while the soak goes on."""

import time

import requests

from dev.console import Problem

BATCH = 5
REFUND_SHARE = 0.1
# Batches for which an impatient user presses Send to Exact on top.
BUTTON_SHARE = 0.3


def create_customers(odoo, count):
    """Create customers that all companies share and that Exact does not know."""
    values = [
        {
            "name": f"Klant {number} & Zonen",
            "email": f"klant{number}@example.com",
            "zip": f"{1000 + number}",
            "city": "Brussel",
        }
        for number in range(count)
    ]
    return odoo.call("res.partner", "create", values)


def plan(rng, company, customers, count, day):
    """Return the values of `count` invoices and credit notes of a company."""
    return [_plan_one(rng, company, customers, day) for _index in range(count)]


def _plan_one(rng, company, customers, day):
    kind = "out_refund" if rng.random() < REFUND_SHARE else "out_invoice"
    lines = [
        (
            0,
            0,
            {
                "name": f"Regel {number}",
                "quantity": rng.choice((1, 2, 3, 7.5)),
                "price_unit": rng.randint(35, 99_999) / 100,
                "tax_ids": [(6, 0, [rng.choice(company.taxes)])],
            },
        )
        for number in range(rng.randint(1, 4))
    ]
    return {
        "move_type": kind,
        "partner_id": rng.choice(customers),
        "invoice_date": day,
        "invoice_line_ids": lines,
    }


class Poster:
    """A user who posts the planned invoices of a company, batch by batch.

    A restart of PostgreSQL meets users too: they look what is left, and press again.
    """

    def __init__(self, rng, company, values):
        self._rng = rng
        self._odoo = company.odoo
        self._waiting = [
            values[start : start + BATCH] for start in range(0, len(values), BATCH)
        ]
        self._drafts = []
        self.posted = 0

    def run(self):
        while self._waiting or self._drafts:
            try:
                self._step()
            except (Problem, requests.RequestException):
                time.sleep(1)

    def _step(self):
        if not self._drafts:
            self._drafts = self._odoo.call("account.move", "create", self._waiting[0])
            self._waiting.pop(0)
        domain = [("id", "in", self._drafts), ("state", "=", "draft")]
        left = [row["id"] for row in self._odoo.find("account.move", domain, "id")]
        if left:
            self._odoo.call("account.move", "action_post", left)
        if self._rng.random() < BUTTON_SHARE:
            self._odoo.call("account.move", "action_exact_send", self._drafts)
        self.posted += len(self._drafts)
        self._drafts = []
