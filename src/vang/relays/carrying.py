"""All sources of a station together: every 60 ms one block goes out, whatever becomes of them."""

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import numpy as np

from vang.base import clock
from vang.relays.choosing import choose
from vang.relays.tuning import BLOCK, RATE, Block
from vang.relays.watching import Condition, Watch, decibels

LOG = logging.getLogger(__name__)
TUNED_AHEAD = timedelta(seconds=20)
"""The sources are listened to so long before: which of them is well is known at the start."""
FRAME = timedelta(seconds=BLOCK / RATE)
MOST_CHANGES = 200


class Giving(Protocol):
    """A tuned source."""

    problem: str

    def take(self) -> Block | None: ...


@dataclass(frozen=True)
class Change:
    """At ``at`` (s) the carried source changed; ``to`` is None when none was well. ``why`` tells
    what was wrong with the one before: a condition, or "back" for a better one that is well."""

    at: float
    to: int | None
    why: str


class Carrier:
    """``tick`` every 60 ms. All sources are listened to all the time, so the next one is ready."""

    def __init__(self, sources: Sequence[Giving], *, now: float) -> None:
        self._sources = sources
        self.watches = [Watch(now) for _ in sources]
        self.carried: int | None = None
        self.changes: list[Change] = []

    def tick(self, now: float) -> Block | None:
        """The block to send; None while no source is well, so that the plan goes on instead."""
        taken = [self._listened(place, now) for place in range(len(self._sources))]
        chosen = choose(self.watches, self.carried, now)
        if chosen != self.carried:
            self.changes.append(Change(now, chosen, self._why(now)))
            LOG.info("source %s is carried: %s", chosen, self.changes[-1].why)
            self.carried = chosen
        if chosen is None:
            return None
        block = taken[chosen]
        return np.zeros(BLOCK, np.int16) if block is None else block

    def _listened(self, place: int, now: float) -> Block | None:
        block, watch = self._sources[place].take(), self.watches[place]
        if block is None:
            watch.nothing(now)
        else:
            watch.heard(decibels(float(np.mean(np.square(block, dtype=np.float64)))), now)
        return block

    def _why(self, now: float) -> str:
        if self.carried is None:
            return "begun" if not self.changes else "back"
        condition = self.watches[self.carried].condition(now)
        return "back" if condition is Condition.GOOD else condition.value


def in_time(
    carrier: Carrier, ends: datetime, over: threading.Event
) -> Iterator[tuple[datetime, Block | None]]:
    """The block of each 60 ms with its instant, until ``ends`` or ``over``."""
    due = clock.now()
    while due < ends and not over.wait(max(0.0, (due - clock.now()).total_seconds())):
        yield due, carrier.tick(due.timestamp())
        due = max(due + FRAME, clock.now() - timedelta(seconds=1))


def told_of(changes: Sequence[Change], names: Sequence[str]) -> list[list[str | None]]:
    """``[instant, source or None, why]`` of each, as rows keep it; the first 200."""
    return [
        [
            datetime.fromtimestamp(one.at, UTC).isoformat(),
            None if one.to is None else names[one.to],
            one.why,
        ]
        for one in changes[:MOST_CHANGES]
    ]
