"""What sounds on one cluster at one time, and why; or why it is silent. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from vang.airtime.days import Day, Item, Unplaced
from vang.airtime.moments import local_day, to_ms
from vang.airtime.policies import Policy, allows_day, windows_ms
from vang.airtime.quiet import ClusterRule, is_quiet, level_db
from vang.airtime.timeline import Schedule

_DAY = timedelta(days=1)
_INSTANT = timedelta(milliseconds=1)
_NOBODY = ClusterRule()


class Silence(StrEnum):
    """Why nothing sounds there and then; the first that holds, in this order."""

    NO_CLUSTER = "no-cluster"
    RELAY = "relay"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    MOVED = "moved"
    WEEKEND = "weekend"
    OUTSIDE_HOURS = "outside-hours"
    QUIET_ZONE = "quiet-zone"
    ELSEWHERE = "elsewhere"
    NO_ROOM = "no-room"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """``item`` sounds on ``cluster``; when it is None, ``silence`` says why nothing does.

    ``other`` is the item that the reason is about: the relay's time, what was stopped, what the
    quiet zone keeps off, what plays for other villages. ``without_room`` are those wished for
    about now that found no place. ``level_db``: below what the installer allowed. ``window`` are
    the allowed hours that hold the time; ``following`` is the next thing heard there.
    """

    cluster: str
    at: datetime
    item: Item | None = None
    silence: Silence | None = None
    other: Item | None = None
    without_room: tuple[Unplaced, ...] = ()
    level_db: int = 0
    window: tuple[str, str] | None = None
    following: Item | None = None


def sounding(schedule: Schedule, cluster: str, at: datetime) -> Answer:
    """What the schedule puts on the cluster at that instant."""
    air = schedule.air
    policy, rule = air.policy, air.rules.get(cluster, _NOBODY)
    day = schedule.day(local_day(at, policy.zone))
    if cluster not in air.clusters:
        return Answer(cluster, at, silence=Silence.NO_CLUSTER)
    item = _at(day.items, at, cluster)
    heard = item is not None and not item.reserved
    silence, other = (None, None) if heard else _why(day, cluster, at, policy, rule)
    return Answer(
        cluster,
        at,
        item if heard else None,
        silence,
        other,
        () if heard else _lost(day, at),
        level_db(policy.volume, rule, at, policy.zone),
        _window(policy, at),
        _following(schedule, cluster, at),
    )


def _at(items: Iterable[Item], at: datetime, cluster: str | None) -> Item | None:
    there = (
        item
        for item in items
        if item.start <= at < item.ends and (cluster is None or cluster in item.clusters)
    )
    return next(there, None)


Why = tuple[Silence, Item | None]


def _why(day: Day, cluster: str, at: datetime, policy: Policy, rule: ClusterRule) -> Why:
    return (
        _decided(day, cluster, at)
        or _closed(policy, at)
        or _otherwise(day, cluster, at, is_quiet(rule.quiet, at, at + _INSTANT, policy.zone))
    )


def _decided(day: Day, cluster: str, at: datetime) -> Why | None:
    """Somebody decided that nothing of ours sounds then."""
    if relay := _at(day.items, at, cluster):
        return Silence.RELAY, relay
    if stopped := _stopped(day.stopped, at, cluster):
        known = {"skipped": Silence.SKIPPED, "moved": Silence.MOVED}
        return known.get(stopped.why, Silence.STOPPED), stopped
    return None


def _closed(policy: Policy, at: datetime) -> Why | None:
    if not allows_day(policy, local_day(at, policy.zone)):
        return Silence.WEEKEND, None
    return (Silence.OUTSIDE_HOURS, None) if _window(policy, at) is None else None


def _otherwise(day: Day, cluster: str, at: datetime, quiet: bool) -> Why:  # noqa: FBT001 - private
    elsewhere = _at(day.items, at, None)
    if quiet or (elsewhere is not None and cluster in elsewhere.quiet):
        return Silence.QUIET_ZONE, elsewhere
    if elsewhere is not None:
        return Silence.ELSEWHERE, elsewhere
    return (Silence.NO_ROOM if _lost(day, at) else Silence.NOTHING), None


def _stopped(items: Iterable[Item], at: datetime, cluster: str) -> Item | None:
    """What would sound had nobody decided otherwise."""
    for item in items:
        length = timedelta(milliseconds=item.duration_ms)
        if cluster in item.clusters and item.start <= at < item.start + length:
            return item
    return None


def _lost(day: Day, at: datetime) -> tuple[Unplaced, ...]:
    def due(one: Unplaced) -> bool:
        return one.wished <= at < one.wished + timedelta(milliseconds=one.duration_ms)

    return tuple(one for one in day.unplaced if due(one))


def _window(policy: Policy, at: datetime) -> tuple[str, str] | None:
    """The allowed hours, as written, that hold the instant."""
    day = local_day(at, policy.zone)
    open_now = (opens <= to_ms(at) < closes for opens, closes in windows_ms(policy, day))
    clock = at.astimezone(ZoneInfo(policy.zone)).strftime("%H:%M")
    if not any(open_now):
        return None
    return next((pair for pair in policy.hours if pair[0] <= clock < pair[1]), None)


def _following(schedule: Schedule, cluster: str, at: datetime) -> Item | None:
    """The next thing heard there, within a week."""
    first = local_day(at, schedule.air.policy.zone)
    for ahead in range(8):
        for item in schedule.day(first + ahead * _DAY).items:
            if item.start > at and cluster in item.clusters and not item.reserved:
                return item
    return None


def instant(day: date, clock: time, zone: str) -> datetime:
    """The instant of a wall time."""
    return datetime.combine(day, clock, ZoneInfo(zone))
