"""Books all that is due and prints by how many MB the process grew at its peak."""

import gc
import sys
from pathlib import Path

# Sets up `odoo`, which all others import from.
import odoo.init  # noqa: F401

from dev.console import Problem
from dev.environment import Environment

from .stage import Database, read_configuration

PROCESS = Path("/proc/self")


def main():
    read_configuration(Environment.start())
    database = Database(sys.argv[1])
    total = database.count("pending")
    # The first of them fill the caches that every server fills.
    warm_up = min(total // 10 + 1, 100)
    _push_some(database, warm_up)
    gc.collect()
    before = _forget_peak()
    _push_some(database, total - warm_up)
    print((_peak() - before) / 1024)


def _push_some(database, count):
    """Push so many, while the others are on hold."""
    database.let_wait(count)
    while count:
        database.push()
        before, count = count, database.count("pending")
        if count == before:
            raise Problem("The push stopped with invoices that are due.")


def _forget_peak():
    """Let the peak of the memory begin anew; return its present size in kB."""
    (PROCESS / "clear_refs").write_text("5")
    return _status("VmRSS")


def _peak():
    return _status("VmHWM")


def _status(name):
    for line in (PROCESS / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ValueError(name)


if __name__ == "__main__":
    main()
