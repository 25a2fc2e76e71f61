"""Reading plans: the newest of a unit, what it orders, which files it needs."""

import base64
import json
from functools import lru_cache

from django.db.models import QuerySet

from vang.dispatch.models import PlanCopy, PlanVersion
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang_protocol.plans import Plan, parse_plan


def newest_plan(unit: Unit) -> PlanVersion | None:
    """The plan in force, with its bytes."""
    return PlanVersion.objects.filter(unit=unit).order_by("-version").first()


def plan_for(node: Node) -> PlanVersion | PlanCopy | None:
    """The plan in force as the node can verify it, with its bytes."""
    if node.home_id is None:
        return newest_plan(node.cluster.unit)
    return _copies(node).first()


def hash_for(node: Node) -> str | None:
    """The SHA-256 of its bytes, without reading them."""
    if node.home_id is None:
        return newest_hash(node.cluster.unit)
    return _copies(node).values_list("sha256", flat=True).first()


def _copies(node: Node) -> QuerySet[PlanCopy]:
    mine = PlanCopy.objects.filter(plan__unit=node.cluster.unit_id, home=node.home_id)
    return mine.order_by("-plan__version")


def newest_hash(unit: Unit) -> str | None:
    """The SHA-256 of the newest plan's bytes, without reading them."""
    hashes = PlanVersion.objects.filter(unit=unit).order_by("-version")
    return hashes.values_list("sha256", flat=True).first()


def orders(row: PlanVersion | PlanCopy) -> Plan:
    """What a stored plan says. Its signature was checked before it was stored."""
    return parse_plan(base64.b64decode(json.loads(bytes(row.envelope))["payload"]))


def needs_file(unit: Unit, cluster: str, sha256: str) -> bool:
    """Whether the newest plan sends this file to the cluster."""
    plan = newest_hash(unit)
    return plan is not None and cluster in _files(unit.pk, plan).get(sha256, frozenset())


@lru_cache(maxsize=64)
def _files(unit: int, plan_sha256: str) -> dict[str, frozenset[str]]:
    """Clusters by file hash. A plan's bytes never change, so neither does this."""
    row = PlanVersion.objects.get(unit=unit, sha256=plan_sha256)
    found: dict[str, set[str]] = {}
    for item in orders(row).items:
        found.setdefault(item.audio.sha256, set()).update(item.clusters)
    return {sha256: frozenset(clusters) for sha256, clusters in found.items()}
