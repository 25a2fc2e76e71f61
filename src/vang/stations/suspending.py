"""One device in two places: noticed, told, and stopped when a person says so.

A copied card holds the device's key, so nothing that either of the two sends can be told apart.
What betrays them: two journals that part after the copy (vang.evidence finds the fork), and two
running programs that take turns (vang.stations.contacts sees a start come back).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.people.models import Person
from vang.stations.changes import node_barred
from vang.stations.models import Cluster, Node
from vang.stations.notices import settle_doubts, tell_of_doubt


@transaction.atomic
def doubt(node: Node, *, now: datetime, why: str) -> bool:
    """There may be two of it: tell whoever looks after it, once. ``why`` is for the journal."""
    noted = Node.objects.filter(pk=node.pk, doubted_at__isnull=True).update(doubted_at=now)
    if not noted:
        return False
    cluster = node.cluster
    about = [f"cluster:{cluster.pk}"]
    record("node.doubted", f"node:{node.pk}", by=None, unit=cluster.unit, now=now, about=about,
           why=why)  # fmt: skip
    tell_of_doubt(node, now=now)
    return True


@transaction.atomic
def suspend(cluster: Cluster, *, by: Person, now: datetime) -> Node:
    """From now on nothing of the cluster's device is accepted and its link is ended.

    Raises Refusal.
    """
    node = _serving(cluster)
    if node.suspended_at is not None:
        raise Refusal("node-suspended", _("The device is suspended already."))
    node.suspended_at, node.suspended_by = now, by
    node.save(update_fields=["suspended_at", "suspended_by"])
    _note("node.suspended", node, by, now)
    node_barred(node.pk)
    return node


@transaction.atomic
def trust_again(cluster: Cluster, *, by: Person, now: datetime) -> Node:
    """Somebody looked: there is one device, and it is this one. Raises Refusal."""
    node = _serving(cluster)
    if node.suspended_at is None and node.doubted_at is None:
        raise Refusal("node-trusted", _("The device is neither doubted nor suspended."))
    node.suspended_at = node.suspended_by = node.doubted_at = None
    node.former_boot = ""
    node.save(update_fields=["suspended_at", "suspended_by", "doubted_at", "former_boot"])
    _note("node.trusted-again", node, by, now)
    return node


def _serving(cluster: Cluster) -> Node:
    found = Node.objects.select_for_update(of=("self",)).select_related("cluster__unit")
    node = found.filter(cluster=cluster, retired_at__isnull=True).first()
    if node is None:
        raise Refusal("no-node", _("The cluster has no device."))
    return node


def _note(action: str, node: Node, by: Person, now: datetime) -> None:
    cluster = node.cluster
    about = [f"cluster:{cluster.pk}"]
    record(action, f"node:{node.pk}", by=by, unit=cluster.unit, now=now, about=about)
    settle_doubts(node, now=now)
