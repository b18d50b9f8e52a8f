"""A plugin of pytest: runs the tests that need no database, and opens none."""

import pytest

from odoo.tests import TransactionCase

# Of the tests' own: what it gives needs PostgreSQL.
FIXTURE = "environment"


def pytest_collection_modifyitems(config, items):
    others = [item for item in items if _needs_database(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in set(others)]


def _needs_database(item):
    is_case = item.cls is not None and issubclass(item.cls, TransactionCase)
    return is_case or FIXTURE in item.fixturenames


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Set up nothing where pytest-odoo would load the registry of a database."""
    if fixturedef.argname != "load_registry":
        return None
    fixturedef.cached_result = (None, fixturedef.cache_key(request), None)
    return True
