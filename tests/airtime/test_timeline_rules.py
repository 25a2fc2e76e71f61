"""The rules of the timeline, over days that nobody thought of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.airtime.wanting import DAY, SATURDAY, THREE, VIETNAM, air, at, once, programme
from vang.airtime.board import BREATH_MS, SESSION_GAP_MS
from vang.airtime.days import Day, Item
from vang.airtime.moments import to_ms
from vang.airtime.policies import Policy, windows_ms
from vang.airtime.proposals import differences, outcome_of
from vang.airtime.recurrence import Otherwise, Rule
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.wishes import RANK, Kind, Wish
from vang_protocol.hours import within_hours
from vang_protocol.plans import Priority

# The machine may be busy: a slow example proves nothing.
RULE = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
BEFORE = datetime(2026, 6, 9, 20, 0, tzinfo=VIETNAM)
POLICIES = st.builds(
    Policy,
    hours=st.sampled_from(
        [
            (("05:00", "06:30"), ("16:30", "18:00")),
            (("16:30", "17:15"),),
            (("00:00", "24:00"),),
            (("05:00", "05:30"), ("10:30", "11:00"), ("17:00", "17:30"), ("23:00", "24:00")),
        ]
    ),
    longest_session_s=st.sampled_from([300, 900, 2700]),
    sessions_a_day=st.integers(1, 4),
    weekend=st.booleans(),
)
PRIORITIES = st.sampled_from([Priority.NORMAL, Priority.NORMAL, Priority.PRIORITY])
CLOCKS = st.one_of(
    st.builds("{:02}:{:02}".format, st.sampled_from([5, 16, 17]), st.integers(0, 59)),
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
)
AUDIENCES = st.lists(st.sampled_from(["v1", "v2", "v3", "v9"]), max_size=2, unique=True)
LENGTHS = st.sampled_from([0.1, 0.5, 1, 3, 7.5, 20, 50])


@st.composite
def otherwise(draw: st.DrawFn, *, today: bool) -> Otherwise:
    """One time of a programme, this day's or one beside, left out or moved, perhaps to this day;
    decided before or, if ``today``, in the day, perhaps undone again."""
    own = DAY + timedelta(days=draw(st.integers(-2, 2)))
    to = (DAY, at(draw(CLOCKS)).time()) if draw(st.booleans()) else None
    instants = [BEFORE, at("04:30"), at("16:40"), at("17:10")] if today else [BEFORE]
    decided = draw(st.sampled_from(instants))
    if to is not None:
        decided = min(decided, datetime.combine(*to, tzinfo=VIETNAM) - timedelta(seconds=9))
    undone = decided + timedelta(minutes=draw(st.integers(1, 300 if today else 200)))
    gone = draw(st.integers(0, 3)) == 0
    return Otherwise(draw(st.integers(1, 9)), own, to, decided, undone if gone else None)


def _one_a_day(decided: Sequence[Otherwise]) -> list[Otherwise]:
    """At most one decision holds for a time, as the database sees to it."""
    return list({one.own: one for one in decided}.values())


@st.composite
def wish(draw: st.DrawFn, number: int, *, today: bool, alarms: bool) -> Wish:
    """Placement ``number``, placed the days before or, if ``today``, perhaps in the day."""
    priority = draw(st.sampled_from(list(Priority)) if alarms else PRIORITIES)
    minutes = draw(LENGTHS)
    clock = draw(CLOCKS)
    if draw(st.booleans()):
        decided = draw(st.lists(otherwise(today=today), max_size=2, unique_by=lambda one: one.key))
        return programme(
            number, clock, minutes=minutes, priority=priority, otherwise=_one_a_day(decided)
        )
    placed = BEFORE - timedelta(minutes=draw(st.integers(0, 2000)))
    if today and draw(st.booleans()):
        placed = at(clock) - timedelta(seconds=draw(st.integers(8, 20_000)))
    kind = Kind.NOW if draw(st.integers(0, 4)) == 0 else Kind.ONCE
    return once(
        number,
        clock,
        minutes=minutes,
        priority=priority,
        audience=draw(AUDIENCES),
        placed=placed,
        kind=kind,
    )


@st.composite
def wishes(draw: st.DrawFn, *, today: bool = False, alarms: bool = False) -> list[Wish]:
    count = draw(st.integers(1, 12))
    return [draw(wish(number, today=today, alarms=alarms)) for number in range(1, count + 1)]


@st.composite
def stops(draw: st.DrawFn) -> dict[str, datetime]:
    """Stops, some the day before and some in the day, of ids that may exist."""
    ids = [*(f"o{n}" for n in range(1, 13)), *(f"p{n}-20260610" for n in range(1, 13))]
    chosen = draw(st.lists(st.sampled_from(ids), max_size=3, unique=True))
    return {item: at("00:00") + timedelta(minutes=draw(st.integers(-600, 1439))) for item in chosen}


def sounding(day: Day) -> list[Item]:
    """Everything heard, also the heard part of what was stopped in the middle."""
    heard = [item for item in day.stopped if _length(item) < item.duration_ms]
    return [*day.items, *heard]


def sessions(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Runs of items with pauses under five minutes, counted the plain way."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted((to_ms(item.start), to_ms(item.ends)) for item in items):
        if runs and start - runs[-1][1] < SESSION_GAP_MS:
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        else:
            runs.append((start, end))
    return runs


@RULE
@given(wishes(today=True, alarms=True), stops(), POLICIES)
def test_nothing_overlaps_on_a_cluster(
    wanted: list[Wish], stopped: dict[str, datetime], policy: Policy
) -> None:
    day = air(*wanted, policy=policy, stopped=stopped).day(DAY)
    for one, other in combinations(sounding(day), 2):
        if set(one.clusters) & set(other.clusters):
            assert one.ends <= other.start or other.ends <= one.start


@RULE
@given(wishes(), POLICIES)
def test_two_items_on_a_cluster_leave_a_breath(wanted: list[Wish], policy: Policy) -> None:
    day = air(*wanted, policy=policy).day(DAY)
    for one, other in combinations(day.items, 2):
        if set(one.clusters) & set(other.clusters):
            first, second = sorted([one, other], key=lambda item: item.start)
            assert to_ms(second.start) - to_ms(first.ends) >= BREATH_MS


@RULE
@given(wishes(today=True, alarms=True), POLICIES)
def test_only_emergencies_sound_outside_the_hours(wanted: list[Wish], policy: Policy) -> None:
    for item in air(*wanted, policy=policy).day(DAY).items:
        inside = within_hours(
            item.start, item.duration_ms, zone=policy.zone, hours=policy.hours
        )  # the rule by which the node judges
        assert inside or item.priority is Priority.EMERGENCY


@RULE
@given(wishes(), POLICIES)
def test_the_weekend_is_quiet_where_it_shall_be(wanted: list[Wish], policy: Policy) -> None:
    quiet = replace(policy, weekend=False)
    moved = [_to_saturday(one) for one in wanted]
    assert air(*moved, policy=quiet).day(SATURDAY).items == ()


def _holes(wanted: list[Wish]) -> int:
    """Times changed within the day: each leaves a silence, since what is settled keeps its time."""
    rules = [one.when for one in wanted if isinstance(one.when, Rule)]
    return sum(change.decided >= at("00:00") for rule in rules for change in rule.otherwise)


@RULE
@given(wishes(today=True), POLICIES)
def test_sessions_are_neither_too_long_nor_too_many(wanted: list[Wish], policy: Policy) -> None:
    runs = sessions(air(*wanted, policy=policy).day(DAY).items)
    assert len(runs) <= policy.sessions_a_day + _holes(wanted)
    assert all(end - start <= policy.longest_session_s * 1000 for start, end in runs)


@RULE
@given(wishes(alarms=True), POLICIES)
def test_emergencies_take_no_session_from_others(wanted: list[Wish], policy: Policy) -> None:
    items = air(*wanted, policy=policy).day(DAY).items
    runs = sessions([item for item in items if item.priority is not Priority.EMERGENCY])
    assert len(runs) <= policy.sessions_a_day


@RULE
@given(wishes(alarms=True), POLICIES)
def test_lower_priorities_change_nothing_for_higher_ones(
    wanted: list[Wish], policy: Policy
) -> None:
    kept = [one for one in wanted if one.priority is not Priority.NORMAL and _planned(one)]
    all_planned = [one for one in wanted if _planned(one)]
    alone = air(*kept, policy=policy).day(DAY)
    among = air(*all_planned, policy=policy).day(DAY)
    urgent = {item.id: item.start for item in among.items if RANK[item.priority] > 0}
    assert urgent == {item.id: item.start for item in alone.items}


@RULE
@given(wishes(today=True, alarms=True), stops(), POLICIES, st.randoms(use_true_random=False))
def test_the_order_in_which_wishes_are_read_is_nothing(
    wanted: list[Wish], stopped: dict[str, datetime], policy: Policy, chance: Any
) -> None:
    shuffled = list(wanted)
    chance.shuffle(shuffled)
    clusters = dict(chance.sample(sorted(THREE.items()), 3))
    again = air(
        *shuffled, policy=policy, stopped=dict(reversed(stopped.items())), clusters=clusters
    )
    assert again.day(DAY) == air(*wanted, policy=policy, stopped=stopped).day(DAY)


@RULE
@given(wishes(today=True, alarms=True), stops(), POLICIES)
def test_every_wish_is_heard_refused_or_stopped_once(
    wanted: list[Wish], stopped: dict[str, datetime], policy: Policy
) -> None:
    day = air(*wanted, policy=policy, stopped=stopped).day(DAY)
    told = [item.id for item in (*day.items, *day.stopped)] + [one.id for one in day.unplaced]
    assert sorted(told) == sorted(id_ for w in wanted for id_ in _ids(w))


@RULE
@given(wishes(today=True), stops(), POLICIES)
def test_what_is_put_on_now_keeps_its_start(
    wanted: list[Wish], stopped: dict[str, datetime], policy: Policy
) -> None:
    day = air(*wanted, policy=policy, stopped=stopped).day(DAY)
    assert all(item.start == item.wished for item in day.items if item.kind is Kind.NOW)


@RULE
@given(wishes(today=True), POLICIES)
def test_an_item_is_shifted_only_later_and_in_its_window(
    wanted: list[Wish], policy: Policy
) -> None:
    for item in air(*wanted, policy=policy).day(DAY).items:
        assert item.start >= item.wished
        wished, start = to_ms(item.wished), to_ms(item.start)
        windows = windows_ms(policy, DAY)
        assert any(opens <= wished and start < closes for opens, closes in windows)


@RULE
@given(wishes(), POLICIES, wish(99, today=False, alarms=False), CLOCKS)
def test_what_has_begun_is_never_moved_by_what_comes(
    wanted: list[Wish], policy: Policy, late: Wish, clock: str
) -> None:
    placed = at(clock)
    before = air(*wanted, policy=policy).day(DAY)
    after = air(*wanted, replace(late, placed_at=placed), policy=policy).day(DAY)
    begun = {item.id: item.start for item in before.items if item.start <= placed}
    assert begun.items() <= {item.id: item.start for item in after.items}.items()


@RULE
@given(wishes(), POLICIES, st.integers(0, 11), CLOCKS)
def test_a_stop_in_the_day_moves_nothing_else(
    wanted: list[Wish], policy: Policy, which: int, clock: str
) -> None:
    before = air(*wanted, policy=policy).day(DAY)
    if not before.items:
        return
    stopped = before.items[which % len(before.items)]
    after = air(*wanted, policy=policy, stopped={stopped.id: at(clock)}).day(DAY)
    left = {item.id: item.start for item in before.items if item.id != stopped.id}
    assert left.items() <= {item.id: item.start for item in after.items}.items()


@RULE
@given(wishes(), POLICIES, LENGTHS, AUDIENCES, CLOCKS)
def test_a_free_slot_is_free(
    wanted: list[Wish], policy: Policy, minutes: float, audience: list[str], clock: str
) -> None:
    schedule = air(*wanted, policy=policy)
    offered = schedule.free_slots(
        DAY, after=at(clock), duration_ms=int(minutes * 60_000), audience=audience
    )
    for start in offered:
        assert start >= at(clock)
        taken = _once_at(start, minutes, audience)
        outcome = outcome_of(schedule.air, [taken], DAY, days=1)
        assert [item.start for item in outcome.heard] == [start]
        assert not outcome.changes


@RULE
@given(wishes(), POLICIES)
def test_the_next_free_time_named_is_free(wanted: list[Wish], policy: Policy) -> None:
    schedule = air(*wanted, policy=policy)
    for one in schedule.day(DAY).unplaced:
        if one.next_free is None:
            continue
        given_wish = next(w for w in wanted if w.placement == one.placement)
        there = _once_at(one.next_free, one.duration_ms / 60_000, given_wish.audience)
        day = one.next_free.astimezone(VIETNAM).date()
        outcome = outcome_of(schedule.air, [there], day, days=1)
        assert [item.start for item in outcome.heard] == [one.next_free]
        assert one.next_free >= one.wished


@RULE
@given(wishes(today=True), POLICIES, CLOCKS, LENGTHS, PRIORITIES, AUDIENCES)
def test_now_is_heard_when_it_was_promised(
    wanted: list[Wish],
    policy: Policy,
    clock: str,
    minutes: float,
    priority: Priority,
    audience: list[str],
) -> None:
    now = at(clock)
    earlier = now - timedelta(seconds=1)  # of two of one instant nobody is promised anything
    known = [_known(replace(w, placed_at=min(w.placed_at, earlier)), earlier) for w in wanted]
    schedule = air(*known, policy=policy)
    length = int(minutes * 60_000)
    start = schedule.earliest(now, duration_ms=length, audience=audience, priority=priority)
    if not isinstance(start, datetime):
        return
    wanted_now = replace(
        _once_at(start, minutes, audience), kind=Kind.NOW, priority=priority, placed_at=now
    )
    outcome = outcome_of(schedule.air, [wanted_now], DAY, days=1)
    assert [item.start for item in outcome.heard] == [start]


@RULE
@given(wishes(today=True), POLICIES)
def test_nothing_differs_from_itself(wanted: list[Wish], policy: Policy) -> None:
    unit = air(*wanted, policy=policy).air
    assert differences(Schedule(unit), Schedule(_copy(unit)), DAY, days=2) == []


def _copy(unit: UnitAirtime) -> UnitAirtime:
    return replace(unit, wishes=list(reversed(unit.wishes)))


def _length(item: Item) -> int:
    return to_ms(item.ends) - to_ms(item.start)


def _planned(one: Wish) -> bool:
    """Not on "now": that goes before any priority but an emergency."""
    return one.kind is not Kind.NOW


def _ids(one: Wish) -> list[str]:
    """The ids of the day, counted the plain way."""
    if not isinstance(one.when, Rule):
        return [f"o{one.placement}"]
    rule, ids = one.when, [f"p{one.placement}-20260610"]
    for decided in rule.otherwise:
        if decided.to is not None and decided.to[0] == DAY:
            ids.append(f"p{one.placement}-{decided.own:%Y%m%d}m{decided.key}")
        own_start = datetime.combine(DAY, rule.at, tzinfo=VIETNAM)
        if decided.own == DAY and decided.undone and decided.undone >= own_start:
            ids.remove(f"p{one.placement}-20260610")  # undone only after it would have begun
    return ids


def _to_saturday(one: Wish) -> Wish:
    if not isinstance(one.when, datetime):
        return one
    return replace(one, when=one.when + timedelta(days=3))


def _known(one: Wish, now: datetime) -> Wish:
    """Without what is decided only later."""
    if not isinstance(one.when, Rule):
        return one
    decided = [
        replace(each, undone=None if each.undone and each.undone > now else each.undone)
        for each in one.when.otherwise
        if each.decided <= now
    ]
    return replace(one, when=replace(one.when, otherwise=tuple(decided)))


def _once_at(start: datetime, minutes: float, audience: Sequence[str]) -> Wish:
    local = start.astimezone(VIETNAM)
    made = once(0, "00:00", minutes=minutes, audience=audience, day=local.date())
    return replace(made, when=start, placed_at=BEFORE + timedelta(hours=1))
