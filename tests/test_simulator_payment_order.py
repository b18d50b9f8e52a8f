"""Whatever is paid in whatever order: cents stay, and a replica can follow."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .simulator import serve
from .simulator.errors import ControlError
from .simulator_api import BELGIAN, Api, fixed_clock
from .simulator_finance import SALES, TERMS, bought, changed_since, sold

KINDS = ("full", "part", "undo", "set_off", "write_off", "discount", "select")
ORDERS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from((*KINDS, "change")),
        st.integers(1, 15000) | st.none(),
        st.integers(0, 3),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def books():
    limits = {"minute_limit": 10**6, "error_limit": 10**6, "day_limit": 10**6}
    with serve(clock=fixed_clock(), **limits) as running:
        yield Api(running)


class Replica:
    """Follows the terms by their Timestamp, and forgets what is deleted."""

    def __init__(self, api):
        self._api = api
        self._cursors = {TERMS: 1, "sync/Deleted": 1}
        self.rows = {}

    def follow(self):
        for row in self._news(TERMS):
            self.rows[row["ID"]] = (row["TransactionEntryID"], row["Status"])
        for row in self._news("sync/Deleted"):
            self.rows.pop(row["EntityKey"], None)

    def _news(self, resource):
        rows = changed_since(self._api, self._cursors[resource], resource)
        versions = [int(row["Timestamp"]) for row in rows]
        assert versions == sorted(versions)
        self._cursors[resource] = max(versions, default=self._cursors[resource])
        return rows


def order(api, entries, number, kind, amount, other):
    entry = entries[number]["EntryID"]
    if kind == "change":
        api.put(f"{SALES}(guid'{entry}')", {"Customer": api.customer()})
        return
    cents = None if amount is None else float(Decimal(amount) / 100)
    partner = entries[other]["EntryID"]
    try:
        api.simulator.control.payments(BELGIAN, entry, kind, cents, partner)
    except ControlError:
        return


@settings(max_examples=25, deadline=None)
@given(ORDERS)
def test_no_cent_is_lost_and_a_replica_can_follow(books, orders):
    api, state = books, books.simulator.state
    for entry in list(state.rows(BELGIAN, TERMS)):
        state.delete(BELGIAN, TERMS, entry)
    foreign = {"Currency": "USD", "Rate": 0.9123}
    entries = [
        sold(api),
        sold(api, api.line(AmountFC=-50)),
        sold(api, api.line(AmountFC=77.77), **foreign),
        bought(api),
    ]
    replica = Replica(api)
    for step in orders:
        order(api, entries, *step)
        replica.follow()

    rows = list(state.rows(BELGIAN, TERMS).values())
    replica.follow()
    assert replica.rows == {
        row["ID"]: (row["TransactionEntryID"], row["Status"]) for row in rows
    }
    for entry in entries:
        mine = [row for row in rows if row["TransactionEntryID"] == entry["EntryID"]]
        for name in ("AmountFC", "AmountDC"):
            total = sum(row[name] for row in mine)
            assert total == -Decimal(str(entry[name]))
        assert len({row["TransactionID"] for row in mine}) == 1
        assert len({row["EntryID"] for row in mine}) == len(mine)
        assert len({row["AmountFC"] < 0 for row in mine}) == 1
