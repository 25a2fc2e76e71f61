"""A day on the air of one commune as it was laid out: what sounds, what found no place."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from vang.airtime.reasons import Reason
from vang.airtime.wishes import Kind
from vang.base.languages import VIETNAMESE
from vang_protocol.plans import Priority, Resume


class Item(NamedTuple):
    """One occurrence with its place. ``ends`` is early when it was stopped or cut off. A sound of
    the station has its key in ``sound`` and no edition; ``reserved`` time has no sound of ours: it
    is that of the station ``relay``, or 0 where other equipment carries it.
    ``quiet`` are the clusters it is for that keep silent because of their quiet hours.

    ``why``, among the stopped: "skipped" or "moved" for a programme's time decided otherwise.
    """

    id: str
    placement: int
    edition: str
    title: str
    priority: Priority
    kind: Kind
    wished: datetime
    start: datetime
    ends: datetime
    duration_ms: int
    clusters: tuple[str, ...]
    language: str = VIETNAMESE
    why: str = ""
    programme: int = 0
    sound: int = 0
    reserved: bool = False
    resume: Resume = Resume.DROP
    quiet: tuple[str, ...] = ()
    relay: int = 0

    @property
    def shifted(self) -> bool:
        return self.start > self.wished


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One occurrence without a place. ``next_free`` is None when two weeks offer none."""

    id: str
    placement: int
    edition: str
    title: str
    priority: Priority
    wished: datetime
    duration_ms: int
    reason: Reason
    next_free: datetime | None
    language: str = VIETNAMESE


@dataclass(frozen=True, slots=True)
class Day:
    """``items`` by start; ``stopped`` are the occurrences that somebody stopped."""

    unit: str
    day: date
    items: tuple[Item, ...]
    unplaced: tuple[Unplaced, ...]
    stopped: tuple[Item, ...]
