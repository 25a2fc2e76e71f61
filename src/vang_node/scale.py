"""The device's own scale of time: which sample is heard when. Pure arithmetic."""

from collections import deque

from vang_node import RATE

READINGS = 50


class DeviceScale:
    """Maps sample numbers to microseconds of the monotonic clock.

    Every reading says: sample ``position`` is heard ``delay`` samples after ``now_us``. One
    reading jitters with the scheduler; the median of the last second does not.
    """

    def __init__(self) -> None:
        self._zeros: deque[int] = deque(maxlen=READINGS)

    @property
    def settled(self) -> bool:
        return len(self._zeros) >= READINGS // 2

    def observe(self, now_us: int, position: int, delay: int) -> None:
        self._zeros.append(now_us + span_us(delay - position))

    def restart(self) -> None:
        """After the device ran dry its scale is another one."""
        self._zeros.clear()

    def heard_at(self, sample: int) -> int:
        """The instant (µs) at which ``sample`` reaches the loudspeaker."""
        return self._zero() + span_us(sample)

    def sample_at(self, instant_us: int) -> int:
        """The sample heard at ``instant_us``."""
        return round((instant_us - self._zero()) * RATE / 1_000_000)

    def _zero(self) -> int:
        ordered = sorted(self._zeros)
        return ordered[len(ordered) // 2]


def span_us(samples: int) -> int:
    """How long ``samples`` last, in µs."""
    return round(samples * 1_000_000 / RATE)
