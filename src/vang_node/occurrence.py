"""One item's way through the state machine on this node, and what may be decided about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vang_protocol.plans import PlanItem
from vang_protocol.reasons import Reason
from vang_protocol.records import End
from vang_protocol.states import ItemState

FILE_SLACK_MS = 1000
"""A file may be this much longer than the plan says before it is cut off."""

FINAL = {ItemState.DONE, ItemState.PRE_EMPTED, ItemState.MISSED}


@dataclass(frozen=True)
class Arm:
    """Open and verify the audio, decode its beginning."""

    item: PlanItem


@dataclass(frozen=True)
class Begin:
    """Let sample 0 (or that of ``offset_ms``) sound at ``at``.

    ``lasts_ms`` is what it should take; ``limit_ms`` is where it is cut off whatever the file.
    """

    item: PlanItem
    at: datetime
    part: int
    offset_ms: int
    lasts_ms: int
    limit_ms: int


@dataclass(frozen=True)
class Halt:
    """Fade the item out, so that it is silent at ``at``, or at once."""

    item: PlanItem
    end: End
    at: datetime | None = None


@dataclass(frozen=True)
class Miss:
    item: PlanItem
    reason: Reason


Decision = Arm | Begin | Halt | Miss


@dataclass
class Occurrence:
    """One item's way through the machine on this node."""

    item: PlanItem
    learnt: datetime
    state: ItemState = ItemState.PLANNED
    part: int = 1
    offset_ms: int = 0
    sounded_ms: int = 0
    waiting: bool = False
    """Interrupted, and the plan lets it continue when the loudspeaker is free."""
    zero: datetime | None = None
    """When its first sample sounded, or would have: a programme that runs on keeps to it."""
    lift: float = 0.0
    """A voice that is spoken now stands above its priority, another station's programme below."""
    aim: datetime | None = None
    """When an item that runs on will be heard again; ``offset_ms`` is where it is by then."""

    @property
    def rank(self) -> float:
        """Higher pre-empts lower."""
        return self.item.priority.rank + self.lift

    @property
    def open(self) -> bool:
        return self.state not in FINAL and self.state is not ItemState.PLAYING

    def run_on(self, until: datetime) -> None:
        """Nobody hears it, but it goes on: at ``until`` it is as far as if nothing had been."""
        if self.zero is not None:
            self.aim, self.offset_ms = until, (until - self.zero) // timedelta(milliseconds=1)

    @property
    def left_ms(self) -> int:
        """How long it may still sound: the file's length and the plan's hard limit."""
        in_file = self.item.audio.duration_ms - self.offset_ms
        return max(0, min(in_file, self.item.max_play_ms - self.sounded_ms))

    def begin(self, at: datetime) -> Begin:
        in_file = self.item.audio.duration_ms - self.offset_ms + FILE_SLACK_MS
        limit_ms = min(in_file, self.item.max_play_ms - self.sounded_ms)
        return Begin(self.item, at, self.part, self.offset_ms, self.left_ms, limit_ms)
