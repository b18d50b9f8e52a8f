"""An entry that gets into another division than the one that was asked for.

The real service did so for some weeks in 2024, and told it only by the division in its
answer.
"""

from dataclasses import replace

from .errors import Findings
from .gate import is_open


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
    lines = [
        (uri, line)
        for uri, link in resource.children.values()
        for line in list(context.rows(uri).values())
        if line.get(link) == row[resource.key]
    ]
    for uri, line in lines:
        context.state.delete(context.division, uri, line["ID"])
    context.state.delete(context.division, resource.uri, row[resource.key])
    if _is_in_use(there, resource, row):
        raise Findings([context.about("in_use", "EntryNumber")])
    context.state.insert(there.division, resource.uri, row, context.user)
    for uri, line in lines:
        context.state.insert(there.division, uri, line, context.user)
    return there


def _is_in_use(there, resource, row):
    names = ("Journal", "ReportingYear", "EntryNumber")
    return any(
        all(other[name] == row[name] for name in names)
        for other in there.rows(resource.uri).values()
    )
