"""What plays when: by the clock, by priority, once, and never without permission."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vang_node.memory import Memory
from vang_node.occurrence import Arm, Begin, Decision, Halt, Miss
from vang_node.schedule import COMMIT_AHEAD, LATE, Schedule, Surroundings
from vang_protocol.acceptance import AcceptedPlan, refused_items
from vang_protocol.journals import Record, Stamp
from vang_protocol.plans import Audio, Plan, PlanItem, Priority, Resume
from vang_protocol.reasons import Reason
from vang_protocol.records import End, Event, Missed, PlayEnded, PlayStarted
from vang_protocol.states import ClockSource, ItemState
from vang_protocol.volumes import ClusterOrders

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 16:00 in Vietnam
SECOND = timedelta(seconds=1)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def an_item(name: str, start: datetime, length_s: int = 60, **changes: object) -> PlanItem:
    audio = Audio(name.encode().hex().ljust(64, "0")[:64], 1000, "opus", length_s * 1000)
    item = PlanItem(
        id=name,
        edition="e-1",
        title=name,
        start=start,
        duration_ms=length_s * 1000,
        priority=Priority.NORMAL,
        audio=audio,
        clusters=("c1",),
        max_play_ms=length_s * 2000,
        volume_db=0,
        resume=Resume.DROP,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def accepted(*items: PlanItem, version: int = 1, **changes: object) -> AcceptedPlan:
    plan = Plan(
        unit="20641",
        version=version,
        issued=NOW,
        covers_from=NOW,
        expires=NOW + timedelta(days=8),
        zone="Asia/Ho_Chi_Minh",
        hours=(("00:00", "24:00"),),
        items=items,
        stopped=(),
    )
    plan = replace(plan, **changes)  # type: ignore[arg-type]
    return AcceptedPlan(plan, f"{version:064x}", refused_items(plan))


@dataclass
class Village:
    """A node whose time is turned by hand, and which obeys its schedule like the stage does."""

    memory: Memory = field(default_factory=Memory)
    now: datetime = NOW
    booted: datetime = NOW - timedelta(hours=1)
    trusted_since: datetime = NOW - timedelta(hours=1)
    missing: set[str] = field(default_factory=set)
    sink_works: bool = True
    seen: list[tuple[datetime, Decision]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.schedule = Schedule(cluster="c1", memory=self.memory)
        self.playing: dict[str, tuple[Begin, End | None, datetime]] = {}

    def follow(self, plan: AcceptedPlan) -> None:
        for decision in self.schedule.follow(plan, now=self.now):
            self._obey(decision)

    def until(self, moment: datetime, step: timedelta = timedelta(milliseconds=250)) -> None:
        while self.now < moment:
            self.now = max(self.now + step, min(moment, self._next_event() - seconds(11)))
            self._finish_plays()
            while self._tick():
                pass

    def _next_event(self) -> datetime:
        """Nothing happens long before the next item or end, so that time is skipped."""
        if self.playing or any(entry.waiting for entry in self.schedule.occurrences()):
            return self.now
        return self.schedule.next_due() or datetime.max.replace(tzinfo=UTC)

    def _tick(self) -> bool:
        around = Surroundings(
            now=self.now,
            booted=self.booted,
            trusted_since=self.trusted_since,
            has_audio=lambda audio: audio.sha256 not in self.missing,
            sink_works=self.sink_works,
        )
        acted = False
        for decision in self.schedule.tick(around):
            self._obey(decision)
            acted = True
        return acted

    def _obey(self, decision: Decision) -> None:
        self.seen.append((self.now, decision))
        match decision:
            case Arm(item):
                self.schedule.armed(item.id)
            case Begin(item):
                self._note(_started(decision))
                self.schedule.begun(decision)
                until = decision.at + timedelta(milliseconds=decision.lasts_ms)
                self.playing[item.id] = (decision, None, until)
            case Halt(item, end, at):
                begin, _, _ = self.playing[item.id]
                self.playing[item.id] = (begin, end, at or self.now + seconds(0.2))
            case Miss(item, reason):
                self._note(Missed(item.id, item.edition, item.start, reason))

    def _finish_plays(self) -> None:
        for name, (begin, end, until) in list(self.playing.items()):
            if self.now >= until:
                del self.playing[name]
                self._note(
                    PlayEnded(name, end or End.DONE, begin.part, None, None, None, None, None)
                )
                sounded = (until - begin.at) // timedelta(milliseconds=1)
                self.schedule.ended(name, end or End.DONE, sounded_ms=max(0, sounded))

    def _note(self, event: Event) -> None:
        stamp = Stamp(ClockSource.SERVER, 0)
        self.memory.note(Record("n1", 1, "0" * 64, self.now, "b", stamp, event))

    def begins(self) -> list[Begin]:
        return [decision for _, decision in self.seen if isinstance(decision, Begin)]

    def begun(self) -> list[tuple[str, float]]:
        """Item and seconds after NOW at which it begins."""
        return [(begin.item.id, (begin.at - NOW).total_seconds()) for begin in self.begins()]

    def misses(self) -> dict[str, Reason]:
        return {d.item.id: d.reason for _, d in self.seen if isinstance(d, Miss)}

    def halts(self) -> dict[str, End]:
        return {d.item.id: d.end for _, d in self.seen if isinstance(d, Halt)}

    def states(self) -> dict[str, ItemState]:
        return {entry.item.id: entry.state for entry in self.schedule.occurrences()}


def _started(begin: Begin) -> PlayStarted:
    item = begin.item
    return PlayStarted(
        item.id, item.edition, item.audio.sha256, 1, item.start, begin.at, 0,
        begin.part, begin.offset_ms,
    )  # fmt: skip


def village(*items: PlanItem, **changes: object) -> Village:
    made = Village(**changes)  # type: ignore[arg-type]
    made.follow(accepted(*items))
    return made


def test_an_item_is_armed_committed_a_second_ahead_and_begins_on_its_instant() -> None:
    node = village(an_item("a", NOW + seconds(30.123)))
    node.until(NOW + seconds(120))
    (armed_at, _), (begun_at, _) = node.seen
    assert armed_at >= NOW + seconds(20)
    assert begun_at >= NOW + seconds(30.123) - COMMIT_AHEAD
    assert node.begun() == [("a", 30.123)]
    assert node.states() == {"a": ItemState.DONE}


def test_an_item_for_another_cluster_is_not_ours() -> None:
    node = village(an_item("a", NOW + seconds(9), clusters=("c2",)))
    node.until(NOW + seconds(60))
    assert node.seen == []


def test_the_higher_priority_takes_the_loudspeaker_at_its_instant() -> None:
    low = an_item("low", NOW + seconds(10))
    high = an_item("high", NOW + seconds(30), priority=Priority.PRIORITY)
    node = village(low, high)
    node.until(NOW + seconds(200))
    assert node.begun() == [("low", 10.0), ("high", 30.0)]
    assert node.halts() == {"low": End.PRE_EMPTED}
    assert node.states() == {"low": ItemState.PRE_EMPTED, "high": ItemState.DONE}


def test_the_lower_priority_does_not_interrupt_and_is_missed() -> None:
    high = an_item("high", NOW + seconds(10), priority=Priority.PRIORITY)
    low = an_item("low", NOW + seconds(30))
    node = village(high, low)
    node.until(NOW + seconds(200))
    assert node.begun() == [("high", 10.0)]
    assert node.misses() == {"low": Reason.PRE_EMPTED}


def test_of_two_at_the_same_instant_the_higher_priority_plays() -> None:
    start = NOW + seconds(10)
    node = village(an_item("a", start), an_item("b", start, priority=Priority.PRIORITY))
    node.until(NOW + seconds(200))
    assert node.begun() == [("b", 10.0)]
    assert node.misses() == {"a": Reason.PRE_EMPTED}


def test_an_item_waits_for_an_equal_one_that_is_nearly_over() -> None:
    first = an_item("first", NOW + seconds(10), 31)
    second = an_item("second", NOW + seconds(40))
    node = village(first, second)
    node.until(NOW + seconds(200))
    assert node.begun() == [("first", 10.0), ("second", 41.0)]


def test_an_item_is_missed_when_an_equal_one_goes_on() -> None:
    node = village(an_item("first", NOW + seconds(10), 60), an_item("second", NOW + seconds(40)))
    node.until(NOW + seconds(200))
    assert node.misses() == {"second": Reason.BUSY}


def test_items_back_to_back_each_begin_on_time() -> None:
    items = [an_item(f"i{n}", NOW + seconds(10 + 60 * n)) for n in range(3)]
    node = village(*items)
    node.until(NOW + seconds(300))
    assert node.begun() == [("i0", 10.0), ("i1", 70.0), ("i2", 130.0)]


def test_an_interrupted_item_resumes_where_it_was() -> None:
    low = an_item("low", NOW + seconds(10), resume=Resume.RESUME)
    high = an_item("high", NOW + seconds(30), 20, priority=Priority.PRIORITY)
    node = village(low, high)
    node.until(NOW + seconds(200))
    first, _, again = node.begins()
    assert (first.item.id, first.part, first.offset_ms) == ("low", 1, 0)
    assert (again.item.id, again.part, again.offset_ms) == ("low", 2, 20_000)
    assert again.lasts_ms == 40_000
    assert node.states()["low"] is ItemState.DONE


def test_an_interrupted_item_restarts_only_within_its_longest_play() -> None:
    low = an_item("low", NOW + seconds(10), resume=Resume.RESTART, max_play_ms=70_000)
    high = an_item("high", NOW + seconds(30), 20, priority=Priority.PRIORITY)
    node = village(low, high)
    node.until(NOW + seconds(300))
    again = node.begins()[-1]
    assert (again.item.id, again.offset_ms, again.limit_ms) == ("low", 0, 50_000)


def test_what_runs_on_unheard_is_heard_again_where_it_has_come_to() -> None:
    relay = an_item("relay", NOW + seconds(10), resume=Resume.KEEP)
    high = an_item("high", NOW + seconds(30), 20, priority=Priority.PRIORITY)
    node = village(relay, high)
    node.until(NOW + seconds(200))
    _first, _high, again = node.begins()
    assert (again.item.id, again.part) == ("relay", 2)
    assert again.offset_ms == (again.at - relay.start) // timedelta(milliseconds=1)
    assert again.at + timedelta(milliseconds=again.lasts_ms) == relay.start + seconds(60)
    assert again.at < NOW + seconds(53)
    assert node.states()["relay"] is ItemState.DONE


def test_what_ran_on_to_its_end_unheard_is_not_heard_again() -> None:
    relay = an_item("relay", NOW + seconds(10), 30, resume=Resume.KEEP)
    high = an_item("high", NOW + seconds(30), 20, priority=Priority.PRIORITY)
    node = village(relay, high)
    node.until(NOW + seconds(200))
    assert len(node.begins()) == 2
    assert node.states()["relay"] is ItemState.PRE_EMPTED


def test_a_quiet_zone_keeps_its_own_hours() -> None:
    item = an_item("a", NOW + seconds(60))  # 16:01
    node = village()
    node.follow(accepted(item, version=2, orders=(quiet("17:00", "18:00"),)))
    node.until(NOW + seconds(120))
    assert node.misses() == {"a": Reason.QUIET_HOURS}
    assert node.begins() == []


def test_nothing_goes_on_into_a_quiet_zones_silence() -> None:
    low = an_item("low", NOW + seconds(10), 50, resume=Resume.RESTART)
    high = an_item("high", NOW + seconds(30), 20, priority=Priority.PRIORITY)
    node = village()
    node.follow(accepted(low, high, version=2, orders=(quiet("15:00", "16:01"),)))
    node.until(NOW + seconds(200))
    assert [begin.item.id for begin in node.begins()] == ["low", "high"]


def quiet(opens: str, closes: str) -> ClusterOrders:
    return ClusterOrders("c1", hours=((opens, closes),))


def test_an_interrupted_item_does_not_push_the_next_one_aside() -> None:
    low = an_item("low", NOW + seconds(10), resume=Resume.RESUME)
    high = an_item("high", NOW + seconds(30), 20, priority=Priority.PRIORITY)
    after = an_item("after", NOW + seconds(60), 30)
    node = village(low, high, after)
    node.until(NOW + seconds(300))
    assert [name for name, _ in node.begun()] == ["low", "high", "after", "low"]
    assert node.begun()[2] == ("after", 60.0)


def test_a_newer_plan_that_stops_an_item_silences_it_at_once() -> None:
    item = an_item("a", NOW + seconds(10))
    node = village(item)
    node.until(NOW + seconds(20))
    node.follow(accepted(item, version=2, stopped=("a",)))
    assert node.halts() == {"a": End.STOPPED}
    node.until(NOW + seconds(100))
    assert len(node.begins()) == 1


def test_a_newer_plan_without_the_item_silences_it_at_once() -> None:
    node = village(an_item("a", NOW + seconds(10)))
    node.until(NOW + seconds(20))
    node.follow(accepted(version=2))
    assert node.halts() == {"a": End.STOPPED}


def test_a_stopped_item_that_has_not_begun_is_missed() -> None:
    item = an_item("a", NOW + seconds(60))
    node = village(item)
    node.follow(accepted(item, version=2, stopped=("a",)))
    node.until(NOW + seconds(120))
    assert node.misses() == {"a": Reason.STOPPED}
    assert node.begins() == []


def test_a_newer_plan_does_not_disturb_what_it_keeps() -> None:
    item = an_item("a", NOW + seconds(10))
    node = village(item)
    node.until(NOW + seconds(20))
    node.follow(accepted(item, an_item("b", NOW + seconds(90)), version=2))
    node.until(NOW + seconds(200))
    assert node.begun() == [("a", 10.0), ("b", 90.0)]
    assert node.halts() == {}


def test_an_item_moved_after_it_was_armed_begins_at_its_new_time() -> None:
    item = an_item("a", NOW + seconds(10))
    node = village(item)
    node.until(NOW + seconds(5))
    node.follow(accepted(replace(item, start=NOW + seconds(40)), version=2))
    node.until(NOW + seconds(100))
    assert node.begun() == [("a", 40.0)]


def test_what_has_sounded_is_not_played_again_at_another_time() -> None:
    item = an_item("a", NOW + seconds(10))
    node = village(item)
    node.until(NOW + seconds(100))
    node.follow(accepted(replace(item, start=NOW + seconds(150)), version=2))
    node.until(NOW + seconds(300))
    assert node.begun() == [("a", 10.0)]


def test_after_a_reboot_the_journal_keeps_it_from_sounding_twice() -> None:
    item = an_item("a", NOW + seconds(10))
    before = village(item)
    before.until(NOW + seconds(10))
    assert len(before.begins()) == 1
    after = village(item, memory=before.memory, now=NOW + seconds(9), booted=NOW + seconds(9))
    after.until(NOW + seconds(100))
    assert after.begins() == []
    assert after.misses() == {}


def test_an_item_late_by_less_than_two_seconds_begins_as_soon_as_it_can() -> None:
    item = an_item("a", NOW + seconds(10))
    node = village(item, missing={item.audio.sha256})
    node.until(NOW + seconds(11))
    node.missing.clear()
    node.until(NOW + seconds(100))
    (begin,) = node.begins()
    assert item.start < begin.at <= item.start + LATE


def test_an_item_whose_audio_did_not_arrive_is_missed_with_that_reason() -> None:
    item = an_item("a", NOW + seconds(10))
    node = village(item, missing={item.audio.sha256})
    node.until(NOW + seconds(60))
    assert node.misses() == {"a": Reason.NOT_FETCHED}


def test_an_item_is_missed_when_the_sink_does_not_work() -> None:
    node = village(an_item("a", NOW + seconds(10)), sink_works=False)
    node.until(NOW + seconds(60))
    assert node.misses() == {"a": Reason.SINK_FAILED}


def test_an_item_outside_the_hours_is_missed_and_one_inside_plays() -> None:
    inside, outside = an_item("in", NOW + seconds(10)), an_item("out", NOW + seconds(3600))
    node = Village()
    node.follow(accepted(inside, outside, hours=(("16:00", "16:30"),)))
    node.until(NOW + seconds(3700))
    assert node.begun() == [("in", 10.0)]
    assert node.misses() == {"out": Reason.OUTSIDE_HOURS}


def test_nothing_begins_after_the_plan_expired_and_what_sounds_ends() -> None:
    sounding, late = an_item("sounding", NOW + seconds(30)), an_item("late", NOW + seconds(70))
    node = Village()
    node.follow(accepted(sounding, late, expires=NOW + seconds(60)))
    node.until(NOW + seconds(100))
    assert node.begun() == [("sounding", 30.0)]
    assert node.halts() == {"sounding": End.STOPPED}
    assert node.misses() == {"late": Reason.PLAN_EXPIRED}


def test_what_was_due_while_the_node_was_off_is_missed_for_that_reason() -> None:
    node = village(an_item("a", NOW - seconds(600)), booted=NOW, trusted_since=NOW)
    node.until(NOW + seconds(1))
    assert node.misses() == {"a": Reason.NODE_OFF}


def test_what_was_due_while_the_clock_was_not_trusted_is_missed_for_that_reason() -> None:
    item = an_item("a", NOW - seconds(600))
    node = village(item, booted=NOW - seconds(900), trusted_since=NOW)
    node.until(NOW + seconds(1))
    assert node.misses() == {"a": Reason.CLOCK_UNTRUSTED}


def test_what_was_learnt_of_too_late_is_missed_for_that_reason() -> None:
    node = village(an_item("a", NOW - seconds(600)))
    node.until(NOW + seconds(1))
    assert node.misses() == {"a": Reason.LEARNT_LATE}


def test_a_miss_is_said_once_and_after_a_reboot_not_again() -> None:
    item = an_item("a", NOW - seconds(600))
    before = village(item)
    before.until(NOW + seconds(2))
    after = village(item, memory=before.memory, now=NOW + seconds(60), booted=NOW + seconds(60))
    after.until(NOW + seconds(62))
    assert len([d for _, d in before.seen if isinstance(d, Miss)]) == 1
    assert after.seen == []


def test_a_week_without_the_server_plays_every_item_on_time() -> None:
    items = [
        an_item(f"d{day}-{n}", NOW + timedelta(days=day, minutes=30 * n))
        for day in range(1, 8)
        for n in range(6)
    ]
    node = Village()
    node.follow(accepted(*items))
    node.until(NOW + timedelta(days=8), step=timedelta(milliseconds=500))
    assert [begin.item.id for begin in node.begins()] == [item.id for item in items]
    assert all(begin.at == begin.item.start for begin in node.begins())


@st.composite
def crowded_hours(draw: st.DrawFn) -> list[PlanItem]:
    count = draw(st.integers(1, 7))
    return [
        an_item(
            f"i{n}",
            NOW + timedelta(milliseconds=draw(st.integers(-5000, 90_000))),
            draw(st.integers(1, 40)),
            priority=draw(st.sampled_from([Priority.NORMAL, Priority.PRIORITY])),
            resume=draw(st.sampled_from(list(Resume))),
        )
        for n in range(count)
    ]


@given(crowded_hours(), st.lists(st.integers(0, 100), max_size=3))
def test_whatever_the_plan_each_occurrence_ends_once_and_two_never_sound_together(
    items: list[PlanItem], reboots: list[int]
) -> None:
    node = Village()
    node.follow(accepted(*items))
    nodes = [node]
    for at_s in sorted(reboots):
        node.until(NOW + seconds(at_s))
        node = Village(memory=node.memory, now=node.now, booted=node.now, trusted_since=node.now)
        node.follow(accepted(*items))
        nodes.append(node)
    node.until(NOW + seconds(600), step=seconds(0.5))
    begins = [begin for one in nodes for begin in one.begins()]
    first_parts = [begin.item.id for begin in begins if begin.part == 1]
    assert len(first_parts) == len(set(first_parts))
    assert not any(_overlaps(one) for one in nodes)
    assert all(begin.at >= begin.item.start for begin in begins)
    open_states = [entry for entry in node.schedule.occurrences() if entry.open]
    assert all(entry.waiting for entry in open_states)


def _overlaps(node: Village) -> bool:
    """Whether an item began while another of equal or higher priority had not ended."""
    begins: Iterable[Begin] = node.begins()
    previous: Begin | None = None
    for begin in begins:
        if previous is not None and previous.item.priority.rank >= begin.item.priority.rank:
            if previous.item.id in node.halts():
                continue
            if begin.at < previous.at + timedelta(milliseconds=previous.lasts_ms):
                return True
        previous = begin
    return False
