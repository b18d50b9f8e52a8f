"""Invoices in dollars, booked in the simulator: whatever leaves has the ledger's cents.

Nobody knows whether Exact cuts a rate to the decimals of its currency. A rate with no
more than these is used as it is, so that both answers make the same entry.
"""

from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.comanage_exact.mappers.sales_entry import SalesEntryMapper
from odoo.addons.comanage_exact.tests.test_rounding import DollarsCommon

from .invariant import read_exact
from .simulator_api import BELGIAN
from .test_kinds_in_simulator import ENTRIES, InSimulator

AMOUNTS = (0.01, 10.12, 99.99, 1234.56, 8765.43, 41_000, 123_456.78)


@tagged("post_install", "-at_install")
class TestRatesInSimulator(InSimulator, DollarsCommon):
    """W11: the decimals that the currency has in Exact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer_vat_codes()

    def set_decimals(self, decimals):
        self.currency.rate_decimals = decimals
        row = self.simulator.state.by_code(BELGIAN, "general/Currencies", "USD")
        row["AmountPrecision"] = Decimal(decimals)

    def book(self, invoice, **switches):
        """Book an invoice, and return total and VAT in the company's currency."""
        state, control = self.simulator.state, self.simulator.control
        control.settings(**switches)
        self.addCleanup(control.settings, rate_precision="round")
        state.rows(BELGIAN, ENTRIES).clear()
        body = {**self.make_body(invoice), "Customer": self.simulated_customer}
        response = self.api.post(ENTRIES, body)
        self.assertEqual(response.status_code, 201, response.text)
        (entry,) = control.entries()
        vat = read_exact(state, BELGIAN, entry).as_dict("vat", 1)
        return Decimal(str(entry["AmountDC"])), sum(vat.values(), Decimal())

    def test_w11_what_leaves_is_equal_with_and_without_the_decimals(self):
        left = 0
        for decimals in (4, 5, 6, 8):
            self.set_decimals(decimals)
            for amount in AMOUNTS:
                invoice = self.make_dollars(amount)
                if SalesEntryMapper(invoice).problems():
                    continue
                left += 1
                ledger = SalesEntryMapper(invoice).totals_dc
                for precision in ("round", "ignore"):
                    with self.subTest(amount, decimals=decimals, precision=precision):
                        found = self.book(invoice, rate_precision=precision)
                        self.assertEqual(found, ledger)
        self.assertGreater(left, 2 * len(AMOUNTS))

    def test_w11_what_does_not_leave_would_be_off(self):
        """Not refused without need: the nearest rate is booked to see what it makes."""
        self.set_decimals(5)
        for amount in (250_000, 123_456.78):
            invoice = self.make_dollars(amount)
            mapper = SalesEntryMapper(invoice)
            (problem,) = mapper.problems()
            self.assertEqual(problem.kind, "rate_decimals")
            total, vat = self.book(invoice)
            self.assertEqual(total - mapper.totals_dc[0], mapper.rates.total_difference)
            self.assertNotEqual((total, vat), mapper.totals_dc)

    def test_r6_line_of_10_03_is_off_by_the_cent_that_is_allowed(self):
        self.company.sudo().exact_rounding_tolerance = 0.01
        invoice = self.make_dollars(10.03)
        self.assertEqual(SalesEntryMapper(invoice).problems(), [])
        self.assertEqual(self.book(invoice), (Decimal("11.21"), Decimal("1.95")))
