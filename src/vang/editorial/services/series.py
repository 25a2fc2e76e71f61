"""Series: begun, changed, ended."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import Programme
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import Category
from vang.editorial.access import NEWSROOM, guard
from vang.editorial.models import Series
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person


@dataclass(frozen=True)
class Idea:
    """What a series is. ``target_s`` is the length aimed at, in seconds."""

    name: str
    frequency: str
    description: str = ""
    category: str = ""
    programme: Programme | None = None
    responsible: Person | None = None
    target_s: int | None = None


def start_series(*, unit: Unit, idea: Idea, by: Person, now: datetime) -> Series:
    """A series of the unit from today on. Raises Refusal."""
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        series = Series(unit=unit, started_on=local_date(now), created_by=by)
        _fill(series, idea)
        _record("start-series", series, by, now)
    return series


def change_series(*, series: Series, idea: Idea, by: Person, now: datetime) -> Series:
    """What it is from now on. Raises Refusal."""
    with transaction.atomic():
        fresh = _alive(series, by, now)
        _fill(fresh, idea)
        _record("change-series", fresh, by, now)
    return fresh


def end_series(*, series: Series, by: Person, now: datetime) -> Series:
    """Nothing more is put into it; what is in it stays. Raises Refusal."""
    with transaction.atomic():
        fresh = _alive(series, by, now)
        fresh.ended_on = local_date(now)
        fresh.save(update_fields=["ended_on"])
        _record("end-series", fresh, by, now)
    return fresh


def _alive(series: Series, by: Person, now: datetime) -> Series:
    fresh = Series.objects.select_for_update(of=("self",)).select_related("unit").get(pk=series.pk)
    guard(by, NEWSROOM, fresh.unit, now)
    if fresh.ended_on is not None:
        raise Refusal("series-ended", _ENDED)
    return fresh


def _fill(series: Series, idea: Idea) -> None:
    name = " ".join(clean_text(idea.name).split())[:120]
    if not name:
        raise Refusal("name-missing", _NAME_MISSING)
    if idea.programme is not None and idea.programme.unit_id != series.unit_id:
        raise Refusal("programme-of-another-unit", _PROGRAMME_ELSEWHERE)
    series.name, series.frequency = name, Series.Frequency(idea.frequency)
    series.description = clean_text(idea.description).strip()
    series.category = idea.category if idea.category in Category else ""
    series.programme, series.responsible = idea.programme, idea.responsible
    series.target_s = idea.target_s or None
    try:
        with transaction.atomic():
            series.save()
    except IntegrityError as error:
        raise Refusal("series-known", _KNOWN) from error


def _record(action: str, series: Series, by: Person, now: datetime) -> None:
    record(action, f"series:{series.pk}", by=by, unit=series.unit, now=now)


_NAME_MISSING = _("Give the series a name.")
_KNOWN = _("There is a series of this name already.")
_ENDED = _("This series has ended.")
_PROGRAMME_ELSEWHERE = _("The programme belongs to another unit.")
