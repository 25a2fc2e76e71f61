"""Which units the token reaches."""

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router

from vang.base import clock
from vang.connections.api.authentication import token_of
from vang.connections.api.shapes import No, Page, UnitShape
from vang.orgs.models import Unit
from vang.orgs.queries import below

router = Router(tags=["units"])


@router.get("/units", response={200: Page[UnitShape], 401: No, 429: No})
def list_units(request: HttpRequest) -> dict[str, object]:
    """The token's unit and the districts and communes below it."""
    own = Unit.objects.filter(pk=token_of(request).unit_id)
    today = clock.local_date(clock.now())
    found = Q(pk__in=own)
    for level in (Unit.Level.DISTRICT, Unit.Level.COMMUNE):
        found |= Q(pk__in=below(own, level, today).order_by())
    units = Unit.objects.filter(found).select_related("parent").order_by("code")
    return {"items": [_shape(unit) for unit in units], "next": None}


def _shape(unit: Unit) -> UnitShape:
    return UnitShape(
        code=unit.code,
        level=unit.level,
        name=unit.full_name,
        parent=unit.parent.code if unit.parent else None,
        valid_from=unit.valid_from,
    )
