"""Gap fill (nhạc chờ, ca nhạc): the station's own music where a session has air to spare. Pure.

It comes after everything else, gives way to whatever is placed later, and keeps every rule of the
hours and sessions. Each filler is named by its start, so that one at another time is another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vang.airtime.board import BREATH_MS
from vang.airtime.layout import Layout
from vang.airtime.moments import from_ms, to_ms
from vang.airtime.recurrence import Rule, Time

MOST_FILLERS = 60
"""Of one session."""


@dataclass(frozen=True, slots=True)
class Track:
    """One approved piece of music. ``sound`` is its key."""

    sound: int
    title: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Fill:
    """A programme whose sessions are filled up to ``fill_ms`` from their beginning."""

    programme: int
    rule: Rule
    fill_ms: int
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Filler:
    """One piece at its time, in ms. ``stopped``: somebody ended it early, at ``end``."""

    id: str
    programme: int
    track: Track
    start: int
    end: int
    stopped: bool = False


def fillers(
    layout: Layout,
    fills: Iterable[Fill],
    day: date,
    zone: str,
    *,
    atoms: tuple[int, ...],
    stopped: Mapping[str, datetime],
) -> list[Filler]:
    """What fills the day's sessions. ``layout`` is complete and is not changed."""
    spare = layout.copy()
    found: list[Filler] = []
    for fill in sorted(fills, key=lambda one: one.programme):
        for time in fill.rule.times_on(day, zone):
            found += _session(spare, fill, time, atoms, stopped)
    return sorted(found, key=lambda one: (one.start, one.id))


def _session(
    spare: Layout,
    fill: Fill,
    time: Time,
    atoms: tuple[int, ...],
    stopped: Mapping[str, datetime],
) -> Iterator[Filler]:
    own = [
        slot.start
        for slot in spare.slots.values()
        if slot.occurrence.time == time.name and slot.occurrence.wish.programme == fill.programme
    ]
    if not own or not fill.tracks or not atoms:
        return
    until = time.wished + fill.fill_ms
    silence = _silence(stopped, time.name, until)
    turn = time.wished // 86_400_000 % len(fill.tracks)
    tracks = [*fill.tracks[turn:], *fill.tracks[:turn]]
    for one in _row(spare, tracks, min(own), until, atoms):
        track, start = one
        name = f"f{track.sound}-{from_ms(start):%Y%m%dT%H%M%S}-{time.name}"
        if start >= silence:
            return
        end = start + track.duration_ms
        cut = name in stopped and end > silence
        yield Filler(name, fill.programme, track, start, min(end, silence) if cut else end, cut)
        if cut:
            return


def _row(
    spare: Layout, tracks: Sequence[Track], start: int, until: int, atoms: tuple[int, ...]
) -> Iterator[tuple[Track, int]]:
    """Piece after piece: of those that can begin first, the one whose turn it is."""
    waiting = list(tracks)
    for _number in range(MOST_FILLERS):
        chances = []
        for turn, track in enumerate(waiting):
            found = spare.fit(start, track.duration_ms, atoms)
            if isinstance(found, int) and found + track.duration_ms <= until:
                chances.append((-(-found // 1000) * 1000, turn, track))
        fitting = [one for one in chances if spare.fit(one[0], one[2].duration_ms, atoms) == one[0]]
        if not fitting:
            return
        at, turn, track = min(fitting, key=lambda one: one[:2])
        if at + track.duration_ms > until:
            return
        spare.board.add(at, at + track.duration_ms, atoms)
        waiting.append(waiting.pop(turn))
        start = at + track.duration_ms + BREATH_MS
        yield track, at


def _silence(stopped: Mapping[str, datetime], time: str, until: int) -> int:
    """From when on a filler of this session was stopped by somebody: nothing more is filled."""
    told = [
        to_ms(at)
        for name, at in stopped.items()
        if name.startswith("f") and name.rpartition("-")[2] == time
    ]
    return min(told, default=until)
