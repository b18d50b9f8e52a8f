"""The steps of setting up a company, and which one is next."""

from collections.abc import Mapping

APP = "app"
CONNECTION = "connection"
DIVISION = "division"
MAPPING = "mapping"
TEST = "test"
# In the order in which a person takes them.
STEPS = (APP, CONNECTION, DIVISION, MAPPING, TEST)

DONE = "done"
NEXT = "next"
LATER = "later"


def judge(done: Mapping[str, bool]) -> dict[str, str]:
    """Return the state of each step; the first that is not done is the next one."""
    states = {}
    is_later = False
    for step in STEPS:
        if done[step]:
            states[step] = DONE
        else:
            states[step] = LATER if is_later else NEXT
            is_later = True
    return states


def find_next(states: Mapping[str, str]) -> str:
    """Return the step that is next; the last one where all are done."""
    return next((step for step in STEPS if states[step] == NEXT), TEST)
