"""Receipts of nodes: verified with the node's own key, kept as they came, told to the ledger."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from vang.dispatch.commands import SLACK, State, deliveries_ended, rewrite
from vang.dispatch.models import CommandDelivery, CommandReceipt
from vang.stations.models import Node
from vang.stations.queries import trusted
from vang_protocol.envelopes import PublicKey
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase, Receipt, open_receipt

LOG = logging.getLogger(__name__)

_ORDER = [State.SENT, State.ACCEPTED, State.SOUNDING]
_STATES = {
    Phase.ACCEPTED: State.ACCEPTED,
    Phase.SOUNDING: State.SOUNDING,
    Phase.PLAYED: State.PLAYED,
    Phase.DONE: State.DONE,
    Phase.REFUSED: State.REFUSED,
    Phase.INTERRUPTED: State.INTERRUPTED,
}


FOR_NOW = {
    Reason.NO_POLICY,
    Reason.NOT_GREETED,
    Reason.POLICY_TOO_OLD,
    Reason.UNKNOWN_KEY,
    Reason.NOT_ALLOWED,
    Reason.TOO_FEW_PEOPLE,
    Reason.WRONG_TEMPLATE,
    Reason.CLOCK_UNTRUSTED,
    Reason.WRONG_EPOCH,
}
"""What a node refuses that has just come back, or whose policy is not yet the one by which the
command was found good here: it is sent again until it expires."""


@dataclass(frozen=True)
class Told:
    """One envelope and the node that brought it."""

    node: str
    envelope: bytes


@transaction.atomic
def take_receipts(told: Sequence[Told], *, now: datetime) -> int:
    """Verify and note them; how many were new. What is not the node's own is left out and logged.

    Four queries, however many there are.
    """
    read = _opened(told)
    if not read:
        return 0
    rows = _deliveries(read)
    changed: dict[int, CommandDelivery] = {}
    kept: list[CommandReceipt] = []
    for one, receipt in read:
        row = rows.get((receipt.command, receipt.node))
        if row is None or row.command.sha256 != receipt.sha256 or not _note(row, receipt, now):
            continue
        changed[row.pk] = row
        kept.append(
            CommandReceipt(
                delivery=row,
                phase=receipt.phase.value,
                at=receipt.at,
                received_at=now,
                envelope=one.envelope,
            )
        )
    CommandReceipt.objects.bulk_create(kept, ignore_conflicts=True, batch_size=500)
    rewrite(
        changed.values(), ["state", "reason", "next_at", "accepted_at", "sounding_at", "ended_at"]
    )
    if ended := [row for row in changed.values() if row.next_at is None]:
        deliveries_ended(ended, now)
    return len(kept)


def _opened(told: Sequence[Told]) -> list[tuple[Told, Receipt]]:
    serving = Node.objects.filter(trusted()).only("public_key")
    nodes = serving.in_bulk({one.node for one in told})
    read = []
    for one in told:
        node = nodes.get(one.node)
        if node is None:
            continue
        try:
            receipt = open_receipt(one.envelope, key=PublicKey(node.public_key))
        except Refused as refused:
            LOG.warning("a receipt of %s was refused: %s", one.node, refused)
            continue
        if receipt.node == one.node:
            read.append((one, receipt))
    return read


def _deliveries(
    read: Collection[tuple[Told, Receipt]],
) -> dict[tuple[str, str], CommandDelivery]:
    rows = CommandDelivery.objects.select_for_update(of=("self",)).filter(
        command__in={receipt.command for _one, receipt in read},
        node__in={receipt.node for _one, receipt in read},
    )
    found = rows.select_related("command").defer("command__envelope", "command__manifest")
    return {(row.command_id, row.node_id): row for row in found}


def _note(row: CommandDelivery, receipt: Receipt, now: datetime) -> bool:
    """Whether it says something new: receipts may come twice and in any order."""
    state = _STATES[receipt.phase]
    known = State(row.state)
    if receipt.reason in FOR_NOW and known is State.SENT:
        row.reason = receipt.reason.value
        return True
    if known not in _ORDER and known not in {State.UNREACHED, State.LOST}:
        return False
    if state in _ORDER and known in _ORDER and _ORDER.index(state) <= _ORDER.index(known):
        return False
    row.state, row.reason = state, receipt.reason.value if receipt.reason else receipt.detail[:40]
    if receipt.phase is Phase.ACCEPTED:
        row.accepted_at = receipt.at
    if receipt.phase is Phase.SOUNDING:
        row.sounding_at = receipt.at
    if receipt.phase.final:
        row.next_at, row.ended_at = None, receipt.at
    else:
        longest = timedelta(milliseconds=row.command.max_play_ms)
        row.next_at = max(now, row.command.expires_at) + longest + SLACK
    return True
