"""Figures of the register: what a station has, by kind. Reports count by the same rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

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


def technology(kinds: frozenset[str], *, has_node: bool) -> str:
    """ "ip", "mixed", "fm", "wired" or "": a station over the Internet is one whatever else it has;
    FM and wire together are mixed."""
    if "IP" in kinds or (has_node and not kinds):
        return "ip"
    if {"FM", "WIRED"} <= kinds:
        return "mixed"
    return next((one.lower() for one in ("FM", "WIRED") if one in kinds), "")


def technologies(unit: Unit) -> dict[str, int]:
    """How many communes' stations of each technology. Two queries."""
    kinds: dict[int, set[str]] = {}
    rows = Segment.objects.filter(scope(unit), ended_at=None).order_by()
    for key, kind in rows.values_list("unit", "kind").distinct():
        kinds.setdefault(key, set()).add(kind)
    plain = Place.objects.filter(scope(unit), ended_at=None, segment=None, cluster__active=True)
    for key in plain.order_by().values_list("unit", flat=True).distinct():
        kinds.setdefault(key, set()).add("IP")
    told: dict[str, int] = {}
    for found in kinds.values():
        name = technology(frozenset(found), has_node=False)
        told[name] = told.get(name, 0) + 1
    return told


def summary(unit: Unit) -> Summary:
    """Six queries."""
    found = Place.objects.filter(in_use(), scope(unit))
    sums = found.aggregate(places=Count("pk"), speakers=Sum("speakers"), watts=Sum("watts"))
    communes = Unit.objects.filter(level=Unit.Level.VILLAGE, valid_to=None)
    villages = communes.filter(parent=unit) if unit.level == Unit.Level.COMMUNE else None
    covered = found.order_by().values("villages").distinct()
    return Summary(
        places=sums["places"],
        speakers=sums["speakers"] or 0,
        watts=sums["watts"] or 0,
        devices=devices_by_kind(unit),
        technologies=technologies(unit),
        covered=villages.filter(pk__in=covered).count() if villages is not None else 0,
        villages=villages.count() if villages is not None else 0,
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
