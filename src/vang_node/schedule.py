"""What to do now: the state machine of every planned item. Pure; time and files are given.

planned → fetching → verified → armed → playing → done | pre-empted | missed(reason)
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from vang_node.memory import Memory
from vang_node.occurrence import Arm, Begin, Decision, Halt, Miss, Occurrence
from vang_node.rules import Rules
from vang_protocol.acceptance import AcceptedPlan
from vang_protocol.plans import Audio, Plan, PlanItem, Resume
from vang_protocol.reasons import Reason
from vang_protocol.records import End
from vang_protocol.states import ItemState

ARM_AHEAD = timedelta(seconds=10)
COMMIT_AHEAD = timedelta(seconds=1)
LEAST_LEAD = timedelta(milliseconds=400)
"""The device holds 200 ms already; the journal needs time to reach the disk."""
LATE = timedelta(seconds=2)
RUN_ON = timedelta(seconds=2)
"""An item that ran on unheard is decoded from where it will be this much later."""


@dataclass(frozen=True)
class Sounding:
    """The item that has the loudspeaker, until ``until``."""

    occurrence: Occurrence
    until: datetime
    halting: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What the machine must know at a tick.

    ``booted`` and ``trusted_since`` are on the same trusted scale as ``now``.
    """

    now: datetime
    booted: datetime
    trusted_since: datetime
    has_audio: Callable[[Audio], bool]
    sink_works: bool
    disk_full: bool = False


