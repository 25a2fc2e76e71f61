"""Which units one may speak to, and which are meant: for whatever is offered, asked or issued."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, below, territory, valid_on

MOST_PARTNERS = 300
_ADDRESSED = (Unit.Level.COMMUNE, Unit.Level.OFFICE, Unit.Level.DISTRICT)


@dataclass(frozen=True)
class Aim:
    """A unit spoken to; ``below``: and everything under it."""

    unit: Unit
    below: bool = False


def reaches(unit: Unit) -> Q:
    """The condition that a target (a row with ``unit`` and ``below``) means ``unit``."""
    return Q(unit=unit) | Q(unit__in=ancestors(unit)[1:], below=True)


def reached_units(targets: QuerySet[Any], on: date) -> QuerySet[Unit]:
    """Every commune, district and office that the targets mean."""
    whole = Unit.objects.filter(pk__in=targets.filter(below=True).values("unit"))
    meant = Q(pk__in=targets.filter(below=False).values("unit"))
    for level in _ADDRESSED:
        meant |= Q(pk__in=below(whole, level, on).order_by().values("pk"))
    return Unit.objects.filter(valid_on(on)).filter(meant).order_by("name", "code")


def partners(unit: Unit, on: date) -> QuerySet[Unit]:
    """Units beside, above and below, and the offices of all these, the unit itself left out."""
    place = territory(unit)
    line = ancestors(place)
    places = Q(pk__in=[one.pk for one in line]) | Q(parent=place)
    if place.parent_id is not None:
        places |= Q(parent=place.parent_id)
    desks = Q(parent__in=line) | Q(parent__parent=place)
    found = Unit.objects.filter(valid_on(on)).filter(places | (desks & Q(level=Unit.Level.OFFICE)))
    return found.exclude(level=Unit.Level.VILLAGE).exclude(pk=unit.pk).order_by("name", "code")


def charges(unit: Unit, on: date) -> QuerySet[Unit]:
    """Those of the partners that stand below: only of them something may be demanded, and a commune
    has none."""
    place = territory(unit)
    if place.level == Unit.Level.COMMUNE:
        return Unit.objects.none()
    above = Q(parent=place) | Q(parent__parent=place) | Q(parent__parent__parent=place)
    return partners(unit, on).filter(above)


def areas(unit: Unit) -> list[Unit]:
    """Units all of whose communes and offices may be spoken to at once, the nearest first."""
    line = ancestors(territory(unit))
    return [one for one in line if one.level in {Unit.Level.DISTRICT, Unit.Level.PROVINCE}]


def within_reach(unit: Unit, aims: Collection[Aim], on: date) -> bool:
    """Whether the unit may speak to all of them."""
    whole = {one.pk for one in areas(unit)}
    single = {aim.unit.pk for aim in aims if not aim.below}
    known = partners(unit, on).filter(pk__in=single).count() if single else 0
    return known == len(single) and all(aim.unit.pk in whole for aim in aims if aim.below)


def all_below(unit: Unit, aims: Collection[Aim]) -> bool:
    """Whether the unit stands above all of them: only then may it demand something."""
    place = territory(unit)
    if place.level == Unit.Level.COMMUNE:
        return False
    return all(place in ancestors(aim.unit) for aim in aims)
