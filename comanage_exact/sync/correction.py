"""What a user asks of Exact Online about one booked invoice, and gets at once."""

from odoo.exceptions import UserError

from ..booking import comparison
from ..exact_api import odata
from ..exact_api.exceptions import ExactError
from . import correction_messages, messages
from .connection import open_client
from .entry_proof import EntryProof
from .verification import note_verified


class Correction:
    """Checks the entry of a booking, and books the invoice again if it is gone.

    :param exact.outbox outbox: booked, as superuser.
    """

    def __init__(self, outbox):
        self.owner = outbox.company_id.exact_owner_id
        self.outbox = outbox.with_company(self.owner)

    def check(self):
        """Store how the entry compares with the invoice now.

        :return: (whether they are equal, sentence).
        :raise UserError: Exact Online cannot be read.
        """
        row, other = self._look()
        if row:
            return self._note_found(row)
        return False, self._note_gone(other)

    def book_again(self, user):
        """Queue the invoice once more, if its entry is proved gone.

        :param res.users user: who is notified.
        :return: (whether it is queued, sentence).
        :raise UserError: Exact Online cannot be read.
        """
        row, other = self._look()
        if row:
            self._note_found(row)
            return False, self._text(correction_messages.STILL_THERE)
        if other:
            return False, self._note_gone(other)
        text = self._text(correction_messages.BOOKED_AGAIN)
        self.outbox._book_again(user)
        self.outbox.move_id.message_post(body=text)
        return True, text

    def _look(self):
        """Return the entry, else what stands in its place, each a row or None."""
        try:
            with open_client(self.owner.exact_connection_id) as client:
                proof = EntryProof(self.outbox, client)
                row = proof.find()
                return row, None if row else proof.find_other()
        except ExactError as err:
            raise UserError(messages.explain_button(self.owner, err)) from err

    def _note_found(self, row):
        outbox = self.outbox
        outbox.entry_seen = odata.to_json(row)
        note_verified(outbox, comparison.read_entry(row))
        is_equal = outbox.finding == "equal"
        text = (
            correction_messages.CHECKED_EQUAL
            if is_equal
            else correction_messages.CHECKED_DIFFERENT
        )
        return is_equal, self._text(text)

    def _note_gone(self, other):
        """Store that the entry is gone; return what a person may do."""
        if other:
            text = correction_messages.other_entry_text(
                self.outbox, correction_messages.REPLACED, other
            )
        else:
            text = self._text(correction_messages.DELETED)
        self.outbox._note_finding("deleted", text, is_verification_due=False)
        return text

    def _text(self, text):
        return correction_messages.entry_text(self.outbox, text)