class Schedule:
    """Follows one plan at a time for one cluster. ``tick`` says what to do; nothing else acts."""

    def __init__(self, *, cluster: str, memory: Memory) -> None:
        self._memory = memory
        self.rules = Rules(cluster)
        self._items: dict[str, Occurrence] = {}
        self._ordered: dict[str, datetime] = {}
        self.sounding: Sounding | None = None

    def occurrences(self) -> Iterable[Occurrence]:
        return self._items.values()

    def wanted(self) -> list[PlanItem]:
        """Items of the plan whose audio is still needed, the earliest first."""
        planned = [entry for key, entry in self._items.items() if key not in self._ordered]
        open_items = [entry.item for entry in planned if entry.open]
        return sorted(open_items, key=lambda item: item.start)

    def referenced(self) -> set[str]:
        """Hashes of all audio the plan names for this node."""
        return {entry.item.audio.sha256 for entry in self._items.values()}

    @property
    def busy(self) -> bool:
        """Something sounds, was ordered, or waits to be continued."""
        waiting = any(entry.waiting for entry in self._items.values() if entry.open)
        return self.sounding is not None or bool(self._ordered) or waiting

    def next_due(self) -> datetime | None:
        dues = [entry.item.start for entry in self._items.values() if entry.open]
        return min(dues, default=None)

    def follow(self, accepted: AcceptedPlan, *, now: datetime) -> list[Decision]:
        """Turn to another plan; what it stops or leaves out ends here."""
        plan = accepted.plan
        stopped = set(plan.stopped)
        mine = [item for item in plan.items if self.rules.cluster in item.clusters]
        before, self._items = self._items, self._orders()
        self.rules = Rules.of(accepted, self.rules.cluster)
        for item in mine:
            self._items[item.id] = self._taken_over(before.get(item.id), item, now)
        kept = {item.id for item in mine} - stopped | self._ordered.keys()
        return [*self._halted(kept), *self._missed_stopped(stopped - self._ordered.keys())]

    def order(
        self, item: PlanItem, *, until: datetime, now: datetime, lift: float = 0.0, part: int = 1
    ) -> None:
        """Let an ordered item sound as soon as it can, and not begin after ``until``."""
        self._items[item.id] = Occurrence(item, learnt=now, lift=lift, part=part)
        self._ordered[item.id] = until

    def end_orders(self, ids: Collection[str]) -> list[Decision]:
        """These ordered items are to be silent, now and later."""
        decisions: list[Decision] = []
        for item_id in ids:
            if self._ordered.pop(item_id, None) is None:
                continue
            entry = self._items.pop(item_id)
            if self.sounding and self.sounding.occurrence is entry:
                decisions.append(self._halt(self.sounding, End.STOPPED))
            elif entry.open:
                decisions.append(self._miss(entry, Reason.STOPPED))
        return decisions

    def silence(self) -> list[Decision]:
        """Whatever sounds or was ordered ends; what the plan has later is not touched."""
        decisions = self.end_orders(list(self._ordered))
        return [*decisions, *self._halted(set())]

    def forget_order(self, item_id: str) -> None:
        """It is over, however it ended."""
        if self._ordered.pop(item_id, None) is not None:
            self._items.pop(item_id, None)

    def _orders(self) -> dict[str, Occurrence]:
        return {key: entry for key, entry in self._items.items() if key in self._ordered}

    def tick(self, around: Surroundings) -> Iterator[Decision]:
        """The decisions due now. Each must be applied before the next is asked for."""
        if self.rules.plan is not None:
            yield from self._halt_at_expiry(self.rules.plan, around.now)
        for entry in self._due(around.now):
            if entry.item.id in self._ordered:
                yield from self._obey(entry, around)
            elif self.rules.plan is not None:
                yield from self._decide(entry, around)

    def offset_ms(self, item_id: str) -> int:
        """From where an item continues; 0 for one that begins."""
        return self._items[item_id].offset_ms

    def armed_items(self) -> set[str]:
        return {key for key, entry in self._items.items() if entry.state is ItemState.ARMED}

    def armed(self, item_id: str) -> None:
        self._set(item_id, ItemState.ARMED)

    def audio_lost(self, item_id: str) -> None:
        """The file turned out to be wrong or gone: back to fetching."""
        self._set(item_id, ItemState.PLANNED)

    def begun(self, begin: Begin) -> None:
        """The play is written in the journal and handed to the player."""
        entry = self._items[begin.item.id]
        entry.state, entry.waiting, entry.aim = ItemState.PLAYING, False, None
        entry.zero = begin.at - timedelta(milliseconds=begin.offset_ms)
        until = begin.at + timedelta(milliseconds=begin.lasts_ms)
        self.sounding = Sounding(entry, until)

    def ended(self, item_id: str, end: End, *, sounded_ms: int) -> None:
        """The player is done with the item."""
        if self.sounding and self.sounding.occurrence.item.id == item_id:
            self.sounding = None
        entry = self._items.get(item_id)
        if entry is None or entry.state is not ItemState.PLAYING:
            return
        if end is End.PRE_EMPTED:
            self._interrupted(entry, sounded_ms)
        else:
            entry.state = ItemState.DONE

    def missed(self, item_id: str) -> None:
        self._set(item_id, ItemState.MISSED)

    def _set(self, item_id: str, state: ItemState) -> None:
        if item_id in self._items:
            self._items[item_id].state = state

    def _taken_over(self, known: Occurrence | None, item: PlanItem, now: datetime) -> Occurrence:
        if known is None:
            return self._remembered(item, now)
        moved = known.item.start != item.start or known.item.audio != item.audio
        if moved and known.open:
            return self._remembered(item, now)
        if moved and known.state is ItemState.MISSED:
            return self._remembered(item, now)
        known.item = item
        return known

    def _remembered(self, item: PlanItem, now: datetime) -> Occurrence:
        """A new occurrence, unless the journal says it has been."""
        entry = Occurrence(item, learnt=now)
        if self._memory.has_sounded(item.id):
            preempted = self._memory.ended.get(item.id) is End.PRE_EMPTED
            entry.state = ItemState.PRE_EMPTED if preempted else ItemState.DONE
        elif self._memory.has_missed(item.id, item.start):
            entry.state = ItemState.MISSED
        return entry

    def _halted(self, kept: set[str]) -> Iterator[Decision]:
        if (
            self.sounding
            and not self.sounding.halting
            and self.sounding.occurrence.item.id not in kept
        ):
            yield self._halt(self.sounding, End.STOPPED)

    def _missed_stopped(self, stopped: set[str]) -> Iterator[Decision]:
        for item_id in stopped:
            entry = self._items.get(item_id)
            if entry is not None and entry.open:
                yield self._miss(entry, Reason.STOPPED)

    def _halt_at_expiry(self, plan: Plan, now: datetime) -> Iterator[Decision]:
        if self.sounding and self.sounding.occurrence.item.id in self._ordered:
            return
        if self.sounding and not self.sounding.halting and now >= plan.expires:
            yield self._halt(self.sounding, End.STOPPED)

    def _halt(self, sounding: Sounding, end: End, at: datetime | None = None) -> Halt:
        self.sounding = replace(sounding, halting=True)
        return Halt(sounding.occurrence.item, end, at)

    def _miss(self, entry: Occurrence, reason: Reason) -> Miss:
        entry.state = ItemState.MISSED
        return Miss(entry.item, reason)

    def _due(self, now: datetime) -> list[Occurrence]:
        """Open items within arming reach: by time, the higher priority first."""
        near = [
            entry
            for entry in self._items.values()
            if entry.open and entry.item.start <= now + ARM_AHEAD
        ]
        return sorted(near, key=_order)

    def _decide(self, entry: Occurrence, around: Surroundings) -> Iterator[Decision]:
        if entry.waiting:
            yield from self._continue(entry, around)
            return
        if around.now > entry.item.start + LATE:
            yield self._miss(entry, self._why_late(entry, around))
            return
        forbidden = self.rules.forbids(entry.item)
        if forbidden is not None:
            if around.now >= entry.item.start:
                yield self._miss(entry, forbidden)
            return
        if around.sink_works and around.has_audio(entry.item.audio):
            yield from self._prepare(entry, around.now)

    def _obey(self, entry: Occurrence, around: Surroundings) -> Iterator[Decision]:
        """Begin as soon as the loudspeaker takes it; until then try again."""
        if around.now >= self._ordered[entry.item.id]:
            hindered = Reason.EXPIRED if around.sink_works else Reason.SINK_FAILED
            yield self._miss(entry, hindered)
        elif around.sink_works and entry.state is not ItemState.ARMED:
            yield Arm(entry.item)
        elif around.sink_works:
            at = max(entry.item.start, around.now + LEAST_LEAD)
            if at <= around.now + COMMIT_AHEAD:
                yield from self._begin(entry, at)

    def _prepare(self, entry: Occurrence, now: datetime) -> Iterator[Decision]:
        if entry.state is not ItemState.ARMED:
            yield Arm(entry.item)
        elif now >= entry.item.start - COMMIT_AHEAD:
            yield from self._begin(entry, max(entry.item.start, now + LEAST_LEAD))

    def _begin(self, entry: Occurrence, at: datetime) -> Iterator[Decision]:
        """Start, interrupting a lower priority; behind an equal or higher one, wait."""
        if self.sounding is not None:
            if self.sounding.occurrence.rank < entry.rank and not self.sounding.halting:
                yield self._halt(self.sounding, End.PRE_EMPTED, at)
            elif not self.sounding.halting:
                at = max(at, self.sounding.until)
        if at <= self._latest(entry):
            yield entry.begin(at)

    def _latest(self, entry: Occurrence) -> datetime:
        """When it may begin at the latest; what goes on after an interruption may at any time."""
        if entry.waiting:
            return datetime.max.replace(tzinfo=UTC)
        return self._ordered.get(entry.item.id, entry.item.start + LATE)

    def _why_late(self, entry: Occurrence, around: Surroundings) -> Reason:
        start = entry.item.start
        if start < around.booted:
            return Reason.NODE_OFF
        if start < around.trusted_since:
            return Reason.CLOCK_UNTRUSTED
        if start < entry.learnt:
            return Reason.LEARNT_LATE
        return self.rules.forbids(entry.item) or self._what_hindered(entry, around)

    def _what_hindered(self, entry: Occurrence, around: Surroundings) -> Reason:
        if not around.has_audio(entry.item.audio):
            return Reason.DISK_FULL if around.disk_full else Reason.NOT_FETCHED
        if not around.sink_works:
            return Reason.SINK_FAILED
        if self.sounding is None:
            return Reason.LATE
        higher = self.sounding.occurrence.rank > entry.rank
        return Reason.PRE_EMPTED if higher else Reason.BUSY

    def _interrupted(self, entry: Occurrence, sounded_ms: int) -> None:
        entry.state = ItemState.PRE_EMPTED
        entry.sounded_ms += sounded_ms
        if entry.item.resume is Resume.DROP:
            return
        entry.offset_ms += sounded_ms
        if entry.item.resume is Resume.RESTART:
            entry.offset_ms = 0
        if entry.left_ms > 0:
            entry.state, entry.waiting = ItemState.PLANNED, True
            entry.part += 1

    def _continue(self, entry: Occurrence, around: Surroundings) -> Iterator[Decision]:
        """Go on once the loudspeaker is free, if the hours still allow it."""
        if self.sounding is not None or not around.sink_works:
            return
        at = _goes_on_at(entry, around.now)
        if not entry.left_ms or not self.rules.allow(at, entry.left_ms):
            entry.state = ItemState.PRE_EMPTED
        elif not self._is_free(at, at + timedelta(milliseconds=entry.left_ms)):
            return
        elif entry.state is not ItemState.ARMED:
            yield Arm(entry.item)
        else:
            yield from self._begin(entry, at)

    def lets_in(self, rank: float) -> bool:
        """Nothing sounds that what comes now must wait for."""
        other = self.sounding
        return other is None or (other.occurrence.rank < rank and not other.halting)

    def _is_free(self, start: datetime, end: datetime) -> bool:
        """No other item is due between: what was interrupted must not push others aside."""
        return not any(
            entry.open and not entry.waiting and start - LATE <= entry.item.start < end
            for entry in self._items.values()
        )


def _goes_on_at(entry: Occurrence, now: datetime) -> datetime:
    """When it can be heard again. One that runs on is aimed at anew when its moment is missed."""
    soonest = now + LEAST_LEAD
    if entry.item.resume is not Resume.KEEP:
        return soonest
    if entry.aim is None or entry.aim < soonest:
        entry.run_on(now + RUN_ON)
        entry.state = ItemState.PLANNED
    return entry.aim or soonest


def _order(entry: Occurrence) -> tuple[datetime, float, str]:
    return entry.item.start, -entry.rank, entry.item.id
