"""What the tests of the kinds of invoices have in common."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import Command, fields
from odoo.orm import model_classes

from ..exact_api import bodies
from ..mappers.sales_entry import SalesEntryMapper
from ..mappers.tax import is_own_line
from .common import CUSTOMER_GUID, GL_GUID, ExactCommon, problem_texts

OTHER_GL_GUID = GL_GUID.replace("2", "7")


def without_zeros(totals):
    """Return totals by VAT code as they are compared: lines of zeros are left out."""
    return {code: amounts for code, amounts in totals.items() if any(amounts)}


class KindsCommon(ExactCommon):
    """Invoices of every kind: the body that leaves, and the ledger it has to equal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lists = cls.env(su=True)
        cls.own = {"company_id": cls.company.id}
        cls.vat_code_none = cls.make_code("0", 0, vat_type="N")
        cls.company.sudo().exact_no_vat_code_id = cls.vat_code_none
        cls.vat_code_6 = cls.make_code("2", 0.06)
        cls.tax_6 = cls.make_tax(6, cls.vat_code_6)
        cls.no_term = cls.env["account.payment.term"]

    @classmethod
    def make_code(cls, code, fraction, vat_type="E", **values):
        return cls.lists["exact.vat.code"].create(
            {
                **cls.own,
                "code": code,
                "name": code,
                "percentage": fraction,
                "vat_type": vat_type,
                **values,
            }
        )

    @classmethod
    def make_tax(cls, amount, code=None, **values):
        return cls.tax_21.sudo().copy(
            {
                "name": f"{amount} test {values}",
                "amount": amount,
                "exact_vat_code_id": code and code.id,
                **values,
            }
        )

    @classmethod
    def make_gl_account(cls, account):
        """Give an account of Odoo one of Exact that is not the default."""
        own = [("code", "=", "7"), ("company_id", "=", cls.company.id)]
        gl_account = cls.lists["exact.gl.account"].search(own)
        gl_account = gl_account or gl_account.create(
            {**cls.own, "code": "7", "exact_guid": OTHER_GL_GUID, "is_bookable": True}
        )
        account.sudo().with_company(cls.company).exact_gl_account_id = gl_account

    @classmethod
    def make_lines(cls, *lines, post=True, **values):
        """Create an invoice from dicts of lines, taxed at 21% unless told."""
        commands = [
            Command.create(
                {
                    "name": "Line",
                    "tax_ids": [Command.set(line.pop("tax", cls.tax_21).ids)],
                    **line,
                }
            )
            if "display_type" not in line
            else Command.create(line)
            for line in lines
        ]
        return cls.make_invoice(post=post, invoice_line_ids=commands, **values)

    @staticmethod
    def line(amount, vat_amount, code="4", name="Line", **values):
        return {
            "GLAccount": GL_GUID,
            "Description": name,
            "AmountFC": amount,
            "VATCode": code,
            "VATAmountFC": vat_amount,
            **values,
        }

    @staticmethod
    def make_body(invoice):
        return bodies.sales_entry(SalesEntryMapper(invoice).entry(CUSTOMER_GUID))

    def add_dates(self, *names):
        """Give invoice lines dates, as add-ons do that are not in the Community."""
        line_class = self.registry["account.move.line"]
        for name, day in zip(names, (date(2026, 4, 1), date(2027, 3, 31)), strict=True):
            field = fields.Date(default=day, store=False)
            setattr(line_class, name, field)
            model_classes.add_field(line_class, name, field)
            field.prepare_setup()
            field.setup(self.env["account.move.line"])
            self.addCleanup(model_classes.pop_field, line_class, name)

    def assert_goes(self, invoice):
        """Compare the body of an invoice that nothing keeps with the ledger."""
        self.assertEqual(problem_texts(invoice), [])
        body = self.make_body(invoice)
        self.assert_equals_ledger(invoice, body)
        return body

    def assert_books(self, invoice, *lines, **header):
        """Compare the whole body with what is expected, and with the ledger."""
        body = self.assert_goes(invoice)
        expected = {
            "Journal": "700",
            "Customer": CUSTOMER_GUID,
            "EntryNumber": 2600001,
            "EntryDate": "2026-03-10",
            "DueDate": str(invoice.invoice_date_due),
            "YourRef": invoice.name,
            "Description": f"{invoice.name} Deco Addict",
            "Currency": "EUR",
            "PaymentReference": invoice.payment_reference,
            "SalesEntryLines": list(lines),
            **header,
        }
        self.assertEqual(body, {key: value for key, value in expected.items() if value})
        return body

    def assert_equals_ledger(self, invoice, body):
        """Compare base and VAT of each VAT code, and the total, with the ledger."""
        found = defaultdict(lambda: [Decimal(), Decimal()])
        for line in body["SalesEntryLines"]:
            found[line["VATCode"]][0] += Decimal(str(line["AmountFC"]))
            found[line["VATCode"]][1] += Decimal(str(line["VATAmountFC"]))
        ledger = self.read_ledger(invoice, "amount_currency")
        self.assertEqual(without_zeros(found), ledger)
        total = sum(base + vat for base, vat in found.values())
        sign = -1 if invoice.move_type == "out_refund" else 1
        self.assertEqual(total, round(Decimal(str(sign * invoice.amount_total)), 2))

    def read_ledger(self, invoice, amount):
        """Return [base, VAT] by VAT code, from the journal items alone.

        :param str amount: 'amount_currency' or 'balance'.
        """
        totals = defaultdict(lambda: [Decimal(), Decimal()])
        for item in invoice.line_ids:
            # Discounts are on two accounts, and change no base.
            if not item.account_id or item.display_type in ("payment_term", "discount"):
                continue
            value = -round(Decimal(str(item[amount])), 2)
            tax = item.tax_line_id
            if tax and not is_own_line(tax):
                totals[tax.exact_vat_code_id.code][1] += value
                continue
            vat = item.tax_ids.flatten_taxes_hierarchy().filtered(
                lambda tax: not is_own_line(tax)
            )
            code = vat.exact_vat_code_id or self.vat_code_none
            totals[code.code][0] += value
        return without_zeros(totals)
