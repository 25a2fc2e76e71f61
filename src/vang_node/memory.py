"""What the journal remembers of each item, so that no occurrence sounds twice. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from vang_protocol.instants import parse_instant
from vang_protocol.journals import Record
from vang_protocol.records import End, Missed, PlanAccepted, PlayEnded, PlayStarted


@dataclass
class Memory:
    """``started``: item → its last play. ``ended``: item → how. ``missed``: item → planned."""

    started: dict[str, PlayStarted] = field(default_factory=dict)
    ended: dict[str, End] = field(default_factory=dict)
    missed: dict[str, datetime] = field(default_factory=dict)
    burnt: set[str] = field(default_factory=set)
    plan: tuple[int, str] | None = None
    last_at: datetime | None = None

    def note(self, record: Record) -> None:
        """Take in the next record."""
        self.last_at = record.at if self.last_at is None else max(self.last_at, record.at)
        match record.event:
            case PlayStarted() as event:
                self.started[event.item] = event
                self.ended.pop(event.item, None)
            case PlayEnded() as event:
                self.ended[event.item] = event.end
            case Missed() as event:
                self.missed[event.item] = event.planned
            case PlanAccepted() as event:
                self.plan = (event.version, event.sha256)

    def note_unreadable(self, lines: Iterable[bytes]) -> None:
        """Lines behind a broken one prove nothing, but an item named there may have sounded."""
        for line in lines:
            item = _item_started(line)
            if item is not None:
                self.burnt.add(item)

    def interrupted(self) -> list[PlayStarted]:
        """Plays with no end: the power went while they sounded."""
        return [event for item, event in self.started.items() if item not in self.ended]

    def has_sounded(self, item: str) -> bool:
        return item in self.started or item in self.burnt

    def has_missed(self, item: str, planned: datetime) -> bool:
        """Missed at this very time; the same item at a later time is another chance."""
        return self.missed.get(item) == planned


def _item_started(line: bytes) -> str | None:
    try:
        table = json.loads(line)
        parse_instant(table["at"])
        return str(table["item"]) if table["kind"] == "play-started" else None
    except (ValueError, KeyError, TypeError):
        return None
