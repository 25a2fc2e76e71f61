"""Loudspeakers: clusters of several communes become one station of the new one."""

from django.utils.translation import gettext_lazy as _

from vang.mergers.models import Decision
from vang.mergers.movers.common import by_key, goal, goals, sole
from vang.orgs.models import Succession, Unit, UnitChange
from vang.orgs.movers import Act, Thing
from vang.people.models import Person
from vang.stations.models import Cluster
from vang.stations.services import hand_over_cluster


class Clusters:
    """Of a divided commune a cluster goes where all the villages go that hear it; where these part,
    somebody must choose. No device is touched: it keeps its code and key."""

    name = "clusters"
    title = _("Loudspeakers")
    icon = "speakerphone"

    def things(self, change: UnitChange) -> list[Thing]:
        units, found = by_key(change), []
        divided = any(len(after) > 1 for _old, after in units.values())
        decided = Decision.objects.filter(change=change, mover="villages")
        chosen = dict(decided.values_list("key", "choice")) if divided else {}
        rows = Cluster.objects.filter(unit__in=list(units)).prefetch_related("villages")
        for one in rows.order_by("unit", "name", "code"):
            old, after = units[one.unit_id]
            heard = {chosen.get(str(place.pk), "") for place in one.villages.all()}
            with_villages = heard.pop() if len(heard) == 1 else ""
            detail = f"{one.code}, {old.full_name}"
            goes = sole(after) or with_villages
            found.append(Thing(str(one.pk), one.name, detail, goals(after), goes))
        return found

    def move(self, act: Act, key: str, choice: str) -> None:
        cluster = Cluster.objects.get(pk=key)
        to = goal(act.change, choice)
        went = Succession.objects.filter(
            change=act.change, predecessor__in=cluster.villages.all(), successor__parent=to
        )
        villages = Unit.objects.filter(pk__in=went.values("successor"))
        actor = act.by if isinstance(act.by, Person) else None
        hand_over_cluster(cluster, to=to, villages=villages, by=actor, now=act.now)
