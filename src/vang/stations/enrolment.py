"""Devices come into service with a one-time code and leave it for good."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.people.models import Person
from vang.stations.changes import clusters_changed, code_issued, node_barred
from vang.stations.codes import LASTS, code_hash, new_code
from vang.stations.models import Cluster, EnrolmentCode, Node
from vang.stations.notices import settle_doubts
from vang_protocol.envelopes import PublicKey
from vang_protocol.reasons import Reason, Refused


@dataclass(frozen=True)
class IssuedCode:
    """A code as it is shown this once; ``row`` holds its hash only."""

    code: str
    row: EnrolmentCode


@transaction.atomic
def issue_enrolment_code(
    cluster: Cluster, *, by: Person, now: datetime, virtual: bool = False
) -> IssuedCode:
    """A new code for the cluster's next device; codes issued before it stop working."""
    if not cluster.active:
        raise Refusal("cluster-inactive", _("The cluster is out of service."))
    EnrolmentCode.objects.filter(cluster=cluster, used_at__isnull=True, expires_at__gt=now).update(
        expires_at=now
    )
    code = new_code()
    row = EnrolmentCode.objects.create(
        cluster=cluster,
        code_hash=code_hash(code),
        created_by=by,
        created_at=now,
        expires_at=now + LASTS,
        virtual=virtual,
    )
    code_issued(cluster.pk)
    record("node.code-issued", f"cluster:{cluster.pk}", by=by, unit=cluster.unit, now=now)
    return IssuedCode(code, row)


@transaction.atomic
def enrol_node(
    *,
    code: str,
    public_key: PublicKey,
    name: str,
    software: str,
    now: datetime,
    rooted: bool = True,
) -> Node:
    """Put the device that holds ``public_key`` into service on the code's cluster.

    ``rooted``: whether it is given the province's root now; without it, it obeys no order.

    It replaces the node there. Raises Refused(CODE_UNKNOWN, CODE_USED, CODE_EXPIRED,
    BAD_FIELDS for a key that another device has already enrolled).
    """
    row = _use_code(code, now)
    if Node.objects.filter(public_key=public_key.public).exists():
        raise Refused(Reason.BAD_FIELDS, "public_key: has been enrolled before")
    for old in Node.objects.filter(cluster=row.cluster, retired_at__isnull=True):
        _retire(old, by=row.created_by, now=now, replaced=True)
    node = Node.objects.create(
        id=f"n{secrets.token_hex(8)}",
        cluster=row.cluster,
        public_key=public_key.public,
        name=" ".join(clean_text(name).split()),
        software=clean_text(software),
        virtual=row.virtual,
        enrolled_at=now,
        rooted=rooted,
    )
    record(
        "node.enrolled",
        f"node:{node.pk}",
        by=row.created_by,
        unit=row.cluster.unit,
        now=now,
        about=[f"cluster:{row.cluster_id}"],
        cluster=row.cluster.code,
        public_key=public_key.public,
    )
    clusters_changed(row.cluster.unit_id)
    return node


@transaction.atomic
def retire_node(node: Node, *, by: Person, now: datetime) -> Node:
    """Take a device out of service for good: nothing it sends is accepted afterwards."""
    serving = Node.objects.select_for_update().filter(pk=node.pk, retired_at__isnull=True)
    current = serving.select_related("cluster__unit").first()
    if current is None:
        raise Refusal("node-retired", _("The device has already been taken out of service."))
    _retire(current, by=by, now=now, replaced=False)
    clusters_changed(current.cluster.unit_id)
    return current


def retire_node_on(cluster: Cluster, *, by: Person, now: datetime) -> Node:
    """Take the cluster's device out of service. Raises Refusal when there is none."""
    serving = Node.objects.filter(cluster=cluster, retired_at__isnull=True).first()
    if serving is None:
        raise Refusal("no-node", _("The cluster has no device."))
    return retire_node(serving, by=by, now=now)


def _use_code(code: str, now: datetime) -> EnrolmentCode:
    row = EnrolmentCode.objects.filter(code_hash=code_hash(code)).first()
    if row is None:
        raise Refused(Reason.CODE_UNKNOWN)
    if row.used_at is not None:
        raise Refused(Reason.CODE_USED)
    if now >= row.expires_at:
        raise Refused(Reason.CODE_EXPIRED)
    # Two devices with the same code at the same moment: only one update finds the row unused.
    if not EnrolmentCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now):
        raise Refused(Reason.CODE_USED)
    return EnrolmentCode.objects.select_related("cluster__unit", "created_by").get(pk=row.pk)


def _retire(node: Node, *, by: Person, now: datetime, replaced: bool) -> None:
    node.retired_at = now
    node.save(update_fields=["retired_at"])
    record(
        "node.retired",
        f"node:{node.pk}",
        by=by,
        unit=node.cluster.unit,
        now=now,
        about=[f"cluster:{node.cluster_id}"],
        cluster=node.cluster.code,
        replaced=replaced,
    )
    settle_doubts(node, now=now)
    node_barred(node.pk)
