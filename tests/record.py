"""Writes `tests/recorded/simulator.json`: a check of a division of the simulator.

Run by `make record`. The moment and the chosen IDs differ from one run to the next.
"""

import sys
from pathlib import Path

import odoo.addons

ROOT = Path(__file__).parent.parent
PATH = ROOT / "tests" / "recorded" / "simulator.json"


def main():
    """Check a division of a simulator that has some entries; return an exit status."""
    odoo.addons.__path__.append(str(ROOT))
    # The add-on can be imported from here on.
    from odoo.addons.comanage_exact.booking.division_report import make_report

    from .division_stage import Checked
    from .simulator import serve
    from .simulator_api import fixed_clock

    with serve(clock=fixed_clock()) as simulator:
        checked = Checked(simulator)
        checked.run()
        report = make_report(
            checked.recorder.exchanges,
            made_with="comanage_exact, with the simulator",
            made_on=checked.day,
            site="be",
        )
    PATH.write_text(report + "\n")
    print(f"Written: {PATH.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
