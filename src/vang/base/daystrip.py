"""The picture of a day: where each broadcast lies, in percent of the strip's width.

Open hours are drawn wide and closed ones folded to a narrow gap, since a commune broadcasts for
an hour or two of twenty-four. Everything here is arithmetic on minutes of the local day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

DAY = 24 * 60
GAP_SHARE = 3.0  # percent of the width that a closed stretch keeps
MARGIN = 15  # minutes shown round a broadcast outside the open hours
DIGIT_SHARE = 1.8  # percent one digit of a number needs
TICK_SHARE = 6.5  # percent an hour needs
TICK_STEPS = (5, 10, 15, 30, 60, 120, 180, 240)
MOST_TICKS = 14
Minutes = tuple[float, float]  # first and last of the local day


@dataclass(frozen=True)
class Span:
    """One broadcast of the day. ``lanes`` names the clusters; ``state`` is one of base.states."""

    number: int
    start: time
    seconds: int
    title: str
    state: str
    lanes: tuple[str, ...]
    url: str = ""
    note: str = ""

    @property
    def first_minute(self) -> float:
        return minute_of(self.start)

    @property
    def last_minute(self) -> float:
        return min(self.first_minute + self.seconds / 60, DAY)


@dataclass(frozen=True)
class Stretch:
    """A continuous piece of the axis, minutes and percent."""

    first: float
    last: float
    left: float
    width: float

    def place(self, minute: float) -> float:
        return self.left + (minute - self.first) / (self.last - self.first) * self.width


@dataclass(frozen=True)
class Bar:
    span: Span
    x: str
    width: str
    chip: str  # centre of the number; "" when its neighbour leaves no room


@dataclass(frozen=True)
class Box:
    x: str
    width: str


@dataclass(frozen=True)
class Tick:
    x: str
    label: str


@dataclass(frozen=True)
class Lane:
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Strip:
    lanes: tuple[Lane, ...]
    open: tuple[Box, ...]
    folds: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    now: str
    spans: tuple[Span, ...]


def minute_of(clock: time) -> float:
    """Minutes since local midnight."""
    return clock.hour * 60 + clock.minute + clock.second / 60


def day_strip(
    spans: Iterable[Span],
    *,
    lanes: Sequence[str],
    windows: Sequence[tuple[time, time]],
    now: time | None = None,
) -> Strip:
    """The picture of one day for ``{% day strip %}``.

    Args:
        spans: the day's broadcasts; they are shown in the order of their start.
        lanes: names of the clusters, one row each.
        windows: hours in which broadcasting is allowed, as local (from, to); to 00:00 is midnight.
        now: local time to mark, when the day is today.
    """
    ordered = tuple(sorted(spans, key=lambda span: (span.start, span.number)))
    open_minutes = [(minute_of(a), minute_of(b) or DAY) for a, b in windows]
    axis = _axis(_shown(open_minutes, ordered))
    return Strip(
        lanes=tuple(Lane(name, _bars(axis, ordered, name)) for name in lanes),
        open=tuple(_box(axis, first, last) for first, last in open_minutes),
        folds=_folds(axis),
        ticks=_ticks(axis),
        now=_now(axis, now),
        spans=ordered,
    )


def _shown(windows: list[Minutes], spans: tuple[Span, ...]) -> list[Minutes]:
    """Minutes to draw wide: the open hours and what lies outside them, merged and sorted."""
    pieces = windows + [_round_about(span) for span in spans if not _inside(windows, span)]
    merged: list[Minutes] = []
    for first, last in sorted(pieces) or [(0, DAY)]:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _inside(windows: list[Minutes], span: Span) -> bool:
    return any(a <= span.first_minute and span.last_minute <= b for a, b in windows)


def _round_about(span: Span) -> Minutes:
    first = (span.first_minute - MARGIN) // MARGIN * MARGIN
    last = -(-(span.last_minute + MARGIN) // MARGIN) * MARGIN
    return max(first, 0), min(last, DAY)


def _axis(shown: list[Minutes]) -> tuple[Stretch, ...]:
    room = 100 - GAP_SHARE * (len(shown) - 1)
    total = sum(last - first for first, last in shown)
    stretches: list[Stretch] = []
    left = 0.0
    for first, last in shown:
        width = (last - first) / total * room
        stretches.append(Stretch(first, last, left, width))
        left += width + GAP_SHARE
    return tuple(stretches)


def _position(axis: tuple[Stretch, ...], minute: float) -> float:
    """Percent of a minute; one in a closed gap lies in the middle of that gap."""
    for stretch in axis:
        if minute < stretch.first:
            return max(stretch.left - GAP_SHARE / 2, 0)
        if minute <= stretch.last:
            return stretch.place(minute)
    return 100


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def _box(axis: tuple[Stretch, ...], first: float, last: float) -> Box:
    left, right = _position(axis, first), _position(axis, last)
    return Box(_percent(left), _percent(right - left))


def _folds(axis: tuple[Stretch, ...]) -> tuple[Box, ...]:
    """Where closed hours are not drawn."""
    return tuple(Box(_percent(s.left + s.width), _percent(GAP_SHARE)) for s in axis[:-1])


def _bars(axis: tuple[Stretch, ...], spans: tuple[Span, ...], lane: str) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    taken = 0.0
    for span in spans:
        if lane not in span.lanes:
            continue
        left, right = _position(axis, span.first_minute), _position(axis, span.last_minute)
        width = max(right - left, 0.4)
        half = DIGIT_SHARE * len(str(span.number)) / 2
        centre = min(max(left + width / 2, half), 100 - half)
        free = centre - half >= taken
        taken = centre + half if free else taken
        bars.append(Bar(span, _percent(left), _percent(width), _percent(centre) if free else ""))
    return tuple(bars)


def _ticks(axis: tuple[Stretch, ...]) -> tuple[Tick, ...]:
    minutes = sum(stretch.last - stretch.first for stretch in axis)
    step = next((s for s in TICK_STEPS if minutes / s <= MOST_TICKS), TICK_STEPS[-1])
    ticks: list[Tick] = []
    taken = -TICK_SHARE
    for stretch in axis:
        minute = -(-stretch.first // step) * step
        while minute <= stretch.last:
            place = stretch.place(minute)
            ends = minute == axis[-1].last
            # The first and the last word of the axis stand beside their lines, not astride them.
            needed = TICK_SHARE * 1.5 if taken == 0 or ends else TICK_SHARE
            if ends and ticks and place - taken < needed:
                ticks.pop()  # the end of the axis tells more than the word before it
                taken = -TICK_SHARE
            if place - taken >= needed:
                ticks.append(Tick(_percent(place), _clock(minute)))
                taken = place
            minute += step
    return tuple(ticks)


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def _now(axis: tuple[Stretch, ...], now: time | None) -> str:
    return "" if now is None else _percent(_position(axis, minute_of(now)))
