"""The entry number of an invoice, and of all invoices of a company together."""

from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..booking import number_format
from ..booking.entry_number import (
    NoDigits,
    NumberFormat,
    NumberSource,
    read_year,
    sequence_digits,
)
from ..booking.number_format import CREDIT, DEBIT, INVOICE, Document, Formats, Group
from .period import PeriodMapper

# Of the last invoices, which the formats must number without a clash.
CLASHES = 1000
# The field of company and journal with the prefix of each kind.
PREFIXES = {
    INVOICE: "exact_number_prefix",
    CREDIT: "exact_credit_note_prefix",
    DEBIT: "exact_debit_note_prefix",
}
SUFFIX = "exact_number_suffix"


def read_format(kind, company, journal=None):
    """Return the format of a kind: what the journal leaves empty is the company's.

    :param company, journal: records or forms with these fields.
    """
    prefix, suffix = PREFIXES[kind], SUFFIX
    own = journal or {prefix: False, suffix: False}
    return NumberFormat(
        own[prefix] or company[prefix] or "", own[suffix] or company[suffix] or ""
    )


def read_taken(company, taken):
    """Return an entry that has a number which an invoice would get, as Documents.

    :param dict taken: of `sync.readiness`, found in the year of the newest invoice.
    """
    if not taken:
        return []
    newest = NumberingMapper(company).find_moves(1)
    day = newest.date or fields.Date.context_today(company)
    place = (taken["journal"], PeriodMapper(company).calendar.year_of(day))
    return [Document(taken["reference"], place, fixed=taken["number"])]


class EntryNumberMapper:
    """Reads what the entry number of an invoice is made of.

    :param account.move move: a single one.
    :param form: the company with a format that is not saved yet; the saved one if
        None.
    :param journal: the same for the Odoo journal.
    """

    def __init__(self, move, form=None, journal=None):
        self.move = move
        self.company = form or move.company_id.sudo().exact_owner_id
        self.odoo_journal = journal or move.journal_id.sudo()

    @cached_property
    def journal(self):
        """The journal in Exact Online: that of the Odoo journal comes first."""
        if self.move.move_type != "out_refund":
            return self.invoice_journal
        journal, company = self.odoo_journal, self.company
        # A journal that has its own for invoices keeps its credit notes there.
        own = journal.exact_credit_journal_id or journal.exact_journal_id
        return own or company.exact_credit_journal_id or company.exact_journal_id

    @cached_property
    def invoice_journal(self):
        return self.odoo_journal.exact_journal_id or self.company.exact_journal_id

    @cached_property
    def kind(self):
        """Which format numbers it: that of invoices where it shares their numbers."""
        move, journal = self.move, self.odoo_journal
        if move.move_type == "out_refund":
            # Invoice 1 and credit note 1 would get the same number, for Exact numbers
            # each journal on its own.
            is_shared = self.journal == self.invoice_journal
            has_own = bool(journal[PREFIXES[CREDIT]])
            is_credit = journal.refund_sequence and (is_shared or has_own)
            return CREDIT if is_credit else INVOICE
        # The module with debit notes need not be installed.
        if "debit_origin_id" in move._fields and "debit_sequence" in journal._fields:
            if move.debit_origin_id and journal.debit_sequence:
                return DEBIT
        return INVOICE

    @cached_property
    def format(self):
        return read_format(self.kind, self.company, self.odoo_journal)

    @cached_property
    def source(self):
        """The NumberSource of this invoice.

        :raise NoDigits: its name has none.
        """
        return self.read_source(self.move.name or "", self.move.sequence_prefix)

    def read_source(self, name, sequence_prefix):
        """Return the NumberSource of an invoice that has this name.

        :raise NoDigits: it has no digits.
        """
        digits = sequence_digits(name, sequence_prefix)
        written = self._read_parts(name)
        day = self.move.date or self.move.invoice_date
        length = written.get("year_length", 0)
        year = read_year(written.get("year", 0), length, day.year)
        has_year = bool(length) and year % 10**length == written["year"]
        month = written["month"] if has_year else 0
        return NumberSource(
            digits=digits,
            journal=(self.journal.code or "").strip(),
            gl=(self.company.exact_gl_account_id.code or "").strip(),
            year=year,
            month=month or day.month,
            has_year=has_year,
            has_month=bool(month),
            is_bare=digits == name,
        )

    def _read_parts(self, name):
        """Return the year and the month that Odoo reads in a name, as it does."""
        try:
            return self.move._get_sequence_format_param(name)[1]
        except (AttributeError, ValidationError):
            # The journal has a pattern of its own that this name does not have.
            return {}

    def number(self, after=0):
        """Return the entry number.

        :param int after: for an invoice that comes so many after this one.
        :raise ValueError, OverflowError: see `booking.entry_number`.
        """
        source = self.source.after(after) if after else self.source
        return source.number(self.format)


