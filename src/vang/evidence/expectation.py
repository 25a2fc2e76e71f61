"""As-run rows before anything was heard: what is expected, what is no longer, what is overdue."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from vang.dispatch.models import PlannedItem, PlanVersion
from vang.evidence.changes import as_run_changed, plays_changed
from vang.evidence.deliveries import settle_deliveries
from vang.evidence.models import AsRun
from vang.evidence.outcomes import Doubt
from vang.orgs.models import Unit
from vang.stations.models import Cluster, Node

State = AsRun.State
GRACE = timedelta(minutes=5)
_NOT_BEGUN = (State.PLANNED, State.WITHDRAWN)


@transaction.atomic
def expect_plays(plan: PlanVersion, now: datetime) -> None:
    """One row for each occurrence and cluster of a plan just published.

    What a newer plan took back before it began is withdrawn; what may already have begun waits
    for the node's word.
    """
    ordered = PlannedItem.objects.filter(unit=plan.unit, last_version=plan.version)
    clusters = dict(Cluster.objects.filter(unit=plan.unit).order_by().values_list("code", "pk"))
    wanted = {
        (item.pk, clusters[code]): item
        for item in ordered
        for code in item.clusters
        if code in clusters
    }
    rows = _rows(ordered)
    missing = {pair: item for pair, item in wanted.items() if pair not in rows}
    moved = {wanted[pair] for pair, row in rows.items() if _differs(row, wanted.get(pair))}
    _add(missing, now)
    _refresh(moved, now)
    gone = [(pair, row) for pair, row in rows.items() if pair not in wanted]
    dropped = {pair: row for pair, row in gone if row.state == State.PLANNED}
    _withdraw([row.pk for row in dropped.values()], now)
    lost = {planned for planned, _cluster in dropped}
    items = (*missing.values(), *moved, *(item for item in ordered if item.pk in lost))
    before = {rows[pair].start for pair, item in wanted.items() if pair in rows and item in moved}
    plays_changed(plan.unit, before | {item.start for item in items}, now)
    told = editions_of(items)
    as_run_changed(told | _withdraw_dropped(plan, now), now)


def editions_of(planned: Iterable[PlannedItem]) -> set[UUID]:
    """The editions among them; sounds of the station have none."""
    return {item.edition_id for item in planned if item.edition_id is not None}


class Expected(NamedTuple):
    """The little of a row that tells whether it must change: a plan may have thousands."""

    pk: int
    state: str
    start: datetime


def _rows(ordered: QuerySet[PlannedItem]) -> dict[tuple[int, int], Expected]:
    columns = ("planned_id", "cluster_id", "pk", "state", "planned_start")
    found = AsRun.objects.filter(planned__in=ordered).order_by().values_list(*columns)
    return {
        (item, cluster): Expected(pk, state, start) for item, cluster, pk, state, start in found
    }


def _add(missing: dict[tuple[int, int], PlannedItem], now: datetime) -> None:
    AsRun.objects.bulk_create(
        [
            AsRun(planned=item, cluster_id=cluster, planned_start=item.start, changed_at=now)
            for (_item, cluster), item in missing.items()
        ],
        batch_size=500,
    )


def _differs(row: Expected, item: PlannedItem | None) -> bool:
    """The occurrence moved, or was taken back and is ordered again."""
    if item is None or row.state not in _NOT_BEGUN:
        return False
    return row.state == State.WITHDRAWN or row.start != item.start


def _refresh(items: Iterable[PlannedItem], now: datetime) -> None:
    for item in items:
        AsRun.objects.filter(
            planned=item, cluster__code__in=item.clusters, state__in=_NOT_BEGUN
        ).update(state=State.PLANNED, reason="", planned_start=item.start, changed_at=now)


def _withdraw(rows: Iterable[int], now: datetime) -> None:
    AsRun.objects.filter(pk__in=list(rows), state=State.PLANNED, planned_start__gt=now).update(
        state=State.WITHDRAWN, changed_at=now
    )


def _withdraw_dropped(plan: PlanVersion, now: datetime) -> set[UUID]:
    """The editions concerned."""
    dropped = PlannedItem.objects.filter(unit=plan.unit, withdrawn_at=now)
    rows = AsRun.objects.filter(planned__in=dropped)
    _withdraw(rows.values_list("pk", flat=True), now)
    plays_changed(plan.unit, dropped.values_list("start", flat=True), now)
    return set(dropped.exclude(edition=None).values_list("edition_id", flat=True))


@transaction.atomic
def mark_overdue_due(*, now: datetime) -> int:
    """Rows whose time is over by five minutes and of which no node said a word. How many."""
    waiting = AsRun.objects.filter(
        state__in=[State.PLANNED, State.PLAYING], planned_start__lt=now - GRACE
    ).select_related("planned__unit")
    late = [row for row in waiting.order_by("pk") if _is_overdue(row, now)]
    manned = _manned(late)
    for row in late:
        _give_up(row, manned=row.pk in manned, now=now)
    AsRun.objects.bulk_update(late, ["state", "reason", "changed_at"], batch_size=200)
    editions = editions_of(row.planned for row in late)
    settle_deliveries(editions, now=now)
    starts: dict[Unit, set[datetime]] = defaultdict(set)
    for row in late:
        starts[row.planned.unit].add(row.planned_start)
    for unit, told in starts.items():
        plays_changed(unit, told, now)
    as_run_changed(editions, now)
    return len(late)


def _is_overdue(row: AsRun, now: datetime) -> bool:
    length = timedelta(milliseconds=row.planned.duration_ms)
    return row.planned_start + length + GRACE < now


def _give_up(row: AsRun, *, manned: bool, now: datetime) -> None:
    """A cluster without a device was silent for certain; with one, nobody knows."""
    heard_before = row.state == State.PLAYING
    known = not manned and not heard_before
    row.state = State.MISSED if known else State.UNKNOWN
    row.reason = Doubt.NO_NODE if known else Doubt.NO_WORD
    row.changed_at = now


def _manned(rows: Iterable[AsRun]) -> set[int]:
    """Rows whose cluster had a device in service at the planned time."""
    listed = list(rows)
    served: dict[int, list[tuple[datetime, datetime | None]]] = {}
    nodes = Node.objects.filter(cluster__in={row.cluster_id for row in listed}).order_by("pk")
    for cluster, since, until in nodes.values_list("cluster", "enrolled_at", "retired_at"):
        served.setdefault(cluster, []).append((since, until))
    return {
        row.pk
        for row in listed
        for since, until in served.get(row.cluster_id, [])
        if since <= row.planned_start and (until is None or until > row.planned_start)
    }
