"""Coordinates as people copy them from a map."""

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.stations.models import Cluster
from vang.stations.positions import parse_position, written_position


@pytest.mark.parametrize(
    "text",
    [
        "15.7012, 108.2123",
        " 15.7012,108.2123 ",
        "15.7012 108.2123",
        "15.7012; 108.2123",
        "15,7012; 108,2123",
        "15,7012 108,2123",
        "15.7012° N, 108.2123° E".replace(" N", "N").replace(" E", "E"),
    ],
)
def test_a_position_is_read_as_it_was_copied(text: str) -> None:
    assert parse_position(text) == (15.7012, 108.2123)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("108.2123, 15.7012", "position-swapped"),
        ("48.85, 2.35", "position-abroad"),
        ("nhà văn hóa", "position-unread"),
        ("15.7012", "position-unread"),
        ("NaN, inf", "position-unread"),
        ("1, 2, 3", "position-unread"),
    ],
)
def test_what_is_no_place_in_vietnam_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_position(text)
    assert refusal.value.code == code


def test_nothing_is_no_position() -> None:
    assert parse_position("  ") is None
    assert written_position(None, None) == ""


@given(st.floats(6, 24), st.floats(102, 118))
def test_what_is_written_is_read_again(latitude: float, longitude: float) -> None:
    found = parse_position(written_position(latitude, longitude))
    assert found == (round(latitude, 5), round(longitude, 5))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        parse_position(text)
    except Refusal as refusal:
        assert str(refusal)  # noqa: PT017 - either way is right


@pytest.mark.django_db
def test_half_a_position_is_none(xa_a: Unit) -> None:
    with pytest.raises(IntegrityError):
        Cluster.objects.create(unit=xa_a, code="a", name="Cụm A", latitude=15.7)
