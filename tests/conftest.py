from contextlib import closing

import pytest
from hypothesis import HealthCheck, settings

from dev.demo import TEMPLATE
from dev.environment import Environment
from dev.stage import running
from dev.templates import fresh_copy

from .books import Books
from .profiles import PROFILES
from .simulator import serve
from .simulator_api import Api, fixed_clock
from .workers import Workers

# How fast the machine is says nothing about the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture
def simulator():
    """Give a simulator whose limits no test of something else comes to."""
    with serve(clock=fixed_clock(), minute_limit=1000, error_limit=1000) as running:
        yield running
        assert running.control.crashes() == []


@pytest.fixture
def api(simulator):
    """Give the calls of the Dutch user to the Belgian division."""
    return Api(simulator)


@pytest.fixture(scope="session")
def environment():
    """Give the Odoo and the PostgreSQL server that end-to-end tests start from."""
    return Environment.start()


@pytest.fixture(scope="module", params=PROFILES)
def profile(request):
    """Give the settings of the simulator; each end-to-end test runs with both."""
    return PROFILES[request.param]


@pytest.fixture(scope="module")
def stage(environment, profile):
    """Give a running Odoo with a simulator; its crons run when a test says so."""
    with (
        fresh_copy(environment, TEMPLATE) as database,
        running(environment, database, profile, cron_threads=0) as stage,
    ):
        yield stage


@pytest.fixture(scope="module")
def connected(environment, stage, profile):
    """Give the books of the Belgian company, connected to the simulator."""
    books = Books(environment, stage, profile)
    stage.connect(books.company)
    return books


@pytest.fixture
def books(connected):
    """Give the connected books with the simulator as new, but for the tokens."""
    connected.start_over()
    return connected


@pytest.fixture(scope="module")
def workers(environment, stage):
    """Give what starts processes beside the server."""
    with closing(Workers(environment, stage.server.database)) as workers:
        yield workers


@pytest.fixture
def worker(workers):
    """Give a function that starts a process which books what is due."""
    yield workers.start
    workers.stop()
