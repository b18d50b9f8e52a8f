"""What a comparison finds becomes the finding of the bookings, badge and all."""

from ..booking import comparison
from . import verification


class ComparisonFindings:
    """Collects the findings of a batch, and stores them together.

    :param env: as superuser.
    """

    def __init__(self, env):
        self.env = env
        self._found = {}

    def add(self, outbox, kind, message, ours, theirs, differences):
        """Add what was found of a booked invoice.

        :param exact.outbox outbox: its booking.
        :param str kind: see `exact.comparison.line`.
        :param str message: of the comparison; empty if there is nothing to say.
        :param comparison.Booking ours, theirs: what was compared; theirs may be None.
        :param list differences: as `comparison.differences` found them.
        """
        values = {
            "is_verification_due": False,
            "found": theirs and comparison.describe(differences, theirs),
            **verification.rounding_values(outbox, differences, ours),
        }
        if theirs is None or theirs.key != ours.key:
            # The entry that Odoo booked is gone, whatever somebody made of it.
            self._found[outbox.id] = ("deleted", message, values)
        elif kind == "equal" and not outbox._may_differ_in_lines(theirs):
            self._found[outbox.id] = ("equal", "", values)
        elif kind == "rounding":
            values["booked_difference"] = message
            self._found[outbox.id] = ("differs", message, values)
        elif kind == "different":
            self._found[outbox.id] = ("differs", message, values)
        elif outbox.is_verification_due:
            verification.note_verified(outbox, theirs)

    def store(self):
        """Note the findings, except on bookings that something else is changing."""
        outboxes = self.env["exact.outbox"].browse(self._found)
        for outbox in outboxes.try_lock_for_update():
            finding, difference, values = self._found[outbox.id]
            if outbox.state == "sent":
                outbox._note_finding(finding, difference, **values)
        self._found = {}
