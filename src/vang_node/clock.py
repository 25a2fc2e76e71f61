"""Trusted time. Pure: every reading is given, nothing here looks at a clock.

Time is the monotonic clock plus an anchor. The anchor comes from the server when it answered,
otherwise from the system clock, and the system clock is believed only above a floor that true
time cannot be under: the date of the software, of the newest signed plan, of the journal.
All values are microseconds; wall time since 1970.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from vang_protocol.instants import from_us, to_us
from vang_protocol.states import ClockSource, ClockState

SAMPLES = 64
DRIFT_PPM = 50
"""What a quartz may lose or gain; the error bound grows by it between answers."""
STEP_US = 500_000
CONFIRMED_FOR_US = 24 * 3600 * 1_000_000
FLOOR_SLACK_US = 10 * 60 * 1_000_000
"""A plan may be issued this much before its time is read elsewhere."""


@dataclass(frozen=True)
class Reading:
    """Both clocks of the device, read together."""

    mono_us: int
    wall_us: int


@dataclass(frozen=True)
class Exchange:
    """One question and answer: sent and received on our monotonic clock, theirs between."""

    sent_us: int
    arrived_us: int
    left_us: int
    received_us: int

    @property
    def anchor_us(self) -> int:
        """Server time minus our monotonic time, the two ways taken as equally long."""
        return ((self.arrived_us - self.sent_us) + (self.left_us - self.received_us)) // 2

    @property
    def bound_us(self) -> int:
        """The anchor is not further off than this, however unequal the two ways were."""
        return max(0, (self.received_us - self.sent_us) - (self.left_us - self.arrived_us)) // 2

    def error_us(self, mono_us: int) -> int:
        """The bound now, the quartz's drift since then added."""
        return self.bound_us + 1 + (mono_us - self.received_us) * DRIFT_PPM // 1_000_000


@dataclass(frozen=True)
class Step:
    """The system clock jumped; ``kept``: our time did not follow it."""

    by_us: int
    kept: bool


class TrustedClock:
    """``built``: date of the software. ``written``: time of the last journal record."""

    def __init__(self, reading: Reading, *, built: datetime, written: datetime | None) -> None:
        self._signed_floor_us = to_us(built)
        self._written_us = to_us(written) if written else 0
        self._system_us = reading.wall_us - reading.mono_us
        self._exchanges: deque[Exchange] = deque(maxlen=SAMPLES)

    def now(self, mono_us: int) -> datetime:
        return from_us(self.now_us(mono_us))

    def now_us(self, mono_us: int) -> int:
        return mono_us + self.anchor_us(mono_us)

    def anchor_us(self, mono_us: int) -> int:
        """Wall time minus monotonic time."""
        best = self._best(mono_us)
        return self._system_us if best is None else best.anchor_us

    def trusted(self, mono_us: int) -> bool:
        """Whether sound may follow this clock."""
        return self.now_us(mono_us) >= to_us(self.floor(mono_us))

    def floor(self, mono_us: int) -> datetime:
        """True time is not before this. The server's word stands against the journal's."""
        if self._best(mono_us) is not None:
            return from_us(self._signed_floor_us - FLOOR_SLACK_US)
        return from_us(max(self._signed_floor_us, self._written_us))

    def state(self, mono_us: int) -> ClockState:
        """Source, offset against the system clock, and error bound."""
        best = self._best(mono_us)
        offset_us = self.anchor_us(mono_us) - self._system_us
        if not self.trusted(mono_us):
            return ClockState(ClockSource.UNTRUSTED, offset_us, None)
        if best is None:
            return ClockState(ClockSource.SYSTEM, offset_us, None)
        source = ClockSource.SERVER if self._confirmed(mono_us) else ClockSource.SYSTEM
        return ClockState(source, offset_us, best.error_us(mono_us))

    def observe_exchange(self, exchange: Exchange) -> None:
        """A server's answer; nonsense (an answer from before the question) is left out."""
        if exchange.received_us >= exchange.sent_us and exchange.left_us >= exchange.arrived_us:
            self._exchanges.append(exchange)

    def observe_system(self, reading: Reading) -> Step | None:
        """Follow the system clock where the server has not confirmed another time."""
        system_us = reading.wall_us - reading.mono_us
        by_us = system_us - self._system_us
        self._system_us = system_us
        if abs(by_us) < STEP_US:
            return None
        kept = self._confirmed(reading.mono_us)
        if not kept:
            self._exchanges.clear()
        return Step(by_us, kept)

    def raise_floor(self, issued: datetime) -> None:
        """A signed plan was issued then, so it is not earlier now."""
        self._signed_floor_us = max(self._signed_floor_us, to_us(issued))

    def note_written(self, mono_us: int) -> None:
        """A journal record carries the present time."""
        if self.trusted(mono_us):
            self._written_us = max(self._written_us, self.now_us(mono_us))

    def _confirmed(self, mono_us: int) -> bool:
        return any(
            mono_us - exchange.received_us < CONFIRMED_FOR_US for exchange in self._exchanges
        )

    def _best(self, mono_us: int) -> Exchange | None:
        """The answer with the smallest error bound now."""
        if not self._exchanges:
            return None
        return min(self._exchanges, key=lambda exchange: exchange.error_us(mono_us))
