"""Looking in Exact Online for entries that are historical invoices already."""

import math
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote_plus

from odoo.exceptions import UserError

from ..booking import comparison, duplicates
from ..booking.problem import Amount
from ..exact_api import bodies, odata, resources
from ..exact_api.exceptions import ExactError
from ..mappers.sales_entry import SalesEntryMapper
from . import comparison_messages, historical_messages, messages
from .connection import open_client

# 60 entries each. With the look-ups by reference they stay inside the 40 calls a minute
# that are not reserved for invoices, so that one more call has room.
MAX_PAGES = 20
PAGE = 60
# Who books manually may do so some days later, or with a day of the month before. Were
# these all, busy companies would have no day that can be scanned.
AROUND = timedelta(days=7)
# Read as well while there are pages left, for entries with another reference; those
# with the own one are looked up on any day.
FAR_AROUND = timedelta(days=31)
# The longest filter of a look-up, as it is sent: Exact takes addresses of 6,000.
MAX_FILTER = 4500
# References of usual length that fit into one.
LOOKED_UP = 100
# Invoices that are not to be booked now, but explain an entry.
MAX_OTHERS = 5000
SHOWN_NUMBERS = 5


def expected_calls(count):
    """Return how many calls a search for duplicates of so many invoices makes."""
    pages = min(math.ceil(count / PAGE) + 1, MAX_PAGES)
    return pages + math.ceil(count / LOOKED_UP)


