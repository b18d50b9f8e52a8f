"""The sentences about a check of a division."""

from odoo.tools.translate import LazyTranslate

from ..booking.division_fact import INFO, OK, PROBLEM, UNKNOWN
from ..booking.division_lists import LISTS
from ..exact_api.resources import ENTRIES, ME
from .messages import say

_lt = LazyTranslate(__name__)

# The worst first.
ORDER = (PROBLEM, INFO, UNKNOWN, OK)

SUMMARY = _lt(
    "%(checked)s of %(total)s facts checked: %(ok)s as expected, %(info)s different "
    "but handled, %(problem)s problems."
)
TEST_IS_RUNNING = _lt(
    "A test entry of %(company)s is being booked, or may still be in Exact Online. "
    "Delete it before you book another one."
)
DELETE_FIRST = _lt(
    "The last test entry of %(company)s may still be in Exact Online. Click Delete "
    "Test Entry before you book another one."
)
ALL_ANSWERS = _lt("All answers")
TEST_ENTRY = _lt("Test entry")

# By the first part of a fact's name; lists are named by their resource.
_TEST_STEPS = ("refusal", "book", "read_back", "change", "delete")
_AREAS = {"me": ME, "entries": ENTRIES}


def summary(env, totals):
    """Return how much was checked, and with what result.

    :param Counter totals: of `division_report.count`.
    """
    names = ("checked", "total", OK, INFO, PROBLEM)
    return say(env, SUMMARY, **{name: totals[name] for name in names})


def prepare_lines(env, outcomes):
    """Return the values of a line for each fact, the worst first.

    :param list outcomes: of `division_fact.Outcome`.
    """
    found = sorted(outcomes, key=lambda outcome: ORDER.index(outcome.result))
    return [
        {
            "sequence": sequence,
            "area": _area(env, outcome.fact.name),
            "fact": outcome.fact.name,
            "section": outcome.fact.section,
            "result": outcome.result,
            "message": say(env, outcome.sentence, **outcome.values),
        }
        for sequence, outcome in enumerate(found)
    ]


def _area(env, fact):
    step = fact.split(".")[0]
    if step in _TEST_STEPS:
        return say(env, TEST_ENTRY)
    if step in LISTS:
        return LISTS[step][0]
    return _AREAS.get(step) or say(env, ALL_ANSWERS)
