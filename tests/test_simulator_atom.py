"""Answers as Atom, which whoever does not ask for JSON gets."""

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from .simulator.resources import RESOURCES
from .simulator_api import rows_of

A = "{http://www.w3.org/2005/Atom}"
D = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
M = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
ATOM = {"Accept": "application/atom+xml"}
ACCOUNTS = "crm/Accounts"


def feed(response):
    assert response.status_code in (200, 201), response.text
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def properties(entry):
    return entry.find(f"{A}content/{M}properties")


def named(entry, name):
    return properties(entry).find(f"{D}{name}")


def test_entry_has_its_properties_with_their_types(api):
    guid = api.customer(Code="255", StartDate="2026-01-01", City="<&>")

    entry = feed(api.get(f"{ACCOUNTS}(guid'{guid}')", headers=ATOM))

    assert entry.tag == f"{A}entry"
    assert entry.find(f"{A}id").text == api.url(f"{ACCOUNTS}(guid'{guid}')")
    expected = {
        "ID": (guid, "Edm.Guid"),
        "Blocked": ("false", "Edm.Boolean"),
        "IsSales": ("true", "Edm.Boolean"),
        "StartDate": ("2026-01-01T00:00:00", "Edm.DateTime"),
        "SecurityLevel": ("10", "Edm.Int32"),
        "City": ("<&>", None),
    }
    found = {name: named(entry, name) for name in expected}
    assert {
        name: (element.text, element.get(f"{M}type")) for name, element in found.items()
    } == expected
    empty = named(entry, "Website")
    assert (empty.text, empty.get(f"{M}null")) == (None, "true")
    code = named(entry, "Code")
    assert (code.text, code.get(XML_SPACE)) == (f"{255:>18}", "preserve")


def test_collections_are_links(api):
    entry = api.booked()
    address = f"salesentry/SalesEntries(guid'{entry['EntryID']}')"
    kind = f"{D[1:-1]}/related/SalesEntryLines"

    for options, count in (({}, 0), ({"expand": "SalesEntryLines"}, 1)):
        found = feed(api.get(address, headers=ATOM, **options))
        (link,) = [x for x in found.findall(f"{A}link") if x.get("rel") == kind]
        assert link.get("href") == api.url(f"{address}/SalesEntryLines")
        lines = link.findall(f"{M}inline/{A}feed/{A}entry")
        assert len(lines) == count
    assert named(lines[0], "AmountFC").text == "100"


def test_pages_are_followed_by_their_link(api):
    for number in range(130):
        api.customer(Code=str(1000 + number))
    options = {"filter": "Status eq 'C'", "select": "Code"}
    page = feed(api.get(ACCOUNTS, headers=ATOM, **options))

    codes = []
    while True:
        codes.append([named(x, "Code").text for x in page.findall(f"{A}entry")])
        following = [x for x in page.findall(f"{A}link") if x.get("rel") == "next"]
        if not following:
            break
        address = following[0].get("href")
        assert "$skiptoken" in parse_qs(urlsplit(address).query)
        page = feed(api.session.get(address, headers=ATOM, timeout=10))

    assert [len(page) for page in codes] == [60, 60, 10]
    assert len(set(sum(codes, []))) == 130


def test_short_list_is_a_feed_too(api):
    found = feed(api.get("financial/Journals", headers=ATOM, top=2))

    assert len(found.findall(f"{A}entry")) == 2
    counted = api.get("financial/Journals", headers=ATOM, top=2, inlinecount="allpages")
    total = len(api.rows("financial/Journals"))
    assert feed(counted).find(f"{M}count").text == str(total)


@pytest.mark.parametrize("uri", [u for u, row in RESOURCES.items() if "P" in row.verbs])
def test_both_forms_tell_the_same(api, uri):
    api.simulator.control.settings(mandatory_filter=False)
    api.booked(DueDate="2026-04-10")
    options = {"select": "*"} if RESOURCES[uri].select_required else {}
    found = feed(api.get(uri, headers=ATOM, **options)).findall(f"{A}entry")

    rows = rows_of(api.get(uri, **options))

    assert len(found) == len(rows)
    for entry, row in zip(found, rows, strict=True):
        nulls = {x.tag for x in properties(entry) if x.get(f"{M}null") == "true"}
        assert nulls == {f"{D}{name}" for name, value in row.items() if value is None}


def test_answer_to_a_post_is_atom_too(api):
    response = api.post(ACCOUNTS, {"Name": "x"}, headers=ATOM)

    assert response.status_code == 201
    assert named(feed(response), "Name").text == "x"
