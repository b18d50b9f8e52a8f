"""The one line that a run ends with."""

from dataclasses import dataclass, field


@dataclass
class Figures:
    """What a run counted.

    :param dict faults: how often each kind struck.
    :param int restarts: of PostgreSQL.
    :param int cuts: how often all sessions were cut, on a server that is not ours.
    :param int consents: lost with the answer to a renewal, and given again.
    :param int asking: invoices that asked for a person.
    :param int left: those that still did after the person had pressed the button.
    """

    seed: int
    invoices: int = 0
    faults: dict = field(default_factory=dict)
    kills: int = 0
    restarts: int = 0
    cuts: int = 0
    consents: int = 0
    duplicates: int = 0
    lost: int = 0
    unequal: int = 0
    asking: int = 0
    left: int = 0
    seconds: int = 0

    @property
    def is_clean(self):
        return not (self.duplicates or self.lost or self.unequal or self.left)

    def __str__(self):
        kinds = " ".join(f"{name}={self.faults[name]}" for name in sorted(self.faults))
        values = {**vars(self), "faults": f"{sum(self.faults.values())} ({kinds})"}
        return "soak: " + " ".join(f"{name}={value}" for name, value in values.items())
