"""Odoo servers on a clock that runs faster."""

import os
from dataclasses import dataclass
from pathlib import Path

from dev import paths
from dev.environment import Environment

ADDONS = Path(__file__).parent / "addons"


@dataclass(frozen=True)
class FastEnvironment(Environment):
    """An environment whose servers load `soak_clock`.

    :param Path clock: the file of a FastClock.
    """

    clock: Path

    @classmethod
    def based_on(cls, environment, clock):
        return cls(environment.odoo, environment.server, clock)

    def command(self, *options, subcommand="server"):
        return super().command(
            f"--addons-path={paths.ROOT},{ADDONS}",
            "--load=base,web,soak_clock",
            *options,
            subcommand=subcommand,
        )

    def variables(self):
        variables = super().variables()
        places = (str(paths.ROOT), variables["PYTHONPATH"])
        return {
            **variables,
            "PYTHONPATH": os.pathsep.join(places),
            "COMANAGE_SOAK_CLOCK": str(self.clock),
        }
