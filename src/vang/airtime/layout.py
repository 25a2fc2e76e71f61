"""One commune's day, laid out: who sounds when, who does not and why. Times are ms.

What was wanted before the day began is laid out together: emergencies first, then by priority,
then the older. Whatever is placed or stopped during the day is taken in the order in which it
happened: what has begun by then keeps its time, what is stopped gives its air back, and nothing
else moves, except lower priorities that must give way. So the day can be laid out again at any
moment and yesterday's answer for what already sounded comes out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vang.airtime.board import BREATH_MS, Board
from vang.airtime.policies import Policy
from vang.airtime.reasons import Reason
from vang.airtime.wishes import RANK, Kind, Occurrence

LEAD_MS = 8_000
"""What begins this soon has been fetched and armed by the nodes and is not moved any more."""

_LAST = 1 << 62  # at one instant, what is placed comes before what is stopped

Windows = Sequence[tuple[int, int]]


@dataclass(slots=True)
class Slot:
    """The air one occurrence has. ``end`` comes early when it is stopped or pre-empted."""

    occurrence: Occurrence
    start: int
    end: int

    def keeps(self, now: int) -> bool:
        """Too late to move it, or promised to begin exactly then."""
        return self.start <= now + LEAD_MS or self.occurrence.wish.kind is Kind.NOW


class Layout:
    """``closed`` is the reason for which a day without windows is quiet."""

    def __init__(self, policy: Policy, windows: Windows, closed: Reason) -> None:
        self._policy = policy
        self._windows = windows
        self._closed = closed
        self._carried: list[Slot] = []
        self._pauses: list[tuple[int, int]] = []
        self.slots: dict[str, Slot] = {}
        self.refused: dict[str, tuple[Occurrence, Reason]] = {}
        self.struck: dict[str, Slot] = {}
        self.board = self._board_of(())

    def carry_over(self, alarms: Iterable[Slot]) -> None:
        """Emergencies of the evening before that still sound."""
        self._carried = list(alarms)
        self._rebuild()

    def fill(
        self, occurrences: Iterable[Occurrence], stops: Mapping[str, int], begins: int
    ) -> None:
        """Lay out everything. ``stops`` maps item id to the instant somebody stopped it."""
        todays: list[Occurrence] = []
        early: list[Occurrence] = []
        for one in occurrences:
            if stops and stops.get(one.id, begins) < begins:
                self._strike(one)
            else:
                (early if one.placed < begins else todays).append(one)
        early.sort(key=_turn)
        for one in early:
            self._settle(one, one.wished)
        self._replay(todays, {i: t for i, t in stops.items() if t >= begins})

    def _replay(self, todays: Iterable[Occurrence], stops: Mapping[str, int]) -> None:
        placed = {one.id: one for one in todays}
        ordered = sorted(placed.values(), key=_turn)
        acts = [(one.placed, index, one.id) for index, one in enumerate(ordered)]
        acts += [(t, _LAST, item) for item, t in stops.items()]
        for at, step, item in sorted(acts):
            if step == _LAST:
                self._stop(item, at)
            else:
                self._admit(placed[item], at)

    def _strike(self, one: Occurrence) -> None:
        self.struck[one.id] = Slot(one, one.wished, one.wished + one.length)

    def _stop(self, item: str, at: int) -> None:
        if item in self.refused:
            self._strike(self.refused.pop(item)[0])
        slot = self.slots.get(item)
        if slot is None or slot.end <= at:
            return
        self.struck[item] = self.slots.pop(item)
        self._pauses.append((slot.start, slot.end))
        if slot.start < at:
            slot.end = at
        self._rebuild()

    def _admit(self, one: Occurrence, now: int) -> None:
        if one.emergency:
            return self._cut_in(one, now)
        wished = one.wished if one.wish.kind is Kind.NOW else max(one.wished, now + LEAD_MS)
        lower = [slot for slot in self.slots.values() if self._gives_way(slot, one, now)]
        start = self._seen(RANK[one.wish.priority], now)._start_of(one, wished)
        if isinstance(start, Reason) or not lower:
            return self._settle(one, wished)
        for gone in (_in_the_way(lower, one, start), lower):
            if self._displace(gone, one, start):
                return None
        return self._settle(one, wished)

    def _gives_way(self, slot: Slot, to: Occurrence, now: int) -> bool:
        return not slot.keeps(now) and RANK[slot.occurrence.wish.priority] < RANK[to.wish.priority]

    def _displace(self, gone: list[Slot], one: Occurrence, start: int) -> bool:
        """Put ``one`` at ``start`` and the others behind it, unless that breaks a session."""
        before = dict(self.slots)
        self._without(gone)
        if self._start_of(one, start) == start:
            self._settle(one, start)
            if self.board.lawful():
                self._return(gone)
                return True
        self.slots = before
        self._rebuild()
        return False

    def _cut_in(self, one: Occurrence, now: int) -> None:
        """An emergency: what has begun is cut off, what waits on its clusters gives way."""
        wished = max(one.wished, now)
        self._settle(one, wished)
        if one.id not in self.slots:
            return
        alarm = self.slots[one.id]
        hit = _in_the_way(self.slots.values(), one, alarm.start)
        hit = [slot for slot in hit if not slot.occurrence.emergency]
        self._pauses += [(slot.start, slot.end) for slot in hit]
        waiting = [slot for slot in hit if slot.start >= alarm.start]
        for slot in hit:
            if slot.start < alarm.start:
                slot.end = min(slot.end, alarm.start)
        self._without(waiting)
        self._return(waiting)

    def _without(self, gone: Iterable[Slot]) -> None:
        for slot in gone:
            del self.slots[slot.occurrence.id]
        self._rebuild()

    def _return(self, slots: Iterable[Slot]) -> None:
        for slot in sorted(slots, key=lambda slot: slot.occurrence.turn):
            self._settle(slot.occurrence, slot.start)

    def _settle(self, one: Occurrence, wished: int) -> None:
        start = self._start_of(one, wished)
        if isinstance(start, Reason):
            self.refused[one.id] = (one, start)
            return
        self.slots[one.id] = Slot(one, start, start + one.length)
        _put(self.board, self.slots[one.id])

    def _start_of(self, one: Occurrence, wished: int) -> int | Reason:
        if not one.clusters:
            return Reason.NO_CLUSTERS
        if one.after:
            wished = self._in_turn(one, wished)
        if one.emergency:
            return self.board.first_alarm(wished, one.length, one.atoms)
        start = self.fit(wished, one.length, one.atoms)
        if one.wish.kind is Kind.NOW and not isinstance(start, Reason) and start != wished:
            return Reason.NO_ROOM
        return start

    def _in_turn(self, one: Occurrence, wished: int) -> int:
        """Where its turn in the rundown comes: after those before it, closing up where one of
        them found no room; room is kept for one that is placed only later in the day."""
        ends = [self.slots[key].end + BREATH_MS for key in one.after if key in self.slots]
        waiting = any(key not in self.slots and key not in self.refused for key in one.after)
        return max([wished if waiting else wished - one.offset, *ends])

    def fit(self, wished: int, length: int, atoms: tuple[int, ...]) -> int | Reason:
        """The first free start from ``wished`` on in the same window, or why there is none."""
        closes = self._closes(wished)
        if isinstance(closes, Reason):
            return closes
        if length > self._policy.longest_session_s * 1000:
            return Reason.LONGER_THAN_SESSION
        return self.board.first_fit(wished, length, atoms, closes)

    def fit_now(self, rank: int, now: int, length: int, atoms: tuple[int, ...]) -> int | Reason:
        """Where an item of this rank, placed at ``now``, could begin soonest."""
        return self._seen(rank, now).fit(now + LEAD_MS, length, atoms)

    def _closes(self, wished: int) -> int | Reason:
        for opens, closes in self._windows:
            if opens <= wished < closes:
                return closes
        return Reason.OUTSIDE_HOURS if self._windows else self._closed

    def copy(self) -> "Layout":
        """The same day, to try something on."""
        view = Layout(self._policy, self._windows, self._closed)
        view._carried, view._pauses = self._carried, list(self._pauses)
        view.slots, view.struck = dict(self.slots), dict(self.struck)
        view._rebuild()
        return view

    def _seen(self, rank: int, now: int) -> "Layout":
        """The day as an item of this rank finds it: without what would give way to it."""
        view = Layout(self._policy, self._windows, self._closed)
        view._carried, view._pauses, view.struck = self._carried, self._pauses, self.struck
        view.slots = {item: slot for item, slot in self.slots.items() if _stays(slot, rank, now)}
        view._rebuild()
        return view

    def _rebuild(self) -> None:
        self.board = self._board_of((*self._carried, *self.slots.values(), *self._heard()))

    def _board_of(self, slots: Iterable[Slot]) -> Board:
        board = Board(self._policy.longest_session_s * 1000, self._policy.sessions_a_day)
        for slot in slots:
            _put(board, slot)
        for start, end in sorted(self._pauses):
            board.bridge(start, end)
        return board

    def _heard(self) -> list[Slot]:
        """The heard part of what was stopped in the middle."""
        struck = self.struck.values()
        return [slot for slot in struck if slot.end - slot.start < slot.occurrence.length]


def _stays(slot: Slot, rank: int, now: int) -> bool:
    return slot.keeps(now) or RANK[slot.occurrence.wish.priority] >= rank


def _in_the_way(slots: Iterable[Slot], one: Occurrence, start: int) -> list[Slot]:
    """The slots, other than its own, that ``one`` would touch if it began at ``start``."""
    end, atoms = start + one.length, frozenset(one.atoms)
    return [
        slot
        for slot in slots
        if slot.start < end + BREATH_MS
        and start < slot.end + BREATH_MS
        and slot.occurrence.id != one.id
        and not atoms.isdisjoint(slot.occurrence.atoms)
    ]


def _turn(one: Occurrence) -> tuple[bool, bool, int, int, int, str]:
    return one.turn


def _put(board: Board, slot: Slot) -> None:
    one = slot.occurrence
    if one.emergency:
        board.add_alarm(slot.start, slot.end, one.atoms)
    else:
        board.add(slot.start, slot.end, one.atoms)
