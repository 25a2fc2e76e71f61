"""Gathering the evidence of one alert from what the server keeps."""

import json
from collections.abc import Iterable
from datetime import datetime

from vang.alerts.models import Alert, AlertOrder
from vang.alerts.proof.bundle import Bundle, Ordered, Shown, Spoke
from vang.base.refusals import Refusal
from vang.dispatch.models import CommandDelivery
from vang.evidence.models import JournalRecord
from vang.stations.models import Node
from vang.trust import folder
from vang.trust.models import PolicyVersion
from vang_protocol.instants import format_instant

NAMING = ("order-accepted", "play-started", "play-ended", "missed", "order-refused")


def bundle_of(alert: Alert, *, now: datetime) -> Bundle:
    """Raises Refusal when nothing was ever sent, or the policy of that time is not kept."""
    orders = list(alert.orders.filter(sent_at__isnull=False).order_by("sent_at"))
    if not orders:
        raise Refusal("alert-never-sent", "The alert was never sent: there is nothing to prove.")
    root, targets, policy = _trust_at(orders[0].sent_at or now)
    return Bundle(
        alert=alert.identifier,
        headline=_headline(alert),
        made_at=format_instant(now),
        root=root,
        targets=targets,
        policy=policy,
        orders=tuple(map(_order, orders)),
        nodes=tuple(_nodes(orders)),
    )


def _headline(alert: Alert) -> str:
    text = alert.version.texts.first()
    return text.headline if text else ""


def _order(order: AlertOrder) -> Ordered:
    approvals = order.approvals.select_related("person").order_by("at")
    return Ordered(
        bytes(order.envelope).decode(),
        order.manifest,
        tuple(
            Shown(one.person.full_name, one.payload_sha256, format_instant(one.at), one.displayed)
            for one in approvals
        ),
    )


def _trust_at(moment: datetime) -> tuple[str, str, str]:
    """Root, targets and policy as they were in force when the alert was sent."""
    published = PolicyVersion.objects.filter(published_at__lte=moment).order_by("-number").first()
    if published is None:
        raise Refusal("no-policy", "No policy was in force when the alert was sent.")
    for version in range(folder.newest_version(folder.folder(), "targets"), 0, -1):
        targets = folder.file(f"metadata/{version}.targets.json")
        if targets is not None and _policy_in(targets) == published.sha256:
            payload = folder.file(f"targets/{published.sha256}.policy.json")
            if payload is not None:
                return folder.root_text(), targets.decode(), payload.decode()
    raise Refusal("no-policy", "The policy that was in force is not kept on this server.")


def _policy_in(targets: bytes) -> str:
    told = json.loads(targets)["signed"]["targets"]
    return str(told.get("policy.json", {}).get("hashes", {}).get("sha256", ""))


def _nodes(orders: Iterable[AlertOrder]) -> Iterable[Spoke]:
    names = [order.command for order in orders]
    deliveries = CommandDelivery.objects.filter(command__in=names).prefetch_related("receipts")
    told: dict[str, list[str]] = {}
    for delivery in deliveries.order_by("command__sent_at"):
        receipts = told.setdefault(delivery.node_id, [])
        receipts += [bytes(one.envelope).decode() for one in delivery.receipts.all()]
    nodes = Node.objects.filter(pk__in=told).select_related("cluster__unit", "home")
    for node in nodes.order_by("cluster__name", "pk"):
        yield Spoke(
            node.pk,
            node.obeys.code,
            node.cluster.code,
            node.public_key,
            tuple(told[node.pk]),
            tuple(_slice(node, names)),
        )


def _slice(node: Node, commands: Iterable[str]) -> list[str]:
    """The lines of its journal from the first that names a command to the one after the last,
    which holds it."""
    found = JournalRecord.objects.filter(node=node, kind__in=NAMING)
    naming = [
        row.seq
        for row in found.order_by("-seq")[:2_000]
        if any(f'command-{name}"' in row.line or f'"{name}"' in row.line for name in commands)
    ]
    if not naming:
        return []
    rows = JournalRecord.objects.filter(node=node, seq__range=(min(naming), max(naming) + 1))
    return list(rows.order_by("seq").values_list("line", flat=True)[:10_000])
