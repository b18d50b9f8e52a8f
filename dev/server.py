"""Starts Odoo servers for tests and the demo, on 127.0.0.1 only."""

import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dev import paths
from dev.console import Problem
from dev.process import tail

HOST = "127.0.0.1"

# Proxies of the user's environment are no way to this machine itself.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class OdooServer:
    """A running Odoo server.

    :param str url: its address, without a slash at the end.
    :param str database: the only database it serves.
    :param subprocess.Popen process: the server, for a test that must kill it.
    :param Path log: what it printed.
    """

    url: str
    database: str
    process: subprocess.Popen
    log: Path

    def wait_until_healthy(self, timeout):
        """Return once it answers requests.

        :raise Problem: it ended, or did not answer within `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with _opener.open(f"{self.url}/web/health", timeout=timeout):
                    return
            except OSError:
                time.sleep(0.1)
        raise Problem(f"Odoo does not answer; the end of {self.log}:\n{tail(self.log)}")

    def stop(self):
        """End the server, gently first; an ended one is left alone."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def odoo_server(
    environment, database, *options, port=None, cron_threads=1, timeout=120
):
    """Yield an `OdooServer` that answers; stop it afterwards.

    :param str options: further options of Odoo's command line.
    :param int port: a free one unless given.
    :param int cron_threads: 0 for a server that runs no crons.
    :raise Problem: it ended, or did not answer within `timeout` seconds.
    """
    port = port or free_port()
    arguments = [
        f"--db-filter=^{database}$",
        f"--http-interface={HOST}",
        f"--http-port={port}",
        "--workers=0",
        f"--max-cron-threads={cron_threads}",
        *options,
    ]
    with _running(environment, database, port, arguments) as server:
        server.wait_until_healthy(timeout)
        yield server


def cron_server(environment, database, *options):
    """Give an `OdooServer` of worker processes that run crons and answer nobody.

    Who knows the database from another server needs no more, and Odoo's process for
    long polling starts from its own command alone.

    :return: a context manager; the server may still be starting.
    """
    return _running(environment, database, "cron", ["--no-http", *options])


@contextmanager
def _running(environment, database, name, options):
    """Yield an `OdooServer` that was just started; stop it afterwards.

    :param name: of this one among those of the database, its port if it has one.
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log = paths.LOGS / f"odoo-{database}-{name}.log"
    command = environment.command(f"--database={database}", *options)
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment.variables(),
            # Control-C is for the command that runs the server, which then stops it.
            start_new_session=True,
        )
    server = OdooServer(f"http://{HOST}:{name}", database, process, log)
    try:
        yield server
    finally:
        server.stop()


def free_port(preferred=0):
    """Return a port of 127.0.0.1 on which nothing listens at the moment.

    :param int preferred: this one if it is free.
    """
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return probe.getsockname()[1]
    raise Problem("No port of 127.0.0.1 is free.")
