"""A fault opens when it is bad for long enough and closes when it is good for long enough."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.repairs.kinds import RULES, Course, Kind, Rule, Verdict, advance, after_for, battery_level
from vang.repairs.storms import CLOSES_AT, OPENS_AT, Place, counted, storm_places

START = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def run(kind: Kind, verdicts: str) -> list[Course | None]:
    """One reading a minute: b bad, g good, ~ between, ? unknown."""
    told = {"b": Verdict.BAD, "g": Verdict.GOOD, "~": Verdict.BETWEEN, "?": Verdict.UNKNOWN}
    course: Course | None = None
    seen = []
    for n, letter in enumerate(verdicts):
        course = advance(course, kind, told[letter], now=START + n * MINUTE)
        seen.append(course)
        if course is not None and course.closed is not None:
            course = None
    return seen


def test_heat_is_told_after_ten_minutes_and_over_after_five_good_ones() -> None:
    courses = run(Kind.HEAT, "g" + "b" * 11 + "g" * 6)
    opened = [n for n, one in enumerate(courses) if one and one.opened == START + n * MINUTE]
    closed = [n for n, one in enumerate(courses) if one and one.closed]
    assert (courses[0], opened, closed) == (None, [11], [17])


def test_a_short_heat_was_never_a_fault() -> None:
    assert run(Kind.HEAT, "bbbbg")[-1] is None


def test_a_relapse_while_it_seems_over_goes_on_as_the_same_fault() -> None:
    courses = run(Kind.HEAT, "b" * 11 + "gg" + "b" + "gggg")
    assert all(one is None or one.closed is None for one in courses)
    last = courses[-1]
    assert last is not None
    assert last.began == START


def test_in_the_band_nothing_changes_and_silence_tells_nothing() -> None:
    assert run(Kind.HEAT, "~~~~")[-1] is None
    held = run(Kind.HEAT, "b" * 11 + "~" * 60)[-1]
    assert held is not None and held.opened and not held.closed  # noqa: PT018
    assert run(Kind.HEAT, "b" * 11 + "?" * 600)[-1] is not None


@given(st.sampled_from(Kind), st.text("bg~?", max_size=120))
def test_whatever_comes_a_fault_is_in_order(kind: Kind, verdicts: str) -> None:
    after, back = after_for(kind)
    opened = 0
    for course in run(kind, verdicts):
        if course is None or course.opened is None:
            continue
        opened += 1
        assert course.opened - course.began >= after
        if course.closed:
            assert course.good_since
            assert course.closed - course.good_since >= back
    if "b" not in verdicts:
        assert not opened


@given(st.sampled_from(list(RULES.values())), st.integers(-10_000, 4_000_000))
def test_no_figure_is_good_and_bad(rule: Rule, figure: int) -> None:
    low = rule.bad < rule.good
    verdict = rule.judge(figure)
    assert (verdict is Verdict.BAD) is (figure <= rule.bad if low else figure >= rule.bad)
    assert (verdict is Verdict.GOOD) is (figure >= rule.good if low else figure <= rule.good)


@pytest.mark.parametrize(
    ("millivolts", "bad"),
    [(3_400, True), (3_900, False), (11_200, True), (12_600, False), (22_500, True),
     (25_200, False), (45_000, True), (51_000, False)],
)  # fmt: skip
def test_usual_batteries_are_known_by_their_voltage(millivolts: int, bad: bool) -> None:  # noqa: FBT001
    verdict = RULES[Kind.BATTERY].judge(battery_level(millivolts))
    assert verdict is (Verdict.BAD if bad else Verdict.GOOD)


@pytest.mark.parametrize(
    ("kind", "state", "verdict"),
    [
        (Kind.SOUND, {"sink": "ok"}, Verdict.GOOD),
        (Kind.SOUND, {"sink": "failed"}, Verdict.BAD),
        (Kind.SOUND, {"sink": "ok", "health": {"silence": {"silent_ms": 4000}}}, Verdict.BAD),
        (Kind.NOT_HEARD, {"health": {"heard": {"verdict": "unsure"}}}, Verdict.BETWEEN),
        (Kind.NOT_HEARD, {"health": {}}, Verdict.UNKNOWN),
        (Kind.CLOCK, {"clock": {"source": "untrusted", "error_us": None}}, Verdict.BAD),
        (Kind.CLOCK, {"clock": {"source": "server", "error_us": 2000}}, Verdict.GOOD),
        (Kind.CLOCK, {"clock": {"source": "system", "error_us": None}}, Verdict.UNKNOWN),
        (Kind.DISK, {"free_mb": 20}, Verdict.BAD),
        (Kind.DISK, {"free_mb": 20, "health": {"disk_free_pct": 40}}, Verdict.GOOD),
        (Kind.SIGNAL, {"health": {"network": {"kind": "wifi", "signal_dbm": -90}}}, Verdict.BAD),
        (Kind.SIGNAL, {"health": {"network": {"kind": "mobile"}}}, Verdict.UNKNOWN),
        (Kind.POWER, {"health": {"undervoltage": True}}, Verdict.BAD),
    ],
)
def test_a_state_is_read(kind: Kind, state: dict[str, Any], verdict: Verdict) -> None:
    rule = RULES[kind]
    assert rule.judge(rule.read(state)) is verdict


def test_an_older_node_without_health_has_no_verdict_but_what_it_always_told() -> None:
    state = {"sink": "ok", "free_mb": 5000, "clock": {"source": "server", "error_us": 900}}
    verdicts = {kind: rule.judge(rule.read(state)) for kind, rule in RULES.items()}
    assert {kind for kind, one in verdicts.items() if one is Verdict.GOOD} == {
        Kind.SOUND, Kind.CLOCK, Kind.DISK,
    }  # fmt: skip
    assert Verdict.BAD not in verdicts.values()


def test_three_of_five_away_are_a_storm_until_nearly_all_are_back() -> None:
    def at(away: int) -> dict[int, Place]:
        return counted((1, 9, n < away) for n in range(12))

    assert storm_places(at(5), ()) == {}
    assert storm_places(at(6), ()) == {1: frozenset({1})}
    assert storm_places(at(4), {1}) == {1: frozenset({1})}
    assert storm_places(at(3), {1}) == {}
    assert OPENS_AT > CLOSES_AT


def test_three_communes_of_a_district_are_one_storm_of_the_district() -> None:
    places = counted((unit, 9, True) for unit in (1, 2, 3) for _device in range(4))
    assert storm_places(places, ()) == {9: frozenset({1, 2, 3})}
    two = {unit: places[unit] for unit in (1, 2)}
    assert storm_places(two, ()) == {1: frozenset({1}), 2: frozenset({2})}


def test_two_devices_of_a_small_commune_are_no_storm() -> None:
    assert storm_places(counted([(1, 9, True), (1, 9, True)]), ()) == {}
