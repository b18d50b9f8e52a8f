"""Entry numbers end to end: several journals, and numbers that restart each month."""

from datetime import date, timedelta

import pytest


class Journals:
    """Sales journals of their own, booked in the one journal of Exact Online."""

    def __init__(self, books):
        self.books = books
        self.odoo = books.odoo
        self.customer = books.create_customer("Numbers")
        self.today = date.fromisoformat(books.today)

    def create(self, code):
        own = [("company_id", "=", self.books.company), ("type", "=", "sale")]
        first = self.odoo.find("account.journal", own, "default_account_id")[0]
        return self.odoo.create(
            "account.journal",
            name=code,
            code=code,
            type="sale",
            company_id=self.books.company,
            default_account_id=first["default_account_id"][0],
        )

    def prefix(self, journal):
        (row,) = self.odoo.find(
            "account.journal", [("id", "=", journal)], "exact_number_prefix"
        )
        return row["exact_number_prefix"]

    def invoice(self, **values):
        line = {"name": "Malt", "price_unit": 10, "tax_ids": [(6, 0, [self.books.tax])]}
        invoice = self.odoo.create(
            "account.move",
            move_type="out_invoice",
            partner_id=self.customer,
            invoice_line_ids=[(0, 0, line)],
            **{"invoice_date": str(self.today), **values},
        )
        self.odoo.call("account.move", "action_post", [invoice])
        return invoice

    def book(self, *invoices):
        self.books.queue(*invoices)
        self.books.push()

    def number(self, invoice):
        assert self.books.state(invoice) == "sent", self.books.read(invoice)
        (row,) = self.books.entries_of(invoice)
        return row["EntryNumber"]


@pytest.fixture
def journals(books):
    return Journals(books)


def test_two_journals_of_odoo_in_one_of_exact(journals):
    web = journals.create("WEB")
    first, second = journals.invoice(), journals.invoice(journal_id=web)
    journals.book(first, second)
    assert journals.number(first) != journals.number(second)
    assert journals.prefix(web).startswith("{yy}")


def test_numbers_that_restart_each_month_are_told_with_a_format_that_works(journals):
    monthly = journals.create("MON")
    last_month = journals.today.replace(day=1) - timedelta(days=1)
    old = journals.invoice(
        journal_id=monthly,
        invoice_date=str(last_month),
        name=f"MON/{last_month:%Y/%m}/0001",
    )
    new = journals.invoice(journal_id=monthly)
    books = journals.books
    assert books.read(new)["name"] == f"MON/{journals.today:%Y/%m}/0001"
    journals.book(old)
    first = journals.number(old)
    asked = len(books.calls())
    journals.book(new)
    error = books.read(new)["exact_error"]
    # The number is claimed, so that Exact has not to refuse it.
    assert len(books.calls()) == asked
    assert f"because MON/{last_month:%Y/%m}/0001 of" in error
    assert f"has entry number {first} in Exact Online journal" in error
    assert "{mm}" in error

    journals.odoo.call("account.journal", "action_exact_use_number_format", [monthly])
    assert journals.prefix(monthly).startswith("{yy}{mm}")
    journals.book(new)
    number = str(journals.number(new))
    assert number.startswith(f"{journals.today:%y%m}")
    assert number.endswith("0001")
