"""A stick that comes back from a village: journals and receipts, verified as if they were sent."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from vang.dispatch.receipts import Told, take_receipts
from vang.evidence.intake import take_batch
from vang.stations.models import Node
from vang.stations.queries import trusted
from vang_protocol import fields, sticks, strict_json
from vang_protocol.envelopes import PublicKey
from vang_protocol.journals import open_batch
from vang_protocol.limits import API_BODY_BYTES, JOURNAL_BATCH_BYTES
from vang_protocol.reasons import Reason, Refused

MOST_RECEIPTS = 1_000


@dataclass
class Taken:
    """``through``: by node, how far its journal is known now."""

    through: dict[str, int] = field(default_factory=dict)
    receipts: int = 0
    refused: list[str] = field(default_factory=list)


def read_stick(stick: Path, *, now: datetime) -> Taken:
    """Take in all that nodes have put there. What is not a node's own is named and left out.

    Raises Refused(FILE_NOT_FOUND) where no node has put anything.
    """
    taken = Taken()
    with sticks.folder(stick, sticks.JOURNAL) as folder:
        for name in folder.names(sticks.BATCH_NAME, sticks.MOST_BATCHES):
            try:
                _take_batch(name, folder.read(name, JOURNAL_BATCH_BYTES), taken, now)
            except Refused as error:
                taken.refused.append(f"{name}: {error}")
    with suppress(Refused), sticks.folder(stick, sticks.RECEIPTS) as folder:
        for name in folder.names(sticks.RECEIPTS_NAME, sticks.MOST_NODES):  # if there are any
            _take_answers(name, folder, taken, now)
    return taken


def _take_batch(name: str, data: bytes, taken: Taken, now: datetime) -> None:
    found = sticks.BATCH_NAME.fullmatch(name)
    node = _node(found.group(1) if found else "")
    batch = open_batch(data, key=PublicKey(node.public_key))
    intake = take_batch(node, batch, now=now)
    taken.through[node.pk] = intake.accepted_through
    if intake.broken is not None:
        raise intake.broken


def _take_answers(name: str, folder: sticks.StickFolder, taken: Taken, now: datetime) -> None:
    try:
        found = sticks.RECEIPTS_NAME.fullmatch(name)
        node = _node(found.group(1) if found else "")
        value = strict_json.decode(
            folder.read(name, sticks.RECEIPTS_BYTES), limit=sticks.RECEIPTS_BYTES
        )
        table = fields.table(value, "receipts", ("receipts",))
        rows = fields.rows(table["receipts"], "receipts", MOST_RECEIPTS)
        told = [Told(node.pk, fields.text(one, "receipt", API_BODY_BYTES).encode()) for one in rows]
        taken.receipts += take_receipts(told, now=now)
    except Refused as error:
        taken.refused.append(f"{name}: {error}")


def _node(name: str) -> Node:
    """Raises Refused for a device whose word does not count."""
    node = Node.objects.filter(trusted(), pk=name).select_related("cluster__unit", "home").first()
    if node is None:
        raise Refused(Reason.NODE_UNKNOWN, name)
    return node
