"""Command line: python -m tests.simulator --port 8770"""

import argparse
import sys

from .errors import ControlError
from .people import App
from .server import (
    DEFAULT_CLIENT_ID,
    DEFAULT_CLIENT_SECRET,
    make_running,
    make_state,
)
from .settings import TABLE


def main(arguments=None):
    options = _read(arguments)
    app = App(options.client_id, options.client_secret, tuple(options.redirect_uri))
    try:
        state = make_state([app], **_settings(options.set))
    except ControlError as err:
        sys.exit(str(err))
    running = make_running(state, options.host, options.port, quiet=not options.verbose)
    print(f"Exact Online simulator: {running.url}/", flush=True)
    print(f"client id {app.client_id}, client secret {app.client_secret}", flush=True)
    try:
        running.server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


def _read(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulator",
        description="A simulator of Exact Online; it forgets all when it ends.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8770)
    parser.add_argument("--client-id", default=DEFAULT_CLIENT_ID)
    parser.add_argument("--client-secret", default=DEFAULT_CLIENT_SECRET)
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        help="registered address to return to, beside every one of this machine",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"a setting; one of {', '.join(TABLE)}",
    )
    parser.add_argument("--verbose", action="store_true", help="show every request")
    return parser.parse_args(arguments)


def _settings(pairs):
    """Turn NAME=VALUE into settings; numbers and true/false as what they mean."""
    found = {}
    words = {"true": True, "false": False, "none": None}
    for pair in pairs:
        name, _mark, text = pair.partition("=")
        default = TABLE.get(name, ("",))[0]
        if text.lower() in words:
            found[name] = words[text.lower()]
        elif text.isdigit() and not isinstance(default, str):
            found[name] = int(text)
        elif isinstance(default, tuple):
            found[name] = text.split(",")
        else:
            found[name] = text
    return found


if __name__ == "__main__":
    sys.exit(main())
