"""A clock that runs faster, shared by the simulator and the Odoo servers by a file."""

import json
import time
from pathlib import Path


class FastClock:
    """Tell the time in seconds since 1970.

    :param path: of the file that says how the time runs; see `create`.
    """

    def __init__(self, path):
        self._path = Path(path)
        self.speed = self._read()["speed"]

    @classmethod
    def create(cls, path, speed):
        """Make a clock that shows the real time now and runs `speed` times as fast."""
        _write(Path(path), {"origin": time.time(), "speed": speed, "jumped": 0})
        return cls(path)

    def now(self):
        kept = self._read()
        passed = time.time() - kept["origin"]
        return kept["origin"] + passed * kept["speed"] + kept["jumped"]

    def jump(self, seconds):
        """Let time pass at once; for when nothing is under way anywhere."""
        kept = self._read()
        kept["jumped"] += seconds
        _write(self._path, kept)

    def _read(self):
        return json.loads(self._path.read_text())


def _write(path, values):
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(values))
    fresh.replace(path)
