"""Deleting the entry of one invoice in Exact Online, on a manager's click.

The intent is committed with the click, so that whatever is lost or killed afterwards
begins with a look-up: an entry that is gone is not deleted again, and one that is not
ours, or no longer what was booked, is never touched.
"""

import logging

from psycopg2.errors import SerializationFailure

from odoo import fields

from ..booking import life_cycle, withdrawal
from ..exact_api import resources
from ..exact_api.exceptions import (
    ExactError,
    ExactErrorLimit,
    ExactRateLimited,
    ExactRejected,
    ExactStopped,
    ExactUnavailable,
    ExactUnconfirmed,
)
from . import correction_messages
from .claim import Claim, ClaimLost
from .entry_proof import EntryProof
from .follow_up import commit_result
from .isolation import isolated

_logger = logging.getLogger(__name__)


class Withdrawal:
    """Takes the withdrawal of one booking a step further.

    :param exact.outbox outbox: a single one, in the language of the responsible user,
        in the company that has the settings.
    :param ExactClient client: of that company.
    """

    is_period_refused = False
    is_refused = False
    # An answer to a deletion that is lost says nothing about entries.
    lost = None

    def __init__(self, outbox, client):
        outbox.ensure_one()
        self.outbox = outbox
        self.env = outbox.env
        self.move = outbox.move_id
        self.client = client
        self.proof = EntryProof(outbox, client)
        self.claim = Claim(outbox)
        self.is_done = False

    def run(self):
        """Delete the entry if it still is what was booked, and commit the result.

        :return: False if another worker has the booking.
        :raise ExactUnavailable, ExactStopped: the company has to wait; the booking is
            in order.
        """
        unavailable = None
        with isolated(self.outbox, on_bug=self._finish_after_bug):
            try:
                if not self._claim():
                    return False
                unavailable = self._withdraw_or_wait()
                commit_result(self.outbox, self.client)
                self.is_done = True
            except ClaimLost as lost:
                self._leave_to_others(lost)
        if unavailable:
            raise unavailable
        return self.is_done

    def _claim(self):
        """Take the booking, committed so that all other workers see it."""
        outbox, now = self.outbox, fields.Datetime.now()
        if not outbox.try_lock_for_update() or outbox.state != "withdrawing":
            return False
        if outbox.scheduled_at > now:
            return False
        outbox._claim_withdrawal()
        self.claim.renew()
        self.env["ir.cron"]._commit_progress()
        return True

    def _withdraw_or_wait(self):
        """Delete the entry if it may be deleted, or store why it has to wait.

        :return: the error if the company has to wait.
        """
        try:
            self._withdraw()
        except SerializationFailure:
            # Exact may have deleted it already.
            self.env.cr.rollback()
            self._store_error(ExactUnconfirmed("another worker changed the row"))
        except ExactError as err:
            self.env.cr.rollback()
            self._store_error(err)
            if isinstance(err, (ExactUnavailable, ExactStopped)):
                return err
        return None

    def _leave_to_others(self, lost):
        """Write nothing: who has the booking now may have booked the invoice again."""
        _logger.info("%s", lost)
        self.env.cr.rollback()

    def _withdraw(self):
        row = self.proof.find()
        if not row:
            # Deleted by a request whose answer was lost, or by somebody else.
            self._finish_gone(self.proof.find_other())
            return
        changes = withdrawal.changes(self.outbox.request, row)
        if changes:
            self._give_up(correction_messages.changed_text(self.outbox, changes))
        elif row.get("Status") == withdrawal.PROCESSED:
            self._give_up(correction_messages.deletion_refused_text(self.outbox, None))
        else:
            self._delete(row["EntryID"])

    def _delete(self, guid):
        self.claim.check()
        if self.outbox.scheduled_at <= fields.Datetime.now():
            # This worker was away for long: who has the booking by now looks again.
            raise ClaimLost(f"{self.outbox}: the claim is over")
        try:
            self.client.delete(resources.ENTRIES, guid)
        except ExactRejected as err:
            # Nobody's ID is refused as well: it may be gone by now.
            if self.proof.find():
                text = correction_messages.deletion_refused_text(self.outbox, err)
                self._give_up(text)
                return
        else:
            if self.proof.find():
                raise ExactUnconfirmed("the entry is still there")
        self._finish()

    # === RESULT === #

    def _finish_gone(self, other):
        """Store that the entry is not there, unless another one took its place.

        Exact gives an entry another ID when its customer is changed there.
        """
        if not other:
            self._finish()
            return
        text = correction_messages.other_entry_text(
            self.outbox, correction_messages.ENTRY_REPLACED, other
        )
        self._give_up(text)
        replaced = correction_messages.other_entry_text(
            self.outbox, correction_messages.REPLACED, other
        )
        self.outbox._note_finding("deleted", replaced, is_verification_due=False)

    def _finish(self):
        """Store that the entry is gone, and tell it in the chatter."""
        outbox = self.outbox
        self.claim.lock()
        reason = (outbox.withdrawal or {}).get("reason") or ""
        text = self._text(correction_messages.WITHDRAWN, reason=reason)
        if outbox.document_id.exact_guid:
            text += " " + self._text(correction_messages.WITHDRAWN_PDF)
        outbox._note_withdrawn()
        self.move.message_post(body=text)

    def _give_up(self, text):
        """Leave the invoice booked, and tell why in the chatter, too."""
        self.claim.lock()
        self.outbox._end_withdrawal(text)
        self.move.message_post(body=text)

    # === ERRORS === #

    def _store_error(self, err):
        """Look again later, whatever it is: Exact may have deleted the entry.

        | Error                             | Looked up again               |
        |-----------------------------------|-------------------------------|
        | ExactErrorLimit, ExactRateLimited | at the moment that it names   |
        | ExactUnconfirmed                  | not before a request is over  |
        | all others                        | a little later each time      |
        """
        outbox, now = self.outbox, fields.Datetime.now()
        self.claim.lock()
        text = correction_messages.WITHDRAWAL_WAITS
        until = now + life_cycle.retry_after(outbox.attempts)
        if isinstance(err, (ExactErrorLimit, ExactRateLimited)):
            until = err.retry_at
        elif isinstance(err, ExactUnconfirmed):
            text = correction_messages.WITHDRAWAL_LOST
            until = max(until, now + life_cycle.LOOK_UP_AFTER)
        outbox._wait_with_withdrawal(until, self._text(text))

    def _finish_after_bug(self, _err):
        """Leave the booking in order after a bug of ours, whatever it had reached."""
        outbox = self.outbox
        try:
            self.claim.lock()
        except ClaimLost as lost:
            self._leave_to_others(lost)
            return
        if outbox.state == "withdrawing":
            wait = max(
                life_cycle.retry_after(outbox.attempts), life_cycle.LOOK_UP_AFTER
            )
            text = self._text(correction_messages.WITHDRAWAL_BUG)
            outbox._wait_with_withdrawal(fields.Datetime.now() + wait, text)
        commit_result(outbox, self.client)
        self.is_done = True

    def _text(self, text, **values):
        return correction_messages.entry_text(self.outbox, text, **values)
