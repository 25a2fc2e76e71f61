"""All sources of a station together: every 60 ms one block goes out, whatever becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vang.relays.choosing import choose
from vang.relays.tuning import BLOCK, Block
from vang.relays.watching import Condition, Watch, decibels


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
