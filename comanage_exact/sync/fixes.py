"""What has to be changed for several bookings: one look for each cause."""

from functools import cached_property

from .fix import LISTS, Fix, open_list


class Fixes:
    """Finds what keeps bookings from Exact Online, and opens it.

    :param exact.outbox outboxes: as superuser.
    """

    def __init__(self, outboxes):
        self.outboxes = outboxes

    @cached_property
    def _by_cause(self):
        """(Fix of the first, all) of each cause: all of them have the same fix."""
        groups = self.outboxes.grouped(
            lambda outbox: (
                outbox.company_id,
                outbox.state,
                outbox.error_kind,
                # Without one the error is of this invoice alone.
                outbox.cause or outbox,
            )
        )
        return [(Fix(group[0]), group) for group in groups.values()]

    @cached_property
    def fixed(self):
        """Bookings that nothing keeps any longer."""
        found = self.outboxes.browse()
        for fix, group in self._by_cause:
            if fix.is_fixed and fix.outbox.state == "failed":
                found |= group
        return found

    @cached_property
    def _open_fixes(self):
        """(Fix, bookings) where something has to be changed, in Odoo or in Exact."""
        return [
            (fix, group)
            for fix, group in self._by_cause
            if group[0] not in self.fixed and (fix.record or fix.is_in_exact)
        ]

    @cached_property
    def first(self):
        """The Fix to begin with, one in Odoo before one in Exact; None if none."""
        fixes = sorted((fix for fix, _group in self._open_fixes), key=_is_elsewhere)
        return fixes[0] if fixes else None

    @cached_property
    def _together(self):
        """Those that are changed on the same screen as the first."""
        first = self.first
        if not first.record or first.record._name not in LISTS:
            return [(fix, group) for fix, group in self._open_fixes if fix is first]
        return [
            (fix, group)
            for fix, group in self._open_fixes
            if fix.record and fix.record._name == first.record._name
        ]

    @property
    def left_count(self):
        """How many bookings need another fix after that."""
        every = sum(len(group) for _fix, group in self._open_fixes)
        return every - sum(len(group) for _fix, group in self._together)

    def open(self, env):
        """Return the action that opens what the first cause needs changed.

        Codes that are chosen in the same list are opened together.
        """
        records = self.first.record
        if len(self._together) == 1:
            return self.first.open(env)
        return open_list(env, records.union(*(fix.record for fix, _ in self._together)))


def _is_elsewhere(fix):
    return not fix.record
