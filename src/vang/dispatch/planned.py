"""Occurrences that some plan ordered: the rows that evidence is held against."""

from datetime import datetime, timedelta

from vang.base.rewriting import rewrite
from vang.dispatch.compiling import Week
from vang.dispatch.models import PlannedItem, PlanVersion
from vang_protocol.plans import Plan, PlanItem
from vang_protocol.relays import Relay


def record_planned(row: PlanVersion, plan: Plan, week: Week, *, now: datetime) -> None:
    """Add new occurrences, bring known ones up to date, mark what the plan no longer orders."""
    known = {
        item.item: item
        for item in PlannedItem.objects.filter(
            unit=row.unit, item__in=[item.id for item in plan.sounding]
        )
    }
    PlannedItem.objects.bulk_create(
        [
            *(_new(row, item, week) for item in plan.items if item.id not in known),
            *(_new_relay(row, one, week) for one in plan.relays if one.id not in known),
        ],
        batch_size=500,
    )
    again = [_again(known[item.id], item, row) for item in plan.sounding if item.id in known]
    rewrite(again, ["start", "duration_ms", "clusters", "last_version", "withdrawn_at"])
    _withdraw(row, now)


def _new(row: PlanVersion, item: PlanItem, week: Week) -> PlannedItem:
    return PlannedItem(
        unit=row.unit,
        item=item.id,
        title=item.title[:200],
        edition_id=None if item.id in week.sounds else item.edition,
        placement_id=week.placements.get(item.id),
        sound_id=week.sounds.get(item.id),
        language=week.languages[item.id],
        audio_sha256=item.audio.sha256,
        start=item.start,
        duration_ms=item.duration_ms,
        clusters=list(item.clusters),
        first_version=row.version,
        last_version=row.version,
    )


def _new_relay(row: PlanVersion, relay: Relay, week: Week) -> PlannedItem:
    return PlannedItem(
        unit=row.unit,
        item=relay.id,
        title=relay.title[:200],
        relay_id=week.stations[relay.id],
        audio_sha256=relay.sha256,
        start=relay.start,
        duration_ms=relay.duration_ms,
        clusters=list(relay.clusters),
        first_version=row.version,
        last_version=row.version,
    )


def _again(known: PlannedItem, item: PlanItem | Relay, row: PlanVersion) -> PlannedItem:
    known.start, known.duration_ms = item.start, item.duration_ms
    known.clusters = list(item.clusters)
    known.last_version, known.withdrawn_at = row.version, None
    return known


def _withdraw(row: PlanVersion, now: datetime) -> None:
    """What is not over and no longer ordered is withdrawn. What is over just leaves the plan."""
    dropped = PlannedItem.objects.filter(
        unit=row.unit,
        last_version__lt=row.version,
        withdrawn_at__isnull=True,
        start__gt=now - timedelta(days=1),
    )
    gone = [
        item.pk for item in dropped if item.start + timedelta(milliseconds=item.duration_ms) > now
    ]
    PlannedItem.objects.filter(pk__in=gone).update(withdrawn_at=now)
