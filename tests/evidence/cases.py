"""Reads tests/evidence.json: one case for each thing that was seen or told."""

import json
from dataclasses import dataclass, field
from pathlib import Path

PATH = Path(__file__).parent.parent / "evidence.json"


@dataclass(frozen=True)
class Case:
    """One piece of evidence.

    :param strength: A documented or seen several times, B seen once, C doubtful.
    :param dict settings: switches of the simulator under which it behaves like that.
    :param dict request: method, path, query, headers and body; `{customer}` and the
        like stand for records that are made for it.
    :param dict answer: status, headers and body; see shapes.py for its marks.
    """

    id: str
    strength: str
    source: str
    fact: str
    request: dict
    answer: dict
    settings: dict = field(default_factory=dict)


CASES = {row["id"]: Case(**row) for row in json.loads(PATH.read_text("utf-8"))}
