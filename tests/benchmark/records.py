"""Reading 20,000 accounts of Exact, and proving a month of 5,000 invoices."""

import time
import uuid
from datetime import datetime

from dev.console import say
from tests.simulator import serve

from .figures import Figure
from .lists import _connect

ACCOUNTS = "crm/Accounts"
ENTRIES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"
MAX_DIRECTORY_CALLS = 25
# Under 100.
MAX_PROOF_CALLS = 99
MAX_PROOF_SECONDS = 60
# A day on which the benchmark makes no other invoice.
DAY = "2026-01-15"


def measure(database, size):
    """Return the figures of the directory and of the comparison."""
    with serve(minute_limit=10**6, day_limit=10**6, contract_limit=None) as simulator:
        division = _connect(database, simulator)
        return [
            *_measure_directory(database, simulator, division, size),
            *_measure_proof(database, simulator, division, size),
        ]


# === DIRECTORY === #


def _measure_directory(database, simulator, division, size):
    say(f"Reading {size.accounts:,} accounts of Exact")
    for number in range(size.accounts):
        row = {"Code": str(900_000 + number), "Name": f"Customer {number}"}
        row.update(Status="C", Country="BE", VATNumber=f"BE{number:010}")
        simulator.state.insert(division, ACCOUNTS, row)
    seconds, calls, again = [], [], []
    for _sample in range(size.samples):
        database.sql("DELETE FROM exact_account")
        database.sql("DELETE FROM exact_directory")
        first = _read(database, simulator)
        seconds.append(first[0])
        calls.append(first[1])
        again.append(_read(database, simulator)[1])
    what = f"{size.accounts:,} accounts"
    return [
        Figure(f"First reading of {what}", "s", tuple(seconds)),
        Figure(
            f"Calls of a first reading of {what}",
            "",
            tuple(calls),
            at_most=MAX_DIRECTORY_CALLS,
        ),
        Figure("Calls of a further reading", "", tuple(again), at_most=1),
    ]


def _read(database, simulator):
    """Read what is new among the accounts; return seconds and calls."""
    # Importable only once there is a database.
    from odoo.addons.comanage_exact.sync.connection import open_client
    from odoo.addons.comanage_exact.sync.directory import Directory, get_directory

    _open(database)
    database.sql("UPDATE exact_directory SET refreshed_at = NULL")
    before = len(simulator.control.calls())
    started = time.perf_counter()
    with database.env() as env:
        company = env.company.sudo()
        with open_client(company.exact_connection_id) as client:
            Directory(get_directory(company), client).refresh()
    return time.perf_counter() - started, len(simulator.control.calls()) - before


def _open(database):
    database.sql("DELETE FROM exact_budget")
    database.sql("UPDATE exact_connection SET paused_until = NULL")


# === PROOF === #


def _measure_proof(database, simulator, division, size):
    # Only an environment has loaded the add-on.
    from odoo.addons.comanage_exact.sync.comparison import ComparisonRun

    say(f"Proving a month of {size.proven:,} invoices")
    _book(database, simulator.state, division, size.proven)
    seconds, calls = [], []
    for _sample in range(size.samples):
        _open(database)
        before = len(simulator.control.calls())
        started = time.perf_counter()
        with database.env() as env:
            comparison = env["exact.comparison"].create(
                {"date_from": DAY, "date_to": DAY}
            )
            comparison.sudo()._reset("fetching")
            ComparisonRun(comparison.sudo()).run()
            assert comparison.equal_count == size.proven, comparison.problem
        seconds.append(time.perf_counter() - started)
        calls.append(len(simulator.control.calls()) - before)
    what = f"{size.proven:,} invoices"
    return [
        Figure(f"Proof of {what}", "s", tuple(seconds), at_most=MAX_PROOF_SECONDS),
        Figure(
            f"Calls of a comparison of {what}",
            "",
            tuple(calls),
            at_most=MAX_PROOF_CALLS,
        ),
    ]


def _book(database, state, division, count):
    """Let Exact have so many of the copied invoices, on a day of their own."""
    database.sql(
        "UPDATE account_move SET invoice_date = %s WHERE id IN ("
        " SELECT move_id FROM exact_outbox WHERE state = 'held'"
        " ORDER BY move_id LIMIT %s)",
        DAY,
        count,
    )
    database.sql(
        "UPDATE exact_outbox o SET state = 'sent', exact_number = m.id::text,"
        " exact_guid = gen_random_uuid()::text"
        " FROM account_move m WHERE m.id = o.move_id AND m.invoice_date = %s",
        DAY,
    )
    # Importable only once there is a database.
    from odoo.addons.comanage_exact.mappers.sales_entry import SalesEntryMapper

    with database.env() as env:
        rows = env["exact.outbox"].sudo().search([("move_id.invoice_date", "=", DAY)])
        booking = SalesEntryMapper(rows[0].with_company(env.company).move_id).booked()
        gone = len(rows) - count
        assert not gone, f"{gone} invoices too few to measure the comparison"
        for row in rows:
            _insert(state, division, booking, row)


def _insert(state, division, booking, outbox):
    """Store in the simulator what the push would have sent."""
    entry = {
        "EntryID": outbox.exact_guid,
        "EntryNumber": int(outbox.exact_number),
        "EntryDate": datetime.fromisoformat(DAY),
        "Journal": booking.journal,
        "YourRef": outbox.move_id.name,
        "Customer": booking.customer,
        "CustomerName": "Known to Exact",
        "Currency": booking.currency,
        "AmountFC": booking.total,
        "AmountDC": booking.total_dc,
        "VATAmountDC": booking.vat_dc,
    }
    state.insert(division, ENTRIES, entry)
    for number, (code, base, vat) in enumerate(booking.by_code, start=1):
        line = {
            "ID": str(uuid.uuid4()),
            "EntryID": outbox.exact_guid,
            "LineNumber": number,
            "VATCode": code,
            "AmountFC": base,
            "VATAmountFC": vat,
        }
        state.insert(division, LINES, line)
