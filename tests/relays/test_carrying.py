"""The first source that is well is carried: away within seconds, back when it is steady."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vang.relays.carrying import Carrier
from vang.relays.choosing import BACK_AFTER_S, choose
from vang.relays.tuning import BLOCK, Block
from vang.relays.watching import (
    GONE_AFTER_S,
    SILENT_AFTER_S,
    Condition,
    Watch,
    decibels,
)

TICK = 0.06


@dataclass
class Heard:
    """A source by a rule: at each second, what level it gives (dB), or None for nothing."""

    level: Callable[[float], float | None]
    problem: str = ""
    at: float = field(default=0.0)

    def take(self) -> Block | None:
        level = self.level(self.at)
        self.at += TICK
        if level is None:
            return None
        amount = 32768 * 10 ** (level / 20)
        return np.full(BLOCK, round(amount), np.int16)


def carried(seconds: float, *levels: Callable[[float], float | None]) -> tuple[Carrier, list[int]]:
    """The carrier after so long, and what it carried at each tick (-1: nothing)."""
    carrier = Carrier([Heard(one) for one in levels], now=0.0)
    course = []
    for tick in range(round(seconds / TICK)):
        block = carrier.tick(tick * TICK)
        assert (block is None) == (carrier.carried is None)
        course.append(-1 if carrier.carried is None else carrier.carried)
    return carrier, course


def well(_at: float) -> float:
    return -20.0


def test_the_first_is_carried_while_it_is_well() -> None:
    carrier, course = carried(30, well, well)
    assert set(course) == {0}
    assert [(one.to, one.why) for one in carrier.changes] == [(0, "begun")]


def test_a_dead_first_is_left_within_two_seconds_and_taken_again_when_steady() -> None:
    def dying(at: float) -> float | None:
        return None if 10 <= at < 25 else -20.0

    carrier, course = carried(60, dying, well)
    away = course.index(1) * TICK
    back = (len(course) - course[::-1].index(1)) * TICK
    assert 10 < away < 10 + GONE_AFTER_S + 0.2
    assert abs(back - (25 + BACK_AFTER_S)) < 0.2
    assert [one.why for one in carrier.changes] == ["begun", "gone", "back"]


def test_a_silent_studio_is_left_although_it_sends() -> None:
    carrier, course = carried(40, lambda at: -70.0 if at > 10 else -20.0, well)
    assert 10 + SILENT_AFTER_S - 0.2 < course.index(1) * TICK < 10 + SILENT_AFTER_S + 0.3
    assert carrier.changes[-1].why == "silent"


def test_a_pause_of_a_reader_is_no_failure() -> None:
    _, course = carried(40, lambda at: -80.0 if at % 12 > 6 else -20.0, well)
    assert set(course) == {0}


def test_without_any_source_nothing_is_carried_and_it_comes_back_by_itself() -> None:
    carrier, course = carried(30, lambda at: None if at < 20 else -20.0)
    assert set(course[: int(20 / TICK)]) == {-1}
    assert course[-1] == 0
    assert carrier.changes[-1].why == "begun"


def test_one_that_flutters_is_not_heard_as_a_programme_that_jumps() -> None:
    _, course = carried(60, lambda at: None if at % 4 < 2 else -20.0, well)
    changes = sum(a != b for a, b in pairwise(course))
    assert changes <= 3


levels = st.lists(st.sampled_from([None, -90.0, -20.0]), min_size=40, max_size=40)


@given(st.lists(levels, min_size=1, max_size=3))
def test_what_is_carried_is_always_well(sources: list[list[float | None]]) -> None:
    rules = [lambda at, one=one: one[min(39, int(at))] for one in sources]
    carrier = Carrier([Heard(rule) for rule in rules], now=0.0)
    for tick in range(round(40 / TICK)):
        now = tick * TICK
        carrier.tick(now)
        conditions = [one.condition(now) for one in carrier.watches]
        if carrier.carried is None:
            assert Condition.GOOD not in conditions
        else:
            assert conditions[carrier.carried] is Condition.GOOD


def test_choosing_needs_no_order_of_calls() -> None:
    fresh = [Watch(0.0), Watch(0.0)]
    assert choose(fresh, None, 0.0) is None
    fresh[1].heard(-20, 0.0)
    assert choose(fresh, None, 0.0) == 1


def test_decibels_of_nothing_and_of_all() -> None:
    assert decibels(0.0) == -100.0
    assert decibels(32768.0**2) == 0.0
