"""Polygons and circles from their text, and whether a polygon crosses itself.

A polygon may have tens of thousands of points, and may be made to be slow: the work is bounded.
"""

import math
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vang.cap.model import Circle, Polygon
from vang.cap.reasons import Reason

MOST_IN_POLYGON = 90_000
MOST_POINTS = 100_000
HALF_WAY_ROUND_KM = 20_038.0
_NUMBER = re.compile(r"[-+]?(\d{1,320}(\.\d{0,1100})?|\.\d{1,1100})([eE][-+]?\d{1,3})?")
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)
_MOST_PAIRS = 30_000_000
_AT_ONCE = 1_000_000
_TINY = 1e-3
"""Of the area: a loop that small comes from rounding, not from a wrong order of points."""

_Point = tuple[float, float]
_Floats = NDArray[np.float64]
_Numbers = NDArray[np.int64]


class GeometryError(ValueError):
    """``reason`` says what is wrong."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Crossing(StrEnum):
    """Whether a polygon crosses itself."""

    NONE = "none"
    TINY = "tiny"
    REAL = "real"


def parse_polygon(text: str, line: int = 0) -> Polygon:
    """ "lat,lon lat,lon …" with at least four points, closed. Raises GeometryError."""
    words = text.split()
    if len(words) > MOST_IN_POLYGON:
        raise GeometryError(Reason.TOO_MANY_POINTS)
    points = tuple(_point(word, Reason.POLYGON_NUMBER) for word in words)
    if len(points) < 4:
        raise GeometryError(Reason.POLYGON_FEW_POINTS)
    if points[0] != points[-1]:
        raise GeometryError(Reason.POLYGON_OPEN)
    return Polygon(points, line)


def parse_circle(text: str, line: int = 0) -> Circle:
    """ "lat,lon radius" with the radius in km. Raises GeometryError."""
    words = text.split()
    if not words or len(words) > 2:
        raise GeometryError(Reason.CIRCLE_FORMAT)
    latitude, longitude = _point(words[0], Reason.CIRCLE_FORMAT)
    if len(words) == 1:
        raise GeometryError(Reason.RADIUS_MISSING)
    radius = _number(words[1], Reason.CIRCLE_FORMAT)
    if radius < 0:
        raise GeometryError(Reason.RADIUS_NEGATIVE)
    if radius > HALF_WAY_ROUND_KM:
        raise GeometryError(Reason.RADIUS_TOO_LARGE)
    return Circle(latitude, longitude, radius, line)


def check_point(latitude: float, longitude: float) -> None:
    """Raises GeometryError. Every point of Vietnam, swapped, has a "latitude" beyond 90."""
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise GeometryError(Reason.COORDINATES_FINITE)
    if abs(latitude) > 90:
        swapped = abs(latitude) <= 180 and abs(longitude) <= 90
        raise GeometryError(Reason.COORDINATES_SWAPPED if swapped else Reason.LATITUDE)
    if abs(longitude) > 180:
        raise GeometryError(Reason.LONGITUDE)


def _point(word: str, otherwise: Reason) -> _Point:
    latitude, comma, longitude = word.partition(",")
    if not comma:
        raise GeometryError(otherwise)
    point = _number(latitude, otherwise), _number(longitude, otherwise)
    check_point(*point)
    return point


def _number(text: str, otherwise: Reason) -> float:
    if _NOT_FINITE.fullmatch(text):
        raise GeometryError(Reason.COORDINATES_FINITE)
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise GeometryError(otherwise)
    value = float(text)
    if not math.isfinite(value):
        raise GeometryError(Reason.COORDINATES_FINITE)
    return value


def crossing(points: Sequence[_Point]) -> Crossing:
    """Whether edges cross each other between their ends; touching is none.

    One that runs round a pole is not examined. Raises GeometryError(POLYGON_TANGLED) where the
    work would be too much: edges that all lie beside each other.
    """
    corners = _corners(points)
    if corners is None or len(corners) < 4:
        return Crossing.NONE
    sums = _sums(corners)
    worst = Crossing.NONE
    for first, second in _crossings(corners):
        share = _shares(corners, sums, first, second)
        if np.any(share > _TINY):
            return Crossing.REAL
        worst = Crossing.TINY
    return worst


def _corners(points: Sequence[_Point]) -> _Floats | None:
    """Without repeated points and without the leap at the date line; None round a pole."""
    corners = np.asarray(points, dtype=np.float64)
    corners[:, 1] = np.unwrap(corners[:, 1], period=360.0)
    if abs(corners[0, 1] - corners[-1, 1]) > 1e-6:
        return None
    moved = np.any(np.diff(corners, axis=0) != 0, axis=1)
    kept: _Floats = corners[np.concatenate(([True], moved))]
    centred: _Floats = kept - kept.mean(axis=0)
    return centred


def _crossings(corners: _Floats) -> Iterator[tuple[_Numbers, _Numbers]]:
    """Pairs of edges that cross, the earlier edge of each first."""
    begin, end = corners[:-1], corners[1:]
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    axis, order, counts = min((_beside(low, high, one) for one in (0, 1)), key=_total)
    if counts.sum() > _MOST_PAIRS:
        raise GeometryError(Reason.POLYGON_TANGLED)
    other = 1 - axis
    for first, second in _pairs(order, counts):
        near = (low[first, other] <= high[second, other]) & (
            low[second, other] <= high[first, other]
        )
        one, two = first[near], second[near]
        meet = _cross(begin[one], end[one], begin[two], end[two])
        if meet.any():
            one, two = one[meet], two[meet]
            yield np.minimum(one, two), np.maximum(one, two)


def _beside(low: _Floats, high: _Floats, axis: int) -> tuple[int, _Numbers, _Numbers]:
    """The edges by where they begin, and how many of the next ones each reaches."""
    order = np.argsort(low[:, axis], kind="stable")
    starts = low[order, axis]
    counts = np.searchsorted(starts, high[order, axis], side="right") - np.arange(len(order)) - 1
    return axis, order, counts


def _total(beside: tuple[int, _Numbers, _Numbers]) -> int:
    return int(beside[2].sum())


def _pairs(order: _Numbers, counts: _Numbers) -> Iterator[tuple[_Numbers, _Numbers]]:
    done = 0
    ends = np.cumsum(counts)
    while done < len(order):
        before = ends[done - 1] if done else 0
        upto = max(done + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        some = counts[done:upto]
        first = np.repeat(np.arange(done, upto), some)
        steps = np.arange(len(first)) - np.repeat(np.cumsum(some) - some, some)
        yield order[first], order[first + 1 + steps]
        done = upto


def _cross(a: _Floats, b: _Floats, c: _Floats, d: _Floats) -> NDArray[np.bool_]:
    """Whether a–b and c–d cross between their ends."""
    apart = _side(a, b, c) * _side(a, b, d) < 0
    return apart & (_side(c, d, a) * _side(c, d, b) < 0)


def _side(a: _Floats, b: _Floats, c: _Floats) -> _Floats:
    """On which side of a–b the point lies: -1, 1, or 0 on the line."""
    ab, ac = b - a, c - a
    left, right = ab[:, 0] * ac[:, 1], ab[:, 1] * ac[:, 0]
    twice = left - right
    close = np.abs(twice) <= 1e-12 * (np.abs(left) + np.abs(right))
    return np.where(close, 0.0, np.sign(twice))


def _sums(corners: _Floats) -> _Floats:
    """Twice the area under the edges so far."""
    products = corners[:-1, 0] * corners[1:, 1] - corners[1:, 0] * corners[:-1, 1]
    return np.concatenate(([0.0], np.cumsum(products)))


def _shares(corners: _Floats, sums: _Floats, first: _Numbers, second: _Numbers) -> _Floats:
    """The smaller of the two parts into which a crossing cuts the polygon, of both together."""
    a, b, c, d = corners[first], corners[first + 1], corners[second], corners[second + 1]
    ab, cd, ac = b - a, d - c, c - a
    along = (ac[:, 0] * cd[:, 1] - ac[:, 1] * cd[:, 0]) / (
        ab[:, 0] * cd[:, 1] - ab[:, 1] * cd[:, 0]
    )
    meet = a + along[:, None] * ab
    loop = sums[second] - sums[first + 1] + _product(meet, b) + _product(c, meet)
    rest = sums[-1] - loop
    both = np.abs(loop) + np.abs(rest)
    shares: _Floats = np.minimum(np.abs(loop), np.abs(rest)) / np.where(both > 0, both, 1.0)
    return shares


def _product(a: _Floats, b: _Floats) -> _Floats:
    result: _Floats = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
    return result
