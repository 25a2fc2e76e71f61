"""The time on one device: what it is, what it was at the start, and since when it is trusted."""

from datetime import UTC, datetime, timedelta

from vang_node.clock import Exchange, Reading, TrustedClock
from vang_node.timepiece import Timepiece
from vang_protocol.instants import to_us

BUILT = datetime(2026, 11, 1, tzinfo=UTC)
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND_US = 1_000_000
HOUR = timedelta(hours=1)


class Hand:
    """Both clocks of a device, turned by hand. ``off``: how wrong its system clock is."""

    def __init__(self, off: timedelta = timedelta(0)) -> None:
        self.mono_us, self.off_us = 60 * SECOND_US, off // timedelta(microseconds=1)

    def read(self) -> Reading:
        return Reading(self.mono_us, to_us(BEGIN) + self.mono_us + self.off_us)

    def started(self) -> Timepiece:
        booted = self.read()
        clock = TrustedClock(booted, built=BUILT, written=None)
        return Timepiece(clock, booted=booted, read=self.read)

    def ask(self, time: Timepiece) -> None:
        there = to_us(BEGIN) + self.mono_us
        time.observe(Exchange(self.mono_us - 1_000, there, there, self.mono_us + 1_000))


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(milliseconds=10)


def test_once_the_server_told_the_time_the_start_was_then_too() -> None:
    hand = Hand(off=HOUR)
    time = hand.started()
    true_start = BEGIN + timedelta(seconds=60)
    assert near(time.booted(), true_start + HOUR)
    hand.mono_us += 30 * SECOND_US
    hand.ask(time)
    assert near(time.booted(), true_start)
    assert near(time.now(), true_start + timedelta(seconds=30))


def test_a_clock_of_before_its_own_software_is_trusted_from_the_servers_word_on() -> None:
    hand = Hand(off=BUILT - BEGIN - 30 * 24 * HOUR)
    time = hand.started()
    assert not time.is_trusted()
    assert time.plan_time() > time.now()
    assert time.trusted_since() == time.now()
    hand.mono_us += 30 * SECOND_US
    hand.ask(time)
    assert time.is_trusted()
    hand.mono_us += 20 * SECOND_US
    assert near(time.trusted_since(), time.now() - timedelta(seconds=20))


def test_a_trusted_start_is_trusted_since_then() -> None:
    hand = Hand()
    time = hand.started()
    hand.mono_us += 30 * SECOND_US
    assert time.watch() is None
    assert near(time.trusted_since(), time.booted())
