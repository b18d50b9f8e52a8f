"""Loaded into an Odoo process by a test: it dies at one named point, by SIGKILL.

Works on the classes of the add-on, so the code that runs is the add-on's own.
"""

import os
import signal
from functools import wraps

from urllib3.connection import HTTPConnection

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.comanage_exact.exact_api.client import ExactClient
from odoo.addons.comanage_exact.sync.push import Push
from odoo.addons.comanage_exact.sync.withdrawal import Withdrawal

# The methods of the client that make a call, by its method of HTTP.
CALLS = {"POST": ("post", "upload"), "DELETE": ("delete",)}


def kill_at(point, resource, method="POST"):
    """Make this process die the next time it comes to `point`.

    :param str point: a key of `POINTS`.
    :param str resource: of the call that is meant, e.g. 'SalesEntries'.
    :param str method: of the same.
    """
    POINTS[point](resource, method)


def _die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)


def _wrap(owner, name, *, before=None, after=None):
    """Call `before` and `after` around a method, with the arguments of the call."""
    original = getattr(owner, name)

    @wraps(original)
    def wrapped(*args, **kwargs):
        if before:
            before(*args)
        result = original(*args, **kwargs)
        if after:
            after(*args)
        return result

    setattr(owner, name, wrapped)


def _wrap_calls(method, **around):
    for name in CALLS[method]:
        _wrap(ExactClient, name, **around)


def _if_about(resource, then):
    def check(_client, path, *_arguments):
        if path.endswith(resource):
            then()

    return check


def _before_claim(_resource, _method):
    for owner in (Push, Withdrawal):
        _wrap(owner, "_claim", before=_die)


def _after_claim(_resource, _method):
    for owner in (Push, Withdrawal):
        _wrap(owner, "_claim", after=_die)


def _before_call(resource, method):
    _wrap_calls(method, before=_if_about(resource, _die))


def _after_call(resource, method):
    """Die when the whole request is sent, before its answer is read."""

    def watch(_connection, made, url, *_arguments):
        # Behind the name of the resource stands the key of a record.
        if made == method and url.partition("(")[0].endswith(resource):
            _wrap(HTTPConnection, "getresponse", before=_die)

    _wrap(HTTPConnection, "request", before=watch)


def _after_answer(resource, method):
    _wrap_calls(method, after=_if_about(resource, _die))


def _before_commit(resource, method):
    def arm():
        _wrap(IrCron, "_commit_progress", before=_die)

    _wrap_calls(method, after=_if_about(resource, arm))


def _after_commit(resource, method):
    def arm():
        _wrap(IrCron, "_commit_progress", after=_die)

    _wrap_calls(method, after=_if_about(resource, arm))


POINTS = {
    "before claim": _before_claim,
    "after claim": _after_claim,
    "before POST": _before_call,
    "after POST": _after_call,
    "before DELETE": _before_call,
    "after DELETE": _after_call,
    "after answer": _after_answer,
    "before commit": _before_commit,
    "after commit": _after_commit,
}
