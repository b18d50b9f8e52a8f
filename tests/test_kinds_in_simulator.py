"""Each kind of invoice once more: booked in the simulator, compared with the ledger.

The simulator computes with its own arithmetic; what it makes of a body has to be what
Odoo's journal items say, in the currency of the invoice and in that of the company.
"""

from collections import defaultdict
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.comanage_exact.booking import comparison
from odoo.addons.comanage_exact.exact_api import bodies
from odoo.addons.comanage_exact.mappers.sales_entry import SalesEntryMapper
from odoo.addons.comanage_exact.tests import (
    test_kinds,
    test_kinds_accounts,
    test_kinds_companies,
    test_kinds_costs,
    test_kinds_taxes,
    test_kinds_untaxed,
    test_many_lines,
    test_public_cases,
)
from odoo.addons.comanage_exact.tests.common import GL_GUID, problem_texts
from odoo.addons.comanage_exact.tests.kinds import OTHER_GL_GUID, without_zeros

from .simulator import serve
from .simulator_api import BELGIAN, Api, fixed_clock

ENTRIES = "salesentry/SalesEntries"


class InSimulator:
    """Books what `assert_goes` found right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = cls.enterClassContext(
            serve(clock=fixed_clock(), minute_limit=9999, day_limit=99999)
        )
        cls.api = Api(cls.simulator)
        cls.simulated_customer = cls.api.customer()
        cls.insert("financial/GLAccounts", "700000", ID=GL_GUID, Code="1")
        cls.insert("financial/GLAccounts", "700000", ID=OTHER_GL_GUID, Code="2")
        for code in ("71", "801"):
            cls.insert("financial/Journals", "700", Code=code)

    @classmethod
    def insert(cls, resource, like, **values):
        """Add a row to a list of the simulator that is like another one."""
        state = cls.simulator.state
        row = dict(state.by_code(BELGIAN, resource, like))
        row.pop("ID", None)
        state.insert(BELGIAN, resource, {**row, **values})

    @classmethod
    def offer_vat_codes(cls):
        """Make the VAT codes in the simulator those of this test."""
        rows = cls.simulator.state.rows(BELGIAN, "vat/VATCodes")
        template = dict(next(iter(rows.values())))
        rows.clear()
        codes = cls.lists["exact.vat.code"].search([])
        for code in codes:
            cls.simulator.state.insert(
                BELGIAN,
                "vat/VATCodes",
                {
                    **template,
                    "ID": f"00000000-0000-4000-8000-{code.id:012}",
                    "Code": code.code.ljust(3),
                    "Type": code.vat_type or "E",
                    "VATTransactionType": "S",
                    "Percentage": Decimal(str(code.percentage)),
                    "Charged": code.is_charged,
                    "IsBlocked": False,
                },
            )

    @classmethod
    def offer_currencies(cls, invoice):
        """Make the currencies in the simulator those of this invoice."""
        state = cls.simulator.state
        own, foreign = invoice.company_id.currency_id.name, invoice.currency_id.name
        state.divisions()[BELGIAN]["Currency"] = own
        state.by_code(BELGIAN, "financial/Journals", "700")["Currency"] = own
        for code in {own, foreign}:
            if not state.by_code(BELGIAN, "general/Currencies", code):
                cls.insert("general/Currencies", "EUR", Code=code)

    def assert_goes(self, invoice):
        body = super().assert_goes(invoice)
        self.offer_vat_codes()
        self.offer_currencies(invoice)
        self.simulator.state.rows(BELGIAN, ENTRIES).clear()
        response = self.api.post(ENTRIES, {**body, "Customer": self.simulated_customer})
        self.assertEqual(response.status_code, 201, response.text)
        (entry,) = self.simulator.control.entries()
        self.assert_equals(entry, invoice)
        stored = [line["Description"] for line in entry["SalesEntryLines"]]
        sent = [line["Description"] for line in body["SalesEntryLines"]]
        self.assertEqual(stored, sent)
        return body

    def assert_equals(self, entry, invoice):
        found = defaultdict(lambda: [Decimal(), Decimal()])
        for line in entry["SalesEntryLines"]:
            totals = found[line["VATCode"].strip()]
            totals[0] += Decimal(str(line["AmountFC"]))
            totals[1] += Decimal(str(line["VATAmountFC"]))
        ledger = self.read_ledger(invoice, "amount_currency")
        self.assertEqual(without_zeros(found), ledger)
        sign = -1 if invoice.move_type == "out_refund" else 1
        self.assertEqual(entry["AmountFC"], sign * invoice.amount_total)
        self.assertEqual(entry["AmountDC"], invoice.amount_total_signed)
        ledger = self.read_ledger(invoice, "balance")
        self.assertEqual(self.read_simulated_ledger(entry), ledger)
        vat = sum((vat for _base, vat in ledger.values()), Decimal())
        self.assertEqual(Decimal(str(entry["VATAmountDC"])), vat)

    def read_simulated_ledger(self, entry):
        """Return [base, VAT] by VAT code in the currency of the division."""
        totals = defaultdict(lambda: [Decimal(), Decimal()])
        for row in entry["Ledger"][1:]:
            amounts = totals[row["VATCode"].strip()]
            amounts[row["IsVAT"]] -= Decimal(str(row["AmountDC"]))
        return without_zeros(totals)


@tagged("post_install", "-at_install")
class TestKindsInSimulator(InSimulator, test_kinds.TestKinds):
    """Lines, roundings, credit notes, terms and texts."""


@tagged("post_install", "-at_install")
class TestKindsOfAccountsInSimulator(
    InSimulator, test_kinds_accounts.TestKindsOfAccounts
):
    """Discounts, down payments, fixed taxes and what other add-ons book."""

    def assert_accounts(self, invoice):
        """Compare what the simulator has on each G/L account with the ledger."""
        super().assert_accounts(invoice)
        self.offer_vat_codes()
        self.offer_currencies(invoice)
        self.simulator.state.rows(BELGIAN, ENTRIES).clear()
        body = {**self.make_body(invoice), "Customer": self.simulated_customer}
        response = self.api.post(ENTRIES, body)
        self.assertEqual(response.status_code, 201, response.text)
        (entry,) = self.simulator.control.entries()
        found, expected = defaultdict(Decimal), defaultdict(Decimal)
        for line in entry["SalesEntryLines"]:
            found[line["GLAccount"]] += Decimal(str(line["AmountFC"]))
        for row in SalesEntryMapper(invoice).lines:
            expected[row.gl_account.exact_guid] += row.amount
        self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestKindsOfTaxesInSimulator(InSimulator, test_kinds_taxes.TestKindsOfTaxes):
    """Taxes, fiscal positions and currencies."""


@tagged("post_install", "-at_install")
class TestKindsOfCostsInSimulator(InSimulator, test_kinds_costs.TestKindsOfCosts):
    """Cost centres and units by the analytic distribution."""

    def setUp(self):
        super().setUp()
        state = self.simulator.state
        state.cost_centers[BELGIAN].update(dict.fromkeys(test_kinds_costs.CENTERS))
        state.cost_units[BELGIAN].update(dict.fromkeys(test_kinds_costs.UNITS))


@tagged("post_install", "-at_install")
class TestKindsUntaxedInSimulator(InSimulator, test_kinds_untaxed.TestKindsUntaxed):
    """Lines without VAT, levies, margin."""


@tagged("post_install", "-at_install")
class TestKindsOfCompaniesInSimulator(
    InSimulator, test_kinds_companies.TestKindsOfCompanies
):
    """Companies, currencies and deferral."""

    def test_vat_that_exact_converts_by_line_is_told(self):
        """Nobody knows which it is; the other one makes a difference, never silence."""
        dollar = self.make_currency("USD", 1.0837)
        invoice = self.make_lines(
            *({"price_unit": price} for price in (10.12, 20.25, 30.43)),
            currency_id=dollar.id,
        )
        self.assertEqual(problem_texts(invoice), [])
        entry = SalesEntryMapper(invoice).entry(self.simulated_customer)
        self.offer_vat_codes()
        for conversion, differences in (
            ("code", []),
            (
                "line",
                [
                    ("total_dc", Decimal("67.88"), Decimal("67.89")),
                    ("vat_dc", Decimal("11.78"), Decimal("11.79")),
                ],
            ),
        ):
            self.simulator.state.rows(BELGIAN, ENTRIES).clear()
            self.simulator.control.settings(vat_conversion=conversion)
            self.addCleanup(self.simulator.control.settings, vat_conversion="code")
            answer = self.api.post(ENTRIES, bodies.sales_entry(entry))
            guid = answer.json()["d"]["EntryID"]
            # The answer itself has no VAT yet.
            answer = self.api.get(f"{ENTRIES}(guid'{guid}')")
            booked = answer.json(parse_float=Decimal)["d"]
            ours, theirs = comparison.read_sent(entry), comparison.read_answer(booked)
            with self.subTest(conversion=conversion):
                self.assertEqual(comparison.differences(ours, theirs), differences)


@tagged("post_install", "-at_install")
class TestPublicCasesInSimulator(InSimulator, test_public_cases.TestPublicCasesOfTaxes):
    """Amounts that invoices elsewhere got wrong."""


@tagged("post_install", "-at_install")
class TestManyLinesInSimulator(InSimulator, test_many_lines.TestManyLines):
    """Ten thousand lines on one invoice."""

    count = 10_000
