"""Asks a division for what the add-on relies on, one call each, and tries one entry.

Needs a client and nothing of Odoo's records; what was answered is in the recorder.
"""

from __future__ import annotations

import logging
import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..booking.division_evidence import division_in
from ..booking.division_lists import LISTS, OPTIONAL
from ..booking.sales_entry import SalesEntry, SalesEntryLine
from ..exact_api import bodies, documents, odata, resources
from ..exact_api.exceptions import (
    ExactError,
    ExactOtherDivision,
    ExactRateLimited,
    ExactRejected,
    ExactUnauthorized,
    ExactUnavailable,
    ExactUnconfirmed,
)
from ..exact_api.recording import Evidence
from .customers import CREATED_KEYS
from .directory import DELETED_PROPERTIES

_logger = logging.getLogger(__name__)

# What all calls of a check together may cost.
MAX_CALLS = 25
# Days of entries that are read.
DAYS = 60
AMOUNT = Decimal("1.00")
CENT = Decimal("0.01")
# Starts the reference of a test entry, by which it is found whatever happened.
MARKER = "ODOO-TEST"
DESCRIPTION = "Test by Odoo, will be deleted at once"
OVERLONG = 200

# The lists by the model that keeps them.
MODELS = {
    "divisions": "exact.division",
    "journals": "exact.journal",
    "gl_accounts": "exact.gl.account",
    "vat_codes": "exact.vat.code",
    "payment_conditions": "exact.payment.condition",
    "currencies": "exact.currency",
    "periods": "exact.period",
    "cost_centers": "exact.cost.center",
    "cost_units": "exact.cost.unit",
}

NOTHING, SENDING, BOOKED, DELETED, LEFT = (
    "nothing",
    "sending",
    "booked",
    "deleted",
    "left",
)


@dataclass(frozen=True)
class Read:
    """A page to read: the step's name, and the options of OData."""

    step: str
    resource: str
    options: dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """What the test entry is booked on; codes, but for the GUIDs of two records."""

    journal: str
    customer: str
    gl_account: str
    vat_code: str
    percentage: Decimal
    currency: str
    payment_condition: str
    day: date

    def entry(self, reference: str) -> SalesEntry:
        """Return the test entry, without a number: Exact chooses it."""
        vat = (AMOUNT * self.percentage).quantize(CENT, ROUND_HALF_UP)
        line = SalesEntryLine(
            self.gl_account, AMOUNT, self.vat_code, vat, description=DESCRIPTION
        )
        return SalesEntry(
            journal=self.journal,
            customer=self.customer,
            entry_number=None,
            entry_date=self.day,
            due_date=self.day,
            your_ref=reference,
            description=DESCRIPTION,
            currency=self.currency,
            lines=(line,),
            payment_condition=self.payment_condition,
        )


@dataclass(frozen=True)
class EntryNote:
    """What is known of the test entry, stored before each step that changes it.

    :param str marker: its reference.
    :param str journal: code of the journal that it was sent to.
    :param str division: where it is, other than the one that was asked for.
    """

    state: str = NOTHING
    marker: str = ""
    journal: str = ""
    guid: str = ""
    number: str = ""
    division: str = ""


@dataclass
class Notebook:
    """Keeps the note of the test entry; a subclass stores it where a crash does not."""

    note: EntryNote = field(default_factory=EntryNote)

    def note_down(self, **values: Any) -> None:
        self._store(values)
        self.note = replace(self.note, **values)

    def _store(self, values: dict[str, Any]) -> None:
        """Store what changes; what this raises keeps the next step back."""


def make_reads(find_list, day, journal, *, has_pdfs=True):
    """Return the pages that a check reads, with the very options of the add-on.

    :param find_list: returns the class or record set of a code list, by its name.
    :param str journal: code of the journal whose entries are read.
    """
    reads = [Read("me", resources.ME, {"select": "CurrentDivision"})]
    for step, name in MODELS.items():
        model = find_list(name)
        select = ",".join(model._exact_properties.values())
        reads.append(
            Read(
                step, model._exact_resource, {"select": select, **model._exact_options}
            )
        )
    reads += _make_other_reads(day, journal)
    if has_pdfs:
        rule = f"Type eq {documents.DOCUMENT_TYPE_SALES_INVOICE}"
        reads.append(
            Read("documents", resources.DOCUMENTS, {"select": "ID", "filter": rule})
        )
    return reads


