"""The frame of a client's script, which runs where the client is installed.

It needs the standard library and `requests` only. Who started it writes the name of a
step, gets one line of JSON back, and looks at the simulator before the next.
"""

import json
import sys

import requests

from ..consent_page import allow


class Steps:
    """What a client does, a public method each, in the order written.

    A step returns what the client has got of it, in JSON, or raises an error.
    """

    def __init__(self, url, client_id, client_secret, redirect_uri, user, division):
        self._url, self._user, self._division = url, user, division
        self._client_id, self._client_secret = client_id, client_secret
        self._redirect_uri = redirect_uri

    def _allow(self, url):
        """Click "Allow"; return the address with the code."""
        return allow(url, self._user)

    def _order(self, route, **order):
        """Call a control route of the simulator."""
        address = f"{self._url}/__control__/{route}"
        requests.post(address, json=order, timeout=10).raise_for_status()

    def _error(self, kind, call):
        """Return what the client says of an error that has to come."""
        try:
            call()
        except kind as err:
            return {"error": type(err).__name__, "message": str(err)}
        raise AssertionError("There was no error.")


def main(kind):
    """Do the steps that are asked for, until nobody asks any more.

    :param type kind: the class of the steps; the first argument has its options.
    """
    steps = kind(**json.loads(sys.argv[1]))
    # Some clients print.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name = line.strip()
        answer = {"step": name, **_attempt(getattr(steps, name))}
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()


def _attempt(step):
    # Whatever a client raises is its answer.
    try:
        return {"ok": True, "detail": step()}
    except Exception as err:
        return {"ok": False, "detail": f"{type(err).__name__}: {err}"}
