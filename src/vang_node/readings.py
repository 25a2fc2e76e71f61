"""The only place that reads the device's clocks."""

import time

from vang_node.clock import Reading


def mono_us() -> int:
    """Microseconds since the machine started, time asleep included."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


def wall_us() -> int:
    """The system clock, microseconds since 1970."""
    return time.time_ns() // 1000


def kernel_us() -> int:
    """The clock with which the kernel stamps what arrives, microseconds since 1970."""
    return time.time_ns() // 1000


def read_clocks() -> Reading:
    """Both clocks at one moment."""
    before = mono_us()
    wall = wall_us()
    return Reading((before + mono_us()) // 2, wall)
