"""Figures of a round by district or province, straight from the accepted filings.

As it was: under the units above it on the day of the report. Mapped to today: what a unit that is
no more reported goes to its successors by their shares, each figure cut no finer than it is told;
sums stay exact. What a unit above put together is not counted again, its own part is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db import connection

from vang.orgs.mapping import apportioned
from vang.orgs.models import Standing, Unit
from vang.orgs.queries import ancestors
from vang.reports.models import Indicator, Round

Key = tuple[int, int]
"""(key of the unit, key of the indicator)."""


@dataclass
class Consolidated:
    """``sums``: thousandths; ``counts``: how many reports gave the figure."""

    sums: dict[Key, int] = field(default_factory=dict)
    counts: dict[Key, int] = field(default_factory=dict)

    def add(self, key: Key, milli: int, count: int) -> None:
        self.sums[key] = self.sums.get(key, 0) + milli
        self.counts[key] = self.counts.get(key, 0) + count

    def figure(self, unit: int, indicator: Indicator) -> int | None:
        """The sum, or the mean of those who gave it; None where nobody did."""
        key = (unit, indicator.pk)
        if not self.counts.get(key):
            return None
        if indicator.rollup != Indicator.Rollup.MEAN:
            return self.sums[key]
        return round(self.sums[key] / self.counts[key] / indicator.step) * indicator.step


_OWN = "CASE WHEN r.consolidates THEN v.own_milli ELSE v.milli END"
_FIGURE = "CASE WHEN own THEN v.own_milli ELSE v.milli END"
# The few thousand reports are found first: left to itself PostgreSQL starts from the values.
_ROWS = """
WITH told AS MATERIALIZED (
  SELECT r.accepted_id AS filing, r.consolidates AS own, {place} AS place
  FROM reports_report r {units}
  WHERE r.round_id = %s AND r.accepted_id IS NOT NULL {within}
)
SELECT place, v.indicator_id, SUM({figure}), COUNT({figure})
FROM told JOIN reports_value v ON v.filing_id = told.filing
GROUP BY place, v.indicator_id
"""
_AS_IT_WAS = "JOIN orgs_unit u ON u.id = r.unit_id"
_TODAY = """
JOIN orgs_standing s ON s.unit_id = r.unit_id AND s.share_den = 1
JOIN orgs_unit u ON u.id = s.today_unit_id
"""
_ABOVE = """
LEFT JOIN orgs_unit p1 ON p1.id = u.parent_id
LEFT JOIN orgs_unit p2 ON p2.id = p1.parent_id
"""
_PLACE = (
    "CASE WHEN u.level = '{level}' THEN u.id WHEN p1.level = '{level}' THEN p1.id "
    "WHEN p2.level = '{level}' THEN p2.id END"
)
_UNDER = """
(SELECT c.id FROM orgs_unit c LEFT JOIN orgs_unit d ON d.id = c.parent_id
 WHERE c.id = %s OR c.parent_id = %s OR d.parent_id = %s)
