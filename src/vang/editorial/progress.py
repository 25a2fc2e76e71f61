"""How far a plan has come: reckoned from what was released and heard. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Told:
    """One released bulletin: when, of which kind, and whether it was taken over unchanged."""

    bulletin: int
    day: date
    category: str
    series: int | None = None
    line: int | None = None
    relayed: bool = False


@dataclass(frozen=True)
class Heard:
    """Seconds for which a bulletin was heard on one day, each broadcast counted once."""

    bulletin: int
    day: date
    seconds: float


@dataclass(frozen=True)
class Quota:
    """A line of the plan. Its months belong to ``year``."""

    key: int
    year: int
    month_from: int
    month_to: int
    category: str = ""
    series: int | None = None
    source: str = "ANY"
    items: int | None = None
    minutes: int | None = None


class Standing(StrEnum):
    """How a line stands on a day."""

    TO_COME = "to_come"
    ON_TIME = "on_time"
    BEHIND = "behind"
    DONE = "reached"
    MISSED = "fallen_short"


@dataclass(frozen=True)
class Reached:
    """What a line has reached. ``minutes`` are whole; ``per_cent`` is of the lesser quota."""

    items: int
    minutes: int
    per_cent: int
    standing: Standing
    bulletins: tuple[int, ...] = field(default=())


def counts(quota: Quota, told: Told) -> bool:
    """Whether a bulletin counts for a line.

    Chosen for a line, it counts there whatever its kind. Otherwise its category and its series
    must be those that the line names; a line that names neither counts only what was chosen.
    """
    if quota.source == "OWN" and told.relayed:
        return False
    if quota.source == "RELAYED" and not told.relayed:
        return False
    if told.line is not None:
        return told.line == quota.key
    if not quota.category and quota.series is None:
        return False
    fits = not quota.category or told.category == quota.category
    return fits and (quota.series is None or told.series == quota.series)


def in_months(quota: Quota, day: date) -> bool:
    return day.year == quota.year and quota.month_from <= day.month <= quota.month_to


def reached(
    quota: Quota, told: Collection[Told], heard: Mapping[int, Iterable[Heard]], today: date
) -> Reached:
    """What the line has reached until today.

    A bulletin counts in the months in which it was released, its minutes in those in which it was
    heard.
    """
    fitting = [one for one in told if counts(quota, one)]
    released = tuple(one.bulletin for one in fitting if in_months(quota, one.day))
    seconds = sum(
        play.seconds
        for key in {one.bulletin for one in fitting}
        for play in heard.get(key, ())
        if in_months(quota, play.day)
    )
    items, minutes = len(released), int(seconds // 60)
    share = _share(quota, items, minutes)
    return Reached(items, minutes, round(100 * share), standing(quota, share, today), released)


def _share(quota: Quota, items: int, minutes: int) -> float:
    shares = [
        min(1.0, have / want)
        for have, want in ((items, quota.items), (minutes, quota.minutes))
        if want
    ]
    return min(shares, default=0.0)


def standing(quota: Quota, share: float, today: date) -> Standing:
    """Behind: a tenth of the quota less than the part of its time that is over."""
    if share >= 1:
        return Standing.DONE
    gone = elapsed(quota, today)
    if gone <= 0:
        return Standing.TO_COME
    if gone >= 1:
        return Standing.MISSED
    return Standing.BEHIND if share + 0.1 < gone else Standing.ON_TIME


def elapsed(quota: Quota, today: date) -> float:
    """The part of the line's time that is over: 0 before it, 1 after it."""
    first = date(quota.year, quota.month_from, 1)
    after = (
        date(quota.year + 1, 1, 1)
        if quota.month_to == 12
        else date(quota.year, quota.month_to + 1, 1)
    )
    days = (today - first).days
    return min(1.0, max(0.0, days / (after - first).days))
