"""The only way a view comes to what the register holds: a stranger to its commune finds nothing."""

from datetime import date
from typing import TypeVar

from django.db.models import Model
from django.http import Http404

from vang.equipment.models import Brought, Device, Place, Segment
from vang.orgs.models import Unit
from vang.people.access import may, readable_unit, require
from vang.people.models import Person
from vang.stations.access import KEEPERS

Row = TypeVar("Row", Place, Device, Segment, Brought)
_BESIDE: dict[type[Model], tuple[str, ...]] = {
    Place: ("cluster", "segment__fed_by", "expected"),
    Device: ("place", "node"),
    Segment: ("fed_by",),
    Brought: (),
}


def readable(model: type[Row], pk: int, person: Person, on: date) -> Row:
    """Raises Http404 for a stranger."""
    rows = model._default_manager.select_related("unit__parent__parent", *_BESIDE[model])
    found = rows.filter(pk=pk).first()
    if found is None or not readable_unit(person, found.unit, on):
        raise Http404
    return found


def kept(model: type[Row], pk: int, person: Person, on: date) -> Row:
    """What the person looks after. Raises Http404, or PermissionDenied for a reader."""
    found = readable(model, pk, person, on)
    require(person, KEEPERS, found.unit, on)
    return found


def keeps(person: Person, unit: Unit, on: date) -> bool:
    return may(person, KEEPERS, unit, on)
