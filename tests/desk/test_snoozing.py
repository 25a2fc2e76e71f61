"""Để sau: what can wait is put off until a day; what cannot wait stays in sight."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.bulletins import newsroom
from tests.desk import at_work
from vang.base import clock
from vang.desk.models import Snooze
from vang.desk.snoozing import forget_past
from vang.orgs.models import Unit
from vang.people.models import Person

KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture(autouse=True)
def hand(now: datetime) -> Iterator[clock.ManualClock]:
    manual = clock.ManualClock(now)
    clock.use_clock(manual)
    yield manual
    clock.use_clock(clock.SystemClock())


def entered(someone: Person) -> Client:
    client = Client()
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def home(client: Client) -> str:
    return client.get("/").content.decode()


def put_off(client: Client, until: str) -> str:
    """Put off the first task on the page; gives the page afterwards."""
    found = KEY.search(home(client))
    assert found is not None
    told = {"key": found[1], "until": until}
    return client.post("/later", told, follow=True).content.decode()


def test_a_task_is_put_off_and_comes_back_on_its_morning(
    xa_a: Unit, an: Person, binh: Person, now: datetime, hand: clock.ManualClock
) -> None:
    at_work.waiting(xa_a, an, now, "Lịch họp")
    client = entered(binh)
    page = put_off(client, "2026-06-12")
    assert "Để sau đến 12/06/2026: Lịch họp" in page
    assert "1 việc để sau" in page
    assert "Xem và duyệt" not in page
    hand.set(datetime.fromisoformat("2026-06-12T07:00:00+07:00"))
    assert "Xem và duyệt" in home(client)
    assert "Lịch họp" in home(entered(binh))


def test_it_is_put_off_for_oneself_alone(
    xa_a: Unit, an: Person, binh: Person, hanh: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now, "Lịch họp")
    put_off(entered(binh), "2026-06-12")
    assert "Xem và duyệt" in home(entered(hanh))


def test_what_changed_meanwhile_is_due_again(
    xa_a: Unit, an: Person, binh: Person, now: datetime, hand: clock.ManualClock
) -> None:
    bulletin = at_work.returned(xa_a, an, binh, now, "Sai giờ.")
    client = entered(an)
    put_off(client, "2026-06-20")
    assert "Sai giờ." not in home(client)
    later = now + timedelta(hours=1)
    hand.set(later)
    newsroom.services.save_version(
        bulletin=bulletin,
        content=newsroom.NOTICE,
        based_on=newsroom.current(bulletin).number,
        by=an,
        now=later,
    )
    newsroom.services.submit_bulletin(bulletin=bulletin, by=an, now=later)
    newsroom.services.return_bulletin(bulletin=bulletin, comment="Vẫn sai.", by=binh, now=later)
    assert "Vẫn sai." in home(client)


def test_it_can_be_taken_up_and_taken_back(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now, "Lịch họp")
    client = entered(binh)
    page = put_off(client, "2026-06-12")
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    client.post("/undo", {"token": token[1], "next": "/"})
    assert "Xem và duyệt" in home(client)
    put_off(client, "2026-06-12")
    client.post("/later/now", {"key": Snooze.objects.get().key})
    assert "Xem và duyệt" in home(client)


def test_what_is_urgent_cannot_be_put_off(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    bulletin = at_work.waiting(xa_a, an, now, "Mưa lớn", priority="PRIORITY")
    client = entered(binh)
    assert not KEY.search(home(client))
    key = f"approve:{bulletin.pk}:{now:%Y%m%d%H%M%S}"
    page = client.post("/later", {"key": key, "until": "2026-06-12"}, follow=True)
    assert "không để sau được" in page.content.decode()
    Snooze.objects.create(person=binh, unit=xa_a, key=key, title="x", until=now + timedelta(days=9))
    assert "Mưa lớn" in home(client)


@pytest.mark.parametrize("until", ["2026-06-10", "2026-01-01", "2027-01-01", "hôm nay", ""])
def test_a_day_that_makes_no_sense_is_refused_in_words(
    xa_a: Unit, an: Person, binh: Person, now: datetime, until: str
) -> None:
    at_work.waiting(xa_a, an, now, "Lịch họp")
    assert "Hãy chọn ngày từ ngày mai" in put_off(entered(binh), until)
    assert not Snooze.objects.exists()


def test_what_is_not_ones_own_task_is_no_longer_due(
    xa_a: Unit, an: Person, chi: Person, now: datetime
) -> None:
    bulletin = at_work.waiting(xa_a, an, now, "Lịch họp")
    told = {"key": f"approve:{bulletin.pk}:{now:%Y%m%d%H%M%S}", "until": "2026-06-12"}
    page = entered(chi).post("/later", told, follow=True).content.decode()
    assert "không còn phải làm" in page
    assert not Snooze.objects.exists()


def test_putting_off_is_posted_by_somebody_signed_in(client: Client, an: Person) -> None:
    for address in ("/later", "/later/now"):
        assert entered(an).get(address).status_code == 405
        answer = client.post(address, {"key": "x"})
        assert answer.headers["Location"].startswith("/account/sign-in")


def test_old_rows_are_forgotten(xa_a: Unit, an: Person, now: datetime) -> None:
    for days in (1, 100):
        until = now - timedelta(days=days)
        Snooze.objects.create(person=an, unit=xa_a, key=f"k{days}", title="x", until=until)
    assert forget_past(now=now) == 1
