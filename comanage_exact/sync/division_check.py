"""Checking the division of a company: the calls, and what is stored of them.

All is stored with cursors of its own: a test entry has to be known even if the process
dies, and a request that Odoo repeats after a conflict must not book a second one.
"""

import base64
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError

from ..booking.division_facts import judge
from ..booking.division_report import count, make_report
from ..booking.life_cycle import LOOK_UP_AFTER
from ..exact_api.anonymous import OWN_STEPS
from ..exact_api.const import VAT_TYPE_EXCLUSIVE
from ..exact_api.exceptions import ExactError
from ..exact_api.recording import Recorder, restore, store
from . import division_messages, messages
from .connection import open_client
from .division_probe import (
    BOOKED,
    DELETED,
    LEFT,
    NOTHING,
    SENDING,
    Choice,
    DivisionProbe,
    EntryNote,
    Notebook,
    make_reads,
)

# How long what was read says how a division is.
FRESH = timedelta(minutes=10)
# A test entry may be booked: none is there that has to be deleted first.
FREE = (NOTHING, DELETED)
# One may be there.
OPEN = (SENDING, BOOKED, LEFT)

ENTRY_FIELDS = {
    "state": "entry_state",
    "marker": "entry_marker",
    "guid": "entry_guid",
    "number": "entry_number",
    "journal": "entry_journal",
    "division": "entry_division",
}


class StoredNotebook(Notebook):
    """The note of the test entry, on the record of a check.

    :param exact.division.check check: as superuser.
    """

    def __init__(self, check):
        values = {name: check[field] or "" for name, field in ENTRY_FIELDS.items()}
        super().__init__(EntryNote(**values))
        self.check = check

    def _store(self, values):
        # EXTENDS Notebook
        is_start = values.get("state") == SENDING
        stored = {ENTRY_FIELDS[name]: value for name, value in values.items()}
        if is_start:
            stored["entry_sent_at"] = fields.Datetime.now()
        with own_record(self.check) as record:
            if is_start:
                self._claim(record)
            record.write(stored)
        self.check.invalidate_recordset()

    def _claim(self, record):
        """Let one worker alone book a test entry, and only where none is left."""
        if not record.try_lock_for_update() or record.entry_state not in FREE:
            text = division_messages.TEST_IS_RUNNING
            company = self.check.company_id.name
            raise UserError(messages.say(self.check.env, text, company=company))


@contextmanager
def own_record(record):
    """Give a record in a transaction of its own, committed at the end."""
    with record.env.registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, dict(record.env.context))
        yield env[record._name].browse(record.ids)


class DivisionCheck:
    """Checks the division of one company.

    :param exact.division.check check: as superuser; changes when something was asked.
    """

    def __init__(self, check):
        check.ensure_one()
        self.check = check
        self.env = check.env
        self.company = check.company_id
        self.notebook = StoredNotebook(check)
        self.recorder = Recorder()

    # === WHAT A MANAGER ASKS FOR === #

    def read_lists(self):
        """Read a page of each list that the add-on uses, and judge them."""
        self.company._exact_check_ready()
        self._store(self._call(self._read))

    def book(self, choice):
        """Book a test entry and delete it; what was read before is kept.

        :param Choice choice:
        """
        self.company._exact_check_ready()
        if self.notebook.note.state not in FREE:
            text = division_messages.DELETE_FIRST
            raise UserError(messages.say(self.env, text, company=self.company.name))
        self.recorder.exchanges += self._get_fresh_exchanges()
        problem = None
        if not self.recorder.exchanges:
            problem = self._call(self._read)
        problem = problem or self._call(lambda probe: probe.book(choice))
        self._store(problem)

    def delete(self):
        """Look for the test entry that may be left, and delete it."""
        self.company._exact_check_ready()
        if self.notebook.note.state not in OPEN:
            return
        sent_at = self.check.entry_sent_at or fields.Datetime.now()
        is_settled = fields.Datetime.now() - sent_at >= LOOK_UP_AFTER

        def delete(probe):
            probe.clean_up(is_settled=is_settled)
            return probe.stopped_by

        problem = self._call(delete)
        with own_record(self.check) as record:
            record.problem = problem

    def _get_fresh_exchanges(self):
        """Return what was read a moment ago, so that it is not read twice."""
        read_at = self.check.checked_at
        if not read_at or fields.Datetime.now() - read_at > FRESH:
            return []
        found = restore(self.check.recording)
        return [exchange for exchange in found if exchange.step not in OWN_STEPS]

    # === CALLS === #

    def _read(self, probe):
        company = self.company
        day = fields.Date.context_today(self.check)
        journal = company.exact_journal_id.code or ""
        has_pdfs = company.exact_send_pdf
        return probe.read_pages(
            make_reads(self.env.__getitem__, day, journal, has_pdfs=has_pdfs)
        )

    def _call(self, work):
        """Let a probe do its work; return what ended it early as a sentence.

        :param work: called with a DivisionProbe, returns an ExactError or None.
        """
        try:
            with open_client(self.company.exact_connection_id) as client:
                self.recorder.listen(client)
                probe = DivisionProbe(client, self.recorder, self.notebook)
                if error := work(probe):
                    raise error
        except ExactError as err:
            return messages.explain_button(self.company, err)
        return False

    # === STORING === #

    def _store(self, problem):
        """Store what was judged, and the file of it."""
        exchanges = self.recorder.exchanges
        if not exchanges:
            # What an earlier check found stays.
            raise UserError(problem)
        outcomes = judge(exchanges)
        report = make_report(
            exchanges,
            made_with="comanage_exact",
            made_on=fields.Date.context_today(self.check),
            site=self.company.exact_site or "",
            secrets=self._get_secrets(),
        )
        env = self.env
        lines = division_messages.prepare_lines(env, outcomes)
        with own_record(self.check) as record:
            record.write(
                {
                    "checked_at": fields.Datetime.now(),
                    "problem": problem,
                    "summary": division_messages.summary(env, count(outcomes)),
                    "recording": store(exchanges),
                    "report": base64.b64encode(report.encode()),
                    "line_ids": [Command.clear(), *map(Command.create, lines)],
                }
            )
        self.check.invalidate_recordset()

    def _get_secrets(self):
        """Return the names and numbers that must not be in the file."""
        company, user = self.company, self.env.user
        divisions = self.env["exact.division"].search([("company_id", "=", company.id)])
        partners = (company.partner_id, user.partner_id)
        return [
            *(partner[name] for partner in partners for name in ("name", "email")),
            *(company.vat, company.exact_client_id, company.exact_app_secret),
            *divisions.mapped("name"),
            *divisions.mapped("vat_number"),
        ]


def make_choice(test):
    """Return what a test entry is booked on.

    :param exact.division.test test: the wizard, as superuser.
    """
    company, vat_code = test.check_id.company_id, test.vat_code_id
    has_vat = vat_code.vat_type == VAT_TYPE_EXCLUSIVE
    return Choice(
        journal=test.journal_id.code,
        customer=test.account_id.exact_guid,
        gl_account=test.gl_account_id.exact_guid,
        vat_code=vat_code.code,
        percentage=Decimal(str(round(vat_code.percentage, 5))) * has_vat,
        currency=test.journal_id.currency_code or company.currency_id.name,
        payment_condition=test.payment_condition_id.code or "",
        day=fields.Date.context_today(test),
    )
