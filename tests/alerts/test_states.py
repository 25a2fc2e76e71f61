"""The transition table, exhaustively."""

import itertools

import pytest

from vang.alerts.states import MOVES, OVER, STANDING, Act, State, after, possible
from vang.base.refusals import Refusal

ALLOWED = {(move.act, state): move.after for move in MOVES for state in move.before}


@pytest.mark.parametrize(("act", "state"), list(itertools.product(Act, State)))
def test_every_act_in_every_state_is_either_in_the_table_or_refused(act: Act, state: State) -> None:
    if (act, state) in ALLOWED:
        assert after(act, state) == ALLOWED[act, state]
        assert act in possible(state)
        return
    with pytest.raises(Refusal) as refused:
        after(act, state)
    assert refused.value.code == "wrong-state"
    assert act not in possible(state)


@pytest.mark.parametrize("state", sorted(OVER))
def test_what_is_over_stays_over(state: State) -> None:
    assert not possible(state)


def test_nothing_is_sent_without_the_second_signature_or_a_template() -> None:
    ways = {move.act for move in MOVES if move.after == State.DISPATCHING}
    assert ways == {Act.APPROVE_SECOND, Act.SEND_ALONE}


def test_what_is_sent_can_always_be_stopped() -> None:
    assert all(Act.CANCEL in possible(state) for state in STANDING)


def test_what_is_sent_cannot_be_edited() -> None:
    assert all(Act.EDIT not in possible(state) for state in STANDING | OVER)
