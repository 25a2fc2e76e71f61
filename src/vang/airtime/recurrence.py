"""When a programme plays: its weekly rule, the days it leaves out, and single times decided
otherwise. Pure.

What somebody decides about one time holds from the instant of the decision: until then the day
stood as it was, so that a day laid out again gives what was heard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from vang.airtime.moments import to_ms, wall_ms

MOVE_REACH = timedelta(days=7)
"""A single time is moved at most this far from its own day."""
_DAY = timedelta(days=1)
_AFTER = 1  # ms: of one instant a day takes what comes before what goes; here the air is given back

SKIPPED, MOVED = "skipped", "moved"


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One time of a programme: it does not play (``to`` None), or plays at ``to`` instead.

    ``own`` is the day on which the rule would have it; ``key`` tells one decision from another.
    """

    key: int
    own: date
    to: tuple[date, time] | None
    decided: datetime
    undone: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A programme: local wall time, zone, weekdays ("1111100", Monday first), first, last day.

    ``days_off``: days on which it does not play, holidays for instance.
    """

    at: time
    zone: str
    weekdays: str
    first: date
    last: date | None = None
    days_off: frozenset[date] = frozenset()
    otherwise: tuple[Otherwise, ...] = ()

    def falls_on(self, day: date) -> bool:
        """Whether the rule has a time on this day, whatever was decided about it."""
        return (
            self.first <= day
            and (self.last is None or day <= self.last)
            and self.weekdays[day.weekday()] == "1"
            and day not in self.days_off
        )

    def times_on(self, day: date, zone: str) -> Iterator["Time"]:
        """The times that fall on ``day`` as the clocks of ``zone`` have it, or a day beside."""
        # On another zone's clocks it may be the day before or after.
        near = (day,) if zone == self.zone else (day - _DAY, day, day + _DAY)
        for own in near:
            if self.falls_on(own):
                yield self._own_time(own)
        for one in self.otherwise:
            if one.to is not None and one.to[0] in near and self.falls_on(one.own):
                yield self._moved(one, one.to)

    def _own_time(self, own: date) -> "Time":
        wished = wall_ms(own, self.at, self.zone)
        if not self.otherwise:
            return Time(_digits(own), wished, 0, None, "")
        about = [one for one in self.otherwise if one.own == own]
        holding = [one for one in about if one.undone is None]
        if holding:
            last = max(holding, key=_decided)
            return Time(_digits(own), wished, 0, to_ms(last.decided), MOVED if last.to else SKIPPED)
        restored = max((to_ms(one.undone) + _AFTER for one in about if one.undone), default=0)
        return Time(_digits(own), wished, restored, None, "")

    def _moved(self, one: Otherwise, to: tuple[date, time]) -> "Time":
        return Time(
            f"{_digits(one.own)}m{one.key}",
            wall_ms(*to, self.zone),
            to_ms(one.decided) + _AFTER,
            to_ms(one.undone) if one.undone else None,
            MOVED if one.undone else "",
        )


class Time(NamedTuple):
    """One time of a rule, in ms: when it is wished, since when it is, and until when it was.

    ``name`` tells it from the rule's other times and never changes; ``why`` it ended: skipped,
    moved, or empty.
    """

    name: str
    wished: int
    since: int
    until: int | None
    why: str


def days_of(rule: Rule, first: date, last: date) -> Iterator[date]:
    """The rule's own days from ``first`` to ``last``, whatever was decided about them."""
    begins = max(first, rule.first)
    ends = last if rule.last is None else min(last, rule.last)
    for number in range((ends - begins).days + 1):
        day = begins + timedelta(days=number)
        if rule.falls_on(day):
            yield day


def in_force(otherwise: Iterable[Otherwise]) -> dict[date, Otherwise]:
    """By own day, what holds for it now."""
    ordered = sorted((one for one in otherwise if one.undone is None), key=_decided)
    return {one.own: one for one in ordered}


def _decided(one: Otherwise) -> tuple[datetime, int]:
    return one.decided, one.key


@lru_cache(maxsize=4096)
def _digits(day: date) -> str:
    return f"{day:%Y%m%d}"
