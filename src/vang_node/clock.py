"""Trusted time. Pure: every reading is given, nothing here looks at a clock.

Time is the monotonic clock plus an anchor. The anchor comes from the server when it answered,
otherwise from the system clock, and the system clock is believed only above a floor that true
time cannot be under: the date of the software, of the newest signed plan, of the journal.
All values are microseconds; wall time since 1970.
"""

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from vang_protocol.instants import from_us, to_us
from vang_protocol.states import ClockSource, ClockState

SAMPLES = 64
DRIFT_PPM = 50
"""What a quartz may lose or gain; the error bound grows by it between answers."""
RATE_PPM = 10
"""The same once its own rate is known."""
SLOT_US, SLOTS, FEWEST_SLOTS = 60 * 1_000_000, 30, 5
KEPT_US = 100_000
"""What was reckoned so lately is used again."""
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

    @property
    def low_us(self) -> int:
        """The anchor is not below this: it left no later than it came."""
        return self.left_us - self.received_us

    @property
    def high_us(self) -> int:
        """Nor above this."""
        return self.arrived_us - self.sent_us


@dataclass(frozen=True)
class Known:
    """Server time minus monotonic time, within ``error_us``, as of ``at_us``."""

    anchor_us: int
    error_us: int
    at_us: int


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
        self._slots: deque[tuple[int, int]] = deque(maxlen=SLOTS)
        self._known: Known | None = None

    def now(self, mono_us: int) -> datetime:
        return from_us(self.now_us(mono_us))

    def now_us(self, mono_us: int) -> int:
        return mono_us + self.anchor_us(mono_us)

    def anchor_us(self, mono_us: int) -> int:
        """Wall time minus monotonic time."""
        best = self._best(mono_us)
        return self._system_us if best is None else best.anchor_us

    @property
    def rate_ppm(self) -> float:
        """How much the server's time gains on our quartz; 0 while that is not known."""
        if len(self._slots) < FEWEST_SLOTS:
            return 0.0
        count = len(self._slots)
        middle = sum(at for at, _anchor in self._slots) / count
        level = sum(anchor for _at, anchor in self._slots) / count
        spread = sum((at - middle) ** 2 for at, _anchor in self._slots)
        slope = sum((at - middle) * (anchor - level) for at, anchor in self._slots) / spread
        return max(-DRIFT_PPM, min(DRIFT_PPM, slope * 1_000_000))

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
        return ClockState(source, offset_us, best.error_us)

    def observe_exchange(self, exchange: Exchange) -> None:
        """A server's answer; nonsense (an answer from before the question) is left out."""
        if exchange.received_us < exchange.sent_us or exchange.left_us < exchange.arrived_us:
            return
        self._exchanges.append(exchange)
        found = self._reckoned(exchange.received_us)
        if found is None:  # they contradict one another: the server's clock was set
            self._forget()
            self._exchanges.append(exchange)
            found = self._reckoned(exchange.received_us)
        self._known = found
        if found is not None:
            self._note_slot(found)

    def _note_slot(self, found: Known) -> None:
        if not self._slots or found.at_us - self._slots[-1][0] >= SLOT_US:
            self._slots.append((found.at_us, found.anchor_us))

    def _forget(self) -> None:
        self._exchanges.clear()
        self._slots.clear()
        self._known = None

    def observe_system(self, reading: Reading) -> Step | None:
        """Follow the system clock where the server has not confirmed another time."""
        system_us = reading.wall_us - reading.mono_us
        by_us = system_us - self._system_us
        self._system_us = system_us
        if abs(by_us) < STEP_US:
            return None
        kept = self._confirmed(reading.mono_us)
        if not kept:
            self._forget()
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

    def _best(self, mono_us: int) -> Known | None:
        """What the answers leave open, in the middle."""
        if self._known is None or not 0 <= mono_us - self._known.at_us < KEPT_US:
            self._known = self._reckoned(mono_us)
        return self._known

    def _reckoned(self, mono_us: int) -> Known | None:
        """None without answers, or where they contradict one another."""
        if not self._exchanges:
            return None
        rate, slack = self.rate_ppm, RATE_PPM if len(self._slots) >= FEWEST_SLOTS else DRIFT_PPM
        lows, highs = [], []
        for one in self._exchanges:
            age_us = mono_us - one.received_us
            moved, unsure = age_us * rate / 1_000_000, abs(age_us) * slack / 1_000_000
            lows.append(one.low_us + moved - unsure)
            highs.append(one.high_us + moved + unsure)
        low, high = max(lows), min(highs)
        if low > high + 1:
            return None
        error_us = max(0, math.ceil((high - low) / 2)) + 1
        return Known(round((low + high) / 2), error_us, mono_us)
