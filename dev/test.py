"""`make test`: installs the add-on in fresh databases and runs all tests there."""

import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from dev import paths, system
from dev.console import guarded, say
from dev.environment import Environment
from dev.runs import Run, finish
from dev.templates import TESTS, fresh_copy

NO_TESTS_RAN = 5
"""pytest's own exit status for it; a failure, since there always are tests."""

BROWSER_TEST = re.compile(r"\b(start_tour|browser_js)\(")

FOLDERS = (f"{paths.ADDON}/tests", "tests")

MOST_PROCESSORS = 4
"""More would wait for the longest tests, and for PostgreSQL."""


def main():
    """Run pytest with the arguments of the command line, else all tests.

    :return: exit status, the highest of pytest's.
    """
    if _has_browser_tests():
        system.ensure_chromium()
    environment = Environment.start()
    arguments = sys.argv[1:]
    if arguments:
        status = _run_one(environment, arguments)
    else:
        status = _run_all(environment)
    if status == NO_TESTS_RAN:
        say("No test ran, which counts as a failure")
    return status


def _run_one(environment, arguments):
    with fresh_copy(environment, TESTS) as database:
        say("Running the tests")
        return subprocess.call(**_pytest(environment, database, arguments))


def _run_all(environment):
    """Run all tests in several processes, each with a database of its own."""
    # Some tests wait most of their time; the additional one works meanwhile.
    count = min(len(os.sched_getaffinity(0)), MOST_PROCESSORS) + 1
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        arguments = [
            *("-p", "dev.sharing", f"--share={folder}"),
            # Each would count the tests of the others, and write the same cache.
            *("-p", "no:cacheprovider", "-o", "console_output_style=classic"),
        ]
        databases = [
            stack.enter_context(fresh_copy(environment, TESTS)) for _ in range(count)
        ]
        say(f"Running the tests in {count} processes, their summaries last")
        runs = [
            Run(**_pytest(environment, database, arguments)) for database in databases
        ]
        return finish(runs)


def _pytest(environment, database, arguments):
    """Return the arguments of a process that runs pytest."""
    command = [
        *(sys.executable, "-m", "pytest"),
        f"--odoo-config={environment.config}",
        f"--odoo-database={database}",
        "--odoo-http",
        *arguments,
    ]
    return {"args": command, "cwd": paths.ROOT, "env": environment.variables()}


def _has_browser_tests():
    folders = (paths.ROOT / folder for folder in FOLDERS)
    files = (file for folder in folders for file in folder.rglob("*.py"))
    return any(BROWSER_TEST.search(file.read_text()) for file in files)


if __name__ == "__main__":
    sys.exit(guarded(main))
