"""`make setup`: everything that is needed comes onto this machine, once."""

import argparse
import sys

from dev import odoo, paths, system, venv
from dev.console import guarded


def main():
    """Run every step; each one returns at once when it was done before."""
    parser = argparse.ArgumentParser(prog="python -m dev.setup", description=__doc__)
    parser.add_argument(
        "--tools-only", action="store_true", help="only the virtual environment"
    )
    options = parser.parse_args()
    paths.LOCAL.mkdir(parents=True, exist_ok=True)
    venv.ensure()
    if not options.tools_only:
        odoo.ensure()
        system.offer_wkhtmltopdf()


if __name__ == "__main__":
    sys.exit(guarded(main))
