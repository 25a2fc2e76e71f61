"""Many devices out of contact at once are one matter: the power, the line, the server. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

LEAST = 3
OPENS_AT, CLOSES_AT = 0.5, 0.25
"""Share of the devices of a place that are away."""
PLACES = 3
"""So many places of one parent at once are one matter of the parent."""


@dataclass(frozen=True)
class Place:
    """Of a commune: how many devices serve there and how many of them are away."""

    unit: int
    parent: int | None
    serving: int
    away: int

    @property
    def stormy(self) -> bool:
        return self.away >= LEAST and self.away >= OPENS_AT * self.serving

    @property
    def calm(self) -> bool:
        return self.away < LEAST or self.away <= CLOSES_AT * self.serving


def counted(nodes: Iterable[tuple[int, int | None, bool]]) -> dict[int, Place]:
    """Places by unit from (unit, parent, whether it is away)."""
    serving: dict[int, int] = defaultdict(int)
    away: dict[int, int] = defaultdict(int)
    parents: dict[int, int | None] = {}
    for unit, parent, gone in nodes:
        serving[unit] += 1
        away[unit] += gone
        parents[unit] = parent
    return {unit: Place(unit, parents[unit], serving[unit], away[unit]) for unit in serving}


def storm_places(places: Mapping[int, Place], known: Collection[int]) -> dict[int, frozenset[int]]:
    """The communes that are in a storm by the unit that the storm is told of: the commune, or its
    parent where three of its communes are.

    ``known``: communes in a storm before; such a one is in it until it is calm.
    """
    stormy = [
        place
        for place in places.values()
        if place.stormy or (place.unit in known and not place.calm)
    ]
    by_parent: dict[int, set[int]] = defaultdict(set)
    for place in stormy:
        if place.parent is not None:
            by_parent[place.parent].add(place.unit)
    found: dict[int, frozenset[int]] = {}
    for parent, units in by_parent.items():
        if len(units) >= PLACES:
            found[parent] = frozenset(units)
    covered = {unit for units in found.values() for unit in units}
    return found | {
        place.unit: frozenset({place.unit}) for place in stormy if place.unit not in covered
    }
