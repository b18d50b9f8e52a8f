"""Historical invoices: what booking them costs, and which Exact Online has already."""

import math
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tools import split_every

from ..booking import comparison
from ..exact_api import bodies, odata, resources
from ..exact_api.const import CALLS_PER_DAY, CALLS_PER_MINUTE
from ..exact_api.exceptions import ExactError
from ..mappers.sales_entry import SalesEntryMapper
from . import comparison_messages, messages
from .connection import open_client

# 60 entries each; of the 40 calls a minute that are not reserved for invoices, so that
# one more look has some.
MAX_PAGES = 30
PAGE = 60
# As many invoices as entries: what a person may wait for, and a day of calls.
MAX_INVOICES = MAX_PAGES * PAGE
# Who books manually may do so some days later, or with a day of the month before. More
# would leave busy companies no day that can be scanned.
AROUND = timedelta(days=7)
# Invoices that are in memory at once.
BATCH = 200
YEAR = "ReportingYear"
# Document and attachment.
CALLS_OF_A_PDF = 2


def duration_text(env, calls):
    """Return how long Exact Online's limits make so many calls last."""
    if calls > CALLS_PER_DAY:
        return messages.say(
            env, comparison_messages.DAYS, days=math.ceil(calls / CALLS_PER_DAY)
        )
    minutes = math.ceil(calls / CALLS_PER_MINUTE)
    return messages.say(env, comparison_messages.MINUTES, minutes=minutes)


