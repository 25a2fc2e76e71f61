"""What a server's answer means, and when to try again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.letters.outcomes import FAILURE_WORDS, Failure, outcome_of_reply, pause_after


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (421, Failure.AWAY),
        (450, Failure.TRY_LATER),
        (452, Failure.TRY_LATER),
        (454, Failure.AWAY),
        (530, Failure.NOT_LET_IN),
        (535, Failure.NOT_LET_IN),
        (550, Failure.REFUSED),
        (554, Failure.REFUSED),
    ],
)
def test_a_reply_is_for_later_or_for_ever(code: int, failure: Failure) -> None:
    assert outcome_of_reply(code, "x").failure == failure


@given(st.integers(400, 599))
def test_every_no_is_one_of_ours_and_has_words(code: int) -> None:
    outcome = outcome_of_reply(code, "x")
    assert outcome.failure in FAILURE_WORDS
    assert not (outcome.final and outcome.concerns_all)


def test_pauses_grow_and_end_within_a_day() -> None:
    pauses = []
    while pause := pause_after(len(pauses) + 1):
        pauses.append(pause)
    assert pauses == sorted(pauses)
    assert timedelta(hours=12) < sum(pauses, timedelta()) < timedelta(days=1)
