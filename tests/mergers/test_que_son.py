"""Old Quế Sơn from 2017 to today: the same records read as they were and by today's communes."""

from datetime import date

import pytest

from tests.conftest import NOON
from vang.figures.models import AirDay
from vang.installation.demonstration import SINCE, load_units
from vang.installation.que_son import announced, lay_beside
from vang.orgs.models import Standing, Unit
from vang.orgs.queries import communes_below, valid_on
from vang.orgs.services import bring_into_force
from vang.orgs.succession import predecessors, standing, successors, sums_today

TODAY = date(2026, 6, 10)
HALF_YEARS = (date(2017, 6, 1), date(2020, 6, 1), date(2024, 11, 1), date(2025, 3, 1), TODAY)


def record(day: date) -> int:
    """One figure of every commune there was on that day, no two alike. Their sum."""
    total = 0
    for unit in Unit.objects.filter(valid_on(day), level="COMMUNE").order_by("pk"):
        AirDay.objects.create(
            unit=unit, day=day, category="EVENTS", relayed=False, sounded_ms=7 * unit.pk + 1,
            heard=1, silent=0, unknown=0, open=0, plays_heard=0, plays_silent=0, plays_unknown=0,
            plays_open=0, prompt=0, soon=0, late=0, untimed=0,
        )  # fmt: skip
        total += 7 * unit.pk + 1
    return total


@pytest.fixture
def through_time(db: None) -> dict[date, int]:
    """All changes in force, records of each half-year made when it was. Sums by day."""
    load_units()
    lay_beside(SINCE)
    waiting, totals = list(HALF_YEARS), {}
    for change in announced(now=NOON):
        while waiting and waiting[0] < change.effective_on:
            day = waiting.pop(0)
            totals[day] = record(day)
        bring_into_force(change, now=NOON)
    for day in waiting:
        totals[day] = record(day)
    return totals


def communes(on: date, district: str) -> list[str]:
    units = Unit.objects.filter(valid_on(on), level="COMMUNE", parent__code=district)
    return sorted(unit.full_name for unit in units)


def test_the_district_as_it_was_on_each_day(through_time: dict[date, int]) -> None:
    assert len(communes(date(2017, 6, 1), "509")) == 14
    in_2021 = communes(date(2021, 1, 1), "509")
    assert len(in_2021) == 13
    assert "Thị trấn Hương An" in in_2021
    assert "Xã Quế Mỹ" in in_2021
    assert len(communes(date(2025, 6, 30), "509")) == 18 - 2 + 2
    assert sum(name.startswith("Thị trấn") for name in communes(date(2025, 6, 30), "509")) == 3
    assert communes(TODAY, "48") == [
        "Xã Nông Sơn",
        "Xã Quế Phước",
        "Xã Quế Sơn",
        "Xã Quế Sơn Trung",
        "Xã Xuân Phú",
    ]
    assert communes(TODAY, "509") == []


def test_every_old_commune_is_part_of_one_of_today(through_time: dict[date, int]) -> None:
    old = list(Unit.objects.filter(level="COMMUNE", valid_from__lt=date(2025, 7, 1)))
    now = successors(old, TODAY)
    assert all([share for _unit, share in found] == [1] for found in now.values())
    cuong = Unit.objects.get(name="Quế Cường")
    assert [unit.full_name for unit, _share in now[cuong.pk]] == ["Xã Quế Sơn Trung"]
    assert [unit.name for unit, _share in successors([cuong], date(2021, 1, 1))[cuong.pk]] == [
        "Quế Mỹ"
    ]
    one = Unit.objects.get(code="20662", valid_to=None)
    assert {unit.name for unit in predecessors(one) if unit.level == "COMMUNE"} == {
        "Quế Mỹ", "Quế Cường", "Phú Thọ", "Quế Hiệp", "Quế Thuận", "Quế Châu",
    }  # fmt: skip


def test_the_same_half_year_as_it_was_and_today(through_time: dict[date, int]) -> None:
    for day, total in through_time.items():
        rows = AirDay.objects.filter(day=day)
        assert sum(rows.values_list("sounded_ms", flat=True)) == total
        today = sums_today(rows, "sounded_ms")
        assert sum(today.values()) == total
        names = Unit.objects.filter(pk__in=today).values_list("name", flat=True)
        assert set(names) <= {"Nông Sơn", "Quế Phước", "Quế Sơn", "Quế Sơn Trung", "Xuân Phú"}
    first = AirDay.objects.filter(day=HALF_YEARS[0])
    one = Unit.objects.get(code="20662", valid_to=None)
    named = {"Quế Cường", "Phú Thọ", "Quế Hiệp", "Quế Thuận", "Quế Châu"}
    parts = first.filter(unit__name__in=named).values_list("sounded_ms", flat=True)
    assert sums_today(first, "sounded_ms")[one.pk] == sum(parts)
    assert len(parts) == 5


def test_no_record_changed_its_unit(through_time: dict[date, int]) -> None:
    for row in AirDay.objects.select_related("unit"):
        until = row.unit.valid_to
        assert row.unit.valid_from <= row.day
        assert until is None or row.day < until


def test_villages_went_along_and_the_district_stays_in_old_reports(
    through_time: dict[date, int],
) -> None:
    today = Unit.objects.filter(valid_on(TODAY), level="VILLAGE")
    assert {unit.parent.code for unit in today if unit.parent} <= {
        "20641", "20650", "20656", "20662", "20669",
    }  # fmt: skip
    assert today.count() == 45
    district = Unit.objects.get(code="509")
    assert district.valid_to == date(2025, 7, 1)
    assert set(standing([district.pk])) == {district.pk}
    assert len(communes_below(district, date(2025, 3, 1))) == 18
    shares = Standing.objects.values_list("share_den", flat=True)
    assert set(shares) == {1}
