"""The timeline of one commune: a pure function of policy, wishes, stops and clusters.

- On one cluster nothing overlaps; different clusters may carry different things at once.
- A higher priority has the time it wishes; lower ones follow after it in the same window, and
  what finds no room there is listed with the reason and the next free time.
- Nothing sounds outside the allowed hours, in a session longer than the longest, in more sessions
  than allowed, or on a quiet weekend, except an emergency.
- The same wishes in any order give the same day, and an item's id never changes.

A session is a run of items, anywhere in the commune, with pauses shorter than five minutes.
Sessions are counted within one day on the policy's clocks.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from vang.airtime.board import BREATH_MS
from vang.airtime.days import Day, Item, Unplaced
from vang.airtime.filling import Fill, Filler, fillers
from vang.airtime.layout import LEAD_MS, Layout, Slot
from vang.airtime.moments import EPOCH, from_ms, local_day, midnight_ms, to_ms
from vang.airtime.policies import Policy, windows_ms
from vang.airtime.quiet import Rules, quiet_codes
from vang.airtime.reasons import Reason
from vang.airtime.rundown import chained
from vang.airtime.wishes import (
    RANK,
    Agenda,
    Clusters,
    Hearers,
    Kind,
    Occurrence,
    Tongues,
    Wish,
    reached,
)
from vang_protocol.plans import Priority

LOOK_AHEAD_DAYS = 14
_MINUTE_MS = 60_000
_HALF_HOUR_MS = 30 * _MINUTE_MS
_DAY = timedelta(days=1)
_FILLERS = -(1 << 40)  # fillers come from no placement; neither from a part of a rundown


@dataclass(frozen=True)
class UnitAirtime:
    """All that decides one commune's air. ``stopped`` maps item id to the instant of the stop.

    ``names`` of clusters by code and of ``programmes`` by key decide nothing: they are for pages.
    """

    unit: str
    policy: Policy
    wishes: Sequence[Wish]
    stopped: Mapping[str, datetime] = field(default_factory=dict)
    clusters: Clusters = field(default_factory=dict)
    tongues: Tongues = field(default_factory=dict)
    fills: Sequence[Fill] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    rules: Rules = field(default_factory=dict)
    programmes: Mapping[int, str] = field(default_factory=dict)

    def reached(
        self, audience: Iterable[str], hearers: Hearers = None, only: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Codes, sorted, of the clusters that would play it."""
        return reached(audience, self.clusters, self.tongues, hearers, only)


def timeline(
    unit_code: str,
    day: date,
    *,
    policy: Policy,
    wishes: Sequence[Wish],
    stopped: Mapping[str, datetime],
    clusters: Clusters,
    look_ahead_days: int = LOOK_AHEAD_DAYS,
) -> Day:
    """One local day of one commune."""
    air = UnitAirtime(unit_code, policy, wishes, stopped, clusters)
    return Schedule(air, look_ahead_days=look_ahead_days).day(day)


