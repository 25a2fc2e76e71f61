"""The node's records held against what was planned: the as-run log (nhật ký phát)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from vang.dispatch.commands import was_ordered
from vang.dispatch.models import PlannedItem
from vang.evidence.changes import as_run_changed, plays_changed
from vang.evidence.deliveries import settle_deliveries
from vang.evidence.expectation import editions_of
from vang.evidence.faults import Fault, note_fault
from vang.evidence.models import AsRun
from vang.evidence.outcomes import HEARD, Approved, Outcome, PlayEvent, State, after
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang_protocol.journals import Record
from vang_protocol.records import Missed, PlayEnded, PlayStarted, Silence

_TOLD = ("state", "reason", "actual_start", "error_us", "played_ms", "rms_cdb", "sha256")


def reconcile(node: Node, records: Sequence[Record], *, now: datetime) -> None:
    """Bring the as-run rows of the node's cluster up to what ``records`` tell, in their order."""
    told = [(record, record.event) for record in records if _is_play(record)]
    if not told:
        return
    rows = _rows(node, {event.item for _record, event in _plays(told)})
    touched: dict[int, AsRun] = {}
    for record, event in _plays(told):
        row = rows.get(event.item)
        if row is None:
            _note_unplanned(node, record, event, now)
            continue
        _note_doubts(node, record, event, row, now)
        _apply(row, node, event, now)
        touched[row.pk] = row
    AsRun.objects.bulk_update(touched.values(), [*_TOLD, "node", "changed_at"])
    editions = editions_of(row.planned for row in touched.values())
    settle_deliveries(editions, now=now)
    told_of: dict[Unit, set[datetime]] = defaultdict(set)
    for row in touched.values():
        told_of[row.planned.unit].add(row.planned_start)
    for unit, starts in told_of.items():
        plays_changed(unit, starts, now)
    as_run_changed(editions, now)


def _is_play(record: Record) -> bool:
    return isinstance(record.event, PlayStarted | PlayEnded | Missed | Silence)


def _plays(told: Iterable[tuple[Record, object]]) -> Iterable[tuple[Record, PlayEvent]]:
    for record, event in told:
        if isinstance(event, PlayStarted | PlayEnded | Missed | Silence):
            yield record, event


def _rows(node: Node, items: set[str]) -> dict[str, AsRun]:
    """Of a node whose cluster was handed over also what it was ordered before."""
    units = {node.cluster.unit_id, node.home_id} - {None}
    found = AsRun.objects.filter(
        cluster=node.cluster, planned__unit__in=units, planned__item__in=items
    )
    rows = found.select_related("planned__unit").order_by("pk")
    return {row.planned.item: row for row in rows}


def _apply(row: AsRun, node: Node, event: PlayEvent, now: datetime) -> None:
    before = Outcome(State(row.state), **{name: getattr(row, name) for name in _TOLD[1:]})
    result = after(before, event, approved(row.planned))
    for name in _TOLD:
        setattr(row, name, getattr(result, name))
    row.node, row.changed_at = node, now


def approved(planned: PlannedItem) -> Approved:
    """What the node was ordered to play."""
    return Approved(planned.audio_sha256, planned.duration_ms, planned.withdrawn_at)


def _note_unplanned(node: Node, record: Record, event: PlayEvent, now: datetime) -> None:
    """No plan has it: then a command that people signed must have ordered exactly this sound."""
    if isinstance(event, PlayStarted) and not was_ordered(node, event.item, event.sha256):
        note_fault(node, record.seq, Fault.UNPLANNED_PLAY, event.item, now=now)


def _note_doubts(node: Node, record: Record, event: PlayEvent, row: AsRun, now: datetime) -> None:
    if not isinstance(event, PlayStarted):
        return
    if event.sha256 != row.planned.audio_sha256:
        note_fault(node, record.seq, Fault.WRONG_AUDIO, f"{event.item} {event.sha256}", now=now)
    if event.part == 1 and row.state in HEARD:
        note_fault(node, record.seq, Fault.PLAYED_TWICE, event.item, now=now)
