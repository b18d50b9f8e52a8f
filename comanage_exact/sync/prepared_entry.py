"""A booking as it was read before its turn, many at once."""

from collections.abc import Sequence
from typing import NamedTuple

from odoo import models

from ..booking.problem import Problem
from ..booking.sales_entry import SalesEntry
from ..mappers.customer import CustomerMapper
from ..mappers.sales_entry import SalesEntryMapper
from .documents import get_pdf


class PreparedEntry(NamedTuple):
    """A due booking as it was read, before it is claimed.

    :param exact.outbox outbox: in the language of the responsible user, in the company
        that has the settings.
    :param tuple read_at: see `last_changes`; None to read the booking again.
    :param Sequence problems: what keeps the invoice in Odoo.
    :param SalesEntry entry: None with problems; without customer if Exact has none.
    :param dict changes: what Exact is to get of a customer that it has; None if nothing
        says what it got before.
    :param bool has_pdf: there is one to send; the file itself is not read ahead.
    """

    outbox: models.Model
    read_at: tuple | None = None
    problems: Sequence[Problem] = ()
    entry: SalesEntry | None = None
    changes: dict | None = None
    has_pdf: bool = False

    def lacks_customer(self):
        """Tell whether the customer has to be looked up before the invoice is sent."""
        return bool(self.entry) and not self.entry.customer


def prepare(outbox):
    """Read a booking and its invoice; write nothing and make no call.

    :return: PreparedEntry
    """
    if outbox.state != "pending":
        return PreparedEntry(outbox)
    mapper = SalesEntryMapper(outbox.move_id)
    problems = mapper.problems()
    if problems:
        return PreparedEntry(outbox, last_changes(outbox), problems)
    changes = {}
    if mapper.customer and mapper.customer == mapper.partner.exact_guid:
        changes = CustomerMapper(mapper.partner).changes
    return PreparedEntry(
        outbox,
        last_changes(outbox),
        entry=mapper.entry(),
        changes=changes,
        has_pdf=bool(get_pdf(outbox)),
    )


def last_changes(outbox):
    """Return what differs once somebody writes the booking or its invoice."""
    return outbox.write_date, outbox.move_id.write_date
