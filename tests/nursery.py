"""A process that has loaded Odoo and one database, and forks for each script.

Started by `tests.workers`, which writes orders to it, one line of JSON each:
{"start": script} is answered by the number of the new process, and
{"wait": number, "seconds": n} by its exit status, or null where it goes on.
"""

import json
import os
import sys
import threading
import time

# Sets up `odoo`, which all others import from.
import odoo.init  # noqa: F401
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config


def main():
    path, database = sys.argv[1:]
    options = [f"--config={path}", f"--database={database}", "--no-http"]
    config.parse_config(options, setup_logging=True)
    Registry(database)
    # A connection belongs to one process.
    sql_db.close_all()
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            answer = _start(database, order["start"])
        else:
            answer = _wait(order["wait"], order["seconds"])
        print(json.dumps(answer), flush=True)


def _start(database, script):
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _run(database, script)
        status = 0
    finally:
        os._exit(status)


def _run(database, script):
    """Run a script as Odoo's shell does: what it does not commit is undone."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, sys.stdin.fileno())
    os.dup2(nothing, sys.stdout.fileno())
    threading.current_thread().dbname = database
    registry = Registry(database).check_signaling()
    with registry.cursor() as cr:
        context = api.Environment(cr, SUPERUSER_ID, {})["res.users"].context_get()
        exec(script, {"env": api.Environment(cr, SUPERUSER_ID, context)})
        cr.rollback()


def _wait(pid, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    return None


if __name__ == "__main__":
    main()
