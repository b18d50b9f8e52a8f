"""Several runs of pytest side by side, shown as one."""

import re
import subprocess
import sys
from threading import Thread

PROGRESS_ENDS = re.compile(r"=+ (?!test session starts)")


class Run:
    """A run whose progress is shown as it comes; the rest is kept in `summary`.

    :param options: those of a process.
    """

    def __init__(self, **options):
        self._process = subprocess.Popen(
            **options,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self.summary = []
        self._reader = Thread(target=self._read)
        self._reader.start()

    def finish(self):
        """Wait for its end; return its exit status, that of a killed one above 128."""
        self._reader.join()
        status = self._process.wait()
        return status if status >= 0 else 128 - status

    def _read(self):
        for line in self._process.stdout:
            if self.summary or PROGRESS_ENDS.match(line):
                self.summary.append(line)
            else:
                _show([line])


def finish(runs):
    """Wait for all; show their summaries, and in the end the last line of each.

    :return: the highest exit status.
    """
    statuses = [run.finish() for run in runs]
    for run in runs:
        _show(run.summary[:-1])
    for run in runs:
        _show(run.summary[-1:])
    return max(statuses)


def _show(lines):
    sys.stdout.writelines(lines)
    sys.stdout.flush()
