"""The simulator serves clients that nobody here wrote, each in its own environment."""

from contextlib import ExitStack
from functools import cache
from importlib import import_module
from uuid import uuid4

import pytest

from dev.clients import NAMES

from .clients.run import Run, fill, step_names
from .simulator import serve
from .simulator.people import App
from .simulator_api import fixed_clock

CHECKS = {client: f"{__package__}.clients.{client}.checks" for client in NAMES}
pytest.register_assert_rewrite(f"{__package__}.clients.checks", *CHECKS.values())

# More than a page of a list, and than one of bulk and sync.
ACCOUNTS = 1070

STEPS = [(client, step) for client in NAMES for step in step_names(client)]


@pytest.fixture(scope="module")
def run_of():
    """Give a function that returns the run of a client; each has its own simulator."""
    with ExitStack() as stack:

        @cache
        def run_of(client):
            # One of them keeps its tokens in a file of this name, beside its code.
            app = App(uuid4().hex, "a secret/with signs")
            simulator = stack.enter_context(
                serve(clock=fixed_clock(), apps=[app], minute_limit=1000)
            )
            fill(simulator, client, ACCOUNTS)
            return Run(client, simulator, app)

        yield run_of


@pytest.mark.parametrize(("client", "step"), STEPS)
def test_step_ends_as_known(run_of, client, step):
    run = run_of(client)
    checks = import_module(CHECKS[client]).Checks(run)

    getattr(checks, step)(run.outcomes[step])
