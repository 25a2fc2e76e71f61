"""Who may approve, over every pair of people and every part they played; what a hash binds."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.alerts.binding import Past, bar, content_sha256, enough, order_sha256

PEOPLE = range(4)
EDITORS = [frozenset(some) for n in range(3) for some in itertools.combinations(PEOPLE, n)]


@pytest.mark.parametrize("approver", PEOPLE)
@pytest.mark.parametrize("creator", PEOPLE)
@pytest.mark.parametrize("submitter", [None, *PEOPLE])
def test_only_somebody_who_had_no_hand_in_it_may_approve(
    approver: int, creator: int, submitter: int | None
) -> None:
    for editors, first in itertools.product(EDITORS, [None, *PEOPLE]):
        past = Past(creator, editors, submitter, () if first is None else (first,))
        had_a_hand = approver in {creator, submitter, first, *editors}
        assert bool(bar(approver, past)) == had_a_hand


@given(st.lists(st.integers(0, 5), max_size=6))
def test_two_signatures_of_one_person_are_one(approvers: list[int]) -> None:
    assert enough(approvers) == (len(set(approvers)) >= 2)


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40), st.binary())
def test_another_command_or_another_sound_has_another_hash(
    payload: bytes, manifest: bytes, other: bytes, another: bytes
) -> None:
    same = (payload, manifest) == (other, another)
    assert (order_sha256(payload, manifest) == order_sha256(other, another)) == same


def test_the_same_contents_have_the_same_hash_in_any_order() -> None:
    assert content_sha256({"a": 1, "b": ["x"]}) == content_sha256({"b": ["x"], "a": 1})
    assert content_sha256({"a": 1}) != content_sha256({"a": 2})
