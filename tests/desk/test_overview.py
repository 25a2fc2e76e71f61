"""The communes as the district sees them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.desk import at_work
from vang.base import clock
from vang.desk.overview import Row, arranged, overview, totals
from vang.orgs.models import Unit
from vang.people.models import Person


def counted(someone: Person, now: datetime) -> dict[str, Row]:
    return {row.name: row for row in overview(someone, now)}


def test_each_commune_has_its_own_counts(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, dung: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    at_work.waiting(xa_a, an, now, "Chờ duyệt")
    here, there = at_work.cluster(xa_a, 1), at_work.cluster(xa_a, 2)
    at_work.node(here, now)
    at_work.node(there, now - timedelta(hours=3))
    at_work.listening(now)
    item = at_work.planned(edition, [here, there], now - timedelta(hours=1))
    at_work.became(item, there, "MISSED", "node-off", now)
    found = counted(dung, now)
    a, b = found["Xã Quế Thuận"], found["Xã Quế Phong"]
    assert (a.waiting, a.released, a.not_heard, a.nodes, a.offline) == (1, 1, 1, 2, 1)
    assert (b.waiting, b.released, b.not_heard, b.nodes, b.offline) == (0, 0, 0, 0, 0)
    both = totals(list(found.values()))
    assert (both.communes, both.waiting, both.nodes, both.offline) == (2, 1, 2, 1)


def test_what_was_released_long_ago_is_not_counted(
    xa_a: Unit, an: Person, binh: Person, dung: Person, now: datetime
) -> None:
    at_work.released(xa_a, an, binh, now - timedelta(days=8))
    assert counted(dung, now)["Xã Quế Thuận"].released == 0
    assert counted(dung, now - timedelta(days=2))["Xã Quế Thuận"].released == 1


def test_more_communes_cost_no_more_queries(
    xa_a: Unit,
    xa_b: Unit,
    an: Person,
    dung: Person,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for someone in (an, dung):
        with django_assert_num_queries(6):
            overview(someone, now)


def row(name: str, *, not_heard: int = 0, offline: int = 0, waiting: int = 0) -> Row:
    return Row(len(name), name, waiting, 0, not_heard, 5, offline)


COMMUNES = [
    row("Xã Quế Sơn", waiting=9),
    row("Xã Đại Lộc", not_heard=1),
    row("Xã Ba Na", offline=3, waiting=1),
    row("Phường Điện Bàn"),
]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("worst", "Xã Đại Lộc"),
        ("name", "Phường Điện Bàn"),
        ("offline", "Xã Ba Na"),
        ("waiting", "Xã Quế Sơn"),
        ("nonsense", "Xã Đại Lộc"),
    ],
)
def test_communes_stand_in_the_order_asked_for(sort: str, first: str) -> None:
    assert arranged(COMMUNES, sort=sort)[0].name == first


@pytest.mark.parametrize("words", ["đại lộc", "dai loc", "LỘC ĐẠI", "Đại"])
def test_a_commune_is_found_with_and_without_marks(words: str) -> None:
    assert [one.name for one in arranged(COMMUNES, sort="name", words=words)] == ["Xã Đại Lộc"]


def browser(someone: Person) -> Client:
    client = Client()
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_district_searches_sorts_and_opens_its_communes(
    xa_a: Unit, xa_b: Unit, dung: Person
) -> None:
    client = browser(dung)
    page = client.get("/communes?q=que phong&sort=name").content.decode()
    assert "Xã Quế Phong" in page
    assert "Xã Quế Thuận</th>" not in page
    assert 'aria-sort="ascending"' in page
    assert "Không có xã nào" in client.get("/communes?q=khong-co").content.decode()
    assert "Xã Quế Thuận" in client.get("/communes?sort=nonsense&page=99").content.decode()
    assert client.post("/communes").status_code == 405


def test_one_who_oversees_nothing_is_led_home(an: Person, client: Client) -> None:
    assert browser(an).get("/communes").headers["Location"] == "/"
    assert client.get("/communes").headers["Location"].startswith("/account/sign-in")


def test_three_thousand_communes_cost_twelve_queries(
    district: Unit,
    dung: Person,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    Unit.objects.bulk_create(
        Unit(
            code=f"9{number:04}",
            valid_from=district.valid_from,
            level="COMMUNE",
            kind="XA",
            name=f"Số {number}",
            parent=district,
        )
        for number in range(3000)
    )
    clock.use_clock(clock.ManualClock(now))
    client = browser(dung)
    with django_assert_max_num_queries(12):
        page = client.get("/communes?page=60").content.decode()
    assert "1–50" not in page
    assert "2.951–3.000" in page
    clock.use_clock(clock.SystemClock())
