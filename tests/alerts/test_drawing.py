"""What a warning draws, as it is carried on."""

from hypothesis import given
from hypothesis import strategies as st

from vang.alerts.drawing import around, drawing_of
from vang.cap.model import Area, Circle, Polygon
from vang.cap.within import distance_km, drawn_of

RING = ((15.5, 108.0), (15.5, 108.4), (15.9, 108.4), (15.5, 108.0))


def test_each_shape_stands_once() -> None:
    area = Area("a", polygons=(Polygon(RING),), circles=(Circle(15.6, 108.2, 5),))
    found = drawing_of([area, area])
    assert found.polygons == ([list(point) for point in RING],)
    assert found.circle == [15.6, 108.2, 5]


def test_a_point_draws_nothing() -> None:
    found = drawing_of([Area("a", circles=(Circle(15.6, 108.2, 0),))])
    assert (found.polygons, found.circle) == ((), None)


def test_several_circles_become_polygons() -> None:
    found = drawing_of([Area("a", circles=(Circle(15.6, 108.2, 5), Circle(16, 108, 3)))])
    assert found.circle is None
    assert len(found.polygons) == 2


@given(st.floats(8, 24), st.floats(102, 110), st.floats(0.5, 80))
def test_the_ring_around_a_circle_holds_it(
    latitude: float, longitude: float, radius: float
) -> None:
    ring = around(Circle(latitude, longitude, radius))
    far = [distance_km(latitude, longitude, *point) for point in ring]
    assert ring[0] == ring[-1]
    assert min(far) >= radius * 0.99
    assert max(far) <= radius * 1.03
    shapes = drawn_of([Area("a", polygons=(Polygon(tuple((a, b) for a, b in ring)),))])
    assert shapes is not None
    assert shapes.holds(latitude, longitude)
