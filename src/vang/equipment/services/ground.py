"""What lies under a unit's map."""

from datetime import datetime

from django.db import transaction

from vang.base.text import clean_text
from vang.equipment.boundaries import read_boundary
from vang.equipment.models import Ground
from vang.equipment.tiles import tiles_address
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person


@transaction.atomic
def change_ground(
    *,
    unit: Unit,
    boundary: bytes | None,
    drop_boundary: bool = False,
    tiles: str,
    credit: str,
    by: Person,
    now: datetime,
) -> Ground:
    """A ``boundary`` of None leaves the present one. Raises Refusal."""
    ground = Ground.objects.select_for_update().filter(unit=unit).first() or Ground(unit=unit)
    ground.tiles, ground.credit = tiles_address(tiles), " ".join(clean_text(credit).split())
    if drop_boundary:
        ground.boundary = ""
    elif boundary is not None:
        ground.boundary = read_boundary(boundary)
    ground.save()
    record(
        "map.changed",
        f"unit:{unit.pk}",
        by=by,
        unit=unit,
        now=now,
        tiles=ground.tiles,
        bytes=len(ground.boundary),
    )
    return ground
