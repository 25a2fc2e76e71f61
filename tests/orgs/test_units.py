"""Units as dated data."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, communes_below, unit_by_code, villages

TODAY = date(2026, 6, 10)


def unit(code: str, since: date, until: date | None = None, **more: object) -> Unit:
    fields = {"level": "COMMUNE", "kind": "XA", "name": "Quế Sơn", **more}
    return Unit.objects.create(code=code, valid_from=since, valid_to=until, **fields)


def test_a_code_means_another_unit_after_the_reform(db: None) -> None:
    old = unit("20641", date(2017, 1, 1), date(2025, 7, 1), kind="THI_TRAN", name="Đông Phú")
    new = unit("20641", date(2025, 7, 1))
    assert unit_by_code("20641", date(2025, 6, 30)) == old
    assert unit_by_code("20641", date(2025, 7, 1)) == new
    assert (old.full_name, new.full_name) == ("Thị trấn Đông Phú", "Xã Quế Sơn")
    with pytest.raises(Unit.DoesNotExist):
        unit_by_code("20641", date(2016, 12, 31))


def test_a_unit_is_there_once_a_beginning_and_ends_after_it(db: None) -> None:
    unit("20641", date(2017, 1, 1))
    with transaction.atomic(), pytest.raises(IntegrityError):
        unit("20641", date(2017, 1, 1))
    with transaction.atomic(), pytest.raises(IntegrityError):
        unit("20644", date(2017, 1, 1), date(2017, 1, 1))


def test_the_line_upwards_begins_with_the_unit_itself(district: Unit, xa_a: Unit) -> None:
    village = Unit.objects.get(code="20662.01")
    assert ancestors(village) == [village, xa_a, district]
    assert ancestors(district) == [district]


def test_a_ring_of_parents_does_not_hang(xa_a: Unit, district: Unit) -> None:
    district.parent = xa_a
    district.save()
    xa_a.refresh_from_db()
    assert len(ancestors(xa_a)) == 4


def test_communes_and_villages_below(district: Unit, xa_a: Unit, xa_b: Unit) -> None:
    assert list(communes_below(district, TODAY)) == [xa_b, xa_a]
    assert list(communes_below(xa_a, TODAY)) == [xa_a]
    assert [v.name for v in villages(xa_a, TODAY)] == ["Thuận 1", "Thuận 2", "Thuận 3"]
    assert not villages(xa_b, TODAY)


def test_communes_of_a_province_through_its_district(district: Unit, xa_a: Unit) -> None:
    province = unit("49", date(2017, 1, 1), level="PROVINCE", kind="TINH", name="Quảng Nam")
    assert not communes_below(province, TODAY)
    district.parent = province
    district.save()
    assert list(communes_below(province, TODAY)) == [xa_a]


def test_an_ended_village_is_not_listed(xa_a: Unit) -> None:
    Unit.objects.filter(code="20662.02").update(valid_to=TODAY)
    assert [v.code for v in villages(xa_a, TODAY)] == ["20662.01", "20662.03"]
    assert villages(xa_a, date(2026, 6, 9)).count() == 3
