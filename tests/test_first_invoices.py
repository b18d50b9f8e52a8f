"""The first invoices of a company that chose a journal and a default, and no more."""

from decimal import Decimal

import pytest

from dev.demo import add_up, read_ledger

TERM = {
    "name": "2% within 7 days",
    "early_discount": True,
    "discount_percentage": 2,
    "discount_days": 7,
    "early_pay_discount_computation": "mixed",
    "line_ids": [(0, 0, {"value_amount": 100, "nb_days": 30})],
}


class FirstInvoices:
    """Each kind of invoice that Odoo's chart of Belgium makes by itself."""

    def __init__(self, books):
        self.books, self.odoo = books, books.odoo
        belgium, netherlands, states = (
            self.odoo.ref("base", code) for code in ("be", "nl", "us")
        )
        self.customer = books.create_customer("First", country_id=belgium)
        self.member = books.create_customer(
            "Tulpen",
            is_company=True,
            country_id=netherlands,
            vat="NL004495445B01",
        )
        self.stranger = books.create_customer("Far", country_id=states)

    def tax(self, name):
        return self.odoo.ref("account", f"{self.books.company}_attn_VAT-OUT-{name}")

    def account(self, name):
        return self.odoo.ref("account", f"{self.books.company}_{name}")

    def make(self, *lines, customer=None, **values):
        """Create and post an invoice; a line is (price, tax, further values)."""
        invoice = self.odoo.create(
            "account.move",
            **{
                "move_type": "out_invoice",
                "partner_id": customer or self.customer,
                "invoice_date": self.books.today,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Line",
                            "price_unit": price,
                            "account_id": self.account("a7000"),
                            "tax_ids": [(6, 0, [self.tax(tax)])],
                            **more,
                        },
                    )
                    for price, tax, more in lines
                ],
                **values,
            },
        )
        self.odoo.call("account.move", "action_post", [invoice])
        return invoice

    def make_all(self):
        """Return {shape: id of the invoice}."""
        goods, none = "21-L", {}
        advance = {"account_id": self.account("a46")}
        back = {**advance, "quantity": -1}
        rounding = self.odoo.create(
            "account.cash.rounding",
            name="To five cents",
            rounding=0.05,
            strategy="add_invoice_line",
            profit_account_id=self.account("a757100"),
            loss_account_id=self.account("a657100"),
        )
        term = self.odoo.create("account.payment.term", **TERM)
        invoices = {
            "goods": self.make((100, goods, none)),
            "two rates": self.make((33.33, goods, none), (12.5, "06-L", none)),
            "service": self.make((96.5, "21-S", {"quantity": 7.5})),
            "discount on the line": self.make((80, goods, {"discount": 12.5})),
            "negative line": self.make((80, goods, none), (-15, goods, none)),
            "credit note": self.make((20, goods, none), move_type="out_refund"),
            "co-contractor": self.make((1250, "00-CC", none)),
            "EU goods": self.make((50, "00-EU-L", none), customer=self.member),
            "export": self.make((70, "00-ROW", none), customer=self.stranger),
            "down payment": self.make((300, goods, advance)),
            "final invoice": self.make((1000, goods, none), (300, goods, back)),
            "rounded down": self.make(
                (10.01, goods, none), invoice_cash_rounding_id=rounding
            ),
            "rounded up": self.make(
                (10.03, goods, none), invoice_cash_rounding_id=rounding
            ),
            "cash discount": self.make(
                (100, goods, none), invoice_payment_term_id=term
            ),
        }
        self.odoo.write(
            "res.company",
            self.books.company,
            account_discount_expense_allocation_id=self.account("a708"),
        )
        invoices["discount on its own account"] = self.make(
            (110, goods, {"discount": 10}), (50, "06-L", {"discount": 5})
        )
        self.odoo.write(
            "res.company",
            self.books.company,
            account_discount_expense_allocation_id=False,
        )
        return invoices


@pytest.fixture
def invoices(books):
    # Journal and default account are all that anybody has to choose.
    books.odoo.write("res.company", books.company, exact_payment_condition_id=False)
    return FirstInvoices(books).make_all()


def test_first_invoices_go_to_the_account_of_each_item(books, invoices):
    books.queue(*invoices.values())
    books.push()
    ledger = read_ledger(books.odoo)

    for shape, invoice in invoices.items():
        read = books.read(invoice)
        assert read["exact_state"] == "sent", (shape, read["exact_error"])
        theirs = add_up(books.entries_of(invoice))
        ours = {code: sums for code, sums in ledger[invoice].items() if sums}
        assert {code: sums for code, sums in theirs.items() if sums} == ours, shape
    down = add_up(books.entries_of(invoices["down payment"]))
    assert down == {"460000": Decimal(300)}
    rounded = add_up(books.entries_of(invoices["rounded down"]))
    assert rounded.keys() == {"700000", "657100"}
    discount = add_up(books.entries_of(invoices["discount on its own account"]))
    assert discount == {"700000": Decimal(160), "708000": Decimal("-13.5")}
