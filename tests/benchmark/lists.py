"""Fetching and writing a chart of 20,000 G/L accounts."""

import time
import uuid
from decimal import Decimal

from dev.console import say
from tests.simulator import serve

from .figures import Figure

MAX_SECONDS = 30
MAX_CALLS = 60
GL_ACCOUNTS = "financial/GLAccounts"


def measure(database, size):
    """Return seconds and calls of a first fetch of all lists, and of a second one."""
    say(f"Fetching {size.accounts:,} G/L accounts")
    with serve(minute_limit=10**6, day_limit=10**6, contract_limit=None) as simulator:
        division = _connect(database, simulator)
        _fill(simulator.state, division, size.accounts)
        first, second, calls = [], [], []
        for _sample in range(size.samples):
            # A first fetch finds nothing.
            database.sql("DELETE FROM exact_gl_account WHERE code LIKE '9%%'")
            before = len(simulator.control.calls())
            first.append(_fetch(database))
            calls.append(len(simulator.control.calls()) - before)
            second.append(_fetch(database))
    chart = f"{size.accounts:,} G/L accounts"
    return [
        Figure(f"First fetch of {chart}", "s", tuple(first), at_most=MAX_SECONDS),
        Figure(f"Second fetch of {chart}", "s", tuple(second), at_most=MAX_SECONDS),
        Figure(f"Calls of a fetch of {chart}", "", tuple(calls), at_most=MAX_CALLS),
    ]


def _connect(database, simulator):
    """Give the company tokens of this simulator; return the code of its division."""
    tokens = simulator.sign_in()
    with database.env() as env:
        company = env.company.sudo()
        parameters = env["ir.config_parameter"].sudo()
        parameters.set_param("comanage_exact.base_url", simulator.url)
        company.exact_connection_id.write(
            {
                "access_token": tokens["access_token"],
                "refresh_token": tokens["refresh_token"],
                "budget": False,
                "paused_until": False,
            }
        )
        return int(company.exact_division_id.code)


def _fill(state, division, count):
    """Add so many revenue accounts to a division, unlike any real chart's."""
    row = dict(state.by_code(division, GL_ACCOUNTS, "700000"))
    for number in range(count):
        state.insert(
            division,
            GL_ACCOUNTS,
            {
                **row,
                "ID": str(uuid.UUID(int=number)),
                "Code": str(900_000_000 + number),
                "Description": f"Revenue {number}",
                "PrivatePercentage": Decimal(),
            },
        )


def _fetch(database):
    """Fetch all lists of the company, as the nightly cron does; return the seconds."""
    # Importable only once there is a database.
    from odoo.addons.comanage_exact.sync.code_lists import CodeLists

    database.sql("DELETE FROM exact_budget")
    database.sql("UPDATE exact_connection SET paused_until = NULL")
    with database.env() as env:
        started = time.perf_counter()
        CodeLists(env.company.sudo()).fetch()
        env.flush_all()
        return time.perf_counter() - started