class Change(NamedTuple):
    """A field of a company or an Odoo journal, with the value that is proposed."""

    record: object
    name: str
    value: str


class NumberingMapper:
    """Reads the invoices of a company that may go to Exact Online, and their numbers.

    :param res.company company: that has the division, or its form, not saved yet.
    :param account.journal journal: the only one whose formats may change, or its form;
        empty if those of the company and of all journals may.
    :param taken: number_format.Document of entries that Exact has beside those.
    """

    def __init__(self, company, journal=None, taken=()):
        self.form = company
        self.company = company._origin.sudo()
        self.env = self.company.env
        self.journal = journal
        self.taken = taken
        forms = [journal] if journal else []
        self.journal_forms = {form._origin.id: form for form in forms}

    # === DOCUMENTS === #

    @cached_property
    def moves(self):
        """The last invoices that may go, or went, the newest first."""
        return self.find_moves(CLASHES)

    def find_moves(self, limit):
        """Return the last posted invoices that may go or went, the newest first.

        Left out are those before the start date and those of a journal or a customer
        that is off, unless somebody sent them manually; and those without a number.
        """
        members = self.company._exact_get_members()
        by_itself = Domain("journal_id.exact_manual_only", "=", False)
        if self.company.exact_start_date:
            by_itself &= Domain("invoice_date", ">=", self.company.exact_start_date)
        off = self._find_manual_partners(members)
        if off:
            by_itself &= Domain("commercial_partner_id", "not in", off.ids)
        is_sent = Domain("exact_outbox_id.state", "not in", (False, "cancelled"))
        domain = Domain(
            [
                ("company_id", "in", members.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("name", "=like", "%_"),
            ]
        )
        moves = self.env["account.move"].search(
            domain & (by_itself | is_sent),
            order="invoice_date desc, id desc",
            limit=limit,
        )
        return moves.filtered(self._has_digits)

    def _find_manual_partners(self, members):
        partners = self.env["res.partner"]
        # Somebody may have switched the customer off in a branch or above it.
        for company in self.company | members:
            partners |= partners.with_company(company).search(
                [("exact_manual_only", "=", True)]
            )
        return partners

    @staticmethod
    def _has_digits(move):
        try:
            sequence_digits(move.name, move.sequence_prefix)
        except NoDigits:
            return False
        return True

    def mapper(self, move):
        """Return the EntryNumberMapper of an invoice, with what is not saved yet."""
        form = self.journal_forms.get(move.journal_id.id)
        return EntryNumberMapper(move, self.form, form)

    @cached_property
    def calendar(self):
        """Exact's financial years, within which it keeps numbers unique."""
        return PeriodMapper(self.company).calendar

    def _place(self, move, journal):
        """Return where the number of an invoice is unique: journal and year."""
        chosen = move.exact_outbox_id.period_id
        return (journal, chosen.year or self.calendar.year_of(move.date))

    @cached_property
    def documents(self):
        """The invoices, and entries in Exact that are known to have a number."""
        documents = [*self.taken, *self._read_checked()]
        for move in self.moves:
            mapper = self.mapper(move)
            if mapper.journal:
                documents.append(self._read_document(mapper))
                documents += self._read_foreign(mapper)
        return [*documents, *self._read_older(documents)]

    def _read_document(self, mapper):
        move, outbox = mapper.move, mapper.move.exact_outbox_id
        number, journal = None, (mapper.journal.code or "").strip()
        if outbox.state == "sent" and (outbox.exact_number or "").isdecimal():
            number, journal = int(outbox.exact_number), outbox.exact_journal or journal
        return Document(
            name=move.name,
            place=self._place(move, journal),
            group=Group(move.journal_id.id, mapper.kind),
            source=mapper.source,
            fixed=number,
        )

    def _read_older(self, documents):
        """Return what was booked before these invoices, under a number of theirs."""
        numbers = set()
        for document in documents:
            if document.fixed is None:
                form = self.formats.of(document.group)
                # What is no number is told anyway.
                with suppress(ValueError, OverflowError):
                    numbers.add(str(document.source.number(form)))
        booked = self.env["exact.outbox"].search(
            [
                ("company_id", "in", self.company._exact_get_members().ids),
                ("state", "=", "sent"),
                ("exact_number", "in", sorted(numbers)),
                ("exact_journal", "!=", False),
                ("move_id", "not in", self.moves.ids),
            ]
        )
        return [
            Document(
                name=one.move_id.name,
                place=self._place(one.move_id, one.exact_journal),
                fixed=int(one.exact_number),
            )
            for one in booked
        ]

    def _read_checked(self):
        """Return the entry that the readiness list found, as a list."""
        checks = self.company.exact_check_ids
        taken = checks.filtered(lambda check: check.code == "number").taken
        return read_taken(self.company, taken)

    def _read_foreign(self, mapper):
        """Return the entry that has the number of an invoice, as a list."""
        outbox = mapper.move.exact_outbox_id
        entry = outbox.foreign_entry
        if outbox.state == "sent" or not entry:
            return []
        request = outbox.request or {}
        if entry.get("YourRef") == request.get("YourRef"):
            # Not another one, but perhaps this invoice.
            return []
        day = fields.Date.to_date(entry.get("EntryDate")) or mapper.move.date
        return [
            Document(
                name=entry.get("YourRef") or entry.get("CustomerName") or "?",
                place=(entry.get("Journal"), self.calendar.year_of(day)),
                fixed=int(entry["EntryNumber"]),
            )
        ]

    # === FORMATS === #

    @cached_property
    def journals(self):
        """The sales journals that may book in this division, by id."""
        journals = self.env["account.journal"].search(
            [
                ("company_id", "in", self.company._exact_get_members().ids),
                ("type", "=", "sale"),
                ("exact_manual_only", "=", False),
            ]
        )
        return {
            journal.id: self.journal_forms.get(journal.id, journal)
            for journal in journals | self.moves.journal_id
        }

    @cached_property
    def formats(self):
        """The present ones, as number_format.Formats."""
        own = {}
        for key, journal in self.journals.items():
            for kind, prefix in PREFIXES.items():
                if journal[prefix] or journal[SUFFIX]:
                    form = read_format(kind, self.form, journal)
                    own[Group(key, kind)] = form
        company = {kind: read_format(kind, self.form) for kind in PREFIXES}
        return Formats(company, own)

    @cached_property
    def findings(self):
        """What is wrong with the present formats, as list of number_format.Finding."""
        found = number_format.find_problems(self.documents, self.formats)
        if not self.journal:
            return list(found)
        journal = self.journal._origin.id
        return [
            finding
            for finding in found
            if any(
                one and one.group and one.group.journal == journal
                for one in (finding.document, finding.other)
            )
        ]

    # === PROPOSAL === #

    def propose(self):
        """Return what to change so that no number clashes, as list of Change.

        :return: [] where nothing has to change; None if nothing is found.
        """
        documents = [*self.documents, *self._expected()]
        only = self.journal._origin.id if self.journal else None
        found = number_format.propose(
            documents,
            self.formats,
            may_change=lambda group: only is None or (group and group.journal == only),
        )
        return None if found is None else self._changes(found)

    def _changes(self, found):
        changes = []
        for kind, prefix in PREFIXES.items():
            form, present = found.company[kind], self.formats.company[kind]
            if form.prefix != present.prefix:
                changes.append(Change(self.form, prefix, form.prefix))
            change = Change(self.form, SUFFIX, form.suffix)
            if form.suffix != present.suffix and change not in changes:
                changes.append(change)
        for group, form in found.own.items():
            if form != self.formats.own.get(group):
                journal = self.journals[group.journal]
                changes.append(Change(journal, PREFIXES[group.kind], form.prefix))
        return changes

    def _expected(self):
        """Return the next document of each kind in each journal, if it is known."""
        newest, expected = {}, []
        for document in self.documents:
            if document.group:
                newest.setdefault(document.group, document)
        for document in newest.values():
            source = document.source.after(1)
            place = document.place
            expected.append(
                Document("", place, document.group, source, is_expected=True)
            )
        for journal in self.journals.values():
            for move in self._first_moves(journal):
                mapper = self.mapper(move)
                group = Group(journal._origin.id, mapper.kind)
                if group not in newest and mapper.journal:
                    newest[group] = move
                    expected.append(self._first_document(group, mapper))
        return expected

    def _first_moves(self, journal):
        """Return an invoice of a journal, and what may have numbers of its own."""
        moves = self.env["account.move"].with_company(journal.company_id)
        values = {
            "journal_id": journal._origin.id,
            "company_id": journal.company_id.id,
            "date": fields.Date.context_today(moves),
        }
        yield moves.new({**values, "move_type": "out_invoice"})
        yield moves.new({**values, "move_type": "out_refund"})
        if "debit_origin_id" in moves._fields:
            origin = moves.new({**values, "move_type": "out_invoice"})
            debit = {"move_type": "out_invoice", "debit_origin_id": origin.id}
            yield moves.new({**values, **debit})

    def _first_document(self, group, mapper):
        name = mapper.move._get_starting_sequence()
        prefix = name.rstrip("0123456789")
        source = mapper.read_source(name, prefix).after(1)
        journal = (mapper.journal.code or "").strip()
        place = (journal, self.calendar.year_of(mapper.move.date))
        return Document("", place, group, source, is_expected=True)
