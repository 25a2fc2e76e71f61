"""What really sounded, by the nodes' journals."""

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from vang.connections.api.authentication import needs, unit_for
from vang.connections.api.paging import Instant, Part, part
from vang.connections.api.shapes import AsRunShape, No, Page
from vang.connections.scopes import Scope
from vang.evidence.models import AsRun

router = Router(tags=["as-run"])


class Wanted(Part):
    """Which rows."""

    unit: str | None = Field(None, max_length=16, description="Commune code")
    since: Instant | None = Field(None, description="Planned from then on")
    until: Instant | None = Field(None, description="Planned before then")


@router.get(
    "/as-run", response={200: Page[AsRunShape], 401: No, 403: No, 404: No, 422: No, 429: No}
)
@needs(Scope.AS_RUN_READ)
def list_as_run(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, object]:
    """The as-run log of one commune by planned start, oldest first."""
    rows = AsRun.objects.filter(planned__unit=unit_for(request, wanted.unit))
    if wanted.since is not None:
        rows = rows.filter(planned_start__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(planned_start__lt=wanted.until)
    told = rows.select_related("planned", "cluster")
    found, following = part(told, "planned_start", wanted)
    return {"items": [_shape(row) for row in found], "next": following}


def _shape(row: AsRun) -> AsRunShape:
    return AsRunShape(
        item=row.planned.item,
        edition=row.planned.edition_id,
        title=row.planned.title,
        cluster=row.cluster.code,
        state=row.state,
        reason=row.reason,
        planned_start=row.planned_start,
        actual_start=row.actual_start,
        error_us=row.error_us,
        played_ms=row.played_ms,
        sha256=row.sha256,
        changed_at=row.changed_at,
    )
