"""The area that a warning draws, as an alert of our own carries it on. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from vang.cap.model import Area, Circle

MOST_POINTS = 2_000
"""More is not carried on: every language of what we publish repeats the drawing."""
KM_A_DEGREE = 111.2
_CORNERS = 72

Ring = list[list[float]]


@dataclass(frozen=True)
class Drawing:
    """Rings of [latitude, longitude], and one circle [latitude, longitude, kilometres]."""

    polygons: tuple[Ring, ...] = ()
    circle: list[float] | None = None
    too_fine: bool = False

    @property
    def points(self) -> int:
        return sum(map(len, self.polygons))


def drawing_of(areas: Iterable[Area]) -> Drawing:
    """Each shape once. An alert has one circle: where there are more, all become polygons."""
    found = list(areas)
    shapes = dict.fromkeys(one.points for area in found for one in area.polygons)
    rings = [[list(point) for point in points] for points in shapes]
    circles = list(dict.fromkeys(c for area in found for c in area.circles if c.radius > 0))
    if len(circles) > 1:
        rings += map(around, circles)
    circle = [*_centre(circles[0]), circles[0].radius] if len(circles) == 1 else None
    drawing = Drawing(tuple(rings), circle)
    return drawing if drawing.points <= MOST_POINTS else Drawing(too_fine=True)


def around(circle: Circle) -> Ring:
    """A closed ring of many corners that holds the whole circle."""
    far = circle.radius / math.cos(math.pi / _CORNERS) / KM_A_DEGREE
    latitude, longitude = _centre(circle)
    wide = far / max(0.01, math.cos(math.radians(latitude)))
    turns = [2 * math.pi * corner / _CORNERS for corner in range(_CORNERS)]
    ring = [
        [round(latitude + far * math.cos(t), 5), round(longitude + wide * math.sin(t), 5)]
        for t in turns
    ]
    return [*ring, ring[0]]


def _centre(circle: Circle) -> list[float]:
    return [circle.latitude, circle.longitude]
