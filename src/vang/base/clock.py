"""The one place that reads the wall clock. Everything else takes ``now`` as a parameter."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells an aware instant in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told to: for tests and simulations."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def set(self, instant: datetime) -> None:
        self._instant = instant


_clock: Clock = SystemClock()


def now() -> datetime:
    """Aware instant in UTC. Only views, jobs and commands may call it."""
    return _clock.now()


def use_clock(clock: Clock) -> None:
    """Replace the process's clock (tests and simulations)."""
    global _clock  # noqa: PLW0603 - one clock a process is the point
    _clock = clock


def local_date(instant: datetime) -> date:
    """The calendar day in Vietnam on which ``instant`` falls."""
    return instant.astimezone(VIETNAM).date()
