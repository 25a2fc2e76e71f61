"""Offices and organisations of a unit: they go on in the one that comes after, or end."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vang.journal.services import record
from vang.mergers.movers.common import END, by_key, goal, goals, sole
from vang.orgs.models import Lineage, Organisation, Unit, UnitChange
from vang.orgs.movers import Act, Thing
from vang.people.models import Person


class Organisations:
    """Those of one name become one; so do the people's committees. Each keeps its lineage."""

    name = "organisations"
    title = _("Offices and organisations")
    icon = "building-community"

    def things(self, change: UnitChange) -> list[Thing]:
        units = by_key(change)
        lasting = Q(valid_to=None) | Q(valid_to__gt=change.effective_on)
        rows = Organisation.objects.filter(lasting, unit__in=list(units))
        return [_thing(one, *units[one.unit_id]) for one in rows.order_by("unit", "name", "pk")]

    def move(self, act: Act, key: str, choice: str) -> None:
        old = Organisation.objects.select_related("unit").get(pk=key)
        day = max(act.change.effective_on, old.valid_from)
        if choice != END:
            unit = goal(act.change, choice)
            new, _made = Organisation.objects.get_or_create(
                unit=unit, name=_name(old, unit), valid_from=day, defaults={"kind": old.kind}
            )
            desk = Unit.objects.filter(origins__predecessor=old.desk_id, origins__change=act.change)
            if new.desk is None and (found := desk.first()) is not None:
                new.desk = found
                new.save(update_fields=["desk"])
            Lineage.objects.get_or_create(before=old, after=new)
        if old.valid_from < day:
            old.valid_to = day
            old.save(update_fields=["valid_to"])
        actor = act.by if isinstance(act.by, Person) else None
        subject = f"organisation:{old.pk}"
        record("organisation.handed-over", subject, by=actor, unit=old.unit, now=act.now, to=choice)


def _thing(one: Organisation, old: Unit, after: list[Unit]) -> Thing:
    choices = (*goals(after), (END, _("it ends")))
    return Thing(str(one.pk), one.name, old.full_name, choices, sole(after))


def _name(old: Organisation, unit: Unit) -> str:
    if old.kind != Organisation.Kind.PEOPLES_COMMITTEE:
        return old.name
    return f"UBND {unit.get_kind_display()} {unit.name}"
