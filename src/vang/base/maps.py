"""Places with a figure each, drawn without tiles: circles on a square, in percent of it. Pure.

There are no boundaries: a circle stands at one position of its place, moved a little where it would
hide another. Colours come in classes of about as many places each; equal figures are in one class.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

GRADES = 5
"""As many classes have a colour of their own."""
MOST_NUMBERED = 40
"""More circles than these are drawn small and without their numbers."""
KM_A_DEGREE = 111.2
_MARGIN = 9.0  # percent of the square on each side
_LEAST_WIDTH = 0.02  # degrees: one village square is not blown up to a country
_APART, _APART_SMALL = 9.5, 3.6  # percent between the middles of two circles
_ROUNDS = 40
_LONGEST_SCALE = 30.0  # percent
_KILOMETRES = (500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5)
_STEPS = (5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005)
_FEWEST_LINES = 2

Position = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """``value``: None where nobody knows. ``position``: None where nobody entered one."""

    name: str
    value: float | int | None
    position: Position | None = None
    url: str = ""


@dataclass(frozen=True)
class Spot:
    """A place by its number, largest figure first. ``grade``: 1 to 5; 0 without a figure.

    ``x`` and ``y``: "12.5%"; empty where it has no position.
    """

    number: int
    place: Place
    grade: int
    x: str = ""
    y: str = ""


@dataclass(frozen=True)
class Line:
    """A meridian or a parallel: where it crosses the square, and its degrees."""

    at: str
    degrees: float


@dataclass(frozen=True)
class Map:
    """``legend``: (grade, smallest figure, largest figure) of each class. ``scale``: (kilometres,
    where they begin, where they end), of a map with positions."""

    spots: tuple[Spot, ...]
    legend: tuple[tuple[int, float, float], ...]
    scale: tuple[float, str, str] | None = None
    parallels: tuple[Line, ...] = ()
    meridians: tuple[Line, ...] = ()

    @property
    def drawn(self) -> list[Spot]:
        """Those with a position: small figures first, so that large ones lie on top."""
        return [one for one in reversed(self.spots) if one.x]

    @property
    def unplaced(self) -> list[Spot]:
        return [one for one in self.spots if not one.x]

    @property
    def numbered(self) -> bool:
        return len(self.drawn) <= MOST_NUMBERED

    @property
    def unknown(self) -> bool:
        """Whether a circle stands for a place without a figure."""
        return any(one.grade == 0 for one in self.drawn)


def map_of(places: Iterable[Place]) -> Map:
    """The places by their figures, those that have a position on a square that holds them all."""
    told = sorted(places, key=lambda one: (one.value is None, -(one.value or 0), one.name))
    ranges = classes([one.value for one in told if one.value is not None])
    grades = _grades(len(ranges))
    spots = [Spot(n, one, _grade(one.value, ranges, grades)) for n, one in enumerate(told, 1)]
    legend = tuple((grade, *ends) for grade, ends in zip(grades, ranges, strict=True))
    known = [one.position for one in told if one.position is not None]
    if not known:
        return Map(tuple(spots), legend)
    square = _Square.around(known)
    far = _APART if len(known) <= MOST_NUMBERED else _APART_SMALL
    points = iter(moved_apart([square.point(one) for one in known], far))
    placed = [one if one.place.position is None else _at(one, next(points)) for one in spots]
    return Map(tuple(placed), legend, square.scale(), square.lines(0), square.lines(1))


def classes(values: Collection[float], most: int = GRADES) -> list[tuple[float, float]]:
    """(smallest, largest) of each class, in order; none is empty and equal values part never."""
    ordered = sorted(values)
    if not ordered:
        return []
    n = len(ordered)
    tops = (
        sorted(set(ordered))
        if len(set(ordered)) <= most
        else sorted({ordered[math.ceil((k + 1) * n / most) - 1] for k in range(most)})
    )
    found, below = [], -math.inf
    for top in tops:
        found.append((next(one for one in ordered if one > below), top))
        below = top
    return found


def _grades(n: int) -> list[int]:
    """Colours as far from each other as there are."""
    if n < 2:
        return [GRADES // 2 + 1] * n
    return [round(1 + k * (GRADES - 1) / (n - 1)) for k in range(n)]


def _grade(
    value: float | None, ranges: Sequence[tuple[float, float]], grades: Sequence[int]
) -> int:
    if value is None:
        return 0
    return next(grade for grade, (_low, top) in zip(grades, ranges, strict=True) if value <= top)


def _at(spot: Spot, point: Point) -> Spot:
    return Spot(spot.number, spot.place, spot.grade, _percent(point[0]), _percent(point[1]))


def _percent(share: float) -> str:
    return f"{share:.2f}%"


@dataclass(frozen=True)
class _Square:
    """``middle`` in degrees; ``width`` in degrees of latitude; ``narrow``: how much shorter a
    degree of longitude is."""

    middle: Position
    width: float
    narrow: float

    @classmethod
    def around(cls, known: Sequence[Position]) -> "_Square":
        south, north = min(one[0] for one in known), max(one[0] for one in known)
        west, east = min(one[1] for one in known), max(one[1] for one in known)
        middle = ((south + north) / 2, (west + east) / 2)
        narrow = max(0.01, math.cos(math.radians(middle[0])))
        return cls(middle, max(north - south, (east - west) * narrow, _LEAST_WIDTH), narrow)

    @property
    def _share(self) -> float:
        """Percent of a degree of latitude."""
        return (100 - 2 * _MARGIN) / self.width

    def point(self, position: Position) -> Point:
        x = 50 + (position[1] - self.middle[1]) * self.narrow * self._share
        return x, 50 - (position[0] - self.middle[0]) * self._share

    def scale(self) -> tuple[float, str, str]:
        """The longest round length that takes up no more than its part."""
        of_one = self._share / KM_A_DEGREE
        fitting = (one for one in _KILOMETRES if one * of_one <= _LONGEST_SCALE)
        length = next(fitting, _KILOMETRES[-1])
        end = 100 - _MARGIN / 3
        return length, _percent(end - length * of_one), _percent(end)

    def lines(self, axis: int) -> tuple[Line, ...]:
        """At round degrees, two or more of them."""
        half = 50 / (self._share * (self.narrow if axis else 1))
        first, last = self.middle[axis] - half, self.middle[axis] + half
        for step in _STEPS:
            at = [n * step for n in range(math.ceil(first / step), math.floor(last / step) + 1)]
            if len(at) >= _FEWEST_LINES:
                break
        return tuple(self._line(axis, degrees) for degrees in at)

    def _line(self, axis: int, degrees: float) -> Line:
        there = list(self.middle)
        there[axis] = degrees
        return Line(_percent(self.point((there[0], there[1]))[1 - axis]), round(degrees, 3))


def moved_apart(points: Sequence[Point], least: float) -> list[Point]:
    """No two nearer than ``least`` as far as that can be had, none beyond the margin."""
    found = [list(one) for one in points]
    for _round in range(_ROUNDS):
        moved = False
        order = sorted(range(len(found)), key=lambda n: (found[n][0], n))
        for k, one in enumerate(order):
            for other in order[k + 1 :]:
                if found[other][0] - found[one][0] >= least:
                    break
                moved |= _part(found[one], found[other], least, one - other)
        for point in found:
            point[:] = [min(max(at, _MARGIN / 2), 100 - _MARGIN / 2) for at in point]
        if not moved:
            break
    return [(x, y) for x, y in found]


def _part(one: list[float], other: list[float], least: float, turn: int) -> bool:
    """Push two that are too near away from each other. ``turn``: where, when they are at one."""
    wide, high = other[0] - one[0], other[1] - one[1]
    far = math.hypot(wide, high)
    if far >= least - 1e-6:
        return False
    if far < 1e-6:
        wide, high, far = math.cos(turn), math.sin(turn), 1.0
        push = least / 2
    else:
        push = (least - far) / 2
    one[0], one[1] = one[0] - wide / far * push, one[1] - high / far * push
    other[0], other[1] = other[0] + wide / far * push, other[1] + high / far * push
    return True