def _make_other_reads(day, journal):
    """Return the pages that are read for customers and for the comparison."""
    changed = ",".join(LISTS["changed_accounts"][3])
    days = resources.entries_between(day - timedelta(days=DAYS), day, [journal])
    since = {"filter": "Timestamp gt 1L"}
    options = {
        "accounts": {
            "select": ",".join(("ID", "Code", *CREATED_KEYS)),
            "filter": "Status eq 'C'",
            "top": 1,
        },
        "changed_accounts": {"select": changed, **since},
        "deleted": {"select": ",".join(DELETED_PROPERTIES), **since},
        "entries": {
            "select": resources.SELECT,
            "expand": "SalesEntryLines",
            "filter": days,
        },
    }
    return [Read(step, LISTS[step][0], values) for step, values in options.items()]


class DivisionProbe:
    """Makes the calls of a check of one division.

    :param ExactClient client: with `recorder` for an observer.
    :param Recorder recorder: gets every exchange.
    :param Notebook notebook: what is known of the test entry.
    """

    def __init__(self, client, recorder, notebook):
        self.client = client
        self.recorder = recorder
        self.notebook = notebook
        self.stopped_by = None
        # Whether a test entry may be in Exact Online, and whether an answer was lost.
        self._may_exist = False
        self._is_lost = False

    @property
    def evidence(self):
        return Evidence(self.recorder.exchanges)

    # === READING === #

    def read_pages(self, reads):
        """Read each page; after an error that the next call would meet too, no more.

        :return: the ExactError that ended it early, or None.
        """
        for read in reads:
            if not self._read(read):
                return self.stopped_by
        self._read_current_division()
        if documents_read := self.evidence.answered("documents"):
            rows = documents_read.rows
            guid = str(rows[0].get("ID")) if rows else str(uuid.uuid4())
            options = {"select": "ID", "filter": f"Document eq guid'{guid}'"}
            if odata.is_guid(guid):
                self._read(Read("attachments", resources.ATTACHMENTS, options))
        return self.stopped_by

    def _read_current_division(self):
        """List the divisions where someone who connects again has them listed.

        It is another one than the chosen one only, and may be one that the app must
        not use.
        """
        me = self.evidence.answered("me")
        current = str(me.rows[0].get("CurrentDivision") or "") if me and me.rows else ""
        divisions = self.evidence.answered("divisions")
        if not divisions or not _digits(current):
            return
        if current != division_in(divisions.url):
            options = {"select": "Code", "top": 1}
            own, self.client = self.client, self.client.in_division(current)
            self._read(Read("current_divisions", divisions.resource, options))
            self.client = own

    def _read(self, read):
        """Read a page; return whether the next one can be read, too."""
        self.recorder.step = read.step
        try:
            self.client.get(read.resource, **read.options)
        except (ExactRateLimited, ExactUnauthorized) as err:
            self.stopped_by = err
        except (ExactRejected, ExactUnavailable) as err:
            # The facts say it; an unreadable list says nothing about the next one.
            _logger.info("Check of a division, %s: %s", read.step, err)
            if self._is_silent() and read.step not in OPTIONAL:
                self.stopped_by = err
        except ExactError as err:
            self.stopped_by = err
        return self.stopped_by is None

    def _is_silent(self):
        """Tell whether the last two calls had no answer at all."""
        last = self.recorder.exchanges[-2:]
        return len(last) == 2 and all(exchange.lost for exchange in last)

    # === TEST ENTRY === #

    def book(self, choice):
        """Book the test entry, read it back, and delete it whatever happens.

        :return: the ExactError that ended it early, or None; what may be left in Exact
            Online is in the notebook.
        """
        marker = f"{MARKER}-{uuid.uuid4().hex[:12]}"
        self.notebook.note_down(
            state=SENDING,
            marker=marker,
            journal=choice.journal,
            guid="",
            number="",
            division="",
        )
        body = {
            "EntryID": str(uuid.uuid4()),
            **bodies.sales_entry(choice.entry(marker)),
        }
        try:
            self._try_refusal(body)
            if self.notebook.note.state == SENDING:
                self._post("book", body)
            if self.notebook.note.state == BOOKED and not self.notebook.note.division:
                self._read_back()
                self._change()
        except ExactError as err:
            self.stopped_by = err
        finally:
            if self._may_exist:
                self.clean_up(is_settled=not self._is_lost)
            else:
                self.notebook.note_down(state=NOTHING)
        return self.stopped_by

    def _try_refusal(self, body):
        """Send an entry that cannot be booked, to see what a refusal looks like."""
        refused = {
            name: value
            for name, value in body.items()
            if name not in ("Customer", "EntryID")
        }
        refused["Description"] = DESCRIPTION.ljust(OVERLONG, ".")
        self._post("refusal", refused)

    def _post(self, step, body):
        """Send an entry; a refusal is a fact as well, and nothing is booked then."""
        self.recorder.step = step
        may_have_existed, self._may_exist = self._may_exist, True
        try:
            answer = self.client.post(resources.ENTRIES, body)
        except ExactRejected as err:
            _logger.info("Check of a division, %s refused: %s", step, err)
            self._may_exist = may_have_existed
        except ExactUnavailable:
            self._may_exist = may_have_existed
            raise
        except ExactUnconfirmed:
            self._is_lost = True
            raise
        except ExactOtherDivision as err:
            # It is booked all the same, and the stop is what the check has to say.
            self.stopped_by = err
            self._note_booked(err.row)
        else:
            self._note_booked(answer)

    def _note_booked(self, answer):
        metadata = answer.get("__metadata")
        address = str(metadata.get("uri", "")) if isinstance(metadata, dict) else ""
        division = str(answer.get("Division") or division_in(address))
        asked = division_in(self.recorder.exchanges[-1].url)
        is_other = bool(_digits(division)) and division != asked
        guid = answer.get("EntryID")
        is_ours = answer.get("YourRef") in (None, self.notebook.note.marker)
        self.notebook.note_down(
            state=BOOKED,
            guid=guid if is_ours and odata.is_guid(str(guid)) else "",
            number=_digits(answer.get("EntryNumber")),
            division=division if is_other else "",
        )

    def _read_back(self):
        self.recorder.step = "read_back"
        self.client.get(
            resources.ENTRIES,
            select=f"{resources.SELECT},Description,ReportingYear,ReportingPeriod",
            expand="SalesEntryLines",
            filter=self._condition(),
        )

    def _change(self):
        """Change a text of the entry; what a refusal of it means is a fact, too."""
        if not self.notebook.note.guid:
            return
        self.recorder.step = "change"
        try:
            self.client.put(
                resources.ENTRIES,
                self.notebook.note.guid,
                {"Description": f"{DESCRIPTION}."},
            )
        except ExactRejected as err:
            _logger.info("Check of a division, no change: %s", err)

    # === CLEANING UP === #

    def clean_up(self, *, is_settled):
        """Delete the test entry and everything with its reference, and look again.

        Raises nothing about Exact: what may be left stays in the notebook.

        :param bool is_settled: whether an entry that is not found is not there; after a
            lost answer, Exact may still be booking it.
        """
        note = self.notebook.note
        try:
            found = [self._clean_up_in(client) for client in self._get_clients()]
        except ExactError as err:
            self.stopped_by = self.stopped_by or err
            _logger.warning("A test entry may be left in Exact Online: %s", err)
            self.notebook.note_down(state=LEFT)
            return
        left = [row for _guids, rows in found for row in rows]
        if left:
            number = _digits(left[0].get("EntryNumber")) or note.number
            self.notebook.note_down(state=LEFT, number=number)
        elif any(guids for guids, _rows in found):
            self.notebook.note_down(state=DELETED)
        elif is_settled:
            self.notebook.note_down(state=NOTHING)

    def _get_clients(self):
        """Return a client of each division where the entry may be."""
        other = self.notebook.note.division
        if not other:
            return [self.client]
        return [self.client, self.client.in_division(other)]

    def _clean_up_in(self, client):
        """Delete the test entry in one division.

        :return: (GUIDs that were there, rows that are there still).
        """
        note = self.notebook.note
        if note.guid and not note.division:
            guids = [note.guid]
        else:
            guids = _guids(self._find(client, "find"))
        for guid in guids:
            self._delete(client, guid)
        return guids, self._find(client, "gone") if guids else []

    def _delete(self, client, guid):
        self.recorder.step = "delete"
        try:
            client.delete(resources.ENTRIES, guid)
        except (ExactRateLimited, ExactUnauthorized):
            raise
        except (ExactRejected, ExactUnconfirmed, ExactUnavailable) as err:
            # Whether it is there all the same is looked up afterwards.
            _logger.info("Check of a division, not deleted: %s", err)

    def _find(self, client, step):
        """Return the entries with the reference of the test, and no others."""
        self.recorder.step = step
        client.get(
            resources.ENTRIES,
            select="EntryID,EntryNumber,YourRef",
            filter=self._condition(),
        )
        marker = self.notebook.note.marker
        rows = self.recorder.exchanges[-1].rows
        return [row for row in rows if str(row.get("YourRef")).strip() == marker]

    def _condition(self):
        return f"YourRef eq {odata.quoted(self.notebook.note.marker)}"


def _digits(value):
    """Return a number as text; empty where it is none that Exact could give."""
    text = str(value)
    return text if re.fullmatch("[0-9]{1,12}", text) else ""


def _guids(rows):
    return [row["EntryID"] for row in rows if odata.is_guid(str(row.get("EntryID")))]
