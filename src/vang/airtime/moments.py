"""Instants as whole milliseconds since 1970 UTC, and local wall times turned into them.

Vietnam keeps one offset all year, but a rule names its own zone, and zones change by law. A wall
time that a clock change skips is read with the offset before the change, and one that comes
twice means the first (RFC 5545, section 3.3.5).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(instant: datetime) -> int:
    """Whole milliseconds, rounded down."""
    return (instant - EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """The aware instant in UTC."""
    return EPOCH + timedelta(milliseconds=ms)


@lru_cache(maxsize=65536)
def wall_ms(day: date, clock: time, zone: str) -> int:
    """The instant at which the clocks of ``zone`` show ``clock`` on ``day``."""
    return to_ms(datetime.combine(day, clock, tzinfo=ZoneInfo(zone)))


def midnight_ms(day: date, zone: str) -> int:
    """The instant at which ``day`` begins in ``zone``."""
    return wall_ms(day, time(0), zone)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of ``instant`` on the clocks of ``zone``."""
    return instant.astimezone(ZoneInfo(zone)).date()
