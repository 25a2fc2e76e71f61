"""Bulletins that have not been approved yet: they are finished in the new unit."""

from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Bulletin
from vang.journal.services import record
from vang.mergers.movers.common import END, by_key, goal, goals, sole
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Thing
from vang.people.models import Person

State = Bulletin.State
_OPEN = (State.DRAFT, State.RETURNED, State.IN_REVIEW)


_MOST = 1_000


def _thing(one: Bulletin, old: Unit, after: list[Unit]) -> Thing:
    return Thing(
        str(one.pk),
        one.current.title if one.current else f"{one.pk}",
        f"{one.get_state_display()}, {old.full_name}",
        (*goals(after), (END, _("it stays with the old unit"))),
        sole(after),
    )


class Drafts:
    """One in review becomes a draft again: the new unit's people review it anew. What was approved
    or released stays with the unit that did so."""

    name = "drafts"
    title = _("Bulletins not approved yet")
    icon = "pencil"

    def things(self, change: UnitChange) -> list[Thing]:
        units = by_key(change)
        rows = Bulletin.objects.filter(unit__in=list(units), state__in=_OPEN)
        told = rows.select_related("current").defer("current__text")
        in_order = told.order_by("unit", "-changed_at", "pk")[:_MOST]
        return [_thing(one, *units[one.unit_id]) for one in in_order]

    def move(self, act: Act, key: str, choice: str) -> None:
        if choice == END:
            return
        one = Bulletin.objects.select_for_update().get(pk=key)
        before, one.unit = one.unit_id, goal(act.change, choice)
        one.state, one.submitted_by = State.DRAFT, None
        one.save(update_fields=["unit", "state", "submitted_by"])
        actor = act.by if isinstance(act.by, Person) else None
        record(
            "bulletin.handed-over",
            f"bulletin:{one.pk}",
            by=actor,
            unit=one.unit,
            now=act.now,
            of=before,
        )
