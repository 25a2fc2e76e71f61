"""The air of one day while it is being filled. Times are ms; a span is [start, end).

Loudspeaker clusters that always sound together are one *atom*, so that a notice to the whole
commune costs as much as a notice to one village.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from vang.airtime.reasons import Reason

BREATH_MS = 2_000
"""Silence between two items on one cluster: the sound dies away, the ear begins anew."""

SESSION_GAP_MS = 5 * 60_000
"""A pause this long in the whole commune ends a session (buổi phát); a shorter one is counted into
it. The rules found limit sessions and do not say when one ends: this is our reading."""

NEVER = 1 << 62


class Spans:
    """Sorted, disjoint spans. Two that lie closer than ``join`` become one."""

    __slots__ = ("ends", "join", "starts")

    def __init__(self, join: int) -> None:
        self.join = join
        self.starts: list[int] = []
        self.ends: list[int] = []

    def touching(self, start: int, end: int, within: int) -> tuple[int, int]:
        """Slice (first, after last) of the spans nearer than ``within`` to [start, end)."""
        return bisect_right(self.ends, start - within), bisect_left(self.starts, end + within)

    def add(self, start: int, end: int) -> None:
        if not self.ends or start - self.ends[-1] >= self.join:  # after all others
            self.starts.append(start)
            self.ends.append(end)
            return
        first, last = self.touching(start, end, self.join)
        if first == last:
            self.starts.insert(first, start)
            self.ends.insert(first, end)
            return
        self.starts[first:last] = [min(start, self.starts[first])]
        self.ends[first:last] = [max(end, self.ends[last - 1])]


class Board:
    """Who has which cluster when, and which sessions that makes in the commune."""

    def __init__(self, longest_ms: int, most_sessions: int) -> None:
        self.longest_ms = longest_ms
        self.most_sessions = most_sessions
        self._busy: dict[int, Spans] = {}
        self._alarms: dict[int, Spans] = {}
        self._sessions = Spans(SESSION_GAP_MS)

    def add(self, start: int, end: int, atoms: Iterable[int]) -> None:
        """Take the clusters from ``start`` to ``end`` and count it into a session."""
        _take(self._busy, start, end, atoms)
        self._sessions.add(start, end)

    def add_alarm(self, start: int, end: int, atoms: Iterable[int]) -> None:
        """An emergency takes the clusters, but is no session of the day."""
        _take(self._busy, start, end, atoms)
        _take(self._alarms, start, end, atoms)

    def bridge(self, start: int, end: int) -> None:
        """Silence that a stop or an emergency made inside a session does not end the session."""
        first, last = self._sessions.touching(start, end, SESSION_GAP_MS)
        if last - first >= 2:
            self._sessions.add(self._sessions.starts[first], self._sessions.ends[last - 1])

    def lawful(self) -> bool:
        """Neither too many sessions nor a longer one than allowed."""
        sessions = zip(self._sessions.starts, self._sessions.ends, strict=True)
        return len(self._sessions.starts) <= self.most_sessions and all(
            end - start <= self.longest_ms for start, end in sessions
        )

    def first_fit(
        self, start: int, length: int, atoms: tuple[int, ...], closes: int
    ) -> int | Reason:
        """The first start, not before ``start``, that ends by ``closes``; or why there is none."""
        why = Reason.ENDS_OUTSIDE_HOURS
        while start + length <= closes:
            blocked = self.obstacle(start, length, atoms)
            if blocked is None:
                return start
            start, why = blocked
        return why

    def first_alarm(self, start: int, length: int, atoms: tuple[int, ...]) -> int:
        """An emergency waits for nothing but another emergency."""
        while (after := _busy_until(self._alarms, start, length, atoms)) is not None:
            start = after
        return start

    def obstacle(
        self, start: int, length: int, atoms: tuple[int, ...]
    ) -> tuple[int, Reason] | None:
        """None when it fits; else the first later start worth trying, and what stands there."""
        after = _busy_until(self._busy, start, length, atoms)
        if after is not None:
            return after, Reason.NO_ROOM
        first, last = self._sessions.touching(start, start + length, SESSION_GAP_MS)
        if first == last:
            return self._new_session(first, length)
        return self._longer_session(start, start + length, first, last)

    def _new_session(self, right: int, length: int) -> tuple[int, Reason] | None:
        starts = self._sessions.starts
        if len(starts) < self.most_sessions:
            return None
        # No further session: the next hope is to lean on the front of the one that follows.
        later = starts[right] - BREATH_MS - length if right < len(starts) else NEVER
        return later, Reason.SESSIONS_USED

    def _longer_session(
        self, start: int, end: int, first: int, last: int
    ) -> tuple[int, Reason] | None:
        left, right = self._sessions.starts[first], self._sessions.ends[last - 1]
        if max(end, right) - min(start, left) <= self.longest_ms:
            return None
        if left < start:  # too long with what came before: begin another session after it
            return self._sessions.ends[first] + SESSION_GAP_MS, Reason.SESSION_FULL
        return max(right - self.longest_ms, start + 1), Reason.SESSION_FULL


def _take(busy: dict[int, Spans], start: int, end: int, atoms: Iterable[int]) -> None:
    for atom in atoms:
        if atom not in busy:
            busy[atom] = Spans(1)
        busy[atom].add(start, end + BREATH_MS)


def _busy_until(
    busy: dict[int, Spans], start: int, length: int, atoms: tuple[int, ...]
) -> int | None:
    for atom in atoms:
        spans = busy.get(atom)
        if spans is None or spans.ends[-1] <= start:
            continue
        first, last = spans.touching(start, start + length + BREATH_MS, 0)
        if first < last:
            return spans.ends[first]
    return None
