"""Command line: python -m tests.soak --seed 1 --invoices 2000"""

import argparse
import signal
import sys

from dev import paths, postgres, postgres_cluster
from dev.console import Problem, guarded, say
from dev.environment import Environment
from dev.lock import exclusive

from .storm import Storm

SEED, INVOICES = 1, 2000
LONGEST = 14 * 60


def main():
    """Run the soak on a PostgreSQL of its own; the last line printed is the figures.

    :return: 0 only if all are posted, none booked twice or lost, all equal to the cent.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--invoices", type=int, default=INVOICES)
    options = parser.parse_args()
    # Whoever ends it wants its servers ended, too; in the background as well.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    is_own_server = postgres.named_server() is None
    if not is_own_server:
        say("PostgreSQL is yours, so it is not restarted: its sessions are cut instead")
    elif paths.STATE != paths.SOAK:
        raise Problem("The soak restarts PostgreSQL: run it by make soak.")
    with exclusive("soak"):
        figures, first, last = _run(options, is_own_server)
    report(first, last)
    print(figures, flush=True)
    is_whole = figures.invoices == options.invoices
    return 0 if is_whole and figures.is_clean else 1


def _run(options, is_own_server):
    say(f"Soak with seed {options.seed}")
    try:
        storm = Storm(
            Environment.start(),
            options.seed,
            options.invoices,
            is_own_server=is_own_server,
            seconds=LONGEST,
        )
        return storm.run()
    finally:
        if is_own_server:
            postgres_cluster.stop()


def report(first, last):
    """Print what each invoice asks for, by count, and whatever is wrong by name."""
    for reason, count in first.reasons.most_common():
        print(f"{count} asked: {reason}")
    for name in ("duplicates", "lost", "unequal"):
        for label in sorted({*getattr(first, name), *getattr(last, name)}):
            print(f"{name}: {label}")


if __name__ == "__main__":
    sys.exit(guarded(main))