"""
# Of one unit's figures only those with a part of it.
_DIVIDED = "AND r.unit_id IN (SELECT unit_id FROM orgs_standing WHERE share_den > 1 {part})"


def by_place(
    round_: Round, level: str, *, today: bool = False, only: Unit | None = None
) -> Consolidated:
    """By the units of ``level`` over (or being) those that reported; ``only``: of one of them.

    ``today``: mapped to the units of today. Two queries; one or two more for divided units.
    """
    units = (_TODAY if today else _AS_IT_WAS) + _ABOVE
    # A unit of today is looked for by what it stands under today.
    within = f"AND u.id IN {_UNDER}" if only is not None else ""
    place = _PLACE.format(level=Unit.Level(level).value)
    rows = _asked(
        _ROWS.format(place=place, units=units, within=within, figure=_FIGURE),
        [round_.pk, *([only.pk] * 3 if only is not None else [])],
    )
    kinds = {one.pk: one for one in round_.version.indicators.all()}
    found = Consolidated()
    _take(found, rows, kinds)
    if today:
        _take_divided(found, round_, level, kinds, only)
    return found


def _asked(statement: str, params: Sequence[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _take(
    found: Consolidated,
    rows: Iterable[tuple[int | None, int, int | None, int]],
    kinds: Mapping[int, Indicator],
) -> None:
    for place, indicator, total, count in rows:
        told = place is not None and total is not None
        if told and kinds[indicator].rollup != Indicator.Rollup.NONE:
            found.add((place or 0, indicator), int(total or 0), count)


def _take_divided(
    found: Consolidated,
    round_: Round,
    level: str,
    kinds: Mapping[int, Indicator],
    only: Unit | None,
) -> None:
    """The few units that went to several: each figure to each successor by its share."""
    within, params = _divided(only)
    statement = _ROWS.format(place="r.unit_id", units="", within=within, figure=_FIGURE)
    _divide(found, _asked(statement, [round_.pk, *params]), level, kinds, only)


def _divided(only: Unit | None) -> tuple[str, list[int]]:
    if only is None:
        return _DIVIDED.format(part=""), []
    return _DIVIDED.format(part=f"AND today_unit_id IN {_UNDER}"), [only.pk] * 3


def _divide(
    found: Consolidated,
    rows: Sequence[Any],
    level: str,
    kinds: Mapping[int, Indicator],
    only: Unit | None,
) -> None:
    if not rows:
        return
    shares, places = _went({row[0] for row in rows if row[0] is not None}, level, only)
    for unit, indicator, total, count in rows:
        one = kinds[indicator]
        if unit is None or total is None or one.rollup == Indicator.Rollup.NONE:
            continue
        for successor, milli in _parts(one, int(total), shares[unit]).items():
            place = places.get(successor)
            if place is not None:
                found.add((place, indicator), milli, count)


def _parts(one: Indicator, milli: int, shares: Mapping[int, Fraction]) -> dict[int, int]:
    """A sum is divided, exactly; a mean is true of every part."""
    if one.rollup == Indicator.Rollup.MEAN:
        return dict.fromkeys(shares, milli)
    whole, rest = divmod(milli, one.step)
    parts = {key: n * one.step for key, n in apportioned(whole, shares).items()}
    parts[next(iter(parts))] += rest
    return parts


def _went(
    units: set[int], level: str, only: Unit | None
) -> tuple[dict[int, dict[int, Fraction]], dict[int, int]]:
    """(shares by unit and successor; by successor the unit of ``level`` that it is or stands under,
    as far as that is under ``only``). One query."""
    shares: dict[int, dict[int, Fraction]] = defaultdict(dict)
    places: dict[int, int] = {}
    rows = Standing.objects.filter(unit__in=units).order_by("unit", "today_unit")
    for row in rows.select_related("today_unit__parent__parent"):
        shares[row.unit_id][row.today_unit_id] = Fraction(row.share_num, row.share_den)
        line = ancestors(row.today_unit)
        place = next((one for one in line if one.level == level), None)
        if place is not None and (only is None or only in line):
            places[row.today_unit_id] = place.pk
    return shares, places


def total_of(told: Consolidated) -> Consolidated:
    """All places together, under the key 0."""
    found = Consolidated()
    for (place, indicator), milli in told.sums.items():
        found.add((0, indicator), milli, told.counts[place, indicator])
    return found


def over_time(
    rounds: Sequence[Round],
    named: Iterable[Indicator],
    level: str,
    *,
    today: bool = False,
    only: Unit | None = None,
) -> dict[int, dict[int, int]]:
    """One indicator, ``named`` in each version of the form, through rounds: by key of the round,
    then of the place. One query, and one or two more for units that were divided."""
    kinds = {one.pk: one for one in named}
    if not kinds:
        return {}
    keys = [one.pk for one in rounds]
    within = f"AND u.id IN {_UNDER}" if only is not None else ""
    params = [*kinds, *keys, *([only.pk] * 3 if only is not None else [])]
    units = (_TODAY if today else _AS_IT_WAS) + _ABOVE
    place = _PLACE.format(level=Unit.Level(level).value)
    told: dict[int, Consolidated] = defaultdict(Consolidated)
    for round_, *row in _asked(_through(place, units, within, kinds, keys), params):
        _take(told[round_], [tuple(row)], kinds)
    if today:
        part, under = _divided(only)
        divided = _through("r.unit_id", "", part, kinds, keys)
        rows: dict[int, list[Any]] = defaultdict(list)
        for round_, *row in _asked(divided, [*kinds, *keys, *under]):
            rows[round_].append(tuple(row))
        for round_, some in rows.items():
            _divide(told[round_], some, level, kinds, only)
    return {round_: _figures(sums, kinds) for round_, sums in told.items()}


def _figures(told: Consolidated, kinds: Mapping[int, Indicator]) -> dict[int, int]:
    """By place; there is one indicator of each version."""
    found = {(unit, key): told.figure(unit, kinds[key]) for unit, key in told.sums}
    return {unit: figure for (unit, _key), figure in found.items() if figure is not None}


def _through(
    place: str, units: str, within: str, kinds: Collection[int], keys: Collection[int]
) -> str:
    indicators, rounds = (", ".join(["%s"] * len(some)) for some in (kinds, keys))
    return f"""
SELECT r.round_id, {place} AS place, v.indicator_id, SUM({_OWN}), COUNT({_OWN})
FROM reports_report r {units}
JOIN reports_value v ON v.filing_id = r.accepted_id AND v.indicator_id IN ({indicators})
WHERE r.round_id IN ({rounds}) AND r.accepted_id IS NOT NULL {within}
GROUP BY r.round_id, place, v.indicator_id
"""  # noqa: S608 - only names of columns and places for parameters
