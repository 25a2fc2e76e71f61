"""What time it is here: the trusted clock on the device's own, and since when it is trusted."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from vang_node.clock import Exchange, Reading, Step, TrustedClock
from vang_protocol.states import ClockState

log = logging.getLogger(__name__)


class Timepiece:
    """Everything but ``reading`` and ``mono_us`` runs on the main loop only."""

    def __init__(
        self, clock: TrustedClock, *, booted: Reading, read: Callable[[], Reading]
    ) -> None:
        """``booted``: the reading that ``clock`` began with."""
        self.clock, self.reading = clock, read
        self._booted_us = booted.mono_us
        self._trusted_since_us = booted.mono_us if clock.trusted(booted.mono_us) else None

    def mono_us(self) -> int:
        return self.reading().mono_us

    def now(self) -> datetime:
        return self.clock.now(self.mono_us())

    def plan_time(self) -> datetime:
        """An untrusted clock is behind; the floor it is behind of is nearer the truth."""
        return max(self.now(), self.clock.floor(self.mono_us()))

    def is_trusted(self) -> bool:
        return self.clock.trusted(self.mono_us())

    def state(self) -> ClockState:
        return self.clock.state(self.mono_us())

    def booted(self) -> datetime:
        """What the clock, as it is known now, showed when the device started."""
        return self._past(self._booted_us)

    def trusted_since(self) -> datetime:
        """Now, while it is not."""
        since_us = self._trusted_since_us
        return self.now() if since_us is None else self._past(since_us)

    def observe(self, exchange: Exchange) -> None:
        """The server told the time."""
        self.clock.observe_exchange(exchange)
        self._note_trust()

    def watch(self) -> Step | None:
        """Look at the system clock: how it jumped, if it did."""
        step = self.clock.observe_system(self.reading())
        self._note_trust()
        return step

    def _past(self, then_us: int) -> datetime:
        now_us = self.mono_us()
        return self.clock.now(now_us) - timedelta(microseconds=now_us - then_us)

    def _note_trust(self) -> None:
        now_us = self.mono_us()
        if self.clock.trusted(now_us):
            if self._trusted_since_us is None:
                self._trusted_since_us = now_us
            return
        if self._trusted_since_us is not None:
            log.warning("The clock is not to be trusted; nothing plays until it is.")
        self._trusted_since_us = None
