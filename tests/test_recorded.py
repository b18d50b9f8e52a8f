"""Checks of divisions that somebody sent, replayed: a file in `recorded/` is a test.

Each file goes through the client, the comparison and the table of facts once more. A
problem that is known at the time is named in the file under "known_problems".
"""

from pathlib import Path

import pytest
import requests

from odoo.addons.comanage_exact.booking import comparison
from odoo.addons.comanage_exact.booking.division_fact import PROBLEM
from odoo.addons.comanage_exact.booking.division_facts import judge
from odoo.addons.comanage_exact.booking.division_report import (
    FORMAT,
    read_exchanges,
    read_json,
)
from odoo.addons.comanage_exact.exact_api.client import ExactClient
from odoo.addons.comanage_exact.exact_api.exceptions import ExactError, ExactRejected

FOLDER = Path(__file__).parent / "recorded"
FILES = sorted(FOLDER.glob("*.json"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def report(request):
    return read_json(request.param.read_text())


@pytest.fixture
def exchanges(report):
    return read_exchanges(report)


class Replay(requests.Session):
    """Answers every request with a recorded exchange, in place of a session."""

    def __init__(self, exchange):
        super().__init__()
        self.exchange = exchange

    def request(self, method, url, **_options):
        if self.exchange.lost:
            raise requests.ReadTimeout
        response = requests.Response()
        response.status_code = self.exchange.status
        response.headers.update(self.exchange.headers)
        response.encoding = "utf-8"
        response._content = self.exchange.text.encode()
        return response


def replay(exchange):
    """Make the request of an exchange once more; return what the client makes of it."""
    client = ExactClient(
        "https://start.exactonline.be", 1000001, "token", session=Replay(exchange)
    )
    guid = "00000000-0000-4000-8000-000000000000"
    if exchange.method == "GET":
        return client.get(exchange.resource, **exchange.options)
    if exchange.method == "POST":
        return client.post(exchange.resource, {})
    if exchange.method == "PUT":
        return client.put(exchange.resource, guid, {})
    return client.delete(exchange.resource, guid)


def test_there_is_an_example():
    assert FOLDER / "simulator.json" in FILES


def test_file_has_the_known_form(report):
    assert report["format"] == FORMAT
    assert report["exchanges"]


def test_facts_are_judged_as_they_were(report, exchanges):
    judged = {found.fact.name: found.result for found in judge(exchanges)}
    recorded = {row["fact"]: row["result"] for row in report["facts"]}
    # The table may have grown, or lost a fact, since.
    common = judged.keys() & recorded.keys()
    assert len(common) > 50
    assert {name: judged[name] for name in common} == {
        name: recorded[name] for name in common
    }


def test_there_are_no_problems_but_the_known_ones(report, exchanges):
    found = [outcome.fact.name for outcome in judge(exchanges)]
    problems = [
        outcome.fact.name for outcome in judge(exchanges) if outcome.result == PROBLEM
    ]
    assert found
    assert problems == report.get("known_problems", [])


def test_client_reads_what_it_read(exchanges):
    for exchange in exchanges:
        if not exchange.is_usable:
            with pytest.raises(ExactError) as caught:
                replay(exchange)
            if isinstance(caught.value, ExactRejected) and exchange.messages:
                assert caught.value.messages == exchange.messages
            continue
        found = replay(exchange)
        if exchange.method == "GET":
            assert found == exchange.rows, exchange.step
        if exchange.method == "POST":
            assert found == exchange.entity, exchange.step


def test_comparison_reads_the_entries(exchanges):
    steps = ("entries", "read_back")
    rows = [row for found in exchanges if found.step in steps for row in found.rows]
    for row in rows:
        booking = comparison.read_entry(row)
        assert booking.key == row["EntryID"]
        assert comparison.differences(booking, booking) == []


def test_answer_to_a_booking_is_no_false_difference(exchanges):
    """What the answer leaves out must not look different from what is read back."""
    found = {exchange.step: exchange for exchange in exchanges}
    if "book" not in found or "read_back" not in found:
        pytest.skip("no test entry was booked")
    answer = comparison.read_answer(found["book"].entity)
    (row,) = found["read_back"].rows
    assert comparison.differences(answer, comparison.read_entry(row)) == []
