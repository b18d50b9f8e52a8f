"""The figures of `make walk` can be trusted: its counting, by hand on small ways."""

import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from .walk.listing import lines
from .walk.trace import Call, Figures, count, part_of, recorded, visits

WAY = [
    Call(0, "cron.py", "Cron.push"),
    Call(1, "book.py", "Book.lines"),
    Call(2, "text.py", "cut"),
    Call(2, "text.py", "cut"),
    Call(1, "book.py", "Book.total"),
    Call(1, "cron.py", "Cron.finish"),
    Call(0, "care.py", "Care.look"),
]
FIRST = """
from contextlib import contextmanager
from second import double

@contextmanager
def opened():
    double(1)
    yield
    double(2)

def push(values):
    with opened():
        return [double(value) for value in values]
"""
SECOND = """
def double(value):
    return (lambda: 2 * value)()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "first.py").write_text(FIRST)
    (tmp_path / "second.py").write_text(SECOND)
    monkeypatch.setitem(sys.modules, "second", load(tmp_path / "second.py"))
    return tmp_path


def load(path):
    spec = spec_from_file_location(path.stem, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_moves_are_calls_in_another_file_and_returns_those_to_one_left_before():
    # cron, book, text, book again, cron again, care.
    assert count(WAY) == Figures(calls=7, files=4, moves=5, returns=2)


def test_a_way_within_one_file_has_no_moves():
    assert count(WAY[2:4]) == Figures(calls=2, files=1, moves=0, returns=0)


def test_no_calls_are_no_way():
    assert count([]) == Figures(calls=0, files=0, moves=0, returns=0)


def test_visits_are_the_times_one_comes_to_a_file():
    assert visits(WAY)[0] == ("cron.py", 2, 2)
    assert ("text.py", 1, 2) in visits(WAY)


def test_a_part_is_one_call_with_all_that_it_leads_to():
    assert part_of(WAY, "push") == WAY[:6]
    assert part_of(WAY, "lines") == [
        Call(0, "book.py", "Book.lines"),
        *[Call(1, "text.py", "cut")] * 2,
    ]
    assert part_of(WAY, "nowhere") == []


def test_equal_neighbours_are_one_line():
    assert [line.split() for line in lines(WAY)] == [
        ["cron.py", "Cron.push"],
        ["book.py", "Book.lines"],
        ["text.py", "cut", "×", "2"],
        ["book.py", "Book.total"],
        ["cron.py", "Cron.finish"],
        ["care.py", "Care.look"],
    ]


def test_named_functions_of_the_folder_are_recorded_with_their_depth(folder):
    push = load(folder / "first.py").push
    with recorded(folder) as calls:
        assert push([3, 4]) == [6, 8]
    assert calls == [
        Call(0, "first.py", "push"),
        Call(1, "first.py", "opened"),
        Call(2, "second.py", "double"),
        *[Call(1, "second.py", "double")] * 2,
        # The generator goes on, which is no call of its own.
        Call(2, "second.py", "double"),
    ]
