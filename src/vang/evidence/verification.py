"""Whether what a node's journal says may be believed."""

from datetime import datetime

from django.db import transaction

from vang.evidence.faults import Fault, note_fault
from vang.evidence.models import JournalFault, JournalRecord
from vang.stations.models import Node
from vang_protocol.journals import EMPTY, ChainBroken, Head, line_hash, next_record


def journal_verified(node: Node) -> bool:
    """The stored lines make one unbroken chain from the first, and no fault is open."""
    if JournalFault.objects.filter(node=node, resolved_at__isnull=True).exists():
        return False
    return chain_break(node) is None and JournalRecord.objects.filter(node=node).exists()


def chain_break(node: Node) -> ChainBroken | None:
    """Where the chain of the stored lines breaks, walked from the first to the last."""
    stored = JournalRecord.objects.filter(node=node).order_by("seq")
    head = EMPTY
    for line in stored.values_list("line", flat=True).iterator(chunk_size=500):
        try:
            record = next_record(line, node=node.pk, head=head)
        except ChainBroken as broken:
            return broken
        head = Head(record.seq, line_hash(line))
    return None


@transaction.atomic
def verify_journal(node: Node, *, now: datetime) -> ChainBroken | None:
    """Walk the whole chain again; a break on the server itself is put on record."""
    broken = chain_break(node)
    if broken is not None:
        note_fault(node, broken.seq, Fault.ALTERED, str(broken), now=now)
    return broken
