"""Which devices a release is for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Count, QuerySet

from vang.base.clock import local_date
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below
from vang.rollouts.models import Release, Turn
from vang.stations.models import Node
from vang.stations.queries import trusted

HEARD_LATELY = timedelta(minutes=10)


def in_territory(unit: Unit, *, now: datetime) -> QuerySet[Node]:
    """In service, trusted, in a commune at or below the unit."""
    communes = communes_below(unit, local_date(now)).order_by()
    return Node.objects.filter(
        trusted(), cluster__active=True, cluster__unit__in=communes
    ).order_by("pk")


def taking(nodes: QuerySet[Node]) -> QuerySet[Node]:
    """Those that can take a release by themselves, and go back."""
    return nodes.filter(state__release__version__isnull=False)


def has(node: Node, release: Release) -> bool:
    """Whether it said that it runs the release for good."""
    said = node.state.get("release") or {}
    if not said.get("healthy"):
        return False
    if release.sort == Release.Sort.SOFTWARE:
        return str(said.get("version")) == release.version
    return str(said.get("configuration")) == release.version


def version_of(node: Node, sort: str) -> str:
    """What it had, as a version of this sort; "" when it never said."""
    said = node.state.get("release") or {}
    key = "version" if sort == Release.Sort.SOFTWARE else "configuration"
    return str(said.get(key, ""))


def wanting(unit: Unit, release: Release, *, now: datetime) -> list[Node]:
    """Devices that do not have it and are in no other roll-out: those heard lately first, else in
    an order that nobody chose."""
    busy = Turn.objects.filter(open=True).values("node")
    nodes = taking(in_territory(unit, now=now)).exclude(pk__in=busy)
    found = [node for node in nodes.only("pk", "state", "last_seen_at") if not has(node, release)]
    return sorted(found, key=lambda node: _order(node, release, now))


def _order(node: Node, release: Release, now: datetime) -> tuple[bool, str]:
    silent = node.last_seen_at is None or node.last_seen_at < now - HEARD_LATELY
    return silent, sha256(f"{release.pk}:{node.pk}".encode()).hexdigest()


def versions_in_use(unit: Unit, *, now: datetime) -> list[tuple[str, int]]:
    """Software by how many devices of the territory run it, the most first."""
    rows = in_territory(unit, now=now).values("state__software").annotate(n=Count("pk"))
    found = [(_short(row["state__software"]), row["n"]) for row in rows.order_by("-n")]
    return list(_summed(found))


def _short(software: str | None) -> str:
    return (software or "").removeprefix("vang-node ")


def _summed(rows: Iterable[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    found: dict[str, int] = {}
    for name, count in rows:
        found[name] = found.get(name, 0) + count
    return sorted(found.items(), key=lambda row: -row[1])
