"""What the signed plans order."""

from datetime import date, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from vang.base import clock
from vang.bulletins.models import Priority
from vang.connections.api.authentication import needs, unit_for
from vang.connections.api.paging import FIRST_YEAR, LAST_YEAR
from vang.connections.api.shapes import No, Page, ScheduledShape
from vang.connections.scopes import Scope
from vang.dispatch.models import PlannedItem
from vang.evidence.queries import day_bounds

router = Router(tags=["schedule"])
UnitCode = Annotated[str | None, Query(max_length=16, description="Commune code")]
Day = Annotated[date | None, Query(description="First day, Vietnam's calendar; today if left out")]
Days = Annotated[int, Query(ge=1, le=14, description="How many days")]
_FIRST, _LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 1, 1)


@router.get(
    "/schedule", response={200: Page[ScheduledShape], 401: No, 403: No, 404: No, 422: No, 429: No}
)
@needs(Scope.SCHEDULE_READ)
def list_schedule(
    request: HttpRequest, unit: UnitCode = None, day: Day = None, days: Days = 1
) -> dict[str, object]:
    """Everything ordered for the loudspeakers of one commune on some days, by start."""
    first = max(_FIRST, min(day or clock.local_date(clock.now()), _LAST))
    begins, _ = day_bounds(first)
    _, ends = day_bounds(first + timedelta(days=days - 1))
    rows = PlannedItem.objects.filter(
        unit=unit_for(request, unit), start__gte=begins, start__lt=ends, withdrawn_at=None
    )
    wanted = rows.select_related("edition").defer("edition__text").order_by("start", "item")
    return {"items": [_shape(item) for item in wanted], "next": None}


def _shape(item: PlannedItem) -> ScheduledShape:
    return ScheduledShape(
        item=item.item,
        edition=item.edition_id,
        title=item.title,
        priority=item.edition.priority if item.edition else Priority.NORMAL,
        start=item.start,
        duration_ms=item.duration_ms,
        clusters=item.clusters,
    )