class HistoricalInvoices:
    """The confirmed invoices of some days and journals that were never sent.

    :param res.company company: of the invoices, as superuser.
    :param date date_from, date_to: first and last day.
    :param account.journal journals: empty for all sales journals.
    """

    def __init__(self, company, date_from, date_to, journals):
        self.company = company
        self.env = company.env
        self.owner = company.sudo().exact_owner_id
        self.date_from = date_from
        self.date_to = date_to
        self.journals = journals

    def batches(self):
        """Yield the invoices by day, some at a time.

        Ten thousand would not fit into memory.

        :raise UserError: they are more than a day of calls can book.
        """
        found = self.env["account.move"].search(
            self._get_domain(), order="invoice_date, id"
        )
        if len(found) > MAX_INVOICES:
            raise UserError(
                messages.say(
                    self.env,
                    comparison_messages.TOO_MANY_INVOICES,
                    count=len(found),
                    limit=MAX_INVOICES,
                )
            )
        moves = found.with_company(self.owner)
        for ids in split_every(BATCH, found.ids):
            # Not what somebody switched off.
            yield moves.browse(ids).filtered(
                lambda move: not move._exact_is_manual_only()
            )
            self.env.invalidate_all()

    def _get_domain(self):
        domain = [
            ("company_id", "=", self.company.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.date_from),
            ("invoice_date", "<=", self.date_to),
            "|",
            ("exact_outbox_id", "=", False),
            ("exact_state", "=", "cancelled"),
        ]
        if self.journals:
            domain.append(("journal_id", "in", self.journals.ids))
        return domain

    # === COUNTING === #

    def count(self):
        """Return how many invoices there are, and what booking them costs.

        Makes no call.

        :return: dict of the figures, by the names of the wizard's fields.
        """
        total = problems = pdfs = 0
        new = set()
        for moves in self.batches():
            mappers = [SalesEntryMapper(move) for move in moves]
            ready = [mapper for mapper in mappers if not mapper.problems()]
            total += len(mappers)
            problems += len(mappers) - len(ready)
            new |= {
                mapper.move.commercial_partner_id.id
                for mapper in ready
                if not mapper.customer
            }
            if self.owner.exact_send_pdf:
                sent = moves.browse(mapper.move.id for mapper in ready)
                pdfs += len(sent.invoice_pdf_report_id)
        calls = total - problems + len(new) + CALLS_OF_A_PDF * pdfs
        return {
            "invoice_count": total,
            "problem_count": problems,
            "customer_count": len(new),
            "pdf_count": pdfs,
            "call_count": calls,
            "duration": duration_text(self.env, calls),
            "scan_call_count": min(total // PAGE + 1, MAX_PAGES),
        }

    # === DUPLICATES === #

    def find_duplicates(self):
        """Look in Exact Online for entries that are these invoices already.

        :return: (values of a line for each invoice that seems to be there, ids of all
            invoices that were compared).
        :raise UserError: Exact Online cannot be read, or has too many entries.
        """
        self.owner._exact_check_ready()
        codes = self._get_journal_codes()
        try:
            with open_client(self.owner.exact_connection_id) as client:
                rows = self._read_entries(client, codes)
        except ExactError as err:
            raise UserError(messages.explain_button(self.owner, err)) from err
        entries = UnbookedEntries(self.owner, rows)
        lines, compared = [], []
        for moves in self.batches():
            compared += moves.ids
            lines += filter(None, map(entries.compare, moves))
        return lines, compared

    def _get_journal_codes(self):
        """Return the journals in Exact Online that these invoices are booked in.

        :raise UserError: something is missing without which nothing can be compared.
        """
        codes, problems = set(), set()
        for moves in self.batches():
            for move in moves:
                mapper = SalesEntryMapper(move)
                found = mapper.company_problems()
                problems.update(messages.problem_texts(move.env, found))
                codes.add(mapper.journal.code)
        if problems:
            raise UserError("\n".join(sorted(problems)))
        return codes

    def _read_entries(self, client, codes):
        """Return the entries of these journals in Exact, of these days and around."""
        if not codes:
            return []
        conditions = resources.entries_between(
            self.date_from - AROUND, self.date_to + AROUND, codes
        )
        rows, next_url, pages = [], None, 0
        while not pages or next_url:
            if pages == MAX_PAGES:
                raise UserError(
                    messages.say(
                        self.env,
                        comparison_messages.TOO_MANY_ENTRIES,
                        count=pages * PAGE,
                    )
                )
            page, next_url = client.get_page(
                resources.ENTRIES,
                next_url,
                select=resources.HEADER,
                filter=conditions,
            )
            rows += page
            pages += 1
        return rows


class UnbookedEntries:
    """Entries of Exact Online that Odoo has not as the booking of an invoice.

    :param res.company owner: with the connection, as superuser.
    :param list rows: of SalesEntries, selected by `resources.HEADER`.
    """

    def __init__(self, owner, rows):
        booked = owner.env["exact.outbox"].search(
            [
                ("exact_guid", "in", [row["EntryID"] for row in rows]),
                ("company_id", "in", owner._exact_get_members().ids),
            ]
        )
        guids = set(booked.mapped("exact_guid"))
        rows = [row for row in rows if row["EntryID"] not in guids]
        self._by_reference = {(row["YourRef"] or "").strip(): row for row in rows}
        self._by_number = {
            (row["Journal"].strip(), str(row["EntryNumber"]), row.get(YEAR)): row
            for row in rows
        }

    def compare(self, move):
        """Return the values of a line for an invoice that seems to be here.

        :return: None where no entry has its reference or its number.
        """
        mapper = SalesEntryMapper(move)
        row = self._by_reference.get(bodies.text(move.name, "your_ref"))
        is_named = bool(row)
        if not row:
            number = (mapper.journal.code, mapper.likely_number)
            # Exact counts anew each year.
            row = self._by_number.get((*number, mapper.financial_year))
            row = row or self._by_number.get((*number, None))
        if not row:
            return None
        entry, customer = comparison.read_header(row), move.commercial_partner_id
        found = mapper.differences_from_manual(row)
        return {
            "move_id": move.id,
            "number": entry.number,
            "reference": entry.reference or "",
            "customer": row.get("CustomerName"),
            "is_sure": is_named and not found,
            "difference": messages.differences_text(move.env, found, customer),
            "entry": odata.to_json(row),
        }
