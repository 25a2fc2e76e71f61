"""The logbook's lines and totals: a pure reading of what was planned and what became of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from vang.airtime.board import SESSION_GAP_MS, Spans
from vang.airtime.moments import to_ms
from vang.base.clock import local_date
from vang.evidence.outcomes import Doubt, State, is_proved

_NO_SOUND = frozenset({Doubt.SILENCE, Doubt.WRONG_AUDIO})


@dataclass(frozen=True)
class Play:
    """What became of an occurrence on one cluster. ``state`` and ``reason`` as AsRun keeps them."""

    cluster: str
    state: str
    reason: str
    actual: datetime | None
    played_ms: int

    @property
    def heard(self) -> bool:
        """The whole of it, with nothing against it."""
        return is_proved(self.state, self.reason)

    @property
    def in_part(self) -> bool:
        """The right sound began and did not reach its end."""
        began = self.state in {State.PARTIAL, State.STOPPED} and self.played_ms > 0
        return began and self.reason not in _NO_SOUND

    @property
    def open(self) -> bool:
        """The device has not said how it ended."""
        return self.state in {State.PLANNED, State.PLAYING}

    @property
    def sounded_ms(self) -> int:
        return self.played_ms if self.heard or self.in_part else 0


@dataclass(frozen=True)
class Stop:
    at: datetime
    by: str


@dataclass(frozen=True)
class Line:
    """One occurrence in the book. ``relayed_from`` is empty for the station's own items."""

    item: str
    start: datetime
    title: str
    category: str
    duration_ms: int
    writers: tuple[str, ...]
    approver: str
    plays: tuple[Play, ...]
    priority: str = ""
    relayed_from: str = ""
    trial_voice: bool = False
    stop: Stop | None = None

    @property
    def heard(self) -> list[Play]:
        return [play for play in self.plays if play.heard or play.in_part]

    @property
    def not_heard(self) -> list[Play]:
        return [play for play in self.plays if not (play.heard or play.in_part or play.open)]

    @property
    def open(self) -> list[Play]:
        return [play for play in self.plays if play.open]

    @property
    def sounded_ms(self) -> int:
        """As long as it was heard on the cluster where it was heard longest."""
        return max((play.sounded_ms for play in self.plays), default=0)

    @property
    def began(self) -> datetime | None:
        """The first sample anywhere."""
        return min((play.actual for play in self.heard if play.actual), default=None)


@dataclass(frozen=True)
class Totals:
    """``sessions``: runs of sound with pauses under five minutes; lengths in ms."""

    sessions: int = 0
    items: int = 0
    silent: int = 0
    open: int = 0
    own_ms: int = 0
    relayed_ms: int = 0
    by_category: dict[str, int] = field(default_factory=dict)

    @property
    def sounded_ms(self) -> int:
        return self.own_ms + self.relayed_ms


def totals(lines: Sequence[Line]) -> Totals:
    """``items`` were heard somewhere, ``silent`` nowhere, ``open`` is not known yet."""
    heard = [line for line in lines if line.sounded_ms]
    categories: Counter[str] = Counter()
    for line in heard:
        categories[line.category] += line.sounded_ms
    relayed = sum(line.sounded_ms for line in heard if line.relayed_from)
    waiting = sum(1 for line in lines if not line.sounded_ms and line.open)
    return Totals(
        sessions=_sessions(heard),
        items=len(heard),
        silent=len(lines) - len(heard) - waiting,
        open=waiting,
        own_ms=sum(line.sounded_ms for line in heard) - relayed,
        relayed_ms=relayed,
        by_category=dict(categories.most_common()),
    )


def _sessions(heard: Iterable[Line]) -> int:
    runs = Spans(SESSION_GAP_MS)
    for line in sorted(heard, key=lambda line: line.began or line.start):
        begins = to_ms(line.began or line.start)
        runs.add(begins, begins + line.sounded_ms)
    return len(runs.starts)


def by_day(lines: Iterable[Line], first: date, last: date) -> dict[date, list[Line]]:
    """Every day from ``first`` to ``last`` with its lines, empty ones too."""
    count = (last - first).days + 1
    days: dict[date, list[Line]] = {first + timedelta(days=n): [] for n in range(count)}
    for line in lines:
        days[local_date(line.start)].append(line)
    return days
