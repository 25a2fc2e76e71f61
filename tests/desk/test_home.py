"""The first page after signing in."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import BEGIN
from tests.desk import at_work
from vang.base import clock
from vang.orgs.models import Unit
from vang.people.models import Membership, Person


@pytest.fixture(autouse=True)
def at_noon(now: datetime) -> Iterator[None]:
    clock.use_clock(clock.ManualClock(now))
    yield
    clock.use_clock(clock.SystemClock())


def entered(client: Client, someone: Person) -> Client:
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def home(client: Client, someone: Person) -> str:
    response = entered(client, someone).get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/")["Location"] == "/account/sign-in?next=/"


def test_it_is_only_looked_at(client: Client, an: Person) -> None:
    assert entered(client, an).post("/").status_code == 405


def test_without_any_commune_there_is_no_desk(client: Client, an: Person) -> None:
    Membership.objects.all().delete()
    assert entered(client, an).get("/").status_code == 403


@pytest.mark.parametrize(
    ("who", "taught"),
    [
        ("an", "Soạn điều người dân cần biết"),
        ("binh", "Bản tin đồng nghiệp trình"),
    ],
)
def test_an_empty_desk_teaches_the_next_step(
    client: Client, request: pytest.FixtureRequest, who: str, taught: str
) -> None:
    page = home(client, request.getfixturevalue(who))
    assert "Không có việc nào đang chờ." in page
    assert taught in page


def test_the_approver_is_led_to_the_bulletin(
    client: Client, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    bulletin = at_work.waiting(xa_a, an, now, "Lịch <b>họp</b>")
    page = home(client, binh)
    assert f'href="/bulletins/{bulletin.pk}/review"' in page
    assert "Lịch &lt;b&gt;họp&lt;/b&gt;" in page
    assert "Lịch &lt;b&gt;" not in home(Client(), an)


def test_chi_sees_nothing_of_it(
    client: Client, xa_a: Unit, an: Person, chi: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now, "Của xã A")
    page = home(client, chi)
    assert "Của xã A" not in page
    assert "Quế Thuận" not in page


def test_what_plays_next_and_has_just_played(
    client: Client, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    past = at_work.released(xa_a, an, binh, now, title="Tin sáng")
    place = at_work.cluster(xa_a, 1)
    item = at_work.planned(past, [place], now - timedelta(hours=6))
    at_work.became(item, place, "DONE", "", now)
    coming = at_work.released(xa_a, an, binh, now, title="Tin chiều")
    at_work.planned(coming, [place], now + timedelta(hours=5))
    page = home(client, an)
    assert page.index("Tin chiều") < page.index("Vừa phát") < page.index("Tin sáng")
    assert "1/1 cụm" in page


def test_the_districts_reader_sees_its_communes(
    client: Client, xa_a: Unit, xa_b: Unit, dung: Person, an: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now, "Chờ")
    page = home(client, dung)
    assert "Xã Quế Thuận" in page
    assert "Xã Quế Phong" in page
    assert "Soạn bản tin" not in page
    assert 'name="unit" value="' in page
    assert "Xã Quế Phong" not in home(Client(), an)


def test_the_desk_of_everybody_costs_few_queries(
    client: Client,
    xa_a: Unit,
    an: Person,
    binh: Person,
    quan: Person,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for role in ("WRITER", "APPROVER", "TECHNICIAN"):
        Membership.objects.create(person=quan, unit=xa_a, role=role, valid_from=BEGIN)
    places = [at_work.cluster(xa_a, number) for number in range(1, 6)]
    for place in places:
        at_work.node(place, now - timedelta(hours=1))
    at_work.listening(now)
    for number in range(6):
        edition = at_work.released(xa_a, an, binh, now, title=f"Tin {number}")
        at_work.planned(edition, places, now + timedelta(hours=number + 1))
        item = at_work.planned(edition, places, now - timedelta(hours=number + 1))
        at_work.became(item, places[0], "MISSED", "node-off", now)
        at_work.waiting(xa_a, an, now, f"Chờ {number}")
    entered(client, quan)
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200


def test_the_writers_desk_costs_fewer(
    client: Client, an: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    entered(client, an)
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200
