"""The Odoo servers whose cron workers book, and that are killed."""

import os
import signal
import subprocess
from contextlib import suppress

import psutil

from dev import paths

SERVERS = 2
CRON_WORKERS = 2


class Workers:
    """Two servers without HTTP, each a master with two worker processes for crons."""

    def __init__(self, environment, database):
        self._environment = environment
        self._database = database
        self._servers = [None] * SERVERS
        self.kills = 0

    def keep_running(self):
        """Start every server that is not there (any more), as a service manager does.

        A killed worker is replaced by its own master.
        """
        for index, server in enumerate(self._servers):
            if server is None or server.poll() is not None:
                self._servers[index] = self._start(index)

    def kill_one(self, rng):
        """End a worker with SIGKILL; one time in ten a whole server."""
        server = rng.choice(self._servers)
        if rng.random() < 0.1:
            self._kill_group(server)
            return
        with suppress(psutil.NoSuchProcess):
            crew = psutil.Process(server.pid).children()
            if crew:
                rng.choice(crew).kill()
                self.kills += 1

    def stop(self):
        for server in filter(None, self._servers):
            server.terminate()
        for server in filter(None, self._servers):
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                self._kill_group(server)
            server.wait()

    def _kill_group(self, server):
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
            self.kills += 1

    def _start(self, index):
        paths.LOGS.mkdir(parents=True, exist_ok=True)
        command = self._environment.command(
            f"--database={self._database}",
            "--no-http",
            "--workers=1",
            f"--max-cron-threads={CRON_WORKERS}",
        )
        with open(paths.LOGS / f"soak-{index}.log", "ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment.variables(),
                start_new_session=True,
            )
