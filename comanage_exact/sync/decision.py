"""What a manager decides about a booking that Odoo cannot confirm.

The consent may be gone, or the division: no invoice waits for ever for an answer.
"""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..booking.life_cycle import IN_EXACT_MAYBE
from ..exact_api import odata, resources
from ..exact_api.const import MAX_ENTRY_NUMBER
from ..exact_api.exceptions import ExactError
from ..mappers.sales_entry import SalesEntryMapper
from . import comparison_messages, decision_messages, messages
from .connection import open_client

# Until then Odoo finds out alone, and a worker may still have the booking.
DECIDED_AFTER = timedelta(hours=1)


def is_decidable(outbox):
    """Tell whether a booking has waited long enough for somebody to decide."""
    if outbox.state == "withdrawing":
        asked_at = (outbox.withdrawal or {}).get("asked_at")
        began_at = fields.Datetime.to_datetime(asked_at)
    elif outbox.state in IN_EXACT_MAYBE:
        began_at = outbox.claimed_at
    else:
        return False
    return not began_at or began_at <= fields.Datetime.now() - DECIDED_AFTER


class Decision:
    """Stores where an invoice is, as a manager found it in Exact Online.

    :param exact.outbox outbox: as superuser.
    """

    def __init__(self, outbox):
        self.owner = outbox.company_id.sudo().exact_owner_id
        self.outbox = outbox.with_company(self.owner)
        self.move = self.outbox.move_id
        self.env = outbox.env

    def note_there(self, number):
        """Store that the entry is there.

        It is linked where Exact Online can be read, else compared later.

        :param str number: of the entry, as a person entered it.
        :raise UserError: Exact Online has no such entry, or it is another invoice's.
        """
        self._lock()
        if self.outbox.state == "withdrawing":
            self._log(decision_messages.STILL_THERE)
            text = self._text(decision_messages.NOT_DELETED)
            self.outbox._end_withdrawal(text)
            return
        number = self._read_number(number)
        row = self._find(number)
        if row:
            self._link(row)
        else:
            self._store_unread(number)

    def note_not_there(self):
        """Store that there is no entry; it is looked up once more before it goes."""
        self._lock()
        if self.outbox.state == "withdrawing":
            self._log(decision_messages.IS_DELETED)
            self.outbox._note_withdrawn()
            return
        now = fields.Datetime.now()
        self._log(decision_messages.IS_NOT_THERE)
        self.outbox._transition(
            "pending",
            scheduled_at=now,
            attempts=0,
            must_look_up=True,
            error=False,
            error_kind=False,
        )
        self.outbox._trigger_push(now)

    def _lock(self):
        """Lock the booking.

        :raise UserError: there is nothing to decide.
        """
        is_free = self.outbox.try_lock_for_update()
        if not is_free or not is_decidable(self.outbox):
            raise UserError(self._text(decision_messages.NOTHING_TO_DECIDE))

    def _read_number(self, number):
        number = (number or "").strip()
        is_number = number.isascii() and number.isdigit()
        if not is_number or not 0 < int(number) <= MAX_ENTRY_NUMBER:
            raise UserError(
                messages.say(
                    self.env, comparison_messages.NOT_AN_ENTRY_NUMBER, number=number
                )
            )
        return int(number)

    # === IT IS THERE === #

    def _find(self, number):
        """Return the entry with this number; None where Exact Online is not read.

        :raise UserError: it has none that may be this invoice.
        """
        try:
            if not self.owner.exact_division_id:
                return None
            with open_client(self.owner.exact_connection_id) as client:
                rows = client.get(
                    resources.ENTRIES,
                    select=f"{resources.HEADER},Document",
                    filter=f"EntryNumber eq {number}",
                )
        except (ExactError, ValueError):
            return None
        reference = (self.outbox.request or {}).get("YourRef") or self.move.name
        rows = [
            row for row in rows if (row.get("YourRef") or "").strip() == reference
        ] or rows
        if len(rows) != 1:
            text = decision_messages.NO_SUCH_ENTRY
            if rows:
                text = decision_messages.SEVERAL_ENTRIES
            raise UserError(self._text(text, number=number))
        return rows[0]

    def _link(self, row):
        self.move._exact_check_free_entry(row)
        outbox = self.outbox
        found = SalesEntryMapper(self.move).differences_from_manual(row)
        text = messages.differences_text(
            self.env, found, self.move.commercial_partner_id
        )
        self._log(decision_messages.IS_THERE, number=row["EntryNumber"])
        outbox.rounding_limit = 0
        outbox._note_booked(
            row["EntryID"],
            row["EntryNumber"],
            row["Journal"].strip(),
            text,
            foreign_entry=False,
        )
        outbox.document_id._note_booked(row.get("Document"))
        outbox.entry_seen = odata.to_json(row)

    def _store_unread(self, number):
        """Store the word of the manager; `late_entries` reads the entry later."""
        request = self.outbox.request or {}
        mapper = SalesEntryMapper(self.move)
        journal = request.get("Journal") or mapper.journal.code or ""
        self._log(decision_messages.IS_THERE_UNREAD, number=number)
        self.outbox._note_booked(
            False, number, journal.strip(), "", is_verification_due=True
        )
        self.outbox.document_id._note_booked(None)

    # === TEXTS === #

    def _log(self, text, **values):
        self.move._message_log(body=self._text(text, **values))

    def _text(self, text, **values):
        return messages.booking_text(self.outbox, text, **values)
