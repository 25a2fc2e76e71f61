"""Local windows in which sound is allowed, such as 05:00-06:30 and 16:30-18:00."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from vang_protocol import fields
from vang_protocol.limits import PLAN_HOURS

Windows = tuple[tuple[str, str], ...]

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)


def parse_windows(value: Any) -> Windows:
    """Pairs of HH:MM, the end after the beginning, 24:00 for midnight at the end of a day."""
    entries = fields.rows(value, "hours", PLAN_HOURS)
    return tuple(parse_window(entry) for entry in entries)


def parse_window(value: Any) -> tuple[str, str]:
    """One pair. Raises Refused(BAD_FIELDS)."""
    pair = fields.rows(value, "hours", 2)
    if len(pair) != 2 or not all(isinstance(end, str) and _CLOCK.fullmatch(end) for end in pair):
        fields.wrong("hours", "not a pair of HH:MM")
    if not pair[0] < pair[1]:
        fields.wrong("hours", "a window must end after it begins, on the same day")
    return pair[0], pair[1]


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def zone_named(name: Any) -> ZoneInfo:
    """The IANA zone; raises Refused(BAD_FIELDS)."""
    zone = _zone(fields.text(name, "zone", 64, 1))
    if zone is None:
        fields.wrong("zone", "unknown time zone")
    return zone


def within_hours(start: datetime, length_ms: int, *, zone: str, hours: Windows) -> bool:
    """Whether the whole span lies inside one window, read on the wall clock of ``zone``."""
    place = zone_named(zone)
    first = start.astimezone(place)
    last = (start + timedelta(milliseconds=length_ms)).astimezone(place)
    begins = timedelta(hours=first.hour, minutes=first.minute, seconds=first.second)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    ends = last.replace(tzinfo=None) - midnight
    return any(opens <= begins and ends <= closes for opens, closes in _merged(hours))


def _merged(hours: Windows) -> list[tuple[timedelta, timedelta]]:
    """Windows that touch count as one: 05:00-06:00 and 06:00-07:00 hold a bulletin over 06:00."""
    merged: list[tuple[timedelta, timedelta]] = []
    for opens, closes in _spans(hours):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return merged


def _spans(hours: Windows) -> Iterable[tuple[timedelta, timedelta]]:
    return sorted((_since_midnight(opens), _since_midnight(closes)) for opens, closes in hours)


def _since_midnight(clock: str) -> timedelta:
    hour, minute = clock.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))
