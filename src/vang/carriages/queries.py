"""How relays were carried, and whether they were heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from vang.carriages.models import Carriage
from vang.carriages.words import problem_words
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.relays.words import changes_shown

State = AsRun.State


@dataclass(frozen=True)
class Shown:
    """One relay: when, from where, and by how many loudspeakers it was heard."""

    title: str
    start: datetime
    planned_ms: int
    carried_ms: int
    problem: str | Promise
    changes: list[tuple[datetime, str | None, str | Promise]]
    heard: int
    wanted: int
    running: bool


def carriages_of(unit: Unit) -> QuerySet[Carriage]:
    """The newest first, with how many loudspeakers were to play it and did."""
    heard = Q(planned__as_run__state__in=[State.DONE, State.PARTIAL, State.PLAYING, State.STOPPED])
    return (
        Carriage.objects.filter(planned__unit=unit)
        .select_related("planned")
        .annotate(
            wanted=Count("planned__as_run"),
            heard=Count("planned__as_run", filter=heard & Q(planned__as_run__played_ms__gt=0)),
        )
        .order_by("-planned__start", "-pk")
    )


def shown(rows: Sequence[Carriage]) -> list[Shown]:
    return [
        Shown(
            title=row.planned.title,
            start=row.planned.start,
            planned_ms=row.planned.duration_ms,
            carried_ms=row.carried_ms,
            problem=problem_words(row.problem),
            changes=changes_shown(row.changes),
            heard=row.heard,  # type: ignore[attr-defined]  # annotated by carriages_of
            wanted=row.wanted,  # type: ignore[attr-defined]
            running=row.ended_at is None,
        )
        for row in rows
    ]
