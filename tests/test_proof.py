"""The month-end proof: it finds whatever differs between Odoo and Exact."""

import itertools

import pytest

ENTRIES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"
# A month of its own for each test, so that they do not see each other's invoices.
MONTHS = itertools.count(1)


class Month:
    """Two booked invoices in a month that nobody else uses."""

    def __init__(self, books):
        self.books = books
        self.month = f"2026-{next(MONTHS):02}"
        books.odoo.write("res.company", books.company, exact_start_date="2026-01-01")
        customer = books.create_customer(f"Proof {self.month}")
        self.customer = customer
        self.invoices = [self.make(100), self.make(200)]
        books.queue(*self.invoices)
        books.push()
        assert {books.state(invoice) for invoice in self.invoices} == {"sent"}
        self.state = books.stage.simulator.state

    def make(self, amount):
        line = {
            "name": "Hops",
            "price_unit": amount,
            "tax_ids": [(6, 0, [self.books.tax])],
        }
        invoice = self.books.odoo.create(
            "account.move",
            move_type="out_invoice",
            partner_id=self.customer,
            invoice_date=f"{self.month}-10",
            invoice_line_ids=[(0, 0, line)],
        )
        self.books.odoo.call("account.move", "action_post", [invoice])
        return invoice

    def entry(self, invoice):
        (found,) = self.books.entries_of(invoice)
        division = found["Division"]
        return division, self.state.find(division, ENTRIES, found["EntryID"])

    def compare(self):
        """Return {reference: (result, message)} of all that was compared."""
        odoo = self.books.odoo
        proof = odoo.create(
            "exact.proof",
            company_id=self.books.company,
            date_from=f"{self.month}-01",
            date_to=f"{self.month}-28",
        )
        odoo.call("exact.proof", "action_compare", [proof])
        self.record = odoo.find(
            "exact.proof",
            [("id", "=", proof)],
            "state",
            "problem",
            "call_count",
            "equal_count",
            "problem_count",
        )[0]
        assert self.record["state"] == "done", self.record
        rows = odoo.find(
            "exact.proof.line",
            [("proof_id", "=", proof)],
            "reference",
            "kind",
            "message",
        )
        self.totals = odoo.find(
            "exact.proof.total",
            [("proof_id", "=", proof)],
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


@pytest.fixture
def month(books):
    return Month(books)


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
    assert "somebody deleted it" in found[month.name(first)][1]
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
    assert "Total: 121.00 in Odoo, 120.00 in Exact." in message
    assert "Base of VAT code" in message


def test_vat_code_changed_in_exact_is_found(month):
    first, _second = month.invoices
    division, entry = month.entry(first)
    (line,) = month.state.entry_lines(division, entry["EntryID"])
    control = month.books.stage.simulator.control
    control.change_row(division, LINES, line["ID"], VATCode="0")
    kind, message = month.compare()[month.name(first)]

    assert kind == "different"
    assert "VAT of VAT code 0: 0.00 in Odoo, 21.00 in Exact." in message


def test_date_moved_to_another_month_is_found(month):
    first, _second = month.invoices
    division, entry = month.entry(first)
    control = month.books.stage.simulator.control
    control.change_row(division, ENTRIES, entry["EntryID"], EntryDate="2025-12-31")
    kind, message = month.compare()[month.name(first)]

    assert kind == "different"
    assert f"Date: {month.month}-10 in Odoo, 2025-12-31 in Exact." in message


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
    (line,) = month.books.odoo.find("exact.proof.line", by_hand, "display_name")
    assert line["display_name"] == "By hand"


def test_invoice_never_sent_is_found(month):
    invoice = month.make(300)
    kind, message = month.compare()[month.name(invoice)]

    assert kind == "not_sent"
    assert "Press Send to Exact" in message


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


def test_limit_of_calls_is_waited_for_and_nothing_is_lost(month):
    books = month.books
    books.control.settings(page_size=1, minute_limit=0)
    odoo = books.odoo
    proof = odoo.create(
        "exact.proof",
        company_id=books.company,
        date_from=f"{month.month}-01",
        date_to=f"{month.month}-28",
    )
    odoo.call("exact.proof", "action_compare", [proof])

    def read():
        names = ("state", "equal_count", "fetched_count", "problem")
        return odoo.find("exact.proof", [("id", "=", proof)], *names)[0]

    assert read()["state"] == "fetching"
    books.control.settings(page_size=60, minute_limit=10_000)
    books.sql("UPDATE exact_connection SET paused_until = NULL, budget = NULL")
    cron = odoo.ref("comanage_exact", "ir_cron_exact_proof")
    odoo.call("ir.cron", "method_direct_trigger", [cron])
    assert (read()["state"], read()["equal_count"]) == ("done", 2)
