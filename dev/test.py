"""`make test`: installs the add-on in fresh databases and runs all tests there."""

import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from dev import paths, system
from dev.console import guarded, say
from dev.environment import Environment
from dev.templates import TESTS, fresh_copy

NO_TESTS_RAN = 5
"""pytest's own exit status for it; a failure, since there always are tests."""

BROWSER_TEST = re.compile(r"\b(start_tour|browser_js)\(")

FOLDERS = (f"{paths.ADDON}/tests", "tests")
"""Take about as long as each other, so they run side by side."""


def main():
    """Run pytest with the arguments of the command line, else all tests.

    :return: exit status, the highest of pytest's.
    """
    if _has_browser_tests():
        system.ensure_chromium()
    environment = Environment.start()
    arguments = sys.argv[1:]
    runs = [arguments] if arguments else [[folder] for folder in FOLDERS]
    with ExitStack() as stack:
        copies = [stack.enter_context(fresh_copy(environment, TESTS)) for _run in runs]
        status = _run_together(environment, copies, runs)
    if status == NO_TESTS_RAN:
        say("No test ran, which counts as a failure")
    return status


def _run_together(environment, databases, runs):
    """Run pytest in each database; show the output of one after that of the other.

    :param list runs: the arguments of each, at most two.
    :return: the highest exit status.
    """
    say("Running the tests" + " in two halves, the second shown last" * (len(runs) > 1))
    with tempfile.TemporaryFile() as later:
        processes = [
            _pytest(environment, database, arguments, later if number else None)
            for number, (database, arguments) in enumerate(
                zip(databases, runs, strict=True)
            )
        ]
        statuses = [process.wait() for process in processes]
        later.seek(0)
        shutil.copyfileobj(later, sys.stdout.buffer)
        sys.stdout.flush()
    return max(statuses)


def _pytest(environment, database, arguments, output):
    command = [
        *(sys.executable, "-m", "pytest"),
        f"--odoo-config={environment.config}",
        f"--odoo-database={database}",
        "--odoo-http",
        *arguments,
    ]
    return subprocess.Popen(
        command,
        cwd=paths.ROOT,
        env=environment.variables(),
        stdout=output,
        stderr=output and subprocess.STDOUT,
    )


def _has_browser_tests():
    folders = (paths.ROOT / folder for folder in FOLDERS)
    files = (file for folder in folders for file in folder.rglob("*.py"))
    return any(BROWSER_TEST.search(file.read_text()) for file in files)


if __name__ == "__main__":
    sys.exit(guarded(main))
