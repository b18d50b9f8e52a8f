"""GUIDs that belong to another division."""

import pytest

from .simulator_api import DUTCH, Api
from .simulator_finance import (
    PURCHASES,
    bought,
    cost,
    post_purchase,
    read,
    refusal,
    sold,
    supplier,
)

UNKNOWN = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def dutch(simulator):
    return Api(simulator, division=DUTCH)


@pytest.fixture
def dropping(simulator):
    simulator.control.settings(foreign_guid="drop")


def test_they_are_refused(api, dutch):
    line = api.line(GLAccount=dutch.gl_account("8000"))

    assert refusal(api.post_entry(line)) == ["Ongeldige referentie: Grootboekrekening"]


def test_or_dropped_without_a_word(dropping, api, dutch):
    line = api.line(GLAccount=dutch.gl_account("8000"))
    entry = sold(api, line, api.line())

    first, second = api.lines_of(entry)
    assert (first["GLAccount"], first["GLAccountCode"]) == (None, None)
    assert second["GLAccountCode"] == "700000"
    assert entry["AmountFC"] == 242


def test_a_line_that_is_changed_may_lose_its_account_so(dropping, api, dutch):
    (line,) = api.lines_of(sold(api))
    address = f"salesentry/SalesEntryLines(guid'{line['ID']}')"
    assert api.put(address, {"GLAccount": dutch.gl_account("8000")}).ok

    assert read(api, "salesentry/SalesEntryLines", line["ID"])["GLAccount"] is None


def test_what_must_be_there_is_refused_all_the_same(dropping, api, dutch):
    customer = dutch.customer()
    answer = api.post_entry(Customer=customer)
    assert "Ongeldige referentie: Relatie" in refusal(answer)

    answer = post_purchase(api, Supplier=supplier(dutch))
    assert "Ongeldige referentie: Relatie" in refusal(answer)


def test_what_is_nobodys_is_refused_all_the_same(dropping, api):
    answer = api.post_entry(api.line(GLAccount=UNKNOWN))

    assert refusal(answer) == ["Ongeldige referentie: Grootboekrekening"]


def test_a_document_of_another_division_is_dropped_too(dropping, api, dutch):
    body = {"Subject": "Bill", "Type": 20}
    document = dutch.post("documents/Documents", body).json()["d"]["ID"]
    entry = bought(api, cost(api), Document=document)

    assert entry["Document"] not in (None, document)
    assert read(api, PURCHASES, entry["EntryID"])["DocumentNumber"]
