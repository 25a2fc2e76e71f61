"""Places with a figure each on a map without tiles."""

import math

from hypothesis import given
from hypothesis import strategies as st

from vang.base.maps import MOST_NUMBERED, Place, classes, map_of, moved_apart

FIGURES = st.lists(st.integers(0, 50), min_size=1, max_size=60)
POSITIONS = st.tuples(st.floats(8, 23), st.floats(102, 110))


def percent(text: str) -> float:
    return float(text.removesuffix("%"))


@given(FIGURES)
def test_every_figure_is_in_one_class_and_no_class_is_empty(figures: list[int]) -> None:
    found = classes(figures)
    assert 1 <= len(found) <= 5
    for low, top in found:
        assert {low, top} <= set(figures)
    for figure in figures:
        assert sum(low <= figure <= top for low, top in found) == 1


def test_classes_hold_about_as_many_places_each() -> None:
    assert classes(range(1, 11)) == [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]
    assert classes([0, 0, 0, 7]) == [(0, 0), (7, 7)]
    assert classes([]) == []


def test_the_largest_figure_is_number_one_and_what_is_unknown_comes_last() -> None:
    told = map_of([Place("a", 3), Place("b", None), Place("c", 9), Place("d", 0)])
    assert [(one.number, one.place.name, one.grade) for one in told.spots] == [
        (1, "c", 5), (2, "a", 3), (3, "d", 1), (4, "b", 0),
    ]  # fmt: skip
    assert told.drawn == []
    assert len(told.unplaced) == 4


def test_north_is_up_east_is_right_and_the_scale_is_true() -> None:
    told = map_of(
        [
            Place("nam", 1, (15.0, 108.0)),
            Place("bắc", 2, (16.0, 108.0)),
            Place("đông", 3, (15.0, 108.5)),
            Place("đâu", 4),
        ]
    )
    at = {one.place.name: (percent(one.x), percent(one.y)) for one in told.drawn}
    assert set(at) == {"nam", "bắc", "đông"}
    assert at["bắc"][1] < at["nam"][1]
    assert at["đông"][0] > at["nam"][0]
    assert math.isclose(at["đông"][1], at["nam"][1], abs_tol=0.1)
    assert told.scale is not None
    kilometres, begin, end = told.scale
    of_one = (at["nam"][1] - at["bắc"][1]) / 111.2
    assert math.isclose((percent(end) - percent(begin)) / kilometres, of_one, rel_tol=0.01)
    assert [one.degrees for one in told.parallels] == [15, 16]
    assert [one.place.name for one in told.unplaced] == ["đâu"]


@given(st.lists(POSITIONS, min_size=1, max_size=MOST_NUMBERED))
def test_no_circle_hides_another_or_leaves_the_map(positions: list[tuple[float, float]]) -> None:
    told = map_of(Place(str(n), n, at) for n, at in enumerate(positions))
    points = [(percent(one.x), percent(one.y)) for one in told.drawn]
    assert len(points) == len(positions)
    assert all(4 <= x <= 96 and 4 <= y <= 96 for x, y in points)
    assert all(
        math.dist(one, other) > 1 for n, one in enumerate(points) for other in points[n + 1 :]
    )
    assert told.parallels
    assert told.meridians


def test_places_at_one_point_part_and_others_stay() -> None:
    one, other, far = moved_apart([(50, 50), (50, 50), (90, 20)], 10)
    assert math.isclose(math.dist(one, other), 10, abs_tol=0.01)
    assert far == (90, 20)
