"""What the loudspeakers do today: what comes, and what has just been."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from vang.base.clock import local_date
from vang.dispatch.models import PlannedItem
from vang.evidence.models import AsRun
from vang.evidence.queries import day_bounds
from vang.orgs.models import Unit

_SHOWN = 5
_WORST_FIRST = ("PLAYING", "MISSED", "PARTIAL", "UNKNOWN", "STOPPED", "PLANNED", "DONE")


@dataclass(frozen=True)
class OnAir:
    """One occurrence: how many loudspeakers it is for and how many stand in which state."""

    item: PlannedItem
    counts: dict[str, int]

    @property
    def state(self) -> str:
        """The worst that is known, as one word for a badge."""
        for state in _WORST_FIRST:
            if self.counts.get(state):
                return state
        return "WITHDRAWN" if self.counts.get("WITHDRAWN") else "PLANNED"

    @property
    def played(self) -> int:
        return self.counts.get("DONE", 0)

    @property
    def clusters(self) -> int:
        return len(self.item.clusters)


@dataclass(frozen=True)
class Air:
    """``coming``: the rest of today, or the very next thing; ``lately``: the last 24 hours, latest
    first."""

    coming: list[OnAir]
    lately: list[OnAir]


def air_of(unit: Unit, now: datetime) -> Air:
    """One query, whatever is planned."""
    planned = PlannedItem.objects.filter(unit=unit, withdrawn_at=None)
    ahead = planned.filter(start__gt=now).order_by("start", "item")[:_SHOWN]
    past = planned.filter(start__lte=now, start__gte=now - timedelta(days=1))
    before = past.order_by("-start", "item")[:_SHOWN]
    wanted = Q(pk__in=ahead.values("pk")) | Q(pk__in=before.values("pk"))
    # PostgreSQL reads the whole table for the one or the other unless told where both lie.
    around = Q(unit=unit, start__gte=now - timedelta(days=1))
    found = _told(_counted().filter(around, wanted).order_by("start", "item"))
    coming, ends = [one for one in found if one.item.start > now], day_bounds(local_date(now))[1]
    today = [one for one in coming if one.item.start < ends]
    lately = [one for one in reversed(found) if one.item.start <= now]
    return Air(today or coming[:1], lately)


def _counted() -> QuerySet[PlannedItem]:
    """With how many as-run rows stand in each state."""
    counts = {
        f"n_{state}": Count("as_run", filter=Q(as_run__state=state)) for state in AsRun.State.values
    }
    found = PlannedItem.objects.annotate(**counts).select_related("edition")
    return found.defer("edition__text")


def _told(rows: Iterable[PlannedItem]) -> list[OnAir]:
    states = AsRun.State.values
    return [OnAir(item, {s: getattr(item, f"n_{s}") for s in states}) for item in rows]
