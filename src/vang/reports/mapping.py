"""The figures of one round on a map: where the places are and where each leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from vang.base.clock import local_date, now
from vang.base.maps import Map, Place, map_of
from vang.orgs.models import Unit
from vang.orgs.queries import below
from vang.reports.models import Report, Round
from vang.stations.queries import middles


@dataclass(frozen=True)
class Asked:
    """Of ``unit`` the places of ``level``, as they were in the round or as they are today.

    ``open``: whether whoever looks may open what stands below the unit.
    """

    round: Round
    unit: Unit
    level: str
    today: bool
    open: bool


@dataclass(frozen=True)
class Known:
    """``address``: its report in the round, or what its loudspeakers do today."""

    key: int
    name: str
    address: str


def places_of(asked: Asked) -> list[Known]:
    """Everyone who owed a report in the round, or every place of today. At most one query."""
    if asked.level == asked.unit.level:
        return [Known(asked.unit.pk, asked.unit.full_name, "")]
    if asked.today:
        units = below(Unit.objects.filter(pk=asked.unit.pk), asked.level, local_date(now()))
        return [
            Known(one.pk, one.full_name, reverse("figures:place", args=[one.pk])) for one in units
        ]
    under = Q(unit__parent=asked.unit) | Q(unit__parent__parent=asked.unit)
    rows = Report.objects.filter(under, round=asked.round, unit__level=asked.level)
    told = rows.exclude(state=Report.State.CLOSED, accepted=None).select_related("unit")
    return [
        Known(one.unit_id, one.unit.full_name, reverse("reports:report", args=[one.pk]))
        for one in told
    ]


def picture(
    asked: Asked,
    places: Sequence[Known],
    figures: Mapping[int, float | int | None],
    names: Mapping[int, str],
) -> Map:
    """Places without a figure stand there too. One query."""
    listed = {one.key for one in places}
    others = [Known(key, names[key], "") for key in figures if key not in listed]
    everyone = [*places, *others]
    at = middles([one.key for one in everyone], formerly=not asked.today)
    return map_of(
        Place(one.name, figures.get(one.key), at.get(one.key), one.address if asked.open else "")
        for one in everyone
    )
