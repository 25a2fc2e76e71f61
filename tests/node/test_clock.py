"""Trusted time: from the best answer, bounded, above its floor, and deaf to a stepped clock."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vang_node.clock import DRIFT_PPM, Exchange, Reading, Step, TrustedClock
from vang_protocol.instants import to_us
from vang_protocol.states import ClockSource

BUILT = datetime(2026, 11, 1, tzinfo=UTC)
TRUE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TRUE_US = to_us(TRUE)
SECOND = 1_000_000
HOUR = 3600 * SECOND


def reading(mono_us: int, *, wrong_us: int = 0) -> Reading:
    """Both clocks ``mono_us`` after TRUE; the system clock off by ``wrong_us``."""
    return Reading(mono_us, TRUE_US + mono_us + wrong_us)


def exchange(sent_us: int, *, there: int, back: int, held: int = 0) -> Exchange:
    """An answer whose ways took ``there`` and ``back`` µs."""
    arrived = TRUE_US + sent_us + there
    return Exchange(sent_us, arrived, arrived + held, sent_us + there + held + back)


def clock(*, wrong_us: int = 0, written: datetime | None = None) -> TrustedClock:
    return TrustedClock(reading(0, wrong_us=wrong_us), built=BUILT, written=written)


def error_us(node: TrustedClock, mono_us: int) -> int:
    return node.now_us(mono_us) - (TRUE_US + mono_us)


def test_without_an_answer_the_system_clock_is_followed() -> None:
    node = clock(wrong_us=300)
    assert error_us(node, SECOND) == 300
    assert node.state(SECOND).source is ClockSource.SYSTEM
    assert node.state(SECOND).error_us is None


def test_an_answer_corrects_the_system_clock_and_is_reported() -> None:
    node = clock(wrong_us=-HOUR)
    node.observe_exchange(exchange(SECOND, there=4000, back=4000))
    assert error_us(node, 2 * SECOND) == 0
    state = node.state(2 * SECOND)
    assert (state.source, state.offset_us) == (ClockSource.SERVER, HOUR)


@given(
    st.lists(
        st.tuples(st.integers(100, 400_000), st.integers(100, 400_000), st.integers(0, 5000)),
        min_size=1,
        max_size=90,
    )
)
def test_the_error_stays_within_the_bound_however_unequal_the_ways(
    ways: list[tuple[int, int, int]],
) -> None:
    node, now_us = clock(wrong_us=HOUR), 0
    for there, back, held in ways:
        node.observe_exchange(exchange(now_us, there=there, back=back, held=held))
        now_us += SECOND
        bound = node.state(now_us).error_us
        assert bound is not None
        assert abs(error_us(node, now_us)) <= bound


def test_the_fastest_of_many_answers_is_the_one_believed() -> None:
    node = clock()
    for second in range(30):
        node.observe_exchange(exchange(second * SECOND, there=90_000, back=10_000))
    node.observe_exchange(exchange(30 * SECOND, there=700, back=500))
    for second in range(31, 60):
        node.observe_exchange(exchange(second * SECOND, there=10_000, back=90_000))
    assert abs(error_us(node, 60 * SECOND)) == 100


def test_the_bound_grows_with_the_quartz_until_a_fresh_answer() -> None:
    node = clock()
    node.observe_exchange(exchange(0, there=1000, back=1000))
    day = node.state(24 * HOUR).error_us
    assert day is not None
    assert day > 24 * HOUR * DRIFT_PPM // 1_000_000
    node.observe_exchange(exchange(24 * HOUR, there=1000, back=1000))
    assert node.state(24 * HOUR + 2000).error_us == 1001


def test_an_answer_from_before_the_question_is_no_answer() -> None:
    node = clock()
    node.observe_exchange(Exchange(SECOND, TRUE_US + HOUR, TRUE_US, 2 * SECOND))
    assert node.state(3 * SECOND).source is ClockSource.SYSTEM


def test_a_step_of_an_hour_is_seen_and_not_followed_while_the_server_confirms() -> None:
    for by_us in (HOUR, -HOUR):
        node = clock()
        node.observe_exchange(exchange(SECOND, there=1000, back=1000))
        assert node.observe_system(reading(10 * SECOND)) is None
        step = node.observe_system(reading(11 * SECOND, wrong_us=by_us))
        assert step == Step(by_us, kept=True)
        assert error_us(node, 12 * SECOND) == 0


def test_a_step_is_followed_when_no_server_has_spoken() -> None:
    node = clock(wrong_us=-HOUR)
    assert node.observe_system(reading(SECOND)) == Step(HOUR, kept=False)
    assert error_us(node, 2 * SECOND) == 0


def test_a_step_is_followed_again_a_day_after_the_server_fell_silent() -> None:
    node = clock(wrong_us=-HOUR)
    node.observe_exchange(exchange(0, there=1000, back=1000))
    assert node.observe_system(reading(23 * HOUR, wrong_us=HOUR)) == Step(2 * HOUR, kept=True)
    assert node.observe_system(reading(25 * HOUR, wrong_us=0)) == Step(-HOUR, kept=False)
    assert error_us(node, 25 * HOUR) == 0


def test_a_slow_drift_of_the_system_clock_is_no_step() -> None:
    node = clock()
    assert all(
        node.observe_system(reading(n * SECOND, wrong_us=n * 400_000)) is None for n in range(20)
    )


def test_a_clock_before_the_software_was_made_is_not_trusted() -> None:
    node = TrustedClock(Reading(0, 0), built=BUILT, written=None)
    assert not node.trusted(SECOND)
    assert node.state(SECOND).source is ClockSource.UNTRUSTED
    assert clock().trusted(SECOND)


def test_a_clock_behind_the_journal_is_not_trusted_until_the_server_speaks() -> None:
    node = clock(written=TRUE + timedelta(hours=1))
    assert not node.trusted(SECOND)
    node.observe_exchange(exchange(SECOND, there=1000, back=1000))
    assert node.trusted(2 * SECOND)


def test_a_clock_behind_a_signed_plan_is_not_trusted_even_if_a_server_says_so() -> None:
    node = clock()
    node.observe_exchange(exchange(SECOND, there=1000, back=1000))
    assert node.trusted(2 * SECOND)
    node.raise_floor(TRUE + timedelta(hours=1))
    assert not node.trusted(2 * SECOND)


def test_time_never_falls_behind_what_was_written() -> None:
    node = clock(wrong_us=2 * HOUR)
    node.note_written(SECOND)
    node.observe_system(reading(2 * SECOND))
    assert not node.trusted(2 * SECOND)


def test_the_quickest_question_and_the_quickest_answer_need_not_be_one_exchange() -> None:
    node = clock()
    node.observe_exchange(exchange(SECOND, there=3_000, back=90_000))
    node.observe_exchange(exchange(2 * SECOND, there=90_000, back=3_000))
    assert abs(error_us(node, 3 * SECOND)) < 100
    bound = node.state(3 * SECOND).error_us
    assert bound is not None
    assert bound < 4_000


@given(st.floats(-40, 40))
def test_a_quartz_that_runs_wrong_is_followed(ppm: float) -> None:
    """True time against our scale gains ``ppm``; answers come every four seconds."""
    node, chance = clock(), random.Random(1)
    for second in range(0, 1200, 4):
        mono_us = second * SECOND
        true_us = TRUE_US + round(mono_us * (1 + ppm / 1e6))
        there, back = 20_000 + chance.randrange(60_000), 20_000 + chance.randrange(60_000)
        node.observe_exchange(
            Exchange(mono_us, true_us + there, true_us + there, mono_us + there + back)
        )
    assert abs(node.rate_ppm - ppm) < 8
    later_us = 1260 * SECOND  # a minute without an answer
    true_us = TRUE_US + round(later_us * (1 + ppm / 1e6))
    assert abs(node.now_us(later_us) - true_us) < 4_000


def test_a_server_whose_clock_was_set_is_followed_at_once() -> None:
    node = clock()
    for second in range(10):
        node.observe_exchange(exchange(second * SECOND, there=1000, back=1000))
    moved = exchange(10 * SECOND, there=1000, back=1000)
    node.observe_exchange(
        Exchange(moved.sent_us, moved.arrived_us + HOUR, moved.left_us + HOUR, moved.received_us)
    )
    assert error_us(node, 11 * SECOND) == HOUR
