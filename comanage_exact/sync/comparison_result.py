"""The result of a comparison, once all entries of its period are read."""

from dataclasses import replace
from functools import cached_property

from odoo import fields

from ..booking import comparison, comparison_totals
from ..booking.comparison_totals import EXACT, ODOO
from ..exact_api import bodies
from ..mappers.period import PeriodMapper
from ..mappers.sales_entry import SalesEntryMapper
from . import comparison_messages, messages
from .comparison_findings import ComparisonFindings
from .comparison_summary import ComparisonSummary
from .comparison_tables import ComparisonTables
from .left_out import LeftOut
from .other_journals import take_others

# Invoices that are read together.
BATCH = 200


class ComparedInvoices:
    """Odoo's side of a comparison: the invoices of its period and their bookings.

    :param exact.comparison record: as superuser.
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env

    @cached_property
    def own_domain(self):
        """All invoices of the company and of those that book with its connection."""
        return [
            ("company_id", "in", self.member_ids),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]

    @cached_property
    def member_ids(self):
        return self.record.company_id._exact_get_members().ids

    @cached_property
    def domain(self):
        return [
            *self.own_domain,
            ("state", "=", "posted"),
            # As Odoo's ledger and VAT return have them.
            ("date", ">=", self.record.date_from),
            ("date", "<=", self.record.date_to),
        ]

    @cached_property
    def calendar(self):
        """The financial periods of the division, as FinancialCalendar."""
        return PeriodMapper(self.record.company_id).calendar

    def has_day(self, day):
        """Tell whether a day is one of the period."""
        return self.record.date_from <= day <= self.record.date_to

    def has_in_period(self, entry):
        """Tell whether Exact's ledger has an entry within the period.

        :param comparison.Booking entry: which may have been read for its day alone.
        """
        days = self.calendar.days(entry.day, entry.year, entry.period)
        if not days:
            return True
        return days[0] <= self.record.date_to and days[1] >= self.record.date_from

    @cached_property
    def booked_domain(self):
        return [("state", "=", "sent"), ("move_id", "any", self.domain)]

    def are_more_than(self, count):
        limit = count + 1
        return self.env["account.move"].search_count(self.domain, limit=limit) == limit

    def get_booked_guids(self):
        booked = self.env["exact.outbox"].search(self.booked_domain, order="id")
        return booked.mapped("exact_guid")

    def get_booked_journals(self):
        """Return the codes of the journals that the bookings are in."""
        booked = self.env["exact.outbox"]._read_group(
            self.booked_domain, ["exact_journal"]
        )
        return [code for (code,) in booked if code]

    def find_booked(self, entries):
        """Return {GUID: invoice} of the entries that Odoo has as its bookings."""
        booked = self.env["exact.outbox"].search(
            [
                ("exact_guid", "in", [entry.key for entry in entries]),
                ("state", "=", "sent"),
                ("company_id", "in", self.member_ids),
            ]
        )
        return {outbox.exact_guid: outbox.move_id for outbox in booked}

    def get_moves(self, booked):
        """Return the invoices of the period, and others whose entries are in it.

        :param dict booked: see `find_booked`.
        """
        moves = self.env["account.move"].search(self.domain, order="date, id")
        moves = moves.union(*booked.values())
        return moves.with_company(self.record.company_id).filtered(
            lambda move: move.state == "posted"
        )

    def find_by_reference(self, entries):
        """Return {name: invoice} of the invoices that entries have as reference."""
        names = [entry.reference for entry in entries if entry.reference]
        moves = self.env["account.move"].search(
            [*self.own_domain, ("state", "=", "posted"), ("name", "in", names)]
        )
        return {move.name: move for move in moves}


class ComparisonResult:
    """Compares every invoice of the period with its entry, and adds both sides up.

    :param exact.comparison record: as superuser, with all entries read.
    """

    def __init__(self, record):
        self.record = record
        self.env = record.env
        self.invoices = ComparedInvoices(record)
        rows = record.line_ids.mapped("entry")
        self.entries = [comparison.read_entry(row, is_complete=True) for row in rows]
        self.names = {row["EntryID"]: row.get("CustomerName") or "" for row in rows}
        self.booked = self.invoices.find_booked(self.entries)
        self.matcher = comparison.Matcher(self.entries, set(self.booked))
        self.moves = self.invoices.get_moves(
            {
                entry.key: self.booked[entry.key]
                for entry in self.entries
                if entry.key in self.booked and self.invoices.has_in_period(entry)
            }
        )
        self.totals = comparison_totals.Totals(
            record.company_id.currency_id.name, self.invoices.calendar
        )
        self.summary = ComparisonSummary(record)
        self.findings = ComparisonFindings(self.env)
        self.left_out = LeftOut(record.company_id)
        self.currency_ids = self._get_currency_ids()
        self.lines = []

    def store(self):
        """Replace the entries that were read by lines and totals."""
        self.record.line_ids.unlink()
        self._compare_invoices()
        self._compare_remaining()
        self.env["exact.comparison.line"].create(self.lines)
        self.summary.store()
        ComparisonTables(self.record, self.totals, self.currency_ids).store()
        self.record.write({"state": "done", "compared_at": fields.Datetime.now()})

    def _get_currency_ids(self):
        """Return {code: id} of all currencies on either side, also archived ones."""
        codes = {entry.currency for entry in self.entries} | {
            currency.name
            for currency in self.moves.currency_id | self.record.company_id.currency_id
        }
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", list(codes))])
        return {currency.name: currency.id for currency in found}

    def _compare_invoices(self):
        for start in range(0, len(self.moves), BATCH):
            batch = self.moves[start : start + BATCH]
            # Odoo itself would read these for each invoice alone.
            batch.line_ids.fetch(["tax_ids", "tax_tag_ids"])
            for move in batch:
                self._compare_invoice(move)
            self.findings.store()
            # Thousands of invoices would fill the memory.
            self.env.flush_all()
            self.env.invalidate_all()

    def _compare_invoice(self, move):
        mapper = SalesEntryMapper(move)
        ours = mapper.booked()
        theirs = self.matcher.pop(ours)
        found = self._find_differences(ours, theirs)
        kind, message = self._judge(move, ours, theirs, found)
        if kind in ("equal", "rounding") and mapper.chosen_period:
            # Somebody wanted it so, and yet the totals of both periods differ.
            kind, message = "different", self._chosen_text(mapper)
        self.lines.append(
            {
                **self._prepare_columns(theirs or ours),
                "kind": kind,
                "message": message,
                "move_id": move.id,
                "reference": move.name,
                "customer": move.commercial_partner_id.name,
                "odoo_total": ours.total,
                "exact_total": theirs.total if theirs else 0,
                "rounding": comparison.rounding_of(found) if kind == "rounding" else 0,
            }
        )
        if ours.key:
            self.findings.add(move.exact_outbox_id, kind, message, ours, theirs, found)
        if kind in ("equal", "rounding"):
            self.summary.note_compared(ours, theirs)
        self._add_up(kind, move, ours, theirs)

    def _add_up(self, kind, move, ours, theirs):
        """Add an invoice and its entry, if it has one, to all sums."""
        if theirs:
            ours = comparison.limit_to(ours, theirs)
        self.totals.add(ours, ODOO)
        if theirs:
            self.totals.add(theirs, EXACT)
        if kind == "rounding":
            self.totals.accept(ours, theirs)
        self.summary.add(
            kind,
            ours if self.invoices.has_day(move.date) else None,
            theirs if theirs and self.invoices.has_in_period(theirs) else None,
        )

    @staticmethod
    def _find_differences(ours, theirs):
        """Return how an invoice differs from its entry; nothing if it has none."""
        if not theirs:
            return []
        # People may write a text of their own there.
        return comparison.differences(replace(ours, reference=None), theirs)

    def _judge(self, move, ours, theirs, found):
        """Return how an invoice and its entry compare: kind and sentence."""
        if not ours.key and not found and (reason := self.left_out.explain(move)):
            sentences = [reason]
            if theirs:
                sentences.append(self._say("by_hand", move, theirs))
            return "left_out", "\n".join(sentences)
        if not theirs:
            if ours.key:
                return "missing_exact", self._say("missing_exact", move)
            outbox = move.exact_outbox_id
            return "not_sent", comparison_messages.not_sent_text(self.env, outbox)
        kind = self._judge_amounts(move, ours, theirs, found)
        customer = move.commercial_partner_id
        sentences = [messages.differences_text(self.env, found, customer)]
        if theirs.key != ours.key:
            if ours.key:
                sentences.insert(0, self._say("replaced", move, theirs))
            else:
                kind = "different"
                sentences.insert(0, self._not_linked_text(move, theirs))
        elif move.exact_outbox_id.is_renamed and not self._is_reference_corrected(
            move, theirs
        ):
            kind = "different"
            sentences.insert(0, self._say("renamed", move, theirs))
        if kind == "incomplete":
            sentences.append(self._incomplete_text(theirs))
        return kind, "\n".join(filter(None, sentences)) or False

    @staticmethod
    def _judge_amounts(move, ours, theirs, found):
        limit = move.exact_outbox_id._get_rounding_limit()
        if found and not comparison.is_rounding(found, limit, ours):
            return "different"
        if comparison.unreturned_amounts(theirs):
            return "incomplete"
        return "rounding" if found else "equal"

    def _incomplete_text(self, theirs):
        names = comparison.unreturned_amounts(theirs)
        return messages.say(
            self.env,
            comparison_messages.INCOMPLETE,
            number=theirs.number or theirs.key,
            names=comparison_messages.field_names(self.env, names),
        )

    @staticmethod
    def _is_reference_corrected(move, theirs):
        """Tell whether Exact has the new number of an invoice; note it if so."""
        if not theirs.reference or theirs.reference != bodies.text(
            move.name, "your_ref"
        ):
            return False
        move.exact_outbox_id._forget_rename()
        return True

    def _chosen_text(self, mapper):
        own = mapper.periods.find(mapper.accounting_date)
        return messages.say(
            self.env,
            comparison_messages.CHOSEN_PERIOD,
            name=mapper.move.name,
            period=mapper.chosen_period.code,
            own=own.code or messages.shown(self.env, mapper.accounting_date),
        )

    def _compare_remaining(self):
        """Compare the entries that no invoice was found for."""
        remaining = [
            entry
            for entry in self.matcher.remaining()
            if self.invoices.has_in_period(entry)
        ]
        by_reference = self.invoices.find_by_reference(remaining)
        known = {
            entry.key
            for entry in remaining
            if entry.key in self.booked or entry.reference in by_reference
        }
        remaining = take_others(self.invoices, remaining, known)
        for theirs in remaining:
            move = self.booked.get(theirs.key) or by_reference.get(theirs.reference)
            kind, message = self._judge_remaining(theirs, move)
            self.lines.append(
                {
                    **self._prepare_columns(theirs),
                    "kind": kind,
                    "message": message,
                    "move_id": move and move.id,
                    "reference": theirs.reference,
                    "customer": self.names.get(theirs.key),
                    "exact_total": theirs.total,
                }
            )
            self.totals.add(theirs, EXACT)
            self.summary.add(kind, None, theirs)

    def _judge_remaining(self, theirs, move):
        """Return what an entry is that no invoice was found for: kind and sentence.

        :param account.move move: that Odoo booked as this entry and that is no longer
            confirmed, or that the entry has as its reference; None if none.
        """
        if not move:
            text = comparison_messages.COMPARISON_RESULTS["foreign"]
            return "missing_odoo", messages.say(self.env, text, number=theirs.number)
        if move.state != "posted":
            return "missing_odoo", self._say("unposted", move, theirs)
        if move.exact_outbox_id.state == "sent":
            return "duplicate", self._say("duplicate", move, theirs)
        return "missing_odoo", self._not_linked_text(move, theirs)

    def _not_linked_text(self, move, theirs):
        is_sending = move.exact_outbox_id.state in ("sending", "unconfirmed")
        return self._say("sending" if is_sending else "not_linked", move, theirs)

    def _say(self, kind, move, theirs=None):
        return messages.say(
            self.env,
            comparison_messages.COMPARISON_RESULTS[kind],
            # Of a draft also its customer: it may have no number.
            name=move.name if move.state == "posted" else move.display_name,
            own=move.exact_number,
            old_name=move.exact_outbox_id.booked_name,
            old=move.exact_number,
            number=theirs.number if theirs else move.exact_number,
        )

    def _prepare_columns(self, booking):
        return {
            "comparison_id": self.record.id,
            "exact_guid": booking.key,
            "number": booking.number,
            "journal": booking.journal,
            "entry_date": booking.day,
            "period": booking.period_code,
            "currency_id": self.currency_ids.get(booking.currency),
        }
