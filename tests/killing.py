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


def kill_at(point, resource):
    """Make this process die the next time it comes to `point`.

    :param str point: a key of `POINTS`.
    :param str resource: the POST that is meant, e.g. 'SalesEntries'.
    """
    POINTS[point](resource)


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


def _wrap_posts(**around):
    for name in ("post", "upload"):
        _wrap(ExactClient, name, **around)


def _if_about(resource, then):
    def check(_client, path, *_arguments):
        if path.endswith(resource):
            then()

    return check


def _before_claim(_resource):
    _wrap(Push, "_claim", before=_die)


def _after_claim(_resource):
    _wrap(Push, "_claim", after=_die)


def _before_post(resource):
    _wrap_posts(before=_if_about(resource, _die))


def _after_post(resource):
    """Die when the whole request is sent, before its answer is read."""

    def watch(_connection, method, url, *_arguments):
        if method == "POST" and url.endswith(resource):
            _wrap(HTTPConnection, "getresponse", before=_die)

    _wrap(HTTPConnection, "request", before=watch)


def _after_answer(resource):
    _wrap_posts(after=_if_about(resource, _die))


def _before_commit(resource):
    def arm():
        _wrap(IrCron, "_commit_progress", before=_die)

    _wrap_posts(after=_if_about(resource, arm))


def _after_commit(resource):
    def arm():
        _wrap(IrCron, "_commit_progress", after=_die)

    _wrap_posts(after=_if_about(resource, arm))


POINTS = {
    "before claim": _before_claim,
    "after claim": _after_claim,
    "before POST": _before_post,
    "after POST": _after_post,
    "after answer": _after_answer,
    "before commit": _before_commit,
    "after commit": _after_commit,
}
