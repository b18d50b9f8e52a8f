"""No request, however odd, makes the simulator fail, or spoils a later one.

What is sent is read from the table of resources: a new one is covered by itself.
"""

import itertools

import pytest

from .odd_requests import (
    BODIES,
    CONDITIONS,
    HEADERS,
    KEYS,
    LITERALS,
    METHODS,
    NOBODY,
    OPTIONS,
    PATHS,
    VALUES,
    Odd,
    quoted,
)
from .simulator import handlers
from .simulator.resources import RESOURCES
from .simulator_api import BELGIAN

LOOSE = {
    "escaped_dates": "take",
    "control_characters": "replace",
    "overlong": "cut",
    "keep_client_guid": True,
    "put_own_code": "accept",
    "vat_on_base_only": "accept",
    "case_insensitive": True,
}


def writable(resource):
    return [prop for prop in resource.properties.values() if prop.writable]


def batches(odd, resource, share):
    """Give lists of {property: odd value}, for some properties each."""
    properties = writable(resource)
    for start in range(0, len(properties), 6):
        yield [
            {prop.name: value}
            for prop in properties[start : start + 6]
            for value in odd.values_for(prop, share)
        ]


def odd_values(odd, share):
    """Send odd values as each property that can be sent, alone and in a line."""
    for resource in RESOURCES.values():
        if not {"P", "U"} & set(resource.verbs):
            continue
        for bodies in batches(odd, resource, share):
            odd.write(resource, bodies)
        for name, (uri, link) in resource.children.items():
            if not resource.properties[name].writable:
                continue
            plain = odd.plain(RESOURCES[uri], without=link)
            for bodies in batches(odd, RESOURCES[uri], share):
                odd.write(resource, [{name: [{**plain, **body}]} for body in bodies])
        odd.read_all(forms=("application/json",))


def odd_mixtures(odd, share):
    """Send several odd values at once."""
    for resource in RESOURCES.values():
        if "P" not in resource.verbs:
            continue
        names = [prop.name for prop in writable(resource)]
        for _batch in range(12 // share):
            bodies = [
                {
                    name: odd.random.choice(VALUES)
                    for name in odd.random.sample(names, min(3, len(names)))
                }
                for _number in range(25)
            ]
            odd.write(resource, bodies)


def odd_bodies(odd, _share):
    for resource in RESOURCES.values():
        key = odd.literal(resource, odd.key_of(resource.uri))
        for content in BODIES:
            odd.send("POST", odd.address(resource), content)
            odd.send("PUT", odd.address(resource, key), content)
        odd.read(resource)


def odd_options(odd, share):
    for resource in RESOURCES.values():
        names = list(resource.properties)
        for name, values in OPTIONS.items():
            for value in values:
                value = value.replace("{0}", odd.random.choice(names))
                odd.send("GET", odd.address(resource), query=quoted({name: value}))
        pairs = list(itertools.product(CONDITIONS, LITERALS))
        for condition, literal in odd.random.sample(pairs, len(pairs) // 2 // share):
            name = odd.random.choice(names)
            text = condition.replace("{0}", name).replace("{1}", literal)
            options = {"$filter": text, "$orderby": odd.random.choice(names)}
            odd.send("GET", odd.address(resource), query=quoted(options))
        for literal in LITERALS:
            name = odd.random.choice(names)
            options = {"$orderby": name, "$skiptoken": f"{literal},guid'{NOBODY}'"}
            odd.send("GET", odd.address(resource), query=quoted(options))


def odd_addresses(odd, share):
    for resource in RESOURCES.values():
        for key, method in itertools.product(KEYS, METHODS[: 24 // share]):
            odd.send(method, odd.address(resource, key or " "), "{}")
        ends = ("/", "/$count", "/x", "()")
        for end, method in itertools.product(ends, METHODS[: 24 // share]):
            odd.send(method, odd.address(resource) + end, "{}")
    for path, method in itertools.product(PATHS, METHODS):
        odd.send(method, path.replace("{d}", str(BELGIAN)), "{}")
    for query in ("%", "%ff", "&&==", "a=b=c", "$filter", "\x00", "?", "+", "é", ";"):
        for resource in RESOURCES.values():
            odd.send("GET", odd.address(resource), query=query)


def odd_headers(odd, _share):
    for headers in HEADERS:
        for resource in odd.random.sample(list(RESOURCES.values()), 12):
            odd.send("GET", odd.address(resource), headers=headers)
            odd.send("POST", odd.address(resource), "{}", headers=headers)


PARTS = (
    odd_bodies,
    odd_options,
    odd_addresses,
    odd_headers,
    odd_mixtures,
    odd_values,
)


@pytest.mark.parametrize(
    ("settings", "share"), [({}, 6), (LOOSE, 12)], ids=["strict", "loose"]
)
def test_ten_thousand_odd_requests_are_answered(settings, share):
    odd = Odd(**settings)

    for part in PARTS:
        part(odd, share)
        odd.read_all()
        assert odd.failures == []

    assert odd.count >= 10_000
    # What is odd is odd alone. Else `USUAL` lacks what the record needs.
    assert odd.shallow() == []


def test_a_failure_is_noticed(monkeypatch):
    odd = Odd()
    monkeypatch.setitem(handlers._CREATE, "crm/Accounts", lambda context, values: 1 / 0)

    odd.write(RESOURCES["crm/Accounts"], [{"Name": "x"}])

    assert len(odd.failures) == 3
    assert "ZeroDivisionError" in odd.failures[0][-1][0]
