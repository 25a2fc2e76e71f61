"""Telling technicians of a journal that cannot be relied on, once a day and device."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.evidence.words import fault_words
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.people.roles import Role
from vang.stations.models import Node
from vang.stations.suspending import doubt

FAULT = "journal-fault"
_GAP = "gap"
_FORK = "fork"
_TECHNICIANS = frozenset({Role.TECHNICIAN.value})
KINDS = (
    Kind(FAULT, _("a device's journal cannot be relied on"), "shield-x", Mail.AT_ONCE,
         _TECHNICIANS, "bad"),
)  # fmt: skip


def tell_of_fault(node: Node, reason: str, *, now: datetime) -> None:
    """The technicians of its commune; a device that goes wrong all day is told of once.

    A gap is not told: the device is asked again for what is missing and mostly sends it. Of a
    fork more people are told, by vang.stations.suspending.
    """
    if reason in {_GAP, _FORK}:
        return
    cluster = node.cluster
    notify(
        kind=FAULT,
        to=Holders(Role.TECHNICIAN, cluster.unit),
        unit=cluster.unit,
        subject=f"cluster:{cluster.pk}",
        title=format_lazy(_("Journal not reliable: {cluster}"), cluster=cluster.name),
        text=format_lazy(_("Noticed: {what}."), what=fault_words(reason)),
        url=reverse("evidence:journals"),
        now=now,
        once=f"{FAULT}:{node.pk}:{local_date(now)}",
    )


def doubt_after_fork(node: Node, reason: str, *, now: datetime) -> None:
    """Two histories of one device: its card was copied, or an older copy put back."""
    if reason == _FORK:
        doubt(node, now=now, why=reason)
