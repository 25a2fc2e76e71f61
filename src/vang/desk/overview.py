"""The communes that a reader of the district or province looks after, with their counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from vang.bulletins.models import Bulletin, Edition
from vang.desk import loudspeakers
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang.stations.presence import Presence, has_settled, presence
from vang.stations.queries import contact_of, listening


@dataclass(frozen=True)
class Row:
    """One commune: bulletins waiting and released in 7 days, plays missed today, nodes."""

    unit: Unit
    waiting: int
    released: int
    not_heard: int
    nodes: int
    offline: int


def overview(units: Sequence[Unit], now: datetime) -> list[Row]:
    """Counts of every commune in five queries, however many there are."""
    waiting = _counts(Bulletin.objects.filter(unit__in=units, state="IN_REVIEW"), "unit")
    week = now - timedelta(days=7)
    released = _counts(Edition.objects.filter(unit__in=units, released_at__gte=week), "unit")
    unheard = _counts(
        AsRun.objects.filter(loudspeakers.not_heard(now), cluster__unit__in=units), "cluster__unit"
    )
    nodes, offline = _nodes(units, now)
    return [
        Row(
            unit=unit,
            waiting=waiting[unit.pk],
            released=released[unit.pk],
            not_heard=unheard[unit.pk],
            nodes=nodes[unit.pk],
            offline=offline[unit.pk],
        )
        for unit in units
    ]


def _counts(rows: QuerySet[Any], by: str) -> Counter[int]:
    counted = rows.order_by().values(by).annotate(n=Count("pk"))
    return Counter({row[by]: row["n"] for row in counted})


def _nodes(units: Sequence[Unit], now: datetime) -> tuple[Counter[int], Counter[int]]:
    """Nodes in service, and those out of reach, by commune."""
    serving = Node.objects.filter(
        cluster__unit__in=units, cluster__active=True, retired_at=None
    ).select_related("cluster")
    found = list(serving.order_by("pk"))
    since = listening()
    settled = has_settled([contact_of(node) for node in found], since)
    offline = (
        node.cluster.unit_id
        for node in found
        if presence(contact_of(node), since, now=now, settled=settled) == Presence.OFFLINE
    )
    return Counter(node.cluster.unit_id for node in found), Counter(offline)
