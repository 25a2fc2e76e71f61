"""What the loudspeakers do and did: today's air, and what is wrong with them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from vang.base.clock import local_date
from vang.dispatch.models import PlannedItem
from vang.evidence.models import AsRun
from vang.evidence.queries import day_bounds
from vang.orgs.models import Unit
from vang.stations.models import Cluster
from vang.stations.presence import Presence
from vang.stations.queries import Station, stations

_SHOWN = 5
_AMISS = (AsRun.State.MISSED, AsRun.State.PARTIAL, AsRun.State.UNKNOWN)


@dataclass(frozen=True)
class OnAir:
    """One occurrence: how many loudspeakers it is for and how many stand in which state."""

    item: PlannedItem
    counts: Counter[str]

    @property
    def state(self) -> str:
        """The worst that is known, as one word for a badge."""
        for state in ("PLAYING", "MISSED", "PARTIAL", "UNKNOWN", "STOPPED", "PLANNED", "DONE"):
            if self.counts[state]:
                return state
        return "WITHDRAWN" if self.counts else "PLANNED"

    @property
    def played(self) -> int:
        return self.counts["DONE"]

    @property
    def clusters(self) -> int:
        return len(self.item.clusters)


def coming(unit: Unit, now: datetime) -> list[OnAir]:
    """The next things on the air today; when the day has none left, the very next one."""
    planned = _planned(unit).filter(start__gt=now).order_by("start", "item")
    rest_of_day = list(planned.filter(start__lt=day_bounds(local_date(now))[1])[:_SHOWN])
    return _on_air(rest_of_day or planned[:1])


def lately(unit: Unit, now: datetime) -> list[OnAir]:
    """What began in the last 24 hours, latest first."""
    since = now - timedelta(days=1)
    planned = _planned(unit).filter(start__lte=now, start__gte=since)
    return _on_air(planned.order_by("-start", "item")[:_SHOWN])


def _planned(unit: Unit) -> QuerySet[PlannedItem]:
    found = PlannedItem.objects.filter(unit=unit, withdrawn_at=None)
    return found.select_related("edition").defer("edition__text").prefetch_related("as_run")


def _on_air(items: Iterable[PlannedItem]) -> list[OnAir]:
    return [OnAir(item, Counter(row.state for row in item.as_run.all())) for item in items]


def not_heard(now: datetime) -> Q:
    """Plays of today that villagers did not hear, not whole, or not surely."""
    begin, end = day_bounds(local_date(now))
    doubtful = Q(state__in=_AMISS) | Q(state=AsRun.State.DONE) & ~Q(reason="")
    return doubtful & Q(planned_start__gte=begin, planned_start__lt=end)


def not_heard_today(unit: Unit, now: datetime) -> QuerySet[AsRun]:
    """Latest first, with what a line of the work list tells."""
    rows = AsRun.objects.filter(not_heard(now), cluster__unit=unit)
    found = rows.select_related("cluster", "planned__edition").defer("planned__edition__text")
    return found.order_by("-planned_start", "cluster__name", "pk")


@dataclass(frozen=True)
class Equipment:
    """The commune's active loudspeakers by what is wrong with them."""

    total: int
    bare: list[Station]
    offline: list[Station]
    broken: list[Station]


def equipment(unit: Unit, now: datetime) -> Equipment:
    """Loudspeakers without a device, out of reach, and those that report a failed output."""
    active = [found for found in stations(unit, now=now) if found.cluster.active]
    return Equipment(
        total=len(active),
        bare=[found for found in active if found.node is None],
        offline=[found for found in active if found.presence == Presence.OFFLINE],
        broken=[found for found in active if _broken(found)],
    )


def _broken(station: Station) -> bool:
    if station.node is None or station.presence != Presence.ONLINE:
        return False
    return station.node.state.get("sink") in {"failed", "silent"}


def has_clusters(unit: Unit) -> bool:
    """Whether any loudspeaker of the commune is in service."""
    return Cluster.objects.filter(unit=unit, active=True).exists()
