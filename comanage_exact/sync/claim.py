"""Whether a booking is still as the worker left it that has it in hand."""

from odoo.exceptions import MissingError


class ClaimLost(Exception):
    """Somebody else has the booking now: what this worker knows of it is not written.

    Another worker, after this one was away for longer than its claim holds, or a person
    who decided meanwhile.
    """


class Claim:
    """What a worker last saw or wrote of a booking, before it made calls.

    :param exact.outbox outbox: a single one.
    """

    def __init__(self, outbox):
        self.outbox = outbox
        self.seen = self._read()

    def renew(self):
        """Take the booking as it is now, which this worker has just written."""
        self.seen = self._read()

    def check(self):
        """Make sure that the booking is still ours before a call is made for it.

        :raise ClaimLost: it is not.
        """
        try:
            found = self._read()
        except MissingError as err:
            raise ClaimLost(f"{self.outbox} is deleted") from err
        if found != self.seen:
            raise ClaimLost(f"{self.outbox}: {found} instead of {self.seen}")

    def lock(self):
        """Lock the booking for its result to be written.

        :raise ClaimLost: it is no longer ours.
        :raise SerializationFailure: somebody wrote it since this transaction began.
        """
        if not self.outbox.try_lock_for_update():
            raise ClaimLost(f"{self.outbox} is locked or deleted")
        self.check()

    def _read(self):
        outbox = self.outbox
        return outbox.state, outbox.attempts, outbox.claimed_at
