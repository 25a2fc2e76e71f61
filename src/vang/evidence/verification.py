"""Whether what a node's journal says may be believed."""

from vang.evidence.models import JournalFault, JournalRecord
from vang.stations.models import Node
from vang_protocol.journals import ChainBroken, verify_chain


def journal_verified(node: Node) -> bool:
    """The stored lines make one unbroken chain from the first, and no fault is open."""
    if JournalFault.objects.filter(node=node, resolved_at__isnull=True).exists():
        return False
    stored = JournalRecord.objects.filter(node=node).order_by("seq")
    lines = list(stored.values_list("line", flat=True))
    try:
        verify_chain(lines, node=node.pk)
    except ChainBroken:
        return False
    return bool(lines)
