"""Reading a due booking and its invoice before it is claimed, without any call."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ..booking.problem import Problem
from ..booking.sales_entry import SalesEntry
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
    :param Decimal rounding_limit: the largest difference that Exact may make.
    :param bool is_older: the invoice is older than the connection.
    """

    outbox: models.Model
    read_at: tuple | None = None
    problems: Sequence[Problem] = ()
    entry: SalesEntry | None = None
    changes: dict | None = None
    has_pdf: bool = False
    rounding_limit: Decimal = Decimal()
    is_older: bool = False

    def lacks_customer(self):
        """Tell whether the customer has to be looked up before the invoice is sent."""
        return bool(self.entry) and not self.entry.customer


def prepare(outbox):
    """Read a booking and its invoice; write nothing and make no call.

    :return: PreparedEntry
    """
    if outbox.state != "pending":
        return PreparedEntry(outbox)
    read_at = last_changes(outbox)
    mapper = SalesEntryMapper(outbox.move_id)
    problems = mapper.problems()
    if problems:
        return PreparedEntry(outbox, read_at, problems)
    changes = {}
    if mapper.customer and mapper.customer == mapper.partner.exact_guid:
        changes = entry_changes(mapper)
    return PreparedEntry(
        outbox,
        read_at,
        entry=mapper.entry(),
        changes=changes,
        has_pdf=bool(get_pdf(outbox)),
        rounding_limit=mapper.rates.allowed,
        is_older=is_older(outbox.move_id, mapper.company),
    )


def entry_changes(mapper):
    """Return what Exact is to get of a customer, as dict; see `CustomerMapper`."""
    customer = mapper.customer_mapper
    if mapper.needs_vat_number:
        return customer.changes_with_vat_number()
    return customer.changes


def is_older(move, owner):
    """Tell whether somebody may have entered an invoice in Exact before Odoo could.

    :param res.company owner: that has connection and settings, as superuser.
    """
    connected_at = owner.exact_connection_id.connected_at
    began = [owner.exact_start_date, connected_at and connected_at.date()]
    return any(day and move.invoice_date < day for day in began)


def last_changes(outbox):
    """Return what differs once somebody writes the booking or its invoice."""
    return outbox.write_date, outbox.move_id.write_date
