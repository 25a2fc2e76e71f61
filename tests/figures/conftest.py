"""Commune A on the air: two clusters, a released bulletin, and rows of its as-run log at will."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.bulletins import newsroom
from tests.dispatch.radio import cluster_in
from vang.airtime.models import Placement
from vang.base.clock import VIETNAM, ManualClock, SystemClock, use_clock
from vang.bulletins.models import Edition
from vang.dispatch.models import PlannedItem
from vang.evidence.changes import plays_changed
from vang.evidence.models import AsRun
from vang.figures.services import recount_due
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

TODAY = date(2026, 6, 10)


@dataclass
class Air:
    """``heard`` and the others write one row of the as-run log, as evidence would."""

    unit: Unit
    edition: Edition
    clusters: list[Cluster]
    by: Person
    now: datetime
    rows: list[AsRun] = field(default_factory=list)

    def play(self, day: date = TODAY, at: time = time(5), cluster: int = 0, **told: Any) -> AsRun:
        start = datetime.combine(day, at, VIETNAM).astimezone(UTC)
        placement, _new = Placement.objects.get_or_create(
            unit=self.unit,
            edition=self.edition,
            kind=told.pop("kind", "ONCE"),
            start=start,
            placed_by=self.by,
            placed_at=told.pop("placed_at", start - timedelta(days=1)),
        )
        planned, _new = PlannedItem.objects.get_or_create(
            unit=self.unit,
            item=f"o{placement.pk}",
            defaults={
                "edition": self.edition,
                "placement": placement,
                "audio_sha256": "0" * 64,
                "start": start,
                "duration_ms": 60_000,
                "first_version": 1,
                "last_version": 1,
            },
        )
        row = AsRun.objects.create(
            planned=planned,
            cluster=self.clusters[cluster],
            planned_start=start,
            changed_at=self.now,
            **told,
        )
        self.told()
        return row

    def heard(self, *, late_s: float = 0, ms: int = 60_000, **more: Any) -> AsRun:
        row = self.play(state="DONE", played_ms=ms, error_us=int(late_s * 1_000_000), **more)
        row.actual_start = row.planned_start + timedelta(seconds=late_s)
        row.save()
        return row

    def told(self) -> None:
        """The listeners hear of a change, as from whoever writes the log."""
        rows = AsRun.objects.filter(cluster__unit=self.unit).order_by()
        plays_changed(self.unit, rows.values_list("planned_start", flat=True), self.now)

    def counted(self) -> int:
        """What the worker does."""
        return recount_due(now=self.now)


@pytest.fixture(autouse=True)
def _clock_stands(now: datetime) -> Iterator[None]:
    use_clock(ManualClock(now))
    yield
    use_clock(SystemClock())


@pytest.fixture
def air(xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime) -> Air:
    edition = newsroom.released(xa_a, an, binh, now - timedelta(days=1))
    clusters = [cluster_in(xa_a, tech, now, name) for name in ("Cụm 1", "Cụm 2")]
    return Air(xa_a, edition, clusters, an, now)
