"""Processes beside the server that book what is due, for tests of several at once."""

import json
import os
import signal
import subprocess
import sys
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
    is_claimed = claim(push)
    taken.extend(push.outbox.ids if is_claimed else ())
    return is_claimed

Push._claim = count
(folder / "ready-{name}").touch()
while not (folder / "start").exists():
    time.sleep(0.01)
env['exact.outbox']._cron_push()
(folder / "taken-{name}").write_text(str(len(taken)))
"""


class Workers:
    """Starts processes, and ends those that are left.

    They are forks of one process that has loaded the registry, which takes seconds.

    :param dev.environment.Environment environment: where the database is.
    """

    def __init__(self, environment, database):
        self._environment = environment
        self._database = database
        self._nursery = None
        self._processes = []

    def start(self, script=PUSH):
        """Start an Odoo process that runs a script as Odoo's shell does; return it."""
        self._nursery = self._nursery or self._start_nursery()
        process = Worker(self._nursery, script)
        self._processes.append(process)
        return process

    def stop(self):
        """End the processes; more may be started afterwards."""
        while self._processes:
            process = self._processes.pop()
            process.kill()
            process.wait()

    def close(self):
        self.stop()
        if self._nursery:
            self._nursery.stdin.close()
            self._nursery.wait()

    def _start_nursery(self):
        command = [sys.executable, "-m", "tests.nursery"]
        return subprocess.Popen(
            [*command, self._environment.config, self._database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment.variables(),
            cwd=paths.ROOT,
            text=True,
        )


class Worker:
    """A process of `tests.nursery`; used like one of `subprocess`."""

    def __init__(self, nursery, script):
        self._nursery = nursery
        self._status = None
        self._pid = self._ask(start=script)

    def kill(self):
        if self._status is None:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self, seconds=60):
        """Return the exit status, negative for the signal that killed it."""
        if self._status is None:
            self._status = self._ask(wait=self._pid, seconds=seconds)
        assert self._status is not None, "it never ended"
        return self._status

    def _ask(self, **order):
        self._nursery.stdin.write(json.dumps(order) + "\n")
        self._nursery.stdin.flush()
        return json.loads(self._nursery.stdout.readline())


def wait_for(condition, seconds=60):
    """Return as soon as a condition holds; fail where it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