class DuplicateSearch:
    """Finds the entries of Exact Online that invoices may be, by whatever they share.

    :param HistoricalInvoices selection: the invoices that somebody wants to book.

    After `run`, `lines` has the values of a line for each invoice that may be there,
    `compared` the ids of all invoices, `unexplained` the entries of the same days that
    no invoice explains, as duplicates.Entry.
    """

    def __init__(self, selection):
        self.selection = selection
        self.env = selection.env
        self.owner = selection.owner
        self.lines, self.compared, self.unexplained = [], [], []
        self._rows = {}

    def run(self):
        """Read the entries of all sales journals, and compare them with the invoices.

        :raise UserError: Exact Online cannot be read, or has too many entries.
        """
        self.owner._exact_check_ready()
        invoices = self._read_invoices()
        self.compared = [invoice.key for invoice in invoices]
        if not invoices:
            return
        others = self._read_others()
        try:
            with open_client(self.owner.exact_connection_id) as client:
                self._read_entries(client)
                self._look_up(client, self._get_missing(invoices))
        except ExactError as err:
            raise UserError(messages.explain_button(self.owner, err)) from err
        found = duplicates.DuplicateFinder([*invoices, *others], self._get_entries())
        self.unexplained = [
            entry for entry in found.remaining if self._is_within(entry.booking.day)
        ]
        self._prepare_lines(found.matches)

    # === INVOICES === #

    def _read_invoices(self):
        """Return what is known of each invoice of the selection.

        :raise UserError: something is missing without which nothing can be compared.
        """
        invoices, problems = [], set()
        for moves in self.selection.batches():
            for move in moves:
                mapper = SalesEntryMapper(move)
                found = mapper.company_problems()
                problems.update(messages.problem_texts(move.env, found))
                invoices.append(
                    self._read_invoice(
                        move,
                        customer=mapper.customer,
                        journal=mapper.journal.code or "",
                        number=mapper.likely_number,
                        year=mapper.financial_year,
                    )
                )
        if problems:
            raise UserError("\n".join(sorted(problems)))
        return invoices

    def _read_others(self):
        """Return the other invoices around without a booking; they explain entries."""
        moves = self.env["account.move"].search(
            [
                ("company_id", "in", self.owner._exact_get_members().ids),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
                ("invoice_date", ">=", self.selection.date_from - FAR_AROUND),
                ("invoice_date", "<=", self.selection.date_to + FAR_AROUND),
                ("id", "not in", self.compared),
                "|",
                ("exact_outbox_id", "=", False),
                ("exact_state", "!=", "sent"),
            ],
            order="invoice_date, id",
            limit=MAX_OTHERS,
        )
        return [self._read_invoice(move) for move in moves.with_company(self.owner)]

    @staticmethod
    def _read_invoice(move, **values):
        partner, currency = move.commercial_partner_id, move.currency_id
        total = move.amount_total_in_currency_signed
        return duplicates.Invoice(
            **{
                "key": move.id,
                "reference": bodies.text(move.name, "your_ref"),
                "order": bodies.text(move.ref, "your_ref"),
                "total": Decimal(f"{total:.{currency.decimal_places}f}"),
                "currency": currency.name,
                "day": move.invoice_date,
                "customer": partner.exact_guid or "",
                "customer_name": partner.name or "",
                **values,
            }
        )

    # === ENTRIES === #

    def _read_entries(self, client):
        """Read the entries of these days and around, in all sales journals.

        :raise UserError: there are too many even of the days close by.
        """
        first, last = self.selection.date_from, self.selection.date_to
        near = resources.entries_between(first - AROUND, last + AROUND)
        day = timedelta(days=1)
        before = resources.entries_between(first - FAR_AROUND, first - AROUND - day)
        after = resources.entries_between(last + AROUND + day, last + FAR_AROUND)
        left = self._read_pages(client, near, MAX_PAGES)
        if left is None:
            raise UserError(
                messages.say(
                    self.env,
                    comparison_messages.TOO_MANY_ENTRIES,
                    count=MAX_PAGES * PAGE,
                )
            )
        if left:
            self._read_pages(client, f"({before}) or ({after})", left)

    def _read_pages(self, client, conditions, limit):
        """Read the entries that a filter finds.

        :return: how many pages are left of the limit; None if it was not enough.
        """
        next_url, pages = None, 0
        while not pages or next_url:
            if pages == limit:
                return None
            rows, next_url = client.get_page(
                resources.ENTRIES,
                next_url,
                select=resources.HEADER,
                filter=conditions,
            )
            self._rows.update({row["EntryID"]: row for row in rows})
            pages += 1
        return limit - pages

    def _get_missing(self, invoices):
        """Return the references that no entry read so far has."""
        found = {
            duplicates.reference_key(row.get("YourRef")) for row in self._rows.values()
        }
        return [
            invoice.reference
            for invoice in invoices
            if duplicates.reference_key(invoice.reference) not in found
        ]

    def _look_up(self, client, references):
        """Read the entries of any day that have one of these references."""
        for conditions in _split(
            f"YourRef eq {odata.quoted(one)}" for one in references
        ):
            self._read_pages(client, conditions, MAX_PAGES)

    def _get_entries(self):
        """Return the entries that are not the bookings of invoices."""
        booked = self.env["exact.outbox"].search(
            [
                ("exact_guid", "in", list(self._rows)),
                ("company_id", "in", self.owner._exact_get_members().ids),
            ]
        )
        for guid in booked.mapped("exact_guid"):
            del self._rows[guid]
        return [
            duplicates.Entry(comparison.read_header(row), row.get("CustomerName") or "")
            for row in self._rows.values()
        ]

    def _is_within(self, day):
        return bool(day) and self.selection.date_from <= day <= self.selection.date_to

    # === RESULT === #

    def _prepare_lines(self, matches):
        by_move = {match.invoice.key: match for match in matches}
        for moves in self.selection.batches():
            self.lines += [
                self._prepare_line(move, by_move[move.id])
                for move in moves
                if move.id in by_move
            ]

    def _prepare_line(self, move, match):
        entry = match.entry.booking
        row, customer = self._rows[entry.key], move.commercial_partner_id
        found = SalesEntryMapper(move).differences_from_manual(row)
        is_sure = match.reason == "reference" and not found
        return {
            "move_id": move.id,
            "number": entry.number,
            "journal": entry.journal,
            "entry_date": entry.day,
            "reference": entry.reference or "",
            "customer": match.entry.customer_name,
            "reason": match.reason,
            "is_sure": is_sure,
            "decision": "link" if is_sure else "leave",
            "difference": messages.differences_text(move.env, found, customer),
            "entry": odata.to_json(row),
        }

    def explain(self):
        """Return how many entries no invoice explains, by journal; '' if none."""
        entries = [entry.booking for entry in self.unexplained]
        return "\n".join(unexplained_texts(self.env, entries))


def unexplained_texts(env, entries):
    """Return a sentence about the entries of each journal and currency.

    :param list entries: of comparison.Booking, that no invoice explains.
    """
    groups = defaultdict(list)
    for entry in entries:
        groups[entry.journal or "", entry.currency or ""].append(entry)
    return [
        _unexplained_text(env, journal, currency, groups[journal, currency])
        for journal, currency in sorted(groups)
    ]


def _unexplained_text(env, journal, currency, entries):
    total = sum((entry.total or Decimal() for entry in entries), Decimal())
    numbers = ", ".join(entry.number or "" for entry in entries[:SHOWN_NUMBERS])
    if len(entries) > SHOWN_NUMBERS:
        numbers = messages.say(env, historical_messages.AND_OTHERS, numbers=numbers)
    return historical_messages.counted(
        env,
        historical_messages.UNEXPLAINED,
        len(entries),
        journal=journal,
        total=messages.shown(env, Amount(total, currency)),
        examples=numbers,
    )


def _split(conditions):
    """Join conditions to filters that are short enough to be sent."""
    joined, length = [], 0
    for condition in conditions:
        size = len(quote_plus(f" or {condition}"))
        if joined and length + size > MAX_FILTER:
            yield " or ".join(joined)
            joined, length = [], 0
        joined.append(condition)
        length += size
    if joined:
        yield " or ".join(joined)
