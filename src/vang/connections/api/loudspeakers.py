"""The public state of the loudspeakers: nothing that would help to attack a device."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from vang.base import clock
from vang.connections.api.authentication import needs, unit_for
from vang.connections.api.shapes import LoudspeakerShape, No, Page
from vang.connections.scopes import Scope
from vang.stations.rows import Row, rows

router = Router(tags=["nodes"])
UnitCode = Annotated[str | None, Query(max_length=16, description="Commune code")]


@router.get(
    "/nodes", response={200: Page[LoudspeakerShape], 401: No, 403: No, 404: No, 422: No, 429: No}
)
@needs(Scope.NODES_READ)
def list_nodes(request: HttpRequest, unit: UnitCode = None) -> dict[str, object]:
    """The speaker clusters of one commune and whether their devices are there."""
    found = rows(unit_for(request, unit), now=clock.now())
    return {"items": [_shape(row) for row in found], "next": None}


def _shape(row: Row) -> LoudspeakerShape:
    return LoudspeakerShape(
        cluster=row.cluster.code,
        name=row.cluster.name,
        place=row.cluster.place,
        villages=[village.code for village in row.cluster.villages.all()],
        active=row.cluster.active,
        presence=row.presence.value,
        last_seen_at=row.node.last_seen_at if row.node else None,
        playing=row.playing,
    )
