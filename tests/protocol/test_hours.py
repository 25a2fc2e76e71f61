"""Allowed hours are read on the wall clock of the plan's zone."""

from datetime import UTC, datetime

import pytest

from vang_protocol.hours import parse_windows, within_hours
from vang_protocol.reasons import Refused

VIETNAM = "Asia/Ho_Chi_Minh"
MINUTE = 60_000


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant by Vietnam's wall clock on 23/11/2026."""
    return datetime(2026, 11, 22 if hour < 7 else 23, (hour - 7) % 24, minute, second, tzinfo=UTC)


def allowed(start: datetime, length_ms: int, *hours: tuple[str, str]) -> bool:
    return within_hours(start, length_ms, zone=VIETNAM, hours=hours)


def test_a_span_within_a_window_is_allowed_and_one_outside_is_not() -> None:
    assert allowed(at(5), 90 * MINUTE, ("05:00", "06:30"))
    assert not allowed(at(5), 90 * MINUTE + 1, ("05:00", "06:30"))
    assert not allowed(at(4, 59, 59), MINUTE, ("05:00", "06:30"))


def test_without_hours_nothing_is_allowed() -> None:
    assert not allowed(at(12), 1)


def test_windows_that_touch_are_one() -> None:
    assert allowed(at(5, 55), 10 * MINUTE, ("06:00", "07:00"), ("05:00", "06:00"))
    assert not allowed(at(5, 55), 10 * MINUTE, ("06:01", "07:00"), ("05:00", "06:00"))


def test_a_whole_day_ends_at_midnight() -> None:
    assert allowed(at(23, 59), MINUTE, ("00:00", "24:00"))
    assert not allowed(at(23, 59), MINUTE + 1, ("00:00", "24:00"))


def test_the_hours_follow_summer_time() -> None:
    winter = datetime(2026, 3, 28, 5, 0, tzinfo=UTC)
    summer = datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    hours = (("06:00", "06:30"),)
    assert within_hours(winter, MINUTE, zone="Europe/Berlin", hours=hours)
    assert not within_hours(summer, MINUTE, zone="Europe/Berlin", hours=hours)


@pytest.mark.parametrize(
    "value", [None, "05:00", [["05:00"]], [["5:00", "06:00"]], [["05:00", 6]], [["06:00", "06:00"]]]
)
def test_a_window_that_is_none_is_refused(value: object) -> None:
    assert parse_windows([["05:00", "06:00"]]) == (("05:00", "06:00"),)
    with pytest.raises(Refused):
        parse_windows(value)
