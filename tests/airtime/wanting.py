"""Wishes in a line each. The day is Wednesday 10/06/2026 in Vietnam unless said otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vang.airtime.days import Day
from vang.airtime.filling import Fill
from vang.airtime.policies import Policy
from vang.airtime.recurrence import Otherwise, Rule
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.airtime.wishes import Clusters, Kind, Wish
from vang_protocol.plans import Priority

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 6, 10)
SATURDAY = date(2026, 6, 13)
EVENING = Policy((("16:30", "18:00"),), longest_session_s=45 * 60, sessions_a_day=3, weekend=True)
THREE = {"c1": frozenset({"v1"}), "c2": frozenset({"v2"}), "c3": frozenset({"v3"})}
LONG_BEFORE = datetime(2026, 6, 1, 8, 0, tzinfo=VIETNAM)


FIRST = LONG_BEFORE.date()


def at(clock: str, day: date = DAY) -> datetime:
    """16:30 or 16:30:08 in Vietnam."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=VIETNAM)


def once(
    number: int,
    clock: str,
    *,
    minutes: float = 5,
    priority: Priority = Priority.NORMAL,
    audience: Sequence[str] = (),
    placed: datetime | None = None,
    kind: Kind = Kind.ONCE,
    stopped: datetime | None = None,
    day: date = DAY,
) -> Wish:
    """Placement ``number`` at ``clock``; older numbers were placed first."""
    return Wish(
        placement=number,
        edition=f"edition-{number}",
        title=f"Bản tin {number}",
        priority=priority,
        duration_ms=int(minutes * 60_000),
        audience=tuple(audience),
        kind=kind,
        when=at(clock, day),
        placed_at=placed or LONG_BEFORE + timedelta(minutes=number),
        stopped_at=stopped,
    )


def programme(
    number: int,
    clock: str,
    *,
    weekdays: str = "1111111",
    first: date = FIRST,
    last: date | None = None,
    zone: str = "Asia/Ho_Chi_Minh",
    minutes: float = 5,
    priority: Priority = Priority.NORMAL,
    placed: datetime | None = None,
    days_off: Sequence[date] = (),
    otherwise: Sequence[Otherwise] = (),
    of: int = 0,
) -> Wish:
    """Placement ``number`` in the programme ``of`` at ``clock`` on the clocks of ``zone``."""
    return Wish(
        placement=number,
        edition=f"edition-{number}",
        title=f"Bản tin {number}",
        priority=priority,
        duration_ms=int(minutes * 60_000),
        audience=(),
        kind=Kind.PROGRAMME,
        when=Rule(
            time.fromisoformat(clock),
            zone,
            weekdays,
            first,
            last,
            frozenset(days_off),
            tuple(otherwise),
        ),
        placed_at=placed or LONG_BEFORE + timedelta(minutes=number),
        programme=of,
    )


def part(
    number: int,
    place: int,
    clock: str = "17:00",
    *,
    minutes: float = 0.25,
    frame: bool = True,
    reserved: bool = False,
    of: int = 7,
    **given: Any,
) -> Wish:
    """Part ``number`` of the rundown of programme ``of``: before the bulletins when ``place`` is
    negative, after them when it is positive."""
    whole = programme(number, clock, minutes=minutes, of=of, **given)
    return replace(
        whole,
        placement=-number,
        edition="",
        title=f"Nhạc {number}",
        part=place,
        sound=0 if reserved else 100 + number,
        frame=frame,
        reserved=reserved,
    )


def air(
    *wishes: Wish,
    policy: Policy = EVENING,
    stopped: Mapping[str, datetime] | None = None,
    clusters: Clusters | None = None,
    fills: Sequence[Fill] = (),
) -> Schedule:
    """The schedule of a commune of three clusters, one a village."""
    where = THREE if clusters is None else clusters
    return Schedule(UnitAirtime("20662", policy, wishes, stopped or {}, where, fills=fills))


def lay(*wishes: Wish, day: date = DAY, **given: Any) -> Day:
    """One day of it."""
    return air(*wishes, **given).day(day)


def starts(day: Day) -> dict[str, str]:
    """Item id → start as "16:30" or "16:30:02", in order."""
    return {item.id: _clock(item.start) for item in day.items}


def reasons(day: Day) -> dict[str, str]:
    """Item id → reason code of what found no place."""
    return {one.id: one.reason.value for one in day.unplaced}


def _clock(instant: datetime) -> str:
    local = instant.astimezone(VIETNAM).time()
    return local.isoformat().removesuffix(":00")
