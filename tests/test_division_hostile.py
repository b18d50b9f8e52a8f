"""Whatever a server answers, a check ends with facts and a file, and no traceback."""

import json
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from odoo.addons.comanage_exact.booking.division_facts import judge
from odoo.addons.comanage_exact.booking.division_lists import LISTS
from odoo.addons.comanage_exact.booking.division_report import (
    make_report,
    read_exchanges,
    read_json,
)
from odoo.addons.comanage_exact.exact_api.recording import Exchange, store

from .division_stage import Checked, change

NAMES = sorted(
    {name for row in LISTS.values() for name in row[3]}
    | {"__metadata", "SalesEntryLines", "uri", "results", "d", "error", "value"}
    | {"EntryID", "Division", "Percentage", "UseCostcenter", "Timestamp", "__next"}
)
STEPS = [*LISTS, "me", "refusal", "book", "read_back", "change", "delete", "gone"]
odd_numbers = st.sampled_from(["1E+400", "-1E-400", "1e999999", "0.0", "99999999999"])
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=12),
    st.sampled_from(
        [
            *("/Date(1)/", "/Date(99999999999999999999)/", "/Date(-1)/", "{}", "'"),
            *(
                "11111111-1111-4111-8111-111111111111",
                "http://[bad",
                "\ud83d",
                "a\x00b",
                "%s",
            ),
        ]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    ),
    max_leaves=12,
)
rows = st.lists(st.dictionaries(st.sampled_from(NAMES), values, max_size=8), max_size=3)
payloads = st.one_of(
    values,
    rows.map(lambda found: {"d": {"results": found}}),
    rows.map(lambda found: {"d": found}),
    st.tuples(rows, values).map(lambda f: {"d": {"results": f[0], "__next": f[1]}}),
    rows.map(lambda found: {"d": found[0] if found else {}}),
    values.map(lambda found: {"error": {"message": {"value": found}}}),
)
texts = st.one_of(
    payloads.map(json.dumps),
    st.text(max_size=20),
    odd_numbers.map(lambda number: f'{{"d": [{{"Percentage": {number}}}]}}'),
)
headers = st.dictionaries(
    st.sampled_from(
        ["Content-Type", "X-RateLimit-Reset", "X-RateLimit-Minutely-Limit", "Reason"]
    ),
    st.text(max_size=12),
)
BODY = {
    "EntryID": "22222222-2222-4222-8222-222222222222",
    "Journal": "700",
    "Customer": "33333333-3333-4333-8333-333333333333",
    "EntryDate": "2026-11-22",
    "YourRef": "ODOO-TEST-1",
    "Description": "Test",
    "SalesEntryLines": [{"VATCode": "4", "AmountFC": 1.0, "VATAmountFC": 0.21}],
}


def exchange(step, text, status, found_headers):
    return Exchange(
        step=step,
        method="GET",
        resource=LISTS.get(step, ("salesentry/SalesEntries",))[0],
        url="https://start.exactonline.be/api/v1/3456781/x?$select=ID,Code",
        body=BODY if step == "book" else None,
        status=status,
        headers=found_headers,
        text=text,
    )


exchanges = st.lists(
    st.builds(
        exchange,
        st.sampled_from(STEPS),
        texts,
        st.sampled_from([0, 200, 201, 204, 400, 403, 500]),
        headers,
    ),
    max_size=6,
)


@settings(phases=[Phase.explicit, Phase.generate], max_examples=100)
@given(exchanges)
def test_any_answers_are_judged_and_written(found):
    for outcome in judge(found):
        sentence = outcome.sentence % outcome.values
        assert sentence.encode() and sentence.isprintable()
    text = make_report(
        found, made_with="x", made_on=date(2026, 11, 22), site="be", secrets=["Acme"]
    )
    assert text.encode() and store(found).encode()
    report = read_json(text)
    assert "3456781" not in text
    judge(read_exchanges(report))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>Server Unavailable</body></html>",
        "[" * 100_000,
        '{"d": ' * 50_000,
        '{"d": {"results": [1, null, "x", []]}}',
        '{"d": {"results": {}}}',
        '{"d": null}',
        "x" * 1_000_000,
        '{"d": [{"CurrentDivision": {}}]}',
    ],
    ids=["empty", "page", "deep", "objects", "odd", "object", "null", "huge", "me"],
)
@pytest.mark.parametrize("status", [200, 500])
def test_a_server_that_answers_nonsense_gets_sentences(simulator, body, status):
    checked = Checked(simulator)
    change(simulator, lambda answer: Response(body, status))
    outcomes = checked.run()
    for outcome in outcomes.values():
        assert outcome.sentence % outcome.values
    assert make_report(
        checked.recorder.exchanges,
        made_with="x",
        made_on=checked.day,
        site="be",
    )
