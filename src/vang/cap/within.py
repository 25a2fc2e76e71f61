"""Whether a place lies in a polygon or circle of a warning. Pure.

Ray casting on latitude and longitude, as the standard's polygons are drawn (straight on a plain
map); the border belongs to the inside. Circles by the great circle (haversine).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vang.cap.model import Alert, Area, Circle, Polygon

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
_CLOSE = 1e-9
"""Degrees, a tenth of a millimetre: what lies so near an edge lies on it."""


@dataclass(frozen=True)
class Drawn:
    """The shapes of a warning, made ready for many places."""

    rings: "tuple[Ring, ...]"
    circles: tuple[Circle, ...]

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether the place lies in any of them."""
        return any(one.holds(latitude, longitude) for one in self.rings) or any(
            in_circle(one, latitude, longitude) for one in self.circles
        )


def drawn(alert: Alert) -> Drawn | None:
    """Each shape once; None where it draws none of some size."""
    areas = list(dict.fromkeys(area for info in alert.infos for area in info.areas))
    return drawn_of(areas)


def drawn_of(areas: Iterable[Area]) -> Drawn | None:
    """As :func:`drawn`."""
    found = list(areas)
    polygons = dict.fromkeys(one for area in found for one in area.polygons)
    circles = dict.fromkeys(one for area in found for one in area.circles if one.radius > 0)
    if not polygons and not circles:
        return None
    return Drawn(tuple(map(ring_of, polygons)), tuple(circles))


def in_circle(circle: Circle, latitude: float, longitude: float) -> bool:
    """Not further from the centre than its radius; a circle of no size holds nothing."""
    far = distance_km(circle.latitude, circle.longitude, latitude, longitude)
    return circle.radius > 0 and far <= circle.radius


def distance_km(latitude: float, longitude: float, to_lat: float, to_lon: float) -> float:
    """Along the great circle."""
    one, other = math.radians(latitude), math.radians(to_lat)
    up, across = (other - one) / 2, math.radians(to_lon - longitude) / 2
    square = math.sin(up) ** 2 + math.cos(one) * math.cos(other) * math.sin(across) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, square)))


@dataclass(frozen=True, eq=False)
class Ring:
    """Corners of a polygon; longitudes run on where it crosses the date line."""

    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]

    def holds(self, latitude: float, longitude: float) -> bool:
        """By the edges that a ray to the east meets. Edges run the short way round the earth."""
        if not self.latitudes.min() - _CLOSE <= latitude <= self.latitudes.max() + _CLOSE:
            return False
        west = float(self.longitudes.min())
        turned = west + (longitude - west) % 360.0
        return self._holds(latitude, turned) or self._holds(latitude, turned - 360.0)

    def _holds(self, latitude: float, longitude: float) -> bool:
        if not self.longitudes.min() - _CLOSE <= longitude <= self.longitudes.max() + _CLOSE:
            return False
        up, right = self.latitudes - latitude, self.longitudes - longitude
        south, north, west, east = up[:-1], up[1:], right[:-1], right[1:]
        twice = south * (east - west) - west * (north - south)
        size = np.maximum(np.maximum(abs(east - west), abs(north - south)), _CLOSE)
        beside = (np.minimum(south, north) <= _CLOSE) & (np.maximum(south, north) >= -_CLOSE)
        beside &= (np.minimum(west, east) <= _CLOSE) & (np.maximum(west, east) >= -_CLOSE)
        if np.any(beside & (abs(twice) <= _CLOSE * size)):
            return True
        met = ((south > 0) != (north > 0)) & ((twice > 0) != (north > south))
        return bool(np.count_nonzero(met) % 2)


def ring_of(polygon: Polygon) -> Ring:
    """Ready for many places."""
    points = np.asarray(polygon.points, dtype=np.float64)
    return Ring(points[:, 0], np.unwrap(points[:, 1], period=360.0))
