"""What units became and what they were before.

"As it was" on a day: the units in force on that day (``valid_on``) with their parents. "Mapped to
today": one join, ``rows.values("unit__standings__today_unit")``; where a unit went to several, its
values are divided by :func:`vang.orgs.mapping.apportioned`. :func:`sums_today` does both.
"""

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet, Sum

from vang.orgs.mapping import mapped_sum
from vang.orgs.models import Standing, Succession, Unit, UnitChange

_LONGEST = 20
"""Changes that follow one another; the law made four in sixty years."""

_WANTED = Q(change__cancelled_at__isnull=True)


def successors(units: Collection[Unit], on: date) -> dict[int, list[tuple[Unit, Fraction]]]:
    """By each unit's key: the units that it is on that day, with its shares in them.

    Changes that are announced for a day up to ``on`` count. A unit that ended without a successor
    stays with itself. One query for each change that follows another.
    """
    found: dict[int, dict[Unit, Fraction]] = {unit.pk: {unit: Fraction(1)} for unit in units}
    for _round in range(_LONGEST):
        last = {unit.pk for shares in found.values() for unit in shares}
        steps = _steps(last, on)
        if not steps:
            break
        found = {key: _next(shares, steps) for key, shares in found.items()}
    return {
        key: sorted(shares.items(), key=lambda one: (-one[1], one[0].code, one[0].pk))
        for key, shares in found.items()
    }


def predecessors(unit: Unit) -> list[Unit]:
    """Everything that became part of the unit, through all changes, the newest first."""
    found: dict[int, Unit] = {}
    last = {unit.pk}
    for _round in range(_LONGEST):
        rows = Succession.objects.filter(_WANTED, successor__in=last).select_related("predecessor")
        new = {
            one.predecessor_id: one.predecessor for one in rows if one.predecessor_id not in found
        }
        if not new:
            break
        found |= new
        last = set(new)
    return sorted(found.values(), key=lambda one: (one.valid_from, one.code), reverse=True)


def standing(units: Collection[int]) -> dict[int, dict[int, Fraction]]:
    """By each unit's key: shares by the key of a unit of today. One query."""
    found: dict[int, dict[int, Fraction]] = {}
    for row in Standing.objects.filter(unit__in=units):
        found.setdefault(row.unit_id, {})[row.today_unit_id] = row.share
    return found


def units_of(unit: Unit) -> QuerySet[Unit]:
    """The unit and all that has become part of it by today."""
    return Unit.objects.filter(standings__today_unit=unit)


def sums_today(rows: QuerySet[Any], column: str, *, unit: str = "unit") -> dict[int, int]:
    """Sums of a column of whole numbers by the key of a unit of today; exact.

    ``unit`` names the rows' way to their unit; "" for rows that are units. Two queries, or three
    where units were split.
    """
    way, key_of = (f"{unit}__", unit) if unit else ("", "pk")
    today = f"{way}standings__today_unit"
    undivided = rows.filter(**{f"{way}standings__share_den": 1}).order_by()
    sums = {
        key: int(total or 0) for key, total in undivided.values_list(today).annotate(Sum(column))
    }
    divided = rows.filter(**{f"{key_of}__in": _divided()}).order_by()
    values = {
        key: int(total or 0) for key, total in divided.values_list(key_of).annotate(Sum(column))
    }
    for key, part in mapped_sum(values, standing(values) if values else {}).items():
        sums[key] = sums.get(key, 0) + part
    return sums


def _divided() -> QuerySet[Standing, Any]:
    return Standing.objects.filter(share_den__gt=1).values("unit")


def _steps(units: Collection[int], on: date) -> dict[int, list[tuple[Unit, Fraction]]]:
    rows = Succession.objects.filter(_WANTED, predecessor__in=units, change__effective_on__lte=on)
    steps: dict[int, list[tuple[Unit, Fraction]]] = {}
    for one in rows.select_related("successor"):
        steps.setdefault(one.predecessor_id, []).append((one.successor, one.share))
    return steps


def _next(
    shares: dict[Unit, Fraction], steps: dict[int, list[tuple[Unit, Fraction]]]
) -> dict[Unit, Fraction]:
    found: dict[Unit, Fraction] = {}
    for unit, share in shares.items():
        for successor, part in steps.get(unit.pk, [(unit, Fraction(1))]):
            found[successor] = found.get(successor, Fraction(0)) + share * part
    return found


def shown_unit(change: UnitChange) -> Unit | None:
    """The unit under whose name a change is told: the first that comes after, else that ended."""
    first = change.successions.select_related("successor").order_by("follows", "pk").first()
    if first is not None:
        return first.successor
    ended = [row["unit"] for row in change.account if "to" not in row]
    return Unit.objects.filter(pk__in=ended).order_by("pk").first()
