"""Journals arrive: their chain is checked, each line is stored once, what they tell is believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vang.evidence.faults import Fault, close_gaps, note_fault
from vang.evidence.models import JournalRecord
from vang.evidence.reconciliation import reconcile
from vang.stations.models import Node
from vang_protocol.journals import (
    EMPTY,
    Batch,
    ChainBroken,
    Head,
    Record,
    line_hash,
    next_record,
    parse_line,
)
from vang_protocol.reasons import Reason, Refused


@dataclass(frozen=True)
class Intake:
    """``accepted_through``: the last sequence number kept. ``broken``: why it went no further."""

    accepted_through: int
    broken: ChainBroken | None = None


@dataclass(frozen=True)
class Arrived:
    """A line that continues the chain."""

    record: Record
    line: str
    hash: str


def journal_head(node: Node) -> Head:
    """Where the stored chain of ``node`` ends."""
    last = JournalRecord.objects.filter(node=node).order_by("-seq").values_list("seq", "hash")
    found = last.first()
    return Head(*found) if found else EMPTY


@transaction.atomic
def take_batch(node: Node, batch: Batch, *, now: datetime) -> Intake:
    """Store the lines that continue the node's chain and hold them against the plan.

    Lines already stored are passed over; the first line that does not fit is recorded as a
    fault and ends the batch. Sending a batch again changes nothing.
    """
    Node.objects.select_for_update().get(pk=node.pk)  # one batch after the other
    if batch.node != node.pk:
        raise Refused(Reason.WRONG_NODE, batch.node)
    head = journal_head(node)
    arrived, broken = _follow(node, batch.lines, head)
    _store(node, arrived, now)
    reached = head.seq + len(arrived)
    if broken is not None:
        note_fault(node, broken.seq, _code(broken), broken.detail, now=now)
    close_gaps(node, reached, now=now)
    reconcile(node, [entry.record for entry in arrived], now=now)
    return Intake(reached, broken)


class Forked(ChainBroken):
    """A line with a known number and another content: two histories of one device."""


def _code(broken: ChainBroken) -> str:
    return Fault.FORK if isinstance(broken, Forked) else broken.reason.value


def _follow(
    node: Node, lines: Sequence[str], head: Head
) -> tuple[list[Arrived], ChainBroken | None]:
    known = _known_hashes(node, lines, head)
    arrived: list[Arrived] = []
    for line in lines:
        try:
            if _is_known(line, known, head):
                continue
            record = next_record(line, node=node.pk, head=head)
        except ChainBroken as broken:
            return arrived, broken
        head = Head(record.seq, line_hash(line))
        arrived.append(Arrived(record, line, head.hash))
    return arrived, None


def _is_known(line: str, known: dict[int, str], head: Head) -> bool:
    try:
        seq = parse_line(line).seq
    except Refused as error:
        raise ChainBroken(head.seq + 1, Reason.BROKEN_LINE, str(error)) from None
    if seq in known and known[seq] != line_hash(line):
        raise Forked(seq, Reason.WRONG_PREVIOUS, "another line with this number is stored")
    return seq in known


def _known_hashes(node: Node, lines: Sequence[str], head: Head) -> dict[int, str]:
    """Hashes of stored lines that the batch may repeat."""
    try:
        first = parse_line(lines[0]).seq if lines else head.seq + 1
    except Refused:
        first = 1
    if first > head.seq:
        return {}
    stored = JournalRecord.objects.filter(node=node, seq__gte=first, seq__lt=first + len(lines))
    return dict(stored.order_by("seq").values_list("seq", "hash"))


def _store(node: Node, arrived: Sequence[Arrived], now: datetime) -> None:
    JournalRecord.objects.bulk_create(
        [
            JournalRecord(
                node=node,
                seq=entry.record.seq,
                line=entry.line,
                hash=entry.hash,
                kind=entry.record.event.kind,
                at=entry.record.at,
                received_at=now,
            )
            for entry in arrived
        ],
        batch_size=500,
    )
