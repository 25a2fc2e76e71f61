"""The page of figures: by village, commune and district; tables to take away; its guards."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn, person
from tests.figures.conftest import TODAY, Air
from vang.orgs.models import Unit
from vang.people.models import Person

pytestmark = pytest.mark.django_db
PAGE = "/figures/"


def whole(answer: Any) -> bytes:
    """A file's too, which is closed by itself once it is read."""
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[no-any-return]


def body(answer: Any) -> str:
    return whole(answer).decode()


def place(unit: Unit) -> str:
    return reverse("figures:place", args=[unit.pk])


@pytest.fixture
def counted(air: Air) -> Air:
    """Heard in the morning on one cluster, missed on the other; no word of the evening."""
    air.heard(cluster=0)
    air.play(cluster=1, state="MISSED", reason="no-node")
    air.play(at=time(17), state="UNKNOWN", reason="no-word")
    air.counted()
    return air


def test_a_commune_sees_its_airtime_and_villages(
    counted: Air, an: Person, signed_in: SignedIn
) -> None:
    page = body(signed_in(an).get(PAGE))
    assert "Số liệu" in page
    assert "Thôn Thuận 1" in page
    assert 'data-value="1.0"' in page  # a minute of our own
    assert "50,0%" in page  # of the two plays of which anything is known
    assert page.count('class="grade-well"') == 3


def test_missing_evidence_is_said_and_is_no_nought(
    air: Air, an: Person, signed_in: SignedIn
) -> None:
    air.play(state="UNKNOWN", reason="no-word")
    air.counted()
    page = body(signed_in(an).get(PAGE))
    assert page.count('class="grade-no-evidence"') == 3
    assert "chưa có bằng chứng" in page
    assert 'data-value="0.0"' not in page
    lines = body(signed_in(an).get(PAGE, {"format": "csv", "table": "coverage"})).splitlines()
    assert lines[1].startswith('"Thôn Thuận 1";"2";"";"0";"0";"1"')


def test_what_is_still_to_be_counted_is_said(air: Air, an: Person, signed_in: SignedIn) -> None:
    air.heard()
    assert "đang được tổng hợp" in body(signed_in(an).get(PAGE))
    air.counted()
    assert "đang được tổng hợp" not in body(signed_in(an).get(PAGE))


def test_a_district_goes_down_to_its_communes(
    counted: Air, xa_b: Unit, dung: Person, chi: Person, signed_in: SignedIn
) -> None:
    client = signed_in(dung)
    page = body(client.get(place(counted.unit.parent)))  # type: ignore[arg-type]
    assert f"{place(counted.unit)}?span=month&amp;day=2026-06-01" in page
    assert 'class="grade-few"' in page  # half of the known plays of commune A
    assert 'class="grade-nothing-planned"' in page  # commune B
    assert "Thôn Thuận 1" in body(client.get(place(counted.unit)))
    assert signed_in(chi).get(place(counted.unit)).status_code == 404
    assert signed_in(chi).get(place(xa_b)).status_code == 200
    assert client.get(place(Unit.objects.get(code="20662.01"))).status_code == 404


def test_a_province_sums_its_districts(
    counted: Air, district: Unit, now: datetime, signed_in: SignedIn
) -> None:
    province = Unit.objects.create(
        code="49", valid_from=date(2017, 1, 1), level="PROVINCE", kind="TINH", name="Quảng Nam"
    )
    district.parent = province
    district.save()
    leader = person("tam", "Hồ Thị Tám", province, "READER")
    page = body(signed_in(leader).get(place(province)))
    assert f"{place(district)}?span=month" in page
    assert "Huyện Quế Sơn" in page


@pytest.mark.parametrize("name", ["page", "place"])
def test_the_pages_are_guarded(name: str, air: Air, an: Person, signed_in: SignedIn) -> None:
    url = PAGE if name == "page" else place(air.unit)
    assert signed_in(an).get(url).status_code == 200
    assert signed_in(an).post(url).status_code == 405
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"span": "week", "day": "2026-06-10"}, "08/06/2026 – 14/06/2026"),
        ({"span": "half", "day": "2026-06-10"}, "6 tháng đầu năm 2026"),
        ({"span": "year", "day": "2026-06-10"}, "Năm 2026"),
        ({"span": "own", "first": "2026-06-05", "last": "2026-06-01"}, "01/06/2026 – 05/06/2026"),
        ({"span": "own", "first": "x"}, "Tháng 06/2026"),
        ({"span": "zz", "day": "0001-01-01"}, "Tháng 01/2000"),
        ({"span": "year", "day": "9999-12-31"}, "còn ở phía trước"),
    ],
)
def test_any_period_can_be_asked_for(
    asked: dict[str, str], words: str, air: Air, an: Person, signed_in: SignedIn
) -> None:
    answer = signed_in(an).get(PAGE, asked)
    assert answer.status_code == 200
    assert words in body(answer)


def test_an_empty_period_teaches(air: Air, an: Person, signed_in: SignedIn) -> None:
    page = body(signed_in(an).get(PAGE, {"span": "week", "day": "2025-01-01"}))
    assert "Chưa phát gì trong kỳ này" in page


def test_all_tables_can_be_taken_away(counted: Air, an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    village = Unit.objects.get(code="20662.01")
    village.name = "=HYPERLINK(1)"
    village.save()
    answer = client.get(PAGE, {"format": "xlsx"})
    book = load_workbook(io.BytesIO(whole(answer)))  # type: ignore[arg-type]
    assert len(book.sheetnames) == 7
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("=HYPERLINK" in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    for table in ("airtime", "categories", "outcomes", "punctuality", "promptness", "channels"):
        lines = body(client.get(PAGE, {"format": "csv", "table": table})).splitlines()
        assert len(lines) > 1 or table == "promptness"
    assert client.get(PAGE, {"format": "csv", "table": "x"}).status_code == 404
    assert client.get(PAGE, {"format": "exe"}).status_code == 404


def test_the_budgets(
    counted: Air, an: Person, dung: Person, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for day in range(1, 20):
        counted.heard(day=TODAY - timedelta(days=day), kind="NOW", placed_at=counted.now)
    counted.counted()
    assert counted.unit.parent is not None
    for someone, url in (
        (an, PAGE + "?span=year"),
        (an, PAGE + "?format=xlsx"),
        (dung, place(counted.unit.parent)),
        (dung, place(counted.unit)),
    ):
        client = signed_in(someone)
        whole(client.get(url))
        with django_assert_max_num_queries(12):
            whole(client.get(url))
