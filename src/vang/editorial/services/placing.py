"""Putting a bulletin into a series and under a theme of the plan."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin
from vang.editorial.access import NEWSROOM, guard
from vang.editorial.models import Line, Place, Series
from vang.journal.services import record
from vang.people.models import Person


def place_bulletin(
    *, bulletin: Bulletin, series: Series | None, line: Line | None, by: Person, now: datetime
) -> None:
    """Where it belongs from now on; without both it belongs nowhere. Raises Refusal."""
    if series is not None and series.unit_id != bulletin.unit_id:
        raise Refusal("series-of-another-unit", _ELSEWHERE)
    if line is not None and line.plan.unit_id != bulletin.unit_id:
        raise Refusal("line-of-another-unit", _ELSEWHERE)
    with transaction.atomic():
        guard(by, NEWSROOM, bulletin.unit, now)
        before = Place.objects.filter(bulletin=bulletin).first()
        wanted = (series.pk if series else None, line.pk if line else None)
        if wanted == ((before.series_id, before.line_id) if before else (None, None)):
            return
        if wanted == (None, None):
            Place.objects.filter(bulletin=bulletin).delete()
        else:
            chosen = {"series": series, "line": line, "by": by, "at": now}
            Place.objects.update_or_create(bulletin=bulletin, defaults=chosen)
        record(
            "place-bulletin",
            f"bulletin:{bulletin.pk}",
            by=by,
            unit=bulletin.unit,
            now=now,
            series=wanted[0],
            line=wanted[1],
        )


_ELSEWHERE = _("The series or theme belongs to another unit.")
