"""What a change to a cluster would bring on the air; for the registry of vang.stations."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from vang.airtime.moments import local_day
from vang.airtime.proposals import heard_differently
from vang.airtime.queries import SHOWN_AHEAD, airtime_of, policy_of
from vang.airtime.timeline import Schedule, UnitAirtime
from vang.stations.foreseeing import Difference, Expected
from vang.stations.models import Cluster

_DAY = timedelta(days=1)


class AirForesight:
    """Tries the change in a transaction that is rolled back: exactly what it would bring."""

    def differences(
        self, cluster: Cluster, change: Callable[[Cluster], object], now: datetime
    ) -> list[Difference]:
        """Raises whatever ``change`` raises."""
        before = _air(cluster, now)
        with transaction.atomic():
            change(Cluster.objects.select_related("unit").get(pk=cluster.pk))
            after = _air(cluster, now)
            transaction.set_rollback(True)
        first = local_day(now, before.policy.zone)
        old, new = Schedule(before, look_ahead_days=0), Schedule(after, look_ahead_days=0)
        found = heard_differently(old, new, cluster.code, now, first)
        return [Difference(one.title, one.start, one.gained) for one in found]

    def tomorrow(self, cluster: Cluster, now: datetime) -> list[Expected]:
        """Time kept for relays is no broadcast of ours."""
        day = local_day(now, policy_of(cluster.unit).zone) + _DAY
        items = Schedule(airtime_of(cluster.unit, day, day), look_ahead_days=0).day(day).items
        return [
            Expected(item.id, item.title, item.start)
            for item in items
            if cluster.code in item.clusters and not item.reserved
        ]


def _air(cluster: Cluster, now: datetime) -> UnitAirtime:
    today = local_day(now, "Asia/Ho_Chi_Minh")
    return airtime_of(cluster.unit, today, today + SHOWN_AHEAD)
