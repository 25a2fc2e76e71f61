"""A repair in work and a small store, so that their pages have something to show."""

from datetime import datetime
from typing import Any

from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs import services
from vang.repairs.models import DayHealth
from vang.repairs.store import Shelf, keep_part
from vang.stations.models import Cluster


def repairs(unit: Unit, everybody: Person, now: datetime) -> None:
    """``everybody`` holds every role."""
    by: Any = {"by": everybody, "now": now}
    part = keep_part(unit=unit, shelf=Shelf("Ắc quy 12 V", 5, 2, 850_000), **by)
    for cluster in Cluster.objects.filter(unit=unit).order_by("pk")[:3]:
        ticket = services.open_ticket(cluster=cluster, about="SILENT", **by)
        services.arrive(ticket=ticket, **by)
        services.note_cause(ticket=ticket, cause="POWER", done="Thay ắc quy.", **by)
        services.use_part(ticket=ticket, part=part, name="", amount=1, cost=None, **by)
        node = cluster.nodes.get()
        DayHealth.objects.create(node=node, cluster=cluster, day=now.date(), up=280, down=8)
