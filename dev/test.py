"""`make test`: installs the add-on in a fresh database and runs all tests there."""

import re
import subprocess
import sys

from dev import paths, system
from dev.console import guarded, say
from dev.environment import Environment
from dev.templates import TESTS, fresh_copy

NO_TESTS_RAN = 5
"""pytest's own exit status for it; a failure, since there always are tests."""

BROWSER_TEST = re.compile(r"\b(start_tour|browser_js)\(")


def main():
    """Run pytest with the arguments of the command line.

    :return: exit status of pytest.
    """
    if _has_browser_tests():
        system.ensure_chromium()
    environment = Environment.start()
    with fresh_copy(environment, TESTS) as database:
        say("Running the tests")
        command = [
            *(sys.executable, "-m", "pytest"),
            f"--odoo-config={environment.config}",
            f"--odoo-database={database}",
            "--odoo-http",
            *sys.argv[1:],
        ]
        status = subprocess.call(command, cwd=paths.ROOT, env=environment.variables())
    if status == NO_TESTS_RAN:
        say("No test ran, which counts as a failure")
    return status


def _has_browser_tests():
    folders = (paths.ROOT / paths.ADDON / "tests", paths.ROOT / "tests")
    files = (file for folder in folders for file in folder.rglob("*.py"))
    return any(BROWSER_TEST.search(file.read_text()) for file in files)


if __name__ == "__main__":
    sys.exit(guarded(main))
