"""Runs all tests that need no database, within seconds; a part of `make check`."""

import os
import subprocess
import sys

from dev import odoo, paths
from dev.console import guarded
from dev.environment import python_variables


def main():
    """Run pytest; return its exit status."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "dev.without_database"),
        # Odoo wants a name, and connects to nothing.
        *(f"--odoo-config={os.devnull}", "--odoo-database=none"),
        f"--odoo-addons-path={paths.ROOT}",
        *sys.argv[1:],
    ]
    folder = odoo.locate().python_path()
    variables = {**python_variables(), "PYTHONPATH": str(folder)}
    return subprocess.call(command, cwd=paths.ROOT, env=variables)


if __name__ == "__main__":
    sys.exit(guarded(main))
