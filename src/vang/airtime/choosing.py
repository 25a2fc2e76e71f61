"""What somebody who places may choose among: bulletins and programmes."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from vang.airtime.models import (
    Placement,
    Programme,
)
from vang.base.clock import local_date
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit

_OFFERED = 12


def placeable_bulletins(unit: Unit) -> list[Bulletin]:
    """What may be put on the air: the approved ones that wait for it, then the newest released."""
    rows = Bulletin.objects.filter(unit=unit).select_related("current")
    slim = rows.defer("current__text").order_by("-changed_at", "-pk")
    waiting = slim.filter(state=Bulletin.State.APPROVED)[:_OFFERED]
    released = slim.filter(state=Bulletin.State.RELEASED)[:_OFFERED]
    return [*waiting, *released]


def open_programmes(unit: Unit, now: datetime) -> QuerySet[Programme]:
    """Programmes of the commune that still play."""
    today = local_date(now)
    return Programme.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), unit=unit
    ).order_by("starts_at", "name", "pk")


def programmes_with_placements(unit: Unit, now: datetime) -> QuerySet[Programme]:
    """The same, each with the placements that still play in it (``playing``)."""
    today = local_date(now)
    playing = (
        Placement.objects.filter(
            Q(to_day__isnull=True) | Q(to_day__gte=today),
            stopped_at=None,
            edition__withdrawn_at=None,
        )
        .select_related("edition")
        .order_by("placed_at", "pk")
    )
    return open_programmes(unit, now).prefetch_related(
        Prefetch("placements", queryset=playing, to_attr="playing")
    )


def playing_in(programme: Programme, now: datetime) -> list[Placement]:
    """The placements that still play in the programme, in their order."""
    today = local_date(now)
    rows = programme.placements.filter(stopped_at=None, edition__withdrawn_at=None)
    found = rows.exclude(to_day__lt=today).select_related("edition").defer("edition__text")
    return list(found.order_by("placed_at", "pk"))


def programmes_to_choose(unit: Unit, now: datetime) -> QuerySet[Programme]:
    """Those that a further bulletin may be put into: neither ended nor replaced."""
    return open_programmes(unit, now).filter(ended_at=None)
