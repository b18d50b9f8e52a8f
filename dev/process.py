"""Runs other programs that may take long."""

import subprocess
import time
from contextlib import suppress

from dev import paths
from dev.console import Problem, say
from dev.lock import held

PROGRESS_SECONDS = 10


def run(title, command, *, log, env=None, cwd=None, script=""):
    """Run a program: its output into a log, a sign of life every ten seconds.

    It shares the locks held here, so that nobody gets in its way even when this process
    is killed and it is not.

    :param str title: what is being done; shown.
    :param str log: name of the file in the folder of logs; an older one is replaced.
    :param str script: what the program reads from its standard input; short.
    :return: Path of the log.
    :raise Problem: the program failed; carries the end of its output.
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log_path = paths.LOGS / log
    say(title)
    started = time.monotonic()
    with open(log_path, "wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            pass_fds=held(),
        )
        try:
            with suppress(BrokenPipeError), process.stdin as source:
                source.write(script.encode())
            status = _wait(process, started)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if status:
        raise Problem(
            f"{title}: failed with status {status}; the end of {log_path}:\n"
            + tail(log_path)
        )
    return log_path


def tail(path, lines=20):
    """Return the last lines of a text file, for an error message."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def _wait(process, started):
    while True:
        try:
            return process.wait(PROGRESS_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"    ... {time.monotonic() - started:.0f} s", flush=True)
