"""Roles in a unit that ends: each goes on in one that comes after, or ends."""

from collections import defaultdict

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vang.journal.services import record
from vang.mergers.movers.common import END, goal, goals, sole, steps
from vang.orgs.models import UnitChange
from vang.orgs.movers import Act, Thing
from vang.people.models import Membership, Person
from vang.people.services import grant_role

Role = Membership.Role


class People:
    """Two leaders cannot both lead one unit: of several somebody must choose. Who holds the same
    role in two units that become one holds it once."""

    name = "people"
    title = _("People and their roles")
    icon = "users"

    def things(self, change: UnitChange) -> list[Thing]:
        after = {unit.pk: found for unit, found in steps(change).items()}
        held = list(
            _held(change, list(after))
            .select_related("person", "unit")
            .order_by("unit__name", "person__full_name", "role")
        )
        leaders: dict[str, set[int]] = defaultdict(set)
        for one in held:
            if one.role == Role.LEADER:
                leaders[sole(after[one.unit_id])].add(one.person_id)
        found = []
        for one in held:
            alone = sole(after[one.unit_id])
            contested = one.role == Role.LEADER and len(leaders[alone]) > 1
            found.append(
                Thing(
                    str(one.pk),
                    f"{one.person.full_name} – {one.get_role_display()}",
                    one.unit.full_name,
                    (*goals(after[one.unit_id]), (END, _("the role ends"))),
                    "" if contested else alone,
                )
            )
        return found

    def move(self, act: Act, key: str, choice: str) -> None:
        held = Membership.objects.select_related("person", "unit").get(pk=key)
        ends = max(act.change.effective_on, held.valid_from)
        actor = act.by if isinstance(act.by, Person) else None
        if choice != END:
            grant_role(
                person=held.person,
                unit=goal(act.change, choice),
                role=held.role,
                since=ends,
                by=actor,
                now=act.now,
            )
        if held.valid_from >= ends:
            held.delete()
        else:
            held.valid_to = ends
            held.save(update_fields=["valid_to"])
        subject = f"person:{held.person_id}"
        record("role.end", subject, by=actor, unit=held.unit, now=act.now, role=held.role)


def _held(change: UnitChange, units: list[int]) -> QuerySet[Membership]:
    lasting = Q(valid_to=None) | Q(valid_to__gt=change.effective_on)
    return Membership.objects.filter(lasting, unit__in=units)
