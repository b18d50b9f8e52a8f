"""Keeps commands apart that run at the same time, in one or several clones."""

import fcntl
from contextlib import contextmanager

from dev import paths
from dev.console import say

_held = []


@contextmanager
def exclusive(name):
    """Hold the lock `name`; the kernel frees it when its holders die, however they die.

    The file stays: deleting it would let two holders in, one on the old file and one on
    the new.
    """
    paths.LOCKS.mkdir(parents=True, exist_ok=True)
    with open(paths.LOCKS / name, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another command that is busy with: {name}")
            fcntl.flock(file, fcntl.LOCK_EX)
        _held.append(file.fileno())
        try:
            yield
        finally:
            _held.remove(file.fileno())


def held():
    """Return the file descriptors of the locks that this process holds now."""
    return tuple(_held)
