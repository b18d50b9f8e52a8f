"""Looking rows up gives what looking at all of them would."""

from hypothesis import given
from hypothesis import strategies as st

from .simulator.indexes import Lookup, Rows, Sequence

NUMBERS = st.lists(st.integers(0, 12), unique=True)


def make_rows():
    return Rows({("Code",): Lookup("Code"), "Number": Sequence("Number", "Journal")})


def fill(rows, numbers, journal="70"):
    for number in numbers:
        rows[number] = {"Code": "a", "Journal": journal, "Number": number}


def test_a_changed_row_is_found_after_it_was_filed_again():
    rows = make_rows()
    rows[1] = {"Code": " a ", "Journal": "70", "Number": 5}
    rows[1].update(Code="b", Number=6)
    rows.refile(1)

    assert rows.lookup(("a",), by=("Code",)) == []
    assert rows.lookup(("b",), by=("Code",)) == [rows[1]]
    assert rows.numbers("Number").highest("70") == 6


def test_what_is_taken_out_is_not_found():
    rows = make_rows()
    fill(rows, range(4))
    del rows[0]
    rows.pop(3)

    assert [row["Number"] for row in rows.lookup(("a",), by=("Code",))] == [1, 2]
    assert rows.numbers("Number").highest("70") == 2
    rows.clear()
    assert rows.lookup(("a",), by=("Code",)) == []
    assert rows.numbers("Number").highest("70") is None


def test_without_an_index_all_rows_are_looked_at():
    rows = make_rows()
    fill(rows, [1, 2])

    assert rows.lookup((2,), by=("Number",)) == [rows[2]]


@given(NUMBERS, st.integers(0, 13))
def test_the_next_free_number_is_the_lowest(numbers, first):
    rows = make_rows()
    fill(rows, numbers)
    fill(rows, [20, 21], journal="71")

    free = (number for number in range(first, 40) if number not in numbers)
    assert rows.numbers("Number").next_free(first, "70") == next(free)


@given(NUMBERS, st.integers(0, 13))
def test_the_highest_number_below_a_limit(numbers, limit):
    rows = make_rows()
    fill(rows, numbers)

    lower = [number for number in numbers if number < limit]
    assert rows.numbers("Number").highest("70", below=limit) == max(lower, default=None)
    assert rows.numbers("Number").count(limit, "70") == (limit in numbers)
