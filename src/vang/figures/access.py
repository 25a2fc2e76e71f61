"""The only way a view comes to the unit whose figures somebody looks at."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from vang.orgs.models import Unit
from vang.orgs.queries import territory
from vang.people.access import readable_unit
from vang.people.models import Person

_PLACES = (Unit.Level.PROVINCE, Unit.Level.DISTRICT, Unit.Level.COMMUNE)


@dataclass(frozen=True)
class Sight:
    """``above``: the unit over it, when the person may look at that too. ``below``: whether they
    may open what stands under it."""

    unit: Unit
    above: Unit | None
    below: bool


def readable_place(pk: int, person: Person, on: date) -> Sight:
    """A commune, or what stands above communes. Raises Http404 for a stranger."""
    rows = Unit.objects.filter(pk=pk, level__in=_PLACES).select_related("parent__parent__parent")
    unit = rows.first()
    if unit is None:
        raise Http404
    above = _above(unit, person, on)
    if above is None and not readable_unit(person, unit, on):
        raise Http404
    return Sight(unit, above, below=True)


def own_place(unit: Unit, person: Person, on: date) -> Sight:
    """Where the person works. People of an office see in sum what their unit's loudspeakers do."""
    place = territory(unit)
    above = _above(place, person, on)
    below = place == unit or above is not None or readable_unit(person, place, on)
    return Sight(place, above, below)


def _above(unit: Unit, person: Person, on: date) -> Unit | None:
    """Who may look at a unit may look at everything below it."""
    parent = unit.parent
    return parent if parent is not None and readable_unit(person, parent, on) else None
