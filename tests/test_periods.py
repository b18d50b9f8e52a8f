"""The financial period end to end: locked in Odoo, or closed in Exact Online."""

from datetime import date, timedelta

import pytest

from .simulator_api import BELGIAN

ENTRIES = "salesentry/SalesEntries"


class Locked:
    """An invoice of last month that a lock date moved to this month."""

    def __init__(self, books):
        self.books = books
        self.today = date.fromisoformat(books.today)
        self.last_month = self.today.replace(day=1) - timedelta(days=1)
        self.next_month = (self.today.replace(day=1) + timedelta(days=32)).replace(
            day=1
        )
        self.customer = books.create_customer("Locked")

    def make(self):
        line = {
            "name": "Hops",
            "price_unit": 1000,
            "tax_ids": [(6, 0, [self.books.tax])],
        }
        invoice = self.books.odoo.create(
            "account.move",
            move_type="out_invoice",
            partner_id=self.customer,
            invoice_date=str(self.last_month),
            invoice_line_ids=[(0, 0, line)],
        )
        self.books.odoo.call("account.move", "action_post", [invoice])
        return invoice

    def send(self, *invoices):
        self.books.queue(*invoices)
        self.books.push()

    def book_in_open_period(self, *invoices):
        self.books.odoo.call(
            "account.move", "action_exact_book_in_open_period", list(invoices)
        )
        self.books.push()

    def close(self, month, closed=True):
        self.books.control.close_period(BELGIAN, month.year, month.month, closed=closed)

    def entry(self, invoice):
        """Return (entry date, year, period) of an invoice in the simulator."""
        (row,) = self.books.entries_of(invoice)
        state = self.books.stage.simulator.state
        entry = state.find(row["Division"], ENTRIES, row["EntryID"])
        day = entry["EntryDate"].date()
        return day, entry["ReportingYear"], entry["ReportingPeriod"]

    def compare(self, month):
        """Return {reference: (result, message)} of a month."""
        odoo = self.books.odoo
        last = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
        comparison = odoo.create(
            "exact.comparison",
            company_id=self.books.company,
            date_from=str(month.replace(day=1)),
            date_to=str(last - timedelta(days=1)),
        )
        odoo.call("exact.comparison", "action_compare", [comparison])
        rows = odoo.find(
            "exact.comparison.line",
            [("comparison_id", "=", comparison)],
            "reference",
            "kind",
            "message",
        )
        return {row["reference"]: (row["kind"], row["message"]) for row in rows}


@pytest.fixture
def locked(books):
    locked = Locked(books)
    company = (books.company, locked.last_month)
    books.sql(
        "UPDATE res_company SET tax_lock_date = %(day)s WHERE id = %(id)s",
        id=company[0],
        day=company[1],
    )
    books.odoo.call("ir.cron", "method_direct_trigger", [_fetch(books)])
    yield locked
    locked.close(locked.today, closed=False)
    locked.close(locked.next_month, closed=False)
    books.sql("UPDATE res_company SET tax_lock_date = NULL")


def _fetch(books):
    return books.odoo.ref("comanage_exact", "ir_cron_exact_fetch")


def test_lock_date_moves_the_period_in_exact_too(locked):
    invoice = locked.make()
    locked.send(invoice)
    today = locked.today
    assert locked.entry(invoice) == (locked.last_month, today.year, today.month)
    name = locked.books.read(invoice)["name"]
    assert locked.compare(today)[name][0] == "equal"
    assert name not in locked.compare(locked.last_month)


def test_closed_period_waits_for_the_button(locked):
    first, second = locked.make(), locked.make()
    locked.close(locked.today)
    locked.send(first, second)
    books = locked.books
    assert {books.state(invoice) for invoice in (first, second)} == {"failed"}
    # The second one is told without another refusal.
    assert books.calls().count(("POST", "SalesEntries")) == 1
    assert "Click Book in First Open Period" in books.read(second)["exact_error"]

    locked.book_in_open_period(first, second)
    ahead = locked.next_month
    for invoice in (first, second):
        assert books.state(invoice) == "sent", books.read(invoice)["exact_error"]
        found = locked.entry(invoice)
        assert found == (locked.last_month, ahead.year, ahead.month)
    kind, message = locked.compare(locked.today)[books.read(first)["name"]]
    assert kind == "different"
    assert "someone chose to book it" in message


def test_period_opened_in_exact_is_found_at_night(locked):
    invoice = locked.make()
    locked.close(locked.today)
    locked.send(invoice)
    locked.close(locked.today, closed=False)
    books = locked.books
    books.odoo.call("ir.cron", "method_direct_trigger", [_fetch(books)])
    recheck = books.odoo.ref("comanage_exact", "ir_cron_exact_care")
    books.odoo.call("ir.cron", "method_direct_trigger", [recheck])
    books.push()
    assert books.state(invoice) == "sent"
    assert locked.entry(invoice)[2] == locked.today.month


def test_period_changed_in_exact_is_found(locked):
    invoice = locked.make()
    locked.send(invoice)
    (row,) = locked.books.entries_of(invoice)
    old = locked.last_month
    locked.books.control.change_row(
        row["Division"],
        ENTRIES,
        row["EntryID"],
        ReportingYear=old.year,
        ReportingPeriod=old.month,
    )
    name = locked.books.read(invoice)["name"]
    kind, message = locked.compare(locked.today)[name]
    assert kind == "different"
    assert f"in period {old.year}-{old.month:02} instead of" in message
