"""The communes that somebody of the district or province looks after, with their counts.

Every commune is counted in five queries, three thousand as quickly as ten; then they are searched,
sorted and cut into pages here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from vang.base.clock import local_date
from vang.base.text import fold
from vang.bulletins.models import Bulletin, Edition
from vang.evidence.due import not_heard
from vang.evidence.models import AsRun
from vang.people.access import visible_communes
from vang.people.models import Person
from vang.stations.models import Node
from vang.stations.presence import Contact, Presence, has_settled, presence
from vang.stations.queries import listening

SORTS = ("worst", "name", "waiting", "released", "not_heard", "offline")
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """One commune: bulletins waiting and released in 7 days, plays missed today, nodes."""

    pk: int
    name: str
    waiting: int
    released: int
    not_heard: int
    nodes: int
    offline: int

    @property
    def calm(self) -> bool:
        """Nothing here asks for attention."""
        return not (self.not_heard or self.offline or self.waiting)


@dataclass(frozen=True)
class Totals:
    """All communes together."""

    communes: int
    waiting: int
    released: int
    not_heard: int
    nodes: int
    offline: int


def overview(person: Person, now: datetime) -> list[Row]:
    """Every commune that the person may look at, by name."""
    seen = visible_communes(person, local_date(now))
    units = list(seen.only("pk", "name", "kind", "code", "level"))
    keys = seen.order_by().values("pk")
    waiting = _counts(Bulletin.objects.filter(unit__in=keys, state="IN_REVIEW"), "unit")
    released = _counts(Edition.objects.filter(unit__in=keys, released_at__gte=now - _WEEK), "unit")
    unheard = _counts(AsRun.objects.filter(not_heard(now), cluster__unit__in=keys), "cluster__unit")
    nodes, offline = _nodes(keys, now)
    return [
        Row(
            pk=unit.pk,
            name=unit.full_name,
            waiting=waiting[unit.pk],
            released=released[unit.pk],
            not_heard=unheard[unit.pk],
            nodes=nodes[unit.pk],
            offline=offline[unit.pk],
        )
        for unit in units
    ]


def totals(rows: Sequence[Row]) -> Totals:
    """What the whole area comes to."""
    return Totals(
        communes=len(rows),
        waiting=sum(row.waiting for row in rows),
        released=sum(row.released for row in rows),
        not_heard=sum(row.not_heard for row in rows),
        nodes=sum(row.nodes for row in rows),
        offline=sum(row.offline for row in rows),
    )


def arranged(rows: Iterable[Row], *, sort: str, words: str = "") -> list[Row]:
    """Those whose name holds all ``words`` (typed without marks too), in the order of ``sort``."""
    wanted = fold(words).split()
    found = [row for row in rows if all(word in fold(row.name) for word in wanted)]
    if sort == "name":
        return sorted(found, key=lambda row: (fold(row.name), row.pk))
    if sort in {"waiting", "released", "not_heard", "offline"}:
        return sorted(found, key=lambda row: (-getattr(row, sort), fold(row.name)))
    return sorted(
        found, key=lambda row: (-row.not_heard, -row.offline, -row.waiting, fold(row.name))
    )


def _counts(rows: QuerySet[Any], by: str) -> Counter[int]:
    counted = rows.order_by().values(by).annotate(n=Count("pk"))
    return Counter({row[by]: row["n"] for row in counted})


def _nodes(units: QuerySet[Any], now: datetime) -> tuple[Counter[int], Counter[int]]:
    """Nodes in service, and those out of reach, by commune."""
    serving = Node.objects.filter(
        cluster__unit__in=units, cluster__active=True, retired_at=None
    ).order_by()
    rows = list(serving.values_list("cluster__unit", "last_seen_at", "every_s", "left_at"))
    contacts = [(unit, Contact(seen, every_s, left)) for unit, seen, every_s, left in rows]
    since = listening()
    settled = has_settled([contact for _unit, contact in contacts], since)
    offline = Counter(
        unit
        for unit, contact in contacts
        if presence(contact, since, now=now, settled=settled) == Presence.OFFLINE
    )
    return Counter(unit for unit, _contact in contacts), offline
