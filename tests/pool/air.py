"""What was heard, written down as if a node had told it."""

from datetime import datetime

from tests.pool.sharing import aired
from vang.airtime.models import Placement
from vang.bulletins.models import Bulletin, Edition
from vang.dispatch.models import PlannedItem
from vang.evidence.models import AsRun
from vang.people.models import Person
from vang.stations.models import Cluster


def hear(bulletin: Bulletin, approver: Person, at: datetime, *, ms: int = 60_000) -> Edition:
    """Approve, release and play it at that moment on the commune's first cluster."""
    edition = aired(bulletin, approver, at)
    play(edition, approver, at, ms=ms)
    return edition


def play(edition: Edition, by: Person, at: datetime, *, ms: int = 60_000) -> AsRun:
    cluster = Cluster.objects.filter(unit=edition.unit).first()
    if cluster is None:
        cluster = Cluster.objects.create(unit=edition.unit, code=f"c{edition.unit_id}", name="Cụm")
    placement = Placement.objects.create(
        unit=edition.unit, edition=edition, kind="ONCE", start=at, placed_by=by, placed_at=at
    )
    planned = PlannedItem.objects.create(
        unit=edition.unit,
        item=f"i{placement.pk}",
        edition=edition,
        placement=placement,
        start=at,
        duration_ms=ms,
        clusters=[cluster.code],
        first_version=1,
        last_version=1,
    )
    return AsRun.objects.create(
        planned=planned,
        cluster=cluster,
        state=AsRun.State.DONE,
        planned_start=at,
        actual_start=at,
        played_ms=ms,
        changed_at=at,
    )
