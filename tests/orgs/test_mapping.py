"""Values carried from units that were to units that are: nothing lost, nothing counted twice."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.orgs.mapping import apportioned, mapped_sum, replaced, resolved

HALF = Fraction(1, 2)


@st.composite
def wholes(draw: st.DrawFn, keys: list[int]) -> dict[int, Fraction]:
    """Shares that make 1."""
    weights = draw(st.lists(st.integers(1, 50), min_size=len(keys), max_size=len(keys)))
    return {key: Fraction(one, sum(weights)) for key, one in zip(keys, weights, strict=True)}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[int], list[dict[int, dict[int, Fraction]]]]:
    """The first units, and a random sequence of merges and splits of whatever is there then."""
    first = list(range(draw(st.integers(1, 6))))
    there, steps, newest = list(first), [], len(first)
    for _step in range(draw(st.integers(0, 8))):
        gone = draw(st.lists(st.sampled_from(there), min_size=1, max_size=3, unique=True))
        into = list(range(newest, newest + draw(st.integers(1, 3))))
        staying = [key for key in there if key not in gone]
        to_one_there: bool = draw(st.booleans())
        if staying and to_one_there:
            into.append(draw(st.sampled_from(staying)))
        steps.append({key: draw(wholes(into)) for key in gone})
        newest += 3
        there = sorted({*staying, *into})
    return first, steps


def test_equal_halves_of_an_odd_number_make_the_number() -> None:
    assert apportioned(7, {1: HALF, 2: HALF}) == {1: 4, 2: 3}
    assert apportioned(-7, {1: HALF, 2: HALF}) == {1: -3, 2: -4}


def test_the_largest_remainder_gets_what_is_left() -> None:
    shares = {"a": Fraction(1, 2), "b": Fraction(3, 10), "c": Fraction(1, 5)}
    assert apportioned(11, shares) == {"a": 6, "b": 3, "c": 2}


def test_shares_that_are_no_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        apportioned(7, {1: HALF})


@given(st.integers(-(10**15), 10**15), st.integers(1, 6).flatmap(lambda n: wholes(list(range(n)))))
def test_parts_make_the_value_and_lie_beside_their_shares(
    value: int, shares: dict[int, Fraction]
) -> None:
    parts = apportioned(value, shares)
    assert sum(parts.values()) == value
    assert all(abs(parts[key] - value * share) < 1 for key, share in shares.items())


@given(histories(), st.data())
def test_through_any_merges_and_splits_sums_stay_exact(
    history: tuple[list[int], list[dict[int, dict[int, Fraction]]]], data: st.DataObject
) -> None:
    first, steps = history
    standing: dict[int, dict[int, Fraction]] = {key: {key: Fraction(1)} for key in first}
    for step in steps:
        for key in {*step, *(new for shares in step.values() for new in shares)}:
            standing.setdefault(key, {key: Fraction(1)})
        for gone, shares in step.items():
            for unit, parts in list(standing.items()):
                if gone in parts:
                    standing[unit] = replaced(parts, gone, shares)
    assert all(sum(parts.values()) == 1 for parts in standing.values())
    number = st.integers(0, 10**9)
    values = data.draw(st.fixed_dictionaries(dict.fromkeys(standing, number)))
    sums = mapped_sum(values, standing)
    assert sum(sums.values()) == sum(values.values())
    ended = {gone for step in steps for gone in step}
    assert not ended & set(sums)


@given(histories())
def test_step_by_step_and_all_at_once_agree(
    history: tuple[list[int], list[dict[int, dict[int, Fraction]]]],
) -> None:
    _first, steps = history
    standing: dict[int, dict[int, Fraction]] = {}
    for step in steps:
        for gone, shares in step.items():
            standing.setdefault(gone, {gone: Fraction(1)})
            for unit, parts in list(standing.items()):
                if gone in parts:
                    standing[unit] = replaced(parts, gone, shares)
    assert standing == resolved({key: shares for step in steps for key, shares in step.items()})
