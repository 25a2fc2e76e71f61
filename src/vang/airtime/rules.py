"""Reading the rules of programmes: their days off, and single times decided otherwise."""

from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from vang.airtime.holidays import OwnDay, days_off
from vang.airtime.models import DayOff, Programme, ProgrammeTime
from vang.airtime.recurrence import Otherwise, Rule
from vang.orgs.models import Unit


class Rules:
    """The rules of placements' programmes. What they need besides is read once, when needed."""

    def __init__(self, keys: list[int], first: date, last: date) -> None:
        self._keys, self._first, self._last = keys, first, last

    def rule(self, row: Any, unit: int, valid_until: date | None = None) -> Rule:
        """The rule of a row that brings its own days and its programme's columns. Nothing plays
        after ``valid_until``."""
        lasts = [day for day in (row.to_day, row.programme__valid_to, valid_until) if day]
        skips = row.programme__on_holidays == Programme.Holidays.SKIP
        return Rule(
            at=row.programme__starts_at,
            zone=row.programme__zone,
            weekdays=row.programme__weekdays,
            first=max(row.from_day, row.programme__valid_from),
            last=min(lasts, default=None),
            days_off=self._off(unit) if skips else frozenset(),
            otherwise=self._otherwise.get(row.programme_id, ()),
        )

    @cached_property
    def _otherwise(self) -> dict[int, tuple[Otherwise, ...]]:
        rows = ProgrammeTime.objects.filter(
            programme__unit__in=self._keys, day__gte=self._first, day__lte=self._last
        )
        found: dict[int, list[Otherwise]] = defaultdict(list)
        for row in rows.order_by("pk"):
            found[row.programme_id].append(otherwise_of(row))
        return {programme: tuple(some) for programme, some in found.items()}

    def _off(self, unit: int) -> frozenset[date]:
        if unit not in self._known_off:
            own = self._own_days.get(unit, [])
            self._known_off[unit] = frozenset(days_off(self._first, self._last, own))
        return self._known_off[unit]

    @cached_property
    def _known_off(self) -> dict[int, frozenset[date]]:
        return {}

    @cached_property
    def _own_days(self) -> dict[int, list[OwnDay]]:
        rows = DayOff.objects.filter(unit__in=self._keys, day__gte=self._first, day__lte=self._last)
        found: dict[int, list[OwnDay]] = defaultdict(list)
        for unit, day, name, off in rows.order_by("day").values_list("unit", "day", "name", "off"):
            found[unit].append(OwnDay(day, name, off))
        return found


def otherwise_of(row: ProgrammeTime) -> Otherwise:
    """The row as the rule reads it."""
    to = (row.to_day, row.to_at) if row.to_day and row.to_at else None
    return Otherwise(row.pk, row.day, to, row.decided_at, row.undone_at)


def own_days_off(unit: Unit, first: date, last: date) -> list[OwnDay]:
    """What the commune entered itself for the days from ``first`` to ``last``."""
    rows = DayOff.objects.filter(unit=unit, day__gte=first, day__lte=last).order_by("day")
    return [OwnDay(row.day, row.name, row.off) for row in rows]


def rules_of_programmes(
    programmes: QuerySet[Programme], first: date, last: date
) -> list[tuple[Programme, Rule]]:
    """Every programme of one commune with its rule, in three queries."""
    rows = list(programmes.select_related("unit").prefetch_related("otherwise").order_by("pk"))
    own = own_days_off(rows[0].unit, first, last) if rows else []
    off = frozenset(days_off(first, last, own))
    return [(one, _rule(one, off)) for one in rows]


def _rule(programme: Programme, off: frozenset[date]) -> Rule:
    skips = programme.on_holidays == Programme.Holidays.SKIP
    return Rule(
        at=programme.starts_at,
        zone=programme.zone,
        weekdays=programme.weekdays,
        first=programme.valid_from,
        last=programme.valid_to,
        days_off=off if skips else frozenset(),
        otherwise=tuple(otherwise_of(row) for row in programme.otherwise.all()),
    )


def rule_of_programme(programme: Programme, first: date, last: date) -> Rule:
    """The programme's own rule, as far as it concerns the days from ``first`` to ``last``."""
    skips = programme.on_holidays == Programme.Holidays.SKIP
    own = own_days_off(programme.unit, first, last) if skips else []
    return _rule(programme, frozenset(days_off(first, last, own)))
