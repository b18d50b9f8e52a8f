"""The two shapes of a list, and what decides between them."""

import pytest

from .simulator_api import rows_of

JOURNALS = "financial/Journals"


@pytest.mark.parametrize(
    ("options", "is_bare"),
    [
        ({"top": 1}, True),
        ({"top": 60}, True),
        ({"top": 0}, True),
        ({"top": 2, "filter": "Code eq 'none'"}, True),
        ({"top": 2, "inlinecount": "none"}, True),
        ({"top": 61}, False),
        ({"top": 2, "inlinecount": "allpages"}, False),
        ({}, False),
        ({"filter": "Code eq 'none'"}, False),
    ],
)
def test_a_list_with_top_comes_bare(api, options, is_bare):
    response = api.get(JOURNALS, **options)
    assert isinstance(response.json()["d"], list) is is_bare


def test_bare_list_is_a_setting(api):
    wanted = api.rows(JOURNALS, top=3)
    api.simulator.control.settings(top_bare_list=False)
    content = api.get(JOURNALS, top=3).json()["d"]
    assert content == {"results": wanted}


def test_bulk_has_a_longer_page(api):
    options = {"select": "ID", "filter": "IsBlocked eq false"}
    bulk = api.get("bulk/Financial/GLAccounts", top=61, **options)
    assert isinstance(bulk.json()["d"], list)
    assert rows_of(bulk)
