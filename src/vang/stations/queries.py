"""Reading clusters, their nodes and who is there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from vang.base.languages import VIETNAMESE
from vang.orgs.models import Unit
from vang.stations.models import Attendance, Cluster, Node
from vang.stations.positions import Position
from vang.stations.presence import Contact, Listening, Presence, has_settled, presence


@dataclass(frozen=True)
class Coverage:
    """A cluster and the village codes it is heard in."""

    pk: int
    code: str
    villages: frozenset[str]

    def reaches(self, audience: Collection[str]) -> bool:
        """Whether anybody of ``audience`` (village codes, empty for all) hears this cluster."""
        return not audience or self.code in audience or not self.villages.isdisjoint(audience)


def coverage(unit: Unit) -> list[Coverage]:
    """The active clusters of a commune by code."""
    clusters = Cluster.objects.filter(unit=unit, active=True).order_by("code")
    return [
        Coverage(cluster.pk, cluster.code, frozenset(v.code for v in cluster.villages.all()))
        for cluster in clusters.prefetch_related("villages")
    ]


def clusters_for(unit: Unit, audience: Collection[str]) -> list[str]:
    """Codes, sorted, of the active clusters that reach ``audience`` (village codes)."""
    return [cluster.code for cluster in coverage(unit) if cluster.reaches(audience)]


def languages_wanted(unit: Unit, audience: Collection[str]) -> dict[str, list[str]]:
    """By language of their hearers: names of the active clusters that reach ``audience``."""
    clusters = Cluster.objects.filter(unit=unit, active=True)
    if codes := list(audience):
        heard = Q(villages__code__in=codes) | Q(code__in=codes)
        clusters = clusters.filter(heard).distinct()
    wanted: dict[str, list[str]] = {}
    for language, name in clusters.order_by("name", "code").values_list("language", "name"):
        wanted.setdefault(language, []).append(name)
    return wanted


def foreign_here() -> Exists:
    """Whether some cluster in the unit of a row speaks another language than Vietnamese."""
    here = Cluster.objects.filter(unit=OuterRef("unit"), active=True)
    return Exists(here.exclude(language=VIETNAMESE))


def trusted() -> Q:
    """Devices whose word counts: in service, and not suspended."""
    return Q(retired_at__isnull=True, suspended_at__isnull=True)


def node_in_service(node: str) -> Node | None:
    """The node with its cluster and commune, unless it was withdrawn or never existed."""
    found = Node.objects.filter(pk=node, retired_at__isnull=True)
    return found.select_related("cluster__unit", "home").order_by("pk").first()


def codes_known() -> dict[int, frozenset[str]]:
    """Codes by which devices in service know themselves besides their commune's, by its key."""
    rows = Node.objects.filter(retired_at__isnull=True, home__isnull=False).order_by()
    found: dict[int, set[str]] = {}
    for unit, code in rows.values_list("cluster__unit", "home__code").distinct():
        found.setdefault(unit, set()).add(code)
    return {unit: frozenset(codes) for unit, codes in found.items()}


def listening() -> Listening | None:
    row = Attendance.objects.order_by("pk").first()
    return Listening(row.began_at, row.last_at) if row else None


def contact_of(node: Node) -> Contact:
    return Contact(node.last_seen_at, node.every_s, node.left_at)


@dataclass(frozen=True)
class Station:
    """A cluster with the node in service on it, if any, and whether it is there."""

    cluster: Cluster
    node: Node | None
    presence: Presence


def stations(unit: Unit, *, now: datetime) -> list[Station]:
    """Every cluster of a commune, active ones first, with its node and presence."""
    clusters = list(with_nodes(Cluster.objects.filter(unit=unit)).annotate(**_attended()))
    for cluster in clusters:
        cluster.unit = unit  # known: not to be asked for again
    nodes = [node for cluster in clusters for node in cluster.nodes.all()]
    since, settled = _outlook(clusters, nodes)
    return [_station(cluster, since, now, settled=settled) for cluster in clusters]


def serving_stations(unit: Unit, *, now: datetime) -> list[Station]:
    """The clusters in service that have a device, by name, without their villages: one query."""
    nodes = Node.objects.filter(
        retired_at__isnull=True, cluster__active=True, cluster__unit=unit
    ).select_related("cluster")
    in_order = nodes.order_by("cluster__name", "cluster__code", "pk")
    found = list(in_order.annotate(**_attended()))
    since, settled = _outlook(found, found)
    return [
        Station(node.cluster, node, presence(contact_of(node), since, now=now, settled=settled))
        for node in found
    ]


def bare_clusters(unit: Unit) -> QuerySet[Cluster]:
    """Clusters in service that have no device, by name."""
    serving = Node.objects.filter(cluster=OuterRef("pk"), retired_at__isnull=True)
    bare = Cluster.objects.filter(~Exists(serving), unit=unit, active=True)
    return bare.order_by("name", "code")


def middles(units: Collection[int], *, formerly: bool = False) -> dict[int, Position]:
    """By key of the unit: the mean position of the clusters in it or below it, where known.

    ``formerly``: those too that were enrolled in it and belong to another unit now. One query.
    """
    placed = Cluster.objects.filter(latitude__isnull=False).order_by()
    line = ("unit", "unit__parent", "unit__parent__parent")
    here = Q(*((f"{one}__in", units) for one in line), _connector=Q.OR)
    rows = placed.filter(here).values_list("pk", "latitude", "longitude", *line)
    if formerly:
        home = F("nodes__home")
        went = placed.filter(nodes__home__in=units)
        rows = rows.union(went.values_list("pk", "latitude", "longitude", home, home, home))
    found: dict[int, list[Position]] = defaultdict(list)
    for _cluster, north, east, *above in rows:
        for unit in set(above).intersection(units):
            found[unit].append((north, east))
    return {
        unit: (fmean(n for n, _e in at), fmean(e for _n, e in at)) for unit, at in found.items()
    }


def with_nodes(clusters: QuerySet[Cluster]) -> QuerySet[Cluster]:
    serving = Node.objects.filter(retired_at__isnull=True)
    return clusters.order_by("-active", "name", "code").prefetch_related(
        Prefetch("nodes", queryset=serving), "villages"
    )


def _attended() -> dict[str, Subquery]:
    """What :func:`listening` reads, to come along with rows."""
    rows = Attendance.objects.order_by("pk")
    columns = {"heard_from": "began_at", "heard_until": "last_at"}
    return {name: Subquery(rows.values(column)[:1]) for name, column in columns.items()}


def _outlook(rows: Sequence[Any], nodes: Iterable[Node]) -> tuple[Listening | None, bool]:
    """Of rows that came with :func:`_attended`."""
    here = next((row for row in rows if row.heard_from is not None), None)
    since = Listening(here.heard_from, here.heard_until) if here else None
    return since, has_settled([contact_of(node) for node in nodes], since)


def _station(cluster: Cluster, since: Listening | None, now: datetime, *, settled: bool) -> Station:
    node = next(iter(cluster.nodes.all()), None)
    if node is None:
        return Station(cluster, None, Presence.NEVER)
    return Station(cluster, node, presence(contact_of(node), since, now=now, settled=settled))
