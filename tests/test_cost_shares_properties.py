"""Shares of amounts, whatever a distribution says: properties of the pure functions."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.comanage_exact.booking import cost_shares

amounts = st.decimals("-99999999", "99999999", places=2)
percentages = st.decimals("0.01", "100", places=2)
weights = st.lists(percentages, min_size=1, max_size=9)
names = st.sampled_from(["", "GENT", "BRUSSEL", "LUIK"])
units = st.sampled_from(["", "P1", "P2"])
distributions = st.lists(st.tuples(names, units, percentages), max_size=6)
TINY = Decimal("1e-15")


@given(amounts, weights)
def test_parts_add_up_to_the_cent(amount, given_weights):
    parts = cost_shares.split(amount, given_weights)
    assert sum(parts) == amount
    assert all(part == round(part, 2) for part in parts)


@given(amounts, weights)
def test_each_part_is_less_than_a_cent_off(amount, given_weights):
    total = sum(given_weights)
    for part, weight in zip(
        cost_shares.split(amount, given_weights), given_weights, strict=True
    ):
        assert abs(part - amount * weight / total) < Decimal("0.01")


@given(amounts, weights)
def test_credit_note_is_split_as_its_invoice(amount, given_weights):
    negative = [-part for part in cost_shares.split(-amount, given_weights)]
    assert negative == cost_shares.split(amount, given_weights)


@given(distributions)
def test_pairs_add_up_to_the_whole(distribution):
    found = cost_shares.pairs(distribution)
    assert abs(sum(found.values()) - 100) < TINY


@given(distributions)
def test_each_centre_and_unit_keeps_its_percentage(distribution):
    found = cost_shares.pairs(distribution)
    for index in (0, 1):
        wanted, got = defaultdict(Decimal), defaultdict(Decimal)
        for part in distribution:
            wanted[part[index]] += part[2]
        for pair, share in found.items():
            got[pair[index]] += share
        for code in wanted.keys() - {""}:
            # What is missing of 100 by rounding goes to the largest.
            assert abs(wanted[code] - got[code]) <= Decimal("0.005")


@given(amounts, distributions)
def test_amounts_follow_any_distribution(amount, distribution):
    found = cost_shares.pairs(distribution)
    assume(found)
    assert sum(cost_shares.split(amount, list(found.values()))) == amount


def test_sixty_and_forty():
    assert cost_shares.split(Decimal("10.01"), [Decimal(60), Decimal(40)]) == [
        Decimal("6.01"),
        Decimal("4.00"),
    ]


def test_three_thirds_of_a_euro():
    thirds = [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert [str(part) for part in cost_shares.split(Decimal("1.00"), thirds)] == [
        "0.33",
        "0.33",
        "0.34",
    ]


def test_rest_has_no_cost_centre():
    found = cost_shares.pairs([("GENT", "", Decimal(60))])
    assert found == {("GENT", ""): 60, ("", ""): 40}


def test_plans_in_keys_of_their_own_are_crossed():
    found = cost_shares.pairs(
        [
            ("GENT", "", Decimal(60)),
            ("LUIK", "", Decimal(40)),
            ("", "P1", Decimal(100)),
        ]
    )
    assert found == {("GENT", "P1"): 60, ("LUIK", "P1"): 40}


def test_more_than_the_whole_is_taken_off_what_has_none():
    found = cost_shares.pairs([("GENT", "", Decimal(110))])
    assert found == {("GENT", ""): 110, ("", ""): -10}


def test_percentages_that_lost_a_digit_are_the_whole():
    third = Decimal("33.333333")
    found = cost_shares.pairs([("A", "", third), ("B", "", third), ("C", "", third)])
    assert ("", "") not in found
    assert sum(found.values()) == 100
