"""Keeps commands apart that run at the same time, in one or several clones."""

import fcntl
import threading
from contextlib import contextmanager

from dev import paths
from dev.console import say


class _Held(threading.local):
    """The descriptors of the locks that a thread holds: not those of the others, which
    may close them while it starts a program."""

    def __init__(self):
        self.descriptors = []


_held = _Held()


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
        _held.descriptors.append(file.fileno())
        try:
            yield
        finally:
            _held.descriptors.remove(file.fileno())


def held():
    """Return the file descriptors of the locks that this thread holds now."""
    return tuple(_held.descriptors)
