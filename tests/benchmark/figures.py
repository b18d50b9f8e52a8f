"""What a measurement found, for people and for programs."""

import json
from dataclasses import dataclass
from statistics import median

HEAD = f"{'Figure':58}{'Median':>10}  {'Lowest':>9} {'Highest':>9}  {'Goal':14}"


@dataclass(frozen=True)
class Figure:
    """One figure with the samples it is the median of.

    :param float at_most, at_least: what is to be reached; None where nothing is.
    """

    name: str
    unit: str
    samples: tuple
    at_most: float | None = None
    at_least: float | None = None

    @property
    def median(self):
        return median(self.samples)

    @property
    def reached(self):
        """Tell whether the goal is reached; None where there is none."""
        if self.at_most is not None:
            return self.median <= self.at_most
        if self.at_least is not None:
            return self.median >= self.at_least
        return None

    def as_row(self):
        """Return the line of the table under `HEAD`."""
        verdict = {None: "", True: "reached", False: "MISSED"}[self.reached]
        return (
            f"{f'{self.name}, {self.unit}':58}{self.median:10.2f}"
            f"  {min(self.samples):9.2f} {max(self.samples):9.2f}"
            f"  {self._goal():14}{verdict}"
        ).rstrip()

    def as_json(self):
        """Return the line for programs."""
        return json.dumps(
            {
                "figure": self.name,
                "unit": self.unit,
                "median": round(self.median, 4),
                "samples": [round(sample, 4) for sample in self.samples],
                "goal": self._goal() or None,
                "reached": self.reached,
            }
        )

    def _goal(self):
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return ""
