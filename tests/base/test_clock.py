"""The one clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from vang.base import clock


@pytest.fixture
def manual(now: datetime) -> Iterator[clock.ManualClock]:
    ours = clock.ManualClock(now)
    clock.use_clock(ours)
    yield ours
    clock.use_clock(clock.SystemClock())


def test_the_system_tells_an_aware_instant() -> None:
    assert clock.now().tzinfo is UTC


def test_a_manual_clock_moves_only_when_told(manual: clock.ManualClock, now: datetime) -> None:
    assert clock.now() == clock.now() == now
    manual.set(now + timedelta(days=1))
    assert clock.now() == now + timedelta(days=1)


def test_the_day_changes_at_midnight_in_vietnam() -> None:
    before = datetime(2026, 6, 9, 16, 59, 59, tzinfo=UTC)
    assert clock.local_date(before) == date(2026, 6, 9)
    assert clock.local_date(before + timedelta(seconds=1)) == date(2026, 6, 10)
