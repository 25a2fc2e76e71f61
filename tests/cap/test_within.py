"""Whether a place lies in what a warning draws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cap.messages import NOW
from tests.cap.test_styles import STYLES
from vang.cap.model import Circle, Polygon
from vang.cap.reading import read
from vang.cap.within import distance_km, drawn, in_circle, ring_of

SQUARE = Polygon(((15.0, 108.0), (15.0, 109.0), (16.0, 109.0), (16.0, 108.0), (15.0, 108.0)))
HORSESHOE = Polygon(
    ((0, 0), (0, 5), (5, 5), (5, 4), (1, 4), (1, 1), (5, 1), (5, 0), (0, 0))
)  # fmt: skip
DATE_LINE = Polygon(((10, 179), (10, -179), (12, -179), (12, 179), (10, 179)))


@pytest.mark.parametrize(
    ("polygon", "place", "inside"),
    [
        (SQUARE, (15.5, 108.5), True),
        (SQUARE, (15.5, 107.9), False),
        (SQUARE, (15.5, 109.1), False),
        (SQUARE, (16.1, 108.5), False),
        (SQUARE, (15.0, 108.5), True),
        (SQUARE, (15.5, 109.0), True),
        (SQUARE, (16.0, 108.0), True),
        (SQUARE, (15.0, 107.0), False),
        (SQUARE, (16.0, 107.0), False),
        (HORSESHOE, (3, 2.5), False),
        (HORSESHOE, (3, 0.5), True),
        (HORSESHOE, (3, 4.5), True),
        (HORSESHOE, (1, 2.5), True),
        (DATE_LINE, (11, 179.5), True),
        (DATE_LINE, (11, -179.5), True),
        (DATE_LINE, (11, 0), False),
        (DATE_LINE, (11, 178.9), False),
    ],
)
def test_a_place_lies_in_a_polygon(
    polygon: Polygon, place: tuple[float, float], inside: bool  # noqa: FBT001 - a table
) -> None:  # fmt: skip
    assert ring_of(polygon).holds(*place) is inside
    backwards = Polygon(tuple(reversed(polygon.points)))
    assert ring_of(backwards).holds(*place) is inside


@given(
    st.floats(-60, 60), st.floats(-180, 180), st.floats(0.01, 30), st.floats(0, math.tau),
    st.floats(0, 2),
)  # fmt: skip
def test_a_round_polygon_holds_what_is_nearer_than_its_corners(
    latitude: float, longitude: float, radius: float, angle: float, share: float
) -> None:
    corners = [
        (
            latitude + radius * math.sin(k * math.tau / 90),
            (longitude + radius * math.cos(k * math.tau / 90) + 180) % 360 - 180,
        )
        for k in range(90)
    ]
    ring = Polygon((*corners, corners[0]))
    east = (longitude + share * radius * math.cos(angle) + 180) % 360 - 180
    north = latitude + share * radius * math.sin(angle)
    if not 0.99 < share < 1.001:
        assert ring_of(ring).holds(north, east) is (share < 1)


def test_a_circle_is_round_on_the_earth() -> None:
    assert distance_km(21.0278, 105.8342, 10.7769, 106.7009) == pytest.approx(1143.7, abs=1)
    assert distance_km(0, 179.5, 0, -179.5) == pytest.approx(111.2, abs=0.1)
    assert in_circle(Circle(15.7, 108.2, 5), 15.74, 108.2)
    assert not in_circle(Circle(15.7, 108.2, 5), 15.75, 108.2)
    assert not in_circle(Circle(15.7, 108.2, 0), 15.7, 108.2)


def test_a_warning_holds_what_any_of_its_areas_holds() -> None:
    rectangle = read(STYLES["my-met-rectangle"], now=NOW).alert
    shapes = drawn(rectangle)
    assert shapes is not None
    assert len(shapes.rings) == 1
    assert shapes.holds(5.5, 101.0)
    assert not shapes.holds(5.5, 102.0)
    point = read(STYLES["nz-quake-point"], now=NOW).alert
    assert drawn(point) is None
    codes = read(STYLES["cn-cma-empty-note"], now=NOW).alert
    assert drawn(codes) is None
