"""Devices in service as one round sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vang.repairs.kinds import State
from vang.stations.models import Node
from vang.stations.presence import Contact, Presence, has_settled, presence
from vang.stations.queries import listening, trusted

FRESH = timedelta(minutes=2)


@dataclass
class Device:
    """``readings``: what it says of itself, empty unless it is there to say so.

    ``away``: without contact for so long that it counts in a storm.
    """

    node: str
    cluster: int
    unit: int
    parent: int | None
    contact: Contact
    readings: State
    presence: Presence = Presence.NEVER
    away: bool = False


def devices_now(now: datetime) -> list[Device]:
    """All in service with their presence, the storm guard of the server's own faults included."""
    rows = Node.objects.filter(trusted(), cluster__active=True).order_by("pk")
    devices = [
        Device(
            pk, cluster, unit, parent, Contact(seen, every, left),
            state if _fresh(at, now) else {},
        )
        for pk, cluster, unit, parent, seen, every, left, state, at in rows.values_list(
            "pk", "cluster_id", "cluster__unit_id", "cluster__unit__parent_id",
            "last_seen_at", "every_s", "left_at", "state", "state_at",
        )
    ]  # fmt: skip
    since = listening()
    settled = has_settled([one.contact for one in devices], since)
    for one in devices:
        one.presence = presence(one.contact, since, now=now, settled=settled)
        if one.presence is not Presence.ONLINE:
            one.readings = {}
    return devices


def _fresh(told_at: datetime | None, now: datetime) -> bool:
    return told_at is not None and now - told_at <= FRESH
