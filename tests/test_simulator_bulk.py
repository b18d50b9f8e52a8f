"""The bulk twin of a list: the same rows in pages of 1,000, and stricter options."""

from .simulator_api import BELGIAN, refused

BULK = "bulk/Financial/GLAccounts"
GL = "financial/GLAccounts"
OPEN = "IsBlocked eq false"


def test_select_and_filter_are_wanted(api):
    refused(
        api.get(BULK, filter=OPEN),
        400,
        "Please add a $select or a $top=1 statement to the query string.",
    )
    assert api.get(BULK, select="Code").status_code == 400


def test_rows_are_those_of_the_list(api):
    bulk = {row["Code"] for row in api.rows(BULK, select="Code", filter=OPEN)}

    assert bulk == {row["Code"] for row in api.rows(GL, select="Code", filter=OPEN)}


def test_pages_have_1000_rows_and_20000_accounts_take_20_calls(simulator, api):
    known = len(api.rows(BULK, select="Code", filter=OPEN))
    for number in range(20_000 - known):
        code = str(100_000_000 + number)
        simulator.state.insert(BELGIAN, GL, {"Code": code, "IsBlocked": False})
    codes, calls = [], 1
    page = api.get(BULK, select="Code", filter=OPEN).json()["d"]
    while "__next" in page:
        codes += [row["Code"] for row in page["results"]]
        page = api.session.get(page["__next"], timeout=30).json()["d"]
        calls += 1
    codes += [row["Code"] for row in page["results"]]

    assert calls == 20
    assert len(set(codes)) == 20_000
