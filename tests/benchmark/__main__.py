"""Command line: python -m tests.benchmark [--quick | --smallest] [--only PART]"""

import subprocess
import sys

from dev import paths
from dev.console import guarded
from dev.environment import Environment


def main():
    """Measure in a process that can import Odoo; return its exit status."""
    environment = Environment.start()
    command = [sys.executable, "-m", "tests.benchmark.run", *sys.argv[1:]]
    return subprocess.call(command, cwd=paths.ROOT, env=environment.variables())


if __name__ == "__main__":
    sys.exit(guarded(main))
