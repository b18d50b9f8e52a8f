"""Records which functions of a folder are called, and counts the way between files."""

import inspect
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Call:
    """One call of an own function.

    :param int depth: how many own functions are on the stack below it.
    :param str file: relative to the folder.
    """

    depth: int
    file: str
    name: str


@dataclass(frozen=True)
class Figures:
    """How far a reader walks who follows the calls in the order they happen.

    :param int calls: of own functions.
    :param int files: in which they stand.
    :param int moves: calls whose function stands in another file than that of the call
        before. Coming back to the caller counts only when something is called there.
    :param int returns: moves into a file that was left before; moves less the files
        that are new.
    """

    calls: int
    files: int
    moves: int
    returns: int


@contextmanager
def recorded(folder):
    """Give the list of calls that this thread makes inside the block.

    Own functions have a name and stand in the folder, its tests left out. What has no
    name (lambdas, comprehensions, generator expressions, modules, class bodies) is
    neither counted nor a level of depth. A generator is called once, however often it
    goes on.
    """
    calls, generators = [], set()
    own_file = _own_file_finder(folder)

    def hear(frame, event, _argument):
        if event != "call" or not own_file(frame.f_code):
            return
        if frame.f_code.co_flags & inspect.CO_GENERATOR:
            if frame in generators:
                return
            generators.add(frame)
        depth = sum(1 for code in _callers(frame) if own_file(code))
        calls.append(Call(depth, own_file(frame.f_code), frame.f_code.co_qualname))

    sys.setprofile(hear)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def _own_file_finder(folder):
    """Return a function that says in which file of the folder code stands, or None."""
    folder = Path(folder).resolve()

    @cache
    def find(code):
        path = Path(code.co_filename)
        # A class body or module is no function; "<lambda>" and its like have no name.
        is_named = code.co_flags & inspect.CO_OPTIMIZED and code.co_name[0] != "<"
        if not is_named or not path.is_relative_to(folder):
            return None
        file = path.relative_to(folder)
        return None if "tests" in file.parts else file.as_posix()

    return find


def _callers(frame):
    while frame := frame.f_back:
        yield frame.f_code


def part_of(calls, name):
    """Return the first call of a method with all that it leads to; depth begins at 0.

    :param str name: without its class.
    """
    part = []
    for call in calls:
        if part and call.depth <= part[0].depth:
            break
        if part or call.name.split(".")[-1] == name:
            part.append(call)
    return [replace(call, depth=call.depth - part[0].depth) for call in part]


def count(calls):
    """Return the figures of a list of calls."""
    arrivals = list(_arrivals(calls))
    files = len(set(arrivals))
    # One starts in the first file, and does not move there.
    moves = max(len(arrivals) - 1, 0)
    return Figures(len(calls), files, moves, returns=len(arrivals) - files)


def visits(calls):
    """Return (file, times one comes there, calls) of each file, most visited first."""
    arrivals = Counter(_arrivals(calls))
    made = Counter(call.file for call in calls)
    return [(file, times, made[file]) for file, times in arrivals.most_common()]


def _arrivals(calls):
    """Yield the files in the order one comes to them."""
    here = None
    for call in calls:
        if call.file != here:
            here = call.file
            yield here
