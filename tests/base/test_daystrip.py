"""Where broadcasts lie on the picture of a day."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from vang.base.daystrip import TICK_SHARE, Span, day_strip

OPEN = [(time(5), time(6)), (time(17), time(18))]
times = st.times().map(lambda t: t.replace(microsecond=0))
spans = st.builds(
    Span,
    number=st.integers(1, 99),
    start=times,
    seconds=st.integers(1, 7200),
    title=st.just("x"),
    state=st.just("planned"),
    lanes=st.just(("a",)),
)


def span(start: time, minutes: int = 6, number: int = 1) -> Span:
    return Span(number, start, minutes * 60, "Bản tin", "planned", ("a",))


def percent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def test_open_hours_share_the_width_and_the_night_is_folded() -> None:
    strip = day_strip([], lanes=["a"], windows=OPEN)
    assert [(box.x, box.width) for box in strip.open] == [("0%", "48.5%"), ("51.5%", "48.5%")]
    assert [(fold.x, fold.width) for fold in strip.folds] == [("48.5%", "3%")]


def test_a_broadcast_lies_at_its_minute() -> None:
    bar = day_strip([span(time(5, 30))], lanes=["a"], windows=OPEN).lanes[0].bars[0]
    assert (bar.x, bar.width) == ("24.25%", "4.85%")


def test_a_broadcast_is_drawn_only_in_the_lanes_of_its_clusters() -> None:
    strip = day_strip([span(time(5, 30))], lanes=["a", "b"], windows=OPEN)
    assert [len(lane.bars) for lane in strip.lanes] == [1, 0]


def test_an_emergency_at_night_opens_the_fold_round_itself() -> None:
    strip = day_strip([span(time(2, 0))], lanes=["a"], windows=OPEN)
    bar = strip.lanes[0].bars[0]
    assert 0 < percent(bar.x) < percent(strip.open[0].x)
    assert len(strip.folds) == 2


def test_now_in_a_folded_hour_stands_in_the_fold() -> None:
    assert day_strip([], lanes=["a"], windows=OPEN, now=time(12)).now == "50%"


def test_now_is_left_out_on_another_day() -> None:
    assert day_strip([], lanes=["a"], windows=OPEN).now == ""


def test_without_open_hours_the_whole_day_is_drawn() -> None:
    strip = day_strip([span(time(12))], lanes=["a"], windows=[])
    assert strip.open == ()
    assert percent(strip.lanes[0].bars[0].x) < percent(strip.ticks[-1].x) == 100


def test_hours_until_midnight_end_the_day() -> None:
    strip = day_strip([], lanes=["a"], windows=[(time(22), time(0))])
    assert strip.open[0].width == "100%"


def test_numbers_without_room_are_left_out_and_stay_in_the_table() -> None:
    crowd = [span(time(5, minute), 1, minute) for minute in range(1, 6)]
    strip = day_strip(crowd, lanes=["a"], windows=[(time(5), time(21))])
    assert [bool(bar.chip) for bar in strip.lanes[0].bars] == [True, False, False, False, False]
    assert len(strip.spans) == 5


@given(st.lists(spans, max_size=8), st.none() | times)
def test_everything_stays_on_the_strip(day: list[Span], now: time | None) -> None:
    strip = day_strip(day, lanes=["a"], windows=OPEN, now=now)
    for bar in strip.lanes[0].bars:
        assert 0 <= percent(bar.x) <= 100
        assert percent(bar.x) + percent(bar.width) <= 100.5
    assert len(strip.lanes[0].bars) == len(day)


@given(st.lists(spans, max_size=8))
def test_later_broadcasts_never_lie_further_left(day: list[Span]) -> None:
    bars = day_strip(day, lanes=["a"], windows=OPEN).lanes[0].bars
    places = [percent(bar.x) for bar in bars]
    assert places == sorted(places)


def test_the_last_word_of_the_axis_does_not_run_into_the_one_before_it() -> None:
    """It stands left of its line, so it needs half a word more."""
    hours = [(time(5), time(6, 30)), (time(11), time(12)), (time(17), time(20, 30))]
    strip = day_strip([], lanes=["a"], windows=hours)
    before, last = strip.ticks[-2:]
    assert (last.label, last.x) == ("20:30", "100%")
    assert percent(last.x) - percent(before.x) >= 1.5 * TICK_SHARE
