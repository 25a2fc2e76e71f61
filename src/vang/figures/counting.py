"""The sums of one day from its plays, orders and deliveries. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vang.bulletins.models import Delivery
from vang.evidence.logbook.lines import Play as LogbookPlay
from vang.evidence.outcomes import State

_PROMPT_US = 1_000_000
_SOON_US = 60_000_000
WITHIN = (
    ("minute", timedelta(minutes=1)),
    ("five", timedelta(minutes=5)),
    ("quarter", timedelta(minutes=15)),
)
"""Columns of OrderDay, each with the longest time that it counts."""


class Fate(StrEnum):
    """What became of a play, best first. The names are columns of the sums."""

    HEARD = "heard"
    OPEN = "open"
    UNKNOWN = "unknown"
    SILENT = "silent"


@dataclass(frozen=True)
class Play:
    """One row of the as-run log that was not withdrawn. ``error_us``: first sample after plan."""

    broadcast: str
    """What it is a play of: a placement, in whichever language, or a sound of the station."""
    start: datetime
    cluster: int
    category: str
    relayed: bool
    state: str
    reason: str
    played_ms: int
    error_us: int | None

    @property
    def sounded_ms(self) -> int:
        """As the logbook counts it."""
        return LogbookPlay("", self.state, self.reason, None, self.played_ms).sounded_ms

    @property
    def fate(self) -> Fate:
        return fate_of(self.state, self.reason, self.played_ms)

    @property
    def timing(self) -> str:
        """Of a heard play: a column of AirDay."""
        if self.error_us is None:
            return "untimed"
        if abs(self.error_us) <= _PROMPT_US:
            return "prompt"
        return "soon" if abs(self.error_us) <= _SOON_US else "late"


def fate_of(state: str, reason: str, played_ms: int) -> Fate:
    """Of a row of the as-run log that was not withdrawn; heard and open as the logbook has them."""
    told = LogbookPlay("", state, reason, None, played_ms)
    if told.heard or told.in_part:
        return Fate.HEARD
    if told.open:
        return Fate.OPEN
    return Fate.UNKNOWN if state == State.UNKNOWN else Fate.SILENT


Sums = dict[str, int]
AIR = (
    *("sounded_ms", "heard", "silent", "unknown", "open"),
    *("plays_heard", "plays_silent", "plays_unknown", "plays_open"),
    *("prompt", "soon", "late", "untimed"),
)
CLUSTER = ("sounded_ms", "heard", "silent", "unknown", "open")
ORDER = (*(name for name, _longest in WITHIN), "later", "silent", "unknown")
CHANNEL = ("delivered", "failed", "waiting")


def best(fates: Iterable[Fate]) -> Fate:
    """Of one broadcast: heard anywhere is heard; silent only when it was silent everywhere."""
    return min(fates, key=list(Fate).index)


def by_kind(plays: Iterable[Play]) -> Mapping[tuple[str, bool], Sums]:
    """Sums of AirDay by category and whether relayed."""
    found: dict[tuple[str, bool], Sums] = defaultdict(lambda: dict.fromkeys(AIR, 0))
    broadcasts: dict[tuple[str, bool, str, datetime], list[Play]] = defaultdict(list)
    for play in plays:
        sums = found[play.category, play.relayed]
        sums[f"plays_{play.fate}"] += 1
        if play.fate == Fate.HEARD:
            sums[play.timing] += 1
        broadcasts[play.category, play.relayed, play.broadcast, play.start].append(play)
    for (category, relayed, _broadcast, _start), same in broadcasts.items():
        sums = found[category, relayed]
        sums[best(play.fate for play in same)] += 1
        sums["sounded_ms"] += max(play.sounded_ms for play in same)
    return found


def by_cluster(plays: Iterable[Play]) -> Mapping[int, Sums]:
    """Sums of ClusterDay by key of the cluster."""
    found: dict[int, Sums] = defaultdict(lambda: dict.fromkeys(CLUSTER, 0))
    for play in plays:
        found[play.cluster][play.fate] += 1
        found[play.cluster]["sounded_ms"] += play.sounded_ms
    return found


@dataclass(frozen=True)
class Order:
    """One play of a placement "now". ``began``: its first sample, where it was heard."""

    placement: int
    priority: str
    ordered_at: datetime
    fate: Fate
    began: datetime | None


def by_priority(orders: Iterable[Order]) -> Mapping[str, Sums]:
    """Sums of OrderDay: each placement once, by its first sound anywhere."""
    placed: dict[tuple[int, str, datetime], list[Order]] = defaultdict(list)
    for order in orders:
        placed[order.placement, order.priority, order.ordered_at].append(order)
    found: dict[str, Sums] = defaultdict(lambda: dict.fromkeys(ORDER, 0))
    for (_placement, priority, ordered_at), plays in placed.items():
        found[priority][_promptness(ordered_at, plays)] += 1
    return found


def _promptness(ordered_at: datetime, plays: Iterable[Order]) -> str:
    told = list(plays)
    began = min((p.began for p in told if p.fate == Fate.HEARD and p.began), default=None)
    if began is None:
        return "silent" if all(p.fate == Fate.SILENT for p in told) else "unknown"
    took = began - ordered_at
    return next((name for name, longest in WITHIN if took <= longest), "later")


def by_channel(deliveries: Iterable[tuple[str, str, bool]]) -> Mapping[str, Sums]:
    """Sums of ChannelDay from (channel, state, whether it was ever delivered).

    What was dropped before it went out, because a correction took its place, counts nowhere.
    """
    found: dict[str, Sums] = defaultdict(lambda: dict.fromkeys(CHANNEL, 0))
    for channel, state, delivered in deliveries:
        if delivered:
            found[channel]["delivered"] += 1
        elif state == Delivery.State.FAILED:
            found[channel]["failed"] += 1
        elif state != Delivery.State.DROPPED:
            found[channel]["waiting"] += 1
    return found
