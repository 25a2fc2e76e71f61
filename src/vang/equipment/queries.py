"""Figures of the register: what a station has, by kind. Reports count by the same rules."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum, Value

from vang.equipment.fleet import scope
from vang.equipment.models import Device, Place, Segment
from vang.orgs.models import Unit
from vang.stations.models import Node

LICENCE_AHEAD = timedelta(days=183)
"""A licence that ends within half a year counts as one that will end."""
WORKING_WITHIN = timedelta(hours=24)
"""A device heard within this time works, whatever its line does at the moment."""


@dataclass(frozen=True)
class Summary:
    """``technologies``: how many stations of each; a commune has one."""

    places: int
    speakers: int
    watts: int
    devices: Mapping[str, int]
    technologies: Mapping[str, int]
    covered: int
    villages: int


def technology(kinds: frozenset[str]) -> str:
    """ "ip", "mixed", "fm", "wired" or "": a station over the Internet is one whatever else it has;
    FM and wire together are mixed."""
    if {"FM", "WIRED"} <= kinds and "IP" not in kinds:
        return "mixed"
    return next((one.lower() for one in ("IP", "FM", "WIRED") if one in kinds), "")


def technologies(unit: Unit) -> dict[str, int]:
    """How many communes' stations of each technology. One query."""
    ways = Segment.objects.filter(scope(unit), ended_at=None).order_by()
    plain = Place.objects.filter(scope(unit), ended_at=None, segment=None, cluster__active=True)
    online = plain.order_by().values_list("unit", Value("IP"))
    kinds: dict[int, set[str]] = {}
    for key, kind in ways.values_list("unit", "kind").union(online):
        kinds.setdefault(key, set()).add(kind)
    return dict(Counter(technology(frozenset(one)) for one in kinds.values()))


def summary(unit: Unit) -> Summary:
    """Four queries."""
    found = Place.objects.filter(in_use(), scope(unit))
    sums = found.aggregate(places=Count("pk"), speakers=Sum("speakers"), watts=Sum("watts"))
    villages = {"all": 0, "covered": 0}
    if unit.level == Unit.Level.COMMUNE:
        reached = Q(pk__in=found.order_by().values("villages").distinct())
        here = Unit.objects.filter(parent=unit, level=Unit.Level.VILLAGE, valid_to=None)
        villages = here.aggregate(all=Count("pk"), covered=Count("pk", filter=reached))
    return Summary(
        places=sums["places"],
        speakers=sums["speakers"] or 0,
        watts=sums["watts"] or 0,
        devices=devices_by_kind(unit),
        technologies=technologies(unit),
        covered=villages["covered"],
        villages=villages["all"],
    )


def in_use() -> Q:
    """Of places: something hangs there, and its cluster is not out of service."""
    return Q(ended_at=None) & (Q(cluster=None) | Q(cluster__active=True))


def devices_by_kind(unit: Unit) -> dict[str, int]:
    """How many devices of each kind are not out of use. One query."""
    rows = Device.objects.filter(scope(unit)).exclude(state=Device.State.RETIRED).order_by()
    told = rows.values_list("kind").annotate(Count("pk"))
    return dict(told)


def licences_ending(unit: Unit, day: date) -> QuerySet[Segment]:
    """Of ways of transmission in use: the licence ends within half a year from ``day``."""
    rows = Segment.objects.filter(scope(unit), ended_at=None, licence_until__gte=day)
    return rows.filter(licence_until__lte=day + LICENCE_AHEAD).order_by("licence_until", "pk")


def working(unit: Unit, now: datetime) -> tuple[int, int]:
    """Of the devices in service in a commune: how many were heard lately, and how many there are.
    One query."""
    rows = Node.objects.filter(retired_at=None, cluster__active=True, cluster__unit=unit)
    lately = Q(last_seen_at__gte=now - WORKING_WITHIN)
    told = rows.aggregate(lately=Count("pk", filter=lately), all=Count("pk"))
    return told["lately"], told["all"]
