"""A plugin of pytest: runs side by side share the files of tests between them.

Each run collects all tests, and takes the next file that no other has taken yet; what a
file tests with two profiles of the simulator is shared as if it were two files.
"""

from itertools import groupby
from pathlib import Path

import pytest

# Those that take longest come first; the short ones then even it out.
LONGEST = (
    "tests/test_kinds_in_simulator.py",
    "tests/test_soak.py",
    "tests/test_idle.py",
    "tests/test_benchmark.py",
    "tests/test_random_invoices.py",
    "tests/test_killing.py",
    "tests/test_documents.py",
    "tests/test_concurrency.py",
    "tests/test_end_to_end.py",
    "tests/test_customers.py",
    "tests/test_limits.py",
    "tests/test_comparison.py",
    "tests/test_prefork.py",
    "tests/test_dist.py",
    "comanage_exact/tests/test_outage.py",
    "comanage_exact/tests/test_tours_overview.py",
    "comanage_exact/tests/test_setup_tour.py",
    "comanage_exact/tests/test_tours_daily.py",
    "comanage_exact/tests/test_tours.py",
)


def pytest_addoption(parser):
    parser.addoption("--share", help="folder in which runs note what they have taken")


def pytest_collection_modifyitems(config, items):
    def rank(item):
        file = _file(config, item)
        return LONGEST.index(file) if file in LONGEST else len(LONGEST)

    items.sort(key=rank)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run the tests as pytest itself does, but only those of the files taken."""
    if session.testsfailed:
        # The collection failed, of which pytest makes an error.
        return None
    items = _take(session)
    item = next(items, None)
    while item:
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def _take(session):
    folder = Path(session.config.getoption("--share"))
    for part, items in groupby(session.items, lambda item: _part(session.config, item)):
        try:
            (folder / part.replace("/", "-")).touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from items


def _part(config, item):
    """Return the file of a test, with the profile that it is run with."""
    call = getattr(item, "callspec", None)
    profile = call.params.get("profile", "") if call else ""
    return f"{_file(config, item)} {profile}"


def _file(config, item):
    return item.path.relative_to(config.rootpath).as_posix()
