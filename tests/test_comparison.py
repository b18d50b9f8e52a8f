"""The month-end comparison: it finds whatever differs between Odoo and Exact."""

from datetime import date

import pytest

ENTRIES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"


class Month:
    """Two booked invoices in a month that nobody else uses."""

    def __init__(self, books, month):
        self.books = books
        self.month = month
        customer = books.create_customer(f"Proof {self.month}")
        self.customer = customer
        self.invoices = [self.make(100), self.make(200)]
        self.book(*self.invoices)
        self.state = books.stage.simulator.state

    def make(self, amount, **values):
        line = {
            "name": "Hops",
            "price_unit": amount,
            "tax_ids": [(6, 0, [self.books.tax])],
        }
        values = {"move_type": "out_invoice", **values}
        invoice = self.books.odoo.create(
            "account.move",
            partner_id=self.customer,
            invoice_date=f"{self.month}-10",
            invoice_line_ids=[(0, 0, line)],
            **values,
        )
        self.books.odoo.call("account.move", "action_post", [invoice])
        return invoice

    def entry(self, invoice):
        (found,) = self.books.entries_of(invoice)
        division = found["Division"]
        return division, self.state.find(division, ENTRIES, found["EntryID"])

    def book(self, *invoices):
        self.books.queue(*invoices)
        self.books.push()
        assert {self.books.state(invoice) for invoice in invoices} == {"sent"}

    def create_comparison(self):
        return self.books.odoo.create(
            "exact.comparison",
            company_id=self.books.company,
            date_from=f"{self.month}-01",
            date_to=f"{self.month}-28",
        )

    def compare(self):
        """Return {reference: (result, message)} of all that was compared."""
        odoo, comparison = self.books.odoo, self.create_comparison()
        odoo.call("exact.comparison", "action_compare", [comparison])
        self.record = odoo.find(
            "exact.comparison",
            [("id", "=", comparison)],
            "state",
            "problem",
            "call_count",
            "equal_count",
            "problem_count",
        )[0]
        assert self.record["state"] == "done", self.record
        rows = odoo.find(
            "exact.comparison.line",
            [("comparison_id", "=", comparison)],
            "reference",
            "kind",
            "message",
        )
        self.totals = odoo.find(
            "exact.comparison.total",
            [("comparison_id", "=", comparison), ("is_sum", "=", False)],
            "vat_code",
            "odoo_base",
            "exact_base",
            "odoo_vat",
            "exact_vat",
            "is_equal",
        )
        return {row["reference"]: (row["kind"], row["message"]) for row in rows}

    def name(self, invoice):
        return self.books.read(invoice)["name"]


@pytest.fixture(scope="module")
def months(stage):
    """Give months one by one, so that no test sees the invoices of another."""
    this_year = date.today().year
    return (
        f"{year}-{month:02}"
        for year in (this_year - 1, this_year)
        for month in range(1, 13)
    )


@pytest.fixture
def month(books, months):
    return Month(books, next(months))


def test_equal_books_are_proven_equal(month):
    found = month.compare()

    assert {kind for kind, _message in found.values()} == {"equal"}
    assert month.record["equal_count"] == 2
    assert month.record["call_count"] == 1
    (total,) = month.totals
    assert (total["odoo_base"], total["odoo_vat"]) == (300, 63)
    assert (total["exact_base"], total["exact_vat"]) == (300, 63)
    assert total["is_equal"]


def test_entry_deleted_in_exact_is_found(month):
    first, second = month.invoices
    division, entry = month.entry(first)
    for line in month.state.entry_lines(division, entry["EntryID"]):
        month.state.delete(division, LINES, line["ID"])
    month.state.delete(division, ENTRIES, entry["EntryID"])
    found = month.compare()

    assert found[month.name(first)][0] == "missing_exact"
    assert "someone deleted it" in found[month.name(first)][1]
    assert found[month.name(second)][0] == "equal"
    assert not month.totals[0]["is_equal"]


def test_amount_changed_in_exact_is_found(month):
    first, _second = month.invoices
    division, entry = month.entry(first)
    (line,) = month.state.entry_lines(division, entry["EntryID"])
    control = month.books.stage.simulator.control
    control.change_row(division, LINES, line["ID"], AmountFC=99)
    control.change_row(division, ENTRIES, entry["EntryID"], AmountFC=120, AmountDC=120)
    kind, message = month.compare()[month.name(first)]

    assert kind == "different"
    assert "Total: 121.00 in Odoo, 120.00 in Exact Online." in message
    assert "Base for VAT code" in message


def test_vat_code_changed_in_exact_is_found(month):
    first, _second = month.invoices
    division, entry = month.entry(first)
    (line,) = month.state.entry_lines(division, entry["EntryID"])
    control = month.books.stage.simulator.control
    control.change_row(division, LINES, line["ID"], VATCode="0")
    kind, message = month.compare()[month.name(first)]

    assert kind == "different"
    assert "VAT for VAT code 0: 0.00 in Odoo, 21.00 in Exact Online." in message


def test_gl_account_changed_in_exact_is_found(month):
    first, second = month.invoices
    division, entry = month.entry(first)
    (line,) = month.state.entry_lines(division, entry["EntryID"])
    other = month.state.by_code(division, "financial/GLAccounts", "493000")
    control = month.books.stage.simulator.control
    control.change_row(division, LINES, line["ID"], GLAccount=other["ID"])
    found = month.compare()

    kind, message = found[month.name(first)]
    assert kind == "different"
    assert "G/L account 493000: 0.00 in Odoo, 100.00 in Exact Online." in message
    assert found[month.name(second)][0] == "equal"


