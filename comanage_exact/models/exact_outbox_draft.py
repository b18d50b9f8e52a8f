import time
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from odoo import api, models

from ..booking.sales_entry import SalesEntry
from ..mappers.sales_entry import SalesEntryMapper

# Rows that are read together. Each commit empties Odoo's cache, so a row read alone
# reads all taxes, accounts and codes for itself.
READ_AHEAD = 20
# How old what was read may become; then the rest of it is read anew.
READ_AHEAD_SECONDS = 10


class Draft(NamedTuple):
    """A due row as it was read, before it is claimed.

    :param exact.outbox outbox: in the language of who is told, in the company that has
        the settings.
    :param tuple read_at: when row and invoice had been written last; None to read anew.
    :param str problems: what keeps the invoice here, a sentence a line.
    :param str problem_kind: as `error_kind` of the row.
    :param SalesEntry entry: None with problems; without customer if Exact knows none.
    :param dict changes: what Exact is to be told of a customer that it knows; None if
        nothing says what it was told before.
    :param bool has_pdf: one that goes along; the file itself is not read ahead.
    """

    outbox: models.Model
    read_at: tuple | None = None
    problems: str = ""
    problem_kind: str = "check"
    entry: SalesEntry | None = None
    changes: dict | None = None
    has_pdf: bool = False

    def is_for_unknown(self):
        """Tell whether the customer has to be looked up before the invoice goes."""
        return bool(self.entry) and not self.entry.customer


@dataclass
class Turn:
    """The turns of one company in a run of the push.

    :param int waiting: rows that were due when the run began and may still go.
    :param set skipped: ids of rows that other workers have.
    :param res.company owner: that has connection and settings, as sudo.
    :param int division: that the drafts are for.
    """

    company_id: int
    waiting: int
    skipped: set = field(default_factory=set)
    drafts: deque = field(default_factory=deque)
    expires: float = 0.0
    owner: models.Model | None = None
    connection: models.Model | None = None
    division: int | None = None

    def next_draft(self):
        """Return the next draft that is young enough, or None."""
        if time.monotonic() > self.expires:
            self.drafts.clear()
        return self.drafts.popleft() if self.drafts else None


class ExactOutbox(models.Model):
    """Reading ahead: what the next rows of a company need, all at once."""

    _name = "exact.outbox"
    _inherit = ["exact.outbox"]

    @api.model
    def _read_ahead(self, turn):
        """Fill a turn with drafts of the rows that are due next."""
        company = self.env["res.company"].browse(turn.company_id)
        turn.owner = company._exact_get_owner()
        turn.connection = turn.owner.exact_connection_id
        turn.division = turn.owner.exact_division_id.code
        turn.expires = time.monotonic() + READ_AHEAD_SECONDS
        if not turn.division:
            return
        rows = self.search(
            [
                *self._get_due_domain(),
                ("company_id", "=", turn.company_id),
                ("id", "not in", list(turn.skipped)),
            ],
            order="scheduled_at, id",
            limit=READ_AHEAD,
        )
        # Odoo itself would read these for each invoice alone.
        rows.move_id.line_ids.fetch(["tax_ids", "tax_tag_ids"])
        for outbox in rows.with_company(turn.owner):
            outbox = outbox.with_context(lang=outbox.user_id.lang)
            try:
                turn.drafts.append(outbox._draft())
            except Exception:
                # It is read again when its turn comes, and settled with what is wrong.
                self.env.cr.rollback()
                turn.drafts.append(Draft(outbox))
                break

    def _draft(self):
        """Return what is to become of this row."""
        self.ensure_one()
        if self.state != "pending":
            return Draft(self)
        move = self.move_id
        lines = move._exact_get_lines()
        problems = move._exact_get_problems(lines)
        if problems:
            # Somebody may want it nevertheless, once the others are cured.
            kind = "cents" if move._exact_get_cent_problems(lines) else "check"
            return Draft(self, self._get_read_at(), "\n".join(problems), kind)
        customer = move._exact_get_customer()
        entry = SalesEntryMapper(move).entry(customer)
        partner = move._exact_get_partner()
        changes = {}
        if customer and customer == partner.exact_guid:
            changes = partner._exact_get_changes()
        has_pdf = bool(self._get_pdf())
        return Draft(
            self,
            self._get_read_at(),
            entry=entry,
            changes=changes,
            has_pdf=has_pdf,
        )

    def _get_read_at(self):
        """Return what changes whenever somebody writes the row or its invoice."""
        return self.write_date, self.move_id.write_date
