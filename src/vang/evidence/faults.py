"""What is wrong with a journal: recorded once, shown for ever, closed only by what was missing."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from vang.evidence.models import JournalFault
from vang.stations.models import Node
from vang_protocol.limits import DETAIL_CHARS


class Listener(Protocol):
    """Told of a fault that was not known before, inside the transaction that records it."""

    def __call__(self, node: Node, reason: str, *, now: datetime) -> None: ...


listeners: list[Listener] = []


class Fault(StrEnum):
    """Faults that only the server can see; the chain's own have the protocol's codes."""

    FORK = "fork"
    ALTERED = "altered"
    UNPLANNED_PLAY = "unplanned-play"
    PLAYED_TWICE = "played-twice"
    WRONG_AUDIO = "wrong-audio"


def note_fault(node: Node, seq: int, reason: str, detail: str, *, now: datetime) -> None:
    """Record a fault; the same one again changes nothing but that it is open again."""
    row, made = JournalFault.objects.get_or_create(
        node=node,
        seq=seq,
        reason=reason,
        defaults={"detail": detail[:DETAIL_CHARS], "noticed_at": now},
    )
    if made:
        for told in listeners:
            told(node, reason, now=now)
    elif row.resolved_at is not None:
        row.resolved_at = None
        row.save(update_fields=["resolved_at"])


def close_gaps(node: Node, through: int, *, now: datetime) -> None:
    """Lines up to ``through`` are there now: gaps below are closed, forgeries are not."""
    JournalFault.objects.filter(
        node=node, reason="gap", seq__lte=through, resolved_at__isnull=True
    ).update(resolved_at=now)
