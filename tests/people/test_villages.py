"""An administrator names the villages of the commune."""

from datetime import datetime

import pytest

from tests.refusals import refused
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.people.models import Person
from vang.people.villages import MOST_VILLAGES, add_villages


def named(unit: Unit, now: datetime) -> list[str]:
    return [village.full_name for village in villages(unit, now.date())]


def test_each_line_is_a_village_and_without_a_kind_a_thon(
    xa_b: Unit, chi: Person, now: datetime
) -> None:
    names = ["Thôn 1", "  Tổ dân phố   Hương An ", "", "Phú Trung"]
    made = add_villages(unit=xa_b, names=names, by=chi, now=now)
    assert [village.code for village in made] == ["20683.01", "20683.02", "20683.03"]
    assert set(named(xa_b, now)) == {"Thôn 1", "Tổ dân phố Hương An", "Thôn Phú Trung"}


def test_who_is_there_already_is_left_as_it_is_however_it_is_typed(
    xa_a: Unit, quan: Person, now: datetime
) -> None:
    before = named(xa_a, now)
    assert add_villages(unit=xa_a, names=["thon thuan 1", "Thuận 2"], by=quan, now=now) == []
    assert named(xa_a, now) == before


def test_a_number_that_was_given_is_not_given_again(
    xa_a: Unit, quan: Person, now: datetime
) -> None:
    Unit.objects.filter(code="20662.03").update(valid_to=now.date())
    (made,) = add_villages(unit=xa_a, names=["Thôn Mới"], by=quan, now=now)
    assert made.code == "20662.04"


def test_only_the_administrator_of_the_commune_may(
    xa_a: Unit, an: Person, chi: Person, quan: Person, now: datetime
) -> None:
    for other in (an, chi):
        with refused("not-allowed"):
            add_villages(unit=xa_a, names=["Thôn 9"], by=other, now=now)
    assert len(add_villages(unit=xa_a, names=["Thôn 9"], by=quan, now=now)) == 1


def test_a_commune_has_no_thousand_villages(xa_a: Unit, quan: Person, now: datetime) -> None:
    many = [f"Thôn {number}" for number in range(10, 10 + MOST_VILLAGES)]
    with refused("too-many-villages"):
        add_villages(unit=xa_a, names=many, by=quan, now=now)
    assert len(add_villages(unit=xa_a, names=many[:5], by=quan, now=now)) == 5


@pytest.mark.parametrize("length", [80, 81])
def test_a_name_is_no_story(xa_a: Unit, quan: Person, now: datetime, length: int) -> None:
    name = "x" * length
    if length > 80:
        with refused("name-too-long"):
            add_villages(unit=xa_a, names=[name], by=quan, now=now)
    else:
        assert add_villages(unit=xa_a, names=[name], by=quan, now=now)
