"""Telling of a device that may be two."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify, settle
from vang.people.roles import Role
from vang.stations.models import Node

DOUBTED = "device-doubted"
_KEEPERS = frozenset({Role.TECHNICIAN.value, Role.ADMINISTRATOR.value})
KINDS = (Kind(DOUBTED, _("a device may have been copied"), "copy", Mail.AT_ONCE, _KEEPERS, "bad"),)


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
