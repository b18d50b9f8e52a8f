"""An entry that gets into another division than the one that was asked for.

The real service did so for some weeks in 2024, and told it only by the division in its
answer.
"""

from dataclasses import replace

from . import posting
from .entries import Booking
from .errors import Findings
from .gate import is_open
from .kinds import KINDS


def other_division(context, wanted):
    """Return where the entry goes instead; None where there is no other division."""
    state, user = context.state, context.user
    if wanted in state.divisions():
        return wanted if wanted != context.division else None
    return next(
        (
            code
            for code, row in state.divisions().items()
            if code != context.division and state.may_open(user, code) and is_open(row)
        ),
        None,
    )


def move(context, resource, row):
    """Move a new entry and its lines; return the context of its new division.

    :raise Findings: its number is in use there.
    """
    there = replace(context, division=context.booked_in)
    kind = next((kind for kind in KINDS if kind.entries == resource.uri), None)
    if kind:
        posting.remove(context, row)
    lines = [
        (uri, line)
        for uri, link in resource.children.values()
        for line in context.state.lookup(
            context.division, uri, row[resource.key], by=(link,)
        )
    ]
    for uri, line in lines:
        context.state.delete(context.division, uri, line["ID"])
    context.state.delete(context.division, resource.uri, row[resource.key])
    if kind and _is_in_use(there, resource, row):
        raise Findings([context.about("in_use", "EntryNumber")])
    context.state.insert(there.division, resource.uri, row, context.user)
    for uri, line in lines:
        context.state.insert(there.division, uri, line, context.user)
    if kind:
        Booking(there, kind).total(row)
    return there


def _is_in_use(there, resource, row):
    numbers = there.rows(resource.uri).numbers("EntryNumber")
    place = (row["Journal"], row["ReportingYear"])
    return numbers.count(row["EntryNumber"], *place) > 0
