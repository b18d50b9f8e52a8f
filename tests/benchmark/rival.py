"""The same invoices, booked in another division by `exactonline` from PyPI."""

from datetime import date
from decimal import Decimal

from exactonline.elements import ExactCustomer, ExactInvoice

from dev.console import say
from tests.clients.exactonline.client import MemoryStorage, connected, plain_http
from tests.simulator_api import (
    CLIENT_ID,
    CLIENT_SECRET,
    ENGLISH_USER,
    REDIRECT_URI,
    SECOND,
)

from .figures import Figure
from .stage import Meter

CUSTOMER_CODE = "4711"
GL_CODE = "700000"


class Customer(ExactCustomer):
    def get_code(self):
        return CUSTOMER_CODE

    def get_name(self):
        return "Known to both"


class Invoice(ExactInvoice):
    """An invoice from the body that the add-on sent.

    Its amounts are ready, so the client has neither Odoo to read nor VAT to compute.
    """

    def __init__(self, body, **kwargs):
        super().__init__(**kwargs)
        self._body = body

    def get_customer(self):
        return Customer(api=self._api)

    def get_created_date(self):
        return date.fromisoformat(self._body["EntryDate"][:10])

    def get_exact_journal(self):
        return self._body["Journal"]

    def get_invoice_number(self):
        return self._body["YourRef"]

    def hint_exact_invoice_number(self):
        return self._body["EntryNumber"]

    def get_ledger_lines(self):
        return [
            {
                "code": GL_CODE,
                "vat_code": line["VATCode"],
                "total_amount_excl_vat": _amount(line["AmountFC"]),
                "description": line["Description"],
            }
            for line in self._body["SalesEntryLines"]
        ]

    def get_vatcode_for_ledger_line(self, ledger_line):
        return ledger_line["vat_code"]

    def get_total_vat(self):
        lines = self._body["SalesEntryLines"]
        return sum(_amount(line["VATAmountFC"]) for line in lines)

    def get_total_amount_incl_vat(self):
        lines = self._body["SalesEntryLines"]
        return self.get_total_vat() + sum(_amount(line["AmountFC"]) for line in lines)


def _amount(value):
    return Decimal(str(value))


def measure(database, simulator, size, ours):
    """Return calls and processor time of the other client, each beside ours.

    :param tuple ours: calls and milliseconds of processor time, HTTP included, that the
        add-on needs for each invoice.
    """
    say("Booking the same invoices with exactonline 0.4.0")
    rows = database.sql(
        "SELECT request FROM exact_outbox WHERE state = 'sent'"
        " ORDER BY id DESC LIMIT %s",
        size.samples * size.minute,
    )
    bodies = [body for (body,) in rows]
    app = (CLIENT_ID, CLIENT_SECRET, REDIRECT_URI)
    with plain_http():
        api = connected(MemoryStorage(simulator.url, *app), ENGLISH_USER)
        api.set_division(SECOND)
        Customer(api=api).commit()
        # One beforehand, as for ours.
        Invoice(bodies.pop(), api=api).commit()
        samples = [
            _sample(simulator, api, bodies[sample :: size.samples])
            for sample in range(size.samples)
        ]
    calls, cpu = zip(*samples, strict=True)
    return [
        Figure("Calls, exactonline 0.4.0", "per invoice", calls),
        Figure("CPU, add-on with HTTP", "ms per invoice", (ours[1],)),
        Figure("CPU, exactonline 0.4.0 with HTTP", "ms per invoice", cpu),
        _ratio("Calls, exactonline to add-on", calls, ours[0]),
        _ratio("CPU, exactonline to add-on", cpu, ours[1]),
    ]


def _sample(simulator, api, bodies):
    calls_before = len(simulator.calls())
    with Meter() as meter:
        for body in bodies:
            Invoice(body, api=api).commit()
    calls = len(simulator.calls()) - calls_before
    return calls / len(bodies), 1000 * meter.cpu / len(bodies)


def _ratio(name, samples, ours):
    return Figure(name, "ratio", tuple(sample / ours for sample in samples))
