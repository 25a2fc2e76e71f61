"""Journal records with the time, and how well it was known, as they are written."""

import logging
from collections.abc import Callable

from vang_node.clock import Reading, TrustedClock
from vang_node.journal import Journal, JournalFailed
from vang_protocol.journals import Stamp
from vang_protocol.records import Event, FetchFailed, PlanRefused, Silence, SinkError

NOISY = (FetchFailed, PlanRefused, SinkError, Silence)

log = logging.getLogger(__name__)


class Recorder:
    """``on_record`` is called after each record reached the disk."""

    def __init__(
        self, journal: Journal, clock: TrustedClock, *, read: Callable[[], Reading]
    ) -> None:
        self.journal, self._clock, self._read = journal, clock, read
        self.on_record: Callable[[], None] = lambda: None

    def record(self, event: Event) -> None:
        """Durable when it returns; raises JournalFailed."""
        if isinstance(event, NOISY) and self.journal.crowded:
            return
        now_us = self._read().mono_us
        state = self._clock.state(now_us)
        error_ms = None if state.error_us is None else -(-state.error_us // 1000)
        at = self._clock.now(now_us)
        self.journal.append(event, at=at, clock=Stamp(state.source, error_ms))
        self._clock.note_written(now_us)
        self.on_record()

    def record_if_possible(self, event: Event) -> None:
        """For what only informs: a full disk must not stop the loop."""
        try:
            self.record(event)
        except JournalFailed as error:
            log.critical("%s", error)
