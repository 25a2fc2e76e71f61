"""Telling technicians of a loudspeaker that fell silent, once an outage."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_datetime
from vang.notices.kinds import Kind
from vang.notices.models import Mail, Notice
from vang.notices.recipients import Holders
from vang.notices.services import notify, settle
from vang.people.roles import Role
from vang.stations.models import Node
from vang.stations.presence import Presence, has_settled, presence
from vang.stations.queries import contact_of, listening

SILENT = "cluster-silent"
DOUBTED = "device-doubted"
_TECHNICIANS = frozenset({Role.TECHNICIAN.value})
_KEEPERS = _TECHNICIANS | {Role.ADMINISTRATOR.value}
KINDS = (
    Kind(SILENT, _("a loudspeaker is out of contact"), "wifi-off", Mail.AT_ONCE, _TECHNICIANS,
         "bad"),
    Kind(DOUBTED, _("a device may have been copied"), "copy", Mail.AT_ONCE, _KEEPERS, "bad"),
)  # fmt: skip

PATIENCE = timedelta(minutes=10)
_LATELY = timedelta(days=1)


def tell_of_silence(*, now: datetime) -> int:
    """For the worker's tick. Returns how many people were told of how many outages."""
    _settle_those_back(now)
    silent = list(_silent_lately(now))
    known = set(
        Notice.objects.filter(once__in=[_once(node) for node in silent]).values_list(
            "once", flat=True
        )
    )
    fresh = [node for node in silent if _once(node) not in known]
    return sum(_tell(node, now) for node in _really_offline(fresh, now))


def _silent_lately(now: datetime) -> list[Node]:
    return list(
        _serving()
        .filter(last_seen_at__gt=now - _LATELY, last_seen_at__lt=now - PATIENCE)
        .select_related("cluster__unit__parent__parent")
        .order_by("pk")
    )


def _really_offline(nodes: list[Node], now: datetime) -> list[Node]:
    """Not those whose silence may be the server's own fault."""
    if not nodes:
        return []
    since = listening()
    settled = has_settled([contact_of(node) for node in _serving()], since)
    return [
        node
        for node in nodes
        if presence(contact_of(node), since, now=now, settled=settled) == Presence.OFFLINE
    ]


def _tell(node: Node, now: datetime) -> int:
    cluster = node.cluster
    return notify(
        kind=SILENT,
        to=Holders(Role.TECHNICIAN, cluster.unit),
        unit=cluster.unit,
        subject=f"cluster:{cluster.pk}",
        title=format_lazy(_("Out of contact: {cluster}"), cluster=cluster.name),
        text=format_lazy(
            _("No contact since {when}. Nothing new can be heard there."),
            when=vi_datetime(node.last_seen_at),
        ),
        url=reverse("stations:detail", args=[cluster.pk]),
        now=now,
        once=_once(node),
    )


def _once(node: Node) -> str:
    seen = int(node.last_seen_at.timestamp()) if node.last_seen_at else 0
    return f"{SILENT}:{node.pk}:{seen}"


def _settle_those_back(now: datetime) -> None:
    told = Notice.objects.filter(kind=SILENT, read_at=None).order_by()
    subjects = set(told.values_list("subject", flat=True).distinct())
    keys = [int(subject.partition(":")[2]) for subject in subjects]
    back = _serving().filter(cluster__in=keys, last_seen_at__gte=now - PATIENCE)
    for cluster in back.values_list("cluster", flat=True):
        settle(subject=f"cluster:{cluster}", kinds=[SILENT], now=now)


def _serving() -> QuerySet[Node]:
    return Node.objects.filter(retired_at=None, cluster__active=True)


def tell_of_doubt(node: Node, *, now: datetime) -> None:
    """Whoever repairs and whoever answers for the commune: somebody must look, and decide."""
    cluster = node.cluster
    for role in (Role.TECHNICIAN, Role.ADMINISTRATOR):
        notify(
            kind=DOUBTED,
            to=Holders(role, cluster.unit),
            unit=cluster.unit,
            subject=f"cluster:{cluster.pk}",
            title=format_lazy(_("One device in two places: {cluster}"), cluster=cluster.name),
            text=_("Its card may have been copied. Suspend it if you do not know why."),
            url=reverse("stations:detail", args=[cluster.pk]),
            now=now,
            once=f"{DOUBTED}:{node.pk}:{now.isoformat()}:{role}",
        )


def settle_doubts(node: Node, *, now: datetime) -> None:
    """Somebody decided."""
    settle(subject=f"cluster:{node.cluster_id}", kinds=[DOUBTED], now=now)
