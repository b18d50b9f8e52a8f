"""Entry numbers, whatever somebody types: properties of the pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.comanage_exact.booking import entry_number

DIGITS = "0123456789"
digits = st.text(DIGITS, max_size=4)
parts = st.one_of(digits, st.sampled_from(["{journal}", "{gl}", "{yy}", "{yyyy}"]))
patterns = st.lists(parts, max_size=4).map("".join)
codes = st.text(DIGITS, min_size=1, max_size=6)
years = st.integers(1900, 2999)


@given(patterns, codes, codes, years)
def test_known_patterns_fill_to_digits(pattern, journal, gl, year):
    entry_number.check_pattern(pattern)
    filled = entry_number.fill(pattern, journal=journal, gl=gl, year=year)
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
    try:
        result = entry_number.entry_number(prefix, number, suffix)
    except (OverflowError, ValueError):
        value = int(prefix + number + suffix)
        assert value < 1 or value >= 2**31
    else:
        assert 1 <= result < 2**31
        assert int(prefix + number + suffix) == result


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


@given(st.text(max_size=8), st.integers(0, 10**6), st.sampled_from(["", "-A", "/x1"]))
def test_running_number_is_found_behind_its_prefix(prefix, number, rest):
    name = f"{prefix}{number:05}{rest}"
    assert int(entry_number.sequence_digits(name, prefix)) == number
