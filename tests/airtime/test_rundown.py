"""Programmes with a rundown: tune, bulletins, relay, closing; and the music that fills a gap."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.airtime.test_timeline_rules import CLOCKS, POLICIES, sessions
from tests.airtime.wanting import DAY, VIETNAM, air, at, lay, once, part, programme, reasons, starts
from vang.airtime.board import BREATH_MS
from vang.airtime.days import Day
from vang.airtime.filling import Fill, Track
from vang.airtime.moments import to_ms
from vang.airtime.policies import Policy
from vang.airtime.recurrence import Rule
from vang.airtime.wishes import Wish
from vang_protocol.hours import within_hours

RULE = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
TUNE, CLOSING = part(1, -1), part(2, 1)
MUSIC = (Track(50, "Quê hương", 180_000), Track(51, "Lúa vàng", 60_000))


def news(number: int, minutes: float = 2, **given: object) -> Wish:
    return programme(number, "17:00", minutes=minutes, of=7, **given)  # type: ignore[arg-type]


def fill(minutes: float, *tracks: Track, clock: str = "17:00") -> Fill:
    rule = Rule(time.fromisoformat(clock), VIETNAM.key, "1111111", DAY)
    return Fill(7, rule, int(minutes * 60_000), tracks or MUSIC)


def test_the_parts_follow_each_other_in_the_order_of_the_rundown() -> None:
    assert starts(lay(CLOSING, news(11), TUNE, news(12))) == {
        "r1-20260610": "17:00",
        "p11-20260610": "17:00:17",
        "p12-20260610": "17:02:19",
        "r2-20260610": "17:04:21",
    }


def test_nothing_of_a_rundown_counts_as_shifted_when_all_fits() -> None:
    assert not any(item.shifted for item in lay(TUNE, news(11), news(12), CLOSING).items)


def test_clusters_that_hear_different_bulletins_hear_them_at_once() -> None:
    near = replace(news(11, minutes=3), audience=("v1",))
    far = replace(news(12, minutes=1), audience=("v2",))
    assert starts(lay(TUNE, near, far, CLOSING)) == {
        "r1-20260610": "17:00",
        "p11-20260610": "17:00:17",
        "p12-20260610": "17:00:17",
        "r2-20260610": "17:03:19",  # everybody hears the closing: after the longest
    }


def test_a_frame_without_a_picture_is_silent() -> None:
    assert lay(TUNE, CLOSING).items == ()
    struck = replace(news(11), stopped_at=at("09:00", DAY - timedelta(days=1)))
    assert lay(TUNE, struck, CLOSING).items == ()


def test_a_relay_needs_no_bulletin() -> None:
    relay = part(3, 1, minutes=20, frame=False)
    assert list(starts(lay(TUNE, relay, part(4, 2)))) == [
        "r1-20260610",
        "r3-20260610",
        "r4-20260610",
    ]


def test_time_kept_for_a_relay_is_taken_and_has_no_sound() -> None:
    window = part(3, 1, minutes=20, frame=False, reserved=True)
    day = lay(window, once(9, "17:10", placed=at("08:00")))
    kept = next(item for item in day.items if item.reserved)
    assert (kept.sound, kept.ends) == (0, at("17:20"))
    assert starts(day)["o9"] == "17:20:02"


def test_a_session_that_is_pushed_back_keeps_its_order() -> None:
    first = once(9, "16:58", minutes=5, placed=at("08:00", DAY - timedelta(days=9)))
    day = lay(first, TUNE, news(11), CLOSING)
    assert list(starts(day)) == ["o9", "r1-20260610", "p11-20260610", "r2-20260610"]


def test_what_is_longer_than_a_session_is_left_out_with_its_reason() -> None:
    policy = Policy((("16:30", "18:00"),), 300, 1, weekend=True)
    day = lay(TUNE, news(11), news(12), news(13), CLOSING, policy=policy)
    assert reasons(day) == {"p13-20260610": "sessions-used"}
    assert starts(day)["r2-20260610"] == "17:04:21"  # the closing closes up


def test_music_fills_the_session_up_to_its_length() -> None:
    day = air(TUNE, news(11), CLOSING, fills=[fill(10)]).day(DAY)
    music = [item for item in day.items if item.id.startswith("f")]
    assert music
    assert max(item.ends for item in music) <= at("17:10")
    left = at("17:10") - max(item.ends for item in day.items)
    assert left < timedelta(milliseconds=60_000 + BREATH_MS)


def test_music_gives_way_to_what_is_placed_later_and_does_not_move_it() -> None:
    later = once(9, "17:04", placed=at("08:00"))
    day = air(news(11), later, fills=[fill(15)]).day(DAY)
    assert starts(day)["o9"] == "17:04"


def test_no_session_no_music() -> None:
    assert air(once(9, "17:00"), fills=[fill(15)]).day(DAY).items[0].id == "o9"
    assert len(air(once(9, "17:00"), fills=[fill(15)]).day(DAY).items) == 1


def test_stopped_music_is_silence_for_the_rest_of_the_session() -> None:
    schedule = air(news(11), fills=[fill(15)])
    music = [item for item in schedule.day(DAY).items if item.id.startswith("f")]
    second = music[1]
    at_once = second.start + timedelta(seconds=20)
    day = air(news(11), fills=[fill(15)], stopped={second.id: at_once}).day(DAY)
    assert [item.id for item in day.items if item.id.startswith("f")] == [music[0].id]
    (ended,) = day.stopped
    assert (ended.id, ended.ends) == (second.id, at_once)


@st.composite
def rundowns(draw: st.DrawFn) -> list[Wish]:
    """A programme with parts around bulletins, and single broadcasts that disturb it."""
    clock = draw(CLOCKS)
    places = draw(st.lists(st.sampled_from([-2, -1, 1, 2]), max_size=4, unique=True))
    wishes = [
        part(
            number,
            place,
            clock,
            minutes=draw(st.sampled_from([0.2, 1, 15])),
            frame=draw(st.booleans()),
            reserved=draw(st.integers(0, 4)) == 0,
        )
        for number, place in enumerate(places, start=1)
    ]
    for number in range(draw(st.integers(0, 3))):
        audience = tuple(draw(st.lists(st.sampled_from(["v1", "v2"]), max_size=1)))
        minutes = draw(st.sampled_from([0.5, 3, 12]))
        wishes.append(
            replace(programme(20 + number, clock, minutes=minutes, of=7), audience=audience)
        )
    wishes += [
        once(30 + number, draw(CLOCKS), minutes=draw(st.sampled_from([1, 5])))
        for number in range(draw(st.integers(0, 3)))
    ]
    return wishes


FILLS = st.lists(st.sampled_from([3, 10, 45]), max_size=1)


def filled(wanted: Sequence[Wish], policy: Policy, minutes: Sequence[int]) -> Day:
    recurring = [wish for wish in wanted if isinstance(wish.when, Rule)]
    clock = recurring[0].when.at.strftime("%H:%M") if recurring else "17:00"  # type: ignore[union-attr]
    return air(*wanted, policy=policy, fills=[fill(m, clock=clock) for m in minutes]).day(DAY)


@RULE
@given(rundowns(), POLICIES, FILLS)
def test_nothing_sounds_outside_the_hours_or_over_something_else(
    wanted: list[Wish], policy: Policy, minutes: list[int]
) -> None:
    day = filled(wanted, policy, minutes)
    for item in day.items:
        assert within_hours(item.start, item.duration_ms, zone=policy.zone, hours=policy.hours)
    for one, other in combinations(day.items, 2):
        if set(one.clusters) & set(other.clusters):
            first, second = sorted([one, other], key=lambda item: item.start)
            assert to_ms(second.start) - to_ms(first.ends) >= BREATH_MS
    runs = sessions(day.items)
    assert len(runs) <= policy.sessions_a_day
    assert all(end - start <= policy.longest_session_s * 1000 for start, end in runs)


@RULE
@given(rundowns(), POLICIES)
def test_the_rundown_keeps_its_order_on_every_cluster(wanted: list[Wish], policy: Policy) -> None:
    place = {_key(wish): wish.part for wish in wanted if wish.programme}
    items = [item for item in lay(*wanted, policy=policy).items if item.programme]
    for cluster in ("c1", "c2", "c3"):
        row = [place[item.id] for item in items if cluster in item.clusters]
        assert row == sorted(row)


@RULE
@given(rundowns(), POLICIES, FILLS)
def test_every_part_is_heard_or_explained_and_frames_never_stand_alone(
    wanted: list[Wish], policy: Policy, minutes: list[int]
) -> None:
    day = filled(wanted, policy, minutes)
    told = {item.id for item in day.items if item.id[0] != "f"} | {u.id for u in day.unplaced}
    content = [wish for wish in wanted if wish.programme and not wish.frame]
    expected = {_key(wish) for wish in wanted if content or not wish.frame}
    assert told == expected
    assert len(day.items) == len({item.id for item in day.items})


@RULE
@given(rundowns(), POLICIES, FILLS, st.randoms(use_true_random=False))
def test_the_same_parts_in_any_order_make_the_same_day(
    wanted: list[Wish], policy: Policy, minutes: list[int], chance: object
) -> None:
    shuffled = list(wanted)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    recurring = [wish for wish in wanted if isinstance(wish.when, Rule)]
    again = [*recurring[:1], *(w for w in shuffled if w not in recurring[:1])]
    assert filled(again, policy, minutes) == filled(wanted, policy, minutes)


@RULE
@given(rundowns(), POLICIES, FILLS)
def test_music_moves_nothing(wanted: list[Wish], policy: Policy, minutes: list[int]) -> None:
    without = lay(*wanted, policy=policy)
    with_music = filled(wanted, policy, minutes)
    assert tuple(item for item in with_music.items if item.id[0] != "f") == without.items
    assert with_music.unplaced == without.unplaced


def _key(wish: Wish) -> str:
    return f"{wish.key}-20260610" if wish.programme else wish.key


def test_the_start_of_a_filler_is_part_of_its_name() -> None:
    early, late = (air(news(11, minutes=m), fills=[fill(15)]).day(DAY) for m in (2, 4))
    first, second = (next(i for i in day.items if i.id[0] == "f") for day in (early, late))
    assert (first.sound, first.title) == (second.sound, second.title)
    assert first.id != second.id
