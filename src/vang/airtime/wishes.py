"""What somebody wants on the air, and on which day it falls due."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from vang.airtime.moments import midnight_ms, to_ms, wall_ms
from vang.airtime.policies import Policy
from vang_protocol.plans import Priority

RANK: Mapping[Priority, int] = {priority: priority.rank for priority in Priority}
_DAY = timedelta(days=1)

Clusters = Mapping[str, frozenset[str]]
"""Cluster code → codes of the villages it reaches. Only clusters in use."""


class Kind(StrEnum):
    """How the time was chosen. A NOW item keeps its start or does not play."""

    NOW = "NOW"
    ONCE = "ONCE"
    PROGRAMME = "PROGRAMME"


@dataclass(frozen=True, slots=True)
class Rule:
    """A programme: local wall time, zone, weekdays ("1111100", Monday first), first, last day."""

    at: time
    zone: str
    weekdays: str
    first: date
    last: date | None = None

    def falls_on(self, day: date) -> bool:
        return (
            self.first <= day
            and (self.last is None or day <= self.last)
            and self.weekdays[day.weekday()] == "1"
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """One placement. ``when`` is an instant for NOW and ONCE, a rule for PROGRAMME.

    ``audience`` holds village codes; empty is the whole commune. ``stopped_at`` ends the whole
    placement, whatever has not been heard to its end by then.
    """

    placement: int
    edition: str
    title: str
    priority: Priority
    duration_ms: int
    audience: tuple[str, ...]
    kind: Kind
    when: datetime | Rule
    placed_at: datetime
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One wish on one day. ``id`` is the plan's item id and never changes; times in ms."""

    id: str
    wish: Wish
    wished: int
    placed: int
    clusters: tuple[str, ...]
    atoms: tuple[int, ...]

    @property
    def length(self) -> int:
        return self.wish.duration_ms

    @property
    def emergency(self) -> bool:
        return self.wish.priority is Priority.EMERGENCY

    @property
    def turn(self) -> tuple[bool, bool, int, int, int, str]:
        """Who chooses first: emergencies, what was put on "now", then priority, then the older."""
        return (
            not self.emergency,
            self.wish.kind is not Kind.NOW,
            -RANK[self.wish.priority],
            self.placed,
            self.wish.placement,
            self.id,
        )


def due_on(wish: Wish, day: date, policy: Policy) -> Iterator[tuple[str, int]]:
    """(item id, wished start in ms) of the wish's occurrences on ``day`` in the policy's zone."""
    if isinstance(wish.when, Rule):
        yield from _programme_due(wish, wish.when, day, policy.zone)
        return
    start = to_ms(wish.when)
    if midnight_ms(day, policy.zone) <= start < midnight_ms(day + _DAY, policy.zone):
        yield f"o{wish.placement}", start


def _programme_due(wish: Wish, rule: Rule, day: date, zone: str) -> Iterator[tuple[str, int]]:
    # On another zone's clocks the programme's own day may be the day before or after.
    days = (day,) if rule.zone == zone else (day - _DAY, day, day + _DAY)
    begins, ends = midnight_ms(day, zone), midnight_ms(day + _DAY, zone)
    placed = to_ms(wish.placed_at)
    for own in days:
        if not rule.falls_on(own):
            continue
        start = wall_ms(own, rule.at, rule.zone)
        # Put into the programme after today's hour: the first time is the next one.
        if begins <= start < ends and start > placed:
            yield f"p{wish.placement}-{own:%Y%m%d}", start


def reached(audience: Iterable[str], clusters: Clusters) -> tuple[str, ...]:
    """Codes, sorted, of the clusters that reach the audience; all of them for nobody in
    particular."""
    villages = frozenset(audience)
    if not villages:
        return tuple(sorted(clusters))
    return tuple(sorted(code for code, reach in clusters.items() if not villages.isdisjoint(reach)))