class Schedule:
    """The days of one commune from the same wishes; each day is laid out once."""

    def __init__(
        self,
        air: UnitAirtime,
        *,
        look_ahead_days: int = LOOK_AHEAD_DAYS,
        now: datetime = EPOCH,
    ) -> None:
        """``now``: what is free only before it is not offered as the next free time."""
        self.air = air
        self._look_ahead_days = look_ahead_days
        self._now = now
        self._layouts: dict[date, Layout] = {}
        self._agenda = Agenda(air.wishes, air.policy.zone)
        self._clusters = {
            key: air.reached(*key)
            for key in {(wish.audience, wish.hearers, wish.only) for wish in air.wishes}
        }
        self._atom = _atoms(self._clusters.values())
        self._atoms = {key: self._atoms_of(codes) for key, codes in self._clusters.items()}
        self._rundowns = any(wish.part for wish in air.wishes)
        self._zones = any(rule.quiet for rule in air.rules.values())
        self._alarms = any(wish.priority is Priority.EMERGENCY for wish in air.wishes)

    def day(self, day: date) -> Day:
        """What sounds on ``day``, what does not and why."""
        layout = self.layout(day)
        heard, muted = [], []
        for slot in layout.slots.values():
            item = self._item(slot)
            if item.quiet and not item.clusters:
                muted.append((slot.occurrence, Reason.QUIET_ZONE))
            else:
                heard.append(item)
        struck = [self._item(slot) for slot in layout.struck.values()]
        for one in self._fillers(day, layout):
            filler = self._filler(one)
            if one.stopped or filler.clusters:
                (struck if one.stopped else heard).append(filler)
        return Day(
            self.air.unit,
            day,
            tuple(sorted(heard, key=_by_start)),
            tuple(
                self._unplaced(one, why)
                for one, why in _ordered([*layout.refused.values(), *muted])
            ),
            tuple(sorted(struck, key=_by_start)),
        )

    def _fillers(self, day: date, layout: Layout) -> list[Filler]:
        if not self.air.fills:
            return []
        atoms = self._atoms_of(self.air.clusters)
        zone, stopped = self.air.policy.zone, self.air.stopped
        return fillers(layout, self.air.fills, day, zone, atoms=atoms, stopped=stopped)

    def _filler(self, one: Filler) -> Item:
        start = from_ms(one.start)
        codes = tuple(sorted(self.air.clusters))
        quiet = self._quiet(codes, start, from_ms(one.end), Priority.NORMAL)
        return Item(
            one.id,
            _FILLERS - one.track.sound,
            "",
            one.track.title,
            Priority.NORMAL,
            Kind.PROGRAMME,
            start,
            start,
            from_ms(one.end),
            one.track.duration_ms,
            tuple(code for code in codes if code not in quiet),
            programme=one.programme,
            sound=one.track.sound,
            quiet=quiet,
        )

    def next_free(
        self,
        after: datetime,
        *,
        duration_ms: int,
        audience: Iterable[str],
        hearers: Hearers = None,
        only: Collection[str] = (),
    ) -> datetime | None:
        """The first time from ``after`` at which this would fit without moving anything."""
        codes = self.air.reached(audience, hearers, only)
        first = local_day(after, self.air.policy.zone)
        for ahead in range(self._look_ahead_days):
            day = first + ahead * _DAY
            for start in self._fits(day, to_ms(after), duration_ms, codes):
                return from_ms(start)
        return None

    def free_slots(
        self,
        day: date,
        *,
        after: datetime,
        duration_ms: int,
        audience: Iterable[str],
        hearers: Hearers = None,
        only: Collection[str] = (),
    ) -> list[datetime]:
        """Times to offer on ``day``: the half hours, and the minute after each item, that would
        hold it without moving anything."""
        codes = self.air.reached(audience, hearers, only)
        layout, atoms = self.layout(day), self._atoms_of(codes)
        marks = {
            mark
            for opens, closes in windows_ms(self.air.policy, day)
            for mark in (opens, *range(opens, closes, _HALF_HOUR_MS))
        }
        marks |= {_whole_minute(slot.end + BREATH_MS) for slot in layout.slots.values()}
        wanted = sorted(mark for mark in marks if mark >= to_ms(after))
        return [
            from_ms(mark)
            for mark in wanted
            if atoms
            and layout.fit(mark, duration_ms, atoms) == mark
            and not self._all_quiet(codes, mark, duration_ms)
        ]

    def earliest(
        self,
        now: datetime,
        *,
        duration_ms: int,
        audience: Iterable[str],
        priority: Priority,
        hearers: Hearers = None,
        only: Collection[str] = (),
    ) -> datetime | Reason:
        """When an item put on "now" would begin: only lower priorities give way to it."""
        atoms = self._atoms_of(self.air.reached(audience, hearers, only))
        if not atoms:
            return Reason.NO_CLUSTERS
        day = local_day(now + timedelta(milliseconds=LEAD_MS), self.air.policy.zone)
        found = self.layout(day).fit_now(RANK[priority], to_ms(now), duration_ms, atoms)
        return found if isinstance(found, Reason) else from_ms(found)

    def layout(self, day: date) -> Layout:
        if day not in self._layouts:
            self._layouts[day] = self._lay_out(day)
        return self._layouts[day]

    def _lay_out(self, day: date) -> Layout:
        policy = self.air.policy
        begins = midnight_ms(day, policy.zone)
        layout = Layout(policy, windows_ms(policy, day), _why_closed(policy))
        if self._alarms:
            layout.carry_over(self._alarms_before(day))
        due = list(self._due(day))
        stops = self._stops(due)
        layout.fill(chained(due, stops, begins) if self._rundowns else due, stops, begins)
        return layout

    def _alarms_before(self, day: date) -> list[Slot]:
        begins = midnight_ms(day, self.air.policy.zone)
        yesterday = Layout(self.air.policy, (), Reason.OUTSIDE_HOURS)
        due = [one for one in self._due(day - _DAY) if one.emergency]
        yesterday.fill(due, self._stops(due), midnight_ms(day - _DAY, self.air.policy.zone))
        return [slot for slot in yesterday.slots.values() if slot.end > begins]

    def _due(self, day: date) -> Iterator[Occurrence]:
        for due in self._agenda.due(day):
            key = (due.wish.audience, due.wish.hearers, due.wish.only)
            yield Occurrence(
                due.id,
                due.wish,
                due.wished,
                due.placed,
                self._clusters[key],
                self._atoms[key],
                due.until,
                due.why,
                due.time,
            )

    def _stops(self, due: Iterable[Occurrence]) -> dict[str, int]:
        stopped = self.air.stopped
        stops: dict[str, int] = {}
        for one in due:
            told = [to_ms(at) for at in (stopped.get(one.id), one.wish.stopped_at) if at]
            if one.until is not None:
                told.append(one.until)
            if told:
                stops[one.id] = min(told)
        return stops

    def _fits(self, day: date, after: int, length: int, codes: Collection[str]) -> Iterator[int]:
        """The first fit in each window of ``day`` from ``after`` on."""
        atoms = self._atoms_of(codes)
        for opens, closes in windows_ms(self.air.policy, day) if atoms else ():
            begin = max(opens, after)
            while begin < closes:
                start = self.layout(day).fit(begin, length, atoms)
                if not isinstance(start, int):
                    break
                whole = _whole_minute(start)  # people set whole minutes, if it is as free
                found = whole if self.layout(day).fit(whole, length, atoms) == whole else start
                if not self._all_quiet(codes, found, length):
                    yield found
                    break
                begin = found + _MINUTE_MS

    def _atoms_of(self, codes: Iterable[str]) -> tuple[int, ...]:
        return tuple({self._atom.get(code, 0) for code in codes})

    def _item(self, slot: Slot) -> Item:
        one, wish = slot.occurrence, slot.occurrence.wish
        start, ends = from_ms(slot.start), from_ms(slot.end)
        foreign = wish.reserved and not wish.relay
        quiet = () if foreign else self._quiet(one.clusters, start, ends, wish.priority)
        return Item(
            one.id,
            wish.placement,
            wish.edition,
            wish.title,
            wish.priority,
            wish.kind,
            start if one.wished == slot.start else from_ms(one.wished),
            start,
            ends,
            wish.duration_ms,
            tuple(c for c in one.clusters if c not in quiet) if quiet else one.clusters,
            wish.language,
            one.why,
            wish.programme,
            wish.sound,
            wish.reserved,
            wish.resume,
            quiet,
            wish.relay,
        )

    def _quiet(
        self, codes: tuple[str, ...], start: datetime, ends: datetime, priority: Priority
    ) -> tuple[str, ...]:
        """Those of the clusters that keep silent then. An emergency knows no quiet zone."""
        if not self._zones or priority is Priority.EMERGENCY:
            return ()
        return quiet_codes(self.air.rules, codes, start, ends, self.air.policy.zone)

    def _all_quiet(self, codes: Collection[str], start: int, length: int) -> bool:
        if not self._zones:
            return False
        quiet = self._quiet(tuple(codes), from_ms(start), from_ms(start + length), Priority.NORMAL)
        return len(quiet) == len(codes)

    def _unplaced(self, one: Occurrence, why: Reason) -> Unplaced:
        wish = one.wish
        wished = from_ms(one.wished)
        after = max(wished, self._now)
        free = self.next_free(
            after,
            duration_ms=wish.duration_ms,
            audience=wish.audience,
            hearers=wish.hearers,
            only=wish.only,
        )
        return Unplaced(
            one.id,
            wish.placement,
            wish.edition,
            wish.title,
            wish.priority,
            wished,
            wish.duration_ms,
            why,
            free,
            wish.language,
        )


def _whole_minute(ms: int) -> int:
    return -(-ms // _MINUTE_MS) * _MINUTE_MS


def _why_closed(policy: Policy) -> Reason:
    return Reason.OUTSIDE_HOURS if policy.weekend else Reason.WEEKEND


def _atoms(sets: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Cluster code → number of its group: two clusters in exactly the same sets share one."""
    atom: dict[str, int] = {}
    for index, codes in enumerate(sorted(set(sets))):
        for code in codes:
            atom[code] = atom.get(code, 0) | 1 << index
    return atom


def _by_start(item: Item) -> tuple[datetime, str]:
    return item.start, item.id


def _ordered(
    refused: Iterable[tuple[Occurrence, Reason]],
) -> list[tuple[Occurrence, Reason]]:
    return sorted(refused, key=lambda pair: (pair[0].wished, pair[0].id))
