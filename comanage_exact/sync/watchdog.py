"""Telling Odoo that a scheduled action begins, before it ends the process that runs it.

Odoo counts from when a process last said that it is alive. A worker says so before it
goes to sleep, for a minute or more, and once for all scheduled actions that are due
when it is woken: an action may begin when hardly any time is left of the limit.
"""

import signal
import threading
import time

from odoo.service.server import Worker


def restart() -> None:
    """Give the scheduled action that begins all the time that the limit allows."""
    if worker := _find_worker():
        worker.multi.pipe_ping(worker.watchdog_pipe)
        return
    thread = threading.current_thread()
    # What a server without workers looks at; None while the thread has no work.
    if getattr(thread, "start_time", None):
        thread.start_time = time.time()


def _find_worker() -> Worker | None:
    """Return the worker that this process is, which listens to Control-C itself."""
    worker = getattr(signal.getsignal(signal.SIGINT), "__self__", None)
    return worker if isinstance(worker, Worker) else None
