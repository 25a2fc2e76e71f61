"""A device that took another's place: what will differ tomorrow, until somebody confirms it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.foreseeing import Expected, foresight
from vang.stations.models import Cluster, Node
from vang.stations.rows import Row

_READY = frozenset({"verified", "armed", "playing", "done"})


@dataclass(frozen=True)
class Check:
    """What whoever repaired it looks at before they confirm."""

    former: Node
    tomorrow: Sequence[tuple[Expected, str]]
    differences: Sequence[str]


def unconfirmed(unit: Unit) -> QuerySet[Node]:
    """Devices in service that replaced another and wait for the confirmation."""
    former = Node.objects.filter(cluster=OuterRef("cluster"), retired_at__isnull=False)
    waiting = Node.objects.filter(
        Exists(former),
        cluster__unit=unit,
        cluster__active=True,
        retired_at__isnull=True,
        confirmed_at__isnull=True,
    )
    return waiting.select_related("cluster").order_by("enrolled_at", "pk")


def check_of(row: Row, now: datetime) -> Check | None:
    """None when nothing waits: the first device of a place replaces none."""
    node = row.node
    if node is None or node.confirmed_at is not None:
        return None
    former = (
        Node.objects.filter(cluster=row.cluster, retired_at__isnull=False)
        .order_by("-retired_at", "-pk")
        .first()
    )
    if former is None:
        return None
    told = row.state.get("items", {})
    tomorrow = [(one, told.get(one.item, "")) for one in foresight().tomorrow(row.cluster, now)]
    return Check(former, tomorrow, list(_differences(former, row, tomorrow)))


def _differences(former: Node, row: Row, tomorrow: Sequence[tuple[Expected, str]]) -> Iterator[str]:
    node, state, before = row.node, row.state, former.state
    assert node is not None  # noqa: S101 - asked for one
    if not state:
        yield _("The new device has not reported yet: nothing is sure to be heard tomorrow.")
        return
    if row.is_behind:
        yield _("It does not follow the newest plan yet.")
    if former.software != node.software:
        words = _("Software: %(before)s before, %(after)s now.")
        yield words % {"before": former.software or "–", "after": node.software or "–"}
    if before and before.get("volume_db") != state.get("volume_db"):
        words = _("Loudest volume: %(before)s dB before, %(after)s dB now.")
        yield words % {"before": before.get("volume_db"), "after": state.get("volume_db")}
    if state.get("sink") != "ok":
        yield _("Its output gives no sound.")
    if state.get("clock", {}).get("source") == "untrusted":
        yield _("Its clock cannot be trusted yet: it may begin at a wrong time.")
    missing = [one.title for one, at in tomorrow if at not in _READY]
    if missing:
        words = _("Not on the device yet: %(titles)s.")
        yield words % {"titles": "; ".join(missing[:5])}


@transaction.atomic
def confirm_device(cluster: Cluster, *, node: str, by: Person, now: datetime) -> Node:
    """The differences were looked at. ``node`` is the device that was shown. Raises Refusal."""
    serving = Node.objects.select_for_update().filter(cluster=cluster, retired_at__isnull=True)
    fresh = serving.first()
    if fresh is None or fresh.pk != node:
        raise Refusal("other-device", _("Another device is there now. Look again."))
    if fresh.confirmed_at is None:
        fresh.confirmed_at, fresh.confirmed_by = now, by
        fresh.save(update_fields=["confirmed_at", "confirmed_by"])
        record(
            "node.confirmed",
            f"node:{fresh.pk}",
            by=by,
            unit=cluster.unit,
            now=now,
            about=[f"cluster:{cluster.pk}"],
            cluster=cluster.code,
        )
    return fresh
