"""Many places on a small screen: those near each other become one dot with a number. Pure."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from vang.equipment.fleet import STATES, Spot

CELL_PX = 48
TILE_PX = 256
SINGLE_FROM = 15
"""From this zoom on every place stands by itself."""
MOST_ZOOM = 19
_MERCATOR = 85.05


@dataclass(frozen=True)
class Box:
    """What the screen shows, in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass
class Dot:
    """One or several places. ``look`` is the worst of theirs."""

    latitude: float
    longitude: float
    looks: Counter[str] = field(default_factory=Counter)
    spot: Spot | None = None

    @property
    def count(self) -> int:
        return self.looks.total()

    @property
    def look(self) -> str:
        return next((state for state in STATES if self.looks[state]), "ended")


def dots(spots: Iterable[Spot], box: Box, zoom: int) -> list[Dot]:
    """What to draw of the places in the box. A group stands in the middle of its places."""
    cells: dict[object, list[Spot]] = {}
    for one in spots:
        if one.latitude is None or one.longitude is None:
            continue
        if box.holds(one.latitude, one.longitude):
            key = one.pk if zoom >= SINGLE_FROM else _cell(one.latitude, one.longitude, zoom)
            cells.setdefault(key, []).append(one)
    return [_dot(found) for found in cells.values()]


def _dot(found: list[Spot]) -> Dot:
    latitude = sum(one.latitude or 0.0 for one in found) / len(found)
    longitude = sum(one.longitude or 0.0 for one in found) / len(found)
    alone = found[0] if len(found) == 1 else None
    return Dot(latitude, longitude, Counter(one.look for one in found), alone)


def _cell(latitude: float, longitude: float, zoom: int) -> tuple[int, int]:
    """The square of the screen in which the place lies (Web Mercator)."""
    side = TILE_PX * 2**zoom / CELL_PX
    clipped = max(-_MERCATOR, min(_MERCATOR, latitude))
    sine = math.sin(math.radians(clipped))
    up = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return int((longitude / 360 + 0.5) * side), int(up * side)


def box_around(spots: Iterable[Spot]) -> Box | None:
    """What holds all of them; None where none has a position."""
    known = [
        (one.latitude, one.longitude)
        for one in spots
        if one.latitude is not None and one.longitude is not None
    ]
    if not known:
        return None
    latitudes, longitudes = [one[0] for one in known], [one[1] for one in known]
    return Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))
