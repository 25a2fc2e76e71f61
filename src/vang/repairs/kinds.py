"""What can be wrong with a device: how it is read from its state, and when it is a fault. Pure.

Each rule has two thresholds with a band between them in which nothing changes, and two times: how
long it must be bad before anybody is told, and how long good before it counts as over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

State = Mapping[str, Any]
"""A NodeState as the node told it (vang_protocol.states), empty before the first."""

SILENT_MS = 3_000
_MINUTE = timedelta(minutes=1)


class Kind(StrEnum):
    """The worst to live with first."""

    OFFLINE = "OFFLINE"
    SOUND = "SOUND"
    NOT_HEARD = "NOT_HEARD"
    POWER = "POWER"
    BATTERY = "BATTERY"
    CLOCK = "CLOCK"
    HEAT = "HEAT"
    DISK = "DISK"
    MEMORY = "MEMORY"
    SIGNAL = "SIGNAL"


class Verdict(StrEnum):
    """BETWEEN: in the band, whatever was before goes on. UNKNOWN: nothing is told."""

    BAD = "BAD"
    GOOD = "GOOD"
    BETWEEN = "BETWEEN"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Rule:
    """``read`` gives a figure of the state, or None. Bad at or beyond ``bad``, good at or before
    ``good``; where ``bad`` is the smaller, low figures are bad."""

    read: Callable[[State], int | None]
    bad: int
    good: int
    after: timedelta
    back: timedelta = 5 * _MINUTE

    def judge(self, figure: int | None) -> Verdict:
        if figure is None:
            return Verdict.UNKNOWN
        low = self.bad < self.good
        if (figure <= self.bad) if low else (figure >= self.bad):
            return Verdict.BAD
        return (
            Verdict.GOOD
            if ((figure >= self.good) if low else (figure <= self.good))
            else (Verdict.BETWEEN)
        )


def health(state: State, name: str) -> Any:
    """A reading, or None where the device has no such sensor."""
    table = state.get("health")
    return table.get(name) if isinstance(table, Mapping) else None


def _sound(state: State) -> int | None:
    """2: the output failed; 1: it is silent, or was for three seconds of the last play."""
    if "sink" not in state:
        return None
    if state["sink"] == "failed":
        return 2
    last = health(state, "silence")
    silent = last is not None and last["silent_ms"] >= SILENT_MS
    return 1 if state["sink"] == "silent" or silent else 0


def _heard(state: State) -> int | None:
    heard = health(state, "heard")
    return None if heard is None else {"heard": 0, "unsure": 1, "not-heard": 2}[heard["verdict"]]


def battery_level(millivolts: int) -> int:
    """Per mille of the nominal voltage of the nearest usual battery: 3.7, 12, 24 or 48 V."""
    nominal = 3_700 if millivolts < 6_000 else 12_000
    for larger in (24_000, 48_000):
        if millivolts > larger * 3 // 4:
            nominal = larger
    return 1000 * millivolts // nominal


def _battery(state: State) -> int | None:
    read = health(state, "battery_mv")
    return None if read is None else battery_level(read)


def _power(state: State) -> int | None:
    read = health(state, "undervoltage")
    return None if read is None else int(read)


def clock_error_ms(state: State) -> int | None:
    """The bound of the clock's error; a clock that is not to be trusted is an hour off."""
    told = state.get("clock")
    if not isinstance(told, Mapping):
        return None
    if told.get("source") == "untrusted":
        return 3_600_000
    return None if told.get("error_us") is None else int(told["error_us"]) // 1000


def disk_pct(state: State) -> int | None:
    read = health(state, "disk_free_pct")
    return None if read is None else int(read)


def _disk(state: State) -> int | None:
    """Percent free; of a device that does not tell its percentage, 100 MB count as 10 %."""
    told = disk_pct(state)
    if told is None and "free_mb" in state:
        return min(100, int(state["free_mb"]) // 10)
    return told


def signal_dbm(state: State) -> int | None:
    network = health(state, "network")
    return network.get("signal_dbm") if network else None


def _reading(name: str) -> Callable[[State], int | None]:
    return lambda state: health(state, name)


RULES: Mapping[Kind, Rule] = {
    Kind.SOUND: Rule(_sound, bad=1, good=0, after=0 * _MINUTE, back=_MINUTE),
    Kind.NOT_HEARD: Rule(_heard, bad=2, good=0, after=0 * _MINUTE, back=0 * _MINUTE),
    Kind.POWER: Rule(_power, bad=1, good=0, after=5 * _MINUTE, back=15 * _MINUTE),
    Kind.BATTERY: Rule(_battery, bad=950, good=1000, after=10 * _MINUTE, back=15 * _MINUTE),
    Kind.CLOCK: Rule(clock_error_ms, bad=1_000, good=500, after=10 * _MINUTE),
    Kind.HEAT: Rule(_reading("temperature_c10"), bad=800, good=700, after=10 * _MINUTE),
    Kind.DISK: Rule(_disk, bad=5, good=10, after=10 * _MINUTE),
    Kind.MEMORY: Rule(_reading("memory_free_mb"), bad=40, good=80, after=15 * _MINUTE),
    Kind.SIGNAL: Rule(signal_dbm, bad=-85, good=-78, after=30 * _MINUTE, back=30 * _MINUTE),
}
OFFLINE_AFTER = 10 * _MINUTE
OFFLINE_BACK = 3 * _MINUTE


@dataclass(frozen=True)
class Course:
    """How far a fault is. ``opened``: since when it is one; before that it only began.

    ``good_since``: it seems to be over. ``closed``: it is.
    """

    began: datetime
    opened: datetime | None = None
    good_since: datetime | None = None
    closed: datetime | None = None


def after_for(kind: Kind) -> tuple[timedelta, timedelta]:
    """How long bad before it opens, and how long good before it closes."""
    if kind is Kind.OFFLINE:
        return OFFLINE_AFTER, OFFLINE_BACK
    return RULES[kind].after, RULES[kind].back


def advance(
    course: Course | None,
    kind: Kind,
    verdict: Verdict,
    *,
    now: datetime,
    since: datetime | None = None,
) -> Course | None:
    """One reading further; None: there is no fault and none has begun.

    ``since``: from when it has been bad, where that is known better than by the reading.
    """
    opens_after, closes_after = after_for(kind)
    if course is None:
        if verdict is not Verdict.BAD:
            return None
        began = min(since or now, now)
        return Course(began, now if now - began >= opens_after else None)
    if verdict is Verdict.UNKNOWN:
        return course
    if verdict is Verdict.GOOD:
        return _better(course, closes_after, now)
    if verdict is Verdict.BETWEEN and course.good_since is not None:
        return _better(course, closes_after, now)
    opened = course.opened or (now if now - course.began >= opens_after else None)
    return Course(course.began, opened)


def _better(course: Course, closes_after: timedelta, now: datetime) -> Course | None:
    if course.opened is None:
        return None
    good = course.good_since or now
    return Course(course.began, course.opened, good, now if now - good >= closes_after else None)
