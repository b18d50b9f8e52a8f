"""Processes beside the server that book what is due, for tests of several at once."""

import subprocess
import time

from dev import paths

PUSH = "env['exact.outbox']._cron_push()\n"
# Says that it is there, waits for the start, says how many rows it has taken.
PUSH_AT_THE_START = """
import time
from pathlib import Path
from odoo.addons.comanage_exact.sync.push import Push

folder = Path({folder!r})
claim, taken = Push._claim, []

def count(push):
    claim(push)
    taken.extend(push.outbox.ids)

Push._claim = count
(folder / "ready-{name}").touch()
while not (folder / "start").exists():
    time.sleep(0.01)
env['exact.outbox']._cron_push()
(folder / "taken-{name}").write_text(str(len(taken)))
"""


class Workers:
    """Starts processes, and ends those that are left.

    :param dev.environment.Environment environment: where the database is.
    """

    def __init__(self, environment, database):
        self._environment = environment
        self._database = database
        self._processes = []

    def start(self, script=PUSH):
        """Start an Odoo process that runs a script in its shell; return it at once."""
        process = subprocess.Popen(
            self._environment.command(
                f"--database={self._database}", "--no-http", subcommand="shell"
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._environment.variables(),
            cwd=paths.ROOT,
            text=True,
        )
        process.stdin.write(script)
        process.stdin.close()
        self._processes.append(process)
        return process

    def stop(self):
        for process in self._processes:
            process.kill()
            process.wait()


def wait_for(condition, seconds=60):
    """Return as soon as a condition holds; fail where it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
