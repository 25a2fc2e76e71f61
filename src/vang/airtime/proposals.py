"""What would happen if: shown before anybody confirms. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from vang.airtime.days import Item, Unplaced
from vang.airtime.policies import Policy
from vang.airtime.reasons import Reason
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.wishes import Wish

DAYS = 14
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """One planned item before and after. No ``after``: it falls out, for ``reason``."""

    id: str
    title: str
    before: datetime | None
    after: datetime | None
    reason: Reason | None = None
    next_free: datetime | None = None

    @property
    def falls_out(self) -> bool:
        return self.after is None


@dataclass(frozen=True)
class Outcome:
    """``heard`` and ``refused`` are the wishes' own occurrences, ``changes`` what others suffer."""

    heard: tuple[Item, ...]
    refused: tuple[Unplaced, ...]
    changes: tuple[Change, ...]


def outcome_of(
    air: UnitAirtime, wishes: Sequence[Wish], first: date, *, days: int = DAYS
) -> Outcome:
    """What one more placement, a wish a language, brings in the ``days`` days from ``first`` on."""
    own = {wish.placement for wish in wishes}
    after = replace(air, wishes=[*air.wishes, *wishes])
    return outcome_between(air, after, lambda one: one.placement in own, first, days=days)


def outcome_between(
    before: UnitAirtime,
    after: UnitAirtime,
    own: Callable[[Item | Unplaced], bool],
    first: date,
    *,
    days: int = DAYS,
) -> Outcome:
    """What becomes of the occurrences that ``own`` knows, and of the others, when ``after``
    takes the place of ``before``."""
    later = Schedule(after)
    shown = [later.day(first + n * _DAY) for n in range(days)]
    changes = differences(Schedule(before, look_ahead_days=0), later, first, days=days)
    return Outcome(
        tuple(item for day in shown for item in day.items if own(item)),
        tuple(one for day in shown for one in day.unplaced if own(one)),
        tuple(changes),
    )


def policy_changes(
    air: UnitAirtime, policy: Policy, now: datetime, first: date, *, days: int = DAYS
) -> list[Change]:
    """Which planned items from ``now`` on move, fall out or come back under another policy."""
    changes = differences(
        Schedule(air, look_ahead_days=0), Schedule(replace(air, policy=policy)), first, days=days
    )
    return [change for change in changes if (change.before or change.after or now) >= now]


@dataclass(frozen=True)
class Heard:
    """One item that a cluster will or will no longer play."""

    title: str
    start: datetime
    gained: bool


def heard_differently(
    before: Schedule, after: Schedule, cluster: str, now: datetime, first: date, *, days: int = DAYS
) -> list[Heard]:
    """What another quiet zone changes for the cluster from ``now`` on, by start."""
    found: list[Heard] = []
    for day in (first + n * _DAY for n in range(days)):
        old = {i.id: i for i in before.day(day).items if cluster in i.clusters and i.ends > now}
        new = {i.id: i for i in after.day(day).items if cluster in i.clusters and i.ends > now}
        found += [Heard(i.title, i.start, gained=False) for k, i in old.items() if k not in new]
        found += [Heard(i.title, i.start, gained=True) for k, i in new.items() if k not in old]
    return sorted(found, key=lambda one: (one.start, one.title))


def differences(before: Schedule, after: Schedule, first: date, *, days: int) -> list[Change]:
    """Items of ``before`` that move or fall out, and unplaced ones that find a place."""
    changes: list[Change] = []
    for day in (first + n * _DAY for n in range(days)):
        old, new = before.day(day), after.day(day)
        lost = {one.id: one for one in new.unplaced}
        changes += _moved({i.id: i for i in old.items}, {i.id: i for i in new.items}, lost)
        missing = {one.id for one in old.unplaced}
        changes += [_came_back(item) for item in new.items if item.id in missing]
    return changes


def _moved(
    old: Mapping[str, Item], new: Mapping[str, Item], lost: Mapping[str, Unplaced]
) -> Iterable[Change]:
    for key, was in old.items():
        found = new.get(key)
        if found is not None and found.start != was.start:
            yield Change(key, was.title, was.start, found.start)
        elif found is None and key in lost:
            gone = lost[key]
            yield Change(key, was.title, was.start, None, gone.reason, gone.next_free)


def _came_back(item: Item) -> Change:
    return Change(item.id, item.title, None, item.start)
