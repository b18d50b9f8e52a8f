"""Entry numbers, whatever somebody types: properties of the pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.comanage_exact.booking import entry_number, number_format

DIGITS = "0123456789"
digits = st.text(DIGITS, max_size=4)
parts = st.one_of(
    digits, st.sampled_from(["{journal}", "{gl}", "{yy}", "{yyyy}", "{mm}"])
)
patterns = st.lists(parts, max_size=4).map("".join)
codes = st.text(DIGITS, min_size=1, max_size=6)
years = st.integers(1900, 2999)


@given(patterns, codes, codes, years)
def test_known_patterns_fill_to_digits(pattern, journal, gl, year):
    entry_number.check_pattern(pattern)
    filled = entry_number.fill(pattern, journal=journal, gl=gl, year=year, month=3)
    assert not set(filled) - set(DIGITS)


@given(st.text(max_size=12))
def test_any_text_fills_to_digits_or_is_refused(pattern):
    try:
        filled = entry_number.fill(pattern, journal="70", gl="8000", year=2026)
    except ValueError:
        return
    assert not set(filled) - set(DIGITS)


@given(digits, st.text(DIGITS, min_size=1, max_size=8), digits)
def test_numbers_are_int32_or_refused(prefix, number, suffix):
    zeros = len(number) - len(number.lstrip("0"))
    shorter = [number[count:] or "0" for count in range(zeros + 1)]
    possible = [int(prefix + running + suffix) for running in shorter]
    try:
        result = entry_number.entry_number(prefix, number, suffix)
    except OverflowError:
        assert min(possible) >= 2**31
    except ValueError:
        assert possible[0] < 1
    else:
        assert 1 <= result < 2**31
        assert result == next(value for value in possible if value < 2**31)


@given(
    st.text(DIGITS, max_size=6),
    st.integers(3, 6),
    st.data(),
    st.text(DIGITS, max_size=3),
)
def test_numbers_of_one_length_lose_the_same_zeros(prefix, length, data, suffix):
    running = st.integers(1, 10**length - 1)
    first, second = sorted(data.draw(st.tuples(running, running)))
    results = []
    for number in (first, second):
        try:
            text = str(number).zfill(length)
            results.append(entry_number.entry_number(prefix, text, suffix))
        except OverflowError:
            return
    assert (results[0] < results[1]) == (first < second)
    assert (results[0] == results[1]) == (first == second)


@given(
    st.text(DIGITS, min_size=1, max_size=3),
    st.sets(st.integers(1, 99999), min_size=2, max_size=20),
    digits,
)
def test_one_format_keeps_running_numbers_apart(prefix, numbers, suffix):
    results = set()
    for number in numbers:
        try:
            results.add(entry_number.entry_number(prefix, f"{number:05}", suffix))
        except OverflowError:
            results.add(("too large", number))
        except ValueError:
            pytest.fail("a running number above zero is a number")
    assert len(results) == len(numbers)


@st.composite
def documents(draw):
    """Draw the invoices of some journals, numbered as Odoo numbers them."""
    found = []
    for journal in range(draw(st.integers(1, 4))):
        width = draw(st.integers(3, 6))
        is_monthly = draw(st.booleans())
        for kind in draw(st.sets(st.sampled_from(number_format.KINDS), min_size=1)):
            group = number_format.Group(journal, kind)
            when = st.tuples(
                st.integers(1, 900),
                st.integers(2025, 2026),
                st.integers(1, 12) if is_monthly else st.just(1),
            )
            for number, year, month in draw(st.sets(when, min_size=1, max_size=4)):
                source = entry_number.NumberSource(
                    digits=str(number).zfill(width),
                    journal="700",
                    gl="700000",
                    year=year,
                    month=month,
                    has_year=True,
                    has_month=is_monthly,
                )
                name = f"{journal}/{kind}/{year}/{month}/{number}"
                place = ("700", draw(st.sampled_from((2025, 2026))))
                found.append(number_format.Document(name, place, group, source))
    return found


@given(documents(), st.sampled_from(["", "{yy}", "7", "{gl}", "9999999999"]))
def test_proposed_formats_number_everything_apart(found, prefix):
    present = number_format.Formats(
        {kind: entry_number.NumberFormat(prefix) for kind in number_format.KINDS}
    )
    proposed = number_format.propose(found, present)
    assert not list(number_format.find_problems(found, proposed))
    numbers = [(one.place, one.source.number(proposed.of(one.group))) for one in found]
    assert len(numbers) == len(set(numbers))


@given(st.text(max_size=8), st.integers(0, 10**6), st.sampled_from(["", "-A", "/x1"]))
def test_running_number_is_found_behind_its_prefix(prefix, number, rest):
    name = f"{prefix}{number:05}{rest}"
    assert int(entry_number.sequence_digits(name, prefix)) == number
