"""The first invoices of a Dutch company that chose a journal and a default, no more.

The codes of the other lists are what the add-on chooses when it reads them.
"""

from collections import defaultdict
from decimal import Decimal
from urllib.parse import urlsplit

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import _super_send

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.comanage_exact.exact_api import bodies
from odoo.addons.comanage_exact.exact_api.client import ExactClient
from odoo.addons.comanage_exact.mappers.sales_entry import SalesEntryMapper
from odoo.addons.comanage_exact.mappers.tax import is_own_line
from odoo.addons.comanage_exact.sync.code_lists import LISTS, CodeLists, fetch_list
from odoo.addons.comanage_exact.tests.common import problem_texts

from .simulator import serve
from .simulator_api import DUTCH, DUTCH_USER, NOW, Api, fixed_clock

ENTRIES = "salesentry/SalesEntries"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestFirstInvoicesDutch(AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("nl")
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(NOW, tick=False)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.env = cls.env(su=True)
        cls.company = cls.env.company
        cls.simulator = cls.enterClassContext(serve(clock=fixed_clock()))
        cls.api = Api(cls.simulator, division=DUTCH)
        cls.fetch()
        # A person chooses this alone: the only journal of sales chooses itself.
        own = [("company_id", "=", cls.company.id), ("code", "=", "8000")]
        cls.company.exact_gl_account_id = cls.env["exact.gl.account"].search(own)
        cls.home = cls.make_customer("Bloemen", "nl", "NL123456782B90")
        cls.member = cls.make_customer("Brouwerij", "be", "BE0477472701")
        cls.stranger = cls.make_customer("Far", "us", False)
        cls.guid = cls.api.customer()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if urlsplit(r.url).hostname == "127.0.0.1":
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def fetch(cls):
        """Read the lists of the division as after connecting."""
        cls.company.exact_division_id = cls.env["exact.division"].create(
            {"company_id": cls.company.id, "code": str(DUTCH), "name": "Test"}
        )
        token = cls.simulator.sign_in(DUTCH_USER)["access_token"]
        client = ExactClient(cls.simulator.url, DUTCH, token)
        cls.addClassCleanup(client.close)
        for name in LISTS:
            fetch_list(cls.company, name, client)
        cls.env["exact.connection"].create({"company_id": cls.company.id})
        CodeLists(cls.company).fill_defaults()

    @classmethod
    def make_customer(cls, name, country, vat):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": cls.env.ref(f"base.{country}").id,
                "vat": vat,
                "property_payment_term_id": False,
            }
        )

    def tax(self, name):
        return self.env.ref(f"account.{self.company.id}_{name}")

    def make(self, *lines, customer=None, **values):
        """Create and post an invoice; a line is (price, tax, further values)."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or self.home).id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Line",
                            "price_unit": price,
                            "tax_ids": [Command.set(self.tax(tax).ids)] if tax else [],
                            **more,
                        }
                    )
                    for price, tax, more in lines
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    def make_all(self):
        """Return {shape: invoice}"""
        goods, none = "btw_21", {}
        rounding = self.env["account.cash.rounding"].create(
            {"name": "To five cents", "rounding": 0.05, "strategy": "biggest_tax"}
        )
        term = self.env["account.payment.term"].create(
            {
                "name": "2% within 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 30})],
            }
        )
        return {
            "goods": self.make((100, goods, none)),
            "two rates": self.make((33.33, goods, none), (12.5, "btw_9", none)),
            "service": self.make((96.5, "btw_21_d", {"quantity": 7.5})),
            "discount on the line": self.make((80, goods, {"discount": 12.5})),
            "negative line": self.make((80, goods, none), (-15, goods, none)),
            "credit note": self.make((20, goods, none), move_type="out_refund"),
            "debit note": self.make_debit_note(),
            "reverse charge": self.make((1250, "btw_verk_0", none)),
            "EU goods": self.make((50, "btw_X0_producten", none), customer=self.member),
            "EU services": self.make(
                (60, "btw_X0_diensten", none), customer=self.member
            ),
            "export": self.make((70, "btw_X1", none), customer=self.stranger),
            "down payment": self.make((300, goods, none)),
            "final invoice": self.make(
                (1000, goods, none), (300, goods, {"quantity": -1})
            ),
            "without tax": self.make((25, None, none)),
            "rounded to coins": self.make(
                (10.01, goods, none), invoice_cash_rounding_id=rounding.id
            ),
            "cash discount": self.make(
                (100, goods, none), invoice_payment_term_id=term.id
            ),
        }

    def make_debit_note(self):
        invoice = self.make((10, "btw_21", {}))
        return self.make((5, "btw_21", {}), debit_origin_id=invoice.id)

    def test_first_invoices_go_without_another_choice(self):
        self.assertEqual(self.company.exact_journal_id.code, "70")
        for shape, invoice in self.make_all().items():
            with self.subTest(shape=shape):
                self.assertEqual(problem_texts(invoice), [])
                entry = SalesEntryMapper(invoice).entry(self.guid)
                self.simulator.state.rows(DUTCH, ENTRIES).clear()
                response = self.api.post(ENTRIES, bodies.sales_entry(entry))
                self.assertEqual(response.status_code, 201, response.text)
                [booked] = self.simulator.control.entries()
                self.assertEqual(self.read_exact(booked), self.read_ledger(invoice))
                self.assertEqual(booked["AmountDC"], invoice.amount_total_signed)

    def read_exact(self, entry):
        """Return {(G/L account, VAT code): [amount, VAT]}"""
        found = defaultdict(lambda: [Decimal(), Decimal()])
        codes = self.env["exact.gl.account"].search([("is_bookable", "=", True)])
        codes = {one.exact_guid: one.code for one in codes}
        for line in entry["SalesEntryLines"]:
            totals = found[codes[line["GLAccount"]], line["VATCode"].strip()]
            totals[0] += Decimal(str(line["AmountFC"]))
            totals[1] += Decimal(str(line["VATAmountFC"]))
        return dict(found)

    def read_ledger(self, invoice):
        """Return the same of the journal items; all revenue is on the default."""
        found = defaultdict(lambda: [Decimal(), Decimal()])
        for item in invoice.line_ids:
            if item.display_type == "payment_term" or not item.account_id:
                continue
            amount = -round(Decimal(str(item.balance)), 2)
            tax = item.tax_line_id
            if tax and not is_own_line(tax):
                found["8000", tax.exact_vat_code_id.code][1] += amount
            else:
                code = item.tax_ids.exact_vat_code_id.code or "0"
                found["8000", code][0] += amount
        return dict(found)
