"""`make setup`: everything that is needed comes onto this machine, once."""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from dev import clients, oca, odoo, paths, system, venv
from dev.console import guarded


def main():
    """Run every step; each one returns at once when it was done before."""
    parser = argparse.ArgumentParser(prog="python -m dev.setup", description=__doc__)
    parser.add_argument(
        "--tools-only", action="store_true", help="only the virtual environment"
    )
    parser.add_argument(
        "--product-only", action="store_true", help="no public clients for the tests"
    )
    options = parser.parse_args()
    paths.LOCAL.mkdir(parents=True, exist_ok=True)
    venv.ensure()
    if options.tools_only:
        return
    with ThreadPoolExecutor(1) as pool:
        # They are there before Odoo is.
        installing = None if options.product_only else pool.submit(clients.ensure)
        odoo.ensure()
        oca.ensure()
        system.offer_wkhtmltopdf()
    if installing:
        installing.result()


if __name__ == "__main__":
    sys.exit(guarded(main))