def test_date_moved_to_another_month_is_found(month):
    first, _second = month.invoices
    division, entry = month.entry(first)
    control = month.books.stage.simulator.control
    control.change_row(division, ENTRIES, entry["EntryID"], EntryDate="2031-12-31")
    kind, message = month.compare()[month.name(first)]

    assert kind == "different"
    year, number = month.month.split("-")
    dates = f"Date: {number}/10/{year} in Odoo, 12/31/2031 in Exact Online."
    assert dates in message


def test_entry_added_in_exact_is_found(month):
    division, entry = month.entry(month.invoices[0])
    month.state.insert(
        division,
        ENTRIES,
        {
            **{key: entry[key] for key in entry if key != "EntryID"},
            "EntryNumber": 2_000_000_000,
            "YourRef": "By hand",
        },
    )
    found = month.compare()

    assert found["By hand"][0] == "missing_odoo"
    assert month.record["problem_count"] == 1
    by_hand = [("reference", "=", "By hand")]
    (line,) = month.books.odoo.find("exact.comparison.line", by_hand, "display_name")
    assert line["display_name"] == "By hand"


def test_invoice_never_sent_is_found(month):
    invoice = month.make(300)
    kind, message = month.compare()[month.name(invoice)]

    assert kind == "not_sent"
    assert "Click Send to Exact" in message


def test_invoice_booked_by_hand_is_found_by_its_reference(month):
    invoice = month.make(300)
    division, entry = month.entry(month.invoices[0])
    month.state.insert(
        division,
        ENTRIES,
        {
            **{key: entry[key] for key in entry if key != "EntryID"},
            "EntryNumber": 2_000_000_001,
            "YourRef": month.name(invoice),
        },
    )
    kind, message = month.compare()[month.name(invoice)]

    assert kind == "different"
    assert "Odoo did not book it" in message


def test_credit_note_and_foreign_currency_are_equal(month):
    """Exact converts by itself what Odoo's ledger has."""
    odoo = month.books.odoo
    dollar = odoo.ref("base", "USD")
    odoo.write("res.currency", dollar, active=True)
    odoo.create(
        "res.currency.rate",
        name=f"{month.month}-01",
        rate=1.1731,
        currency_id=dollar,
        company_id=month.books.company,
    )
    month.book(
        month.make(30, move_type="out_refund"),
        month.make(77.77, currency_id=dollar),
        month.make(12.34, move_type="out_refund", currency_id=dollar),
    )
    found = month.compare()

    assert {kind for kind, _message in found.values()} == {"equal"}, found
    assert month.record["equal_count"] == 5


def test_invoice_booked_once_more_by_hand_is_found(month):
    first, _second = month.invoices
    division, entry = month.entry(first)
    month.state.insert(
        division,
        ENTRIES,
        {
            **{key: entry[key] for key in entry if key != "EntryID"},
            "EntryNumber": 2_000_000_002,
        },
    )
    month.compare()

    assert month.record["equal_count"] == 2
    assert month.record["problem_count"] == 1


def test_two_who_compare_at_once_do_not_disturb_each_other(month):
    books = month.books
    comparison = month.create_comparison()
    database = books.stage.server.database
    with books.environment.server.cursor(database) as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT 1 FROM exact_comparison WHERE id = %s FOR UPDATE", [comparison]
        )
        with pytest.raises(Exception, match="is already being compared"):
            books.odoo.call("exact.comparison", "action_compare", [comparison])
    books.odoo.call("exact.comparison", "action_compare", [comparison])
    (record,) = books.odoo.find(
        "exact.comparison", [("id", "=", comparison)], "equal_count"
    )
    assert record["equal_count"] == 2


def test_limit_of_calls_is_waited_for_and_nothing_is_lost(month):
    books = month.books
    books.control.settings(page_size=1, minute_limit=0)
    odoo, comparison = books.odoo, month.create_comparison()
    odoo.call("exact.comparison", "action_compare", [comparison])

    def read():
        names = ("state", "equal_count", "fetched_count", "problem")
        return odoo.find("exact.comparison", [("id", "=", comparison)], *names)[0]

    assert read()["state"] == "fetching"
    books.control.settings(page_size=60, minute_limit=10_000)
    books.sql("DELETE FROM exact_budget")
    books.sql("UPDATE exact_connection SET paused_until = NULL")
    cron = odoo.ref("comanage_exact", "ir_cron_exact_comparison")
    odoo.call("ir.cron", "method_direct_trigger", [cron])
    assert (read()["state"], read()["equal_count"]) == ("done", 2)


def test_night_finds_what_was_deleted_and_changed(month):
    books, state = month.books, month.state
    first, second = month.invoices
    division, entry = month.entry(first)
    for line in state.entry_lines(division, entry["EntryID"]):
        state.delete(division, LINES, line["ID"])
    state.delete(division, ENTRIES, entry["EntryID"])
    _division, changed = month.entry(second)
    books.control.change_row(division, ENTRIES, changed["EntryID"], AmountFC=1)
    # As if it had been booked and compared yesterday.
    yesterday = "UPDATE {} SET compared_at = now() - interval '1 day'"
    books.sql(yesterday.format("exact_connection"))
    books.sql(yesterday.format("exact_outbox"))
    books.calls_before = len(books.control.calls())
    cron = books.odoo.ref("comanage_exact", "ir_cron_exact_comparison")
    books.odoo.call("ir.cron", "method_direct_trigger", [cron])

    own = [("id", "in", month.invoices)]
    rows = books.odoo.find("account.move", own, "exact_status")
    found = {row["id"]: row["exact_status"] for row in rows}
    assert found == {first: "deleted", second: "differs"}
    assert set(books.calls()) == {("GET", "SalesEntries")}
    books.calls_before = len(books.control.calls())
    books.odoo.call("ir.cron", "method_direct_trigger", [cron])
    assert not books.calls(), "Once a day is enough"
