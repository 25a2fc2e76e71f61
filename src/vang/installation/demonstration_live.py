"""The demonstration's leave to speak live: a village leader, at the loudspeakers of the village."""

from datetime import datetime, time, timedelta

from vang.base.clock import local_date
from vang.live.services import Leave, give_permission
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

_HOURS = time(5), time(21)
"""The hours of the commune lie within."""
_LASTS = timedelta(days=365)


def let_speak(home: Unit, leader: Person, by: Person, *, now: datetime) -> None:
    """At the first cluster, which hangs in the leader's village; none where there is no cluster."""
    first = Cluster.objects.filter(unit=home).order_by("pk")[:1]
    if not first:
        return
    today = local_date(now)
    leave = Leave(leader, tuple(first), today, today + _LASTS, *_HOURS)
    give_permission(unit=home, leave=leave, by=by, now=now)
