"""Villages and offices of a divided unit: each goes with one that comes after."""

from django.utils.translation import gettext_lazy as _

from vang.mergers.movers.common import forget_steps, goal, goals, steps
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Thing
from vang.orgs.services import let_follow, undecided


class Villages:
    """What lies below a unit that goes to one other follows by itself and is not asked about."""

    name = "villages"
    title = _("Villages and offices of a divided unit")
    icon = "map-pin"

    def things(self, change: UnitChange) -> list[Thing]:
        after = {unit.pk: found for unit, found in steps(change).items() if len(found) > 1}
        if not after:
            return []
        return [
            Thing(str(unit.pk), unit.full_name, "", goals(after[unit.parent_id or 0]))
            for unit in undecided(change)
        ]

    def move(self, act: Act, key: str, choice: str) -> None:
        forget_steps(act.change)
        let_follow(act.change, Unit.objects.get(pk=key), goal(act.change, choice))
